"""The floors of generated kitchens: rooms, rings, corridors, doors, partitions, islands; no station yet.

Every style draws into a rectangle of so many columns and rows, from the generator that it is given and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Square = tuple[int, int]
"""Column and row, the border being column and row 0."""
Floor = frozenset[Square]


@dataclass(frozen=True, slots=True)
class Style:
    """A way to lay out a floor."""

    name: str
    draw: Callable[[Random, int, int, float], Floor]
    """The floor, given a generator, the columns and rows inside the border, and the difficulty."""
    least: tuple[int, int]
    """Columns and rows that it needs."""
    parts: int = 1
    """Areas that cooks cannot walk between."""
    share: float = 1.0
    """How much of the rectangle becomes floor, roughly."""
    likely: tuple[float, float] = (1.0, 1.0)
    """How likely it is at difficulty 0 and at 1, relative to others."""


def room(columns: int, rows: int) -> Floor:
    """All of it."""
    return frozenset((x, y) for x in range(1, columns + 1) for y in range(1, rows + 1))


def _open(rng: Random, columns: int, rows: int, _: float) -> Floor:
    """A room, or one with a corner taken out."""
    floor = room(columns, rows)
    if rng.random() < 0.5 or min(columns, rows) < 4:
        return floor
    width, height = rng.randint(1, columns - 2), rng.randint(1, rows - 2)
    left, top = rng.choice((1, columns - width + 1)), rng.choice((1, rows - height + 1))
    return floor - {(x, y) for x in range(left, left + width) for y in range(top, top + height)}


def _ring(rng: Random, columns: int, rows: int, difficulty: float) -> Floor:
    """A way around one island; as wide as there is room for, the easier the wider."""
    lane = 2 if min(columns, rows) >= 5 and (columns + rows > 10 or rng.random() > difficulty - 0.3) else 1
    x_lane, y_lane = min(lane, (columns - 1) // 2), min(lane, (rows - 1) // 2)
    return room(columns, rows) - {
        (x, y) for x in range(1 + x_lane, columns - x_lane + 1) for y in range(1 + y_lane, rows - y_lane + 1)
    }


def _corridor(rng: Random, columns: int, rows: int, _: float) -> Floor:
    """A way that winds around walls from alternating sides, two squares wide."""
    floor = set(room(columns, rows))
    top = rng.random() < 0.5
    for x in range(3, columns - 1, 3):
        floor -= {(x, y) for y in (range(1, rows - 1) if top else range(3, rows + 1))}
        top = not top
    return frozenset(floor)


def _doors(rng: Random, columns: int, rows: int, difficulty: float) -> Floor:
    """Two rooms and a door, as narrow as one square."""
    wall = rng.randint(3, columns - 2)
    width = 1 if rng.random() < 0.4 + 0.6 * difficulty else 2
    door = rng.randint(1, rows - width + 1)
    return room(columns, rows) - {(wall, y) for y in range(1, rows + 1) if not door <= y < door + width}


def _partition(rng: Random, columns: int, rows: int, _: float) -> Floor:
    """Two rooms and a counter all the way between them."""
    wall = rng.randint(3, columns - 2)
    return room(columns, rows) - {(wall, y) for y in range(1, rows + 1)}


def _two_partitions(rng: Random, columns: int, rows: int, _: float) -> Floor:
    """Three rooms in a row with counters between them."""
    first = rng.randint(3, columns - 5)
    second = rng.randint(first + 3, columns - 2)
    return room(columns, rows) - {(wall, y) for wall in (first, second) for y in range(1, rows + 1)}


def _scattered(rng: Random, columns: int, rows: int, difficulty: float) -> Floor:
    """A room with blocks here and there, none touching another."""
    floor = room(columns, rows)
    blocks: list[Square] = []
    wanted = 2 + round(len(floor) / 12 * (0.5 + difficulty))
    for x, y in rng.sample(sorted(floor), len(floor)):
        inside = 1 < x < columns and 1 < y < rows
        if inside and len(blocks) < wanted and all(max(abs(x - bx), abs(y - by)) > 1 for bx, by in blocks):
            blocks.append((x, y))
    return floor - set(blocks)


def _cross(rng: Random, columns: int, rows: int, difficulty: float) -> Floor:
    """Four rooms around the crossing of two walls, with a door in three of the four arms, or in all of them."""
    across, down = rng.randint(3, columns - 2), rng.randint(3, rows - 2)
    walls = {(across, y) for y in range(1, rows + 1)} | {(x, down) for x in range(1, columns + 1)}
    arms = [range(1, down), range(down + 1, rows + 1), range(1, across), range(across + 1, columns + 1)]
    shut = rng.randrange(4) if rng.random() < difficulty else -1
    for arm, squares in enumerate(arms):
        for at in rng.sample(list(squares), 1 if difficulty > 0.5 else min(2, len(squares))):
            if arm != shut:
                walls.discard((across, at) if arm < 2 else (at, down))
    return room(columns, rows) - walls


STYLES = (
    Style("open", _open, (3, 2), likely=(3.0, 0.7), share=0.9),
    Style("ring", _ring, (3, 3), likely=(1.5, 1.5), share=0.75),
    Style("corridor", _corridor, (5, 4), likely=(0.5, 1.5), share=0.8),
    Style("doors", _doors, (5, 2), likely=(1.2, 3.0), share=0.85),
    Style("partition", _partition, (5, 2), parts=2, likely=(1.6, 3.0), share=0.85),
    Style("two partitions", _two_partitions, (8, 2), parts=3, likely=(0.3, 1.0), share=0.8),
    Style("scattered", _scattered, (4, 3), likely=(1.0, 1.0), share=0.85),
    Style("cross", _cross, (5, 5), likely=(0.3, 2.0), share=0.75),
)


def turned_about(rng: Random, floor: Floor, columns: int, rows: int) -> tuple[Floor, int, int]:
    """The floor mirrored or turned by a right angle at random, with its columns and rows."""
    if rng.random() < 0.5:
        floor = frozenset((columns + 1 - x, y) for x, y in floor)
    if rng.random() < 0.5:
        floor = frozenset((x, rows + 1 - y) for x, y in floor)
    if rng.random() < 0.3:
        return frozenset((y, x) for x, y in floor), rows, columns
    return floor, columns, rows
