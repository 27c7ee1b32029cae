"""What cooking takes in a kitchen: which dishes, from which crates, over which stations, in words for any rule book.

Knows nothing of who can reach what.
"""

from __future__ import annotations

from dataclasses import dataclass

from brigade.envs.kitchen.hla.items import ITEMS
from brigade.envs.kitchen.hla.layout import HlaLayout
from brigade.envs.kitchen.hla.recipes import Recipe
from brigade.envs.kitchen.kitchen import rule_book
from brigade.envs.kitchen.plan import Layout, Tile
from brigade.envs.kitchen.view import Food

CRATES: dict[Food, Tile] = {"lettuce": Tile.LETTUCES, "onion": Tile.ONIONS, "tomato": Tile.TOMATOES}
"""The tile that gives each food."""


@dataclass(frozen=True, slots=True)
class Dish:
    """Something that can be ordered."""

    name: str
    pieces: tuple[Food, ...]
    """Its foods, one entry a piece."""


@dataclass(frozen=True, slots=True)
class Cookery:
    """What cooking takes."""

    dishes: tuple[Dish, ...]
    boards: bool
    """Whether food is chopped on a board first."""
    mixed: bool
    """Whether the pieces of a dish are put together before they go into a pot; otherwise they go in one by one."""
    burns: bool
    """Whether food that is left in a pot chars and catches fire: it takes an extinguisher and a bin then."""
    extinguishers: tuple[int, ...] = ()
    """Cells on which an extinguisher lies at the start."""
    orders: int | None = None
    """Orders that are open at a time and expire; None where they stand for as long as one likes."""
    chop_turns: int = 0
    """Turns that chopping a piece takes."""


def pieces_of(recipe: Recipe) -> tuple[Food, ...]:
    """The foods of an HLA recipe."""
    return ITEMS[recipe.dish].pieces


def cookery_of(layout: Layout) -> Cookery:
    """What cooking takes in this kitchen, by its rule book.

    The HLA book chops, mixes and burns. Of any other only what every rule book offers is asked: the orders that are
    open at the start are its menu, and its alphabet says whether there are boards and bins.
    """
    if isinstance(layout, HlaLayout):
        return Cookery(
            dishes=tuple(Dish(recipe.name, pieces_of(recipe)) for recipe in layout.menu),
            boards=True,
            mixed=True,
            burns=True,
            extinguishers=layout.extinguishers,
            orders=layout.orders,
            chop_turns=layout.timing.chops + 1,
        )
    rules = rule_book(layout)
    orders = rules.view(rules.initial()).orders
    kinds = set(layout.characters.values())
    return Cookery(
        dishes=tuple(dict.fromkeys(Dish(order.name, tuple(order.dish.pieces)) for order in orders)),
        boards=Tile.BOARD in kinds,
        mixed=False,
        burns=Tile.BIN in kinds,
    )
