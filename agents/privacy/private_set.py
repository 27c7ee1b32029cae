"""The private set: everything that must not leave, and the search for it in a text.

Three searches, each on every reading of the text: for values and their parts, whatever separates their letters; for
runs of three or four words that a private text has too; for words that differ from a private one by a slip of the
pen. The time grows with the text, not with the private set. Knows nothing of requests and models.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from brigade.agents.privacy.normal import readings
from brigade.agents.privacy.spans import Span
from brigade.agents.privacy.squeezed import Squeezed, squeeze, squeezes
from brigade.agents.privacy.values import (
    FREE_DIGITS,
    STOP,
    Fact,
    Needle,
    kind_of,
    needles_of,
    needles_of_text,
    ordinary,
)
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

FACT_RUN, TEXT_RUN = 3, 4
"""Words in a row that a message and a private fact, or a longer private text, may not share."""
SPREAD_FROM = 4
"""Letters of the shortest value that is looked for across fields."""
MAX_JOINED = 64
"""Letters of the longest value that is looked for word by word; longer ones are found anywhere."""
JOINT = 256
"""Characters on each side of where two texts meet in which a value that is spread over both is looked for, at least."""
HEAD = 3
"""Letters by which is told whether any value begins like this: only words at which one may begin are looked at."""
FUZZY_FROM = 5
"""Letters from which on a word with one slip is still recognised; from 9 on, two slips."""


@dataclass(slots=True)
class PrivateSet:
    """What must not leave.

    Args:
        facts: what the user says of themselves, each with a key such as `name`.
        texts: longer private texts: what they wrote, what was retrieved from memory.
        allow: terms that are never private, whatever the facts say.
    """

    facts: Sequence[Fact] = ()
    texts: Sequence[str] = ()
    allow: Sequence[str] = ()
    _bounded: dict[str, str] = field(default_factory=dict, init=False)
    _heads: dict[str, int] = field(default_factory=dict, init=False)
    _short: set[int] = field(default_factory=set, init=False)
    """Lengths of values that are shorter than a head."""
    _free: dict[str, list[Needle]] = field(default_factory=lambda: defaultdict(list), init=False)
    _widths: set[int] = field(default_factory=set, init=False)
    _runs: dict[tuple[str, ...], str] = field(default_factory=dict, init=False)
    _rare: dict[str, str] = field(default_factory=dict, init=False)
    _allowed: frozenset[str] = field(default=frozenset(), init=False)

    def __post_init__(self) -> None:
        self._allowed = frozenset(squeeze(term) for term in self.allow)
        for fact in self.facts:
            self.add_needles(needles_of(fact))
            self._add_runs(fact.value, FACT_RUN, kind_of(fact.key, fact.value))
        for text in self.texts:
            self.add_needles(needles_of_text(text))
            self._add_runs(text, TEXT_RUN, "DETAIL")

    @property
    def empty(self) -> bool:
        """Whether nothing is private."""
        return not (self._bounded or self._free or self._runs)

    def with_values(self, values: Iterable[tuple[str, str]]) -> PrivateSet:
        """This set and more values, each with its kind: those that placeholders stand for."""
        added = PrivateSet()
        added._allowed = self._allowed
        added._bounded, added._heads = dict(self._bounded), dict(self._heads)
        added._free = defaultdict(list, {key: list(needles) for key, needles in self._free.items()})
        added._widths, added._short = set(self._widths), set(self._short)
        added._runs, added._rare = self._runs, dict(self._rare)
        for value, kind in values:
            squeezed = squeeze(value)
            if len(squeezed) >= 3 or (len(squeezed) == 2 and squeezed.isdigit()):
                free = len(squeezed) >= 8 or (squeezed.isdigit() and len(squeezed) >= FREE_DIGITS)
                added.add_needles([Needle(squeezed, kind, free)])
        return added

    def add_needles(self, needles: Iterable[Needle]) -> None:
        """Add what must not leave."""
        for needle in needles:
            if needle.squeezed in self._allowed:
                continue
            if needle.free:
                key = needle.squeezed[:FREE_DIGITS] if needle.squeezed.isascii() else needle.squeezed[:2]
                self._widths.add(len(key))
                same = self._free[key]
                if all(other.squeezed != needle.squeezed for other in same):
                    same.append(needle)
            self._bounded.setdefault(needle.squeezed, needle.kind)
            head = needle.squeezed[:HEAD]
            if len(head) < HEAD:
                self._short.add(len(head))
            self._heads[head] = max(len(needle.squeezed), self._heads.get(head, 0))
            if len(needle.squeezed) >= FUZZY_FROM and needle.squeezed.isalpha() and needle.squeezed not in ordinary():
                self._rare.setdefault(needle.squeezed, needle.kind)

    def find(self, text: str) -> list[Span]:
        """Every piece of a text that is private."""
        if self.empty:
            return []
        found: list[Span] = []
        for squeezed in squeezes(text):
            found += self._values(squeezed)
            found += self._overlaps(squeezed)
            found += self._slips(squeezed)
        return found

    def in_pieces(self, pieces: Sequence[str]) -> bool:
        """Whether a value is spread over several texts, of which each alone has nothing of it."""
        reach = max(JOINT, 4 * max(self._heads.values(), default=0))
        ways = readings("".join(_ends(piece, reach) for piece in pieces))
        return any(
            span.end - span.start >= SPREAD_FROM
            for reading in (ways if len(ways) == 1 else (ways[0], ways[-1]))
            for span in self._values(Squeezed(reading))
        )

    def _values(self, squeezed: Squeezed) -> Iterator[Span]:
        if not squeezed.words:
            return
        for size in range(1, HEAD + 1):
            at_head = squeezed.heads(size) if size == HEAD or size in self._short else {}
            for head in at_head.keys() & self._heads.keys():
                if len(head) == size:
                    for first in at_head[head]:
                        yield from self._from_word(squeezed, first, min(MAX_JOINED, self._heads[head]))
        if self._free:
            yield from self._anywhere(squeezed)

    def _from_word(self, squeezed: Squeezed, first: int, longest: int) -> Iterator[Span]:
        """Values that begin with this word and end with a later one."""
        words, bounded = squeezed.words, self._bounded
        joined = ""
        for last in range(first, len(words)):
            joined += words[last]
            if len(joined) > longest:
                return
            kind = bounded.get(joined)
            if kind is not None:
                yield Span(*squeezed.of_words(first, last), kind, "private")

    def _anywhere(self, squeezed: Squeezed) -> Iterator[Span]:
        text = squeezed.text
        for width in self._widths:
            for key in squeezed.grams(width) & self._free.keys():
                for needle in self._free[key]:
                    at = text.find(needle.squeezed)
                    while at >= 0:
                        yield Span(*squeezed.of_characters(at, at + len(needle.squeezed)), needle.kind, "private")
                        at = text.find(needle.squeezed, at + 1)

    def _overlaps(self, squeezed: Squeezed) -> Iterator[Span]:
        if not self._runs:
            return
        words = squeezed.words
        for size in (FACT_RUN, TEXT_RUN):
            shared = squeezed.runs(size) & self._runs.keys()
            if shared:
                for first in range(len(words) - size + 1):
                    run = tuple(words[first : first + size])
                    if run in shared:
                        yield Span(*squeezed.of_words(first, first + size - 1), self._runs[run], "overlap")

    def _slips(self, squeezed: Squeezed) -> Iterator[Span]:
        """Words at a distance of one edit (two from nine letters on) from a private one; no ordinary words."""
        if not self._rare:
            return
        known = ordinary()
        seen = [
            word for word in squeezed.places if len(word) >= FUZZY_FROM - 1 and word.isalpha() and word not in known
        ]
        if not seen:
            return
        private = list(self._rare)
        distances = cdist(seen, private, scorer=OSA.distance, score_cutoff=2, workers=1)
        for row, column in zip(*(distances <= 2).nonzero(), strict=True):
            allowed = 2 if min(len(private[column]), len(seen[row])) >= 9 else 1
            if distances[row, column] <= allowed:
                for at in squeezed.places[seen[row]]:
                    yield Span(*squeezed.of_words(at, at), self._rare[private[column]], "fuzzy")

    def _add_runs(self, text: str, size: int, kind: str) -> None:
        words = Squeezed(readings(text)[0]).words
        for first in range(len(words) - size + 1):
            run = tuple(words[first : first + size])
            telling = [word for word in run if word not in STOP and (len(word) > 2 or word.isdigit())]
            if len(telling) >= 2 and "".join(run) not in self._allowed:
                self._runs.setdefault(run, kind)


def _ends(text: str, reach: int) -> str:
    """A text, or its two ends with a word between them that nobody has: what lies inside is looked at by itself."""
    return text if len(text) <= 2 * reach else f"{text[:reach]} qzxqzxqz {text[-reach:]}"
