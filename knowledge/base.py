"""The knowledge base: facts, rules, lessons and episodes in a database, with their history and statistics.

    with KnowledgeBase("kitchen.db") as base:
        base.declare("legs", single=True, kind="integer")
        base.add_fact("spider", "legs", 8, source="a zoo's guide")
        base.add_lesson("plate early", trigger="the soup is nearly done", summary=["Fetch a plate first."])
        base.find("spider", "legs")

Safe to use from several threads and processes. Knows no model and no kitchen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

from brigade.knowledge import finding, schema, storing
from brigade.knowledge.database import Database, KnowledgeError, Transaction
from brigade.knowledge.finding import ANYTHING, NOW, When
from brigade.knowledge.records import (
    PERSON,
    Episode,
    Fact,
    Lesson,
    Predicate,
    Record,
    Resolution,
    Rule,
    Statistics,
    Status,
)
from brigade.knowledge.rows import TABLES, predicate_row, to_predicate
from brigade.knowledge.rules import read_rule
from brigade.knowledge.storing import Stored
from brigade.knowledge.values import Kind, Value, check_name, check_text
from sqlalchemy import delete, func, insert, select, update
from typing_extensions import TypedDict

R = TypeVar("R", bound=Record)


class Origin(TypedDict, total=False):
    """What may be said about any record; see Record."""

    topic: str
    source: str
    author: str
    confidence: float
    status: Status
    private: bool
    valid_from: int | None
    valid_to: int | None
    episode: int | None
    note: dict[str, Any]


class KnowledgeBase:
    """A knowledge base in a database.

    Args:
        where: a file (SQLite; made if it is not there), `:memory:`, or `postgresql://...`.

    Raises:
        KnowledgeError: it cannot be opened. So does every method whose database fails.
    """

    def __init__(self, where: str | Path) -> None:
        self.database = Database(where)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def declare(
        self,
        name: str,
        *,
        single: bool = False,
        kind: Kind | str | None = None,
        resolution: Resolution | str = Resolution.LATEST,
        topic: str = "general",
        about: str = "",
    ) -> Predicate:
        """Say what a predicate's facts must be like; for facts that are told from now on."""
        wanted = Kind(kind) if kind is not None else None
        predicate = Predicate(
            name=name, single=single, kind=wanted, resolution=Resolution(resolution), topic=topic, about=about
        )
        with self.database.writing(PERSON, f"declare {name}") as transaction:
            put_predicate(transaction, predicate)
        return predicate

    def predicates(self) -> dict[str, Predicate]:
        """Every declaration, by name."""
        with self.database.reading() as connection:
            rows = connection.execute(select(schema.predicates).order_by(schema.predicates.c.name))
            return {row.name: to_predicate(row) for row in rows}

    def add_fact(self, subject: str, predicate: str, value: Value, **origin: Unpack[Origin]) -> Fact:
        """Tell a fact; the one that now stands: it, the same one known before, or the one that it lost against.

        Raises:
            BadValue: it cannot be kept, or is not of the declared type.
        """
        fact = Fact(subject=subject, predicate=predicate, object=value, **origin)
        return self.add_facts([fact]).facts[0]

    def add_facts(self, facts: Iterable[Fact]) -> Stored:
        """Tell facts in one transaction; see `brigade.knowledge.loading` for many thousands."""
        told = list(facts)
        author = told[0].author if told else PERSON
        with self.database.writing(author, f"tell {len(told)} facts") as transaction:
            return storing.store_facts(transaction, told)

    def add_rule(self, name: str, text: str, **origin: Unpack[Origin]) -> Rule:
        """Keep a rule; it supersedes the one of its name.

        Raises:
            RuleError: it is no rule, or does not go with the others; says where and why.
        """
        return self._add_named(Rule(name=name, text=str(read_rule(name, text)), **origin))

    def describe(self, entity: str, *, kind: str = "", about: str = "") -> None:
        """Say of what kind an entity is, and what it is, for people."""
        table = schema.entities
        with self.database.writing(PERSON, f"describe {entity}") as transaction:
            transaction.connection.execute(delete(table).where(table.c.name == entity))
            transaction.connection.execute(
                insert(table), {"name": check_name(entity), "kind": kind, "about": check_text(about)}
            )

    def add_lesson(
        self,
        name: str,
        *,
        task: str = "",
        trigger: str = "",
        summary: Sequence[str] = (),
        knowledge: Sequence[str] = (),
        tags: Sequence[str] = (),
        check: str = "",
        **origin: Unpack[Origin],
    ) -> Lesson:
        """Keep a lesson; it supersedes the one of its name."""
        lesson = Lesson(
            name=name, task=task, trigger=trigger, summary=tuple(summary), knowledge=tuple(knowledge),
            tags=tuple(tags), check=check, **origin,
        )  # fmt: skip
        return self._add_named(lesson)

    def add_episode(self, name: str, about: str = "", **origin: Unpack[Origin]) -> Episode:
        """Keep something that happened; its `id` is what other records name as their `episode`."""
        return self._add_named(Episode(name=name, about=about, **origin))

    def _add_named(self, record: R) -> R:
        with self.database.writing(record.author, f"add a {type(record).__name__.lower()}") as transaction:
            stored = storing.store_named(transaction, record)
            if isinstance(record, Rule):
                storing.check_rules(transaction)
            return stored

    def find(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: Value = ANYTHING,
        *,
        when: When = NOW,
        topic: str | None = None,
        limit: int | None = None,
    ) -> list[Fact]:
        """Facts with this subject, predicate and object, each if given; oldest first."""
        with self.database.reading() as connection:
            return finding.find_facts(connection, subject, predicate, value, when=when, topic=topic, limit=limit)

    def rules(self, when: When = NOW) -> list[Rule]:
        """The rules in a state, oldest first."""
        return self._all(Rule, when)

    def lessons(self, when: When = NOW, *, task: str | None = None, tags: Sequence[str] = ()) -> list[Lesson]:
        """The lessons in a state, of this task and with one of these tags, if given; oldest first."""
        found = self._all(Lesson, when, **({"task": task} if task is not None else {}))
        return [lesson for lesson in found if not tags or set(tags) & set(lesson.tags)]

    def lesson(self, name: str, when: When = NOW) -> Lesson | None:
        """The lesson of this name."""
        return self._named(Lesson, name, when)

    def rule(self, name: str, when: When = NOW) -> Rule | None:
        """The rule of this name."""
        return self._named(Rule, name, when)

    def _named(self, kind: type[R], name: str, when: When) -> R | None:
        with self.database.reading() as connection:
            found = finding.by_name(connection, kind, name, when)
        return found[-1] if found else None

    def _all(self, kind: type[R], when: When | None, **equal: object) -> list[R]:
        with self.database.reading() as connection:
            return list(finding.all_of(connection, kind, when, **equal))

    def get(self, kind: type[R], identity: int) -> R | None:
        """The record of this identity, whatever its state."""
        with self.database.reading() as connection:
            return finding.by_ids(connection, kind, [identity]).get(identity)

    def history(self, subject: str, predicate: str | None = None) -> list[Fact]:
        """Every version of the facts of a subject, oldest first."""
        with self.database.reading() as connection:
            return finding.history(connection, subject, predicate)

    def retract(self, record: Record, *, author: str = PERSON, why: str = "") -> None:
        """Believe a record no more; it stays in the history."""
        with self.database.writing(author, f"retract {record.id}: {why}") as transaction:
            storing.close(transaction, type(record), [record.id])

    def record_use(self, record: Record, *, uses: int = 1, wins: int = 0, losses: int = 0) -> None:
        """Add to the statistics of a record; nothing that others add at the same time is lost."""
        table = TABLES[type(record)]
        values = {"uses": table.c.uses + uses, "wins": table.c.wins + wins, "losses": table.c.losses + losses}
        with self.database.writing("use", None) as transaction:
            transaction.connection.execute(update(table).where(table.c.id == record.id).values(values))

    def statistics(self, record: Record) -> Statistics:
        """How the use of a record went, up to now."""
        table = TABLES[type(record)]
        query = select(table.c.uses, table.c.wins, table.c.losses).where(table.c.id == record.id)
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise KnowledgeError(f"{self.database.shown} has no {type(record).__name__.lower()} {record.id}")
        return Statistics(*row)

    def waiting(self) -> list[Record]:
        """What waits for review: proposed records, oldest first."""
        kinds: tuple[type[Record], ...] = (Fact, Rule, Lesson)
        state = When(status=Status.PROPOSED)
        return sorted((each for kind in kinds for each in self._all(kind, state)), key=lambda each: each.id)

    def private(self, when: When = NOW) -> list[Record]:
        """What must stay on this machine, in a state: facts and lessons that are marked so."""
        return [*self._all(Fact, when, private=True), *self._all(Lesson, when, private=True)]

    def accept(self, record: R, *, reviewer: str = PERSON) -> R:
        """Rely on a proposed record from now on; the one that stands."""
        told = replace(
            record, status=Status.ACCEPTED, id=0, supersedes=record.id, note={**record.note, "reviewed by": reviewer}
        )
        with self.database.writing(reviewer, f"accept {record.id}") as transaction:
            storing.close(transaction, type(record), [record.id])
            if isinstance(told, Fact):
                return storing.store_facts(transaction, [told]).facts[0]  # type: ignore[return-value]
            return storing.store_named(transaction, told)

    def reject(self, record: Record, *, reviewer: str = PERSON) -> None:
        """Never rely on a proposed record."""
        table = TABLES[type(record)]
        with self.database.writing(reviewer, f"reject {record.id}") as transaction:
            storing.close(transaction, type(record), [record.id])
            transaction.connection.execute(
                update(table).where(table.c.id == record.id).values(status=Status.REJECTED.value)
            )

    def tidy(self) -> None:
        """Let the database look at what it holds, so that it plans queries well; after loading much."""
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()

    def megabytes(self) -> float:
        """Its size on disk."""
        with self.database.reading() as connection:
            if not self.database.sqlite:
                size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
            else:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                size = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return float(size) / 1e6

    def count(self) -> dict[str, int]:
        """How many records of each type are believed."""
        with self.database.reading() as connection:
            return {
                name: connection.execute(
                    select(func.count()).select_from(table).where(finding.in_state(table, NOW))
                ).scalar_one()
                for name, table in schema.RECORDS.items()
            }


def put_predicate(transaction: Transaction, predicate: Predicate) -> None:
    """Store a declaration in the place of the one of its name."""
    table = schema.predicates
    transaction.connection.execute(delete(table).where(table.c.name == predicate.name))
    transaction.connection.execute(insert(table), predicate_row(predicate))
