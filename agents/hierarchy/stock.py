"""What there is in a kitchen that open orders can count on, and what each order still needs.

Orders are matched with what exists from the most finished thing down, each thing counted once, so that two orders never
count on the same soup. Knows nothing of who is where, and no plan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.items import FOODS, PLATE, Item, code
from brigade.envs.kitchen.view import Stage


class Step(StrEnum):
    """What is there of an order: its next step follows."""

    PLATED = "plated"
    COOKED = "cooked"
    COOKING = "cooking"
    MIXED = "mixed"
    PIECES = "chopped"
    """Every ingredient is chopped, or on its way there."""
    MISSING = "needs"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an order is."""

    step: Step
    missing: tuple[int, ...] = ()
    """Food bits that still have to be begun."""


class Stock:
    """Everything in the kitchen that orders can count on, claimed one by one."""

    def __init__(self, view: HlaView) -> None:
        held = [view.held(cook) for cook in range(view.layout.cooks)]
        self.everything: list[Item] = [square.item for square in view.squares] + held
        self.cooking_seconds = view.layout.timing.cooking
        self._left = Counter(item.code for item in self.everything)

    def claim(self, *codes: int) -> bool:
        """Take one of these, if there is one."""
        for each in codes:
            if self._left[each] > 0:
                self._left[each] -= 1
                return True
        return False

    def claim_pieces(self, foods: int) -> list[int]:
        """Take what exists of a mixture, chopped or on its way there; returns the foods that are missing."""
        missing = foods
        for part in sorted((p for p in range(1, 8) if p & foods == p and p != foods), key=lambda p: -p.bit_count()):
            if part & missing == part and self.claim(code(part, Stage.CHOPPED), code(part, Stage.CHOPPED, PLATE)):
                missing &= ~part
        begun = 0
        for food in FOODS:
            if missing & food and self.claim(code(food, Stage.CHOPPING), code(food, Stage.FRESH)):
                begun |= food
        return [food for food in FOODS if missing & ~begun & food]

    def chopped(self, food: int) -> int:
        """Unclaimed single pieces of this food, chopped or on their way there."""
        return sum(self._left[code(food, stage)] for stage in (Stage.FRESH, Stage.CHOPPING, Stage.CHOPPED))

    def standing(self, foods: int) -> Standing:
        """How far an order for these foods is; what it counts on is claimed."""
        if self.claim(code(foods, Stage.COOKED, PLATE)):
            return Standing(Step.PLATED)
        if self.claim(code(foods, Stage.COOKED)):
            return Standing(Step.COOKED)
        if self.claim(code(foods, Stage.COOKING)):
            return Standing(Step.COOKING)
        if self.claim(code(foods, Stage.CHOPPED), code(foods, Stage.CHOPPED, PLATE)):
            return Standing(Step.MIXED)
        missing = self.claim_pieces(foods)
        return Standing(Step.MISSING, tuple(missing)) if missing else Standing(Step.PIECES)
