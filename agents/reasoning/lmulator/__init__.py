"""The LMulator: programs whose gaps a knowledge base, a memo and a language model fill."""

from brigade.agents.reasoning.lmulator.answering import Voting
from brigade.agents.reasoning.lmulator.facts import Candidate, Fact, Knowledge, KnownFacts
from brigade.agents.reasoning.lmulator.limits import End, Limits
from brigade.agents.reasoning.lmulator.lmulator import Lmulator, Settings
from brigade.agents.reasoning.lmulator.memo import Memo
from brigade.agents.reasoning.lmulator.pausing import Signature
from brigade.agents.reasoning.lmulator.queries import Answer, AskLater, Query, Source
from brigade.agents.reasoning.lmulator.records import Result
from brigade.agents.reasoning.lmulator.sandbox import Sandbox
from brigade.agents.reasoning.lmulator.stubs import Library, Stub, computed, read_stubs

__all__ = [
    "Answer",
    "AskLater",
    "Candidate",
    "End",
    "Fact",
    "Knowledge",
    "KnownFacts",
    "Library",
    "Limits",
    "Lmulator",
    "Memo",
    "Query",
    "Result",
    "Sandbox",
    "Settings",
    "Signature",
    "Source",
    "Stub",
    "Voting",
    "computed",
    "read_stubs",
]
