"""The HLA rule book as numba kernels over one integer vector per kitchen.

The vector of a kitchen (int32) holds, in this order: five counters (tick, score, served, missed, orders drawn); two
per cook (cell, item held); two per open order (recipe index, microseconds left); for each pot, one per cook
(microseconds since that cook last sprayed its fire, -1 for none); one per cell (item on it); one per cell (its
timer: chops left on a board, microseconds left in a pot or of a fire). `Offsets` in hla.py names the sections.

Times are whole microseconds, so that a tick of 0.1 s adds up exactly. Facts of the published testbed that are easy
to get wrong are marked with "published".
"""

from __future__ import annotations

import numpy as np
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FIRE, FOOD_BITS, LETTUCE, ONION, PLATE, STAGE_SHIFT, TOMATO
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.view import Stage
from numba import njit
from numpy.typing import NDArray

# Counters at the head of the vector.
TICK, SCORE, SERVED, MISSED, DRAWN = 0, 1, 2, 3, 4
COUNTERS = 5

# Indices into the constants of a kitchen (int32).
TICK_US, COOKING_US, BURNING_US, FIRE_US, GAP_US, CHOPS, PENALTY = 0, 1, 2, 3, 4, 5, 6
N_COOKS, N_ORDERS, WIDTH = 7, 8, 9
COOKS_AT, ORDERS_AT, SPRAYS_AT, ITEMS_AT, TIMERS_AT = 10, 11, 12, 13, 14
CONSTANTS = 15

TOLERANCE_US = 1000
"""Published: an order with a millisecond left has expired. Used for every timer, so that ticks such as 1/30 s work."""

UNLISTED = -1
"""Timer of a plate left behind where an empty plate met another plate. Published: the testbed forgets to list that
plate on its square until somebody uses it, although it lies there as before; only `HlaRules.summary` cares.
"""

STAY, UP, DOWN, RIGHT, LEFT = 0, 1, 2, 3, 4
N_ACTIONS = 5

_FLOOR, _BOARD, _POT = int(Tile.FLOOR), int(Tile.BOARD), int(Tile.POT)
_DELIVERY, _BIN, _PLATES = int(Tile.DELIVERY), int(Tile.BIN), int(Tile.PLATES)
_TOMATOES, _LETTUCES, _ONIONS = int(Tile.TOMATOES), int(Tile.LETTUCES), int(Tile.ONIONS)
_FRESH, _CHOPPING, _CHOPPED = int(Stage.FRESH), int(Stage.CHOPPING), int(Stage.CHOPPED)
_COOKING, _COOKED, _CHARRED = int(Stage.COOKING), int(Stage.COOKED), int(Stage.CHARRED)

Ints = NDArray[np.int32]
Tiles = NDArray[np.int8]


@njit(cache=True, inline="always")
def _delta(action: int, width: int) -> int:
    if action == UP:
        return -width
    if action == DOWN:
        return width
    if action == RIGHT:
        return 1
    if action == LEFT:
        return -1
    return 0


@njit(cache=True)
def _cancel_collisions(s: Ints, c: Ints, tiles: Tiles, actions: Ints) -> None:
    """Turn the actions of colliding cooks into STAY, in place.

    Published: a move into a cell that another cook stands on is cancelled even if that cook is leaving; cooks that want
    the same cell are both cancelled, unless one of them is only bumping a square from there; a cancelled cook does not
    interact either.
    """
    n = c[N_COOKS]
    cancelled = 0
    for i in range(n):
        at_i = s[c[COOKS_AT] + 2 * i]
        to_i = at_i + _delta(actions[i], c[WIDTH])
        if tiles[to_i] != _FLOOR:
            to_i = at_i
        for j in range(i + 1, n):
            at_j = s[c[COOKS_AT] + 2 * j]
            to_j = at_j + _delta(actions[j], c[WIDTH])
            if tiles[to_j] != _FLOOR:
                to_j = at_j
            if to_i == at_j:
                cancelled |= 1 << i
            if to_j == at_i:
                cancelled |= 1 << j
            if to_i == to_j:
                if to_i == at_i and actions[i] != STAY:
                    cancelled |= 1 << j
                elif to_j == at_j and actions[j] != STAY:
                    cancelled |= 1 << i
                else:
                    cancelled |= (1 << i) | (1 << j)
    for i in range(n):
        if cancelled & (1 << i):
            actions[i] = STAY


@njit(cache=True, inline="always")
def _merges(one: int, other: int) -> bool:
    """Whether two items, at most one of them plated, become one: chopped foods, none of them twice."""
    foods, others = one & FOOD_BITS, other & FOOD_BITS
    if (one | other) & (EXTINGUISHER | FIRE) or foods & others or not foods | others:
        return False
    if foods and one >> STAGE_SHIFT != _CHOPPED:
        return False
    return not others or other >> STAGE_SHIFT == _CHOPPED


@njit(cache=True)
def _combine(held: int, there: int) -> tuple[int, int]:
    """What is held and what lies there after holding something against an occupied counter or board."""
    if not held & there & PLATE:
        if not _merges(held, there):
            return held, there
        if held & PLATE:
            return held | there, 0
        return 0, held | there
    # Published: with two plates the contents go onto one of them, and the other plate stays where it was.
    unplated = there & ~PLATE
    stage = unplated >> STAGE_SHIFT
    soup = unplated & FOOD_BITS and stage in (_COOKED, _CHARRED)
    if unplated == 0 or (soup and held == PLATE) or _merges(held, unplated):
        if held & FOOD_BITS:
            return PLATE, held | unplated
        return held | unplated, PLATE
    return held, there


@njit(cache=True)
def _grow_fire(s: Ints, c: Ints, pot: int, cell: int) -> None:
    """One tick of a fire: sprayed within the gap it shrinks, after that it grows again."""
    tick, gap, n = c[TICK_US], c[GAP_US], c[N_COOKS]
    sprays = c[SPRAYS_AT] + pot * n
    since = -1
    for i in range(n):
        age = s[sprays + i]
        if age >= 0 and (since < 0 or age < since):
            since = age
    shrink, grow = 0, tick
    if since >= 0:
        shrink = max(0, min(0, gap - since) + min(tick, since))
        grow = max(0, min(tick, since - gap))
    timer = c[TIMERS_AT] + cell
    s[timer] -= shrink
    if s[timer] > TOLERANCE_US:
        s[timer] = min(c[FIRE_US], s[timer] + grow)
    for i in range(n):
        if s[sprays + i] >= gap:
            s[sprays + i] = -1


@njit(cache=True)
def _use_pot(s: Ints, c: Ints, pots: Ints, cook: int, cell: int, grown: int) -> int:
    """Hold something against a pot; returns `grown` with this pot's bit set if its fire has had its tick."""
    hand, item, timer = c[COOKS_AT] + 2 * cook + 1, c[ITEMS_AT] + cell, c[TIMERS_AT] + cell
    held, there = s[hand], s[item]
    if there == 0:
        if held & FOOD_BITS and held >> STAGE_SHIFT == _CHOPPED:
            s[item] = (held & FOOD_BITS) | (_COOKING << STAGE_SHIFT)
            s[timer] = c[COOKING_US] + c[TICK_US]  # this step takes its tick off again
            s[hand] = held & PLATE
    elif held == PLATE:
        if there >> STAGE_SHIFT >= _COOKED and not there & FIRE:
            s[hand] = there | PLATE
            s[item] = 0
            s[timer] = 0
    elif held == EXTINGUISHER and there & FIRE:
        for pot in range(pots.size):
            if pots[pot] == cell:
                if not grown & (1 << pot):
                    _grow_fire(s, c, pot, cell)
                    grown |= 1 << pot
                s[c[SPRAYS_AT] + pot * c[N_COOKS] + cook] = 0
    return grown


@njit(cache=True)
def _use(s: Ints, c: Ints, tiles: Tiles, cook: int, cell: int) -> int:
    """Hold something against any square but a pot; returns the item delivered, or 0."""
    hand, item = c[COOKS_AT] + 2 * cook + 1, c[ITEMS_AT] + cell
    held, kind = s[hand], tiles[cell]
    foods, stage = held & FOOD_BITS, held >> STAGE_SHIFT
    if kind == _DELIVERY:
        # Published: any two things together, all foods chopped or cooked, can be handed in, with or without a plate.
        parts = (foods & 1) + (foods >> 1 & 1) + (foods >> 2) + (1 if held & PLATE else 0)
        if foods and parts > 1 and stage in (_CHOPPED, _COOKED):
            s[hand] = 0
            return int(held)
    elif kind == _BIN:
        s[hand] = held & (PLATE | EXTINGUISHER)
    elif kind == _PLATES:
        if held == PLATE:
            s[hand] = 0
        elif not held & PLATE and foods and _merges(held, PLATE):
            s[hand] = held | PLATE
    elif kind in (_TOMATOES, _LETTUCES, _ONIONS):
        pass
    elif s[item]:
        there = s[item]
        s[hand], s[item] = _combine(held, there)
        if held == PLATE and there & PLATE:
            s[c[TIMERS_AT] + cell] = UNLISTED
        elif s[item] != there:
            s[c[TIMERS_AT] + cell] = 0
    elif kind == _BOARD and foods and stage == _FRESH:
        s[item] = foods | (_CHOPPING << STAGE_SHIFT)
        s[c[TIMERS_AT] + cell] = c[CHOPS]
        s[hand] = 0
    else:
        s[item] = held
        s[hand] = 0
    return 0


@njit(cache=True)
def _take(s: Ints, c: Ints, tiles: Tiles, cook: int, cell: int) -> None:
    """Bump a square with empty hands: chop, pick up, or take from a dispenser."""
    hand, item, timer = c[COOKS_AT] + 2 * cook + 1, c[ITEMS_AT] + cell, c[TIMERS_AT] + cell
    kind, there = tiles[cell], s[item]
    if kind in (_POT, _DELIVERY, _BIN):
        return
    if kind == _PLATES:
        s[hand] = PLATE
    elif kind == _TOMATOES:
        s[hand] = TOMATO
    elif kind == _LETTUCES:
        s[hand] = LETTUCE
    elif kind == _ONIONS:
        s[hand] = ONION
    elif kind == _BOARD and there & FOOD_BITS and there >> STAGE_SHIFT == _CHOPPING:
        s[timer] -= 1
        if s[timer] <= 0:
            s[timer] = 0
            s[item] = (there & FOOD_BITS) | (_CHOPPED << STAGE_SHIFT)
    elif there:
        s[hand] = there
        s[item] = 0
        s[timer] = 0


@njit(cache=True)
def _update_orders(s: Ints, c: Ints, recipes: Ints, sequence: Ints, delivered: Ints) -> None:
    """Serve, expire and top up. `recipes` has a row per recipe: dish, microseconds to the deadline, bonus."""
    at, n = c[ORDERS_AT], c[N_ORDERS]
    kept = 0
    for slot in range(n):
        recipe, left = s[at + 2 * slot], s[at + 2 * slot + 1]
        served = False
        for i in range(delivered.size):
            if not served and delivered[i] == recipes[recipe, 0]:
                delivered[i] = 0
                served = True
        if served:
            s[SCORE] += recipes[recipe, 2]
            s[SERVED] += 1
        elif left - c[TICK_US] > TOLERANCE_US:
            s[at + 2 * kept] = recipe
            s[at + 2 * kept + 1] = left - c[TICK_US]
            kept += 1
        else:
            s[SCORE] -= c[PENALTY]
            s[MISSED] += 1
    for slot in range(kept, n):
        recipe = sequence[s[DRAWN] % sequence.size]
        s[at + 2 * slot] = recipe
        s[at + 2 * slot + 1] = recipes[recipe, 1]
        s[DRAWN] += 1


@njit(cache=True)
def _update_pots(s: Ints, c: Ints, pots: Ints, actions: Ints, grown: int) -> None:
    n = c[N_COOKS]
    for pot in range(pots.size):
        cell = pots[pot]
        item, timer, sprays = c[ITEMS_AT] + cell, c[TIMERS_AT] + cell, c[SPRAYS_AT] + pot * n
        there = s[item]
        if there == 0:
            continue
        if there & FIRE:
            for i in range(n):
                # Published: an action elsewhere ends that cook's spray at once; standing still does not.
                if actions[i] != STAY and s[c[COOKS_AT] + 2 * i] + _delta(actions[i], c[WIDTH]) != cell:
                    s[sprays + i] = -1
            if not grown & (1 << pot):
                _grow_fire(s, c, pot, cell)
            if s[timer] <= TOLERANCE_US:
                s[item] = there & ~FIRE
                s[timer] = 0
                s[sprays : sprays + n] = -1
        elif there >> STAGE_SHIFT == _COOKING:
            s[timer] -= c[TICK_US]
            if s[timer] <= TOLERANCE_US:
                s[item] = (there & FOOD_BITS) | (_COOKED << STAGE_SHIFT)
                s[timer] = c[BURNING_US]
        elif there >> STAGE_SHIFT == _COOKED:
            s[timer] -= c[TICK_US]
            if s[timer] <= TOLERANCE_US:
                s[item] = (there & FOOD_BITS) | (_CHARRED << STAGE_SHIFT) | FIRE
                s[timer] = c[FIRE_US]


@njit(cache=True)
def step(s: Ints, wanted: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, sequence: Ints) -> None:
    """Advance one kitchen by one tick, in place.

    Args:
        s: the kitchen's vector.
        wanted: the action of each cook; not changed.
        c: constants, tiles, pots: the plan of the kitchen (`HlaRules`).
        tiles: tile of every cell.
        pots: cell of every pot.
        recipes: per recipe its dish, microseconds to the deadline and bonus.
        sequence: recipe index of each order of the episode, repeated when it runs out.
    """
    n = c[N_COOKS]
    actions = wanted.copy()
    delivered = np.zeros(n, dtype=np.int32)
    s[TICK] += 1
    for i in range(c[SPRAYS_AT], c[SPRAYS_AT] + pots.size * n):
        if s[i] >= 0:
            s[i] += c[TICK_US]
    _cancel_collisions(s, c, tiles, actions)
    grown = 0
    for cook in range(n):
        if actions[cook] == STAY:
            continue
        here = c[COOKS_AT] + 2 * cook
        cell = s[here] + _delta(actions[cook], c[WIDTH])
        if tiles[cell] == _FLOOR:
            s[here] = cell
        elif s[here + 1] == 0:
            _take(s, c, tiles, cook, cell)
        elif tiles[cell] == _POT:
            grown = _use_pot(s, c, pots, cook, cell, grown)
        else:
            delivered[cook] = _use(s, c, tiles, cook, cell)
    _update_orders(s, c, recipes, sequence, delivered)
    _update_pots(s, c, pots, actions, grown)


@njit(cache=True, inline="always")
def _occupied(s: Ints, c: Ints, cell: int) -> bool:
    found = False
    for cook in range(c[N_COOKS]):
        found |= s[c[COOKS_AT] + 2 * cook] == cell
    return found


@njit(cache=True)
def _has_effect(s: Ints, c: Ints, tiles: Tiles, pots: Ints, cook: int, action: int) -> bool:
    """Whether an action would change anything, as long as no other cook moves."""
    here = c[COOKS_AT] + 2 * cook
    cell = s[here] + _delta(action, c[WIDTH])
    if tiles[cell] == _FLOOR:
        return not _occupied(s, c, cell)
    held, there, timer = s[here + 1], s[c[ITEMS_AT] + cell], s[c[TIMERS_AT] + cell]
    if held == EXTINGUISHER and there & FIRE:
        return True
    handed_in = 0
    if held == 0:
        _take(s, c, tiles, cook, cell)
    elif tiles[cell] == _POT:
        _use_pot(s, c, pots, cook, cell, 0)
    else:
        handed_in = _use(s, c, tiles, cook, cell)
    chopped = held == 0 and s[c[TIMERS_AT] + cell] != timer
    changed = chopped or handed_in != 0 or s[here + 1] != held or s[c[ITEMS_AT] + cell] != there
    s[here + 1], s[c[ITEMS_AT] + cell], s[c[TIMERS_AT] + cell] = held, there, timer
    return changed


@njit(cache=True)
def mask(s: Ints, c: Ints, tiles: Tiles, pots: Ints, out: NDArray[np.bool_]) -> None:
    """Which actions could change anything now, shape (cooks, actions); STAY always counts."""
    for cook in range(c[N_COOKS]):
        out[cook, STAY] = True
        for action in range(1, N_ACTIONS):
            out[cook, action] = _has_effect(s, c, tiles, pots, cook, action)


@njit(cache=True)
def begin(s: Ints, start: Ints, c: Ints, recipes: Ints, sequence: Ints) -> None:
    """Make a kitchen's vector that of the first moment: `start`, which has no orders, and the first ones."""
    s[:] = start
    for slot in range(c[N_ORDERS]):
        recipe = sequence[slot % sequence.size]
        s[c[ORDERS_AT] + 2 * slot] = recipe
        s[c[ORDERS_AT] + 2 * slot + 1] = recipes[recipe, 1]


@njit(cache=True)
def rollout(s: Ints, script: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, sequence: Ints) -> None:
    """Advance one kitchen by a script of joint actions, shape (ticks, cooks), in place."""
    for t in range(script.shape[0]):
        step(s, script[t], c, tiles, pots, recipes, sequence)
