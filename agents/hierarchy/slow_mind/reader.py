"""Reading a request word by word.

A verb opens a clause; foods, soups and counts fill it; "no" or "I mean" make what follows replace what it corrects.
The reader always comes to some reading, the likeliest that its words admit; whether that can be relied on is decided
elsewhere (shapes.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.intent import EVERYTHING, MAX_COUNT, MOST_DEMANDS, Demand, Intent, Kind
from brigade.agents.hierarchy.slow_mind import words as w
from brigade.agents.hierarchy.slow_mind.spelling import Word
from brigade.envs.kitchen.hla.recipes import BY_FOODS

_SOUP_VERBS = (Verb.PREPARE, Verb.COOK, Verb.PLATE, Verb.SERVE)


@dataclass
class _Thing:
    """A food or a soup, and how many of it."""

    is_soup: bool
    foods: int
    count: int | None


@dataclass
class _Clause:
    """An action and what it is done to, as it builds up."""

    verbs: list[Verb] = field(default_factory=list)
    """More than one in "plate and serve the Bob"."""
    stopping: bool = False
    own: bool = False
    """Whether it tells what the speaker does."""
    things: list[_Thing] = field(default_factory=list)
    every: int | None = None
    """The count of each thing, in "two each of ..."."""

    @property
    def complete(self) -> bool:
        """Whether it names all that its action needs."""
        return bool(self.things) or any(verb in (Verb.PUTOUT, Verb.DROP) for verb in self.verbs)

    def soups(self) -> list[int]:
        """Food bits of the soups that it is about."""
        return [d.macro.foods for d in self.demands() if d.macro.verb in _SOUP_VERBS]

    def demands(self) -> list[Demand]:
        """Its macro actions with their counts; a soup named by its ingredients is one soup."""
        return [demand for verb in self.verbs for demand in self._with(verb)]

    def _with(self, verb: Verb) -> list[Demand]:
        if verb in (Verb.PUTOUT, Verb.DROP):
            return [Demand(Macro(verb), 1)]
        foods = [thing for thing in self.things if not thing.is_soup]
        if verb is Verb.CHOP:
            return [Demand(Macro(verb, thing.foods), thing.count or self.every or 1) for thing in foods]
        mixture = 0
        for thing in foods:
            mixture |= thing.foods
        wanted = []
        for thing in self.things:
            if thing.is_soup:
                wanted.append(Demand(Macro(verb, thing.foods), thing.count or self.every or 1))
            elif mixture in BY_FOODS and thing is foods[0]:
                wanted.append(Demand(Macro(verb, mixture), thing.count or self.every or 1))
        return wanted


def read_request(words: Sequence[Word], previous: Intent | None) -> Intent:
    """The likeliest request in these words; an intent of kind none if there is none."""
    reader = _Reader(previous, continuing=bool(words) and words[0].text in ("and", "then", "also", "plus"))
    for word in words:
        reader.take(word.text)
    intent = reader.intent()
    return replace(intent, demands=intent.demands[:MOST_DEMANDS])


class _Reader:
    """Takes a request word by word."""

    def __init__(self, previous: Intent | None, *, continuing: bool) -> None:
        self._previous = previous
        self._continuing = continuing
        self._clauses = [_Clause()]
        self._count: int | None = None
        self._counted = False
        """Whether that count is a number, and no article."""
        self._standing = self._correcting = self._again = self._everything = self._more = self._negated = False

    def take(self, word: str) -> None:
        """Read the next word."""
        if word in w.VERBS:
            self._verb(w.VERBS[word])
        elif word in w.FOODS or word in w.SOUPS:
            self._thing(word in w.SOUPS, w.SOUPS.get(word) or w.FOODS[word])
        elif re.fullmatch(r"x\d+", word):
            self._times(int(word[1:]))
        elif word in w.COUNTS or word.isdecimal():
            self._number(word)
        elif word == "each":
            self._each()
        elif word in w.STOP:
            if not self._clauses[-1].own:  # "I don't like onions" stops nothing
                self._clauses.append(_Clause(stopping=True))
        elif word in w.CORRECTION:
            self._correcting = bool(self._clauses[-1].verbs or self._clauses[-1].things)
        else:
            self._mark(word)

    def _mark(self, word: str) -> None:
        """Words that change what others mean."""
        self._standing |= word in w.STANDING
        if word == w.EVERYTHING:
            self._everything = True
            self._clauses = [_Clause()]  # whatever was asked for before it is taken back
        self._again |= word == w.AGAIN
        self._negated |= word == "not"
        if word in w.MYSELF:
            self._clauses.append(_Clause(own=True))
        elif word in ("you", "please", "u") and self._clauses[-1].own:
            self._clauses.append(_Clause())
        elif word in w.IT:
            self._refer()

    def _refer(self) -> None:
        """Take "it" as the soup that was named last."""
        clause = self._clauses[-1]
        before = [soup for each in self._clauses[:-1] if not each.own for soup in each.soups()]
        if before and clause.verbs and not clause.things and clause.verbs[0] in _SOUP_VERBS:
            clause.things.append(_Thing(True, before[-1], None))

    def _settle(self) -> None:
        """A corrected count that no other thing came after is the new count of the same thing."""
        clause = self._clauses[-1]
        if self._correcting and self._count is not None and clause.things:
            clause.things[-1].count, self._count, self._correcting = self._count, None, False

    def _verb(self, verb: Verb) -> None:
        self._settle()
        clause = self._clauses[-1]
        if self._correcting and not clause.stopping and clause.verbs:
            self._clauses[-1] = _Clause([verb], things=clause.things if not clause.complete else [])
        elif not clause.verbs:  # also "two tomatoes, chop them"
            clause.verbs = [verb]
        elif clause.complete or (clause.stopping and verb not in _SOUP_VERBS):
            self._clauses.append(_Clause([verb]))
        elif verb in _SOUP_VERBS and clause.verbs[-1] in _SOUP_VERBS and verb not in clause.verbs:
            clause.verbs.append(verb)
        elif self._previous_thing(clause.verbs[0]):
            self._clauses.append(_Clause([verb]))
        else:
            clause.verbs = [verb]
        self._correcting = False

    def _thing(self, is_soup: bool, foods: int) -> None:
        clause = self._clauses[-1]
        if self._negated:
            clause.things = [thing for thing in clause.things if thing.foods != foods]
            self._correcting = bool(clause.things)
        elif self._correcting and clause.things:
            clause.things[-1] = _Thing(is_soup, foods, self._count or clause.things[-1].count)
            self._correcting = False
        elif clause.things and clause.stopping and self._counted and clause.verbs:
            self._clauses.append(_Clause(things=[_Thing(is_soup, foods, self._count)]))
        else:
            clause.things.append(_Thing(is_soup, foods, self._count))
        self._count, self._counted, self._more, self._negated = None, False, False, False

    def _number(self, word: str) -> None:
        number = min(max(int(word), 1), MAX_COUNT) if word.isdecimal() else w.COUNTS[word]
        clause = self._clauses[-1]
        self._more = word == "another" and bool(clause.things)
        if word not in w.ARTICLES or self._count is None:
            self._count, self._counted = number, word not in w.ARTICLES

    def _times(self, number: int) -> None:
        """Take "lettuce x3" or "cook it twice" as how often what was named last is wanted."""
        number = min(max(number, 1), MAX_COUNT)
        clause = self._clauses[-1]
        if clause.things:
            clause.things[-1].count = number
        else:
            self._count = number

    def _each(self) -> None:
        clause = self._clauses[-1]
        if not clause.things and len(self._clauses) > 1:
            clause = self._clauses[-2]
        for thing in clause.things:
            thing.count = self._count or thing.count
        clause.every, self._count = self._count, None

    def intent(self) -> Intent:
        """What was read."""
        self._settle()
        if self._correcting and len(self._clauses[-1].things) > 1:  # "tomatoes ... onions I mean"
            del self._clauses[-1].things[-2]
        self._lend_verbs()
        cancel = [EVERYTHING] if self._everything else []
        cancel += [d.macro.name for clause in self._clauses if clause.stopping for d in clause.demands()]
        wanted = [clause for clause in self._clauses if not clause.stopping and not clause.own]
        demands = [demand for clause in wanted for demand in self._asked(clause)]
        if not demands and not cancel:
            demands = self._repeated()
        if not demands and not cancel:
            stops = any(clause.stopping for clause in self._clauses) and len(self._clauses) == 2
            return Intent(Kind.SHORT_TERM, cancel=(EVERYTHING,)) if stops and self._bare else Intent(Kind.NONE)
        standing = self._standing and bool(demands)
        if standing:
            demands = [Demand(demand.macro, None) for demand in demands]
        kind = Kind.LONG_TERM if standing else Kind.SHORT_TERM
        return Intent(kind, tuple(demands), standing, tuple(dict.fromkeys(cancel)))

    @property
    def _bare(self) -> bool:
        return not any(clause.verbs or clause.things for clause in self._clauses)

    def _lend_verbs(self) -> None:
        """Give a clause without a verb the one before it; foods alone are there to be chopped, soups to be cooked."""
        verbs: list[Verb] = []
        if self._previous and self._previous.demands and (self._continuing or self._clauses[-1].stopping):
            verbs = [self._previous.demands[-1].macro.verb]
        for clause in self._clauses:
            if not clause.verbs and clause.things:
                soups = any(thing.is_soup for thing in clause.things)
                fitting = [verb for verb in verbs if soups or verb is Verb.CHOP]
                clause.verbs = fitting or [Verb.COOK if soups else Verb.CHOP]
            verbs = clause.verbs or verbs

    def _asked(self, clause: _Clause) -> list[Demand]:
        demands = clause.demands()
        last = clause is self._clauses[-1]
        if last and self._count is not None and len(demands) == 1 and clause.things and clause.things[-1].count is None:
            demands = [Demand(demands[0].macro, self._count)]  # "chop tomatoes, three"
        elif last and self._more and demands:  # "a tomato, and then another one"
            demands[-1] = Demand(demands[-1].macro, (demands[-1].count or 1) + 1)
        if demands:
            return demands
        found = [(verb, self._previous_thing(verb)) for verb in clause.verbs]
        return [Demand(Macro(verb, thing), self._count or 1) for verb, thing in found if thing]  # "now plate it"

    def _previous_thing(self, verb: Verb) -> int:
        """What the previous intent was about, if this can be done to it; else 0."""
        thing = self._previous.demands[-1].macro.foods if self._previous and self._previous.demands else 0
        return thing if thing and (verb is Verb.CHOP) == (thing not in BY_FOODS) else 0

    def _repeated(self) -> list[Demand]:
        """The demands of the message before, for "same again" and "another one"."""
        if self._previous is None or not self._previous.demands:
            return []
        if self._again:
            return [Demand(demand.macro, self._count or demand.count or 1) for demand in self._previous.demands]
        return [Demand(self._previous.demands[-1].macro, self._count)] if self._count else []
