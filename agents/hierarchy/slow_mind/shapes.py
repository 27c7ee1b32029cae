"""Messages of a plain shape: those that the lexicon can be relied on to read.

The words of a request are put down to one letter each, by what they are; a request is plain when the letters match a
pattern of requests as a whole. So one word that is not accounted for makes the reading uncertain, and so does an order
of words that a request does not have ("I love onions", "you chop so fast"). Situations, questions and chatter are
plain when the whole message is one that is written down here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from brigade.agents.hierarchy.executor import Verb
from brigade.agents.hierarchy.slow_mind import words as w
from brigade.agents.hierarchy.slow_mind.spelling import Word

MOST = 12
"""The highest count that is plain; nobody wants more chopped within an episode of a hundred seconds."""

_VERB_LETTERS = {
    Verb.CHOP: "C",
    Verb.PREPARE: "P",
    Verb.COOK: "K",
    Verb.PLATE: "L",
    Verb.SERVE: "R",
    Verb.PUTOUT: "U",
    Verb.DROP: "D",
}
_LETTERS = {
    **dict.fromkeys(["please"], "y"),
    ",": ",",
    **dict.fromkeys(["and", "then", "plus", "also", "afterwards"], "&"),
    **dict.fromkeys(["of"], "o"),
    **dict.fromkeys(["more"], "m"),
    **dict.fromkeys(["soup", "soups"], "s"),
    **dict.fromkeys(["ingredient", "ingredients"], "i"),
    **dict.fromkeys(["for", "with"], "w"),
    **dict.fromkeys(["burnt", "burned", "charred"], "b"),
    **dict.fromkeys(["food", "stuff", "mess"], "t"),
    **dict.fromkeys(["fire", "fires", "flames"], "f"),
    **dict.fromkeys(["chopped"], "h"),
    **dict.fromkeys(["it", "them"], "I"),
    **dict.fromkeys(["no"], "n"),
    **dict.fromkeys(["wait", "sorry", "actually", "oops", "mean", "i"], "g"),
    w.ALWAYS: "A",
    w.KEEP: "H",
    "continue": "H",
    w.AGAIN: "J",
    w.EVERYTHING: "E",
    "another": "Q",
    **dict.fromkeys(["stop", "dont", "never", "quit", "avoid"], "X"),
}
_N = "(?:[NQ]a?|a?N|a)m?"
_FOOD = f"(?:{_N})?(?:oa?)?h?F(?:x)?"
_FOODS = f"{_FOOD}(?:,?&*{_FOOD})*"
_MIX = "a?F(?:,?&?a?F)*"
_SOUP = f"(?:(?:{_N})?Ss?x?|(?:{_N})?(?:F&F|FF|F,F,?&F|FFF)s|(?:{_N})?sw{_MIX})"
_SOUPS = f"{_SOUP}(?:,?&{_SOUP})*"
_ACTIONS = (
    f"C{_FOODS}|[KLR]{_SOUPS}|Pa?Ss?i?|Pa?iw(?:{_SOUP})|P{_MIX}i?|Ua?f?|Da?b(?:s|t)|[KLR](?:,?&?[KLR])+(?:{_SOUP})"
)
_ACTION = f"(?:{_ACTIONS})"
_BETWEEN = "(?:,?y*&+y*,?|,y*)"
_REQUEST = f"{_ACTION}(?:{_BETWEEN}(?:{_ACTION}|[LR]I|[LR]I{_BETWEEN}[R]I))*"
_HABIT_FOODS = "a?F(?:&a?F)*"
_HABIT = f"(?:C{_HABIT_FOODS}|[KLR]a?Ss?|Pa?Ss?i|Ua?f?|Da?b(?:s|t))"
_GERUND = _HABIT.replace("C", "c").replace("[KLR]", "[klr]").replace("P", "p").replace("U", "u").replace("D", "d")
_ANY_HABIT = f"(?:{_HABIT}|{_GERUND})"
_REQUESTS = re.compile(
    f"{_REQUEST}"
    f"|{_FOODS}"  # two onions
    f"|A,?A?{_HABIT}|{_HABIT},?A|HF|H{_GERUND}|A,?H{_GERUND}|H{_GERUND},?A"  # from now on
    f"|X|X{_ANY_HABIT}(?:,?&?,?{_REQUEST})?"  # don't
    f"|E(?:,?&?,?{_REQUEST})?"  # forget that
    f"|CNh?F,?n,?g*,?N|NF,?n,?g*,?N"  # chop two tomatoes, no, three
    f"|CN?a?h?F,?n,?g*,?N?F|CN?a?F,?g+,?N?F"  # chop tomatoes, no wait, onions
    f"|[KLR]a?Ss?,?(?:n,?g*|g+),?a?Ss?"
)
_BARE_SOUP = re.compile(f"(?:{_N})?Ss")
_REFERENCES = re.compile(r"Q|N(?=m)m|QN|J|&*[LR]I(?:&[R]I)?")
"""Plain only after a message that they can refer to."""


def letters(words: Sequence[Word]) -> str:
    """One letter for each word; `?` for those that are not accounted for."""
    return "".join(map(_letter, words))


def _letter(word: Word) -> str:
    if word.text in w.VERBS:
        letter = _VERB_LETTERS[w.VERBS[word.text]]
        return "?" if not word.sure else letter.lower() if word.ing else letter
    if word.text in w.FOODS:
        return "F"
    if word.text in w.SOUPS:
        return "S"
    if word.text in _LETTERS:
        return _LETTERS[word.text]
    if re.fullmatch(r"x\d+", word.text):
        return "x"
    if word.text in ("a", "an", "the", "that", "this", "some", "those", "these"):
        return "a"
    plausible = word.text.isdecimal() and 0 < int(word.text) <= MOST
    return "N" if word.text in w.COUNTS or plausible else "?"


def plain_request(words: Sequence[Word], *, referring: bool) -> bool:
    """Whether these words are a request of a plain shape.

    Args:
        words: the words, politeness as "please".
        referring: whether there was a message before that wanted something.
    """
    shape = re.sub(",+", ",", letters(words).replace("y", "")).strip(",&")
    if _BARE_SOUP.fullmatch(shape):
        return not referring  # else "now the Bob soup" may be about whatever was done before
    return bool(_REQUESTS.fullmatch(shape)) or (referring and bool(_REFERENCES.fullmatch(shape)))
