"""The published environment, as the package `overcooked` has it, set up like a layout of ours and read the same way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import overcooked
from brigade.envs.kitchen import Tile, load_layout
from brigade.envs.kitchen.overcooked_ai import kernel
from brigade.envs.kitchen.overcooked_ai.items import KINDS, soup
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.state_form import DIRECTIONS
from numpy.typing import NDArray
from overcooked.mdp.actions import Action
from overcooked.mdp.overcooked_mdp import OvercookedGridworld, OvercookedState, Recipe
from overcooked.utils import read_layout_dict

LAYOUTS = sorted(file.stem for file in (Path(overcooked.__file__).parent / "data" / "layouts").glob("*.layout"))
"""Every layout that comes with the package."""
ACTIONS: list[Any] = Action.INDEX_TO_ACTION


def load(name: str) -> OvercookedLayout:
    """Our reading of one of its layouts."""
    layout = load_layout(f"overcooked:{name}")
    assert isinstance(layout, OvercookedLayout)
    return layout


def peer_of(layout: OvercookedLayout) -> OvercookedGridworld:
    """Its kitchen for a variant of one of its layouts: other cooks, other dynamics, fewer orders."""
    Recipe.ALL_RECIPES_CACHE.clear()  # else soups of earlier kitchens would turn up in orders of everything
    Recipe.configure({"max_num_ingredients": layout.max_num_ingredients})
    given = read_layout_dict(layout.name)
    variant: dict[str, Any] = {"old_dynamics": layout.old_dynamics, "layout_name": layout.name}
    variant["max_num_ingredients"] = layout.max_num_ingredients
    if layout.start_state is None:
        variant |= {"start_state": None}
        given.pop("start_state", None)
    if layout.recipe_values is None:
        given.pop("recipe_values", None)
        given.pop("recipe_times", None)
    variant["start_all_orders"] = [{"ingredients": list(r.ingredients)} for r in layout.start_all_orders]
    variant["start_bonus_orders"] = [{"ingredients": list(r.ingredients)} for r in layout.start_bonus_orders]
    if "start_state" in given:
        given["start_state"] = OvercookedState.from_dict(given["start_state"])
    del given["grid"]
    return OvercookedGridworld.from_grid(layout.grid.splitlines(), given | variant)


def plain(state: OvercookedState) -> dict[str, Any]:
    """Its JSON form, tuples as lists."""
    data: dict[str, Any] = json.loads(json.dumps(state.to_dict()))
    return data


def actions_of(joint: list[int]) -> list[Any]:
    """A joint action as it wants it."""
    return [ACTIONS[action] for action in joint]


def _code(thing: Any) -> tuple[int, int]:
    if thing is None:
        return 0, 0
    if thing.name == "soup":
        return soup(thing.ingredients), thing._cooking_tick
    return KINDS[thing.name], 0


def numbers(layout: OvercookedLayout, state: OvercookedState) -> list[int]:
    """Everything that its state holds and that can change, as the numbers of our vector without score and soups served.

    Reading them is ten times as fast as comparing JSON, so it can be done at every transition.
    """
    width, at = layout.width, layout.sections
    listed, items, ticks = [0] * (at.size - at.listed), [0] * (at.ticks - at.items), [0] * (at.ticks - at.items)
    for number, ((x, y), thing) in enumerate(state.objects.items()):
        cell = y * width + x
        listed[number] = cell
        items[cell], ticks[cell] = _code(thing)
    cooks: list[int] = []
    for player in state.players:
        x, y = player.position
        cooks += (y * width + x, DIRECTIONS.index(player.orientation), *_code(player.held_object))
    return [state.timestep, len(state.objects), *cooks, *items, *ticks, *listed]


def our_numbers(vector: NDArray[np.int32]) -> list[int]:
    """The same of our vector."""
    values = vector.tolist()
    return [values[kernel.TICK], values[kernel.LYING], *values[kernel.COOKS_AT :]]


def with_cooks(layout: OvercookedLayout, cooks: int) -> OvercookedLayout | None:
    """The same kitchen for another number of cooks, if there is floor for them; as drawn, not in its start state."""
    if cooks == layout.cooks:
        return layout
    reached = sorted(cell for cell in frozenset[int]().union(*layout.reach) if layout.tiles[cell] == Tile.FLOOR)
    spare = [cell for cell in reached if cell not in layout.starts]
    starts = (*layout.starts, *spare[:: max(1, len(spare) // 3)])[:cooks]
    return replace(layout, starts=starts, start_state=None) if len(starts) == cooks else None


def with_old_dynamics(layout: OvercookedLayout) -> OvercookedLayout | None:
    """The same kitchen with the old dynamics: with those of its orders that they allow, if there are any."""
    orders = tuple(recipe for recipe in layout.orders if recipe.size == 3)
    if not orders:
        return None
    if orders == layout.start_all_orders:
        return replace(layout, old_dynamics=True)
    bonus = tuple(recipe for recipe in layout.bonus_orders if recipe.size == 3)
    return replace(
        layout,
        old_dynamics=True,
        start_all_orders=orders,
        start_bonus_orders=bonus,
        recipe_values=None,
        recipe_times=None,
        start_state=None,
    )


def variants(name: str) -> Iterator[OvercookedLayout]:
    """A layout with one to four cooks and under both dynamics, as far as there is room and as it allows."""
    layout = load(name)
    for cooks in (layout.cooks, *(n for n in (1, 2, 3, 4) if n != layout.cooks)):
        variant = with_cooks(layout, cooks)
        if variant is not None:
            yield variant
            old = with_old_dynamics(variant)
            if old is not None:
                yield old
