"""What a generated kitchen of some difficulty is to be like: the meaning of the knob.

From difficulty 0 to 1, and never back: the floor and the way that a dish takes over it grow, crates, boards and pots
become fewer, the menu longer, and more orders run out at a time (in overcooked_ai, whose orders never do, all but the
last). The numbers below were chosen by playing: with two cooks that follow the script, 100 kitchens each, the mean
score falls from difficulty to difficulty (66, 56, 50, 34, 9 at 0, 0.25, 0.5, 0.75, 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from random import Random
from typing import Any

from brigade.envs.kitchen.authoring.cookery import CRATES, Cookery, Dish, pieces_of
from brigade.envs.kitchen.hla.layout import HlaLayout
from brigade.envs.kitchen.hla.recipes import RECIPES
from brigade.envs.kitchen.plan import Layout, Tile
from brigade.envs.kitchen.view import Food

FLOOR = (14.0, 46.0)
"""Squares of floor for two cooks, give or take a fifth."""
WALKING = (12.0, 42.0)
"""Squares walked for a dish (`Effort.walking`)."""
CHOP_TURNS = 9
"""What chopping takes with the timing that generated kitchens have, the default."""
BOARDS, POTS, CRATE_PAIRS, DISHES, ORDERS = (4.4, 1.4), (3.4, 1.4), (1.2, 0.0), (1.0, 4.0), (2.4, 3.6)
MORE_FLOOR = 0.45
"""How much more floor each cook beyond the second gets, as a share."""


def between(ends: tuple[float, float], difficulty: float) -> float:
    """The value at this difficulty of something that has these values at 0 and at 1."""
    return ends[0] + (ends[1] - ends[0]) * difficulty


@dataclass(frozen=True, slots=True)
class Brief:
    """What a kitchen is to have."""

    cookery: Cookery
    counts: Mapping[Tile, int]
    """Stations of each kind."""
    extinguishers: int
    floor: float
    """Squares of floor, roughly."""
    walking: float
    """Squares walked for a dish."""
    orders: int
    """Orders open at a time, where they expire."""

    @property
    def stations(self) -> int:
        """Squares that are taken."""
        return sum(self.counts.values()) + self.extinguishers


def brief_for(rng: Random, difficulty: float, cooks: int, layout: type[Layout]) -> Brief:
    """What a kitchen for this rule book and so many cooks is to have."""
    kinds = set(layout.characters.values())
    boards = Tile.BOARD in kinds
    dishes = _menu(rng, round(between(DISHES, difficulty)), layout)
    foods = [food for food in CRATES if any(food in dish.pieces for dish in dishes)]
    counts = {CRATES[food]: 1 + (rng.random() < between(CRATE_PAIRS, difficulty)) for food in foods}
    counts |= {Tile.POT: round(between(POTS, difficulty)), Tile.PLATES: 1 + (rng.random() < 0.3)}
    counts |= {Tile.DELIVERY: 1 + (rng.random() < 0.4)}
    if boards:
        counts |= {Tile.BOARD: round(between(BOARDS, difficulty)) + (cooks > 2), Tile.BIN: 1 + (rng.random() < 0.3)}
    more = 1 + MORE_FLOOR * max(0, cooks - 2)
    return Brief(
        cookery=Cookery(dishes, boards=boards, mixed=boards, burns=boards, chop_turns=CHOP_TURNS if boards else 0),
        counts=counts,
        extinguishers=int(boards),
        floor=between(FLOOR, difficulty) * more * rng.uniform(0.8, 1.2),
        walking=between(WALKING, difficulty),
        orders=round(between(ORDERS, difficulty)) + (cooks > 2),
    )


def _menu(rng: Random, size: int, layout: type[Layout]) -> tuple[Dish, ...]:
    """So many dishes; the simplest ones where there are few."""
    if layout is HlaLayout:
        dishes = [Dish(recipe.name, pieces_of(recipe)) for recipe in RECIPES]
        few = dishes[:3]
    else:
        dishes = few = _soups()
    chosen = rng.sample(few if size == 1 else dishes, size)
    return tuple(sorted(chosen, key=dishes.index))


def _soups() -> list[Dish]:
    """What overcooked_ai kitchens cook: every soup of up to three onions and tomatoes."""
    foods: tuple[Food, ...] = ("onion", "tomato")
    mixes = [mix for size in (1, 2, 3) for mix in combinations_with_replacement(foods, size)]
    return [Dish("-".join(mix), mix) for mix in mixes]


def source_of(brief: Brief, layout: type[Layout], name: str, grid: str) -> dict[str, Any]:
    """The kitchen as plain data that `parse_layout` reads."""
    source: dict[str, Any] = {"name": name, "rules": layout.rules}
    if layout is HlaLayout:
        source |= {"recipes": [dish.name for dish in brief.cookery.dishes], "orders": brief.orders}
    else:
        source |= {"start_all_orders": [{"ingredients": list(dish.pieces)} for dish in brief.cookery.dishes]}
    return source | {"grid": grid}
