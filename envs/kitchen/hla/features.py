"""What a network sees of an HLA kitchen: planes of small integers, one set for each cook, and many kitchens at once.

Items lie on squares that are not floor and cooks stand on floor, so that what is held and what lies about share the
same planes. Counts and times are whole numbers, times in seconds rounded up; what is above 255 counts as 255.
"""

from __future__ import annotations

import numpy as np
from brigade.envs.kitchen.hla import kernel
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FIRE, FOOD_BITS, LETTUCE, ONION, PLATE, STAGE_SHIFT, TOMATO
from brigade.envs.kitchen.hla.kernel import Ints, Tiles
from brigade.envs.kitchen.hla.recipes import RECIPES, draw
from brigade.envs.kitchen.plan import STATION_NAMES, Tile
from brigade.envs.kitchen.view import Stage
from numba import njit
from numpy.typing import NDArray

Planes = NDArray[np.uint8]

_ITEM_BITS = (LETTUCE, ONION, TOMATO, PLATE, EXTINGUISHER, FIRE)
_FIRST_STAGE = len(_ITEM_BITS)
_LEFT = _FIRST_STAGE + len(Stage)
_ITEM_PLANES = _LEFT + 1
_N_RECIPES = len(RECIPES)
_KINDS = (Tile.COUNTER, *STATION_NAMES)
_TILE_PLANES = len(_KINDS)
_SECOND_US = 1_000_000


def plane_names(cooks: int) -> tuple[str, ...]:
    """What each plane holds, for a kitchen with so many cooks."""
    return (
        "self",
        *(f"cook {ahead} after self" for ahead in range(1, cooks)),
        "lettuce",
        "onion",
        "tomato",
        "plate",
        "extinguisher",
        "fire",
        *(stage.name.lower() for stage in Stage),
        "left: seconds in a pot, chops on a board",
        *(kind.name.lower() for kind in _KINDS),
        *(f"{recipe.name}: open orders" for recipe in RECIPES),
        *(f"{recipe.name}: seconds left of the most urgent order" for recipe in RECIPES),
        "seconds left of the episode",
    )


def tile_planes(tiles: Tiles) -> Planes:
    """The planes that never change, shape (tile planes, cells)."""
    return np.array([tiles == kind for kind in _KINDS], dtype=np.uint8)


@njit(cache=True, inline="always")
def _small(value: int) -> int:
    return 255 if value > 255 else value


@njit(cache=True, inline="always")
def _seconds(microseconds: int) -> int:
    return _small((microseconds + _SECOND_US - 1) // _SECOND_US)


@njit(cache=True)
def _show_item(item: int, cell: int, out: Planes) -> None:
    """One item in the item planes, shape (item planes, cells)."""
    bit = 1
    for plane in range(_FIRST_STAGE):
        if item & bit:
            out[plane, cell] = 1
        bit <<= 1
    if item & FOOD_BITS:
        out[_FIRST_STAGE + (item >> STAGE_SHIFT), cell] = 1


@njit(cache=True)
def _show_items(s: Ints, c: Ints, out: Planes) -> None:
    out[:] = 0
    for cell in range(out.shape[1]):
        item = s[c[kernel.ITEMS_AT] + cell]
        if item:
            _show_item(item, cell, out)
            left = s[c[kernel.TIMERS_AT] + cell]
            chops = left > 0 and item >> STAGE_SHIFT == 1  # Stage.CHOPPING
            out[_LEFT, cell] = _small(left) if chops else _seconds(max(left, 0))
    for cook in range(c[kernel.N_COOKS]):
        held = s[c[kernel.COOKS_AT] + 2 * cook + 1]
        if held:
            _show_item(held, s[c[kernel.COOKS_AT] + 2 * cook], out)


@njit(cache=True)
def _show_orders(s: Ints, c: Ints, horizon: int, out: Planes) -> None:
    out[:] = 0
    for slot in range(c[kernel.N_ORDERS]):
        recipe, left = s[c[kernel.ORDERS_AT] + 2 * slot], s[c[kernel.ORDERS_AT] + 2 * slot + 1]
        seconds, soonest = _seconds(left), out[_N_RECIPES + recipe, 0]
        out[recipe] = out[recipe, 0] + 1
        if soonest == 0 or seconds < soonest:
            out[_N_RECIPES + recipe] = seconds
    left_us = np.int64(max(horizon - s[kernel.TICK], 0)) * c[kernel.TICK_US]
    out[2 * _N_RECIPES] = _seconds(left_us)


@njit(cache=True)
def observe(
    s: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, static: Planes, horizon: int, out: Planes
) -> None:
    """The planes of every cook, shape (cooks, planes, cells): the same but for who is `self`."""
    n = c[kernel.N_COOKS]
    items, tiles_from = n, n + _ITEM_PLANES
    orders = tiles_from + _TILE_PLANES
    for cook in range(n):
        if cook == 0:
            _show_items(s, c, out[0, items:tiles_from])
            out[0, tiles_from:orders] = static
            _show_orders(s, c, horizon, out[0, orders:])
        else:
            out[cook, items:] = out[0, items:]
        out[cook, :items] = 0
        for ahead in range(n):
            out[cook, ahead, s[c[kernel.COOKS_AT] + 2 * ((cook + ahead) % n)]] = 1


@njit(cache=True, nogil=True)
def advance(
    states: Ints,
    sequences: Ints,
    seeds: NDArray[np.uint64],
    restart: NDArray[np.bool_],
    actions: Ints,
    rewards: Ints,
    ended: NDArray[np.bool_],
    planes: NDArray[np.uint8],
    masks: NDArray[np.bool_],
    horizon: int,
    start: Ints,
    menu: Ints,
    static: Planes,
    c: Ints,
    tiles: Tiles,
    pots: Ints,
    recipes: Ints,
) -> None:
    """One tick of many kitchens; see Batch for the arrays and HlaRules for the rest."""
    cooks = c[kernel.N_COOKS]
    for i in range(states.shape[0]):
        s = states[i]
        if restart[i]:
            draw(seeds[i], menu, sequences[i])
            kernel.begin(s, start, c, recipes, sequences[i])
            rewards[i] = 0
        else:
            before = s[kernel.SCORE]
            kernel.step(s, actions[i], c, tiles, pots, recipes, sequences[i])
            rewards[i, : 1 + cooks] = s[kernel.SCORE] - before
        ended[i] = s[kernel.TICK] >= horizon
        if planes.shape[0]:
            observe(s, c, tiles, pots, recipes, static, horizon, planes[i])
        if masks.shape[0]:
            kernel.mask(s, c, tiles, pots, masks[i])
