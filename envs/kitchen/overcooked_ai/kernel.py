"""The rules of overcooked_ai as numba kernels over one integer vector per kitchen; nothing here allocates.

The vector of a kitchen (int32) holds, in this order: four counters (tick, score, soups served, things lying about);
four per cook (cell, facing, item held, its cooking tick); one per cell (item on it); one per cell (its cooking tick);
and the cells on which things lie, in the order in which they were put there, zero behind the last. That order has no
influence on what happens: the published state lists its objects so.

A kitchen's plan is the tuple of arrays that every kernel takes: constants, tiles, pots, recipes, start (see `step`).
"""

from __future__ import annotations

import numpy as np
from brigade.envs.kitchen.compiled import compiled
from brigade.envs.kitchen.overcooked_ai.items import (
    DISH,
    IDLE,
    KEY_SHIFT,
    KEYS,
    KIND_BITS,
    NOTHING,
    ONE_ONION,
    ONE_TOMATO,
    ONION,
    ORDER_SHIFT,
    SOUP,
    TOMATO,
)
from brigade.envs.kitchen.plan import Tile
from numpy.typing import NDArray

# Counters at the head of the vector.
TICK, SCORE, SERVED, LYING = 0, 1, 2, 3
COOKS_AT = 4
# What the vector holds of each cook.
CELL, FACING, HELD, HELD_TICK = 0, 1, 2, 3
PER_COOK = 4

# Indices into the constants of a kitchen (int32).
N_COOKS, WIDTH, ITEMS_AT, TICKS_AT, LIST_AT, HORIZON = 0, 1, 2, 3, 4, 5
OLD_DYNAMICS, MAX_INGREDIENTS, PLACEMENT, DISH_PICKUP, SOUP_PICKUP = 6, 7, 8, 9, 10
CONSTANTS = 11
# Columns of the recipes (int32), which have a row per recipe key.
TIME, WORTH = 0, 1

UP, DOWN, RIGHT, LEFT, STAY, INTERACT = 0, 1, 2, 3, 4, 5
N_ACTIONS = 6
MOST = 2**31 - 1
"""The largest reward, for soups whose bonus is infinite; the score stops there, and at its negative."""

# What interacting can amount to.
_NOTHING, _PUT_DOWN, _PICK_UP, _TAKE, _START, _FILL_DISH, _ADD, _DELIVER = range(8)

_FLOOR, _COUNTER, _POT, _DELIVERY = int(Tile.FLOOR), int(Tile.COUNTER), int(Tile.POT), int(Tile.DELIVERY)
_DISHES, _TOMATOES, _ONIONS = int(Tile.PLATES), int(Tile.TOMATOES), int(Tile.ONIONS)

Ints = NDArray[np.int32]
Tiles = NDArray[np.int8]


@compiled
def ahead(cell: int, direction: int, width: int) -> int:
    """The next cell in a direction (UP, DOWN, RIGHT or LEFT)."""
    if direction == UP:
        return cell - width
    if direction == DOWN:
        return cell + width
    if direction == RIGHT:
        return cell + 1
    return cell - 1


@compiled
def _size(item: int) -> int:
    """How many ingredients a soup has."""
    return (item >> KEY_SHIFT & 15) + (item >> (KEY_SHIFT + 4) & 15)


@compiled
def ready(item: int, tick: int, recipes: Ints) -> bool:
    """Whether a soup has been cooked for as long as its recipe takes."""
    return tick >= 0 and tick >= recipes[item >> KEY_SHIFT & (KEYS - 1), TIME]


@compiled
def _put(s: Ints, c: Ints, cell: int, item: int, tick: int) -> None:
    s[c[ITEMS_AT] + cell] = item
    s[c[TICKS_AT] + cell] = tick
    s[c[LIST_AT] + s[LYING]] = cell
    s[LYING] += 1


@compiled
def _remove(s: Ints, c: Ints, cell: int) -> None:
    s[c[ITEMS_AT] + cell] = NOTHING
    s[c[TICKS_AT] + cell] = 0
    at, last = c[LIST_AT], c[LIST_AT] + s[LYING] - 1
    while s[at] != cell:
        at += 1
    while at < last:
        s[at] = s[at + 1]
        at += 1
    s[last] = 0
    s[LYING] -= 1


@compiled
def _deed(s: Ints, c: Ints, recipes: Ints, kind: int, cell: int, held: int) -> int:
    """What it amounts to if a cook that holds this interacts with this cell, which is of this kind."""
    if kind == _POT:
        there, tick = s[c[ITEMS_AT] + cell], s[c[TICKS_AT] + cell]
        if held == NOTHING:
            idle = there != NOTHING and tick < 0 and _size(there) > 0
            return _START if idle and c[OLD_DYNAMICS] == 0 else _NOTHING
        if held == DISH:
            return _FILL_DISH if there != NOTHING and ready(there, tick, recipes) else _NOTHING
        if held in (ONION, TOMATO):
            room = there == NOTHING or (tick < 0 and _size(there) < c[MAX_INGREDIENTS])
            return _ADD if room else _NOTHING
        return _NOTHING
    if kind == _COUNTER:
        there = s[c[ITEMS_AT] + cell]
        if held == NOTHING:
            return _PICK_UP if there != NOTHING else _NOTHING
        return _PUT_DOWN if there == NOTHING else _NOTHING
    if kind == _DELIVERY:
        return _DELIVER if held & KIND_BITS == SOUP else _NOTHING
    if kind in (_ONIONS, _TOMATOES, _DISHES):
        return _TAKE if held == NOTHING else _NOTHING
    return _NOTHING


@compiled
def _pots_in_use(s: Ints, c: Ints, pots: Ints, recipes: Ints) -> int:
    """Pots that a dish is or will be needed for: cooking, ready, or partly full; not full ones that nobody started."""
    found = 0
    for pot in pots:
        there, tick = s[c[ITEMS_AT] + pot], s[c[TICKS_AT] + pot]
        if there != NOTHING and (tick >= 0 or 0 < _size(there) < c[MAX_INGREDIENTS]):
            found += 1
    return found


@compiled
def _dish_wanted(s: Ints, c: Ints, tiles: Tiles, in_use: int) -> bool:
    """Whether taking a dish is rewarded: with two cooks, if none lies about and fewer are held than pots are in use."""
    if c[N_COOKS] != 2:
        return False
    for i in range(c[LIST_AT], c[LIST_AT] + s[LYING]):
        if s[c[ITEMS_AT] + s[i]] == DISH and tiles[s[i]] == _COUNTER:
            return False
    held = 0
    for cook in range(2):
        if s[COOKS_AT + PER_COOK * cook + HELD] == DISH:
            held += 1
    return held < in_use


@compiled
def _use(s: Ints, rewards: Ints, c: Ints, tiles: Tiles, recipes: Ints, cook: int, in_use: int) -> None:
    """Let a cook interact with what it faces."""
    n, hand = c[N_COOKS], COOKS_AT + PER_COOK * cook + HELD
    cell = ahead(s[hand - HELD + CELL], s[hand - HELD + FACING], c[WIDTH])
    held, kind, item = s[hand], tiles[cell], c[ITEMS_AT] + cell
    deed = _deed(s, c, recipes, kind, cell, held)
    if deed == _TAKE:
        if kind == _DISHES and _dish_wanted(s, c, tiles, in_use):
            rewards[n + cook] += c[DISH_PICKUP]
        s[hand] = ONION if kind == _ONIONS else TOMATO if kind == _TOMATOES else DISH
    elif deed == _PUT_DOWN:
        _put(s, c, cell, held, s[hand + 1])
        s[hand], s[hand + 1] = NOTHING, 0
    elif deed == _PICK_UP:
        s[hand], s[hand + 1] = s[item], s[c[TICKS_AT] + cell]
        _remove(s, c, cell)
    elif deed == _START:
        s[c[TICKS_AT] + cell] = 0
    elif deed == _FILL_DISH:
        s[hand], s[hand + 1] = s[item], s[c[TICKS_AT] + cell]
        _remove(s, c, cell)
        rewards[n + cook] += c[SOUP_PICKUP]
    elif deed == _ADD:
        if s[item] == NOTHING:
            _put(s, c, cell, SOUP, IDLE)
        s[item] += ONE_ONION if held == ONION else ONE_TOMATO | 1 << (ORDER_SHIFT + _size(s[item]))
        s[hand] = NOTHING
        rewards[n + cook] += c[PLACEMENT]
    elif deed == _DELIVER:
        worth = recipes[held >> KEY_SHIFT & (KEYS - 1), WORTH]
        s[hand], s[hand + 1] = NOTHING, 0
        rewards[cook] = worth
        s[SCORE] = max(-MOST, min(np.int64(s[SCORE]) + worth, MOST))
        s[SERVED] += worth != 0


@compiled
def _target(s: Ints, c: Ints, tiles: Tiles, cook: int, action: int) -> int:
    """Where a cook would be after its action if there were no other cooks."""
    here: int = s[COOKS_AT + PER_COOK * cook + CELL]
    if action >= STAY:
        return here
    there = ahead(here, action, c[WIDTH])
    return there if tiles[there] == _FLOOR else here


@compiled
def _collision(s: Ints, c: Ints, tiles: Tiles, wanted: Ints) -> bool:
    """Whether any two cooks would end on the same cell or swap cells. Following a cook that leaves is fine."""
    for i in range(c[N_COOKS]):
        from_i, to_i = s[COOKS_AT + PER_COOK * i + CELL], _target(s, c, tiles, i, wanted[i])
        for j in range(i + 1, c[N_COOKS]):
            from_j, to_j = s[COOKS_AT + PER_COOK * j + CELL], _target(s, c, tiles, j, wanted[j])
            if to_i == to_j or (to_i == from_j and to_j == from_i):
                return True
    return False


@compiled
def _move(s: Ints, c: Ints, tiles: Tiles, wanted: Ints) -> None:
    """Turn every cook that pressed a direction, and move them all, or none if any two collide."""
    stuck = _collision(s, c, tiles, wanted)
    for cook in range(c[N_COOKS]):
        if wanted[cook] < STAY:
            here = COOKS_AT + PER_COOK * cook
            s[here + FACING] = wanted[cook]
            if not stuck:
                s[here + CELL] = _target(s, c, tiles, cook, wanted[cook])


@compiled
def _cook_pots(s: Ints, c: Ints, pots: Ints, recipes: Ints) -> None:
    """One tick of cooking. A soup that was started in this step has it as well."""
    for pot in pots:
        there, tick = s[c[ITEMS_AT] + pot], s[c[TICKS_AT] + pot]
        if there == NOTHING:
            continue
        if tick < 0 and c[OLD_DYNAMICS] and _size(there) == 3:
            tick = s[c[TICKS_AT] + pot] = 0
        if tick >= 0 and not ready(there, tick, recipes):
            s[c[TICKS_AT] + pot] = tick + 1


@compiled
def step(s: Ints, wanted: Ints, rewards: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, start: Ints) -> None:
    """Advance one kitchen by one tick, in place: interactions cook by cook, then movement, then cooking.

    Args:
        s: the kitchen's vector.
        wanted: the action of each cook; not changed.
        rewards: written: the sparse reward of each cook, then the shaped reward of each cook, shape (2 * cooks).
        c: constants of the kitchen, by the indices above; with what follows, its plan (`OvercookedRules.plan`).
        tiles: tile of every cell.
        pots: cell of every pot.
        recipes: by recipe key the ticks that cooking takes, and what delivering the soup brings.
        start: the vector at the start.
    """
    rewards[:] = 0
    in_use = -1
    for cook in range(c[N_COOKS]):
        if wanted[cook] == INTERACT:
            if in_use < 0:  # pots are looked at once, before anybody changes them
                in_use = _pots_in_use(s, c, pots, recipes)
            _use(s, rewards, c, tiles, recipes, cook, in_use)
    _move(s, c, tiles, wanted)
    s[TICK] += 1
    _cook_pots(s, c, pots, recipes)


@compiled
def reset(s: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, start: Ints) -> None:
    """Bring one kitchen to its start, in place; the arguments are those of `step`."""
    for i in range(start.size):  # a slice would be copied first, which takes reference counting
        s[i] = start[i]


@compiled
def rollout(
    s: Ints, script: Ints, rewards: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, start: Ints
) -> None:
    """Advance one kitchen by a script of joint actions, shape (ticks, cooks), in place; the last rewards stay."""
    for t in range(script.shape[0]):
        step(s, script[t], rewards, c, tiles, pots, recipes, start)


@compiled
def mask(s: Ints, c: Ints, tiles: Tiles, pots: Ints, recipes: Ints, start: Ints, out: NDArray[np.bool_]) -> None:
    """Which actions would change anything if no other cook moved, shape (cooks, actions): turning counts, so does STAY.

    The arguments but the last are those of `step`.
    """
    for cook in range(c[N_COOKS]):
        here = COOKS_AT + PER_COOK * cook
        cell, facing = s[here + CELL], s[here + FACING]
        for action in range(STAY):
            free = tiles[ahead(cell, action, c[WIDTH])] == _FLOOR
            for other in range(c[N_COOKS]):
                free &= s[COOKS_AT + PER_COOK * other + CELL] != ahead(cell, action, c[WIDTH])
            out[cook, action] = free or facing != action
        out[cook, STAY] = True
        faced = ahead(cell, facing, c[WIDTH])
        out[cook, INTERACT] = _deed(s, c, recipes, tiles[faced], faced, s[here + HELD]) != _NOTHING
