"""The same tests on both engines: an SQLite file, and a real PostgreSQL where one is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from brigade.knowledge import KnowledgeBase


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    reason = postgres.why_missing()
    if reason is not None:
        pytest.skip(reason)
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="session")
def pgvector() -> Iterator[postgres.Server]:
    """A PostgreSQL that offers the extension `vector`."""
    reason = postgres.why_no_vector()
    if reason is not None:
        pytest.skip(reason)
    with postgres.server(postgres.binaries_with_vector()) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty knowledge base."""
    if request.param == "sqlite":
        yield str(tmp_path / "base.db")
        return
    server: postgres.Server = request.getfixturevalue("postgresql")
    url = server.new_base()
    yield url
    server.drop(url)


@pytest.fixture
def base(where: str) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(where) as opened:
        yield opened


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A knowledge base in SQLite, for what does not depend on the engine."""
    with KnowledgeBase(tmp_path / "lite.db") as opened:
        yield opened
