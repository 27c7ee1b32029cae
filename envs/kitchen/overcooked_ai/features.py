"""A state as planes of small numbers, one stack per cook: the published lossless encoding, made by a kernel.

Each cook sees itself first. For two cooks the planes are those of the published `lossless_state_encoding`, which puts
the axes the other way round: its (width, height, plane) is [plane, height, width] here. For other numbers, where the
published one refuses, there are a place and four directions for every cook: oneself, then the others in their order.

Numbers above 255 (ticks left of a soup that cooks for long) become 255; below zero there are none, though the
published encoding can have some for a soup that was read with more ticks than its recipe takes.
"""

from __future__ import annotations

import numpy as np
from brigade.envs.kitchen.compiled import compiled
from brigade.envs.kitchen.overcooked_ai.items import (
    DISH,
    KEY_SHIFT,
    KEYS,
    KIND_BITS,
    NOTHING,
    ONION,
    SOUP,
)
from brigade.envs.kitchen.overcooked_ai.kernel import (
    CELL,
    COOKS_AT,
    FACING,
    HELD,
    HELD_TICK,
    HORIZON,
    ITEMS_AT,
    LIST_AT,
    LYING,
    N_COOKS,
    PER_COOK,
    TICK,
    TICKS_AT,
    TIME,
    Ints,
    Tiles,
)
from brigade.envs.kitchen.plan import Tile
from numpy.typing import NDArray

URGENT = 40
"""Ticks from the end of the episode in which the last plane is on."""

_KITCHEN = ("pot_loc", "counter_loc", "onion_disp_loc", "tomato_disp_loc", "dish_disp_loc", "serve_loc")
_CONTENTS = (
    "onions_in_pot",
    "tomatoes_in_pot",
    "onions_in_soup",
    "tomatoes_in_soup",
    "soup_cook_time_remaining",
    "soup_done",
    "dishes",
    "onions",
    "tomatoes",
    "urgency",
)
_PER_COOK = 5
PLANES_OF_KITCHEN = len(_KITCHEN) + len(_CONTENTS)
"""Planes besides the five of each cook."""

Planes = NDArray[np.uint8]

_POT = int(Tile.POT)
# Planes counted from the first of the kitchen.
_IN_POT, _IN_SOUP, _LEFT, _DONE, _DISHES, _ONIONS, _TOMATOES, _URGENCY = 6, 8, 10, 11, 12, 13, 14, 15
_PLANE_OF = np.full(len(Tile), -1, dtype=np.int8)
_PLANE_OF[[Tile.POT, Tile.COUNTER, Tile.ONIONS, Tile.TOMATOES, Tile.PLATES, Tile.DELIVERY]] = range(len(_KITCHEN))


def plane_names(cooks: int = 2, cook: int = 0) -> tuple[str, ...]:
    """What the planes of one cook's stack show; cooks are counted from 0 as in the published names."""
    order = [cook, *(other for other in range(cooks) if other != cook)]
    places = tuple(f"player_{i}_loc" for i in order)
    directions = tuple(f"player_{i}_orientation_{d}" for i in order for d in range(4))
    return (*places, *directions, *_KITCHEN, *_CONTENTS)


@compiled
def _show_thing(flat: Planes, at: int, cells: int, item: int, tick: int, in_pot: bool, recipes: Ints) -> None:
    """One thing; `at` is its cell in the first plane of the kitchen."""
    kind = item & KIND_BITS
    if kind != SOUP:
        plane = _DISHES if kind == DISH else _ONIONS if kind == ONION else _TOMATOES
        flat[at + plane * cells] = 1
        return
    first = at + (_IN_POT if in_pot and tick < 0 else _IN_SOUP) * cells
    flat[first] = item >> KEY_SHIFT & 15
    flat[first + cells] = item >> (KEY_SHIFT + 4) & 15
    if not in_pot:
        flat[at + _DONE * cells] = 1
    elif tick >= 0:
        left = recipes[item >> KEY_SHIFT & (KEYS - 1), TIME] - tick
        flat[at + _LEFT * cells] = min(max(left, 0), 255)
        flat[at + _DONE * cells] = left <= 0


@compiled
def _show_things(flat: Planes, first: int, s: Ints, c: Ints, tiles: Tiles, recipes: Ints) -> None:
    """Everything that lies about or is held; the first plane of the kitchen begins here."""
    cells = tiles.size
    for i in range(c[LIST_AT], c[LIST_AT] + s[LYING]):
        cell = s[i]
        item, tick = s[c[ITEMS_AT] + cell], s[c[TICKS_AT] + cell]
        _show_thing(flat, first + cell, cells, item, tick, tiles[cell] == _POT, recipes)
    for cook in range(c[N_COOKS]):
        here = COOKS_AT + PER_COOK * cook
        if s[here + HELD] != NOTHING:
            _show_thing(flat, first + s[here + CELL], cells, s[here + HELD], s[here + HELD_TICK], False, recipes)


@compiled
def lossless(s: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, start: Ints, out: Planes) -> None:
    """Write what each cook sees.

    Args:
        s: the kitchen's vector.
        c: its plan, as what follows: the arguments of `kernel.step`.
        tiles: see there.
        pots: see there.
        recipes: see there.
        start: see there.
        out: written, shape (cooks, 5 * cooks + 16, height, width), contiguous; 26 planes for two cooks, named by
            `plane_names`.
    """
    n, cells = c[N_COOKS], tiles.size
    flat = out.reshape(out.size)
    flat[:] = 0
    stack = (_PER_COOK * n + PLANES_OF_KITCHEN) * cells
    for cook in range(n):
        first = cook * stack + _PER_COOK * n * cells
        for cell in range(cells):
            plane = _PLANE_OF[tiles[cell]]
            if plane >= 0:
                flat[first + plane * cells + cell] = 1
        _show_things(flat, first, s, c, tiles, recipes)
        if c[HORIZON] - s[TICK] < URGENT:
            for cell in range(cells):
                flat[first + _URGENCY * cells + cell] = 1
    for shown in range(n):
        here = COOKS_AT + PER_COOK * shown
        cell, facing = s[here + CELL], s[here + FACING]
        for cook in range(n):
            place = 0 if shown == cook else shown + 1 if shown < cook else shown
            flat[cook * stack + place * cells + cell] = 1
            flat[cook * stack + (n + 4 * place + facing) * cells + cell] = 1
