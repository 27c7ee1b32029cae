"""The tables. Alembic's migrations make them (brigade.knowledge.migrations); a test compares the two.

Identities are unique across tables. Moments are microseconds; see brigade.knowledge.moments. What is believed now is
indexed apart from what once was, so that history costs queries nothing.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()


def record_columns() -> list[Column[object]]:
    """The columns that all records have; fields of brigade.knowledge.records.Record."""
    return [
        Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
        Column("topic", String(500), nullable=False),
        Column("source", Text, nullable=False),
        Column("author", String(500), nullable=False),
        Column("confidence", Double, nullable=False),
        Column("status", String(16), nullable=False),
        Column("private", Boolean, nullable=False),
        Column("valid_from", BigInteger),
        Column("valid_to", BigInteger),
        Column("recorded_at", BigInteger, nullable=False),
        Column("retracted_at", BigInteger),
        Column("supersedes", BigInteger),
        Column("episode", BigInteger),
        Column("note", JSON, nullable=False),
        Column("uses", Integer, nullable=False),
        Column("wins", Integer, nullable=False),
        Column("losses", Integer, nullable=False),
    ]


entities = Table(
    "entities",
    metadata,
    Column("name", String(500), primary_key=True),
    Column("kind", String(500), nullable=False),
    Column("about", Text, nullable=False),
)

predicates = Table(
    "predicates",
    metadata,
    Column("name", String(500), primary_key=True),
    Column("single", Boolean, nullable=False),
    Column("kind", String(16)),
    Column("resolution", String(16), nullable=False),
    Column("topic", String(500), nullable=False),
    Column("about", Text, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    *record_columns(),
    Column("subject", String(500), nullable=False),
    Column("predicate", String(500), nullable=False),
    Column("object_kind", String(16), nullable=False),
    Column("object", Text, nullable=False),
    Column("object_key", String(200), nullable=False),
    Column("object_number", Double),
)

rules = Table(
    "rules",
    metadata,
    *record_columns(),
    Column("name", String(500), nullable=False),
    Column("text", Text, nullable=False),
)

lessons = Table(
    "lessons",
    metadata,
    *record_columns(),
    Column("name", String(500), nullable=False),
    Column("task", String(500), nullable=False),
    Column("trigger", Text, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("knowledge", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("check", Text, nullable=False),
)

episodes = Table(
    "episodes",
    metadata,
    *record_columns(),
    Column("name", String(500), nullable=False),
    Column("about", Text, nullable=False),
)

lesson_tags = Table(
    "lesson_tags",
    metadata,
    Column("tag", String(500), primary_key=True),
    Column("lesson", BigInteger, primary_key=True),
)

vectors = Table(
    "vectors",
    metadata,
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("model", String(100), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

loads = Table(
    "loads",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("rows", BigInteger, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("last_id", BigInteger, nullable=False),
    Column("author", String(500), nullable=False),
    Column("what", Text, nullable=False),
)

RECORDS = {"fact": facts, "rule": rules, "lesson": lessons, "episode": episodes}

_LIVE = text("retracted_at IS NULL")

for _name, _table in RECORDS.items():
    Index(f"ix_{_table.name}_recorded", _table.c.recorded_at)
    Index(
        f"ix_{_table.name}_retracted",
        _table.c.retracted_at,
        sqlite_where=text("retracted_at IS NOT NULL"),
        postgresql_where=text("retracted_at IS NOT NULL"),
    )
    Index(
        f"ix_{_table.name}_waiting",
        _table.c.status,
        sqlite_where=text("status <> 'accepted'"),
        postgresql_where=text("status <> 'accepted'"),
    )
    if _name != "fact":
        Index(f"ix_{_table.name}_name", _table.c.name)

Index("ix_facts_live", facts.c.subject, facts.c.predicate, sqlite_where=_LIVE, postgresql_where=_LIVE)
Index("ix_facts_object", facts.c.object_key, facts.c.predicate, sqlite_where=_LIVE, postgresql_where=_LIVE)
Index("ix_facts_predicate", facts.c.predicate, facts.c.object_number, sqlite_where=_LIVE, postgresql_where=_LIVE)
Index("ix_facts_history", facts.c.subject, facts.c.predicate, facts.c.recorded_at)
for _name in ("valid_from", "valid_to"):
    _bounded = text(f"{_name} IS NOT NULL")
    Index(f"ix_facts_{_name}", facts.c[_name], sqlite_where=_bounded, postgresql_where=_bounded)
Index("ix_lesson_tags_lesson", lesson_tags.c.lesson)
