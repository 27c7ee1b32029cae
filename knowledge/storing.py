"""Storing records in a transaction: facts by the resolution of their predicates, named records by their names.

Every function takes a transaction that others cannot disturb; see brigade.knowledge.database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from brigade.knowledge import finding, fulltext, schema
from brigade.knowledge.database import Transaction
from brigade.knowledge.records import Fact, Lesson, Predicate, Record, Rule, Status
from brigade.knowledge.resolving import Outcome, resolve
from brigade.knowledge.retrieval import pgvector
from brigade.knowledge.rows import TABLES, to_fact, to_predicate, to_row
from brigade.knowledge.rules import read_rule, strata
from brigade.knowledge.values import Entity, as_kind
from sqlalchemy import bindparam, delete, insert, select, update

R = TypeVar("R", bound=Record)

_LOOKED_UP = 400
"""Names that one query looks up."""


@dataclass(slots=True)
class Stored:
    """What became of facts that were told."""

    added: int = 0
    superseded: int = 0
    known: int = 0
    """Those that were known already, or lost against what is."""
    facts: list[Fact] = field(default_factory=list)
    """For each told fact the one that now stands."""


def store_facts(transaction: Transaction, told: Sequence[Fact]) -> Stored:
    """Tell facts, in order.

    Raises:
        BadValue: one that cannot be kept; nothing is stored then, since the transaction fails.
    """
    declared = declarations(transaction)
    told = [_fitting(fact, declared) for fact in told]
    live = believed(transaction, told)
    ledger = _Ledger(transaction, live)
    for fact in told:
        ledger.tell(fact, declared.get(fact.predicate, Predicate(name=fact.predicate)))
    ledger.write()
    return ledger.stored


def declarations(transaction: Transaction) -> dict[str, Predicate]:
    """What is declared about predicates, by name."""
    rows = transaction.connection.execute(select(schema.predicates))
    return {row.name: to_predicate(row) for row in rows}


def _fitting(fact: Fact, declared: dict[str, Predicate]) -> Fact:
    """The fact with an object of the declared type."""
    predicate = declared.get(fact.predicate)
    if predicate is None or predicate.kind is None:
        return fact
    value = as_kind(fact.object, predicate.kind)
    return fact if value is fact.object else replace(fact, object=value)


def believed(transaction: Transaction, told: Sequence[Fact]) -> dict[tuple[str, str], list[Fact]]:
    """The believed facts of the subjects and predicates of these.

    Asked for predicate by predicate, or subject by subject, whichever are fewer: asked for pairs, or in the order of
    their identities, SQLite reads the whole table (0.3 s for 5,000 facts among 100,000; so 0.04 s).
    """
    facts = schema.facts
    pairs = list(dict.fromkeys((fact.subject, fact.predicate) for fact in told))
    by = 1 if len({pair[1] for pair in pairs}) <= len({pair[0] for pair in pairs}) else 0
    one, other = (facts.c.subject, facts.c.predicate)[by], (facts.c.subject, facts.c.predicate)[1 - by]
    groups: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        groups[pair[by]].append(pair[1 - by])
    live = facts.c.retracted_at.is_(None) & (facts.c.status == Status.ACCEPTED.value)
    found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for name, names in groups.items():
        for start in range(0, len(names), _LOOKED_UP):
            query = select(facts).where(one == name, other.in_(names[start : start + _LOOKED_UP]), live)
            for row in sorted(transaction.connection.execute(query), key=lambda each: int(each.id)):
                found[row.subject, row.predicate].append(to_fact(row))
    return found


class _Ledger:
    """The changes of one transaction, until they are written together."""

    def __init__(self, transaction: Transaction, believed: dict[tuple[str, str], list[Fact]]) -> None:
        self._transaction = transaction
        self._believed = believed
        self._new: dict[int, Fact] = {}
        self._closed: list[Fact] = []
        self.stored = Stored()

    def tell(self, fact: Fact, declared: Predicate) -> None:
        if fact.status is not Status.ACCEPTED or fact.retracted_at is not None:
            self.stored.facts.append(self._add(fact))  # nothing relies on it, so it contradicts nothing
            return
        live = self._believed[fact.subject, fact.predicate]
        outcome = resolve(fact, live, declared)
        if outcome.stands is not None:
            self.stored.known += 1
            self.stored.facts.append(outcome.stands)
            return
        self._close(outcome, live)
        for number, each in enumerate(outcome.added):
            kept = self._add(each)
            live.append(kept)
            if number == 0:
                self.stored.facts.append(kept)

    def _add(self, fact: Fact) -> Fact:
        identity = self._transaction.new_id()
        kept = replace(fact, id=identity, recorded_at=self._transaction.at)
        self._new[identity] = kept
        self.stored.added += 1
        return kept

    def _close(self, outcome: Outcome, live: list[Fact]) -> None:
        for old in outcome.closed:
            live.remove(old)
            self.stored.superseded += 1
            if old.id in self._new:  # told and contradicted at the same moment
                self._new[old.id] = replace(old, retracted_at=self._transaction.at)
            else:
                self._closed.append(old)

    def write(self) -> None:
        close(self._transaction, Fact, [fact.id for fact in self._closed])
        insert_records(self._transaction, list(self._new.values()))


def insert_records(transaction: Transaction, records: Sequence[Record]) -> None:
    """Put records of one type as they are into their table and into the full-text index."""
    if not records:
        return
    kind = type(records[0])
    transaction.connection.execute(insert(TABLES[kind]), [to_row(record) for record in records])
    live = [record for record in records if record.believed]
    fulltext.add(transaction.connection, live)
    if issubclass(kind, Fact):
        _note_entities(transaction, [record for record in records if isinstance(record, Fact)])
    tags = [
        {"tag": tag, "lesson": record.id}
        for record in live
        if isinstance(record, Lesson)
        for tag in dict.fromkeys(record.tags)
    ]
    if tags:
        transaction.connection.execute(insert(schema.lesson_tags), tags)


def _note_entities(transaction: Transaction, facts: Iterable[Fact]) -> None:
    names: dict[str, None] = {}
    for fact in facts:
        names[fact.subject] = None
        if isinstance(fact.object, Entity):
            names[fact.object.name] = None
    rows = [{"name": name, "kind": "", "about": ""} for name in sorted(names)]
    transaction.connection.execute(fulltext.insert_ignoring(transaction.connection, schema.entities), rows)


def close(transaction: Transaction, kind: type[Record], identities: Sequence[int]) -> None:
    """Believe records no more."""
    if not identities:
        return
    table = TABLES[kind]
    statement = update(table).where(table.c.id == bindparam("this")).values(retracted_at=transaction.at)
    transaction.connection.execute(statement, [{"this": identity} for identity in identities])
    fulltext.remove(transaction.connection, kind, identities)
    if kind is Lesson:
        tags = schema.lesson_tags
        statement_ = delete(tags).where(tags.c.lesson == bindparam("this"))
        transaction.connection.execute(statement_, [{"this": identity} for identity in identities])
        pgvector.forget(transaction.connection, identities)


def store_named(transaction: Transaction, record: R) -> R:
    """Store a rule, lesson or episode; an accepted one supersedes the believed one of its name."""
    return store_all_named(transaction, [record])[0]


def store_all_named(transaction: Transaction, records: Sequence[R]) -> list[R]:
    """Store rules, lessons and episodes, in order; see store_named."""
    stored: list[R] = []
    for kind in dict.fromkeys(type(record) for record in records):
        stored += _store_kind(transaction, kind, [record for record in records if type(record) is kind])
    return stored


def _store_kind(transaction: Transaction, kind: type[R], records: Sequence[R]) -> list[R]:
    believed = _believed_names(transaction, kind, [_name(record) for record in records if record.believed])
    closed: list[int] = []
    new: dict[int, R] = {}
    for record in records:
        identity, old = transaction.new_id(), record.supersedes
        if record.believed:
            before = believed.get(_name(record))
            believed[_name(record)] = identity
            old = before if before is not None else old
            if before in new:  # told and superseded at the same moment
                new[before] = replace(new[before], retracted_at=transaction.at)
            elif before is not None:
                closed.append(before)
        new[identity] = replace(record, id=identity, recorded_at=transaction.at, supersedes=old)
    close(transaction, kind, closed)
    insert_records(transaction, list(new.values()))
    return list(new.values())


def _name(record: Record) -> str:
    name: str = record.name  # type: ignore[attr-defined]  # facts have none, and do not come here
    return name


def _believed_names(transaction: Transaction, kind: type[Record], names: Sequence[str]) -> dict[str, int]:
    """The identities of the believed records of these names."""
    table = TABLES[kind]
    found: dict[str, int] = {}
    for start in range(0, len(names), _LOOKED_UP):
        query = select(table.c.name, table.c.id).where(
            table.c.name.in_(names[start : start + _LOOKED_UP]),
            table.c.retracted_at.is_(None),
            table.c.status == Status.ACCEPTED.value,
        )
        found |= {row.name: row.id for row in transaction.connection.execute(query)}
    return found


def check_rules(transaction: Transaction) -> None:
    """Hold the believed rules against each other.

    Raises:
        RuleError: they do not go together; says which and why.
    """
    rules = finding.all_of(transaction.connection, Rule)
    strata([read_rule(rule.name, rule.text) for rule in rules])
