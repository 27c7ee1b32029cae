"""A conformance check for LangGraph stores: does a store behave as InMemoryStore does?

    from brigade.knowledge.conformance import check_store
    check_store(lambda index: MyStore(index=index))

Runs the same operations on both and compares what they return, times aside. What InMemoryStore does only because of how
it is made is not asked for: the order of items that no query ranks (pages of them must make up the whole), and that a
namespace whose last item is gone, or in which only was looked, is still listed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from langgraph.store.base import (
    BaseStore,
    GetOp,
    IndexConfig,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    SearchOp,
)
from langgraph.store.memory import InMemoryStore

MakeStore: TypeAlias = Callable[[IndexConfig | None], BaseStore]
"""Makes an empty store that embeds as it is told."""

_NAMESPACES = [("a",), ("a", "b"), ("a", "b", "c"), ("ab",), ("a b", "c/d"), ("ü%", "'\"; --"), ("x_", "y")]
_KEYS = ["one", "two", "key with spaces", " outer ", "sla/sh", "per%cent", "ключ", "k" * 100, ""]
_VALUES: list[dict[str, Any]] = [
    {"n": 1}, {"n": 2.5, "tag": "red"}, {"n": -3, "tag": "blue", "inner": {"deep": [1, {"x": None}]}},
    {"text": "line\nbreak \u2028 and 🍲", "n": 10}, {"list": [1, 2, 3], "n": 0}, {}, {"n": 2**53, "flag": True},
]  # fmt: skip
_FILTERS: list[dict[str, Any] | None] = [
    None, {"n": 1}, {"tag": "red"}, {"n": {"$eq": 2.5}}, {"tag": {"$ne": "red"}}, {"inner": {"deep": [1, {"x": None}]}},
    {"list": [1, 2, 3]}, {"flag": True}, {"missing": None},
]  # fmt: skip
_NUMERIC = [{"n": {"$gt": 0}}, {"n": {"$gte": 1, "$lt": 10}}, {"n": {"$lte": 2}}]


def check_store(make: MakeStore, *, rounds: int = 30, seed: int = 0) -> None:
    """Hold a store to InMemoryStore.

    Args:
        make: makes an empty store of the kind that is checked; called several times.
        rounds: batches of random operations.
        seed: of the operations.

    Raises:
        AssertionError: it differs; says in which operation and how.
    """
    check_random_batches(make(None), rounds=rounds, seed=seed)
    check_embedded_search(make(_INDEX))
    check_methods(make(None))
    asyncio.run(check_async(make(None)))


def check_random_batches(store: BaseStore, *, rounds: int, seed: int) -> None:
    """Batches of reads and writes give the same."""
    draw, wanted = random.Random(seed), InMemoryStore()
    for number in range(rounds):
        ops = list(_random_ops(draw, number))
        _compare(ops, store.batch(ops), wanted.batch(ops))


def _random_ops(draw: random.Random, number: int) -> Iterator[Op]:
    for _ in range(draw.randrange(1, 12)):
        namespace, key = draw.choice(_NAMESPACES), draw.choice(_KEYS)
        kind = draw.randrange(6)
        if kind < 3:
            yield PutOp(namespace, key, draw.choice([*_VALUES, None]))
        elif kind == 3:
            yield GetOp(namespace, key)
        elif kind == 4:
            prefix = namespace[: draw.randrange(3)]
            wanted = draw.choice(_FILTERS)
            yield SearchOp(prefix, wanted, limit=1000)
    if number % 5 == 4:
        yield from (SearchOp((), each, limit=100) for each in _FILTERS)


_WORDS = ("soup", "pot", "plate", "fire", "onion", "tomato")


def _vectors(texts: Sequence[str]) -> list[list[float]]:
    """An embedding that anyone can follow: how often each of six words stands in a text."""
    return [[float(text.count(word)) + 0.01 * len(text) for word in _WORDS] for text in texts]


_INDEX: IndexConfig = {"dims": len(_WORDS), "embed": _vectors, "fields": ["text", "notes[*].said"]}


def check_embedded_search(store: BaseStore) -> None:
    """Search by meaning gives the same items in the same order, with the same scores."""
    wanted = InMemoryStore(index=_INDEX)
    puts: list[Op] = [
        PutOp(("kitchen", "a"), "1", {"text": "soup in the pot", "notes": [{"said": "fire fire"}, {"said": "plate"}]}),
        PutOp(("kitchen", "a"), "2", {"text": "plate the soup soup"}),
        PutOp(("kitchen", "b"), "3", {"text": "onion onion tomato"}),
        PutOp(("kitchen", "b"), "4", {"other": "onion"}),
        PutOp(("kitchen", "b"), "5", {"text": "tomato", "more": "fire"}, index=["more"]),
        PutOp(("kitchen", "b"), "6", {"text": "fire fire fire"}, index=False),
    ]
    asked: list[Op] = [
        SearchOp(prefix, wanted_value, limit=limit, offset=offset, query=query)
        for query in ("soup", "fire", "a tomato and an onion")
        for prefix in ((), ("kitchen", "b"))
        for wanted_value in (None, {"text": "tomato"})
        for limit, offset in ((10, 0), (2, 1))
    ]
    for ops in (puts, asked, [PutOp(("kitchen", "a"), "2", {"text": "tomato"})], asked):
        _compare(ops, store.batch(ops), wanted.batch(ops))


def check_methods(store: BaseStore) -> None:
    """The methods that programs call: put, get, delete, search with numbers, namespaces."""
    wanted = InMemoryStore()
    for each in (store, wanted):
        for number, namespace in enumerate(_NAMESPACES):
            each.put(namespace, f"key {number}", {"n": number})
            each.put(namespace, "same", {"n": 10 * number})
        each.delete(("a",), "key 0")
        each.put(("a",), "same", {"n": 5})
    ops: list[Op] = [SearchOp((), each, limit=100) for each in _NUMERIC]
    ops += [GetOp(namespace, "same") for namespace in _NAMESPACES]
    matches = [
        (MatchCondition("prefix", ("a",)),), (MatchCondition("suffix", ("b",)),),
        (MatchCondition("prefix", ("*", "b")),),
        (MatchCondition("prefix", ("a",)), MatchCondition("suffix", ("c",))), (),
    ]  # fmt: skip
    ops += [
        ListNamespacesOp(match, depth, limit, offset)
        for match in matches
        for depth in (None, 1, 2)
        for limit, offset in ((100, 0), (2, 1))
    ]
    _compare(ops, store.batch(ops), wanted.batch(ops))
    whole = [_plain(item) for item in store.search((), limit=100)]
    pages = [_plain(item) for start in range(0, 100, 3) for item in store.search((), limit=3, offset=start)]
    assert pages == whole, "the pages of a search do not make up the whole"
    item = store.get(("a",), "same")
    assert item is not None, "an item that was put is not there"
    assert item.created_at <= item.updated_at, "an item was updated before it was created"


async def check_async(store: BaseStore) -> None:
    """The same without waiting: many at once, and none is lost."""
    await asyncio.gather(*(store.aput(("many",), str(number), {"n": number}) for number in range(20)))
    found = await store.asearch(("many",), limit=100)
    assert sorted(item.value["n"] for item in found) == list(range(20)), "puts at the same time were lost"
    await store.adelete(("many",), "7")
    assert await store.aget(("many",), "7") is None, "a deleted item is still there"
    assert await store.alist_namespaces() == [("many",)], "a namespace is not listed"


def _compare(ops: Sequence[Op], got: Sequence[Any], wanted: Sequence[Any]) -> None:
    assert len(got) == len(wanted), f"{len(got)} results for {len(ops)} operations"
    for op, one, other in zip(ops, got, wanted, strict=True):
        ranked = not isinstance(op, SearchOp) or bool(op.query)
        mine, theirs = (_plain(each) if ranked else sorted(_plain(each), key=repr) for each in (one, other))
        assert mine == theirs, f"{op}: {mine} is not {theirs}"


def _plain(result: Any) -> Any:
    """A result without its times."""
    if isinstance(result, list):
        return [_plain(each) for each in result]
    if isinstance(result, Item):
        score = getattr(result, "score", None)
        return result.namespace, result.key, result.value, None if score is None else round(score, 4)
    return result
