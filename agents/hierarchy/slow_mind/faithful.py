"""Whether a reply says what its facts say, and nothing else: the check of what a model makes of them.

The words that carry facts are put down to tokens: numbers, foods, soups, actions, states, negations, promises. A reply
must have those of its facts; and where that could be kept while the meaning is turned round, it must also bind them
alike: a number to the same thing, a "no" to the same thing, a state to the same soup, "I" and "you" as they were. In
doubt the reply is refused: then the plain sentence is said. Knows no state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from brigade.agents.hierarchy.wording import NUMBERS

MOST_LETTERS = 600
"""Characters of a reply."""

_FACT = re.compile(r"\d+|\b(?:alice|bob|cathy|david|tomato|lettuce|onion|fire|plat|serv|cook|chop|drop|prepar|stop)")
_THING = re.compile(r"\b(alice|bob|cathy|david|tomato|lettuce|onion|pot|board|plate|bin|extinguisher|delivery|fire)")
_FOOD = re.compile(r"\b(alice|bob|cathy|david|tomato|lettuce|onion)")
_NUMBERS = {word: str(count) for count, word in enumerate(NUMBERS) if count > 1}
_IDIOMS = re.compile(
    r"\b(?:no (?:problem|worries|doubt|sweat|trouble|rush|time to lose)|(?:don't|do not|dont) worry|not a problem|"
    r"say no more|why not|can't wait|nothing easier|not much time(?: left)?|"
    r"without (?:pause|a break|fail|delay))\b"
)
_EMPTY = re.compile(r"\bnot (?:one|a|any|a single) pot (?:is|are) in use\b|\b(?:pots?|it) do(?:es)? nothing\b")
_NO = re.compile(
    r"\b(?:no|not|never|nobody|nothing|none|neither|nor|cannot|without|unable|\w+n't|cant|dont|isnt|wont|hardly|"
    r"out of)\b"
)
_SPLIT = re.compile(r"[.;!?]|,|\b(?:and|but|then|while|before|after|whereupon|with)\b")
_STATES = (
    ("cooking", re.compile(r"\bstill cook|\bcooking\b|\bready in\b|\bsimmering\b|\bboiling\b|\bon its way\b")),
    ("cooked", re.compile(r"\bcooked\b|\bready\b(?! in)|\bdone\b|\bfinished\b|\bburns in\b|\buntil it burns\b")),
    ("charred", re.compile(r"\bcharred\b|\bburnt\b|\bburned\b|\bcharcoal\b|\bruined\b|\bwent black\b")),
    ("fresh", re.compile(r"\bfresh\b")),
    ("plated", re.compile(r"\bplated\b|\bon a plate\b")),
)
_I = re.compile(r"\bi(?:'m|'ve|'d)?\b(?!\.)(?! stop)|\bmy\b")
_I_ACT = re.compile(r"\bi(?:'m|'ve)\b|\bi (?:am|have|hold|can|did|do|was|was)\b|\bmy (?:hands?|side)\b")
_YOU = re.compile(r"\byou(?:'re|'ve|'d)?\b|\byours?\b")
_YOU_ACT = re.compile(
    r"\byou(?:'re|'ve)\b|\byou (?:are|have|hold|can|did|do|were|could|should|must)\b|\byour (?:hands?|side)\b"
)
_ORDERED = re.compile(r"\b(?:first|then|before|after|next|most urgent|comes first)\b")
_PROMISE = re.compile(
    r"\b(?:i'll|i will|i shall|i am going to|i'm going to|on it|will do|right away|i promise|consider it done)\b"
)
_ODD = re.compile(
    r"https?:|www\.|[{}<>\[\]\\|`]|facts:|partner:|system|assistant|language model|instruction|prompt", re.I
)


def is_faithful(reply: str, facts: str) -> bool:
    """Whether a reply says something, and just what the facts say."""
    if not reply.strip() or len(reply) > MOST_LETTERS or not reply.isprintable() or _ODD.search(reply):
        return False
    said, true = _plainly(reply), _plainly(facts)
    if " ".join(said.split()) == " ".join(true.split()):
        return True
    if set(_FACT.findall(said)) != set(_FACT.findall(true)):
        return False
    if _FACT.search(true) is None and _PROMISE.search(said) and not _PROMISE.search(true):
        return False
    said, true = _by_soup(said), _by_soup(true)
    return (
        _same_negations(said, true)
        and _same_numbers(said, true)
        and _same_states(said, true)
        and _same_persons(said, true)
        and _same_order(said, true)
    )


def _plainly(text: str) -> str:
    """Lower case, numbers as digits, idioms without their negations."""
    text = text.lower().replace("\u2019", "'")
    text = _EMPTY.sub("pots are empty", _IDIOMS.sub(" ", text))
    return re.sub(rf"\b(?:{'|'.join(_NUMBERS)})\b", lambda match: _NUMBERS[match[0]], text)


_FOODS = r"(?:lettuce|onion|tomato)(?:(?:\+|, | and )(?:lettuce|onion|tomato))+"


def _by_soup(text: str) -> str:
    """A text in which soups with their foods beside them go by their name alone."""
    text = re.sub(rf"{_FOODS} \((alice|bob|cathy|david)\)", r"\1", text)
    return re.sub(rf"(?<=alice|cathy|david) \({_FOODS}\)|(?<=bob) \({_FOODS}\)", "", text) if "(" in text else text


def _clauses(text: str) -> Iterator[str]:
    return (clause for clause in _SPLIT.split(text) if clause and clause.strip())


def _negated(text: str) -> set[str]:
    """Things that stand in a clause with a negation; "" for a negation without a thing."""
    found: set[str] = set()
    for clause in _clauses(text):
        if _NO.search(clause):
            found |= set(_THING.findall(clause)) or {""}
    return found


def _same_negations(said: str, true: str) -> bool:
    """Negations of the same things; a bare "no" or "not" only where the facts have one."""
    ours, theirs = _negated(true), _negated(said)
    if bool(ours) != bool(theirs):
        return False
    starts = [re.match(r"\W*(yes|no|not yet)\b", text) for text in (said, true)]
    if starts[0] is not None and starts[1] is not None and starts[0][1] != starts[1][1]:
        return False
    return ours - {""} == theirs - {""}


def _numbers(text: str) -> set[tuple[str, str]]:
    """Each number with the thing it is said of: the nearest in its clause, else the last one before."""
    found: set[tuple[str, str]] = set()
    last = ""
    for clause in _clauses(text):
        things = [(match.start(), match[1]) for match in _THING.finditer(clause)]
        for match in re.finditer(r"\d+", clause):
            near = min(things, key=lambda thing: abs(thing[0] - match.start()), default=(0, last))[1]
            found.add((match[0], near))
        last = things[-1][1] if things else last
    return found


def _same_numbers(said: str, true: str) -> bool:
    """The same number of the same thing, where the facts have several numbers or things."""
    ours = _numbers(true)
    if len(ours) < 2 and len(set(_THING.findall(true))) < 2:
        return True
    return {pair for pair in _numbers(said) if pair[1]} <= ours or _numbers(said) == ours


def _states(text: str) -> set[tuple[str, str]]:
    """Each state with the soup or thing that it is said of."""
    found: set[tuple[str, str]] = set()
    last = ""
    for clause in _clauses(text):
        things = _FOOD.findall(clause) or _THING.findall(clause)
        subject = things[0] if things else last
        found |= {(name, subject) for name, pattern in _STATES if pattern.search(clause)}
        last = subject
    return found


_ASKED = re.compile(r"\b(?:on it|from now on):")
"""Facts about what will be done, in which charred food is only a name."""


def _same_states(said: str, true: str) -> bool:
    """No state that the facts do not give; only where the facts give any."""
    ours = _states(true)
    if not ours or _ASKED.search(true):
        return True
    names = {name for name, _ in ours}
    if len(set(re.findall(r"\b(?:alice|bob|cathy|david)\b", true))) < 2:
        return {name for name, _ in _states(said)} <= names
    return _states(said) <= ours or {s for s in _states(said) if s[0] in names} <= ours


def _same_persons(said: str, true: str) -> bool:
    """What is said of oneself stays so, and so does what is said of the partner."""
    if _FACT.search(true) is None:
        return True
    me, you = bool(_I.search(true)), bool(_YOU.search(true))
    if me and you:
        return False  # who does what could be turned round in too many ways
    return not (me and _YOU_ACT.search(said)) and not (you and _I_ACT.search(said))


def _same_order(said: str, true: str) -> bool:
    """Soups in the same order, where the facts give one."""
    if _ORDERED.search(true) is None:
        return True
    names = [re.findall(r"\b(?:alice|bob|cathy|david)\b", text) for text in (said, true)]
    return list(dict.fromkeys(names[0])) == list(dict.fromkeys(names[1]))
