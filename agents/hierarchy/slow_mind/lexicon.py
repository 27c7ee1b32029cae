"""Reading a message with a lexicon: the scripted baseline of understanding, and the Slow Mind's first look.

A message is read word by word. A verb opens a clause; foods, soups and counts fill it; "no" or "I mean" make what
follows replace what it corrects. The reading says whether every word that matters was accounted for: if not, a model
should read it.

English only. Knows nothing of the kitchen's state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.intent import EVERYTHING, MAX_COUNT, Demand, Intent, Kind
from brigade.agents.hierarchy.slow_mind import words as w
from brigade.envs.kitchen.hla.recipes import BY_FOODS

MAX_LENGTH = 600
"""Characters of a message that are read."""

_SPELLABLE = sorted({*w.FOODS, *w.SOUPS, *w.VERBS, "ingredients", "another", "always"})
_KNOWN = frozenset().union(
    w.FOODS, w.SOUPS, w.VERBS, w.COUNTS, w.STANDING, w.STOP, w.CORRECTION, w.CHATTER, w.FILLER, w.MYSELF
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lexicon made of a message."""

    intent: Intent
    certain: bool
    """Whether every word that matters was accounted for."""


def read(message: str, previous: Intent | None = None) -> Reading:
    """The meaning of a message as far as its words tell.

    Args:
        message: what was said.
        previous: the intent of the message before, for "another one" and "plate it".
    """
    text = _normalise(message)
    words = [word for word in text.split() if word != ","]
    if not words or set(words) <= w.CHATTER:
        return Reading(Intent(Kind.NONE), certain=True)
    question = _question(text, asked="?" in message)
    if question is not None:
        return Reading(Intent(question), certain=True)
    situation = _situation(text)
    if situation is not None:
        return Reading(situation, certain=True)
    matters = set(words) - w.FILLER
    if matters and matters <= w.STOP | {w.EVERYTHING}:
        return Reading(Intent(Kind.SHORT_TERM, cancel=(EVERYTHING,)), certain=True)
    reader = _Reader(previous)
    for word in text.split():
        reader.take(word)
    return reader.reading()


def _normalise(message: str) -> str:
    """Lower case, punctuation as commas, phrases replaced by their words, misspelt words of the kitchen put right."""
    text = message[:MAX_LENGTH].lower().replace("’", "'").replace("‘", "'")
    text = re.sub(r"[\"“”()\[\]{}*_~<>#]", " ", text)
    text = re.sub(r"\b(\d+)\s*x\b|\bx\s*(\d+)\b", r" \1\2 ", text)
    text = re.sub(r"[;:]|\.(?=\s|$)|[!?]+|,|\s-\s|—|–", " , ", text)
    text = re.sub(r"'s\b(?! (?:about|on|ready|done|burn))", "", text)
    text = " ".join(text.split())
    for pattern, replacement in w.PHRASES:
        text = re.sub(rf"\b(?:{pattern})", replacement, text)
    text = re.sub(r"\bdon't\b|\bdo not\b", "dont", text)
    return " ".join(_spell(word) for word in text.split())


def _spell(word: str) -> str:
    """A word in the form that the lexicon knows, if it is near one."""
    if word in _KNOWN or len(word) < 4:
        return word
    for form in (word, *_stems(word)):
        if form in w.FOODS or form in w.SOUPS or form in w.VERBS:
            return form
    for form in (word, *_stems(word)):
        swapped = [known for known in _SPELLABLE if sorted(known) == sorted(form) and known[0] == form[0]]
        close = swapped or get_close_matches(form, _SPELLABLE, n=1, cutoff=0.8)
        if close:
            return close[0]
    return word


def _stems(word: str) -> Iterator[str]:
    for suffix in ("es", "s", "ing", "ed"):
        if word.endswith(suffix):
            stem = word.removesuffix(suffix)
            yield stem
            yield stem + "e"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]


def _question(text: str, *, asked: bool) -> Kind | None:
    starts = re.search(w.QUESTION_START, text)
    names_action = any(word in w.VERBS for word in text.split())
    if not starts and (not asked or names_action):
        return None
    return Kind.ORDER_QUESTION if re.search(w.ABOUT_ORDERS, text) else Kind.QUESTION


def _situation(text: str) -> Intent | None:
    """The intent of a statement that calls for an action; None if the message says itself what to do, or nothing."""
    named = text.split()
    soups = [foods for word, foods in w.SOUPS.items() if word in named]
    foods = [bit for word, bit in w.FOODS.items() if word in named]
    verbs = {w.VERBS[word] for word in named if word in w.VERBS} - {Verb.COOK}
    if not verbs and re.search(w.FIRE, text):
        return _calls_for(Macro(Verb.PUTOUT))
    if verbs <= {Verb.CHOP} and foods and not soups and re.search(w.SHORT_OF, text):
        return _calls_for(*(Macro(Verb.CHOP, bit) for bit in foods))
    if verbs:
        return None
    if re.search(w.SPOILT, text):
        return _calls_for(Macro(Verb.DROP))
    if soups and re.search(w.EXPIRING, text):
        return _calls_for(Macro(Verb.SERVE, soups[0]))
    if soups and re.search(w.DONE_COOKING, text):
        return _calls_for(Macro(Verb.PLATE, soups[0]))
    return None


def _calls_for(*macros: Macro) -> Intent:
    return Intent(Kind.IMPLICIT, tuple(Demand(macro, 1) for macro in macros))


@dataclass
class _Clause:
    """An action and what it is done to, as it builds up."""

    verb: Verb | None = None
    stopping: bool = False
    things: list[tuple[bool, int]] = field(default_factory=list)
    """Whether it is a soup, and its foods; in the order named."""
    counts: list[int | None] = field(default_factory=list)
    """How many of each thing."""

    @property
    def complete(self) -> bool:
        """Whether it names all that its action needs."""
        return bool(self.things) or self.verb in (Verb.PUTOUT, Verb.DROP)

    def macros(self) -> list[Macro]:
        """Its macro actions."""
        soups = [foods for is_soup, foods in self.things if is_soup]
        foods = [bit for is_soup, bit in self.things if not is_soup]
        match self.verb:
            case Verb.PUTOUT | Verb.DROP:
                return [Macro(self.verb)]
            case Verb.CHOP:
                return [Macro(Verb.CHOP, bit) for bit in foods]
            case None:
                return []
            case verb:
                mixture = 0
                for bit in foods:
                    mixture |= bit
                return [Macro(verb, each) for each in (*soups, *([mixture] if mixture in BY_FOODS else []))]

    def demands(self) -> list[Demand]:
        """Its macro actions with their counts; a soup named by its ingredients is one soup."""
        macros = self.macros()
        counts = self.counts if len(self.counts) == len(macros) else self.counts[:1] * len(macros)
        return [Demand(m, count or 1) for m, count in zip(macros, counts or [None] * len(macros), strict=True)]


class _Reader:
    """Takes a request word by word."""

    def __init__(self, previous: Intent | None) -> None:
        self._previous = previous
        self._clauses = [_Clause()]
        self._count: int | None = None
        self._standing = self._correcting = self._again = self._everything = self._more = False
        self._unknown = False

    def take(self, word: str) -> None:
        """Read the next word."""
        if word in w.VERBS:
            self._verb(w.VERBS[word])
        elif word in w.FOODS or word in w.SOUPS:
            self._thing(word in w.SOUPS, w.SOUPS.get(word) or w.FOODS[word])
        elif word in w.COUNTS or word.isdecimal():
            self._number(word)
        elif word in w.STANDING:
            self._standing = True
        elif word in w.STOP:
            self._clauses.append(_Clause(stopping=True))
        elif word == w.EVERYTHING:
            self._everything = True
        elif word == w.AGAIN:
            self._again = True
        elif word in w.CORRECTION:
            self._correcting = bool(self._clauses[-1].verb or self._clauses[-1].things)
        elif word in w.MYSELF or (word not in w.FILLER and word not in w.CHATTER and word != ","):
            self._unknown = True

    def _verb(self, verb: Verb) -> None:
        clause = self._clauses[-1]
        if clause.verb is None and not clause.things:
            clause.verb = verb
        elif self._correcting and not clause.stopping:
            self._clauses[-1] = _Clause(verb, things=[], counts=[])
        elif clause.verb is None and clause.things:  # "two tomatoes, chop them"
            clause.verb = verb
        elif clause.complete or clause.stopping:
            self._clauses.append(_Clause(verb))
        else:
            clause.verb = verb
        self._correcting = False

    def _thing(self, is_soup: bool, foods: int) -> None:
        clause = self._clauses[-1]
        if self._correcting and clause.things:
            clause.things[-1] = (is_soup, foods)
            clause.counts[-1] = self._count or clause.counts[-1]
        else:
            clause.things.append((is_soup, foods))
            clause.counts.append(self._count)
        self._count, self._correcting, self._more = None, False, False

    def _number(self, word: str) -> None:
        number = min(max(int(word), 1), MAX_COUNT) if word.isdecimal() else w.COUNTS[word]
        clause = self._clauses[-1]
        self._more = word == "another" and bool(clause.things)
        if self._correcting and clause.counts:
            clause.counts[-1], self._correcting = number, False
        elif word not in w.ARTICLES or self._count is None:
            self._count = number

    def reading(self) -> Reading:
        """What was read."""
        self._lend_verbs()
        cancel = [EVERYTHING] if self._everything else []
        cancel += [m.name for clause in self._clauses if clause.stopping for m in clause.macros()]
        demands = [demand for clause in self._clauses if not clause.stopping for demand in self._asked(clause)]
        if not demands and not cancel:
            demands = self._repeated()
        if not demands and not cancel:
            return Reading(Intent(Kind.NONE), certain=False)
        standing = self._standing and bool(demands)
        if standing:
            demands = [Demand(demand.macro, None) for demand in demands]
        kind = Kind.LONG_TERM if standing else Kind.SHORT_TERM
        intent = Intent(kind, tuple(demands), standing, tuple(dict.fromkeys(cancel)))
        return Reading(intent, certain=not self._unknown)

    def _lend_verbs(self) -> None:
        """Give a clause without a verb the one before it; foods alone are there to be chopped, but that is a guess."""
        verb: Verb | None = None
        for clause in self._clauses:
            if clause.verb is None and clause.things:
                only_foods = all(not is_soup for is_soup, _ in clause.things)
                clause.verb = verb or (Verb.CHOP if only_foods else None)
                self._unknown |= verb is None and not clause.stopping
            verb = clause.verb or verb

    def _asked(self, clause: _Clause) -> list[Demand]:
        demands = clause.demands()
        if self._count is not None and len(demands) == 1 and clause is self._clauses[-1] and not any(clause.counts):
            demands = [Demand(demands[0].macro, self._count)]  # "cook Bob soup twice"
        elif self._more and demands and clause is self._clauses[-1]:  # "a tomato, and then another one"
            last = demands[-1]
            demands[-1] = Demand(last.macro, (last.count or 1) + 1)
        if demands or clause.verb is None:
            return demands
        thing = self._previous.demands[-1].macro.foods if self._previous and self._previous.demands else 0
        if thing and (clause.verb is Verb.CHOP) == (thing not in BY_FOODS):  # "now plate it"
            return [Demand(Macro(clause.verb, thing), self._count or 1)]
        self._unknown = True
        return []

    def _repeated(self) -> list[Demand]:
        """The demands of the message before, for "same again" and "another one"."""
        if self._previous is None or not self._previous.demands:
            return []
        if self._again:
            return [Demand(demand.macro, self._count or demand.count or 1) for demand in self._previous.demands]
        return [Demand(self._previous.demands[-1].macro, self._count)] if self._count else []
