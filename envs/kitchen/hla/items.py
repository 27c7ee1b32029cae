"""What can lie on a square or be held: food in one stage, a plate, the extinguisher, fire.

An item is one small integer (its *code*), so that states are plain integer arrays and kernels compare items
with `==`. Bits: 0-2 which foods, 3 plate, 4 extinguisher, 5 fire, 6-8 the stage all its foods share. Foods in
one item always share a stage: only chopped food merges, and a pot cooks its whole load at once.

Knows nothing of squares, cooks or rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from brigade.envs.kitchen.view import Food, Stage

NOTHING = 0
LETTUCE, ONION, TOMATO = 1, 2, 4
PLATE, EXTINGUISHER, FIRE = 8, 16, 32
FOOD_BITS = 7
STAGE_SHIFT = 6
CODES = 1 << (STAGE_SHIFT + 3)
"""One more than the largest item code."""

FOODS = {LETTUCE: "Lettuce", ONION: "Onion", TOMATO: "Tomato"}
"""Food bit -> name, in alphabetical order (the order in which full names list them)."""
SOUPS = {LETTUCE | ONION: "Alice", LETTUCE | TOMATO: "Bob", ONION | TOMATO: "Cathy", LETTUCE | ONION | TOMATO: "David"}
"""Food bits -> the name of the soup they make."""
_PIECES: dict[int, Food] = {LETTUCE: "lettuce", ONION: "onion", TOMATO: "tomato"}


def code(foods: int = 0, stage: Stage = Stage.FRESH, extras: int = 0) -> int:
    """The code of an item with these food bits, all in this stage, and these extras (plate, extinguisher, fire)."""
    return foods | extras | (stage << STAGE_SHIFT if foods else 0)


@dataclass(frozen=True)
class Item:
    """A code, readable."""

    code: int

    @property
    def foods(self) -> int:
        """The food bits."""
        return self.code & FOOD_BITS

    @property
    def stage(self) -> Stage | None:
        """The stage of its foods; None where there is no food."""
        return Stage(self.code >> STAGE_SHIFT) if self.foods else None

    @property
    def plated(self) -> bool:
        """Whether a plate is part of it."""
        return bool(self.code & PLATE)

    @property
    def burning(self) -> bool:
        """Whether it is on fire."""
        return bool(self.code & FIRE)

    @property
    def extinguisher(self) -> bool:
        """Whether it is the extinguisher."""
        return bool(self.code & EXTINGUISHER)

    @property
    def pieces(self) -> tuple[Food, ...]:
        """Its foods, in lower case."""
        return tuple(_PIECES[bit] for bit in FOODS if self.foods & bit)

    @property
    def dish_name(self) -> str | None:
        """The soup that its foods make."""
        return SOUPS.get(self.foods)

    @property
    def food_names(self) -> tuple[str, ...]:
        """Its foods, alphabetically."""
        return tuple(name for bit, name in FOODS.items() if self.foods & bit)

    @cached_property
    def name(self) -> str:
        """The published full name: parts sorted and joined by `-`, as in `CookedLettuce-CookedOnion-Plate`."""
        stage = self.stage
        parts = [f"{stage.name.capitalize()}{food}" for food in self.food_names] if stage is not None else []
        parts += [
            name
            for bit, name in ((FIRE, "Fire"), (EXTINGUISHER, "FireExtinguisher"), (PLATE, "Plate"))
            if self.code & bit
        ]
        return "-".join(sorted(parts))

    def __str__(self) -> str:
        return self.name or "nothing"


ITEMS = tuple(Item(c) for c in range(CODES))
"""Item by code."""

_CODE_OF = {
    ITEMS[c].name: c
    for c in range(CODES)
    if (c >> STAGE_SHIFT) < len(Stage) and (c & FOOD_BITS or c >> STAGE_SHIFT == 0)
}


def code_of(name: str) -> int:
    """The code of a full name; the empty name is nothing.

    Raises:
        ValueError: no item has this name.
    """
    try:
        return _CODE_OF[name]
    except KeyError:
        raise ValueError(f"no item is called {name!r}") from None
