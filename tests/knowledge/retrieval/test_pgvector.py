"""Where PostgreSQL offers pgvector, lessons are found by meaning inside it; before and after, nothing is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import postgres
import pytest
from brigade.knowledge import KnowledgeBase, migrations
from brigade.knowledge.retrieval import dense, pgvector
from brigade.knowledge.retrieval.search import Search
from numpy.typing import NDArray
from sqlalchemy import text


class Letters:
    """An encoder that counts pairs of letters."""

    def __init__(self, width: int = 128) -> None:
        self.name, self.width = f"letters-{width}'s", width

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.width), np.float32)
        for row, each in zip(vectors, texts, strict=True):
            for one, other in itertools.pairwise(each):
                row[(ord(one) * 31 + ord(other)) % self.width] += 1
        unit: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit


@pytest.fixture
def where(pgvector: postgres.Server) -> Iterator[str]:
    url = pgvector.new_base()
    yield url
    pgvector.drop(url)


@pytest.fixture
def kitchen(where: str) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(where) as base:
        base.add_lesson("plating", trigger="The soup is nearly done", summary=["Fetch a plate early."])
        base.add_lesson("fire", trigger="A pot burns over", summary=["Take the extinguisher."])
        base.add_lesson("percent", trigger="A price rises by a percentage", summary=["Multiply by the rate."])
        yield base


def names(base: KnowledgeBase, encoder: Letters, question: str) -> list[str]:
    hits = Search(base, encoder).search(question, kind="lessons")
    return [hit.record.name for hit in hits if "meaning" in hit.by]  # type: ignore[attr-defined]  # lessons have one


def test_meaning_is_searched_inside_the_database(kitchen: KnowledgeBase) -> None:
    assert dense.index(kitchen, Letters()) == 3
    assert dense.index(kitchen, Letters()) == 0
    assert names(kitchen, Letters(), "percentages-of-prices")[0] == "percent"
    with kitchen.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM vectors")).scalar() == 0
        assert pgvector.count(connection, Letters().name) == 3


def test_its_index_is_used_and_finds_nearly_what_comparing_all_does(kitchen: KnowledgeBase) -> None:
    draw = np.random.default_rng(0)
    full = draw.normal(size=(2000, 64)).astype(np.float32)
    full /= np.linalg.norm(full, axis=1, keepdims=True)
    kitchen.add_lesson("one of many")
    with kitchen.database.writing("test", None) as transaction:
        connection = transaction.connection
        connection.execute(
            text(
                "INSERT INTO lessons SELECT (jsonb_populate_record(lessons, jsonb_build_object('id', n))).* "
                "FROM lessons, generate_series(1, 2000) AS n WHERE name = 'one of many'"
            )
        )
        pgvector.put(connection, "m", [(number + 1, row) for number, row in enumerate(full)])
        pgvector.index(connection, "m", 64)
    kitchen.tidy()
    found = 0
    with kitchen.database.reading() as connection:
        for query in full[:20]:
            wanted = set((1 + np.argsort(-(full @ query))[:10]).tolist())
            found += len(wanted & {hit.id for hit in pgvector.nearest(connection, "m", query, 10)})
        plan = connection.execute(
            text(
                "EXPLAIN SELECT record FROM near WHERE model = 'm' AND vector_dims(vector) = 64 ORDER BY "
                "vector::vector(64) <=> (SELECT vector::vector(64) FROM near WHERE record = 1) LIMIT 10"
            )
        ).scalars()
        assert any("ix_near_" in line for line in plan)
    assert found >= 0.9 * 200


def test_what_is_superseded_or_retracted_is_not_found_by_meaning(kitchen: KnowledgeBase) -> None:
    dense.index(kitchen, Letters())
    kitchen.add_lesson("plating", trigger="Dishes are dirty", summary=["Wash them."])
    fire = kitchen.lesson("fire")
    assert fire is not None
    kitchen.retract(fire)
    assert names(kitchen, Letters(), "the soup is nearly done") == ["percent"]
    dense.index(kitchen, Letters())
    assert set(names(kitchen, Letters(), "the soup is nearly done")) == {"percent", "plating"}


def test_models_of_different_widths_live_beside_each_other(kitchen: KnowledgeBase) -> None:
    for encoder in (Letters(64), Letters(2048)):  # too wide for an index: compared one by one
        dense.index(kitchen, encoder)
        assert names(kitchen, encoder, "a pot burns over")[0] == "fire"


def test_vectors_of_a_base_without_the_extension_move_into_it(pgvector: postgres.Server) -> None:
    url = pgvector.new_database()
    with KnowledgeBase(url) as base:
        base.add_lesson("fire", trigger="A pot burns over")
        base.add_lesson("percent", trigger="A price rises by a percentage")
        with base.database.writing("test", None) as transaction:
            transaction.connection.execute(text("DROP TABLE near"))
            transaction.connection.execute(text("DROP EXTENSION vector"))
            transaction.connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
            vectors = Letters().encode(["A pot burns over", "A price rises"])
            for lesson, vector in zip(base.lessons(), vectors, strict=True):
                transaction.connection.execute(
                    text("INSERT INTO vectors VALUES (:record, :model, :vector), (:record, 'item x', :vector)"),
                    {"record": lesson.id, "model": Letters().name, "vector": vector.tobytes()},
                )
    with KnowledgeBase(url) as base:
        assert names(base, Letters(), "a pot burns over")[0] == "fire"
        with base.database.reading() as connection:
            assert migrations.is_current(connection)
            assert connection.execute(text("SELECT model FROM vectors")).scalars().all() == ["item x", "item x"]
    pgvector.drop(url)


def test_who_may_not_create_the_extension_goes_on_without(pgvector: postgres.Server) -> None:
    url = pgvector.new_database()
    with KnowledgeBase(url) as owner, owner.database.writing("test", None) as transaction:
        for statement in (
            "DROP TABLE near",
            "DROP EXTENSION vector",
            "DROP ROLE IF EXISTS guest",
            "CREATE ROLE guest LOGIN",
        ):
            transaction.connection.execute(text(statement))
        transaction.connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest"))
    with KnowledgeBase(url.replace("kb@", "guest@")) as base:
        base.add_lesson("fire", trigger="A pot burns over")
        assert dense.index(base, Letters()) == 1
        assert names(base, Letters(), "a pot burns over") == ["fire"]
    pgvector.drop(url)
