"""How many turns it takes to get from one square to the next, for a cook of a layout.

Nobody is in the way here: what two cooks lose to each other is not known. Knows no items and no plan.
"""

from __future__ import annotations

from functools import lru_cache

from brigade.agents.hierarchy.executor.surroundings import UNREACHABLE, steps_between
from brigade.envs.kitchen import Layout, Tile


class Paths:
    """Distances and stations of a layout, as each cook can use them. A place is a square, or the floor stood on."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._steps = steps_between(layout)
        self._between: dict[tuple[int, int, int], int] = {}
        self._floors: dict[tuple[int, int], tuple[int, ...]] = {}
        self._stations: dict[tuple[int, Tile], tuple[int, ...]] = {}
        self._counters: dict[tuple[int, int, Tile], int] = {}
        cooks = range(layout.cooks)
        self.sharing = tuple(frozenset(o for o in cooks if layout.reach[o] & layout.reach[c]) for c in cooks)
        """For each cook, those with whom it shares a square, itself among them."""

    def walk(self, cook: int, start: int, end: int) -> int:
        """Moves of a cook from one place to where it can use another."""
        key = cook, start, end
        known = self._between.get(key)
        if known is None:
            steps = self._steps[end]
            known = min((int(steps[floor]) for floor in self._beside(cook, start)), default=UNREACHABLE)
            self._between[key] = known
        return known

    def _beside(self, cook: int, place: int) -> tuple[int, ...]:
        """Floor cells on which a cook stands when it uses this place."""
        layout = self.layout
        if layout.tiles[place] == Tile.FLOOR:
            return (place,)
        key = cook, place
        if key not in self._floors:
            reach = layout.reach[cook]
            around = (cell for cell in layout.neighbours(place) if 0 <= cell < layout.tiles.size and cell in reach)
            self._floors[key] = tuple(cell for cell in around if layout.tiles[cell] == Tile.FLOOR)
        return self._floors[key]

    def stations(self, cook: int, kind: Tile) -> tuple[int, ...]:
        """Squares of this kind within a cook's reach."""
        key = cook, kind
        if key not in self._stations:
            reach = self.layout.reach[cook]
            self._stations[key] = tuple(cell for cell in self.layout.cells(kind) if cell in reach)
        return self._stations[key]

    def counter(self, cook: int, place: int, towards: Tile) -> int:
        """Where a cook would put down what goes to a station of this kind next; the place itself if there is nowhere.

        Near the station if the cook reaches one, else where somebody can fetch it who does.
        """
        key = cook, place, towards
        if key not in self._counters:
            self._counters[key] = self._counter(cook, place, towards)
        return self._counters[key]

    def _counter(self, cook: int, place: int, towards: Tile) -> int:
        layout, counters = self.layout, self.stations(cook, Tile.COUNTER)
        mine = self.stations(cook, towards)
        if not mine:
            able = [o for o in range(layout.cooks) if o != cook and self.stations(o, towards)]
            counters = tuple(c for c in counters if any(c in layout.reach[o] for o in able)) or counters

        def cost(cell: int) -> int:
            onward = min((self.walk(cook, cell, target) for target in mine), default=0)
            return 2 * self.walk(cook, place, cell) + onward

        return min(counters, key=cost, default=place)

    def users(self, cell: int) -> frozenset[int]:
        """The cooks who reach a square."""
        return frozenset(cook for cook in range(self.layout.cooks) if cell in self.layout.reach[cook])


@lru_cache(maxsize=16)
def paths_of(layout: Layout) -> Paths:
    """The distances of a layout, worked out once."""
    return Paths(layout)
