"""Following what was believed: versions of a thing, and what changed between two moments. Only reads."""

from __future__ import annotations

from brigade.knowledge import finding
from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.database import KnowledgeError
from brigade.knowledge.moments import read_id
from brigade.knowledge.records import Episode, Fact, Lesson, Record, Rule, Status
from brigade.knowledge.rows import READERS, TABLES
from sqlalchemy import and_, or_, select

KINDS: tuple[type[Record], ...] = (Fact, Rule, Lesson, Episode)


class Unknown(KnowledgeError):
    """A record that is not there."""


def record_of(base: KnowledgeBase, identity: str) -> Record:
    """The record of a written identity.

    Raises:
        Unknown: there is none.
        BadMoment: it is no identity.
    """
    number = read_id(identity)
    for kind in KINDS:
        if (found := base.get(kind, number)) is not None:
            return found
    raise Unknown(f"{base.database.shown} has no record {identity}")


def versions(base: KnowledgeBase, name: str, predicate: str | None = None) -> list[Record]:
    """Every version of the facts about something, and of the rules and lessons of that name; oldest first."""
    found: list[Record] = list(base.history(name, predicate))
    if predicate is None:
        with base.database.reading() as connection:
            for kind in KINDS[1:]:
                table = TABLES[kind]
                query = select(table).where(table.c.name == name)
                found += [READERS[kind](row) for row in connection.execute(query)]
    return sorted(found, key=lambda record: (record.recorded_at, record.id))


def changed(base: KnowledgeBase, since: int, until: int) -> tuple[list[Record], list[Record]]:
    """What was believed at the first moment and no more at the second, and the other way round; oldest first."""
    gone: list[Record] = []
    come: list[Record] = []
    with base.database.reading() as connection:
        for kind in KINDS:
            table = TABLES[kind]
            either = or_(
                and_(table.c.recorded_at > since, table.c.recorded_at <= until),
                and_(table.c.retracted_at > since, table.c.retracted_at <= until),
            )
            query = select(table).where(either, table.c.status == Status.ACCEPTED.value)  # asked to sort, SQLite scans
            for record in sorted(map(READERS[kind], connection.execute(query)), key=lambda each: each.id):
                then, now = _believed(record, since), _believed(record, until)
                if then != now:
                    (gone if then else come).append(record)
    return gone, come


def _believed(record: Record, at: int) -> bool:
    return record.recorded_at <= at and (record.retracted_at is None or record.retracted_at > at)


def as_it_was(base: KnowledgeBase, at: int) -> list[Fact]:
    """The facts that were believed at a moment."""
    return base.find(when=finding.When(believed_at=at))
