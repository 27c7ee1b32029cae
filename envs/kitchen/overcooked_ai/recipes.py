"""Which soups there are, how long each cooks and what it is worth, as a layout sets it.

Several settings can say the same thing; which of them counts is the published rule, quirks included: a value of zero
means "not set" for `cook_time`, `delivery_reward` and the values and times per ingredient, though not in a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from brigade.envs.kitchen.overcooked_ai.items import Ingredient, recipe_key

DEFAULT = 20
"""Ticks and points of a soup of which nothing is said."""


class Recipe(NamedTuple):
    """How many of each ingredient a soup has; their order in the pot does not matter."""

    onions: int
    tomatoes: int

    @property
    def size(self) -> int:
        """Number of ingredients."""
        return self.onions + self.tomatoes

    @property
    def key(self) -> int:
        """By which kernels know it."""
        return recipe_key(self.onions, self.tomatoes)

    @property
    def ingredients(self) -> tuple[Ingredient, ...]:
        """Alphabetically."""
        counts: tuple[tuple[Ingredient, int], ...] = (("onion", self.onions), ("tomato", self.tomatoes))
        return tuple(ingredient for ingredient, count in counts for _ in range(count))

    @property
    def name(self) -> str:
        """Such as `onion x2 + tomato`."""
        counts = (("onion", self.onions), ("tomato", self.tomatoes))
        return " + ".join(name if count == 1 else f"{name} x{count}" for name, count in counts if count)


def recipe_of(ingredients: Sequence[Ingredient]) -> Recipe:
    """The recipe with these ingredients."""
    onions = ingredients.count("onion")
    return Recipe(onions, len(ingredients) - onions)


def every_recipe(most: int) -> tuple[Recipe, ...]:
    """Every soup of at most so many ingredients."""
    return tuple(Recipe(size - tomatoes, tomatoes) for size in range(1, most + 1) for tomatoes in range(size + 1))


def listed(recipes: Iterable[Recipe], most: int) -> tuple[Recipe, ...]:
    """Recipes in the order in which the published states list them: soups of one ingredient first."""

    def place(recipe: Recipe) -> int:
        number = recipe.onions + (most + 1) * recipe.tomatoes
        return number * (most + 1) ** 2 + number if recipe.onions and recipe.tomatoes else number

    return tuple(sorted(recipes, key=place))


@dataclass(frozen=True)
class Measure:
    """One property of soups, time or worth, in the ways in which a layout can set it: the first that is set counts."""

    flat: int | None = None
    """The same for every soup."""
    by_recipe: tuple[tuple[Recipe, int], ...] = ()
    """For each recipe of a list; others have the default."""
    onion: int | None = None
    """For each onion; counts only together with `tomato`."""
    tomato: int | None = None

    def of(self, recipe: Recipe) -> int:
        """What it is for this soup."""
        if self.flat:
            return self.flat
        for listed_recipe, amount in reversed(self.by_recipe):
            if listed_recipe == recipe:
                return amount
        if self.onion and self.tomato:
            return self.onion * recipe.onions + self.tomato * recipe.tomatoes
        return DEFAULT
