"""What a layout file of the overcooked_ai rule book may hold, checked; for the meaning see `OvercookedLayout`.

Which settings exclude each other is the published rule. Two keys of old files are accepted that the published loader
ignores as well: `num_items_for_soup`, and `start_order_list` as long as it is None.
"""

from __future__ import annotations

from math import isinf, isnan
from pathlib import Path
from typing import Annotated

from brigade.envs.kitchen.overcooked_ai.items import MAX_INGREDIENTS
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout, Shaping
from brigade.envs.kitchen.overcooked_ai.recipes import Recipe
from brigade.envs.kitchen.overcooked_ai.state_form import OrderForm, StateForm, vector_of
from brigade.envs.kitchen.plan import LayoutError, Origin, Tile, read_grid, station_name
from pydantic import BaseModel, ConfigDict, Field

MOST_WORTH = 1_000_000_000
"""The largest finite reward of a soup."""

Ticks = Annotated[int, Field(ge=0, le=1_000_000)]
Points = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Orders = Annotated[list[OrderForm], Field(max_length=200)]

_EXCLUSIVE = (
    ("onion_value", "delivery_reward"),
    ("onion_value", "recipe_values"),
    ("recipe_values", "delivery_reward"),
    ("onion_time", "cook_time"),
    ("onion_time", "recipe_times"),
    ("recipe_times", "cook_time"),
)


class _ShapingFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    PLACEMENT_IN_POT_REW: Points
    DISH_PICKUP_REWARD: Points
    SOUP_PICKUP_REWARD: Points
    DISH_DISP_DISTANCE_REW: Points = 0
    POT_DISTANCE_REW: Points = 0
    SOUP_DISTANCE_REW: Points = 0


class OvercookedLayoutFile(BaseModel):
    """What a layout file may hold."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100)
    grid: str
    rules: str = OvercookedLayout.rules
    start_all_orders: Orders = []
    start_bonus_orders: Orders = []
    order_bonus: float = Field(default=2, ge=-1_000_000)  # infinity is fine
    cook_time: Ticks | None = None
    recipe_times: list[Ticks] | None = None
    onion_time: Ticks | None = None
    tomato_time: Ticks | None = None
    delivery_reward: Points | None = None
    recipe_values: list[Points] | None = None
    onion_value: Points | None = None
    tomato_value: Points | None = None
    max_num_ingredients: int = Field(default=3, ge=1, le=MAX_INGREDIENTS)
    num_items_for_soup: int | None = None
    start_order_list: None = None
    old_dynamics: bool = False
    rew_shaping_params: _ShapingFile | None = None
    start_state: StateForm | None = None
    horizon: int = Field(default=400, ge=1, le=1_000_000)

    def layout(self, origin: Origin) -> OvercookedLayout:
        """The layout that the file describes.

        Raises:
            LayoutError: it cannot be cooked in.
        """
        self._check_settings(origin)
        rows, starts = read_grid(self.grid, OvercookedLayout, origin)
        shaping = self.rew_shaping_params
        layout = OvercookedLayout(
            name=self.name or Path(origin.source).stem,
            rows=rows,
            starts=starts,
            start_all_orders=tuple(order.recipe for order in self.start_all_orders),
            start_bonus_orders=tuple(order.recipe for order in self.start_bonus_orders),
            order_bonus=self.order_bonus,
            cook_time=self.cook_time,
            recipe_times=None if self.recipe_times is None else tuple(self.recipe_times),
            onion_time=self.onion_time,
            tomato_time=self.tomato_time,
            delivery_reward=self.delivery_reward,
            recipe_values=None if self.recipe_values is None else tuple(self.recipe_values),
            onion_value=self.onion_value,
            tomato_value=self.tomato_value,
            max_num_ingredients=self.max_num_ingredients,
            old_dynamics=self.old_dynamics,
            rew_shaping_params=Shaping(**shaping.model_dump()) if shaping else Shaping(),
            start_state=self.start_state,
            horizon=self.horizon,
            source=origin.source,
            first_line=origin.first_row,
        )
        _check_stations(layout, origin)
        _check_orders(layout, origin)
        if self.start_state is not None:
            try:
                vector_of(layout, self.start_state)
            except ValueError as error:
                raise LayoutError(f"{origin.at('start_state')}: start_state: {error}") from None
        return layout

    def _check_settings(self, origin: Origin) -> None:
        """Settings come in pairs, exclude each other, or go along `start_all_orders`."""
        for what in ("time", "value"):
            keys = f"onion_{what}", f"tomato_{what}"
            if (getattr(self, keys[0]) is None) != (getattr(self, keys[1]) is None):
                given = next(key for key in keys if getattr(self, key) is not None)
                raise LayoutError(f"{origin.at(given)}: {keys[0]} and {keys[1]} go together")
        for one, other in _EXCLUSIVE:
            if getattr(self, one) is not None and getattr(self, other) is not None:
                raise LayoutError(f"{origin.at(other)}: {other} cannot be set together with {one}")
        for key in ("recipe_times", "recipe_values"):
            amounts = getattr(self, key)
            if amounts is not None and (not amounts or len(amounts) != len(self.start_all_orders)):
                orders = len(self.start_all_orders)
                raise LayoutError(f"{origin.at(key)}: {key} has {len(amounts)} numbers for {orders} start_all_orders")


def _check_stations(layout: OvercookedLayout, origin: Origin) -> None:
    for kind in (Tile.PLATES, Tile.DELIVERY, Tile.POT):
        if not layout.cells(kind):
            raise LayoutError(f"{origin.row()}: the grid has no {station_name(layout, kind)}")
    if not layout.cells(Tile.ONIONS, Tile.TOMATOES):
        raise LayoutError(f"{origin.row()}: the grid has neither onions (O) nor tomatoes (T)")


def _check_orders(layout: OvercookedLayout, origin: Origin) -> None:
    key = "start_state" if layout.start_state else "start_all_orders"
    everything = (*layout.start_all_orders, *layout.orders)
    _check_sizes(layout, everything, f"{origin.at(key)}: {key}")
    if layout.old_dynamics and any(recipe.size != 3 for recipe in everything):
        raise LayoutError(f"{origin.at('old_dynamics')}: with old_dynamics every order has 3 ingredients")
    for key, recipes in (("start_all_orders", layout.orders), ("start_bonus_orders", layout.bonus_orders)):
        if len(set(recipes)) != len(recipes):
            raise LayoutError(f"{origin.at(key)}: {key}: the same soup is listed twice")
    if not set(layout.bonus_orders) <= set(layout.orders):
        raise LayoutError(f"{origin.at('start_bonus_orders')}: a bonus order is not among the orders")
    for recipe in layout.orders:
        worth = layout.worth(recipe)
        if isnan(worth) or worth == -float("inf") or not (isinf(worth) or worth == int(worth)):
            raise LayoutError(f"{origin.at('order_bonus')}: {recipe.name} would be worth {worth}, no whole number")
        if not isinf(worth) and abs(worth) > MOST_WORTH:
            raise LayoutError(f"{origin.at('order_bonus')}: {recipe.name} would be worth more than {MOST_WORTH}")


def _check_sizes(layout: OvercookedLayout, recipes: tuple[Recipe, ...], where: str) -> None:
    for recipe in recipes:
        if not 1 <= recipe.size <= layout.max_num_ingredients:
            most = layout.max_num_ingredients
            raise LayoutError(f"{where}: a soup has 1 to {most} ingredients, not {recipe.size}")
