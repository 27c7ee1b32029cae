"""Layouts of the overcooked_ai rule book: what can be ordered, what it is worth, how long it cooks.

name: cramped_room
rules: overcooked_ai
start_all_orders:
  - ingredients: [onion, onion, onion]
horizon: 400            # ticks
grid: |
  XXPXX
  O  2O
  X1  X
  XDXSX

The keys are those of the published `.layout` files, with the same meaning; `horizon`, `name` and `rules` are our own.
Here all numbers are whole, and `order_bonus` may be anything that makes whole rewards, also infinite.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import isinf
from typing import Any, ClassVar

from brigade.envs.kitchen.overcooked_ai.recipes import Measure, Recipe, every_recipe, listed
from brigade.envs.kitchen.overcooked_ai.state_form import Sections, StateForm
from brigade.envs.kitchen.plan import Layout, Tile

_TIMES = ("cook_time", "recipe_times", "onion_time", "tomato_time")
_VALUES = ("delivery_reward", "recipe_values", "onion_value", "tomato_value")


@dataclass(frozen=True)
class Shaping:
    """Shaped rewards; the published values. The last three were never used."""

    PLACEMENT_IN_POT_REW: int = 3
    """For adding an ingredient, whichever."""
    DISH_PICKUP_REWARD: int = 3
    """For taking a dish while one is wanted."""
    SOUP_PICKUP_REWARD: int = 5
    """For filling a dish."""
    DISH_DISP_DISTANCE_REW: int = 0
    POT_DISTANCE_REW: int = 0
    SOUP_DISTANCE_REW: int = 0


@dataclass(frozen=True)
class OvercookedLayout(Layout):
    """A kitchen for the overcooked_ai rule book. None means: not set, see `Measure`."""

    rules: ClassVar[str] = "overcooked_ai"
    characters: ClassVar[dict[str, Tile]] = {
        " ": Tile.FLOOR,
        "X": Tile.COUNTER,
        "O": Tile.ONIONS,
        "T": Tile.TOMATOES,
        "P": Tile.POT,
        "D": Tile.PLATES,
        "S": Tile.DELIVERY,
    }
    max_cooks: ClassVar[int] = 9

    start_all_orders: tuple[Recipe, ...] = ()
    """What can be ordered; empty for every soup there is."""
    start_bonus_orders: tuple[Recipe, ...] = ()
    """Which of it brings `order_bonus` times its worth."""
    order_bonus: float = 2
    cook_time: int | None = None
    """Ticks that every soup cooks."""
    recipe_times: tuple[int, ...] | None = None
    """Ticks for each of `start_all_orders`."""
    onion_time: int | None = None
    """Ticks for each onion, and so on."""
    tomato_time: int | None = None
    delivery_reward: int | None = None
    """What every soup is worth, and so on."""
    recipe_values: tuple[int, ...] | None = None
    onion_value: int | None = None
    tomato_value: int | None = None
    max_num_ingredients: int = 3
    """Of one soup."""
    old_dynamics: bool = False
    """Whether a pot starts by itself, as soon as it holds three ingredients, and only then."""
    rew_shaping_params: Shaping = field(default_factory=Shaping)
    start_state: StateForm | None = None
    """Where things and cooks are at the start, if not as drawn; its orders count instead of the above."""
    horizon: int = 400
    """Ticks of an episode."""

    @cached_property
    def orders(self) -> tuple[Recipe, ...]:
        """What can be ordered, in the published order."""
        given = self.start_state.orders if self.start_state else self.start_all_orders
        return listed(given or every_recipe(self.max_num_ingredients), self.max_num_ingredients)

    @cached_property
    def bonus_orders(self) -> tuple[Recipe, ...]:
        """Which of it brings a bonus, in the published order."""
        given = self.start_state.bonus if self.start_state else self.start_bonus_orders
        return listed(given, self.max_num_ingredients)

    @cached_property
    def times(self) -> Measure:
        """Ticks that soups cook."""
        each = tuple(zip(self.start_all_orders, self.recipe_times or (), strict=False))
        return Measure(self.cook_time, each, self.onion_time, self.tomato_time)

    @cached_property
    def values(self) -> Measure:
        """What soups are worth as such, ordered or not."""
        each = tuple(zip(self.start_all_orders, self.recipe_values or (), strict=False))
        return Measure(self.delivery_reward, each, self.onion_value, self.tomato_value)

    @cached_property
    def sections(self) -> Sections:
        """Where what is in this kitchen's vector."""
        return Sections(self)

    def worth(self, recipe: Recipe) -> float:
        """What delivering a soup brings: whole, or infinite."""
        if recipe not in self.orders:
            return 0
        value = self.values.of(recipe)
        return value * self.order_bonus if recipe in self.bonus_orders else value

    def source_text(self) -> dict[str, Any]:
        """See Layout.source_text."""
        given = {key: getattr(self, key) for key in (*_TIMES, *_VALUES) if getattr(self, key) is not None}
        start = {"start_state": self.start_state.plain()} if self.start_state else {}
        return {
            "name": self.name,
            "rules": self.rules,
            "start_all_orders": _plain(self.start_all_orders),
            "start_bonus_orders": _plain(self.start_bonus_orders),
            "order_bonus": "inf" if isinf(self.order_bonus) else self.order_bonus,  # JSON and YAML differ on infinity
            **{key: list(value) if isinstance(value, tuple) else value for key, value in given.items()},
            "max_num_ingredients": self.max_num_ingredients,
            "old_dynamics": self.old_dynamics,
            "rew_shaping_params": asdict(self.rew_shaping_params),
            **start,
            "horizon": self.horizon,
            "grid": self.grid,
        }


def _plain(recipes: Iterable[Recipe]) -> list[dict[str, list[str]]]:
    return [{"ingredients": list(recipe.ingredients)} for recipe in recipes]
