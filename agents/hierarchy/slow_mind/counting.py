"""Which program counts out a demand or question about quantities and conditions, and over which functions.

"Enough soups for every order that still has half a minute" depends on the orders and on what is there already; no
sentence says how many. A program counts it; only a clause that counting cannot settle is asked of the model. Messages
of other kinds are left to the lexicon and the model. Programs are run by the solver (`brigade.agents.graph`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from brigade.agents.hierarchy.executor import macro_of
from brigade.agents.hierarchy.intent import MAX_COUNT, Demand, Intent, Kind
from brigade.agents.hierarchy.slow_mind.kitchen_functions import kitchen_library
from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator import Knowledge, Library, Limits, Lmulator, Settings
from brigade.agents.reasoning.lmulator.stubs import Stub
from brigade.agents.reasoning.lmulator.writing import Family, family_of
from brigade.envs.kitchen import HlaView

_SETTINGS = Settings(limits=Limits(seconds=1.0), calls=8, repairs=0, traced=False, style="plain")
LONGEST = 400
"""Characters of a message that a program is given."""


@cache
def families(kind: str = "demands") -> tuple[Family, ...]:
    """The programs for `demands` or `questions`, by the kind of message that they read."""
    folder = resources.files("brigade.agents.hierarchy.slow_mind") / "programs" / kind
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".txt")), key=lambda each: each.name)
    return tuple(family_of(each.name.removesuffix(".txt"), each.read_text(encoding="utf-8")) for each in files)


def is_about_quantities(message: str) -> bool:
    """Whether a message is a demand that a program reads."""
    return family_for(message) is not None


def family_for(message: str, kind: str = "demands") -> Family | None:
    """The program for a message; a question is never taken for a demand."""
    if kind == "demands" and family_for(message, "questions") is not None:
        return None
    return next((each for each in families(kind) if each.pattern.search(message[:LONGEST])), None)


def runner_for(
    family: Family,
    view: HlaView,
    model: LanguageModel | None,
    knowledge: Knowledge | None = None,
    functions: Iterable[Stub] = (),
) -> Lmulator:
    """What runs a family's program over a kitchen.

    Args:
        family: the program; a model may judge a clause for it (`-> bool`), but no number is ever made up.
        view: the kitchen now.
        model: judges.
        knowledge: what is known besides.
        functions: besides those of the kitchen.
    """
    judges = model if "-> bool" in family.program else None
    library = Library((*kitchen_library(view).values(), *functions))
    return Lmulator(judges, library=library, knowledge=knowledge, settings=_SETTINGS)


def intent_of(rows: Sequence[object]) -> Intent | None:
    """The intent that a program's answer stands for; None if it is no list of macro actions with counts."""
    demands = []
    for row in rows:
        match row:
            case (str(name), int(number)) if number > 0:  # a list of two, too: a trace is JSON
                demands.append(Demand(macro_of(name), min(number, MAX_COUNT)))
            case _:
                return None
    return Intent(Kind.SHORT_TERM if demands else Kind.NONE, tuple(demands))
