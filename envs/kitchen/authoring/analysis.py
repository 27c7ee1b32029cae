"""What can be said of a kitchen before anybody cooks in it: stations, who reaches them, hand-overs, dishes, dangers.

    analysis = analyse(load_layout("my_kitchen.yaml"))
    for finding in analysis.findings: ...

Cooks are numbered as the grid draws them, from 1; lines are those of the layout's file. It is reachability that is
looked at, not skill: a dish that can be served here may still take a team too long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from brigade.envs.kitchen.authoring.cookery import Cookery, cookery_of
from brigade.envs.kitchen.authoring.effort import Effort
from brigade.envs.kitchen.authoring.reach import Reach
from brigade.envs.kitchen.authoring.solving import Team
from brigade.envs.kitchen.plan import STATION_NAMES, Layout, Tile

FEW_COUNTERS = 4
"""With fewer counters than these within reach of a cook, kitchens clog up."""

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Place:
    """A square, and who reaches it."""

    what: str
    """The station's name; `counter` for a counter."""
    column: int
    """From 1."""
    row: int
    """From 1."""
    line: int
    """Of the layout's file."""
    cooks: tuple[int, ...]
    """Who reaches it."""


@dataclass(frozen=True, slots=True)
class DishReport:
    """Whether a dish can be served."""

    name: str
    pieces: tuple[str, ...]
    served: bool
    """By all cooks together."""
    alone: tuple[int, ...]
    """Cooks that can serve it without any help."""
    in_macro_actions: bool
    """Whether the macro actions of HLA are enough, which hand over less than people can; other rules have none."""
    reason: str
    """Why it cannot be served; empty if it can."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the author of a kitchen should know."""

    level: Level
    """An `error` makes the kitchen useless; a `warning` is probably not meant; a `note` just says how it is."""
    kind: str
    """In one or two words, always the same ones: `no bin`, `chokepoint`, …"""
    line: int
    """Of the layout's file."""
    column: int | None
    """Where there is one: of the grid, from 1."""
    text: str


@dataclass(frozen=True)
class Analysis:
    """Everything found out about a kitchen."""

    name: str
    source: str
    rules: str
    width: int
    height: int
    cooks: int
    floor: tuple[int, ...]
    """Squares that each cook can come to stand on."""
    stations: tuple[Place, ...]
    hand_overs: tuple[Place, ...]
    """Counters where things can pass between cooks that cannot walk to the same places."""
    chokepoints: tuple[tuple[Place, ...], ...]
    """Floor where a cook that stands still cuts stations off for another one; neighbouring squares together."""
    dishes: tuple[DishReport, ...]
    walking: float | None
    """Mean number of squares walked for a dish, where every one can be served; see `Effort`."""
    turns: float | None
    """Mean number of turns that a dish takes one pair of hands."""
    findings: tuple[Finding, ...]

    @property
    def servable(self) -> bool:
        """Whether every dish of the menu can be served."""
        return all(dish.served for dish in self.dishes)

    @property
    def error(self) -> Finding | None:
        """What makes the kitchen useless, if anything does."""
        return next((finding for finding in self.findings if finding.level == "error"), None)

    def count(self, what: str) -> int:
        """How many stations of this name there are."""
        return sum(place.what == what for place in self.stations)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self) | {"servable": self.servable}


def analyse(layout: Layout) -> Analysis:
    """Look at a kitchen."""
    reach, cookery = Reach(layout), cookery_of(layout)
    return _Study(layout, reach, cookery).analysis()


@dataclass(frozen=True)
class _Study:
    """One kitchen being looked at."""

    layout: Layout
    reach: Reach
    cookery: Cookery

    def analysis(self) -> Analysis:
        layout, reach = self.layout, self.reach
        dishes = tuple(self._dishes())
        effort = Effort.of(layout) if dishes and all(dish.served for dish in dishes) else None
        return Analysis(
            name=layout.name,
            source=layout.source,
            rules=layout.rules,
            width=layout.width,
            height=layout.height,
            cooks=layout.cooks,
            floor=tuple(map(len, reach.walks)),
            stations=tuple(self._place(cell) for cell in layout.cells(*STATION_NAMES)),
            hand_overs=tuple(self._place(cell) for cell in reach.hand_overs),
            chokepoints=tuple(tuple(map(self._place, group)) for group in reach.chokepoints),
            dishes=dishes,
            walking=effort.walking if effort else None,
            turns=effort.turns if effort else None,
            findings=(*self._of_dishes(dishes), *self._of_dangers(), *self._of_cooks(), *self._of_space()),
        )

    @property
    def team(self) -> Team:
        """All cooks."""
        return Team(self.reach, self.cookery, frozenset(range(self.layout.cooks)))

    def _dishes(self) -> Iterator[DishReport]:
        for dish in self.cookery.dishes:
            stop = self.team.stop(dish)
            yield DishReport(
                name=dish.name,
                pieces=dish.pieces,
                served=stop is None,
                alone=tuple(cook + 1 for cook in sorted(self.team.members) if self._alone(cook).stop(dish) is None),
                in_macro_actions=self.cookery.mixed and stop is None and self.team.in_macro_actions(dish),
                reason=stop.reason if stop else "",
            )

    def _alone(self, cook: int) -> Team:
        return Team(self.reach, self.cookery, frozenset((cook,)))

    def _of_dishes(self, dishes: tuple[DishReport, ...]) -> Iterator[Finding]:
        stops = {dish.name: stop for dish in self.cookery.dishes if (stop := self.team.stop(dish)) is not None}
        useless = not any(dish.served for dish in dishes)
        if useless:
            first = next(iter(stops.values()), None)
            reason = f": {first.reason}" if first else ": there is no dish on the menu"
            yield self._finding(
                "error", "unservable menu", first.cell if first else -1, f"no dish can be served{reason}"
            )
        for name, stop in stops.items():
            yield self._finding("warning", "unservable dish", stop.cell, f"{name} can never be served: {stop.reason}")
        together = [dish.name for dish in dishes if dish.served and not dish.alone]
        if together:
            where = self.reach.hand_overs[0] if self.reach.hand_overs else -1
            text = f"nobody can serve {', '.join(together)} alone: things must be handed over"
            yield self._finding("note", "hand-over", where, text)
        beyond = [dish.name for dish in dishes if dish.served and not dish.in_macro_actions]
        if self.cookery.mixed and beyond:
            text = f"{', '.join(beyond)}: only by handing over fresh food or plates, which macro actions cannot do"
            yield self._finding("warning", "macro actions", -1, text)

    def _of_dangers(self) -> Iterator[Finding]:
        if not self.cookery.burns:
            return
        team = self.team
        pots = self.layout.cells(Tile.POT)
        if not self.cookery.extinguishers:
            yield self._finding(
                "warning", "no extinguisher", -1, "there is no fire extinguisher: a fire burns for ever"
            )
        else:
            for pot in (pot for pot in pots if not team.can_put_out(pot)):
                yield self._finding("warning", "no extinguisher", pot, "no extinguisher can be brought to this pot")
        if not self.layout.cells(Tile.BIN):
            yield self._finding("warning", "no bin", -1, "there is no bin: charred food can only be put on counters")
        else:
            for pot in (pot for pot in pots if not team.can_clear(pot)):
                yield self._finding("warning", "no bin", pot, "charred food cannot be brought from this pot to a bin")

    def _of_cooks(self) -> Iterator[Finding]:
        useful = frozenset(self.layout.cells(*STATION_NAMES)) | frozenset(self.reach.hand_overs)
        for cook, start in enumerate(self.layout.starts):
            if not self.reach.used[cook] & useful:
                yield self._finding("warning", "idle cook", start, f"cook {cook + 1} can reach nothing useful")
            elif len(self.reach.walks[cook]) == 1 and self.layout.cooks > 1:
                yield self._finding("note", "confined cook", start, f"cook {cook + 1} can never leave its square")
            walk = self.reach.walks[cook]
            if any(walk < other or (walk & other and walk != other) for other in self.reach.walks):
                text = f"cook {cook + 1} cannot pass the others in its corridor and keeps to {len(walk)} squares of it"
                yield self._finding("warning", "corridor", start, text)

            free = len(self.reach.used[cook].intersection(self.layout.cells(Tile.COUNTER)))
            if free < FEW_COUNTERS:
                text = f"cook {cook + 1} reaches {free} counters: things will lie in the way of others"
                yield self._finding("note", "few counters", start, text)

    def _of_space(self) -> Iterator[Finding]:
        for group in self.reach.chokepoints:
            size = "this square" if len(group) == 1 else f"any of these {len(group)} squares"
            text = f"a cook that stands on {size} cuts the kitchen in two"
            yield self._finding("warning", "chokepoint", group[0], text)
        pots = len(self.layout.cells(Tile.POT))
        if self.cookery.orders is not None and pots < self.cookery.orders:
            text = f"{pots} pot{'s' if pots > 1 else ''} for {self.cookery.orders} open orders: some of them wait"
            yield self._finding("note", "few pots", next(iter(self.layout.cells(Tile.POT)), -1), text)

    def _finding(self, level: Level, kind: str, cell: int, text: str) -> Finding:
        if cell < 0:
            return Finding(level, kind, self.layout.first_line, None, text)
        x, y = self.layout.xy(cell)
        return Finding(level, kind, self.layout.first_line + y, x + 1, text)

    def _place(self, cell: int) -> Place:
        x, y = self.layout.xy(cell)
        kind = Tile(self.layout.tiles[cell])
        what = STATION_NAMES.get(kind, "counter" if kind == Tile.COUNTER else "floor")
        on = self.reach.walks if kind == Tile.FLOOR else self.reach.used
        cooks = tuple(number for number, cells in enumerate(on, 1) if cell in cells)
        return Place(what, x + 1, y + 1, self.layout.first_line + y, cooks)
