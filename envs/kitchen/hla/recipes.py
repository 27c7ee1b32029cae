"""The soups people order, and the seeded sequence in which they are ordered.

Deadlines and bonuses are those of the published HLA testbed: two ingredients 60 s and +15, three 70 s and +20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from brigade.envs.kitchen.hla.items import LETTUCE, ONION, PLATE, SOUPS, TOMATO, code
from brigade.envs.kitchen.view import Stage
from numba import njit
from numpy.typing import NDArray

SEQUENCE_LENGTH = 100
"""Orders drawn for one episode; the sequence starts again after the last."""


@dataclass(frozen=True)
class Recipe:
    """A soup that can be ordered."""

    foods: int
    """Food bits of its ingredients."""
    seconds: float
    """Time from order to deadline."""
    bonus: int
    """Points for serving it in time."""
    published_name: str
    """Its class name in the published testbed."""

    @property
    def name(self) -> str:
        """`Alice`, `Bob`, `Cathy` or `David`."""
        return SOUPS[self.foods]

    @property
    def dish(self) -> int:
        """Code of the item that must be delivered."""
        return code(self.foods, Stage.COOKED, PLATE)


RECIPES = (
    Recipe(LETTUCE | ONION, 60, 15, "OnionLettuceSoup"),
    Recipe(LETTUCE | TOMATO, 60, 15, "TomatoLettuceSoup"),
    Recipe(ONION | TOMATO, 60, 15, "OnionTomatoSoup"),
    Recipe(LETTUCE | ONION | TOMATO, 70, 20, "FullSoup"),
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
    """The episode's orders: `SEQUENCE_LENGTH` indices into `RECIPES`, uniform over the menu; see `draw`."""
    sequence = np.empty(SEQUENCE_LENGTH, dtype=np.int32)
    draw(np.uint64(seed % 2**64), menu_indices(menu), sequence)
    return sequence


def menu_indices(menu: Sequence[Recipe]) -> NDArray[np.int32]:
    """The index of each recipe of a menu."""
    return np.array([RECIPES.index(recipe) for recipe in menu], dtype=np.int32)


@njit(cache=True)
def draw(seed: np.uint64, menu: NDArray[np.int32], sequence: NDArray[np.int32]) -> None:
    """Fill a sequence with members of the menu, the same ones for the same seed wherever it is called.

    SplitMix64 (Steele, Lea and Flood, 2014), whose stream is a few integer operations and frozen for good; taking the
    remainder by a menu of n favours a recipe by less than n / 2**64.
    """
    state = np.uint64(seed)
    for i in range(sequence.size):
        state += np.uint64(0x9E3779B97F4A7C15)
        mixed = state
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        sequence[i] = menu[np.int64(mixed % np.uint64(menu.size))]
