"""Whether a team can serve a dish, and if not, where it ends: who can have what, step by step from crate to delivery.

A step is possible for everybody to whom the thing can come, over counters that several cooks reach, as often as needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from brigade.envs.kitchen.authoring.cookery import CRATES, Cookery, Dish
from brigade.envs.kitchen.authoring.reach import Reach
from brigade.envs.kitchen.plan import STATION_NAMES, Tile
from brigade.envs.kitchen.view import Food


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the way of a dish ends."""

    reason: str
    cell: int
    """The square that it could not get away from; -1 if there is none."""


class Unservable(Exception):
    """A dish cannot be served."""

    def __init__(self, reason: str, cell: int = -1) -> None:
        super().__init__(reason)
        self.stop = Stop(reason, cell)


@dataclass(frozen=True)
class Team:
    """Cooks that work together in a kitchen."""

    reach: Reach
    cookery: Cookery
    members: frozenset[int]

    def stop(self, dish: Dish) -> Stop | None:
        """Where the way of a dish ends if this team cannot serve it; None if it can."""
        try:
            self._serve(dish)
        except Unservable as error:
            return error.stop
        return None

    def can_put_out(self, pot: int) -> bool:
        """Whether an extinguisher can be brought to a pot."""
        carriers = self._spread(self._at(self.cookery.extinguishers), self._rests)
        return bool(carriers & self._at((pot,)))

    def can_clear(self, pot: int) -> bool:
        """Whether charred food can be brought from a pot to a bin."""
        holders = self._spread(self._plates() & self._at((pot,)), self._rests)
        return bool(holders & self._at(self._cells(Tile.BIN)))

    def in_macro_actions(self, dish: Dish) -> bool:
        """Whether a dish can be served in the macro actions of HLA, which hand over less than people can.

        Nobody passes on fresh food or plates, and nothing goes through the hands of a third cook. So whoever fills a
        pot reaches plates as well, and chops each ingredient or shares a counter with somebody who does, and who has
        no pot to keep it for. Whoever can plate a soup delivers it or shares a counter with somebody who does.
        """
        pots, plates, deliveries = (self._at(self._cells(kind)) for kind in (Tile.POT, Tile.PLATES, Tile.DELIVERY))
        choppers = {
            food: self._at(self._cells(CRATES[food])) & self._at(self._cells(Tile.BOARD)) for food in dish.pieces
        }
        return all(self._beside(cook) & deliveries for cook in pots & plates) and any(
            all(cook in able or self._beside(cook) & able - pots for able in choppers.values())
            for cook in pots & plates
        )

    def plates_at(self, pot: int) -> bool:
        """Whether somebody who reaches a pot also reaches plates."""
        return bool(self._at((pot,)) & self._at(self._cells(Tile.PLATES)))

    def _beside(self, cook: int) -> frozenset[int]:
        """A cook and those that it shares a counter or a floor with."""
        return self._at(self.reach.used[cook] & frozenset(self._cells(Tile.COUNTER))) | {cook}

    def _serve(self, dish: Dish) -> None:
        ready = {food: self._ready(food) for food in dict.fromkeys(dish.pieces)}
        pots = self._filled(ready)
        plated = self._plates() & self._at(pots)
        if not plated:
            raise Unservable("nobody who reaches a pot with it can get a plate", self._first(Tile.PLATES))
        holders = self._spread(plated, self._rests)
        if not holders & self._at(self._cells(Tile.DELIVERY)):
            raise Unservable(f"the soup of {_names(plated)} never gets to a delivery", pots[0])

    def _ready(self, food: Food) -> frozenset[int]:
        """Who can have this food as it goes into the pot."""
        crates = self._cells(CRATES[food])
        if not crates:
            raise Unservable(f"there is no {STATION_NAMES[CRATES[food]]}")
        takers = self._at(crates)
        if not takers:
            raise Unservable(f"nobody reaches a {STATION_NAMES[CRATES[food]]}", crates[0])
        fresh = self._spread(takers, self._cells(Tile.COUNTER))  # on a board it would be chopped
        if not self.cookery.boards:
            return fresh
        boards = [board for board in self._cells(Tile.BOARD) if self._at((board,)) & fresh]
        if not boards:
            raise Unservable(f"nobody who can get {_plural(food)} reaches a cutting board", crates[0])
        return self._spread(self._at(boards), self._rests)

    def _filled(self, ready: dict[Food, frozenset[int]]) -> list[int]:
        """The pots that can be filled with foods that these cooks can have."""
        if self.cookery.mixed:
            together = self._together(ready)
            pots = [pot for pot in self._cells(Tile.POT) if together & self._at((pot,))]
        else:
            pots = [pot for pot in self._cells(Tile.POT) if all(cooks & self._at((pot,)) for cooks in ready.values())]
        if not pots:
            who = " and ".join(f"{_plural(food)} ({_names(cooks)})" for food, cooks in ready.items())
            raise Unservable(f"no pot is within reach of those who can have {who}", self._first(Tile.POT))
        return pots

    def _together(self, ready: dict[Food, frozenset[int]]) -> frozenset[int]:
        """Who can have all of these foods in one piece."""
        together = self.members.intersection(*ready.values())
        if not together:
            who = ", ".join(f"chopped {food} comes to {_names(cooks)}" for food, cooks in ready.items())
            raise Unservable(f"its ingredients never meet: {who}", self._first(CRATES[next(iter(ready))]))
        if len(ready) > 1 and len(together) == 1:
            (cook,) = together
            if len(self.reach.used[cook] & self._rests) < 2:
                raise Unservable(
                    f"{_names(together)} has no place to put a chopped piece down", self._first(Tile.BOARD)
                )
        return self._spread(together, self._rests)

    def _plates(self) -> frozenset[int]:
        return self._spread(self._at(self._cells(Tile.PLATES)), self._rests)

    @property
    def _rests(self) -> frozenset[int]:
        """Where anything but fresh food can lie."""
        return frozenset(self._cells(Tile.COUNTER, Tile.BOARD))

    def _at(self, cells: Iterable[int]) -> frozenset[int]:
        return self.reach.cooks_at(cells) & self.members

    def _spread(self, cooks: frozenset[int], places: Iterable[int]) -> frozenset[int]:
        return self.reach.passed_on(cooks, places, self.members)

    def _cells(self, *kinds: Tile) -> tuple[int, ...]:
        return self.reach.layout.cells(*kinds)

    def _first(self, kind: Tile) -> int:
        return next(iter(self._cells(kind)), -1)


def _names(cooks: Iterable[int]) -> str:
    """Cooks by the digits that the grid gives them."""
    numbers = [str(cook + 1) for cook in sorted(cooks)]
    if not numbers:
        return "nobody"
    return f"cook {numbers[0]}" if len(numbers) == 1 else f"cooks {', '.join(numbers[:-1])} and {numbers[-1]}"


def _plural(food: Food) -> str:
    return {"lettuce": "lettuces", "onion": "onions", "tomato": "tomatoes"}[food]
