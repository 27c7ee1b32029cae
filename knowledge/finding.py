"""Finding records by what they say: exact queries, now or as it was believed at a moment. Only reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from brigade.knowledge import schema
from brigade.knowledge.records import Fact, Record, Status
from brigade.knowledge.rows import READERS, TABLES, to_fact
from brigade.knowledge.values import Entity, Kind, Value, key_of, kind_of, to_text
from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class When:
    """Which state of the base is asked.

    Attributes:
        believed_at: as it was believed at this moment; None: now.
        valid_at: only what holds at this moment of the world; None: whatever holds at any.
        status: of the records.
    """

    believed_at: int | None = None
    valid_at: int | None = None
    status: Status | None = Status.ACCEPTED


NOW = When()
ANYTHING = Entity("")
"""Stands for no wish about the object; no entity has this name."""


def in_state(table: Table, when: When) -> ColumnElement[bool]:
    """The condition that a row belongs to a state."""
    at, valid = when.believed_at, when.valid_at
    parts: list[ColumnElement[bool]] = []
    if at is None:
        parts.append(table.c.retracted_at.is_(None))
    else:
        parts += [table.c.recorded_at <= at, or_(table.c.retracted_at.is_(None), table.c.retracted_at > at)]
    if valid is not None:
        parts += [
            or_(table.c.valid_from.is_(None), table.c.valid_from <= valid),
            or_(table.c.valid_to.is_(None), table.c.valid_to > valid),
        ]
    if when.status is not None:
        parts.append(table.c.status == when.status.value)
    return and_(*parts)


def find_facts(
    connection: Connection,
    subject: str | None = None,
    predicate: str | None = None,
    value: Value = ANYTHING,
    *,
    when: When = NOW,
    topic: str | None = None,
    limit: int | None = None,
) -> list[Fact]:
    """Facts with this subject, predicate and object, each if given; oldest first."""
    facts = schema.facts
    query = select(facts).where(in_state(facts, when))
    given = {"subject": subject, "predicate": predicate, "topic": topic}
    for name, wanted in given.items():
        if wanted is not None:
            query = query.where(facts.c[name] == wanted)
    if value is not ANYTHING:
        query = query.where(_is_value(value))
    return [to_fact(row) for row in connection.execute(query.order_by(facts.c.id).limit(limit))]


def _is_value(value: Value) -> ColumnElement[bool]:
    facts, text, kind = schema.facts, to_text(value), kind_of(value)
    kinds = [Kind.TEXT.value, Kind.ENTITY.value] if kind is Kind.TEXT else [kind.value]
    return and_(facts.c.object_key == key_of(text), facts.c.object == text, facts.c.object_kind.in_(kinds))


def by_ids(connection: Connection, kind: type[R], identities: Sequence[int]) -> dict[int, R]:
    """Records of these identities, whatever their state."""
    table, read = TABLES[kind], READERS[kind]
    found: dict[int, R] = {}
    for start in range(0, len(identities), 500):
        some = identities[start : start + 500]
        found |= {row.id: read(row) for row in connection.execute(select(table).where(table.c.id.in_(some)))}
    return found


def by_name(connection: Connection, kind: type[R], name: str, when: When = NOW) -> list[R]:
    """Rules, lessons or episodes of this name, in a state; oldest first."""
    table, read = TABLES[kind], READERS[kind]
    query = select(table).where(table.c.name == name, in_state(table, when)).order_by(table.c.id)
    return [read(row) for row in connection.execute(query)]


def all_of(connection: Connection, kind: type[R], when: When | None = NOW, **equal: Any) -> Iterator[R]:
    """Every record of a type in a state (None: in all), with these columns, oldest first; read as they are taken."""
    table, read = TABLES[kind], READERS[kind]
    query = select(table).order_by(table.c.id)
    if when is not None:
        query = query.where(in_state(table, when))
    for name, wanted in equal.items():
        query = query.where(table.c[name] == wanted)
    rows = connection.execute(query, execution_options={"yield_per": 2000})
    return (read(row) for row in rows)


def history(connection: Connection, subject: str, predicate: str | None = None) -> list[Fact]:
    """Every version of the facts of a subject, oldest first."""
    facts = schema.facts
    query = select(facts).where(facts.c.subject == subject)
    if predicate is not None:
        query = query.where(facts.c.predicate == predicate)
    return [to_fact(row) for row in connection.execute(query.order_by(facts.c.recorded_at, facts.c.id))]


def count_tagged(connection: Connection, tags: Sequence[str], limit: int) -> list[tuple[int, int]]:
    """Believed lessons that have one of these tags, and how many of them; most first, oldest of equals."""
    marks = schema.lesson_tags
    count = func.count().label("tags")
    query = select(marks.c.lesson, count).where(marks.c.tag.in_(list(tags))).group_by(marks.c.lesson)
    rows = connection.execute(query.order_by(count.desc(), marks.c.lesson).limit(limit))
    return [(lesson, number) for lesson, number in rows]
