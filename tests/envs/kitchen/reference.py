"""The HLA rules once more, the slow and obvious way: things are sets of words in dictionaries, time is seconds.

Written from the rules in words, not from the kernel, so that the two can be held against each other. Seconds are exact
as long as the tick is a power of two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from brigade.envs.kitchen import HlaLayout, Tile
from brigade.envs.kitchen.hla.recipes import RECIPES

MOVES = {0: (0, 0), 1: (0, -1), 2: (0, 1), 3: (1, 0), 4: (-1, 0)}
DISPENSED = {
    Tile.TOMATOES: "FreshTomato",
    Tile.LETTUCES: "FreshLettuce",
    Tile.ONIONS: "FreshOnion",
    Tile.PLATES: "Plate",
}
Square = tuple[int, int]
Thing = frozenset[str]


def named(thing: Thing) -> str:
    return "-".join(sorted(thing))


def foods(thing: Thing) -> set[str]:
    return {part for part in thing if part not in ("Plate", "Fire", "FireExtinguisher")}


def all_in(thing: Thing, *stages: str) -> bool:
    return bool(foods(thing)) and all(food.startswith(stages) for food in foods(thing))


def staged(thing: Thing, old: str, new: str) -> Thing:
    return frozenset(part.replace(old, new) for part in thing)


def merges(one: Thing, other: Thing) -> bool:
    both = foods(one) | foods(other)
    return (
        bool(both)
        and all(food.startswith("Chopped") for food in both)
        and not foods(one) & foods(other)
        and "FireExtinguisher" not in one | other
        and not ("Plate" in one and "Plate" in other)
    )


@dataclass
class Cook:
    at: Square
    holds: Thing = frozenset()
    action: int = 0


@dataclass
class Pot:
    since: float = 0.0
    rest: float = 0.0
    sprays: dict[int, float] = field(default_factory=dict)
    updated: float = 0.0


class ReferenceKitchen:
    def __init__(self, layout: HlaLayout, tick: float, orders: list[str]) -> None:
        self.layout, self.tick, self.now = layout, tick, 0.0
        self.tiles = {layout.xy(cell): Tile(tile) for cell, tile in enumerate(layout.tiles)}
        self.cooks = [Cook(layout.xy(start)) for start in layout.starts]
        self.lying: dict[Square, Thing] = {layout.xy(c): frozenset({"FireExtinguisher"}) for c in layout.extinguishers}
        self.unlisted: set[Square] = set()
        self.chops: dict[Square, int] = {}
        self.pots = {square: Pot() for square, tile in self.tiles.items() if tile == Tile.POT}
        self.recipes = {recipe.name: recipe for recipe in RECIPES}
        self.sequence, self.drawn = orders, 0
        self.orders: list[list[Any]] = []
        self.score = self.served = self.missed = 0
        self.top_up()

    def top_up(self) -> None:
        while len(self.orders) < self.layout.orders:
            recipe = self.recipes[self.sequence[self.drawn % len(self.sequence)]]
            self.orders.append([recipe, float(recipe.seconds)])
            self.drawn += 1

    def step(self, actions: list[int]) -> None:
        self.now += self.tick
        for cook, action in zip(self.cooks, actions, strict=True):
            cook.action = action
        self.collide()
        delivered: list[Thing] = []
        for number, cook in enumerate(self.cooks):
            if cook.action:
                self.act(number, cook, self.ahead(cook), delivered)
        self.serve(delivered)
        self.burn()

    def ahead(self, cook: Cook) -> Square:
        dx, dy = MOVES[cook.action]
        return cook.at[0] + dx, cook.at[1] + dy

    def collide(self) -> None:
        stopped = set()
        goals = [s if self.tiles[s := self.ahead(c)] == Tile.FLOOR else c.at for c in self.cooks]
        for i, one in enumerate(self.cooks):
            for j, other in enumerate(self.cooks):
                if i == j:
                    continue
                if goals[i] == other.at:
                    stopped.add(i)
                if goals[i] == goals[j]:
                    bumping = goals[j] == other.at and other.action != 0
                    me_bumping = goals[i] == one.at and one.action != 0
                    if bumping or not me_bumping:
                        stopped.add(i)
        for i in stopped:
            self.cooks[i].action = 0

    def act(self, number: int, cook: Cook, square: Square, delivered: list[Thing]) -> None:
        tile = self.tiles[square]
        if tile == Tile.FLOOR:
            cook.at = square
        elif not cook.holds:
            self.empty_handed(cook, square, tile)
        elif tile == Tile.POT:
            self.at_pot(number, cook, square)
        elif tile == Tile.DELIVERY:
            if len(cook.holds) > 1 and all_in(cook.holds, "Chopped", "Cooked"):
                delivered.append(cook.holds)
                cook.holds = frozenset()
        elif tile == Tile.BIN:
            cook.holds = cook.holds & {"Plate", "FireExtinguisher"}
        elif tile in DISPENSED:
            if tile == Tile.PLATES and cook.holds == {"Plate"}:
                cook.holds = frozenset()
            elif tile == Tile.PLATES and merges(cook.holds, frozenset({"Plate"})):
                cook.holds |= {"Plate"}
        elif square in self.lying:
            self.combine(cook, square)
        else:
            self.lying[square], cook.holds = cook.holds, frozenset()
            if tile == Tile.BOARD and all_in(self.lying[square], "Fresh"):
                self.lying[square] = staged(self.lying[square], "Fresh", "Chopping")
                self.chops[square] = self.layout.timing.chops

    def empty_handed(self, cook: Cook, square: Square, tile: Tile) -> None:
        if tile in (Tile.POT, Tile.DELIVERY, Tile.BIN):
            return
        if tile in DISPENSED:
            cook.holds = frozenset({DISPENSED[tile]})
        elif tile == Tile.BOARD and all_in(self.lying.get(square, frozenset()), "Chopping"):
            self.chops[square] -= 1
            if self.chops[square] == 0:
                self.lying[square] = staged(self.lying[square], "Chopping", "Chopped")
        elif square in self.lying:
            cook.holds = self.lying.pop(square)
            self.unlisted.discard(square)

    def combine(self, cook: Cook, square: Square) -> None:
        held, there = cook.holds, self.lying[square]
        plate = frozenset({"Plate"})
        if merges(held, there):
            self.unlisted.discard(square)
            if "Plate" in held:
                cook.holds = held | there
                del self.lying[square]
            else:
                self.lying[square], cook.holds = held | there, frozenset()
        elif "Plate" in held and "Plate" in there:
            bare = there - plate
            if not bare or merges(held, bare) or (held == plate and all_in(bare, "Cooked", "Charred")):
                if held == plate:
                    cook.holds, self.lying[square] = held | bare, plate
                    self.unlisted.add(square)
                else:
                    cook.holds, self.lying[square] = plate, held | bare
                    self.unlisted.discard(square)

    def at_pot(self, number: int, cook: Cook, square: Square) -> None:
        pot, there = self.pots[square], self.lying.get(square)
        if there is None:
            if all_in(cook.holds, "Chopped"):
                self.lying[square] = staged(frozenset(foods(cook.holds)), "Chopped", "Cooking")
                cook.holds &= {"Plate"}
                pot.since = self.now
        elif cook.holds == {"Plate"} and all_in(there, "Cooked", "Charred") and "Fire" not in there:
            cook.holds |= self.lying.pop(square)
        elif cook.holds == {"FireExtinguisher"} and "Fire" in there:
            self.grow(pot)
            pot.sprays[number] = self.now

    def serve(self, delivered: list[Thing]) -> None:
        kept = []
        for recipe, left in self.orders:
            dish = frozenset({f"Cooked{food}" for food in ingredients(recipe.foods)} | {"Plate"})
            if dish in delivered:
                delivered.remove(dish)
                self.score += recipe.bonus
                self.served += 1
            elif left - self.tick > 1e-3:
                kept.append([recipe, left - self.tick])
            else:
                self.score -= self.layout.timing.expiry_penalty
                self.missed += 1
        self.orders = kept
        self.top_up()

    def burn(self) -> None:
        timing = self.layout.timing
        for square, pot in self.pots.items():
            there = self.lying.get(square)
            if there is None:
                continue
            if "Fire" in there:
                for number, cook in enumerate(self.cooks):
                    if cook.action and self.ahead(cook) != square:
                        pot.sprays.pop(number, None)
                self.grow(pot)
                if pot.rest <= 1e-6:
                    self.lying[square] = there - {"Fire"}
            elif all_in(there, "Cooking") and self.now - pot.since >= timing.cooking:
                self.lying[square], pot.since = staged(there, "Cooking", "Cooked"), self.now
            elif all_in(there, "Cooked") and self.now - pot.since >= timing.burning:
                self.lying[square] = staged(there, "Cooked", "Charred") | {"Fire"}
                pot.rest, pot.sprays, pot.updated = timing.putting_out, {}, self.now

    def grow(self, pot: Pot) -> None:
        """Bring a fire up to now: shrinking while the last spray works, growing again after that."""
        timing = self.layout.timing
        works_until = max((at + timing.regrowth_gap for at in pot.sprays.values()), default=-1e9)
        sprayed = max(pot.sprays.values(), default=-1e9)
        shrink = max(0.0, min(self.now, works_until) - max(pot.updated, sprayed))
        grown = max(0.0, self.now - max(pot.updated, works_until))
        pot.rest -= shrink
        if pot.rest > 1e-6:
            pot.rest = min(timing.putting_out, pot.rest + grown)
        pot.updated = self.now

    def summary(self) -> dict[str, Any]:
        return {
            "agents": [{"pos": list(c.at), "holding": named(c.holds) or None} for c in self.cooks],
            "squares": {f"{x},{y}": named(t) for (x, y), t in self.lying.items() if (x, y) not in self.unlisted},
            "orders": [[named(dish_of(recipe.foods)), left] for recipe, left in self.orders],
            "score": self.score,
            "served": self.served,
            "missed": self.missed,
        }


def ingredients(bits: int) -> list[str]:
    return [name for bit, name in ((1, "Lettuce"), (2, "Onion"), (4, "Tomato")) if bits & bit]


def dish_of(bits: int) -> Thing:
    return frozenset({f"Cooked{food}" for food in ingredients(bits)} | {"Plate"})
