"""Lessons: when they apply, what they say, the facts and rules they carry, and where all of it comes from.

Plain records that are written and read as JSON. They know no student, no teacher and no store.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

Atom = bool | int | float | str
"""What facts are about and what they say."""


@dataclass(frozen=True, slots=True)
class LearnedFact:
    """A function of these arguments has this value."""

    name: str
    args: tuple[Atom, ...]
    value: Atom
    confidence: float
    sources: tuple[str, ...]
    """Ids of the questions that it was induced from, or that the teacher was shown."""
    author: str
    """Which teacher said so."""

    @property
    def key(self) -> tuple[str, tuple[Atom, ...]]:
        """What the fact is about."""
        return self.name, self.args

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))}) is {self.value}"


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """A function of one number is a line: `value = slope * argument + offset`."""

    name: str
    slope: float
    offset: float
    confidence: float
    sources: tuple[str, ...]
    author: str

    def value(self, argument: float) -> float:
        """What the rule yields; a whole number as an int."""
        value = self.slope * argument + self.offset
        return int(value) if float(value).is_integer() else value

    def __str__(self) -> str:
        return f"{self.name}(n) is {self.slope:g} * n {'+' if self.offset >= 0 else '-'} {abs(self.offset):g}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A feature of a situation is at least, or at most, so much."""

    feature: str
    relation: Literal[">=", "<="]
    bound: float

    def holds(self, value: float) -> bool:
        """Whether a value meets it."""
        return value >= self.bound if self.relation == ">=" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.feature} {self.relation} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Advice:
    """Do this kind of thing rather than that one."""

    do: str
    rather_than: str

    def __str__(self) -> str:
        return f"{self.do} rather than {self.rather_than}"


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a lesson applies."""

    pattern: str = ""
    """A regular expression that finds something in questions it is about; empty: only the words tell."""
    words: tuple[str, ...] = ()
    """Words of the questions that it came from, the most telling first."""
    conditions: tuple[Condition, ...] = ()
    """For situations with features, such as moments in a kitchen: all must hold."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teacher has to say."""

    topic: str
    """Lessons of one author about one topic supersede each other."""
    trigger: Trigger
    summary: tuple[str, ...]
    """How to go about it: thoughts and precautions."""
    knowledge: tuple[str, ...]
    """What one has to know, as sentences."""
    author: str
    sources: tuple[str, ...]
    """Ids of the questions that the teacher was shown."""
    facts: tuple[LearnedFact, ...] = ()
    rules: tuple[LearnedRule, ...] = ()
    advice: tuple[Advice, ...] = ()
    check: str = ""
    """A program that sets `answer` to whether the variables `question` and `said` may go together; may be empty."""
    program: str = ""
    """A program for a family of questions, its first line `# match: REGULAR EXPRESSION`; may be empty."""

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits of its content."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    def with_facts(self, facts: Iterable[LearnedFact]) -> Lesson:
        """The same lesson with these facts only; what it says in sentences is what they say."""
        kept = tuple(facts)
        dropped = {str(fact) for fact in self.facts} - {str(fact) for fact in kept}
        return replace(self, facts=kept, knowledge=tuple(line for line in self.knowledge if line not in dropped))

    def is_empty(self) -> bool:
        """Whether nothing in it could change an answer."""
        return not (self.facts or self.rules or self.advice or self.program or self.summary or self.knowledge)


class Status(StrEnum):
    """What became of a lesson."""

    CANDIDATE = "candidate"
    """Not judged, or not proven: for a person to review."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    """Was accepted; lost more than it won."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a lesson was used, turned a wrong answer right, and a right one wrong."""

    uses: int = 0
    wins: int = 0
    losses: int = 0

    @property
    def worth(self) -> float:
        """Expected share of wins among uses that made a difference (Laplace's rule)."""
        return (self.wins + 1) / (self.wins + self.losses + 2)


@dataclass(frozen=True, slots=True)
class Kept:
    """A lesson in a store."""

    lesson: Lesson
    status: Status
    tally: Tally = Tally()
    reason: str = ""
    """Why it has this status, in a line."""


_KEPT = TypeAdapter(Kept)


def write_lessons(file: Path, kept: Iterable[Kept]) -> None:
    """One lesson a line, in stable order. Raises OSError if that cannot be written."""
    lines = [json.dumps(asdict(each), sort_keys=True, ensure_ascii=False) for each in kept]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def read_lessons(file: Path) -> list[Kept]:
    """The lessons of a file.

    Raises:
        ValueError: a line is no lesson; says which and why.
        OSError: the file cannot be read.
    """
    kept = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            kept.append(_KEPT.validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "line"
            raise ValueError(f"{file}:{number}: not a lesson: {where}: {first['msg']}") from None
    return kept
