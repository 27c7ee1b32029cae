"""Loading many records: in portions, each a transaction of its own, going on where an earlier load stopped.

How far a load has come is kept in the base, in the same transaction as its records. So whatever kills the process, no
portion is half there, and none is loaded twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from brigade.knowledge import schema, storing
from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.database import Transaction
from brigade.knowledge.fulltext import insert_ignoring
from brigade.knowledge.records import Fact, Record
from brigade.knowledge.rows import to_row
from brigade.knowledge.values import BadValue, Entity
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from sqlalchemy import select, update

PORTION = 20_000


class LoadError(ValueError):
    """A line that cannot be loaded: says which and why."""


def load(
    base: KnowledgeBase,
    name: str,
    records: Iterable[Record],
    *,
    portion: int = PORTION,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> int:
    """Tell facts, rules, lessons and episodes; how many were told now.

    Args:
        base: the knowledge base.
        name: of the load: one that was begun under this name goes on where it stopped.
        records: the same ones in the same order each time.
        portion: records of one transaction.
        progress: hears the name, how much is done, and 0.

    Raises:
        BadValue: a record that cannot be kept; the portions before its own are in the base.
    """
    waiting = iter(records)
    done = started = loaded_rows(base, name)
    for _ in islice(waiting, done):
        pass
    while some := list(islice(waiting, portion)):
        with base.database.writing(some[0].author, f"load {len(some)} of {name}") as transaction:
            if _mark(transaction, name, done, done + len(some)):
                tell(transaction, some)
        done += len(some)
        progress(name, done, 0)
    return done - started


def loaded_rows(base: KnowledgeBase, name: str) -> int:
    """How many records of a load are in the base."""
    loads = schema.loads
    with base.database.reading() as connection:
        return connection.execute(select(loads.c.rows).where(loads.c.name == name)).scalar() or 0


def _mark(transaction: Transaction, name: str, before: int, after: int) -> bool:
    """Note how far a load has come; False if another process has come as far."""
    connection, loads = transaction.connection, schema.loads
    connection.execute(insert_ignoring(connection, loads), {"name": name, "rows": 0})
    moved = update(loads).where(loads.c.name == name, loads.c.rows == before).values(rows=after)
    return connection.execute(moved).rowcount == 1


def tell(transaction: Transaction, records: Sequence[Record]) -> None:
    """Tell records of any kinds."""
    facts = [record for record in records if isinstance(record, Fact)]
    if facts:
        storing.store_facts(transaction, facts)
    storing.store_all_named(transaction, [record for record in records if not isinstance(record, Fact)])


class _Row(BaseModel):
    """A fact as a line of JSON."""

    model_config = ConfigDict(extra="forbid", strict=True)

    subject: str
    predicate: str
    object: JsonValue = True
    entity: bool = False
    """Whether the object, a text, names an entity."""
    topic: str = "general"
    source: str = ""
    author: str = "person"
    confidence: float = Field(1.0, ge=0, le=1)
    private: bool = False


def read_lines(file: Path, author: str) -> Iterator[Fact]:
    """The facts of a file of JSON lines: `{"subject", "predicate", "object", "entity"?, ...}`.

    Raises:
        LoadError: a line that is no fact.
        OSError: the file cannot be read.
    """
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _fact(line, f"{file}, line {number}", author)


def _fact(line: bytes, where: str, author: str) -> Fact:
    try:
        row = _Row.model_validate({"author": author, **json.loads(line)})
        value = Entity(row.object) if row.entity and isinstance(row.object, str) else row.object
        fact = Fact(
            subject=row.subject, predicate=row.predicate, object=value, topic=row.topic, source=row.source,
            author=row.author, confidence=row.confidence, private=row.private,
        )  # fmt: skip
        to_row(fact)
    except ValidationError as error:
        first = error.errors()[0]
        raise LoadError(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (BadValue, TypeError, ValueError, RecursionError) as error:
        raise LoadError(f"{where}: no fact: {error}") from None
    return fact
