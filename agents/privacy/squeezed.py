"""Letters and digits alone: what a text says whatever separates its letters, with indexes to search it by.

A request is looked at several times (for the profile's values, for those of the conversation, by the redaction and
again by the boundary), each time by code that knows of no other look. What these looks have in common depends on the
text alone, so it is made once for each text and kept. Knows nothing of what is private.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence, Set
from functools import cached_property, lru_cache
from itertools import accumulate

from brigade.agents.privacy.normal import KEPT, LONGEST_KEPT, Reading, readings, unleeted, visible

_WORD = re.compile(r"\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
"""camelCase and letters beside digits are words of their own."""


class Squeezed:
    """The letters and digits of a reading in one lower-case string: separators do not matter in it.

    Args:
        reading: where they are from.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        places = [match.span() for match in _WORD.finditer(reading.text)]
        low = _lower(reading.text)
        self.words: Sequence[str] = [low[start:end] for start, end in places]
        """Each word, lower-case."""
        self._places = [start for start, _ in places]
        self._starts = list(accumulate(map(len, self.words), initial=0))
        self.text = "".join(self.words)
        self._heads: dict[int, dict[str, list[int]]] = {}
        self._grams: dict[int, Set[str]] = {}
        self._runs: dict[int, Set[tuple[str, ...]]] = {}

    def heads(self, size: int) -> dict[str, list[int]]:
        """The words by the letters that begin with them, `size` of them; a short word's go on in the next."""
        if size not in self._heads:
            found: dict[str, list[int]] = defaultdict(list)
            text = self.text
            for at, start in enumerate(self._starts[:-1]):
                found[text[start : start + size]].append(at)
            self._heads[size] = dict(found)
        return self._heads[size]

    def grams(self, size: int) -> Set[str]:
        """Every piece of so many characters, wherever it begins."""
        if size not in self._grams:
            text = self.text
            self._grams[size] = {text[at : at + size] for at in range(len(text))}
        return self._grams[size]

    def runs(self, size: int) -> Set[tuple[str, ...]]:
        """Every so many words in a row."""
        if size not in self._runs:
            self._runs[size] = set(zip(*(self.words[at:] for at in range(size)), strict=False))
        return self._runs[size]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each word is, by its number."""
        found: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words):
            found[word].append(at)
        return dict(found)

    def of_characters(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original text a piece of the squeezed text comes from."""
        return self._reading.span(self._place(start), self._place(end - 1) + 1)

    def of_words(self, first: int, last: int) -> tuple[int, int]:
        """Where in the original text the words from the first to the last, both included, come from."""
        return self._reading.span(self._places[first], self._places[last] + len(self.words[last]))

    def _place(self, at: int) -> int:
        word = bisect_right(self._starts, at, hi=len(self.words)) - 1
        return self._places[word] + at - self._starts[word]


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in text)  # a few letters grow


def squeezes(text: str) -> tuple[Squeezed, ...]:
    """Every reading of a text, squeezed; also with letters for the digits that stand in their place."""
    return _kept(text) if len(text) <= LONGEST_KEPT else _squeezed(text)


@lru_cache(maxsize=KEPT)
def _kept(text: str) -> tuple[Squeezed, ...]:
    return _squeezed(text)


def _squeezed(text: str) -> tuple[Squeezed, ...]:
    ways = readings(text)
    leet = unleeted(ways[-1])
    return tuple(Squeezed(reading) for reading in (ways if leet is None else (*ways, leet)))


def squeeze(text: str) -> str:
    """The letters and digits of a text, folded, lower-case."""
    return _lower("".join(_WORD.findall(visible(Reading(text)).text)))
