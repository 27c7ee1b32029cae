"""The full-text indexes of what is believed: FTS5 in SQLite, tsvector in PostgreSQL. What differs stays in here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from brigade.knowledge.records import Fact, Lesson, Record
from brigade.knowledge.rows import body_of
from sqlalchemy import Connection, Insert, Table, text
from sqlalchemy.dialects import postgresql, sqlite

INDEXES: dict[type[Record], str] = {Fact: "fact_index", Lesson: "lesson_index"}
_INSERTS = {
    "sqlite": "INSERT INTO {0} (rowid, body) VALUES (:id, :body)",
    "postgresql": "INSERT INTO {0} (id, body) VALUES (:id, to_tsvector('english', :body))",
}
_DELETES = {"sqlite": "DELETE FROM {0} WHERE rowid = :id", "postgresql": "DELETE FROM {0} WHERE id = :id"}


def add(connection: Connection, records: Sequence[Record]) -> None:
    """Make records of one type findable."""
    index = INDEXES.get(type(records[0])) if records else None
    if index is not None:
        statement = text(_INSERTS[connection.dialect.name].format(index))
        connection.execute(statement, [{"id": each.id, "body": body_of(each)} for each in records])


def remove(connection: Connection, kind: type[Record], identities: Sequence[int]) -> None:
    """Find records no more."""
    index = INDEXES.get(kind)
    if index is not None and identities:
        statement = text(_DELETES[connection.dialect.name].format(index))
        connection.execute(statement, [{"id": identity} for identity in identities])


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """An insert that passes over rows whose key is there."""
    dialect: Any = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    statement: Insert = dialect.insert(table).on_conflict_do_nothing()
    return statement
