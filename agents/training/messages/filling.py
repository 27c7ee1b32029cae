"""Filling a phrase: drawing foods, soups, counts and synonyms for its slots, and what it means then.

Slots: `{food}` `{foods}` `{soup}` `{soups}` (also with a 2 or 3 behind, always different ones), `{n food}` with a
count, `{soup:name}` `{soup:own}` (Bob's) `{soup:mix}` (lettuce and tomato), `{n}` a number alone (at least 2),
`{n:times}`; `{chop}`, `{chop:ing}`, `{chop:ed}` verbs; `{do}`, `{habit}`, `{do:ing}` whole actions; other names are
word lists.
`[get|getting]` follows the form of the action that it stands in.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from brigade.agents.hierarchy.executor import Verb
from brigade.agents.hierarchy.intent import Demand
from brigade.agents.training.messages.phrases import Group, Spec, actions, macro_for
from brigade.agents.training.messages.vocabulary import Form, Split, vocabulary
from brigade.envs.kitchen.hla.items import FOODS, SOUPS

FOOD_NAMES = tuple(FOODS.values())
SOUP_NAMES = tuple(SOUPS.values())
INSIDE = {name: tuple(FOODS[bit] for bit in FOODS if foods & bit) for foods, name in SOUPS.items()}

_SLOT = re.compile(r"\{(?:([nmk]) )?([a-z_]+?)([23]?)(?::([a-z]+))?\}")
_INFLECTED = re.compile(r"\[([^|\]]*)\|([^|\]]*)\]")
_FOOD_COUNTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
_FOOD_WEIGHTS = (28, 25, 18, 9, 7, 5, 2, 2, 1, 1, 2)
_SOUP_COUNTS, _SOUP_WEIGHTS = (1, 2, 3), (80, 15, 5)
_PLAIN_SHARE = 0.4
"""Of the verbs; the others are synonyms."""
_PLAIN_COUNT_SHARE, _PLAIN_SOUP_SHARE = 0.5, 0.8
_NICKNAME_SHARE = 0.05
_IDIOM_SHARE = 0.35
_TRIES = 40


@dataclass
class Filling:
    """What has been drawn for a phrase so far."""

    split: Split
    rng: random.Random
    things: dict[str, str] = field(default_factory=dict)
    """Slot -> name of a food or soup."""
    counts: dict[str, int] = field(default_factory=dict)
    done: dict[str, tuple[Demand, ...]] = field(default_factory=dict)
    """Action slot -> what it asks for."""
    tags: set[str] = field(default_factory=set)

    def text(self, phrase: str, form: Form = "base") -> str:
        """The phrase with every slot filled."""
        phrase = _INFLECTED.sub(lambda match: match[2] if form == "ing" else match[1], phrase)
        return _SLOT.sub(lambda match: self._slot(match, form), phrase)

    def demands(self, specs: Sequence[Spec]) -> tuple[Demand, ...]:
        """What these specs ask for; draws what was not said."""
        found: list[Demand] = []
        for spec in specs:
            if spec.verb is None:
                if spec.slot not in self.done:
                    self._action("do", spec.slot, "base")
                found += self.done[spec.slot]
            else:
                found.append(Demand(macro_for(spec.verb, self._thing_of(spec)), self._count_of(spec)))
        return tuple(found)

    def thing(self, slot: str) -> str:
        """The food or soup of a slot, drawn now if it was not before."""
        if slot not in self.things:
            family = slot.rstrip("23")
            names = FOOD_NAMES if family == "food" else SOUP_NAMES
            taken = {name for other, name in self.things.items() if other.rstrip("23") == family}
            self.things[slot] = self.rng.choice([name for name in names if name not in taken])
        return self.things[slot]

    def _thing_of(self, spec: Spec) -> str:
        if not spec.thing:
            return ""
        return spec.thing if spec.thing[0].isupper() else self.thing(spec.thing)

    def _count_of(self, spec: Spec) -> int:
        if not spec.count:
            return 1
        if spec.count.isdecimal():
            return int(spec.count)
        if spec.count not in self.counts:
            self._draw_count(spec.count, "food" if spec.verb is Verb.CHOP else "soup")
        return self.counts[spec.count]

    def _slot(self, match: re.Match[str], form: Form) -> str:
        count, name, number, wish = match.groups()
        if count:
            return self._counted(count, name, number)
        if name in ("food", "foods"):
            return self._noun(self.thing(f"food{number}"))[name == "foods"]
        if name in ("soup", "soups"):
            return self._soup(f"soup{number}", wish, plural=name == "soups")
        if name in ("n", "m", "k"):
            return self._number(name, wish)
        if name in ("do", "habit"):
            return self._action(name, name + number, cast(Form, wish or form))
        words = vocabulary(self.split)
        if name in words.core.verbs:
            return self._verb(name, cast(Form, wish or form))
        if name not in words.file.words:
            raise ValueError(f"no slot or word list is called {name!r}")
        return self.text(self.rng.choice(words.file.words[name]))

    def _verb(self, action: str, form: Form) -> str:
        words = vocabulary(self.split)
        plain = self.rng.random() < _PLAIN_SHARE
        forms = words.core.verbs[action] if plain else self.rng.choice(words.file.verbs[action])
        base, ing, past = forms.split("/")
        return {"base": base, "ing": ing, "ed": past}[form]

    def _noun(self, food: str) -> tuple[str, str]:
        """Singular and plural."""
        words = vocabulary(self.split)
        nicknames = words.file.nicknames[food]
        if nicknames and self.rng.random() < _NICKNAME_SHARE:
            self.tags.add("nickname")
            one, many = self.rng.choice(nicknames).split("|")
        else:
            one, many = words.core.foods[food].split("|")
        return one, many

    def _soup(self, slot: str, wish: str | None, *, plural: bool = False) -> str:
        name = self.thing(slot)
        if wish == "name":
            return name
        if wish == "own":
            return f"{name}'s"
        return self._mix(name) if wish == "mix" else self._soup_forms(name)[plural]

    def _mix(self, name: str) -> str:
        """The foods of a soup, listed."""
        self.tags.add("ingredients")
        file = vocabulary(self.split).file
        pattern = self.rng.choice(file.mixture)
        foods = self._shuffled(name)
        text = pattern.format(a=foods[0], b=foods[1])
        return text if len(foods) == 2 else f"{foods[2]}, {text}"

    def _shuffled(self, soup: str) -> list[str]:
        foods = [vocabulary(self.split).core.foods[food].split("|")[0] for food in INSIDE[soup]]
        self.rng.shuffle(foods)
        return foods

    def _soup_forms(self, name: str) -> tuple[str, str]:
        """Singular and plural of a soup, by name or by its foods."""
        words = vocabulary(self.split)
        plain = self.rng.random() < _PLAIN_SOUP_SHARE
        if self.rng.random() < 0.72:
            pattern = self.rng.choice(words.core.named if plain else words.file.named)
        else:
            self.tags.add("ingredients")
            pair = words.core.pair if plain else words.file.pair
            pattern = self.rng.choice(words.file.triple if len(INSIDE[name]) == 3 else pair)
        foods = dict(zip("abc", self._shuffled(name), strict=False))
        one, many = (part.format(name=name, **foods) for part in pattern.split("|"))
        return one, many

    def _draw_count(self, slot: str, family: str, least: int = 1) -> int:
        if slot not in self.counts:
            taken = set(self.counts.values()) if least > 1 else set()
            values, weights = (
                (_FOOD_COUNTS, _FOOD_WEIGHTS) if family.startswith("food") else (_SOUP_COUNTS, _SOUP_WEIGHTS)
            )
            chances = [0 if v < least or v in taken else w for v, w in zip(values, weights, strict=True)]
            self.counts[slot] = self.rng.choices(values, chances)[0]
        return self.counts[slot]

    def _number(self, slot: str, wish: str | None) -> str:
        """A number alone."""
        count = self._draw_count(slot, "food", least=2)
        words = vocabulary(self.split)
        if wish == "times":
            pattern = self.rng.choice(words.file.times) if count > 2 or self.rng.random() < 0.5 else "twice"
            return pattern.format(word=words.core.numbers[count - 1], digit=count)
        return words.core.numbers[count - 1] if self.rng.random() < 0.65 else str(count)

    def _counted(self, slot: str, family: str, number: str) -> str:
        """A food or soup with its count."""
        count = self._draw_count(slot, family)
        name = self.thing(family + number)
        one, many = self._noun(name) if family == "food" else self._soup_forms(name)
        words = vocabulary(self.split)
        plain = self.rng.random() < _PLAIN_COUNT_SHARE
        if count == 1:
            pattern = self.rng.choice(words.core.one if plain else words.file.one)
        elif count in words.file.special and self.rng.random() < _IDIOM_SHARE:
            pattern = self.rng.choice(words.file.special[count])
            self.tags.add("idiom")
        else:
            pattern = self.rng.choice(words.core.many if plain else words.file.many)
        word = words.core.numbers[count - 1]
        return pattern.format(one=one, many=many, word=word, digit=count)

    def _action(self, source: str, slot: str, form: Form) -> str:
        """A whole action, unlike those that were drawn before."""
        taken = {demand.macro for demands in self.done.values() for demand in demands}
        for _ in range(_TRIES):
            group = pick(self.rng, actions(self.split, source).groups)
            inner = Filling(self.split, self.rng)
            text = inner.text(self.rng.choice(group.say), form)
            demands = inner.demands(group.demands)
            if not taken & {demand.macro for demand in demands}:
                self.done[slot] = demands
                self.tags |= inner.tags | set(group.tags)
                return text
        raise ValueError(f"{self.split}: no further action for {slot} after {_TRIES} tries")


def pick(rng: random.Random, groups: Sequence[Group]) -> Group:
    """A group, by its weight and how many phrases it has."""
    return rng.choices(groups, [group.weight * len(group.say) for group in groups])[0]
