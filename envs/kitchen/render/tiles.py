"""How the squares of a kitchen look before anything lies on them: its backdrop."""

from __future__ import annotations

from collections.abc import Iterator

from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.render import food, palette
from brigade.envs.kitchen.render.shapes import Ellipse, Line, Polygon, Rect, Shape
from brigade.envs.kitchen.view import Food

FRONT = 0.2
"""How much of a square shows the front of its cupboard, where one sees it."""
CENTRE = 0.43
"""Height at which things lie on a square, from its top."""

CRATES: dict[Tile, Food] = {Tile.TOMATOES: "tomato", Tile.LETTUCES: "lettuce", Tile.ONIONS: "onion"}


def squares(kinds: bytes, columns: int, left: float, top: float) -> Iterator[Shape]:
    """Every square of a kitchen with these tiles, so many in a row, whose top left corner is here."""
    for cell, kind in enumerate(kinds):
        y, x = divmod(cell, columns)
        if kind == Tile.FLOOR:
            colour = palette.FLOOR if (x + y) % 2 else palette.FLOOR_DARK
            yield Rect(left + x, top + y, 1, 1, colour)
            if kinds[cell - columns] != Tile.FLOOR:
                yield Rect(left + x, top + y, 1, 0.1, "#2d2a3220")
    for cell, kind in enumerate(kinds):
        y, x = divmod(cell, columns)
        if kind != Tile.FLOOR:
            below = cell + columns
            front = below >= len(kinds) or kinds[below] == Tile.FLOOR
            yield from _worktop(left + x, top + y, front=front)
            yield from station(left + x + 0.5, top + y + CENTRE, Tile(kind))


def _worktop(x: float, y: float, *, front: bool) -> Iterator[Shape]:
    if front:
        yield Rect(x, y, 1, 1, palette.CUPBOARD)
        yield Rect(x, y + 0.82, 1, 0.05, palette.CUPBOARD_DARK)
        yield Rect(x + 0.485, y + 0.86, 0.03, 0.14, palette.CUPBOARD_DARK)
        yield Rect(x + 0.36, y + 0.91, 0.06, 0.04, palette.GOLD, 0.02)
        yield Rect(x + 0.58, y + 0.91, 0.06, 0.04, palette.GOLD, 0.02)
    height = 1 - FRONT if front else 1.0
    yield Rect(x, y, 1, height, palette.WORKTOP_EDGE)
    yield Rect(x + 0.02, y + 0.02, 0.96, height - 0.05, palette.WORKTOP, 0.04)


def station(x: float, y: float, kind: Tile) -> Iterator[Shape]:
    """What stands on a square of this kind, around its centre."""
    match kind:
        case Tile.BOARD:
            yield from _board(x, y)
        case Tile.POT:
            yield from _pot(x, y)
        case Tile.DELIVERY:
            yield from _hatch(x, y)
        case Tile.BIN:
            yield from _bin(x, y)
        case Tile.PLATES:
            for lift in (0.12, 0.05, -0.02):
                yield from food.plate(x, y + lift, 0.33)
        case Tile.TOMATOES | Tile.LETTUCES | Tile.ONIONS:
            yield from _crate(x, y, CRATES[kind])
        case _:
            return


def _board(x: float, y: float) -> Iterator[Shape]:
    yield Rect(x - 0.4, y - 0.25, 0.8, 0.6, palette.SHADOW, 0.09)
    yield Rect(x - 0.4, y - 0.3, 0.8, 0.6, palette.WOOD, 0.09, palette.WOOD_DARK)
    for dy in (-0.13, 0.0, 0.13):
        yield Line(((x - 0.32, y + dy), (x + 0.16, y + dy)), "#c9965a", 0.018)
    yield from knife(x + 0.3, y)


def knife(x: float, y: float) -> Iterator[Shape]:
    """A knife that points up."""
    yield Polygon(
        ((x - 0.045, y + 0.06), (x - 0.045, y - 0.2), (x + 0.02, y - 0.25), (x + 0.05, y - 0.12), (x + 0.05, y + 0.06)),
        palette.STEEL, palette.STEEL_DARK,
    )  # fmt: skip
    yield Rect(x - 0.04, y + 0.05, 0.085, 0.2, palette.IRON, 0.03)


def _pot(x: float, y: float) -> Iterator[Shape]:
    yield Rect(x - 0.46, y - 0.39, 0.92, 0.77, palette.IRON, 0.08)
    yield Rect(x - 0.5, y - 0.06, 1.0, 0.13, palette.STEEL_DARK, 0.06)
    yield Ellipse(x, y + 0.05, 0.4, 0.35, "#23262b")
    yield Ellipse(x, y, 0.4, 0.35, palette.STEEL, palette.STEEL_DARK)
    yield Ellipse(x, y + 0.01, 0.33, 0.28, "#33373d")
    yield Ellipse(x, y + 0.05, 0.29, 0.22, "#454b53")


def _hatch(x: float, y: float) -> Iterator[Shape]:
    yield Rect(x - 0.46, y - 0.39, 0.92, 0.77, palette.GOOD, 0.08, "#1f6d43")
    for i in range(5):
        yield Rect(x - 0.4 + 0.16 * i, y - 0.35, 0.08, 0.13, palette.WHITE)
    yield Line(((x, y + 0.3), (x, y - 0.02)), palette.WHITE, 0.12)
    yield Polygon(((x - 0.2, y + 0.05), (x, y - 0.17), (x + 0.2, y + 0.05)), palette.WHITE)


def _bin(x: float, y: float) -> Iterator[Shape]:
    yield Ellipse(x, y + 0.31, 0.3, 0.1, palette.SHADOW)
    yield Polygon(
        ((x - 0.28, y - 0.16), (x + 0.28, y - 0.16), (x + 0.22, y + 0.33), (x - 0.22, y + 0.33)),
        palette.STEEL_DARK, palette.IRON,
    )  # fmt: skip
    for dx in (-0.12, 0.0, 0.12):
        yield Line(((x + dx * 1.1, y - 0.08), (x + dx * 0.9, y + 0.26)), palette.IRON, 0.035)
    yield Rect(x - 0.33, y - 0.27, 0.66, 0.12, palette.IRON, 0.05)
    yield Rect(x - 0.1, y - 0.34, 0.2, 0.09, palette.IRON, 0.03)


def _crate(x: float, y: float, kind: Food) -> Iterator[Shape]:
    yield Rect(x - 0.42, y - 0.34, 0.84, 0.72, palette.WOOD_DARK, 0.05)
    yield Rect(x - 0.36, y - 0.28, 0.72, 0.5, "#6d4a26", 0.04)
    for dx, dy in ((-0.18, -0.12), (0.18, -0.12), (0.0, 0.02)):
        yield from food.whole(x + dx, y + dy, kind, 0.2)
    yield Rect(x - 0.42, y + 0.16, 0.84, 0.22, palette.WOOD, 0.04, palette.WOOD_DARK)
    yield Line(((x - 0.36, y + 0.27), (x + 0.36, y + 0.27)), palette.WOOD_DARK, 0.02)
