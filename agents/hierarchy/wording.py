"""Macro actions, items and counts as people say them: "chop two onions", "chopping an onion", "a plated Bob soup".

Knows no state and no grammar beyond these few forms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.envs.kitchen.hla.items import FOODS, LETTUCE, Item
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from brigade.envs.kitchen.view import Stage

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
"""Counts that are written as words; larger ones are written in digits."""
_PLURALS = {"lettuce": "lettuces", "onion": "onions", "tomato": "tomatoes"}
_FORMS = {
    Verb.CHOP: ("chop", "chopping", "chopped"),
    Verb.PREPARE: ("prepare", "preparing", "prepared"),
    Verb.COOK: ("cook", "cooking", "cooked"),
    Verb.PLATE: ("plate", "plating", "plated"),
    Verb.SERVE: ("serve", "serving", "served"),
    Verb.PUTOUT: ("put out", "putting out", "put out"),
    Verb.DROP: ("bin", "binning", "binned"),
}
_STAGES = {
    Stage.FRESH: "fresh",
    Stage.CHOPPING: "half-chopped",
    Stage.CHOPPED: "chopped",
    Stage.COOKING: "cooking",
    Stage.COOKED: "cooked",
    Stage.CHARRED: "charred",
}


def number(count: int) -> str:
    """A count in words, in digits above twelve."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """So many of something: "no pots", "one pot", "two pots"."""
    return f"{number(count)} {noun if count == 1 else nouns or noun + 's'}"


def food(bit: int, count: int = 1) -> str:
    """The name of a food, as one or as several."""
    name = FOODS[bit].lower()
    return name if count == 1 else _PLURALS[name]


def foods(bits: int) -> str:
    """Foods listed, such as "lettuce and tomato"."""
    return listed([name.lower() for bit, name in FOODS.items() if bits & bit])


def soup(bits: int) -> str:
    """A mixture by the name of its soup, or by its foods."""
    recipe = BY_FOODS.get(bits)
    return recipe.name if recipe is not None else foods(bits)


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Things listed: "a, b and c"; "nothing" if there are none."""
    if not parts:
        return "nothing"
    *others, final = parts
    return f"{', '.join(others)} {last} {final}" if others else final


def to_do(macro: Macro, count: int | None = 1) -> str:
    """What is to be done: "chop two onions", and from now on (no count) "chop onions"."""
    return f"{_FORMS[macro.verb][0]} {_what(macro, count)}"


def doing(macro: Macro) -> str:
    """What is being done: "chopping an onion"."""
    return f"{_FORMS[macro.verb][1]} {_what(macro, 1)}"


def doing_often(macro: Macro) -> str:
    """What is done time and again: "chopping onions"."""
    return f"{_FORMS[macro.verb][1]} {_what(macro, None)}"


def have_done(macro: Macro, count: int) -> str:
    """What has been done: "chopped two onions"."""
    if macro.verb is Verb.COOK:  # the macro action ends when the soup is in its pot
        return f"put {_what(macro, count)} on the stove"
    return f"{_FORMS[macro.verb][2]} {_what(macro, count)}"


def is_done(macro: Macro, count: int) -> str:
    """The same, seen from the thing: "two onions chopped"."""
    if macro.verb is Verb.PUTOUT:
        return "the fire is out"
    if macro.verb is Verb.DROP:
        return "the charred food is in the bin"
    if macro.verb is Verb.COOK:
        return f"{_what(macro, count)} {'is' if count == 1 else 'are'} on the stove"
    return f"{_what(macro, count)} {_FORMS[macro.verb][2]}"


def _what(macro: Macro, count: int | None) -> str:
    match macro.verb:
        case Verb.PUTOUT:
            return "the fire" if count is not None else "fires"
        case Verb.DROP:
            return "the charred food" if count is not None else "charred food"
        case Verb.CHOP:
            if count is None:
                return food(macro.foods, 1 if macro.foods == LETTUCE else 2)
            return with_article(food(macro.foods)) if count == 1 else f"{number(count)} {food(macro.foods, count)}"
        case Verb.PREPARE:
            times = "" if count in (None, 1) else f", {number(count or 1)} times"
            return f"the {soup(macro.foods)} ingredients{times}"
        case _:
            name = soup(macro.foods)
            if count is None:
                return f"{name} soups"
            return f"the {name} soup" if count == 1 else f"{number(count)} {name} soups"


def with_article(noun: str) -> str:
    """A noun with its article."""
    return f"an {noun}" if noun[0] in "aeiouAEIOU" else f"a {noun}"


def item(it: Item) -> str:
    """An item with its article: "a chopped onion", "a cooked Bob soup on a plate", "nothing"."""
    if not it.code:
        return "nothing"
    if it.extinguisher:
        return "the fire extinguisher"
    if it.stage is None:
        return "a plate"
    plated = " on a plate" if it.plated else ""
    fire = ", on fire" if it.burning else ""
    return with_article(f"{_STAGES[it.stage]} {_content(it)}") + plated + fire


def _content(it: Item) -> str:
    """What an item consists of, at its stage: a soup once it cooks, a mix of its foods before."""
    if it.stage in (Stage.COOKING, Stage.COOKED, Stage.CHARRED):
        return f"{soup(it.foods)} soup"
    if it.foods in BY_FOODS:
        return f"{soup(it.foods)} mix"
    return foods(it.foods)


def seconds(left: float) -> str:
    """A time in whole seconds, never less than one: "1 second", "12 seconds"."""
    whole = max(1, round(left))
    return f"{whole} second{'' if whole == 1 else 's'}"


def at_least(left: float) -> str:
    """A time that something takes, in whole seconds, rounded up."""
    return seconds(math.ceil(left))


def sentence(text: str) -> str:
    """A text that begins with a capital letter and ends like a sentence."""
    text = text.strip()
    if not text:
        return text
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")
