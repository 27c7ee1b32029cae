"""The Executor and its catalogue of macro actions."""

from brigade.agents.hierarchy.executor.catalogue import MACROS, Begin, Macro, Verb, can_begin, legal_macros, macro_of
from brigade.agents.hierarchy.executor.executor import BLOCKED, Executor, IllegalMacro, MacroReport, Outcome
from brigade.agents.hierarchy.executor.surroundings import Surroundings

__all__ = [
    "BLOCKED",
    "MACROS",
    "Begin",
    "Executor",
    "IllegalMacro",
    "Macro",
    "MacroReport",
    "Outcome",
    "Surroundings",
    "Verb",
    "can_begin",
    "legal_macros",
    "macro_of",
]
