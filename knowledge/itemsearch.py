"""Searching items of a store: filters on values, namespaces that match, rankings by meaning or by words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from brigade.knowledge import schema
from brigade.knowledge.database import Transaction
from brigade.knowledge.records import Fact
from brigade.knowledge.retrieval import lexical
from brigade.knowledge.retrieval.pgvector import ITEMS
from brigade.knowledge.values import BadValue
from langgraph.store.base import (
    IndexConfig,
    MatchCondition,
    PutOp,
    ensure_embeddings,
    get_text_at_path,
    tokenize_path,
)
from sqlalchemy import Connection, insert, select

Ranked = list[tuple[Fact, float | None]]
_WHOLE = "$"


def fits(value: Mapping[str, Any], wanted: Mapping[str, Any] | None) -> bool:
    """Whether a value has what a filter wants; operators as in LangGraph: $eq $ne $gt $gte $lt $lte."""
    return all(_is_like(value.get(key), part) for key, part in (wanted or {}).items())


def _is_like(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        if any(str(key).startswith("$") for key in wanted):
            return all(_compares(value, sign, other) for sign, other in wanted.items())
        return isinstance(value, Mapping) and all(_is_like(value.get(key), part) for key, part in wanted.items())
    if isinstance(wanted, list | tuple):
        if not isinstance(value, list | tuple) or len(value) != len(wanted):
            return False
        return all(_is_like(one, other) for one, other in zip(value, wanted, strict=True))
    return bool(value == wanted)


def _compares(value: Any, sign: str, other: Any) -> bool:
    match sign:
        case "$eq":
            return bool(value == other)
        case "$ne":
            return bool(value != other)
        case "$gt":
            return float(value) > float(other)
        case "$gte":
            return float(value) >= float(other)
        case "$lt":
            return float(value) < float(other)
        case "$lte":
            return float(value) <= float(other)
    raise ValueError(f"{sign} is no operator of a filter")


def does_match(condition: MatchCondition, namespace: Sequence[str]) -> bool:
    """Whether a namespace begins or ends as wanted; * stands for any part."""
    path = condition.path
    if condition.match_type not in ("prefix", "suffix"):
        raise ValueError(f"{condition.match_type!r} is neither prefix nor suffix")
    if len(namespace) < len(path):
        return False
    end = namespace[: len(path)] if condition.match_type == "prefix" else namespace[len(namespace) - len(path) :]
    return all(wanted in ("*", part) for part, wanted in zip(end, path, strict=True))


class Embedded:
    """The vectors of items.

    Args:
        index: LangGraph's: `embed`, `dims`, and the `fields` of a value that are embedded.
    """

    def __init__(self, index: IndexConfig) -> None:
        self._embeddings = ensure_embeddings(index["embed"])
        self._fields = list(index.get("fields") or [_WHOLE])

    def keep(self, transaction: Transaction, puts: Iterable[tuple[PutOp, int]]) -> None:
        """Make and keep the vectors of items."""
        texts: list[tuple[int, str, str]] = []
        for op, identity in puts:
            for path in [] if op.index is False else op.index or self._fields:
                found = get_text_at_path(op.value, path if path == _WHOLE else tokenize_path(path))
                texts += [(identity, f"{ITEMS}{path}.{number}"[:100], text) for number, text in enumerate(found)]
        if texts:
            rows = zip(texts, self._embeddings.embed_documents([text for _, _, text in texts]), strict=True)
            transaction.connection.execute(
                insert(schema.vectors),
                [{"record": one, "model": name, "vector": _packed(vector)} for (one, name, _), vector in rows],
            )

    def scores(self, connection: Connection, query: str, facts: Sequence[Fact]) -> dict[int, float]:
        """How much the most similar part of each item is like a query (cosine)."""
        import numpy as np

        wanted = np.array(self._embeddings.embed_query(query), np.float32)
        wanted /= np.linalg.norm(wanted) or 1.0
        best: dict[int, float] = {}
        vectors = schema.vectors
        ids = [fact.id for fact in facts]
        for start in range(0, len(ids), 500):
            some = vectors.c.record.in_(ids[start : start + 500])
            query_rows = select(vectors.c.record, vectors.c.vector).where(some, vectors.c.model.startswith(ITEMS))
            for identity, packed in connection.execute(query_rows):
                vector = np.frombuffer(packed, np.float32)
                score = float(vector @ wanted / (np.linalg.norm(vector) or 1.0))
                best[identity] = max(score, best.get(identity, -1.0))
        return best


def _packed(vector: Sequence[float]) -> bytes:
    import numpy as np

    packed = np.array(vector, np.float32)
    if packed.ndim != 1:
        raise BadValue("an embedding that is no list of numbers")
    return packed.tobytes()


def ranked(
    connection: Connection, embedded: Embedded | None, query: str, facts: Sequence[Fact], offset: int, limit: int
) -> Ranked:
    """The items that fit a query best, best first; then those that have no score, in their order."""
    if embedded is not None:
        scores = embedded.scores(connection, query, facts)
    else:
        scores = {hit.id: hit.score for hit in lexical.search(connection, Fact, query, lexical.SCORED)}
    scored = sorted((fact for fact in facts if fact.id in scores), key=lambda fact: -scores[fact.id])
    kept: Ranked = [(fact, scores[fact.id]) for fact in scored[offset : offset + limit]]
    rest = [fact for fact in facts if fact.id not in scores]
    return kept + [(fact, None) for fact in rest[: limit - len(kept)]]
