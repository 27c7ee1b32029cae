"""Search by words: BM25 over facts or lessons, in the database.

A word that stands in a hundred thousand facts says little and costs much. So words are counted first (up to a bound),
and the rarest are taken until their records are too many to score; what only common words match is found where nothing
rarer does. SQLite ranks with FTS5's bm25(); in PostgreSQL, whose ts_rank knows no rarity, BM25 is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from brigade.knowledge.fulltext import INDEXES
from brigade.knowledge.records import Record
from sqlalchemy import Connection, text

SCORED = 5000
"""Records that one search scores, at most, give or take the rarest word's."""
MOST_WORDS = 32
_WORD = re.compile(r"\w+")
_K1, _B, _USUAL_LENGTH = 1.2, 0.75, 8.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A record that was found."""

    id: int
    score: float
    """Higher is better; of one kind of search only."""


STOP_WORDS = frozenset(
    "a an and are as at be been but by can did do does for from had has have he her him his how i if in into is it its "  # noqa: SIM905
    "me my no nor not of on or our s she should so some t than that the their them then there these they this those to "
    "was we were what when where which who whom why will with would you your".split()
)


def words_of(query: str) -> list[str]:
    """The words of a query that are worth looking for, each once; all of them where none is."""
    every = list(dict.fromkeys(_WORD.findall(query.replace("_", " ").casefold())))
    return ([word for word in every if word not in STOP_WORDS] or every)[:MOST_WORDS]


def words_of_all(text: str) -> set[str]:
    """Every word of a text."""
    return set(_WORD.findall(text.replace("_", " ").casefold()))


def counts(connection: Connection, kind: type[Record], words: Sequence[str]) -> dict[str, int]:
    """In how many records of a kind each word stands, up to one above SCORED."""
    return {word: _count(connection, kind, word) for word in words}


def search(connection: Connection, kind: type[Record], query: str, limit: int) -> list[Scored]:
    """The records of a kind that match a query's words best, best first."""
    words = words_of(query)
    if not words:
        return []
    sqlite = connection.dialect.name == "sqlite"
    found = counts(connection, kind, words)
    chosen = _choose(found)
    if not chosen:
        return []
    return (_fts5 if sqlite else _tsvector)(connection, kind, chosen, found, limit)


def _choose(counts: Mapping[str, int]) -> list[str]:
    """The rarest words, until their records are too many; at least one."""
    chosen: list[str] = []
    total = 0
    for word, count in sorted(counts.items(), key=lambda each: (each[1], each[0])):
        if count and (not chosen or total + count <= SCORED):
            chosen.append(word)
            total += count
    return chosen


_COUNTS = {
    "sqlite": "SELECT count(*) FROM (SELECT 1 FROM {0} WHERE {0} MATCH :word LIMIT :most)",
    "postgresql": "SELECT count(*) FROM (SELECT 1 FROM {0} WHERE body @@ plainto_tsquery('english', :word) LIMIT :most)"
    " AS found",
}


def _count(connection: Connection, kind: type[Record], word: str) -> int:
    """How many records have a word, counted up to one above the bound."""
    dialect = connection.dialect.name
    statement = text(_COUNTS[dialect].format(INDEXES[kind]))
    shown = f'"{word}"' if dialect == "sqlite" else word
    return int(connection.execute(statement, {"word": shown, "most": SCORED + 1}).scalar_one())


def _fts5(
    connection: Connection, kind: type[Record], words: Sequence[str], counts: Mapping[str, int], limit: int
) -> list[Scored]:
    index = INDEXES[kind]
    match = " OR ".join(f'"{word}"' for word in words)
    if counts[words[0]] > SCORED:  # only common words: the first of their records, without scoring all
        statement = f"SELECT rowid, -1.0 FROM {index} WHERE {index} MATCH :match LIMIT :limit"
        match = " AND ".join(f'"{word}"' for word in counts if counts[word])
    else:
        statement = f"SELECT rowid, rank FROM {index} WHERE {index} MATCH :match ORDER BY rank, rowid LIMIT :limit"
    rows = connection.execute(text(statement), {"match": match, "limit": limit})
    return [Scored(identity, -rank) for identity, rank in rows]


def _tsvector(
    connection: Connection, kind: type[Record], words: Sequence[str], counts: Mapping[str, int], limit: int
) -> list[Scored]:
    columns = ", ".join(
        f"CASE WHEN body @@ plainto_tsquery('english', :w{n}) THEN 1 ELSE 0 END" for n in range(len(words))
    )
    wanted = " || ".join(f"plainto_tsquery('english', :w{number})" for number in range(len(words)))
    statement = f"SELECT id, length(body), {columns} FROM {INDEXES[kind]} WHERE body @@ ({wanted}) LIMIT :most"
    values: dict[str, object] = {f"w{number}": word for number, word in enumerate(words)}
    rows = connection.execute(text(statement), {**values, "most": 2 * SCORED}).all()
    weights = [log(1 + 1_000_000 / (counts[word] + 0.5)) for word in words]
    scored = [Scored(row[0], _bm25(row[1], row[2:], weights)) for row in rows]
    return sorted(scored, key=lambda each: (-each.score, each.id))[:limit]


def _bm25(length: int, present: Sequence[int], weights: Sequence[float]) -> float:
    """BM25 where each word stands once, as it mostly does in facts and lessons; a usual length is 8 words."""
    part = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length / _USUAL_LENGTH))
    return sum(weight * part for weight, there in zip(weights, present, strict=True) if there)
