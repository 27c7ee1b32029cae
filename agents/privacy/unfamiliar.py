"""Words that ordinary English does not have: names of people and firms that no list knows, codes, web addresses.

A word counts as familiar if the list of ordinary words, or the longer list of words that a dictionary writes in small
letters (`brigade train words` makes both), has it or what it is derived from (`unbooked`, `renters`). What is left is mostly what entity models miss:
names in small letters, company names made up of nothing, model numbers. Inside a sentence a capital is enough, unless
the word is an ordinary one. Costs no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

from brigade.agents.privacy.spans import Span
from brigade.agents.privacy.values import ordinary, word_set

_WEB = re.compile(
    r"https?://[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+|(?<![\w.])@\w[\w.]{2,}|"
    r"(?<![\w.@])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|uk|edu|gov|ai|de|fr|info|app|dev|me|tv|eu|in)\b(?:/[^\s<>\"')\]]*)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’.&+-][^\W_]+)*")
_CAPITALS = re.compile(
    r"\b[A-Z][\w’'.-]*(?:(?:\s(?:of|the|and|&|de|la|van|von|for|in|at))?\s[A-Z][\w’'.-]*)+"
)  # fmt: skip
_PROPER = re.compile(r"(?<=[a-z,;:(] )([A-Z][a-z]{2,})(?![\w’'-])")
_TITLE = re.compile(r"(?<=[a-z,;:(] )[A-Z][a-z]+(?:(?: (?:of|the|and|&|for|in))? [A-Z][a-zA-Z]*)+")
"""Several words with capitals inside a sentence: the name of a firm or an office, however ordinary its words."""
_CALENDAR = word_set(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday english christmas easter internet therefore however moreover furthermore please "
    "dear sincerely regards hello thanks excel python java"
)
_MEASURE = re.compile(
    r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|k|m|b|bn|px|pt|cm|mm|km|kg|mg|g|ml|l|am|pm|gb|mb|tb|kb|x|h|hr|hrs|min|mins|sec|ms|"
    r"year|years|month|months|week|weeks|day|days|words?|d|v|w|hz|ghz|mhz|ft|in|lbs?|oz|c|f|e\d+)?|(?:19|20)\d\ds?|"
    r"[a-z]{1,3}\d{1,2}|covid-?19|[1-4]d|\d+-\w+|q[1-4]|utf-?8|sha-?256|base64|python3|html5|css3|mp[34]|h2o|co2",
    re.IGNORECASE,
)
_ENDINGS = (
    ("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ing", ("", "e")), ("ed", ("", "e")), ("ly", ("", "le", "y")),
    ("er", ("", "e", "y")), ("ers", ("", "e")), ("or", ("", "e")), ("ors", ("", "e")), ("est", ("", "e")), ("ness", ("",)),
    ("ment", ("",)), ("ments", ("",)), ("able", ("", "e")), ("ation", ("", "e")), ("ations", ("", "e")), ("ion", ("", "e")),
    ("ity", ("", "e")), ("al", ("", "e")), ("ally", ("", "al")), ("ive", ("", "e")), ("ize", ("", "y")), ("ise", ("", "y")),
    ("ized", ("", "y")), ("ised", ("", "y")), ("izing", ("", "y")), ("ful", ("",)), ("less", ("",)), ("ship", ("",)),
    ("ist", ("", "y")), ("ists", ("", "y")), ("ism", ("",)), ("ic", ("", "y")), ("ous", ("", "e")), ("y", ("", "e")),
    ("ance", ("", "e")), ("ence", ("", "e", "t")), ("ant", ("", "e")), ("ary", ("", "e")),
)  # fmt: skip
_INFLECTIONS = frozenset({"s", "es", "ies", "ed", "ing", "er", "ers", "ly", "y"})
_BRITISH = (
    ("our", "or"), ("ise", "ize"), ("isa", "iza"), ("ising", "izing"), ("yse", "yze"), ("tre", "ter"), ("lled", "led"),
    ("lling", "ling"), ("ogue", "og"), ("ence", "ense"), ("aeo", "eo"), ("mme", "m"),
)  # fmt: skip
"""British spellings and those of the dictionary, which is American."""
_BEGINNINGS = (
    "un", "re", "non", "pre", "over", "under", "inter", "multi", "co", "anti", "dis", "mis", "sub", "semi", "out", "micro",
    "super", "cyber", "bio", "auto", "de", "in", "im", "ir",
)  # fmt: skip


@cache
def known() -> frozenset[str]:
    """Words that are written in small letters."""
    text = resources.files("brigade.agents.privacy").joinpath("known.txt").read_text(encoding="utf-8")
    return frozenset(text.split()) | frozenset(ordinary()) | _CALENDAR


@cache
def names() -> frozenset[str]:
    """Ordinary words that are names too."""
    text = resources.files("brigade.agents.privacy").joinpath("names.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@lru_cache(maxsize=50_000)
def familiar(word: str) -> bool:
    """Whether a lower-case word, or what it is derived from, is known, in either spelling."""
    return _derived(word) or any(
        british in word and _derived(word.replace(british, american)) for british, american in _BRITISH
    )


def _derived(word: str) -> bool:
    words = known()
    if len(word) < 2 or word in words:
        return True
    for ending, instead in _ENDINGS:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= (3 if ending in _INFLECTIONS else 4):
            if any(stem + each in words for each in instead):
                return True
            if stem[-1] == stem[-2] and stem[:-1] in words:
                return True
    return any(word.startswith(b) and len(word) - len(b) >= 4 and word[len(b) :] in words for b in _BEGINNINGS)


class UnfamiliarDetector:
    """Finds words that are not familiar, web addresses, codes of letters and digits, and names with such a word."""

    name = "unfamiliar"

    def find(self, text: str) -> list[Span]:
        """See Detector.find."""
        found = [Span(m.start(), m.end(), "URL", self.name) for m in _WEB.finditer(text)]
        if not _latin(text):
            return found
        words = [m for m in _WORD.finditer(text) if _tells(m.group())]
        found += [Span(m.start(), m.end(), "DETAIL", self.name) for m in words]
        found += _names(text, {m.start() for m in words})
        found += [Span(m.start(), m.end(), "DETAIL", self.name) for m in _TITLE.finditer(text) if not _date(m.group())]
        found += [
            Span(m.start(1), m.end(1), "DETAIL", self.name) for m in _PROPER.finditer(text) if _proper(m.group(1))
        ]
        return found


def _names(text: str, telling: set[int]) -> Iterator[Span]:
    """Runs of capitalised words of which one is unfamiliar: the whole of a firm's name, and not only half of it."""
    for run in _CAPITALS.finditer(text):
        if any(run.start() <= at < run.end() for at in telling):
            yield Span(run.start(), run.end(), "DETAIL", "unfamiliar")


def _date(title: str) -> bool:
    """Whether words with capitals are those of the calendar alone: `Monday in January`."""
    return all(word.lower() in _CALENDAR for word in re.findall(r"[A-Z]\w*", title))


def _proper(word: str) -> bool:
    """Whether a word with a capital inside a sentence is a name, though a familiar one: `Google`, `Irvine`, `John`."""
    low = word.lower()
    return (low not in ordinary() or low in names()) and low not in _CALENDAR


def _tells(word: str) -> bool:
    parts = [part.lower() for part in re.findall(r"[^\W\d_]+", word)]
    if not parts:
        return False
    if any(each.isdigit() for each in word):
        return len(word) >= 4 and not _MEASURE.fullmatch(word)
    return word.isascii() and any(len(part) > 2 and not familiar(part) for part in parts)


def _latin(text: str) -> bool:
    """Whether most letters are Latin; the lists know no other language, and most of one's words are unfamiliar then."""
    letters = [each for each in text if each.isalpha()]
    return sum(each.isascii() for each in letters) >= 0.6 * len(letters)
