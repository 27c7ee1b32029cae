"""Measures of a protection: which private units are still in what left, and how much of the rest is.

A unit counts as leaked verbatim if it occurs in what left, whatever its case; normalised, if its letters and digits
do; fuzzy, if a stretch of what left is at least 90 % like it (partial ratio of the normalised Indel distance). Words
kept are those of the text outside every unit that are still there, in order. No model judges.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from brigade.agents.privacy.squeezed import squeeze
from rapidfuzz.fuzz import partial_ratio

FUZZY = 90.0
FUZZY_FROM = 5
"""Letters and digits from which on a unit is looked for fuzzily."""


class PupaMissing(ValueError):
    """The data of PUPA is not where it was said to be, or has another form."""


@dataclass(frozen=True, slots=True)
class Row:
    """A request of PUPA: what a user asked, and what of it is private."""

    query: str
    units: tuple[str, ...]
    """Those that occur in the query, lower-case."""
    reference: str
    """The answer of a strong model that saw all."""


@dataclass(frozen=True, slots=True)
class Leaks:
    """Of one row."""

    units: int
    verbatim: int
    normalised: int
    fuzzy: int
    words: int
    """Words outside every unit."""
    kept: int


def read_pupa(file: Path) -> list[tuple[str, Row]]:
    """Every row with its name.

    Raises:
        PupaMissing: the file is not there, or is another.
    """
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        return [(row["conversation_hash"], _row(row)) for row in rows]
    except OSError as error:
        raise PupaMissing(f"{file}: {error.strerror}; get pupa_tnb.csv of PAPILLON and give its place") from None
    except (KeyError, csv.Error, UnicodeDecodeError):
        raise PupaMissing(f"{file}: not a table of PUPA (user_query, target_response, pii_units)") from None


def _row(row: dict[str, str]) -> Row:
    query = row["user_query"]
    units = dict.fromkeys(unit.strip().lower() for unit in row["pii_units"].split("||"))
    present = tuple(unit for unit in units if unit and unit in query.lower())
    return Row(query, present, row["target_response"])


def halves(rows: Sequence[tuple[str, Row]]) -> tuple[list[Row], list[Row]]:
    """A half to train and develop on, and one to test on; by the row's name, so that both stay what they are."""
    return (
        [row for name, row in rows if sha256(name.encode()).digest()[0] % 2 == 0],
        [row for name, row in rows if sha256(name.encode()).digest()[0] % 2 == 1],
    )


def leaks(row: Row, left: str) -> Leaks:
    """What of a row is in what left of it."""
    low, squeezed = left.lower(), squeeze(left)
    verbatim = {unit for unit in row.units if unit in low}
    normalised = verbatim | {unit for unit in row.units if len(squeeze(unit)) >= 3 and squeeze(unit) in squeezed}
    fuzzy = normalised | {
        unit
        for unit in row.units
        if len(squeeze(unit)) >= FUZZY_FROM and partial_ratio(unit, low, score_cutoff=FUZZY) >= FUZZY
    }
    words = public_words(row)
    return Leaks(len(row.units), len(verbatim), len(normalised), len(fuzzy), len(words), _kept(words, _words(left)))


def public_words(row: Row) -> list[str]:
    """The words of a query that are in none of its units."""
    text = row.query.lower()
    private = [False] * len(text)
    for unit in row.units:
        at = text.find(unit)
        while at >= 0:
            private[at : at + len(unit)] = [True] * len(unit)
            at = text.find(unit, at + 1)
    return [m.group() for m in re.finditer(r"\w+", text) if not any(private[m.start() : m.end()])]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"<[A-Z_]+_\d+>", " ", text).lower())


def _kept(words: Sequence[str], left: Sequence[str]) -> int:
    matcher = SequenceMatcher(None, words, left, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def share(parts: Iterable[int], wholes: Iterable[int]) -> float:
    """Sum of parts over sum of wholes."""
    whole = sum(wholes)
    return sum(parts) / whole if whole else 0.0


def interval(parts: Sequence[int], wholes: Sequence[int], seed: int = 0, draws: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of `share`, over rows."""
    chance = random.Random(seed)
    rows = range(len(parts))
    shares = []
    for _ in range(draws):
        drawn = [chance.choice(rows) for _ in rows]
        shares.append(share((parts[at] for at in drawn), (wholes[at] for at in drawn)))
    shares.sort()
    return shares[int(0.025 * draws)], shares[int(0.975 * draws) - 1]
