"""A scripted player: fetches ingredients, starts pots, fills dishes and delivers, handing on what it cannot reach.

It is greedy: every tick it looks at the state afresh, decides what is most useful now, and walks there on the shortest
way, as if nobody else were moving. What keeps cooks from blocking each other for good is that in turns one
of them gives way, and random side steps. So its action is a function of the state, the cook and a seed; it remembers
nothing, and can be asked for any cook at any time.

Meant as a partner and for tests. It is far from optimal, and helpless where a corridor is a dead end for one cook and
the other has nothing to do there (`m_shaped_s`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from brigade.envs.kitchen.overcooked_ai import kernel
from brigade.envs.kitchen.overcooked_ai.items import (
    DISH,
    KIND_BITS,
    NOTHING,
    ONION,
    SOUP,
    TOMATO,
    ingredients_of,
)
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.recipes import Recipe, recipe_of
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.state import KitchenState

FAR = 10_000
"""Steps to where there is no way."""
TURN = 16
"""Ticks for which the same cook gives way: enough to back out of a corridor."""
INGREDIENTS = {ONION: Tile.ONIONS, TOMATO: Tile.TOMATOES}


@dataclass(frozen=True, slots=True)
class _Pot:
    cell: int
    size: int
    missing: dict[int, int]
    """How many of each ingredient it still needs."""
    cooking: bool
    """Started, or ready."""
    ready: bool


@dataclass(frozen=True, slots=True)
class _Cook:
    cell: int
    facing: int
    held: int
    """Kind of the item in its hands."""


class GreedyPlayer:
    """Plays any cook of a kitchen.

    Args:
        rules: the kitchen's rule book.
    """

    def __init__(self, rules: OvercookedRules) -> None:
        self._layout = layout = rules.layout
        self._floor = [bool(tile == Tile.FLOOR) for tile in layout.tiles]
        self._steps = [self._steps_to(cell) for cell in range(len(self._floor))]
        kinds = (Tile.POT, Tile.DELIVERY, Tile.PLATES, Tile.ONIONS, Tile.TOMATOES, Tile.COUNTER)
        self._cells = {kind: layout.cells(kind) for kind in kinds}
        self._missing: dict[int, dict[int, int]] = {}

    def _steps_to(self, station: int) -> list[int]:
        """From every floor cell the steps until one stands next to this station."""
        steps = [FAR] * len(self._floor)
        if self._floor[station]:
            return steps
        frontier = deque((cell, 0) for cell in self._floor_beside(station))
        while frontier:
            cell, distance = frontier.popleft()
            if distance < steps[cell]:
                steps[cell] = distance
                frontier.extend((beside, distance + 1) for beside in self._floor_beside(cell))
        return steps

    def _floor_beside(self, cell: int) -> list[int]:
        return [c for c in self._layout.neighbours(cell) if 0 <= c < len(self._floor) and self._floor[c]]

    def act(self, state: KitchenState, cook: int, seed: int = 0) -> int:
        """The action of one cook, the same for the same state, cook and seed."""
        return _Moment(self, state, cook, seed).action()

    def missing(self, code: int) -> dict[int, int]:
        """What a soup still needs to become the most valuable one that it can become; nothing if it can become none."""
        if code not in self._missing:
            self._missing[code] = _missing(self._layout, recipe_of(ingredients_of(code)))
        return self._missing[code]


def _missing(layout: OvercookedLayout, has: Recipe) -> dict[int, int]:
    room = layout.max_num_ingredients - has.size
    can_have = [bool(layout.cells(kind)) for kind in (Tile.ONIONS, Tile.TOMATOES)]
    best, worth = Recipe(0, 0), 0.0
    for recipe in layout.orders:
        more = Recipe(recipe.onions - has.onions, recipe.tomatoes - has.tomatoes)
        possible = all(count == 0 or (count > 0 and there) for count, there in zip(more, can_have, strict=True))
        if possible and layout.worth(recipe) > worth:
            best, worth = more, layout.worth(recipe)
    if layout.old_dynamics and not worth and has.size < min(3, room + has.size):
        best = Recipe(3 - has.size, 0) if can_have[0] else Recipe(0, 3 - has.size)  # or it would never be cooked
    return {ONION: best.onions, TOMATO: best.tomatoes}


class _Moment:
    """One decision."""

    def __init__(self, player: GreedyPlayer, state: KitchenState, cook: int, seed: int) -> None:
        self._player, self._index, self._seed = player, cook, seed
        layout = player._layout
        s = state.vector.tolist()
        self._tick = s[kernel.TICK]
        at = layout.sections
        self._items = [code & KIND_BITS for code in s[at.items : at.ticks]]
        self._cooks = [
            _Cook(s[here], s[here + kernel.FACING], s[here + kernel.HELD] & KIND_BITS)
            for here in range(kernel.COOKS_AT, at.items, kernel.PER_COOK)
        ]
        self._me = self._cooks[cook]
        self._others = self._cooks[:cook] + self._cooks[cook + 1 :]
        self._pots = [self._pot(cell, s[at.items + cell], s[at.ticks + cell]) for cell in player._cells[Tile.POT]]

    def _pot(self, cell: int, code: int, tick: int) -> _Pot:
        contents = recipe_of(ingredients_of(code))
        cooking = code != NOTHING and tick >= 0
        ready = cooking and tick >= self._player._layout.times.of(contents)
        missing = {ONION: 0, TOMATO: 0} if cooking else self._player.missing(code)
        return _Pot(cell, contents.size, missing, cooking, ready)

    def action(self) -> int:
        """What to do now."""
        stations = self._errand()
        if not stations:
            return self._make_way()
        station = min(stations, key=lambda cell: self._player._steps[cell][self._me.cell])
        return self._towards(station)

    # Where to go.

    def _errand(self) -> list[int]:
        """Stations at any of which there is something useful to do now, all within reach; none if there is nothing."""
        held = self._me.held
        if held == SOUP:
            return self._reached(self._cells(Tile.DELIVERY)) or self._hand_on(Tile.DELIVERY)
        if held == DISH:
            return self._with_dish()
        if held in INGREDIENTS:
            return self._with_ingredient(held)
        return self._empty_handed()

    def _with_dish(self) -> list[int]:
        if not self._reached(self._cells(Tile.POT)):
            return self._hand_on(Tile.POT)
        busy = [pot.cell for pot in self._my_pots() if pot.ready] or [p.cell for p in self._my_pots() if p.cooking]
        before_me = sum(cook.held == DISH for cook in self._cooks[: self._index])
        return busy if len(busy) > before_me else self._free_counters()

    def _with_ingredient(self, kind: int) -> list[int]:
        if not self._reached(self._cells(Tile.POT)):
            return self._hand_on(Tile.POT)
        wanting = [pot for pot in self._my_pots() if pot.missing[kind]]
        fullest = max((pot.size for pot in wanting), default=0)
        return [pot.cell for pot in wanting if pot.size == fullest] or self._free_counters()

    def _empty_handed(self) -> list[int]:
        done = [pot.cell for pot in self._my_pots() if pot.size and not pot.cooking and not any(pot.missing.values())]
        if done and not self._player._layout.old_dynamics:
            return done
        soups = self._lying(SOUP) if self._reached(self._cells(Tile.DELIVERY)) else []
        if soups:
            return soups
        dishes = self._fetch_dish()
        if dishes and any(pot.ready for pot in self._pots):
            return dishes
        for kind in INGREDIENTS:
            if ingredients := self._fetch_ingredient(kind):
                return ingredients
        return dishes

    def _fetch_dish(self) -> list[int]:
        at_pots = bool(self._my_pots())
        wanted = sum(pot.cooking for pot in (self._my_pots() if at_pots else self._pots))
        wanted -= sum(cook.held == DISH for cook in self._others)
        if not at_pots:  # who can reach a pot will take those that lie about
            wanted -= self._items.count(DISH)
        if wanted <= 0:
            return []
        return self._reached(self._cells(Tile.PLATES)) + (self._lying(DISH) if at_pots else [])

    def _fetch_ingredient(self, kind: int) -> list[int]:
        at_pots = bool(self._my_pots())
        wanted = sum(pot.missing[kind] for pot in (self._my_pots() if at_pots else self._pots))
        wanted -= sum(cook.held == kind for cook in self._others)
        dispensers = self._cells(INGREDIENTS[kind])
        before_me = self._cooks[: self._index]
        wanted -= sum(cook.held == NOTHING and bool(self._reached(dispensers, cook)) for cook in before_me)
        if not at_pots:
            wanted -= self._items.count(kind)
        if wanted <= 0:
            return []
        return self._reached(dispensers) + (self._lying(kind) if at_pots else [])

    def _cells(self, kind: Tile) -> tuple[int, ...]:
        return self._player._cells[kind]

    def _my_pots(self) -> list[_Pot]:
        return [pot for pot in self._pots if self._player._steps[pot.cell][self._me.cell] < FAR]

    def _reached(self, cells: tuple[int, ...], cook: _Cook | None = None) -> list[int]:
        """Those of these stations that this cook, or I, can walk to."""
        here = (cook or self._me).cell
        return [cell for cell in cells if self._player._steps[cell][here] < FAR]

    def _lying(self, kind: int) -> list[int]:
        """Counters within my reach on which there is such a thing."""
        return [cell for cell in self._reached(self._cells(Tile.COUNTER)) if self._items[cell] == kind]

    def _free_counters(self) -> list[int]:
        return self._lying(NOTHING)

    def _hand_on(self, kind: Tile) -> list[int]:
        """Free counters from which somebody else can take a thing to a station of this kind."""
        takers = [cook for cook in self._others if self._reached(self._cells(kind), cook)]
        return [cell for cell in self._free_counters() if any(self._player._steps[cell][t.cell] < FAR for t in takers)]

    # How to get there.

    def _towards(self, station: int) -> int:
        """Walk to a station, face it, use it."""
        steps, here = self._player._steps[station], self._me.cell
        neighbours = self._player._layout.neighbours(here)
        if steps[here] == 0:
            direction = neighbours.index(station)
            return kernel.INTERACT if self._me.facing == direction else direction
        ways = [direction for direction in range(4) if steps[neighbours[direction]] < steps[here]]
        taken = {cook.cell for cook in self._others}
        free = [direction for direction in ways if neighbours[direction] not in taken]
        if free and not (self._crowded() and self._chance(8) == 0):
            return free[self._chance(len(free))]
        if not free and self._chance(4):
            return self._retreat() if self._yields() else ways[self._chance(len(ways))]
        return self._chance(kernel.INTERACT)  # a side step, or waiting

    def _yields(self) -> bool:
        """Whether it is me who gives way now: one cook at a time, drawn anew every `TURN` ticks."""
        return self._mixed(self._tick // TURN, 0) % len(self._cooks) == self._index

    def _retreat(self) -> int:
        """Away from the others."""
        here, others = self._me.cell, self._others
        neighbours = self._player._layout.neighbours(here)
        room = {
            direction: min(self._apart(neighbours[direction], cook.cell) for cook in others)
            for direction in range(4)
            if self._player._floor[neighbours[direction]]
        }
        return max(room, key=lambda direction: room[direction], default=kernel.STAY)

    def _make_way(self) -> int:
        """Nothing to do: stand still, or mostly step back if somebody is near."""
        if not self._crowded():
            return kernel.STAY
        return self._retreat() if self._chance(4) else self._chance(kernel.INTERACT)

    def _crowded(self) -> bool:
        """Whether another cook is within two steps."""
        return any(self._apart(cook.cell, self._me.cell) <= 2 for cook in self._others)

    def _apart(self, one: int, other: int) -> int:
        """Steps between two cells if nothing stood in the way."""
        width = self._player._layout.width
        return abs(one % width - other % width) + abs(one // width - other // width)

    def _chance(self, options: int) -> int:
        """A number below `options` that looks random, of this tick and cook."""
        return self._mixed(self._tick, self._index + 1) % options

    def _mixed(self, time: int, who: int) -> int:
        """Seed, time and a cook's number, mixed as SplitMix64 does it."""
        mixed = (self._seed * 0x9E3779B97F4A7C15 + time * 0xD1B54A32D192ED03 + who) % 2**64
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % 2**64
        return mixed ^ mixed >> 31
