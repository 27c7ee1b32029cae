"""Search by meaning: an encoder's vectors of lessons, in the database; searched there with pgvector, else in memory.

In memory, a vector is looked for in two steps: the signs of its numbers (48 bytes for 384) tell the nearest few hundred
by their Hamming distance, and the numbers themselves order those. At 100,000 lessons that reads 5 MB in place of 150.
Where PostgreSQL offers the extension, its index does this (brigade.knowledge.retrieval.pgvector). The vectors are made
by `index`, never while something is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from brigade.knowledge import finding, schema
from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.retrieval import pgvector
from brigade.knowledge.retrieval.lexical import Scored
from brigade.knowledge.rows import body_of
from sqlalchemy import Connection, delete, func, insert, select

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAREST = 400
"""Vectors that are looked at in full."""
_PORTION = 256


class Encoder(Protocol):
    """Makes vectors of texts."""

    @property
    def name(self) -> str:
        """What its vectors are kept under."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 for each text, shape [texts, width]."""


class Remembering:
    """An encoder that makes the vector of a text once; for several bases with the same texts."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Encoder.encode."""
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(new, self.encoder.encode(new), strict=True)) if new else {}
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of the believed lessons."""

    ids: NDArray[np.int64]
    full: NDArray[np.float32]
    """[lessons, width]"""
    signs: NDArray[np.uint64]
    """[lessons, width / 64]"""

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[Scored]:
        """The lessons whose vectors point most like this one, best first."""
        import numpy as np

        if not len(self.ids):
            return []
        apart = np.bitwise_count(self.signs ^ signs_of(vector[None])).sum(axis=1, dtype=np.int32)
        few = min(max(NEAREST, limit), len(apart))
        near = np.argpartition(apart, few - 1)[:few]
        scores = self.full[near] @ vector
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Scored(int(self.ids[near[each]]), float(scores[each])) for each in best]


def signs_of(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """A bit for each number: whether it is positive. Shape [vectors, width / 64]."""
    import numpy as np

    return np.packbits(vectors > 0, axis=1).view(np.uint64)


def index(base: KnowledgeBase, encoder: Encoder, progress: Callable[[str, int, int], None] = lambda *_: None) -> int:
    """Make the vectors that are missing; how many."""
    with base.database.writing("index", None) as transaction:
        inside = pgvector.adopt(transaction.connection)
    with base.database.reading() as connection:
        done = pgvector.done(connection, encoder.name) if inside else _done(connection, encoder.name)
    lessons = [lesson for lesson in base.lessons() if lesson.id not in done]
    for start in range(0, len(lessons), _PORTION):
        some = lessons[start : start + _PORTION]
        vectors = encoder.encode([body_of(lesson) for lesson in some])
        put_vectors(base, encoder.name, [(each.id, vector) for each, vector in zip(some, vectors, strict=True)])
        progress("vectors", start + len(some), len(lessons))
    if inside and lessons:
        with base.database.writing("index", None) as transaction:
            pgvector.index(transaction.connection, encoder.name, len(vectors[0]))
    return len(lessons)


def _done(connection: Connection, model: str) -> set[int]:
    return set(connection.execute(select(schema.vectors.c.record).where(schema.vectors.c.model == model)).scalars())


def put_vectors(base: KnowledgeBase, model: str, rows: Sequence[tuple[int, NDArray[np.float32]]]) -> None:
    """Keep vectors of records, in the place of what was kept of the same ones."""
    table = schema.vectors
    with base.database.writing("index", None) as transaction:
        connection = transaction.connection
        if pgvector.present(connection):
            pgvector.put(connection, model, rows)
            return
        connection.execute(delete(table).where(table.c.model == model, table.c.record.in_([row[0] for row in rows])))
        kept = [{"record": record, "model": model, "vector": vector.tobytes()} for record, vector in rows]
        connection.execute(insert(table), kept)


def read_vectors(connection: Connection, model: str) -> Vectors:
    """The vectors of all believed lessons."""
    import numpy as np

    vectors, lessons = schema.vectors, schema.lessons
    query = (
        select(vectors.c.record, vectors.c.vector)
        .join(lessons, lessons.c.id == vectors.c.record)
        .where(vectors.c.model == model, finding.in_state(lessons, finding.NOW))
        .order_by(vectors.c.record)
    )
    rows = connection.execute(query).all()
    ids = np.array([row[0] for row in rows], np.int64)
    width = len(rows[0][1]) // 4 if rows else 64
    full = np.frombuffer(b"".join(row[1] for row in rows), np.float32).reshape(len(rows), width)
    return Vectors(ids, full, signs_of(full))


def state(connection: Connection) -> tuple[int, int]:
    """What changes when vectors or lessons do."""
    counted = connection.execute(select(func.count()).select_from(schema.vectors)).scalar_one()
    last = connection.execute(select(func.max(schema.changes.c.at))).scalar_one()
    return counted, last or 0
