"""What programs may ask of a kitchen: functions over one moment of it, computed, never guessed.

A program reads a message, counts and compares with these, and yields demands: `[("Cook Bob Soup", 2)]`. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from brigade.agents.hierarchy import wording
from brigade.agents.hierarchy.describe import orders_in_words, pots_in_words
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.agents.hierarchy.stock import Stock
from brigade.agents.reasoning.lmulator import Library, computed
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import FOODS, PLATE, code
from brigade.envs.kitchen.hla.recipes import RECIPES, recipe_of
from brigade.envs.kitchen.view import Stage

SOUPS = tuple(recipe.name for recipe in RECIPES)
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS: Mapping[str, float] = {word: number for number, word in enumerate(_WORDS)} | {
    "no": 0, "a": 1, "an": 1, "a couple of": 2, "both": 2, "a dozen": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "half a": 0.5, "a quarter of a": 0.25,
    "a minute and a half": 90,
}  # fmt: skip
_NUMBER = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
_TIME = re.compile(rf"\b(\d+(?:\.\d+)?|a minute and a half|{_NUMBER})\s*(seconds?|secs?|s|minutes?|mins?)?\b")
_SOME_TIME = re.compile(r"\b(?:at least|more than|over|still has|still have|has|have|with|got)\b")
_LITTLE_TIME = re.compile(r"\b(?:less than|under|within|at most|fewer than|no more than|expires? in|runs? out in)\b")
_ORDER_WORDS = frozenset(
    re.findall(
        r"\S+",
        """for each every all any the those our both of open order orders that which who still has have got with left to
        go at least more than over less under within most and a an is are there we on list currently now right as one
        per second seconds minute minutes half sec secs s min mins quarter time in please of them""",
    )
)
"""Words of a clause about orders that tell nothing more about them."""


def kitchen_library(view: HlaView) -> Library:
    """The functions over this moment of a kitchen."""
    stock = Stock(view)
    count = [item.code for item in stock.everything]

    def orders() -> list[dict[str, str | float]]:
        """The open orders, oldest first: soup, seconds_left, share_left (0 to 1)."""
        return [
            {"soup": o.recipe.name, "seconds_left": round(o.seconds_left, 2), "share_left": round(o.share_left, 3)}
            for o in view.orders
        ]

    def soups(soup: str, stage: str) -> int:
        """How many soups of a name are `cooking`, `cooked` (not on a plate) or `plated`."""
        foods = recipe_of(soup).foods
        codes = {
            "cooking": code(foods, Stage.COOKING),
            "cooked": code(foods, Stage.COOKED),
            "plated": code(foods, Stage.COOKED, PLATE),
        }
        return count.count(codes[stage])

    def pieces(food: str) -> int:
        """How many single pieces of a food are chopped or on their way there."""
        return stock.chopped(_food(food))

    def free_pots() -> int:
        """How many pots are empty."""
        return sum(not view.item(cell).code for cell in view.layout.cells(Tile.POT))

    def missing(food: str) -> int:
        """How many pieces of a food still have to be begun for the open orders, most urgent first."""
        left = Stock(view)
        orders = sorted(view.orders, key=lambda order: order.seconds_left)
        return sum(left.standing(order.recipe.foods).missing.count(_food(food)) for order in orders)

    def in_words() -> str:
        """The orders and pots in words."""
        return f"Orders: {orders_in_words(view)}. Pots: {pots_in_words(view)}."

    def time_left() -> float:
        """Seconds until the kitchen closes."""
        return max(0.0, view.duration - view.seconds)

    about_view = (orders, soups, pieces, missing, free_pots, in_words, time_left)
    return Library(computed(each) for each in (*about_view, *_READERS))


def _food(name: str) -> int:
    return next(bit for bit, food in FOODS.items() if food.lower() == name.lower())


def ingredients(soup: str) -> list[str]:
    """The foods of a soup."""
    return [food for bit, food in FOODS.items() if recipe_of(soup).foods & bit]


def food_words(food: str, number: int) -> str:
    """A food as one says it with a number: "2 tomatoes"."""
    return f"{number} {wording.food(_food(food), number)}"


def foods_named(text: str) -> list[str]:
    """The foods that a text names, in its order."""
    found = {food: match.start() for food in FOODS.values() if (match := re.search(food.lower(), text.lower()))}
    return sorted(found, key=found.__getitem__)


def number_in(text: str) -> float | None:
    """The first number in a text, in digits or words; None if there is none."""
    found = re.search(rf"\b(\d+|{_NUMBER})\b", re.sub(r"\bthan a\b", "than one", text.lower()))
    if found is None:
        return None
    value = NUMBERS[found[1]] if found[1] in NUMBERS else float(found[1])
    return int(value) if value == int(value) else value


def without_seconds(text: str) -> str:
    """The text without the times in it."""
    return _TIME.sub(lambda match: "" if match[2] else match[0], text)


def seconds_asked(clause: str) -> tuple[float | None, float | None]:
    """The least and the most seconds that orders may have left, as a clause says; None where it does not."""
    for match in _TIME.finditer(clause):
        if not match[2] and match[1] != "a minute and a half":
            continue
        value = NUMBERS[match[1]] if match[1] in NUMBERS else float(match[1])
        seconds = value * 60 if match[2] and match[2].startswith("m") else value
        before = clause[: match.start()]
        if _LITTLE_TIME.search(before):
            return None, seconds
        if _SOME_TIME.search(before):
            return seconds, None
    return None, None


def split_request(text: str) -> tuple[str, str]:
    """What is asked for, and which orders it is for."""
    parts = re.split(
        r"\b(?=for (?:each|every|all|any|the|those|our|both)\b|as (?:there are|we have)\b|per order)", text, maxsplit=1
    )
    return parts[0], parts[1] if len(parts) > 1 else ""


def leftover(clause: str) -> str:
    """What of a clause about orders is neither a time, a soup nor a word that goes without saying."""
    words = re.findall(r"[a-z']+", clause.lower())
    known = _ORDER_WORDS | {soup.lower() for soup in SOUPS} | set(" ".join(NUMBERS).replace("-", " ").split())
    rest = [word for word in words if word not in known and word not in ("soup", "soups")]
    return " ".join(rest)


def demands(request: str) -> list[tuple[str, int]]:
    """The macro actions that a plain request asks for, with their counts."""
    return [(demand.macro.name, demand.count or 1) for demand in read(request, None).intent.demands]


def soup_names() -> list[str]:
    """The names of all soups."""
    return list(SOUPS)


_READERS = (
    *(soup_names, ingredients, food_words, foods_named, number_in),
    *(without_seconds, seconds_asked, split_request, leftover, demands),
)
