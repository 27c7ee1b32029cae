"""How much work a dish is in a kitchen: the squares walked and the turns worked, everything being at its nearest.

A yardstick, not a plan: it counts what one pair of hands would do from crate to delivery and back, through doors and
over hand-over counters, and knows nothing of cooks in each other's way or of what could be done meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from brigade.envs.kitchen.authoring.cookery import CRATES, Cookery, Dish, cookery_of
from brigade.envs.kitchen.authoring.reach import Reach
from brigade.envs.kitchen.plan import STATION_NAMES, Layout, Tile
from brigade.envs.kitchen.view import Food

Steps = Mapping[int, Mapping[int, int]]
"""From square to square: moves between standing next to one and standing next to the other."""


@dataclass(frozen=True)
class Effort:
    """The work of dishes with stations in these places."""

    cookery: Cookery
    stations: Mapping[Tile, tuple[int, ...]]
    steps: Steps

    @classmethod
    def of(cls, layout: Layout) -> Effort:
        """The work of dishes in this kitchen."""
        stations = {kind: layout.cells(kind) for kind in STATION_NAMES}
        return cls(cookery_of(layout), stations, steps_between(Reach(layout), layout.cells(*STATION_NAMES)))

    @property
    def walking(self) -> float:
        """Mean number of squares walked for a dish of the menu; infinite if one of them cannot be cooked."""
        return sum(map(self.walk, self.cookery.dishes)) / len(self.cookery.dishes)

    @property
    def turns(self) -> float:
        """Mean number of turns that a dish of the menu takes: walking, chopping, taking and putting down."""
        return sum(map(self.work, self.cookery.dishes)) / len(self.cookery.dishes)

    def work(self, dish: Dish) -> float:
        """Turns that a dish takes."""
        at_board = self.cookery.chop_turns + 2 if self.cookery.boards else 0
        return self.walk(dish) + len(dish.pieces) * (2 + at_board) + 4

    def walk(self, dish: Dish) -> float:
        """Squares walked for a dish: each piece to a pot, by way of a board, then a plate, then the delivery."""
        pots = self.stations[Tile.POT]
        fetching = sum(map(self._fetch, dish.pieces))
        return fetching + min(map(self._serve, pots), default=inf)

    def _fetch(self, food: Food) -> float:
        """From a crate to a pot, by way of a board if it must be."""
        crates, pots = self.stations[CRATES[food]], self.stations[Tile.POT]
        if not self.cookery.boards:
            return min((self._nearest(crates, pot) for pot in pots), default=inf)
        chopped = {board: self._nearest(crates, board) for board in self.stations[Tile.BOARD]}
        return min((way + self._nearest((board,), pot) for board, way in chopped.items() for pot in pots), default=inf)

    def _serve(self, pot: int) -> float:
        delivering = min((self._nearest((pot,), hatch) for hatch in self.stations[Tile.DELIVERY]), default=inf)
        return 2 * self._nearest(self.stations[Tile.PLATES], pot) + delivering

    def _nearest(self, starts: Iterable[int], end: int) -> float:
        return min((self.steps[start].get(end, inf) for start in starts), default=inf)


def steps_between(reach: Reach, squares: Iterable[int]) -> Steps:
    """The steps from each of these squares to every other; what crosses a hand-over counter takes two for that."""
    ways = _ways(reach)
    return {square: _steps_from(square, ways, reach) for square in squares}


def _steps_from(square: int, ways: Mapping[int, tuple[int, ...]], reach: Reach) -> dict[int, int]:
    around = reach.layout.neighbours
    steps = dict.fromkeys((cell for cell in around(square) if cell in reach.floor), 0)
    found: dict[int, int] = {}
    frontier = list(steps)
    while frontier:
        following = []
        for cell in frontier:
            if cell in reach.floor:
                for beside in around(cell):
                    found.setdefault(beside, steps[cell])
            for other in ways[cell]:
                if other not in steps:
                    steps[other] = steps[cell] + 1
                    following.append(other)
        frontier = following
    return found


def _ways(reach: Reach) -> dict[int, tuple[int, ...]]:
    """Where things get in a turn from each square: over floor, and over counters between cooks."""
    ways = {cell: list(reach.floor.adj[cell]) for cell in reach.floor}
    for counter in reach.hand_overs:
        ways[counter] = [cell for cell in reach.layout.neighbours(counter) if cell in reach.floor]
        for cell in ways[counter]:
            ways[cell].append(counter)
    return {cell: tuple(others) for cell, others in ways.items()}
