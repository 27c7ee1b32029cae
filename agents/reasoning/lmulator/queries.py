"""What a program asks for at a gap, and what it is given.

A query holds all that an answer may depend on; its key holds what the answer does depend on, so that the same key may
get the same answer again, in this run and in later ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from brigade.agents.reasoning.lmulator.returns import Returns
from brigade.agents.reasoning.lmulator.stubs import Stub
from brigade.agents.reasoning.lmulator.values import Plain, key_of, short

Kind = Literal["call", "name", "gap", "fill"]
"""A call of an undefined function, an undefined name, a line of prose, a statement that raised."""


class Source(StrEnum):
    """Who gave an answer."""

    COMPUTED = "computed"
    """A function of the library."""
    FACT = "fact"
    MEMO = "memo"
    """An answer that a model gave before."""
    MODEL = "model"
    LARGER = "larger model"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Query:
    """One thing that is asked for."""

    kind: Kind
    stub: Stub
    """How it is called and what it must give back; for a gap, made up from its prose."""
    args: tuple[Plain, ...] = ()
    kwargs: Mapping[str, Plain] = field(default_factory=dict)
    line: int = 0
    source_line: str = ""
    text: str = ""
    """The prose of a gap, or the statement that raised."""
    error: str = ""
    state: Mapping[str, Plain] = field(default_factory=dict)
    question: str = ""
    program: str = ""

    @property
    def returns(self) -> Returns:
        """The type of the answer."""
        return self.stub.returns

    @property
    def context_free(self) -> bool:
        """Whether the answer depends on the arguments alone."""
        return self.kind == "call" and not self.stub.contextual and bool(self.args or self.kwargs)

    @property
    def key(self) -> str:
        """What the answer depends on, as a digest of 32 hexadecimal digits."""
        call: list[object] = [self.kind, self.stub.name, list(self.args), dict(self.kwargs), str(self.returns)]
        if not self.context_free:
            call += [self.question, self.text, self.error, dict(self.state)]
        return hashlib.sha256(key_of(call).encode()).hexdigest()[:32]

    def written(self) -> str:
        """The query as a program would write it."""
        if self.kind in ("gap", "fill"):
            return self.text
        if self.kind == "name":
            return self.stub.name
        parts = [short(arg) for arg in self.args] + [f"{name}={short(arg)}" for name, arg in self.kwargs.items()]
        return f"{self.stub.name}({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was given."""

    value: Plain
    source: Source
    confidence: float | None = 1.0
    """Probability that it is right, as far as its giver can tell; None if it cannot."""
    provenance: str = ""
    """Which fact, which model, which earlier run."""
    votes: tuple[tuple[Plain, float], ...] = ()
    """Where several samples were drawn: each value and its share, most first."""


class Unanswerable(RuntimeError):
    """Nobody can answer a query; says what was asked."""


class AskLater(Exception):
    """Raised by whoever answers to pause the program until an answer is there (a person, another process)."""
