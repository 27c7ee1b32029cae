"""Common knowledge, asked in the words of a sub-question: `legs of a tiger`."""

from __future__ import annotations

import re

from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.queries import Query
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.reasoning.lmulator.stubs import Stub

FACT = re.compile(r"([A-Za-z][A-Za-z _-]*?) of (?:an? |the )?(.+)")
"""`NAME of a THING`."""


class Common:
    """The facts that come with the LMulator."""

    def __init__(self) -> None:
        self._known = common_knowledge()

    def about(self, text: str) -> str | None:
        """See scripted.Facts."""
        found = FACT.fullmatch(text.strip().rstrip("?."))
        if found is None:
            return None
        fact = self._known.lookup(call_of(found[1], found[2]))
        return answer_text(fact.value) if fact is not None else None


def call_of(name: str, thing: str) -> Query:
    """The question what NAME a THING has, as a program asks it."""
    return Query("call", Stub(re.sub(r"\W", "_", name.strip().lower())), (thing.strip(),))
