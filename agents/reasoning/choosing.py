"""Which way a question is likely to be answered best: one chooser for `solve --strategy auto` and for the graphs.

What needs no model is taken at once if it is likely to be right; else the learned router (`decomposer.routing`) weighs
chances against prices, with the margin of a first pass where there was one. A message to the assistant may be no
question at all: unless its words tell of something to work out, it is answered directly. Asks no model itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from brigade.agents.reasoning.decomposer.routing import STRATEGIES, UNKNOWN_MARGIN, Routed, Router, features_of
from brigade.agents.reasoning.decomposer.routing import shipped_router as _shipped
from brigade.agents.reasoning.lmulator import Library
from brigade.agents.reasoning.lmulator.writing import Collection
from brigade.agents.reasoning.questions import Question

_COUNTS = re.compile(
    r"\bhow (?:many|much|often|long|old|far)\b|\b(?:sum|total|average|mean|median|product|difference|percent\w*|"
    r"fraction|ratio)\b|\bcount(?:s|ed|ing)?\b|\b(?:calculate|compute|sort|alphabetical\w*)\b|"
    r"\bhow (?:many )?days\b|\d\s*[-+*/×÷%]\s*\d",
    re.IGNORECASE,
)
_STEPS = re.compile(
    r"\bfirst\b.{3,200}\b(?:then|next|after that|finally)\b|\bstep by step\b|\bplan\b.{3,200}\bso that\b|;\s*then\b",
    re.IGNORECASE | re.DOTALL,
)
MANY_NUMBERS, MANY_SENTENCES = 3, 4
"""A question with so many of both is a word problem."""
_NO_WRITERS = re.compile(r"none|embedded(?!:writer)(:.*)?")
"""Models too small to write programs, unless trained to; for them only collected programs count."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a question before any model is asked."""

    question: Question
    program: bool = False
    """Whether there is a program for it: in the collection, or one that the model can write, where it counts."""
    fact: bool = False
    """Whether knowledge answers it at once."""
    larger: bool = False
    """Whether there is a larger model to escalate to."""
    failed: str = ""
    """The strategy that has come to no answer already."""

    def features(self, margin: float) -> Mapping[str, float]:
        """As the router reads them."""
        return features_of(self.question, margin, has_program=self.program, has_fact=self.fact)

    @property
    def at_hand(self) -> list[str]:
        """Strategies that can be tried."""
        there = {"code": self.program, "retrieve": self.fact, "escalate": self.larger}
        return [name for name in STRATEGIES if there.get(name, True) and name != self.failed]


class Chooser:
    """Chooses strategies.

    Args:
        router: weighs them; the shipped one by default.
    """

    def __init__(self, router: Router | None = None) -> None:
        self._router = router or _shipped()

    def early(self, signs: Signs) -> Routed | None:
        """What needs no first pass, if it is likely enough to be right."""
        free = [name for name, there in (("code", signs.program), ("retrieve", signs.fact)) if there]
        return self._router.before(signs.features(UNKNOWN_MARGIN), [name for name in free if name != signs.failed])

    def choose(self, signs: Signs, margin: float = UNKNOWN_MARGIN) -> Routed:
        """The best of what is at hand.

        Args:
            signs: what is known of the question.
            margin: the solver's confidence in its first attempt, if it made one.
        """
        return self._router.choose(signs.features(margin), signs.at_hand)


def of_message(text: str, collected: Collection) -> tuple[str, str]:
    """How a message to an assistant is taken, and why: `direct`, or `auto` for what the solver has to work out."""
    if is_to_be_worked_out(text) or collected.write(text, Library()) is not None:
        return "auto", "its words ask for something to be worked out"
    return "direct", "there is nothing to work out"


def in_words(routed: Routed) -> str:
    """Why a strategy was chosen."""
    chance = f"{round(100 * routed.chances[routed.strategy])} % likely to be right"
    return f"{chance} ({', '.join(routed.reasons)})" if routed.reasons else chance


def after(signs: Signs, failed: str) -> Signs:
    """The same, once a strategy has come to no answer."""
    return replace(signs, failed=failed)


def can_write(model: str, question: str) -> bool:
    """Whether a model of this name may be asked to write a program for a question."""
    return _NO_WRITERS.fullmatch(model) is None and (_COUNTS.search(question) is not None or _is_word_problem(question))


def is_to_be_worked_out(text: str) -> bool:
    """Whether the words of a message tell of counting, comparing or steps."""
    return bool(_COUNTS.search(text) or _STEPS.search(text)) or _is_word_problem(text)


def _is_word_problem(question: str) -> bool:
    numbers = len(re.findall(r"\d+(?:[.,]\d+)?", question))
    sentences = len(re.findall(r"[.!?](?:\s|$)", question))
    return numbers >= MANY_NUMBERS and sentences >= MANY_SENTENCES
