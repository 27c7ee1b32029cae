"""A kitchen as pages draw it: the empty kitchen once, each drawing once, and then a few numbers per tick.

A frame names drawings by number (`Looks`), so that it is one or two kilobytes although a kitchen is hundreds of shapes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.envs.kitchen import KitchenView, Layout, Tile
from brigade.envs.kitchen.render import Heading
from brigade.envs.kitchen.render.drawing import MARGIN, backdrop, origin, size
from brigade.envs.kitchen.render.shapes import plain
from brigade.envs.kitchen.render.sprites import Sprite, dish, people, things

ABOVE = 0.3
"""Room above the first row, for the steam of its pots."""
_VERBS = {
    Verb.CHOP: "chopping", Verb.PREPARE: "preparing", Verb.COOK: "cooking", Verb.PLATE: "plating",
    Verb.SERVE: "serving", Verb.DROP: "throwing away",
}  # fmt: skip


class Looks:
    """Drawings by number, for all rooms of a process."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._shapes: list[list[dict[str, Any]]] = []

    def number(self, sprite: Sprite) -> int:
        """The number of a sprite's look."""
        number = self._numbers.get(sprite.look)
        if number is None:
            number = self._numbers[sprite.look] = len(self._shapes)
            self._shapes.append(shapes_of(sprite))
        return number

    def drawings(self, numbers: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
        """The shapes of these looks."""
        return {number: self._shapes[number] for number in sorted(numbers)}


def shapes_of(sprite: Sprite) -> list[dict[str, Any]]:
    """The drawing of a sprite, as plain data."""
    return [_short(plain(shape)) for shape in sprite.paint()]


@lru_cache(maxsize=128)
def kitchen(layout: Layout) -> dict[str, Any]:
    """The empty kitchen: its box in squares, without the strip that a page makes itself, and its shapes.

    Kept, since it takes 4 ms; nobody may change it.
    """
    _, height = size(layout)
    left, top = origin(layout)
    return {
        "x": left - MARGIN,
        "y": top - ABOVE,
        "w": layout.width + 2 * MARGIN,
        "h": height - top + ABOVE - MARGIN + 0.06,
        "left": left,
        "top": top,
        "columns": layout.width,
        "floor": [int(tile == Tile.FLOOR) for tile in layout.tiles.tolist()],
        "shapes": [_short(plain(shape)) for shape in backdrop(layout)],
    }


def moment(
    view: KitchenView,
    facing: Mapping[int, Heading],
    doing: Sequence[Macro | None],
    looks: Looks,
    bumps: Collection[int] = (),
) -> tuple[dict[str, Any], set[int]]:
    """What there is to see of a moment, as plain data, and the looks that it needs.

    Args:
        view: the moment.
        facing: where cooks look.
        doing: the macro action of each cook.
        looks: all drawings.
        bumps: cooks that just acted on the square in front of them.
    """
    lying = [[looks.number(sprite), round(sprite.x, 3), round(sprite.y, 3)] for sprite in things(view)]
    cooks: list[dict[str, Any]] = [
        {"look": looks.number(sprite), "x": round(sprite.x, 3), "y": round(sprite.y, 3), "doing": in_words(macro)}
        for sprite, macro in zip(people(view, facing), doing, strict=True)
    ]
    for cook in bumps:
        cooks[cook]["bump"] = view.cooks[cook].facing or facing.get(cook)
    orders: list[dict[str, Any]] = [
        {
            "name": order.name,
            "look": looks.number(dish(order)),
            "share": None if order.share_left is None else round(order.share_left, 3),
            "seconds": None if order.seconds_left is None else round(order.seconds_left, 1),
            "bonus": order.bonus,
            "foods": list(order.dish.pieces),
        }
        for order in view.orders
    ]
    needed = {int(row[0]) for row in lying} | {each["look"] for each in (*cooks, *orders)}
    seen = {
        "tick": view.tick,
        "score": view.score,
        "served": view.served,
        "missed": view.missed,
        "orders": orders,
        "cooks": cooks,
        "things": lying,
    }
    return seen, needed


def in_words(macro: Macro | None) -> str:
    """A macro action as what somebody is doing, such as `chopping onion`."""
    if macro is None:
        return ""
    if macro.verb is Verb.PUTOUT:
        return "putting out the fire"
    verb = _VERBS[macro.verb]
    if macro.verb is Verb.DROP:
        return f"{verb} leftovers"
    rest = macro.name.removeprefix(str(macro.verb)).strip()
    return f"{verb} {rest.lower() if macro.verb is Verb.CHOP else rest.replace('Ingredients', 'ingredients')}"


def encode(kind: str, data: Mapping[str, Any]) -> str:
    """A message to pages as JSON text."""
    return json.dumps({"type": kind, **data}, separators=(",", ":"), ensure_ascii=False)


def _short(shape: dict[str, Any]) -> dict[str, Any]:
    """Without what is not there, and with no more digits than a screen has."""
    return {key: _round(value) for key, value in shape.items() if value is not None}


def _round(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, tuple):
        return [_round(each) for each in value]
    return value
