"""Fused search: by words, by meaning, by tags and by what is near in the graph.

Each search gives a ranking; they are fused by reciprocal rank (RRF: Cormack, Clarke and Buettcher 2009, k = 60), which
needs no scores that compare. A lesson's place also goes by how its use went: its fused score is multiplied by 0.5 plus
its worth, which is 1 for a lesson that was never tried.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from brigade.knowledge import finding
from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.records import Fact, Lesson, Record, Statistics
from brigade.knowledge.retrieval import dense, graph, lexical, pgvector
from sqlalchemy import Connection

KINDS = ("all", "facts", "lessons")
DEPTH = 50
"""Places of each ranking that count."""
_K = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found."""

    record: Record
    score: float
    by: tuple[str, ...]
    """The searches that found it: words, tags, graph, meaning."""
    closeness: float = 0.0
    """Cosine of its vector and the question's; 0 where it was not found by meaning."""


class Search:
    """Searches a knowledge base. Several threads may use one.

    Args:
        base: the knowledge base.
        encoder: for search by meaning; None: without. Only lessons that `dense.index` has seen are found by it.
    """

    def __init__(self, base: KnowledgeBase, encoder: dense.Encoder | None = None) -> None:
        self._base = base
        self._encoder = encoder
        self._vectors: tuple[tuple[int, int], dense.Vectors] | None = None
        self._lock = threading.Lock()

    @property
    def by_meaning(self) -> bool:
        """Whether it goes by meaning, too."""
        return self._encoder is not None

    def search(self, question: str, *, limit: int = 10, kind: str = "all") -> list[Hit]:
        """What fits a question best, best first."""
        with self._base.database.reading() as connection:
            rankings: dict[tuple[type[Record], str], Sequence[int]] = {}
            close: dict[int, float] = {}
            if kind != "lessons":
                rankings[Fact, "words"] = self._words(connection, Fact, question)
                rankings[Fact, "graph"] = graph.around(connection, graph.named(connection, question), DEPTH)
            if kind != "facts":
                rankings[Lesson, "words"] = self._words(connection, Lesson, question)
                rankings[Lesson, "tags"] = self._tags(connection, question)
                if self._encoder is not None:
                    near = self._meaning(connection, self._encoder, question)
                    close = {hit.id: hit.score for hit in near}
                    rankings[Lesson, "meaning"] = list(close)
            return _fused(connection, rankings, limit, close)

    def lessons(self, question: str, *, limit: int = 3) -> list[Lesson]:
        """The lessons that fit a question best."""
        hits = self.search(question, limit=limit, kind="lessons")
        return [hit.record for hit in hits if isinstance(hit.record, Lesson)]

    @staticmethod
    def _words(connection: Connection, kind: type[Record], question: str) -> list[int]:
        return [hit.id for hit in lexical.search(connection, kind, question, DEPTH)]

    @staticmethod
    def _tags(connection: Connection, question: str) -> list[int]:
        """Lessons by how many of their tags are in the question."""
        words = lexical.words_of(question)
        pairs = [f"{one} {other}" for one, other in pairwise(words)]
        wanted = list(dict.fromkeys(tag for word in [*words, *pairs] for tag in (word, graph.singular(word))))
        counts = finding.count_tagged(connection, wanted, DEPTH)
        return [identity for identity, _ in counts]

    def _meaning(self, connection: Connection, encoder: dense.Encoder, question: str) -> list[lexical.Scored]:
        vector = encoder.encode([question])[0]
        if pgvector.present(connection):
            return pgvector.nearest(connection, encoder.name, vector, DEPTH)
        with self._lock:
            now = dense.state(connection)
            if self._vectors is None or self._vectors[0] != now:
                self._vectors = now, dense.read_vectors(connection, encoder.name)
            vectors = self._vectors[1]
        return vectors.nearest(vector, DEPTH)


def _fused(
    connection: Connection,
    rankings: dict[tuple[type[Record], str], Sequence[int]],
    limit: int,
    close: Mapping[int, float],
) -> list[Hit]:
    scores: dict[int, float] = defaultdict(float)
    by: dict[int, list[str]] = defaultdict(list)
    kinds: dict[int, type[Record]] = {}
    for (kind, name), ranking in rankings.items():
        for place, identity in enumerate(ranking[:DEPTH], 1):
            scores[identity] += 1 / (_K + place)
            by[identity].append(name)
            kinds[identity] = kind
    best = sorted(scores, key=lambda identity: (-scores[identity], identity))[: limit * 2]
    records: dict[int, Record] = {}
    for kind in (Fact, Lesson):
        records |= finding.by_ids(connection, kind, [identity for identity in best if kinds[identity] is kind])
    hits = [
        Hit(records[each], scores[each] * _worth(records[each]), tuple(by[each]), close.get(each, 0.0))
        for each in best
        if each in records
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.record.id))[:limit]


def _worth(record: Record) -> float:
    if not isinstance(record, Lesson):
        return 1.0
    return 0.5 + Statistics(record.uses, record.wins, record.losses).worth
