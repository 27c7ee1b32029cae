"""What screens and programs see of an overcooked_ai kitchen: an immutable picture, decoded when asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from brigade.envs.kitchen.overcooked_ai import kernel
from brigade.envs.kitchen.overcooked_ai.items import (
    DISH,
    KIND_BITS,
    NAMES,
    NOTHING,
    ONION,
    SOUP,
    TOMATO,
    ingredients_of,
    soup,
)
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.recipes import Recipe, recipe_of
from brigade.envs.kitchen.overcooked_ai.state_form import DIRECTIONS
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.view import CookView, Food, Progress, SquareView, Stage

if TYPE_CHECKING:
    from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
    from brigade.envs.kitchen.state import KitchenState


@dataclass(frozen=True, slots=True)
class OvercookedItem:
    """An ingredient, a dish, or a soup: in a pot, where it may still be raw, or on a dish."""

    code: int
    stage: Stage | None = None
    """Of a soup in a pot: fresh until it is started, then cooking, then cooked."""
    plated: bool = False

    burning: ClassVar[bool] = False
    extinguisher: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """`onion`, `tomato`, `dish` or `soup`; empty for nothing."""
        return NAMES.get(self.code & KIND_BITS, "")

    @property
    def pieces(self) -> tuple[Food, ...]:
        """Its ingredients, in the order in which they were added."""
        if self.code == ONION:
            return ("onion",)
        return ("tomato",) if self.code == TOMATO else ingredients_of(self.code)

    @property
    def recipe(self) -> Recipe | None:
        """Which soup it is, if it is one."""
        return recipe_of(ingredients_of(self.code)) if self.code & KIND_BITS == SOUP else None

    @property
    def dish_name(self) -> str | None:
        """What a soup is made of, such as `onion x2 + tomato`."""
        return self.recipe.name or None if self.recipe is not None else None

    def __str__(self) -> str:
        return self.name or "nothing"


EMPTY = OvercookedItem(NOTHING)


@dataclass(frozen=True, slots=True)
class OvercookedOrderView:
    """A soup that can be delivered, again and again."""

    recipe: Recipe
    worth: float
    """What that brings."""
    bonus: bool

    seconds_left: ClassVar[None] = None
    share_left: ClassVar[None] = None

    @property
    def name(self) -> str:
        """Such as `onion x2 + tomato`."""
        return self.recipe.name

    @property
    def dish(self) -> OvercookedItem:
        """The soup on its dish."""
        return OvercookedItem(soup(self.recipe.ingredients), Stage.COOKED, plated=True)


class OvercookedView:
    """One moment of a kitchen."""

    def __init__(self, rules: OvercookedRules, state: KitchenState) -> None:
        self._rules = rules
        self._state = state
        self._s = state.vector

    @property
    def state(self) -> KitchenState:
        """The state itself, not to be changed."""
        return self._state

    @property
    def layout(self) -> OvercookedLayout:
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
        """Sparse rewards of all cooks so far, or since the state was read."""
        return int(self._s[kernel.SCORE])

    @property
    def served(self) -> int:
        """Soups delivered so far that brought something."""
        return int(self._s[kernel.SERVED])

    @property
    def missed(self) -> int:
        """Always zero: orders have no deadline."""
        return 0

    def item(self, cell: int) -> OvercookedItem:
        """What lies on a cell."""
        at = self.layout.sections
        code, tick = int(self._s[at.items + cell]), int(self._s[at.ticks + cell])
        return self._item(code, tick, in_pot=self.layout.tiles[cell] == Tile.POT)

    def _item(self, code: int, tick: int, *, in_pot: bool) -> OvercookedItem:
        kind = code & KIND_BITS
        if kind == NOTHING:
            return EMPTY
        if kind in (ONION, TOMATO):
            return OvercookedItem(code, Stage.FRESH)
        if kind == DISH:
            return OvercookedItem(code, plated=True)
        if not ingredients_of(code):
            return OvercookedItem(code, plated=not in_pot)
        stage = Stage.FRESH if tick < 0 else Stage.COOKED if tick >= self._time(code) else Stage.COOKING
        return OvercookedItem(code, stage, plated=not in_pot)

    def _time(self, code: int) -> int:
        return self.layout.times.of(recipe_of(ingredients_of(code)))

    @cached_property
    def cooks(self) -> tuple[CookView[OvercookedItem], ...]:
        """Every cook."""
        cooks = []
        for cook in range(self.layout.cooks):
            here = kernel.COOKS_AT + kernel.PER_COOK * cook
            cell, facing, held, tick = self._s[here : here + kernel.PER_COOK].tolist()
            cooks.append(CookView(cell, self._item(held, tick, in_pot=False), DIRECTIONS[facing]))
        return tuple(cooks)

    @cached_property
    def squares(self) -> tuple[SquareView[OvercookedItem], ...]:
        """Every square with something on it, in reading order; what is left of a soup that cooks is in ticks."""
        at = self.layout.sections
        return tuple(self._square(int(cell)) for cell in self._s[at.items : at.ticks].nonzero()[0])

    def _square(self, cell: int) -> SquareView[OvercookedItem]:
        item, tile = self.item(cell), Tile(self.layout.tiles[cell])
        if tile != Tile.POT or item.stage not in (Stage.COOKING, Stage.COOKED):
            return SquareView(cell, tile, item, 0)
        time = self._time(item.code)
        left = max(0, time - int(self._s[self.layout.sections.ticks + cell]))
        return SquareView(cell, tile, item, left, Progress(1 - left / time if time else 1))

    @cached_property
    def orders(self) -> tuple[OvercookedOrderView, ...]:
        """What can be delivered."""
        layout = self.layout
        return tuple(OvercookedOrderView(r, layout.worth(r), r in layout.bonus_orders) for r in layout.orders)

    def state_dict(self) -> dict[str, Any]:
        """The moment in the published JSON form."""
        return self._rules.to_dict(self._state)
