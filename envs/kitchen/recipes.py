"""The soups people order, and the seeded sequence in which they are ordered.

Deadlines and bonuses are those of the published HLA testbed: two ingredients 60 s and +15, three 70 s and +20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from brigade.envs.kitchen.items import LETTUCE, ONION, PLATE, TOMATO, Stage, code
from numpy.typing import NDArray

SEQUENCE_LENGTH = 100
"""Orders drawn for one episode; the sequence starts again after the last."""


@dataclass(frozen=True)
class Recipe:
    """A soup that can be ordered."""

    name: str
    """`Alice`, `Bob`, `Cathy` or `David`."""
    foods: int
    """Food bits of its ingredients."""
    seconds: float
    """Time from order to deadline."""
    bonus: int
    """Points for serving it in time."""
    published_name: str
    """Its class name in the published testbed."""

    @property
    def dish(self) -> int:
        """Code of the item that must be delivered."""
        return code(self.foods, Stage.COOKED, PLATE)


RECIPES = (
    Recipe("Alice", LETTUCE | ONION, 60, 15, "OnionLettuceSoup"),
    Recipe("Bob", LETTUCE | TOMATO, 60, 15, "TomatoLettuceSoup"),
    Recipe("Cathy", ONION | TOMATO, 60, 15, "OnionTomatoSoup"),
    Recipe("David", LETTUCE | ONION | TOMATO, 70, 20, "FullSoup"),
)

_BY_NAME = {name.lower(): recipe for recipe in RECIPES for name in (recipe.name, recipe.published_name)}
BY_FOODS = {recipe.foods: recipe for recipe in RECIPES}
"""Recipe by its food bits."""


def recipe_of(name: str) -> Recipe:
    """The recipe of this name (either name, any case).

    Raises:
        ValueError: there is none.
    """
    try:
        return _BY_NAME[name.strip().lower()]
    except KeyError:
        known = ", ".join(recipe.name for recipe in RECIPES)
        raise ValueError(f"unknown recipe {name!r} (known: {known})") from None


def draw_sequence(menu: Sequence[Recipe], seed: int) -> NDArray[np.int32]:
    """The episode's orders: `SEQUENCE_LENGTH` indices into `RECIPES`, uniform over the menu.

    numpy's legacy generator, because its stream is frozen: the same seed gives the same orders in every version.
    """
    drawn = np.random.RandomState(seed % 2**32).randint(len(menu), size=SEQUENCE_LENGTH)
    indices = np.array([RECIPES.index(recipe) for recipe in menu], dtype=np.int32)
    return indices[drawn]
