"""Vectors inside PostgreSQL, where the server offers the extension `vector` (pgvector).

They are in a column of that type with an HNSW index for each model, so that the nearest are found in the database and
no process holds them all.
The table `near` is there only where the extension is; without it, vectors are bytes and are searched in memory (see
brigade.knowledge.retrieval.dense). Knows no encoder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from brigade.knowledge import finding, schema
from brigade.knowledge.retrieval.lexical import Scored
from sqlalchemy import Connection, bindparam, column, func, select, table, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDEST = 2000
"""Numbers of the longest vector that an HNSW index takes; longer ones are compared one by one."""
CANDIDATES = 200
"""Vectors that a search of the index keeps in view (`hnsw.ef_search`)."""
ITEMS = "item "
"""How the models of a LangGraph store's vectors begin; see brigade.knowledge.itemsearch."""
_TABLE = (
    "CREATE TABLE near (record BIGINT NOT NULL, model VARCHAR(100) NOT NULL, vector vector NOT NULL, "
    "PRIMARY KEY (record, model))"
)
NEAR = table("near", column("record"), column("model"), column("vector"))


def present(connection: Connection) -> bool:
    """Whether vectors are kept in a column of the extension's type here."""
    if connection.dialect.name != "postgresql":
        return False
    return connection.execute(text("SELECT to_regclass('near')")).scalar() is not None


def adopt(connection: Connection) -> bool:
    """Move the vectors into the extension's type, if the server offers it; whether they are there now.

    A user who may not create the extension, and finds it not created, goes on without.
    """
    if present(connection):
        return True
    offered = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
    if connection.dialect.name != "postgresql" or connection.execute(offered).first() is None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError:
        return False
    connection.execute(text(_TABLE))
    models = connection.execute(select(schema.vectors.c.model).distinct()).scalars().all()
    for model in models:
        if not model.startswith(ITEMS):
            _move(connection, model)
    return True


def _move(connection: Connection, model: str) -> None:
    import numpy as np

    vectors, lessons = schema.vectors, schema.lessons
    believed = select(lessons.c.id).where(finding.in_state(lessons, finding.NOW))
    rows = connection.execute(
        select(vectors.c.record, vectors.c.vector).where(vectors.c.model == model, vectors.c.record.in_(believed))
    ).all()
    put(connection, model, [(row[0], np.frombuffer(row[1], np.float32)) for row in rows])
    connection.execute(vectors.delete().where(vectors.c.model == model))
    if rows:
        index(connection, model, len(rows[0][1]) // 4)


def put(connection: Connection, model: str, rows: Sequence[tuple[int, NDArray[np.float32]]]) -> None:
    """Keep vectors, in the place of what was kept of the same records."""
    statement = text(
        "INSERT INTO near (record, model, vector) VALUES (:record, :model, CAST(:vector AS vector)) "
        "ON CONFLICT (record, model) DO UPDATE SET vector = excluded.vector"
    )
    if rows:
        connection.execute(
            statement, [{"record": record, "model": model, "vector": _written(vector)} for record, vector in rows]
        )


def index(connection: Connection, model: str, width: int) -> None:
    """Make the index of a model's vectors, if it is not there; after the vectors, which is several times quicker."""
    if 0 < width <= WIDEST:
        name = "ix_near_" + hashlib.sha256(f"{model} {width}".encode()).hexdigest()[:12]
        connection.execute(
            text(
                f"CREATE INDEX IF NOT EXISTS {name} ON near USING hnsw ((vector::vector({width})) vector_cosine_ops) "
                f"WHERE model = :model AND vector_dims(vector) = {width}"
            ).bindparams(bindparam("model", model, literal_execute=True))
        )


def forget(connection: Connection, records: Sequence[int]) -> None:
    """Drop the vectors of records that are believed no more; they would take the places of others in a search."""
    if records and present(connection):
        connection.execute(text("DELETE FROM near WHERE record = ANY(:records)"), {"records": list(records)})


def done(connection: Connection, model: str) -> set[int]:
    """The records that have a vector."""
    return set(connection.execute(select(NEAR.c.record).where(NEAR.c.model == model)).scalars())


def count(connection: Connection, model: str) -> int:
    """How many vectors a model has."""
    return connection.execute(select(func.count()).select_from(NEAR).where(NEAR.c.model == model)).scalar_one()


def nearest(connection: Connection, model: str, vector: NDArray[np.float32], limit: int) -> list[Scored]:
    """The believed lessons whose vectors point most like this one, best first."""
    width = len(vector)
    connection.execute(text(f"SET LOCAL hnsw.ef_search = {max(CANDIDATES, min(limit, 1000))}"))
    apart = f"vector::vector({width}) <=> CAST(:vector AS vector({width}))"
    statement = text(  # the model as a literal, or the planner could not tell that its index serves
        f"SELECT found.record, 1 - found.apart FROM (SELECT record, {apart} AS apart FROM near "
        f"WHERE model = :model AND vector_dims(vector) = {width} ORDER BY {apart} LIMIT :limit) AS found "
        "JOIN lessons ON lessons.id = found.record WHERE lessons.retracted_at IS NULL AND lessons.status = 'accepted' "
        "ORDER BY found.apart"
    ).bindparams(bindparam("model", model, literal_execute=True))
    rows = connection.execute(statement, {"vector": _written(vector), "limit": limit})
    return [Scored(record, float(score)) for record, score in rows]


def _written(vector: NDArray[np.float32]) -> str:
    return json.dumps(vector.tolist())
