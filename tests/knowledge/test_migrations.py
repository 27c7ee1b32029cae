"""What the migrations make is what the code expects."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from brigade.knowledge import KnowledgeBase, migrations
from brigade.knowledge.schema import metadata


def test_the_migrations_make_the_schema(base: KnowledgeBase) -> None:
    with base.database.reading() as connection:
        ours = MigrationContext.configure(connection, opts={"target_metadata": metadata, "include_name": _is_ours})
        assert compare_metadata(ours, metadata) == []


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    return kind != "table" or not (name or "").startswith(("fact_index", "lesson_index"))


def test_the_newest_revision_is_the_head() -> None:
    files = sorted(Path(migrations.__file__).parent.glob("versions/r*.py"))
    assert files[-1].name.startswith(f"r{migrations.HEAD}_")


def test_a_base_is_opened_again_as_it_was_left(where: str) -> None:
    with KnowledgeBase(where) as base:
        base.add_fact("a", "b", 1)
    with KnowledgeBase(where) as base:
        assert base.find("a")[0].object == 1
