"""Where the stations of a generated kitchen go: so that a dish can be served, in about as many steps as it should take.

Stations of a kind stand together or apart; from a random start, one group after the other is moved for as long as that
brings the walk nearer to what is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any, ClassVar

from brigade.envs.kitchen.authoring.brief import Brief
from brigade.envs.kitchen.authoring.effort import Effort, Steps, steps_between
from brigade.envs.kitchen.authoring.floors import Floor
from brigade.envs.kitchen.authoring.reach import Reach
from brigade.envs.kitchen.authoring.solving import Team
from brigade.envs.kitchen.plan import STATION_NAMES, Layout, Tile

MOVES = 150
"""Groups moved at most."""
HOPELESS = 50
"""After so many without a kitchen that works, another floor is better."""
CLOSE = 0.5
"""Squares by which the walk may differ from what is wanted."""
FREE_COUNTERS, SHARED_COUNTERS = 6, 4
"""How many each cook can reach at least; shared ones where there are several rooms."""

_EXTINGUISHER = "f"


@dataclass(frozen=True)
class Sketch(Layout):
    """A kitchen on paper, in an alphabet that has every tile of every rule book."""

    rules: ClassVar[str] = "sketch"
    characters: ClassVar[Mapping[str, Tile]] = {
        " ": Tile.FLOOR, "-": Tile.COUNTER, _EXTINGUISHER: Tile.COUNTER, "/": Tile.BOARD, "U": Tile.POT,
        "*": Tile.DELIVERY, "B": Tile.BIN, "P": Tile.PLATES, "T": Tile.TOMATOES, "L": Tile.LETTUCES, "O": Tile.ONIONS,
    }  # fmt: skip
    max_cooks: ClassVar[int] = 9

    def source_text(self) -> dict[str, Any]:
        """What is drawn; no rule book reads it back."""
        return {"name": self.name, "rules": self.rules, "grid": self.grid}

    def with_squares(self, signs: Mapping[int, str]) -> Sketch:
        """The same kitchen with other squares in some cells."""
        flat = list("".join(self.rows))
        for cell, sign in signs.items():
            flat[cell] = sign
        rows = tuple("".join(flat[y * self.width : (y + 1) * self.width]) for y in range(self.height))
        return Sketch(self.name, rows, self.starts)


def empty_kitchen(floor: Floor, columns: int, rows: int, starts: Sequence[tuple[int, int]]) -> Sketch:
    """A floor with counters around it and no station."""
    drawn = tuple("".join(" " if (x, y) in floor else "-" for x in range(columns + 2)) for y in range(rows + 2))
    return Sketch("sketch", drawn, tuple(y * (columns + 2) + x for x, y in starts))


@dataclass
class Placing:
    """The stations of one kitchen being placed."""

    empty: Sketch
    brief: Brief
    rng: Random

    @cached_property
    def sites(self) -> list[int]:
        """Squares that a cook can use."""
        return sorted(frozenset[int]().union(*Reach(self.empty).used))

    @cached_property
    def steps(self) -> Steps:
        """Steps between sites, any counter between two rooms being free."""
        return steps_between(Reach(self.empty), self.sites)

    def place(self) -> tuple[float, Sketch] | None:
        """By how much the walk differs from what is wanted, and the kitchen with its stations; None if none fits."""
        if not self._has_room():
            return None
        groups = self._groups()
        anchors = [self.rng.choice(self.sites) for _ in groups]
        best, error = None, float("inf")
        for move in range(MOVES):
            if best is None and move >= HOPELESS:
                return None
            changed = list(anchors)
            if best is not None or self.rng.random() < 0.5:
                changed[self.rng.randrange(len(groups))] = self.rng.choice(self.sites)
            else:
                changed = [self.rng.choice(self.sites) for _ in groups]
            signs = self._signs(groups, changed)
            found = abs(self._walking(signs) - self.brief.walking)
            if found < error and self._works(sketch := self.empty.with_squares(signs)):
                best, error, anchors = sketch, found, changed
            if error <= CLOSE:
                break
        return None if best is None else (error, best)

    def _has_room(self) -> bool:
        """Whether what must be there could fit at all."""
        reach = Reach(self.empty)
        rooms = len(set(reach.walks))
        shared = min(len(used.intersection(reach.hand_overs)) for used in reach.used)
        return len(self.sites) >= self.brief.stations + FREE_COUNTERS + (rooms - 1) * SHARED_COUNTERS and (
            rooms == 1 or shared >= SHARED_COUNTERS
        )

    def _groups(self) -> list[tuple[str, int]]:
        """What stands together: a sign and how often."""
        signs = {tile: sign for sign, tile in reversed(list(Sketch.characters.items()))}
        groups: list[tuple[str, int]] = []
        apart = self.rng.random() < 0.4
        for kind, count in self.brief.counts.items():
            groups += [(signs[kind], 1)] * count if apart else [(signs[kind], count)]
        return groups + [(_EXTINGUISHER, 1)] * self.brief.extinguishers

    def _signs(self, groups: Sequence[tuple[str, int]], anchors: Sequence[int]) -> dict[int, str]:
        """Which sign goes where, each group as near to its anchor as those before it let it."""
        signs: dict[int, str] = {}
        for (sign, count), anchor in zip(groups, anchors, strict=True):
            x, y = self.empty.xy(anchor)

            def distance(cell: int, x: int = x, y: int = y) -> tuple[int, int]:
                cx, cy = self.empty.xy(cell)
                return abs(cx - x) + abs(cy - y), cell

            free = sorted((cell for cell in self.sites if cell not in signs), key=distance)
            signs |= dict.fromkeys(free[:count], sign)
        return signs

    def _walking(self, signs: Mapping[int, str]) -> float:
        stations: dict[Tile, tuple[int, ...]] = dict.fromkeys(STATION_NAMES, ())
        for cell, sign in signs.items():
            if sign != _EXTINGUISHER:
                stations[Sketch.characters[sign]] += (cell,)
        return Effort(self.brief.cookery, stations, self.steps).walking

    def _works(self, sketch: Sketch) -> bool:
        """Whether every dish can be served, fires put out and charred food cleared, and everybody has a part in it."""
        reach = Reach(sketch)
        everybody = frozenset(range(sketch.cooks))
        extinguishers = tuple(cell for cell, sign in enumerate("".join(sketch.rows)) if sign == _EXTINGUISHER)
        team = Team(reach, replace(self.brief.cookery, extinguishers=extinguishers), everybody)
        pots = sketch.cells(Tile.POT)
        if any(team.stop(dish) for dish in self.brief.cookery.dishes):
            return False
        if self.brief.cookery.burns and not all(team.can_put_out(pot) and team.can_clear(pot) for pot in pots):
            return False
        if self.brief.cookery.mixed and not (
            all(map(team.in_macro_actions, self.brief.cookery.dishes)) and all(map(team.plates_at, pots))
        ):
            return False
        return all(self._has_a_part(reach, cook) for cook in everybody)

    def _has_a_part(self, reach: Reach, cook: int) -> bool:
        layout, used = reach.layout, reach.used[cook]
        signs = "".join(layout.rows)
        free = sum(layout.tiles[cell] == Tile.COUNTER and signs[cell] != _EXTINGUISHER for cell in used)
        stations = {int(layout.tiles[cell]) for cell in used if layout.tiles[cell] in STATION_NAMES}
        shared = len(used.intersection(reach.hand_overs))
        rooms = len(set(reach.walks))
        return free >= FREE_COUNTERS and (rooms == 1 or (shared >= SHARED_COUNTERS and len(stations) > 1))
