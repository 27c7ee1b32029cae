"""One step towards a square, around a partner who moves too.

The partner is an obstacle only when it is near; further off it will have moved on by the time the cook gets there.
Where two cooks are in each other's way, one of them makes room and lets the other pass.

Source: HLA's low-level executor, which searches first around the partner and then through it, and moves at random
when blocked. Differences: the detour is bounded, who gives way is decided by a coin that both cooks toss alike, and
the one who does steps out of the line of the other and stays there for a moment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from brigade.agents.hierarchy.executor.surroundings import UNREACHABLE, Surroundings
from brigade.envs.kitchen.hla.kernel import DOWN, LEFT, RIGHT, STAY, UP
from brigade.envs.kitchen.plan import Tile
from numba import njit
from numpy.typing import NDArray

NEAR = 3
"""Steps within which a partner is an obstacle."""
MAX_DETOUR = 6
"""Extra steps that are walked around a partner before waiting for it to move."""

FLOOR = int(Tile.FLOOR)
MOVES = (UP, DOWN, RIGHT, LEFT)  # in the order of Layout.neighbours


def step_towards(here: Surroundings, target: int, *, first: bool, collided: bool, last_seen: Mapping[int, int]) -> int:
    """The action that brings the cook next to a square that is not floor, or bumps it once there.

    Args:
        here: what the cook sees.
        target: the square.
        first: whether this cook has the right of way: it walks on and only goes around those who stand still, while
            the other also keeps out of the cell that its partner is about to enter, and makes room if it must.
        collided: whether its last step was cancelled.
        last_seen: where each partner was on this cook's last turn.
    """
    layout, position = here.view.layout, here.position
    around = layout.neighbours(position)
    if target in around:
        return MOVES[around.index(target)]
    distances = here.steps[target]
    if distances[position] >= UNREACHABLE:
        return STAY
    taken, avoided = set(), set()
    for other in here.others:
        cell = here.view.position(other)
        before = last_seen.get(other, cell)
        near = here.steps[cell, position] <= NEAR
        if near:
            taken.add(cell)
        if cell == before:
            avoided.add(cell)
        elif near and not first:
            avoided.add(cell)
            if before in layout.neighbours(cell):
                avoided.add(
                    2 * cell - before
                )  # where it goes if it keeps its direction: floor or square, inside the grid
    avoided.discard(position)
    if collided and taken:
        if not first:
            return make_room(here, taken)
        avoided.clear()  # the other will make room; it only seems to stand still
    if avoided:
        limit = int(distances[position]) + MAX_DETOUR
        step = _around(layout.tiles, layout.width, position, target, np.array([*avoided], dtype=np.int32), limit)
        if step >= 0:
            return MOVES[around.index(step)]
        if taken and not first:
            return make_room(here, taken)
    best = min((cell for cell in around if layout.tiles[cell] == Tile.FLOOR), key=distances.__getitem__)
    return STAY if best in taken else MOVES[around.index(best)]


def make_room(here: Surroundings, partners: Collection[int]) -> int:
    """The action that lets the nearest of these partners pass: out of its line, else back; STAY once out of the way."""
    layout, position = here.view.layout, here.position
    partner = min(partners, key=lambda cell: int(here.steps[cell, position]))
    (x, y), (px, py) = layout.xy(position), layout.xy(partner)
    if x != px and y != py:
        return STAY  # not in its line
    around = layout.neighbours(position)
    free = [cell for cell in around if layout.tiles[cell] == Tile.FLOOR and cell not in partners]

    def leaves_line(cell: int) -> bool:
        cx, cy = layout.xy(cell)
        return cx != px and cy != py

    away = sorted(free, key=lambda cell: (not leaves_line(cell), -int(here.steps[partner, cell])))
    if not away or (not leaves_line(away[0]) and here.steps[partner, away[0]] < here.steps[partner, position]):
        return STAY
    return MOVES[around.index(away[0])]


@njit(cache=True)
def _around(
    tiles: NDArray[np.int8], width: int, position: int, target: int, avoided: NDArray[np.int32], limit: int
) -> int:
    """First cell of the shortest way next to the target that enters no avoided cell; -1 if it is over the limit."""
    first = np.full(tiles.size, -1, dtype=np.int32)
    walked = np.full(tiles.size, -1, dtype=np.int32)
    for cell in avoided:
        walked[cell] = limit + 1
    walked[position] = 0
    queue = np.empty(tiles.size, dtype=np.int32)
    queue[0] = position
    head, tail = 0, 1
    while head < tail:
        cell = queue[head]
        head += 1
        for following in (cell - width, cell + width, cell + 1, cell - 1):
            if following == target:
                return int(first[cell])
            if walked[following] < 0 and tiles[following] == FLOOR and walked[cell] < limit:
                walked[following] = walked[cell] + 1
                first[following] = following if cell == position else first[cell]
                queue[tail] = following
                tail += 1
    return -1
