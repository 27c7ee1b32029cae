"""What minds, executors and screens see of an HLA kitchen: an immutable picture, decoded when asked.

Making a view costs one small copy; nothing is decoded until it is read, so an executor can take one every tick.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from brigade.envs.kitchen.hla import kernel
from brigade.envs.kitchen.hla.items import ITEMS, Item
from brigade.envs.kitchen.hla.layout import HlaLayout
from brigade.envs.kitchen.hla.recipes import RECIPES, Recipe
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.view import CookView, Progress, SquareView, Stage

if TYPE_CHECKING:
    from brigade.envs.kitchen.hla.rules import HlaRules
    from brigade.envs.kitchen.state import KitchenState


@dataclass(frozen=True, slots=True)
class HlaOrderView:
    """An open order."""

    recipe: Recipe
    seconds_left: float

    bonus: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The soup's name."""
        return self.recipe.name

    @property
    def dish(self) -> Item:
        """The soup on its plate."""
        return ITEMS[self.recipe.dish]

    @property
    def share_left(self) -> float:
        """Time left as a share of the time given, 0 to 1."""
        return self.seconds_left / self.recipe.seconds


class HlaView:
    """One moment of a kitchen."""

    def __init__(self, rules: HlaRules, state: KitchenState) -> None:
        self._rules = rules
        self._state = state
        self._s = state.vector

    @property
    def rules(self) -> HlaRules:
        """The rule book that the moment goes by."""
        return self._rules

    def copy_state(self) -> KitchenState:
        """The moment's arrays, to try things out on; its `sequence` also holds the orders still to come."""
        return self._state.copy()

    @property
    def layout(self) -> HlaLayout:
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
    def duration(self) -> float:
        """Seconds of a whole episode."""
        return self._rules.horizon * self._rules.tick_seconds

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
    def cooks(self) -> tuple[CookView[Item], ...]:
        """Every cook."""
        return tuple(CookView(self.position(i), self.held(i)) for i in range(self.layout.cooks))

    @cached_property
    def squares(self) -> tuple[SquareView[Item], ...]:
        """Every square with something on it, in reading order."""
        return tuple(self._squares())

    def _squares(self) -> Iterator[SquareView[Item]]:
        rules, tiles = self._rules, self.layout.tiles
        items = self._s[rules.items_at : rules.timers_at]
        for cell in items.nonzero()[0].tolist():
            tile, timer = Tile(tiles[cell]), int(self._s[rules.timers_at + cell])
            item, left = ITEMS[items[cell]], timer / 1e6 if tile == Tile.POT else max(timer, 0)
            yield SquareView(cell, tile, item, left, self._progress(item, left))

    def _progress(self, item: Item, left: float) -> Progress | None:
        timing = self.layout.timing
        if item.burning:
            return Progress(left / timing.putting_out, "now")
        if item.stage is Stage.COOKING:
            return Progress(1 - left / timing.cooking)
        if item.stage is Stage.CHOPPING:
            return Progress(1 - left / timing.chops)
        if item.stage is Stage.COOKED and left:
            share = left / timing.burning
            return Progress(share, "none" if share > 0.6 else "soon" if share > 0.3 else "now")
        return None

    @cached_property
    def orders(self) -> tuple[HlaOrderView, ...]:
        """The open orders, oldest first."""
        rules = self._rules
        pairs = self._s[rules.orders_at : rules.sprays_at].reshape(-1, 2).tolist()
        return tuple(HlaOrderView(RECIPES[recipe], left / 1e6) for recipe, left in pairs)

    def state_dict(self) -> dict[str, Any]:
        """The moment as plain data (the rule book's `to_dict`, which also holds the orders still to come)."""
        return self._rules.to_dict(self._state)
