"""The first tables, and the full-text indexes of facts and lessons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_SQLITE = (
    "CREATE VIRTUAL TABLE fact_index USING fts5(body, tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE lesson_index USING fts5(body, tokenize='porter unicode61 remove_diacritics 2')",
)
_POSTGRESQL = (
    "CREATE TABLE fact_index (id BIGINT PRIMARY KEY, body TSVECTOR NOT NULL)",
    "CREATE TABLE lesson_index (id BIGINT PRIMARY KEY, body TSVECTOR NOT NULL)",
    "CREATE INDEX ix_fact_index_body ON fact_index USING gin (body)",
    "CREATE INDEX ix_lesson_index_body ON lesson_index USING gin (body)",
)


def _record_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=500), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("retracted_at", sa.BigInteger(), nullable=True),
        sa.Column("supersedes", sa.BigInteger(), nullable=True),
        sa.Column("episode", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("wins", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
    ]


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    """Make everything."""
    _facts()
    _named_records()
    _accounts()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _accounts() -> None:
    """What is written beside records: changes, entities, tags, loads, declarations, vectors."""
    op.create_table(
        "changes",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=500), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at"),
    )
    op.create_table(
        "entities",
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=500), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "lesson_tags",
        sa.Column("tag", sa.String(length=500), nullable=False),
        sa.Column("lesson", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tag", "lesson"),
    )
    op.create_index("ix_lesson_tags_lesson", "lesson_tags", ["lesson"], unique=False)
    op.create_table(
        "loads",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "predicates",
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("resolution", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "vectors",
        sa.Column("record", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record", "model"),
    )


def _facts() -> None:
    op.create_table(
        "facts",
        *_record_columns(),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("predicate", sa.String(length=500), nullable=False),
        sa.Column("object_kind", sa.String(length=16), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("object_number", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_facts_history", "facts", ["subject", "predicate", "recorded_at"], unique=False)
    _index("ix_facts_live", "facts", ["subject", "predicate"], "retracted_at IS NULL")
    _index("ix_facts_object", "facts", ["object_key", "predicate"], "retracted_at IS NULL")
    _index("ix_facts_predicate", "facts", ["predicate", "object_number"], "retracted_at IS NULL")
    op.create_index("ix_facts_recorded", "facts", ["recorded_at"], unique=False)
    _index("ix_facts_retracted", "facts", ["retracted_at"], "retracted_at IS NOT NULL")
    _index("ix_facts_valid_from", "facts", ["valid_from"], "valid_from IS NOT NULL")
    _index("ix_facts_valid_to", "facts", ["valid_to"], "valid_to IS NOT NULL")
    _index("ix_facts_waiting", "facts", ["status"], "status <> 'accepted'")


def _named_records() -> None:
    """Episodes, lessons and rules."""
    op.create_table(
        "episodes",
        *_record_columns(),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_episodes_name", "episodes", ["name"], unique=False)
    op.create_index("ix_episodes_recorded", "episodes", ["recorded_at"], unique=False)
    _index("ix_episodes_retracted", "episodes", ["retracted_at"], "retracted_at IS NOT NULL")
    _index("ix_episodes_waiting", "episodes", ["status"], "status <> 'accepted'")
    op.create_table(
        "lessons",
        *_record_columns(),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("task", sa.String(length=500), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("knowledge", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("check", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lessons_name", "lessons", ["name"], unique=False)
    op.create_index("ix_lessons_recorded", "lessons", ["recorded_at"], unique=False)
    _index("ix_lessons_retracted", "lessons", ["retracted_at"], "retracted_at IS NOT NULL")
    _index("ix_lessons_waiting", "lessons", ["status"], "status <> 'accepted'")
    op.create_table(
        "rules",
        *_record_columns(),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_rules_name", "rules", ["name"], unique=False)
    op.create_index("ix_rules_recorded", "rules", ["recorded_at"], unique=False)
    _index("ix_rules_retracted", "rules", ["retracted_at"], "retracted_at IS NOT NULL")
    _index("ix_rules_waiting", "rules", ["status"], "status <> 'accepted'")


def downgrade() -> None:
    """There is nothing before it."""
    raise NotImplementedError("0001 is the first revision")
