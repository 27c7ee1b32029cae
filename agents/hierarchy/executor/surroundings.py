"""A moment of the kitchen as one cook can use it: what is within reach, how far it is, what the other can reach.

Objects never stand on floor, so what a cook can reach is fixed by the layout; only what lies there changes.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
from brigade.envs.kitchen import HlaView, Layout, Tile
from brigade.envs.kitchen.hla.items import FIRE, Item
from numpy.typing import NDArray

UNREACHABLE = 999
"""Steps to a square that cannot be reached."""


class Surroundings:
    """What one cook can do with one view of the kitchen."""

    def __init__(self, view: HlaView, cook: int, abandoned: frozenset[int] = frozenset()) -> None:
        self.view = view
        self.cook = cook
        self.abandoned = abandoned
        """Cutting boards on which nobody has worked for a while, whoever stands beside them."""
        self.reach = view.layout.reach[cook]
        self.steps = steps_between(view.layout)

    @property
    def held(self) -> Item:
        """What this cook holds."""
        return self.view.held(self.cook)

    @property
    def position(self) -> int:
        """The cell on which this cook stands."""
        return self.view.position(self.cook)

    @cached_property
    def others(self) -> tuple[int, ...]:
        """The other cooks."""
        return tuple(i for i in range(self.view.layout.cooks) if i != self.cook)

    @cached_property
    def _cells_of(self) -> dict[int, list[int]]:
        cells: dict[int, list[int]] = {}
        for square in self.view.squares:
            if square.cell in self.reach:
                cells.setdefault(square.item.code, []).append(square.cell)
        return cells

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every item lying within reach."""
        return tuple(square.item for square in self.view.squares if square.cell in self.reach)

    def places(self, *codes: int) -> tuple[int, ...]:
        """Cells within reach on which one of these items lies."""
        return tuple(cell for code in codes for cell in self._cells_of.get(code, ()))

    def has(self, *codes: int) -> bool:
        """Whether one of these items is in hand or lies within reach."""
        return self.held.code in codes or any(code in self._cells_of for code in codes)

    def stations(self, *kinds: Tile) -> tuple[int, ...]:
        """Squares of these kinds within reach."""
        return stations_within(self.view.layout, self.cook, kinds)

    def free(self, *kinds: Tile) -> tuple[int, ...]:
        """Squares of these kinds within reach with nothing on them."""
        return tuple(cell for cell in self.stations(*kinds) if not self.view.item(cell).code)

    @cached_property
    def fires(self) -> tuple[int, ...]:
        """Every pot on fire, within reach or not."""
        return tuple(square.cell for square in self.view.squares if square.item.code & FIRE)

    @cached_property
    def reachable_fires(self) -> tuple[int, ...]:
        """Pots on fire within reach."""
        return tuple(cell for cell in self.fires if cell in self.reach)

    @cached_property
    def shared_counters(self) -> tuple[int, ...]:
        """Counters within reach of this cook and of another one: where things are handed over."""
        reach = self.view.layout.reach
        return tuple(c for c in self.stations(Tile.COUNTER) if any(c in reach[other] for other in self.others))

    def counters_towards(self, targets: tuple[int, ...]) -> tuple[int, ...]:
        """Counters that this cook shares with one who reaches one of these squares; else with anybody."""
        reach = self.view.layout.reach
        able = [other for other in self.others if not reach[other].isdisjoint(targets)]
        shared = tuple(c for c in self.stations(Tile.COUNTER) if any(c in reach[other] for other in able))
        return shared or self.shared_counters

    def distance(self, cell: int) -> int:
        """Moves until this cook stands next to the cell, nobody in the way."""
        return int(self.steps[cell, self.position])

    def crowded(self, cell: int) -> bool:
        """Whether other cooks stand on every floor cell from which this square can be used."""
        layout = self.view.layout
        taken = {self.view.position(other) for other in self.others}
        return all(
            floor in taken
            for floor in layout.neighbours(cell)
            if floor in self.reach and layout.tiles[floor] == Tile.FLOOR
        )

    def nearest(self, cells: tuple[int, ...]) -> int | None:
        """The nearest of these cells, one that is not crowded if there is one; None if there is no cell."""
        return min(cells, key=lambda cell: (self.crowded(cell), self.distance(cell)), default=None)


@lru_cache(maxsize=256)
def _stations(tiles: bytes, reach: frozenset[int], kinds: tuple[Tile, ...]) -> tuple[int, ...]:
    return tuple(cell for cell, tile in enumerate(tiles) if tile in kinds and cell in reach)


def stations_within(layout: Layout, cook: int, kinds: tuple[Tile, ...]) -> tuple[int, ...]:
    """Squares of these kinds that a cook of this layout can reach."""
    return _stations(layout.tiles.tobytes(), layout.reach[cook], kinds)


@lru_cache(maxsize=64)
def _steps(tiles: bytes, width: int) -> NDArray[np.int16]:
    cells = len(tiles)
    steps = np.full((cells, cells), UNREACHABLE, dtype=np.int16)
    for target in range(cells):
        if tiles[target] == Tile.FLOOR:
            frontier = [target]
        else:
            around = (target - width, target + width, target + 1, target - 1)
            frontier = [cell for cell in around if 0 <= cell < cells and tiles[cell] == Tile.FLOOR]
        distance = 0
        while frontier:
            steps[target, frontier] = distance
            distance += 1
            frontier = [
                cell
                for at in frontier
                for cell in (at - width, at + width, at + 1, at - 1)
                if tiles[cell] == Tile.FLOOR and steps[target, cell] == UNREACHABLE
            ]
            frontier = list(dict.fromkeys(frontier))
    steps.setflags(write=False)
    return steps


def steps_between(layout: Layout) -> NDArray[np.int16]:
    """`steps[cell, floor]`: moves from a floor cell until the cook stands next to the cell (on it, if it is floor)."""
    return _steps(layout.tiles.tobytes(), layout.width)
