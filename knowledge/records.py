"""What the knowledge base holds, one frozen record each: predicates, facts, rules, lessons, episodes.

Every record says where it is from, who wrote it, how sure it is, when it holds in the world (valid) and when it was
believed (recorded to retracted), and how its use went. Nothing is ever changed or deleted: a newer record supersedes
an older one, which stays. Knows no database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from brigade.knowledge.values import Entity, Kind, Value

PERSON, MODEL, INFERENCE = "person", "model", "inference"
"""How authors begin: `person`, `person:ann`, `model:embedded`, `inference`."""
GENERAL = "general"


class Status(StrEnum):
    """What has become of a record."""

    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    """Waits for a person's review; nothing relies on it."""
    REJECTED = "rejected"


class Resolution(StrEnum):
    """Which of two facts stands where a predicate has a single value."""

    LATEST = "latest"
    FIRST = "first"
    CONFIDENT = "confident"
    """The surer one; the later one of equals."""
    TRUSTED = "trusted"
    """Persons before inference before models; the later one of equals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all records have."""

    id: int = 0
    """0 until it is stored."""
    topic: str = GENERAL
    """The file of the readable form that it is in."""
    source: str = ""
    """Where it is from: a book, a page, an episode's file."""
    author: str = PERSON
    confidence: float = 1.0
    status: Status = Status.ACCEPTED
    private: bool = False
    """Whether it is part of the private set of the privacy boundary."""
    valid_from: int | None = None
    """Moment from which on it holds in the world; None: always did."""
    valid_to: int | None = None
    """Moment from which on it holds no more; None: no end is known."""
    recorded_at: int = 0
    retracted_at: int | None = None
    """Moment from which on it was believed no more."""
    supersedes: int | None = None
    episode: int | None = None
    """The episode that it is from."""
    note: dict[str, Any] = field(default_factory=dict)
    """Whatever else is to be kept with it."""
    uses: int = 0
    wins: int = 0
    losses: int = 0

    @property
    def believed(self) -> bool:
        """Whether it is relied upon now."""
        return self.retracted_at is None and self.status is Status.ACCEPTED

    def holds(self, at: int) -> bool:
        """Whether it says something about this moment."""
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Record):
    """That a subject has a property, or stands in a relation: `legs(spider, 8)`."""

    subject: str
    predicate: str
    object: Value

    @property
    def entities(self) -> tuple[str, ...]:
        """What it is about."""
        return (self.subject, self.object.name) if isinstance(self.object, Entity) else (self.subject,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Record):
    """A Horn clause under a name; see brigade.knowledge.rules for what may stand in it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Record):
    """What a teacher drew from a mistake (an entry of NesyCD, arXiv 2409.13203), under a name.

    Unlike there, it has tags, an executable check, provenance and statistics.
    """

    name: str
    task: str = ""
    """What kind of task it is for."""
    trigger: str = ""
    """When it helps: what questions that need it look like."""
    summary: tuple[str, ...] = ()
    """Learning summary: how to go about it, what to beware of."""
    knowledge: tuple[str, ...] = ()
    """Supplementary knowledge: formulas, definitions, facts."""
    tags: tuple[str, ...] = ()
    check: str = ""
    """A program that tells whether an answer keeps to the lesson; kept and shown, not run here."""

    def as_prompt(self) -> str:
        """The lesson as a model reads it, in the paper's two sections."""
        parts = [("Learning Summary", self.summary), ("Supplementary Knowledge", self.knowledge)]
        return "\n".join(
            f"{title}: " + " ".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
            for title, lines in parts
            if lines
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode(Record):
    """Something that happened, which records come from."""

    name: str
    about: str = ""
    """What it was: a game, a conversation, a run over questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """What a predicate's facts must be like; one that is not declared may have many values of any type."""

    name: str
    single: bool = False
    """Whether a subject has one value at a time."""
    kind: Kind | None = None
    """Type of its objects; None: any."""
    resolution: Resolution = Resolution.LATEST
    topic: str = GENERAL
    about: str = ""
    """What it means, for people."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """How the use of a record went."""

    uses: int
    wins: int
    losses: int

    @property
    def worth(self) -> float:
        """Expected share of wins, from 0 to 1; a half where nothing is known (uniform prior)."""
        return (self.wins + 1) / (self.wins + self.losses + 2)
