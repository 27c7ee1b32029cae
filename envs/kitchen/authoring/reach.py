"""Who reaches what in a kitchen, where things can change hands, and where one cook can stand in everybody's way.

What a cook can reach is fixed by the layout, since objects never stand on floor. There is one thing that `Layout.reach`
does not see: in a corridor without a branch, cooks never pass each other, so each of them keeps to its part of it.
(Where a corridor has a branch, two cooks can always change places; with three and more of them in a very small kitchen
they may not, and that is not looked into.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
from brigade.envs.kitchen.plan import STATION_NAMES, Layout, Tile


@dataclass(frozen=True)
class Reach:
    """Who reaches what. Cooks are indices from 0."""

    layout: Layout

    @cached_property
    def floor(self) -> nx.Graph[int]:
        """Every floor cell that some cook can walk to, joined to its neighbours."""
        tiles = self.layout.tiles
        seen = {cell for cell in frozenset[int]().union(*self.layout.reach) if tiles[cell] == Tile.FLOOR}
        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(sorted(seen))
        graph.add_edges_from(
            (cell, other) for cell in sorted(seen) for other in self.layout.neighbours(cell) if other in seen
        )
        return graph

    @cached_property
    def walks(self) -> tuple[frozenset[int], ...]:
        """For each cook, the floor cells that it can come to stand on."""
        walks: dict[int, frozenset[int]] = {}
        for area in map(frozenset, nx.connected_components(self.floor)):
            cooks = [cook for cook, start in enumerate(self.layout.starts) if start in area]
            line = self._corridor(area) if len(cooks) > 1 else None
            if line is None:
                walks |= dict.fromkeys(cooks, area)
                continue
            cooks.sort(key=lambda cook: line.index(self.layout.starts[cook]))
            for place, cook in enumerate(cooks):
                walks[cook] = frozenset(line[place : len(line) - (len(cooks) - 1 - place)])
        return tuple(walks[cook] for cook in range(self.layout.cooks))

    def _corridor(self, area: frozenset[int]) -> list[int] | None:
        """The cells of an area from end to end, if it is a corridor without a branch."""
        part = self.floor.subgraph(area)
        ends = sorted(cell for cell in area if part.degree(cell) <= 1)
        if len(ends) != 2 or any(part.degree(cell) > 2 for cell in area):
            return None
        return list(nx.shortest_path(part, ends[0], ends[1]))

    @cached_property
    def used(self) -> tuple[frozenset[int], ...]:
        """For each cook, the squares that it can act on."""
        tiles = self.layout.tiles
        return tuple(
            frozenset(other for cell in walk for other in self.layout.neighbours(cell) if tiles[other] != Tile.FLOOR)
            for walk in self.walks
        )

    def cooks_at(self, cells: Iterable[int]) -> frozenset[int]:
        """The cooks that can act on any of these squares."""
        wanted = frozenset(cells)
        return frozenset(cook for cook, used in enumerate(self.used) if used & wanted)

    @cached_property
    def hand_overs(self) -> tuple[int, ...]:
        """Counters where something can pass from one cook to another that cannot walk to the same places."""
        return tuple(
            cell
            for cell in self.layout.cells(Tile.COUNTER)
            if len({self.walks[cook] for cook in self.cooks_at((cell,))}) > 1
        )

    def passed_on(self, cooks: Iterable[int], places: Iterable[int], among: frozenset[int]) -> frozenset[int]:
        """All of a team that can have what these cooks have, if it may lie in these places."""
        holders, rest = set(cooks), frozenset(places)
        while True:
            seen = frozenset[int]().union(*(self.used[cook] for cook in holders)) & rest
            more = (self.cooks_at(seen) & among) - holders
            if not more:
                return frozenset(holders)
            holders |= more

    @cached_property
    def chokepoints(self) -> tuple[tuple[int, ...], ...]:
        """Floor where a cook that stands still cuts stations off for another, neighbouring cells together."""
        shared = {cell for cell in self.floor if sum(cell in walk for walk in self.walks) > 1}
        cells = [cell for cell in sorted(nx.articulation_points(self.floor)) if cell in shared and self._cuts(cell)]
        return tuple(tuple(sorted(group)) for group in nx.connected_components(self.floor.subgraph(cells)))

    def _cuts(self, cell: int) -> bool:
        """Whether at least two of the parts that are left without this cell each have a station of their own."""
        area = nx.node_connected_component(self.floor, cell)
        parts = nx.connected_components(self.floor.subgraph(area - {cell}))
        stations = [self._stations(part) for part in parts]
        own = [one - frozenset[int]().union(*(s for s in stations if s is not one)) for one in stations]
        return sum(map(bool, own)) > 1

    def _stations(self, cells: Iterable[int]) -> frozenset[int]:
        tiles = self.layout.tiles
        return frozenset(
            other for cell in cells for other in self.layout.neighbours(cell) if tiles[other] in STATION_NAMES
        )
