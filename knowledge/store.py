"""A LangGraph store in the knowledge base: what agents put there is fact, with history, search and export.

An item is a fact: its namespace and key are the subject (`users/ann/prefs`), its value the object. `put` supersedes,
`delete` retracts, time to live is the end of validity. In a batch, reads come before writes and of several writes to
a key the last one counts, as in InMemoryStore; a namespace is there as long as it has an item.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from brigade.knowledge import schema, storing
from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.database import Transaction
from brigade.knowledge.finding import NOW, in_state
from brigade.knowledge.itemsearch import Embedded, does_match, fits, ranked
from brigade.knowledge.moments import now
from brigade.knowledge.records import Fact
from brigade.knowledge.rows import to_fact
from brigade.knowledge.values import BadValue, check_name
from langgraph.store.base import (
    BaseStore,
    GetOp,
    IndexConfig,
    Item,
    ListNamespacesOp,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    TTLConfig,
)
from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, update

if TYPE_CHECKING:
    from collections.abc import Mapping

PREDICATE, TOPIC = "item", "store"
_MINUTE = 60_000_000
_ESCAPED = re.compile(r"[%/]|^\s|\s$")


def subject_of(namespace: Sequence[str], key: str) -> str:
    """The subject under which an item is kept.

    Raises:
        BadValue: it is too long.
    """
    return check_name("/".join(map(_escape, (*namespace, key))), "a namespace and key")


def _escape(part: str) -> str:
    text = _ESCAPED.sub(lambda match: _percent(match.group()), part)
    return "".join(sign if sign.isprintable() else _percent(sign) for sign in text) or "%"


def _percent(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))


def _parts(subject: str) -> tuple[tuple[str, ...], str]:
    parts = ["" if part == "%" else unquote(part, errors="surrogatepass") for part in subject.split("/")]
    return tuple(parts[:-1]), parts[-1]


class KnowledgeStore(BaseStore):
    """A store whose items are facts of a knowledge base.

    Args:
        base: the knowledge base.
        index: how values are embedded, for search by meaning; without, `query` searches by words.
        ttl: how long items live that do not say; in minutes, as LangGraph has it.
    """

    supports_ttl = True
    __slots__ = ("_base", "_embedded", "ttl_config")

    def __init__(self, base: KnowledgeBase, *, index: IndexConfig | None = None, ttl: TTLConfig | None = None) -> None:
        self._base = base
        self._embedded = Embedded(index) if index else None
        self.ttl_config = ttl

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Do several things; see BaseStore.

        Raises:
            KnowledgeError: the database fails.
            BadValue: a key or value that cannot be kept; nothing of the batch is done.
        """
        every = list(ops)
        results: list[Result] = [None] * len(every)
        puts: dict[tuple[tuple[str, ...], str], PutOp] = {}
        read: list[Fact] = []
        with self._base.database.reading() as connection:
            for number, op in enumerate(every):
                if isinstance(op, PutOp):
                    puts[op.namespace, op.key] = op
                else:
                    results[number] = self._read(connection, op, read)
        self._refresh(read)
        if puts:
            with self._base.database.writing("store", f"put {len(puts)}") as transaction:
                self._write(transaction, list(puts.values()))
        return results

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Do several things, in another thread: the loop goes on meanwhile."""
        return await asyncio.to_thread(self.batch, list(ops))

    def sweep_ttl(self) -> int:
        """Retract items that have outlived their time; how many. They are not found in any case."""
        facts = schema.facts
        ended = [
            facts.c.predicate == PREDICATE,
            facts.c.topic == TOPIC,
            in_state(facts, NOW),
            facts.c.valid_to <= now(),
        ]
        with self._base.database.writing("store", "sweep") as transaction:
            found = list(transaction.connection.execute(select(facts.c.id).where(*ended)).scalars())
            storing.close(transaction, Fact, found)
        return len(found)

    def _read(self, connection: Connection, op: Op, read: list[Fact]) -> Result:
        match op:
            case GetOp():
                found = self._items(connection, schema.facts.c.subject == subject_of(op.namespace, op.key))
                read += found if op.refresh_ttl else []
                return _item(found[-1]) if found else None
            case SearchOp():
                hits = self._search(connection, op)
                read += [fact for fact, _ in hits] if op.refresh_ttl else []
                return [_search_item(fact, score) for fact, score in hits]
            case ListNamespacesOp():
                return self._namespaces(connection, op)
        raise ValueError(f"unknown operation: {type(op)}")

    def _items(self, connection: Connection, *conditions: ColumnElement[bool]) -> list[Fact]:
        """Living items, in the order in which they were first put."""
        facts = schema.facts
        alive = or_(facts.c.valid_to.is_(None), facts.c.valid_to > now())
        query = select(facts).where(*conditions, facts.c.predicate == PREDICATE, in_state(facts, NOW), alive)
        found = [to_fact(row) for row in connection.execute(query)]
        return sorted(found, key=lambda fact: (fact.note.get("order", fact.id), fact.id))

    def _below(self, connection: Connection, prefix: Sequence[str]) -> list[ColumnElement[bool]]:
        """That an item's namespace begins so."""
        column = schema.facts.c.subject
        if not prefix:
            return [schema.facts.c.topic == TOPIC]
        start = "/".join(map(_escape, prefix)) + "/"
        if connection.dialect.name == "sqlite":  # a range, which the index answers; texts compare by bytes there
            return [column >= start, column < start[:-1] + chr(ord("/") + 1)]
        return [column.startswith(start, autoescape=True)]

    def _search(self, connection: Connection, op: SearchOp) -> list[tuple[Fact, float | None]]:
        found = self._items(connection, *self._below(connection, op.namespace_prefix))
        depth = len(op.namespace_prefix)
        found = [fact for fact in found if _parts(fact.subject)[0][:depth] == tuple(op.namespace_prefix)]
        kept = [fact for fact in found if fits(_value(fact), op.filter)]
        if op.query:
            return ranked(connection, self._embedded, op.query, kept, op.offset, op.limit)
        return [(fact, None) for fact in kept[op.offset : op.offset + op.limit]]

    def _namespaces(self, connection: Connection, op: ListNamespacesOp) -> list[tuple[str, ...]]:
        items = self._items(connection, schema.facts.c.topic == TOPIC)
        every = {_parts(fact.subject)[0] for fact in items}
        kept = [each for each in every if all(does_match(condition, each) for condition in op.match_conditions or ())]
        if op.max_depth is not None:
            kept = list({namespace[: op.max_depth] for namespace in kept})
        return sorted(kept)[op.offset : op.offset + op.limit]

    def _write(self, transaction: Transaction, puts: Sequence[PutOp]) -> None:
        subjects = [subject_of(op.namespace, op.key) for op in puts]
        asked = [Fact(subject=subject, predicate=PREDICATE, object=None) for subject in subjects]
        believed = storing.believed(transaction, asked)
        old = {subject: facts for (subject, _), facts in believed.items()}
        storing.close(transaction, Fact, [fact.id for facts in old.values() for fact in facts])
        new = [
            self._fact(transaction, op, subject, old.get(subject, ()))
            for op, subject in zip(puts, subjects, strict=True)
            if op.value is not None
        ]
        storing.insert_records(transaction, new)
        if self._embedded is not None:
            values = [op for op in puts if op.value is not None]
            self._embedded.keep(transaction, [(op, fact.id) for op, fact in zip(values, new, strict=True)])

    def _fact(self, transaction: Transaction, op: PutOp, subject: str, before: Sequence[Fact]) -> Fact:
        if not isinstance(op.value, dict):
            raise BadValue(f"the value of {subject} is no dictionary")
        identity, living = transaction.new_id(), [fact for fact in before if fact.holds(transaction.at)]
        first = living[-1].note if living else {"order": identity, "created": transaction.at}
        note: dict[str, Any] = {name: first[name] for name in ("order", "created")}
        minutes = op.ttl if op.ttl is not None else (self.ttl_config or {}).get("default_ttl")
        if minutes is not None:
            note["ttl"] = minutes
        return Fact(
            id=identity, subject=subject, predicate=PREDICATE, object=dict(op.value), topic=TOPIC, author="store",
            recorded_at=transaction.at, supersedes=before[-1].id if before else None, note=note,
            valid_to=None if minutes is None else transaction.at + int(minutes * _MINUTE),
        )  # fmt: skip

    def _refresh(self, facts: Sequence[Fact]) -> None:
        """Give items that were read their whole time again; the one thing that is changed in place."""
        until = {fact.id: now() + int(fact.note["ttl"] * _MINUTE) for fact in facts if "ttl" in fact.note}
        if not until or not (self.ttl_config or {}).get("refresh_on_read", True):
            return
        table = schema.facts
        statement = update(table).where(table.c.id == bindparam("this")).values(valid_to=bindparam("until"))
        rows = [{"this": identity, "until": moment} for identity, moment in until.items()]
        with self._base.database.writing("store", None) as transaction:
            transaction.connection.execute(statement, rows)


def _value(fact: Fact) -> Mapping[str, Any]:
    return fact.object if isinstance(fact.object, dict) else {}


def _when(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1_000_000, UTC)


def _item(fact: Fact) -> Item:
    namespace, key = _parts(fact.subject)
    created, updated = _when(fact.note.get("created", fact.recorded_at)), _when(fact.recorded_at)
    return Item(value=dict(_value(fact)), key=key, namespace=namespace, created_at=created, updated_at=updated)


def _search_item(fact: Fact, score: float | None) -> SearchItem:
    item = _item(fact)
    return SearchItem(
        namespace=item.namespace, key=item.key, value=item.value, created_at=item.created_at,
        updated_at=item.updated_at, score=score,
    )  # fmt: skip
