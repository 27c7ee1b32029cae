"""What minds, executors and screens see of a kitchen: an immutable picture, decoded when asked.

Making a view costs one small copy; nothing is decoded until it is read, so an executor can take one every tick.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from brigade.envs.kitchen import hla_kernel as kernel
from brigade.envs.kitchen.items import ITEMS, Item
from brigade.envs.kitchen.layout import Layout, Tile
from brigade.envs.kitchen.recipes import RECIPES, Recipe

if TYPE_CHECKING:
    from brigade.envs.kitchen.hla import HlaRules
    from brigade.envs.kitchen.state import KitchenState


@dataclass(frozen=True, slots=True)
class CookView:
    """A cook: where it stands and what it holds."""

    cell: int
    item: Item


@dataclass(frozen=True, slots=True)
class SquareView:
    """A square with something on it."""

    cell: int
    tile: Tile
    item: Item
    left: float
    """Seconds left in a pot (until cooked, until charred, of the fire), or chops left on a board; 0 elsewhere."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """An open order."""

    recipe: Recipe
    seconds_left: float

    @property
    def share_left(self) -> float:
        """Time left as a share of the time given, 0 to 1."""
        return self.seconds_left / self.recipe.seconds


class KitchenView:
    """One moment of a kitchen."""

    def __init__(self, rules: HlaRules, state: KitchenState) -> None:
        self._rules = rules
        self._state = state
        self._s = state.vector

    @property
    def layout(self) -> Layout:
        """The kitchen's plan."""
        return self._rules.layout

    @property
    def tick(self) -> int:
        """Ticks since the start."""
        return int(self._s[kernel.TICK])

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return self.tick * self._rules.tick_seconds

    @property
    def score(self) -> int:
        """Bonuses minus penalties so far."""
        return int(self._s[kernel.SCORE])

    @property
    def served(self) -> int:
        """Orders served so far."""
        return int(self._s[kernel.SERVED])

    @property
    def missed(self) -> int:
        """Orders whose deadline passed so far."""
        return int(self._s[kernel.MISSED])

    def position(self, cook: int) -> int:
        """The cell on which a cook stands."""
        return int(self._s[self._rules.cooks_at + 2 * cook])

    def held(self, cook: int) -> Item:
        """What a cook holds."""
        return ITEMS[int(self._s[self._rules.cooks_at + 2 * cook + 1])]

    def item(self, cell: int) -> Item:
        """What lies on a cell."""
        return ITEMS[int(self._s[self._rules.items_at + cell])]

    @cached_property
    def cooks(self) -> tuple[CookView, ...]:
        """Every cook."""
        return tuple(CookView(self.position(i), self.held(i)) for i in range(self.layout.cooks))

    @cached_property
    def squares(self) -> tuple[SquareView, ...]:
        """Every square with something on it, in reading order."""
        return tuple(self._squares())

    def _squares(self) -> Iterator[SquareView]:
        rules, tiles = self._rules, self.layout.tiles
        items = self._s[rules.items_at : rules.timers_at]
        for cell in items.nonzero()[0].tolist():
            tile, timer = Tile(tiles[cell]), int(self._s[rules.timers_at + cell])
            yield SquareView(cell, tile, ITEMS[items[cell]], timer / 1e6 if tile == Tile.POT else max(timer, 0))

    @cached_property
    def orders(self) -> tuple[OrderView, ...]:
        """The open orders, oldest first."""
        rules = self._rules
        pairs = self._s[rules.orders_at : rules.sprays_at].reshape(-1, 2).tolist()
        return tuple(OrderView(RECIPES[recipe], left / 1e6) for recipe, left in pairs)

    def state_dict(self) -> dict[str, Any]:
        """The moment as plain data (the rule book's `to_dict`, which also holds the orders still to come)."""
        return self._rules.to_dict(self._state)
