"""The LangGraph store is like InMemoryStore, and remembers what InMemoryStore forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import postgres
import pytest
from blockbuster import blockbuster_ctx
from brigade.knowledge import BadValue, KnowledgeBase
from brigade.knowledge.conformance import check_store
from brigade.knowledge.moments import now
from brigade.knowledge.store import KnowledgeStore
from langgraph.store.base import BaseStore, IndexConfig
from langgraph.store.memory import InMemoryStore

Make = Callable[[IndexConfig | None], BaseStore]


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    opened: list[KnowledgeBase] = []
    names = count()
    server: postgres.Server | None = request.getfixturevalue("postgresql") if request.param == "postgresql" else None

    def make_store(index: IndexConfig | None) -> BaseStore:
        where = server.new_base() if server else str(tmp_path / f"{next(names)}.db")
        opened.append(KnowledgeBase(where))
        return KnowledgeStore(opened[-1], index=index)

    yield make_store
    for base in opened:
        base.close()


def test_it_behaves_as_the_store_in_memory_does(make: Make) -> None:
    check_store(make)


def test_the_check_passes_for_the_store_in_memory_and_fails_for_a_worse_one() -> None:
    check_store(lambda index: InMemoryStore(index=index))

    class Forgetful(InMemoryStore):
        def delete(self, namespace: tuple[str, ...], key: str) -> None:
            pass

    with pytest.raises(AssertionError, match="key 0"):
        check_store(lambda index: Forgetful(index=index))


def test_what_was_overwritten_and_deleted_is_in_the_history(base: KnowledgeBase) -> None:
    store = KnowledgeStore(base)
    store.put(("users", "ann"), "prefs", {"theme": "dark"})
    store.put(("users", "ann"), "prefs", {"theme": "light"})
    store.delete(("users", "ann"), "prefs")
    assert store.get(("users", "ann"), "prefs") is None
    old, new = base.history("users/ann/prefs")
    assert (old.object, new.object, new.supersedes) == ({"theme": "dark"}, {"theme": "light"}, old.id)
    assert (old.retracted_at, new.retracted_at is None) == (new.recorded_at, False)


def test_without_an_index_words_are_searched(base: KnowledgeBase) -> None:
    store = KnowledgeStore(base)
    store.put(("m",), "1", {"text": "the onion is chopped"})
    store.put(("m",), "2", {"text": "the pot is on fire"})
    first, second = store.search(("m",), query="is anything on fire?")
    assert (first.key, second.key, second.score) == ("2", "1", None)


class Clock:
    """The time of stores, which can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return now() + self.ahead

    def wait(self, seconds: float) -> None:
        self.ahead += int(seconds * 1_000_000)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr("brigade.knowledge.store.now", ours)
    return ours


def test_items_live_as_long_as_they_are_read(lite: KnowledgeBase, clock: Clock) -> None:
    store = KnowledgeStore(lite, ttl={"default_ttl": 10, "refresh_on_read": True})
    store.put(("t",), "read", {"n": 1})
    store.put(("t",), "unread", {"n": 2})
    store.put(("t",), "forever", {"n": 3}, ttl=1000)
    for _ in range(3):
        clock.wait(400)
        assert store.get(("t",), "read") is not None
    assert sorted(item.key for item in store.search(("t",))) == ["forever", "read"]
    assert store.sweep_ttl() == 1
    assert store.sweep_ttl() == 0


def test_reading_without_a_refresh_lets_it_go(lite: KnowledgeBase, clock: Clock) -> None:
    store = KnowledgeStore(lite)
    store.put(("t",), "k", {"n": 1}, ttl=10)
    clock.wait(400)
    assert store.get(("t",), "k", refresh_ttl=False) is not None
    clock.wait(400)
    assert store.get(("t",), "k") is None


async def test_the_loop_is_never_blocked(lite: KnowledgeBase) -> None:
    store = KnowledgeStore(lite)
    with blockbuster_ctx():
        await asyncio.gather(*(store.aput(("n",), str(number), {"n": number}) for number in range(5)))
        assert len(await store.asearch(("n",), query="n")) == 5


@pytest.mark.parametrize("value", [{"x": object()}, {"x": float("nan")}])
def test_what_cannot_be_kept_is_refused_and_the_batch_with_it(lite: KnowledgeBase, value: dict[str, object]) -> None:
    store = KnowledgeStore(lite)
    with pytest.raises(BadValue):
        store.put(("n",), "k", value)
    with pytest.raises(BadValue, match="at most 500"):
        store.put(("n" * 400,), "k" * 400, {})
    assert store.search(()) == []
