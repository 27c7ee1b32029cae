"""What an agent is shown: feature planes, a dictionary of numbers, or a description in words, each with its space.

All three are the same for every rule book in form; what the planes hold is the rule book's choice (`RuleBook.planes`).
Knows no reward and no episode.
"""

from __future__ import annotations

import string
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from brigade.envs.kitchen.rules import RuleBook
from brigade.envs.kitchen.state import KitchenState
from brigade.envs.kitchen.view import Food, ItemView, KitchenView, OrderView, SquareView, Stage
from gymnasium import spaces
from numpy.typing import NDArray

_FOODS: tuple[Food, ...] = ("lettuce", "onion", "tomato")
_ITEM_SIZE = len(_FOODS) + 4
_MANY = 32_767


class Observer(ABC):
    """One kind of observation of the kitchens of one rule book and layout."""

    name: ClassVar[str]
    space: spaces.Space[Any]
    """Of one agent; the same for all of them."""

    def __init__(self, rules: RuleBook) -> None:
        self.rules = rules
        self.space = self._make_space()

    @abstractmethod
    def observe(self, state: KitchenState) -> list[Any]:
        """What each agent is shown of this state; each agent's own cook comes first."""

    @abstractmethod
    def _make_space(self) -> spaces.Space[Any]: ...


class PlanesObserver(Observer):
    """Feature planes, uint8 of shape (planes, height, width)."""

    name = "planes"

    def observe(self, state: KitchenState) -> list[Any]:
        """See Observer.observe."""
        return list(self.rules.observe(state))

    def _make_space(self) -> spaces.Space[Any]:
        layout = self.rules.layout
        return spaces.Box(0, 255, (len(self.rules.planes), layout.height, layout.width), np.uint8)


class SymbolicObserver(Observer):
    """A dictionary of int16 arrays.

    `cooks` (cooks, 4 + item): column, row, direction x and y (0, 0 where the rules know none), what is held; the own
    cook comes first. `squares` (height, width, item + 1): what lies there, and what is left of what goes on there
    (seconds or ticks rounded up, or chops). `orders` (orders, foods + 2): pieces of each food, seconds left (-1 without
    a deadline), whether it is worth more. `ticks_left` (1,). An item is: pieces of lettuce, onion and tomato; its stage
    from 1 (fresh) to 6 (charred), 0 without food; whether a plate, a fire, the extinguisher is part of it.
    """

    name = "symbolic"

    def observe(self, state: KitchenState) -> list[Any]:
        """See Observer.observe."""
        view, layout = self.rules.view(state), self.rules.layout
        cooks = np.array(
            [[*layout.xy(cook.cell), *(cook.facing or (0, 0)), *_item_numbers(cook.item)] for cook in view.cooks],
            dtype=np.int16,
        )
        squares = np.zeros((layout.height, layout.width, _ITEM_SIZE + 1), dtype=np.int16)
        for square in view.squares:
            x, y = layout.xy(square.cell)
            squares[y, x] = [*_item_numbers(square.item), min(_MANY, -int(-square.left // 1))]
        shared = {
            "squares": squares,
            "orders": self._orders(view),
            "ticks_left": np.array([min(_MANY, max(0, self.rules.horizon - view.tick))], dtype=np.int16),
        }
        return [{"cooks": np.roll(cooks, -own, axis=0), **shared} for own in range(layout.cooks)]

    def _orders(self, view: KitchenView) -> NDArray[np.int16]:
        rows = [
            [
                *(order.dish.pieces.count(food) for food in _FOODS),
                -1 if order.seconds_left is None else min(_MANY, -int(-order.seconds_left // 1)),
                order.bonus,
            ]
            for order in view.orders
        ]
        return np.array(rows, dtype=np.int16).reshape(-1, len(_FOODS) + 2)

    def _make_space(self) -> spaces.Space[Any]:
        layout = self.rules.layout
        orders = len(self.rules.view(self.rules.initial()).orders)

        def numbers(*shape: int) -> spaces.Box:
            return spaces.Box(-1, _MANY, shape, np.int16)

        return spaces.Dict(
            {
                "cooks": numbers(layout.cooks, 4 + _ITEM_SIZE),
                "squares": numbers(layout.height, layout.width, _ITEM_SIZE + 1),
                "orders": numbers(orders, len(_FOODS) + 2),
                "ticks_left": numbers(1),
            }
        )


class TextObserver(Observer):
    """A description in English, for language models: the own cook is `you`."""

    name = "text"

    def observe(self, state: KitchenState) -> list[Any]:
        """See Observer.observe."""
        view = self.rules.view(state)
        return [self._describe(view, own) for own in range(self.rules.layout.cooks)]

    def _describe(self, view: KitchenView, own: int) -> str:
        lines = [f"{view.seconds:.1f} s of {view.duration:g} s. Score {view.score}."]
        lines.append("Orders: " + ("; ".join(map(_order_words, view.orders)) or "none") + ".")
        count = len(view.cooks)
        for number in ((own + ahead) % count for ahead in range(count)):
            cook = view.cooks[number]
            x, y = view.layout.xy(cook.cell)
            who = "You are" if number == own else f"Cook {number + 1} is"
            lines.append(f"{who} at {x},{y}{_facing_words(cook.facing)} with {item_words(cook.item)}.")
        things = [self._square_words(view, square) for square in view.squares]
        lines.append("Things: " + ("; ".join(things) or "none") + ".")
        lines.append("Map (columns to the right, rows down, from 0,0):")
        lines += view.layout.rows
        return "\n".join(lines)

    def _square_words(self, view: KitchenView, square: SquareView[ItemView]) -> str:
        x, y = view.layout.xy(square.cell)
        left = f" ({square.left:.0f} left)" if square.left else ""
        return f"{item_words(square.item)}{left} on the {square.tile.name.lower()} at {x},{y}"

    def _make_space(self) -> spaces.Space[Any]:
        return spaces.Text(20_000, charset=string.printable)


OBSERVATIONS: dict[str, type[Observer]] = {
    observer.name: observer for observer in (PlanesObserver, SymbolicObserver, TextObserver)
}
"""Kind of observation by name."""


def make_observer(name: str, rules: RuleBook) -> Observer:
    """The observer of this name.

    Raises:
        ValueError: there is none.
    """
    if name not in OBSERVATIONS:
        raise ValueError(f"unknown observation {name!r} (known: {', '.join(OBSERVATIONS)})")
    return OBSERVATIONS[name](rules)


def _item_numbers(item: ItemView) -> list[int]:
    stage = 0 if item.stage is None else item.stage + 1
    return [*(item.pieces.count(food) for food in _FOODS), stage, item.plated, item.burning, item.extinguisher]


def item_words(item: ItemView) -> str:
    """An item in words, such as `cooked onion+onion+tomato on a plate`."""
    if item.extinguisher:
        return "the extinguisher"
    if item.stage is None:
        return "a plate" if item.plated else "nothing"
    words = f"{Stage(item.stage).name.lower()} {'+'.join(item.pieces)}"
    return words + (" on a plate" if item.plated else "") + (" on fire" if item.burning else "")


def _order_words(order: OrderView) -> str:
    left = "" if order.seconds_left is None else f", {order.seconds_left:.0f} s left"
    return f"{order.name} ({'+'.join(order.dish.pieces)}{left}{', bonus' if order.bonus else ''})"


def _facing_words(facing: tuple[int, int] | None) -> str:
    if facing is None:
        return ""
    return " facing " + {(0, -1): "up", (0, 1): "down", (1, 0): "right", (-1, 0): "left"}[facing]
