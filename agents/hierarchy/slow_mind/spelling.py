"""From a message as typed to the words of the lexicon: punctuation, phrases, spelling. Knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from brigade.agents.hierarchy.slow_mind import words as w

MAX_LENGTH = 600
"""Characters of a message that are read."""

_SPELLABLE = sorted(
    {*w.FOODS, *w.SOUPS, *w.VERBS, "ingredients", "another", "always", "order", "orders", "ordered", "customer"}
)
_KNOWN = frozenset().union(
    w.FOODS,
    w.SOUPS,
    w.VERBS,
    w.COUNTS,
    w.STANDING,
    w.STOP,
    w.CORRECTION,
    w.CHATTER,
    w.FILLER,
    w.MYSELF,
    w.IT,
    w.OTHERS,
    w.ASKING,
)
_SOUP = ("soup", "soups", "stew", "stews")
_LISTING = ("and", ",", "with", "plus", "the", "n")
_SHORTEST = 5
"""Letters of a word that a misspelt one may stand for; shorter ones are only recognised with letters swapped."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the lexicon knows it."""

    text: str
    sure: bool = True
    """Whether it was written so, apart from its ending."""
    ing: bool = False
    """Whether it is a verb that was written with -ing."""


def clean(message: str) -> str:
    """Lower case, with commas for all punctuation, `x3` for "3 times", and short forms written out."""
    text = message[:MAX_LENGTH].lower().replace("’", "'").replace("‘", "'")
    text = re.sub(r"[\"“”()\[\]{}*_~<>#]", " ", text)
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text)
    text = re.sub(r"&|\+", " and ", text)
    text = re.sub(r"\b(\d+)\s*x\b(?=\s*[a-z])", r" \1 ", text)
    text = re.sub(r"\b(\d+)\s*x\b|\bx\s*(\d+)\b", r" x\1\2 ", text)
    text = re.sub(rf"\b(\d+|{'|'.join(w.COUNTS)}) times\b", lambda match: f"x{_number(match[1])}", text)
    text = re.sub(r"\btwice\b(?! \w*two)", "x2", text)
    text = re.sub(r"[;:]|\.(?=\s|$)|\.{2,}|…|[!?]+|,|\s-\s|—|–", " , ", text)
    text = re.sub(r"\b(there|it|that|here)'?s\b(?= \w)", r"\1 is", text)
    text = re.sub(r"'s\b(?= (?:about|on|ready|done|burn|in|caught|still|been))", " is", text)
    text = re.sub(r"'s\b", "", text)
    return " ".join(text.split())


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else w.COUNTS[word]


def polite(text: str) -> str:
    """A cleaned message with "please" for everything that is said around a request and changes nothing."""
    return _polite().sub("please", text)


@cache
def _polite() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{'|'.join(w.POLITE)})(?![\w'])")


def reduce(text: str) -> list[Word]:
    """The words of a cleaned message, its phrases replaced and its misspelt words put right."""
    for pattern, replacement in _phrases():
        text = pattern.sub(replacement, text)
    text = re.sub(r"\bdon'?t\b|\bdo not\b", "dont", text)
    return _name_soups([_spell(word) for word in text.split()])


def _name_soups(words: list[Word]) -> list[Word]:
    """The words with soups that are called by their foods ("lettuce and tomato soup") called by their names."""
    named: list[Word] = []
    at = 0
    while at < len(words):
        soup, end = _soup_at(words, at)
        named += [Word(soup), Word("soup")] if soup else [words[at]]
        at = end if soup else at + 1
    return named


def _soup_at(words: list[Word], at: int) -> tuple[str | None, int]:
    """The name of the soup that is described from here on, and where the description ends; None if none is."""
    foods, end = _foods_from(words, at)
    if len(foods) > 1 and end < len(words) and words[end].text in _SOUP:
        return w.SOUP_OF.get(frozenset(foods)), end + 1
    start = next((i for i in range(at + 1, min(at + 4, len(words))) if words[i].text in ("with", "of", "from")), None)
    if words[at].text not in _SOUP or start is None:
        return None, at
    if start + 1 < len(words) and words[start + 1].text == "david":  # "all three" was put down to David
        return "david", start + 2
    foods, end = _foods_from(words, start + 1)
    return w.SOUP_OF.get(frozenset(foods)), end


def _foods_from(words: list[Word], at: int) -> tuple[list[int], int]:
    """Different foods that are listed from here on, and where the list ends."""
    foods: list[int] = []
    end = at
    for i in range(at, len(words)):
        food = w.FOODS.get(words[i].text)
        if food is not None and food not in foods:
            foods.append(food)
            end = i + 1
        elif food is not None or words[i].text not in _LISTING or not (foods or words[i].text == "the"):
            break
    return foods, end


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\b(?:{pattern})"), replacement) for pattern, replacement in w.PHRASES)


@cache
def _spell(word: str) -> Word:
    """A word in the form that the lexicon knows, if it is near one."""
    if word in _KNOWN or len(word) < 4:
        return Word(word)
    for form, suffix in _forms(word):
        if form in w.VERBS and suffix == "ed":
            return Word(w.PARTICIPLES[w.VERBS[form]])
        if form in w.VERBS and suffix in ("", "ing"):
            return Word(form, ing=suffix == "ing")
        if (form in w.FOODS or form in w.SOUPS) and suffix in ("", "s", "es"):
            return Word(form)
    for form, suffix in _forms(word):
        known = _near(form)
        if known is not None:
            return Word(known, sure=known not in w.VERBS, ing=suffix == "ing")
    return Word(word)


def _near(form: str) -> str | None:
    """The known word that this one is a slip of."""
    if form in w.OTHERS:
        return None
    swapped = [known for known in _SPELLABLE if _swapped(form, known)]
    close = swapped or get_close_matches(form, [each for each in _SPELLABLE if len(each) >= _SHORTEST], n=1, cutoff=0.8)
    return close[0] if close and (close[0][0] == form[0] or len(form) > _SHORTEST) else None


def _swapped(form: str, known: str) -> bool:
    """Whether two neighbouring letters changed places."""
    return len(form) == len(known) and any(
        form == known[:i] + known[i + 1] + known[i] + known[i + 2 :] for i in range(len(known) - 1)
    )


def _forms(word: str) -> Iterator[tuple[str, str]]:
    """What the word may be a form of, with the ending that it has then."""
    yield word, ""
    for suffix in ("es", "s", "ing", "ed"):
        if word.endswith(suffix):
            stem = word.removesuffix(suffix)
            yield stem, suffix
            yield stem + "e", suffix
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1], suffix
