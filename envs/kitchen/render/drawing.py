"""How a kitchen looks: a view becomes a scene of shapes, whatever then shows it.

Every food has a colour and a form of its own, so that the drawing can be read without telling red from green.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin

from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.render.shapes import Arc, Ellipse, Polygon, Rect, Scene, Shape, Text
from brigade.envs.kitchen.view import Food, ItemView, KitchenView, OrderView, SquareView, Stage

HEAD = 1.3
"""Height of the strip with orders and score above the kitchen."""
CARD = 1.25
"""Width of an order in that strip."""

FLOOR, FLOOR_DARK, COUNTER, COUNTER_EDGE = "#f2e6d0", "#eadbc0", "#b98b5e", "#8f6841"
INK, PAPER, STEEL, STEEL_DARK, WHITE = "#2b2b33", "#fffaf0", "#8d99a6", "#5c6672", "#ffffff"
WOOD, BIN_GREY, FLAME, EMBER, GOOD, WARN, BAD = (
    "#e0b57a",
    "#6d7680",
    "#f5a623",
    "#d8432b",
    "#3a8f5c",
    "#e0a100",
    "#c8402f",
)
FOOD_COLOURS: dict[Food, str] = {"tomato": "#d8432b", "lettuce": "#5aa545", "onion": "#c98fd0"}
CRATES: dict[Tile, Food] = {Tile.TOMATOES: "tomato", Tile.LETTUCES: "lettuce", Tile.ONIONS: "onion"}
COOK_COLOURS = ("#2f6fb5", "#d9822b", "#6a4fa3", "#2f8f83")
CHAR = "#3b332e"
ALARMS = {"none": GOOD, "soon": WARN, "now": BAD}


def draw(view: KitchenView) -> Scene:
    """The scene of one moment."""
    layout = view.layout
    shapes: list[Shape] = []
    for cell, tile in enumerate(layout.tiles):
        x, y = layout.xy(cell)
        shapes += _tile(x, y + HEAD, Tile(tile), checked=bool((x + y) % 2))
    for square in view.squares:
        x, y = layout.xy(square.cell)
        shapes += _square(x + 0.5, y + HEAD + 0.5, square)
    for index, cook in enumerate(view.cooks):
        x, y = layout.xy(cook.cell)
        shapes += _cook(x + 0.5, y + HEAD + 0.5, index, cook.item)
        if cook.facing is not None:
            shapes.append(_facing(x + 0.5, y + HEAD + 0.5, *cook.facing))
    shapes += _head(view)
    return Scene(max(layout.width, 7.0), layout.height + HEAD, PAPER, tuple(shapes))


def _tile(x: float, y: float, tile: Tile, *, checked: bool) -> Iterator[Shape]:
    if tile == Tile.FLOOR:
        yield Rect(x, y, 1, 1, FLOOR if checked else FLOOR_DARK)
        return
    yield Rect(x, y, 1, 1, COUNTER_EDGE)
    yield Rect(x + 0.03, y + 0.03, 0.94, 0.86, COUNTER, 0.06)
    cx, cy = x + 0.5, y + 0.46
    match tile:
        case Tile.BOARD:
            yield Rect(x + 0.14, y + 0.2, 0.72, 0.52, WOOD, 0.08, COUNTER_EDGE)
        case Tile.POT:
            yield Ellipse(cx, cy + 0.04, 0.38, 0.36, STEEL_DARK)
            yield Ellipse(cx, cy, 0.36, 0.33, STEEL, STEEL_DARK)
            yield Ellipse(cx, cy, 0.28, 0.25, INK)
        case Tile.DELIVERY:
            yield Rect(x + 0.1, y + 0.1, 0.8, 0.72, GOOD, 0.1)
            yield Polygon(((cx - 0.2, cy + 0.12), (cx, cy - 0.2), (cx + 0.2, cy + 0.12)), WHITE)
        case Tile.BIN:
            yield Rect(x + 0.22, y + 0.22, 0.56, 0.58, BIN_GREY, 0.08)
            yield Rect(x + 0.16, y + 0.14, 0.68, 0.12, INK, 0.05)
        case Tile.PLATES:
            for lift in (0.12, 0.06, 0.0):
                yield from _plate(cx, cy + lift - 0.04, 0.34)
        case Tile.TOMATOES | Tile.LETTUCES | Tile.ONIONS:
            yield Rect(x + 0.1, y + 0.12, 0.8, 0.7, WOOD, 0.05, COUNTER_EDGE)
            for dx, dy in ((-0.2, 0.1), (0.2, 0.1), (0.0, -0.12)):
                yield from _food(cx + dx, cy + dy, CRATES[tile], 0.18)
        case _:
            return


def _plate(x: float, y: float, r: float) -> Iterator[Shape]:
    yield Ellipse(x, y, r, r * 0.82, WHITE, STEEL)
    yield Ellipse(x, y, r * 0.68, r * 0.55, "#eef1f4")


def _food(x: float, y: float, food: Food, r: float, stage: Stage = Stage.FRESH) -> Iterator[Shape]:
    """One food: whole while fresh, in pieces once it is chopped."""
    colour = CHAR if stage is Stage.CHARRED else FOOD_COLOURS[food]
    if stage is not Stage.FRESH:
        for dx, dy in ((-0.5, -0.3), (0.45, -0.35), (0.0, 0.35)):
            if food == "onion":
                yield Ellipse(x + dx * r, y + dy * r, r * 0.5, r * 0.5, colour, WHITE)
            elif food == "lettuce":
                yield Polygon(
                    (
                        (x + (dx - 0.6) * r, y + dy * r),
                        (x + dx * r, y + (dy - 0.6) * r),
                        (x + (dx + 0.6) * r, y + (dy + 0.3) * r),
                    ),
                    colour,
                )
            else:
                yield Rect(x + (dx - 0.45) * r, y + (dy - 0.35) * r, r * 0.9, r * 0.7, colour, r * 0.2)
        return
    if food == "tomato":
        yield Ellipse(x, y, r, r * 0.92, colour, "#8f2417")
        yield Polygon(((x - r * 0.4, y - r * 0.8), (x, y - r * 0.35), (x + r * 0.4, y - r * 0.8)), GOOD)
    elif food == "lettuce":
        yield Ellipse(x, y, r, r, "#3f7d2e")
        yield Ellipse(x - r * 0.2, y - r * 0.1, r * 0.7, r * 0.75, colour)
        yield Ellipse(x + r * 0.15, y + r * 0.1, r * 0.45, r * 0.5, "#a6d58f")
    else:
        yield Polygon(((x - r * 0.25, y - r * 0.6), (x, y - r * 1.3), (x + r * 0.25, y - r * 0.6)), "#9c6aa5")
        yield Ellipse(x, y, r, r * 0.9, colour, "#7d4b86")
        yield Ellipse(x, y, r * 0.5, r * 0.75, "#e6c6ea")


def _item(x: float, y: float, item: ItemView, r: float = 0.3) -> Iterator[Shape]:
    if item.extinguisher:
        yield Rect(x - r * 0.4, y - r * 0.6, r * 0.8, r * 1.5, BAD, r * 0.3, INK)
        yield Rect(x - r * 0.2, y - r * 0.95, r * 0.4, r * 0.4, INK, 0.02)
        yield Polygon(((x + r * 0.1, y - r * 0.8), (x + r * 0.9, y - r * 1.0), (x + r * 0.9, y - r * 0.6)), INK)
        return
    if item.plated:
        yield from _plate(x, y, r * 1.15)
    foods = item.pieces
    if foods:
        assert item.stage is not None
        size = {1: 0.85, 2: 0.6, 3: 0.6}.get(len(foods), 0.45)
        for food, (dx, dy) in zip(foods, _spread(len(foods)), strict=True):
            yield from _food(x + dx * r, y + dy * r, food, r * size, item.stage)


def _spread(pieces: int) -> tuple[tuple[float, float], ...]:
    """Where the pieces of an item go, from its middle; more than three in a ring."""
    if pieces <= 3:
        few = (), ((0.0, 0.0),), ((-0.4, 0.0), (0.4, 0.0)), ((-0.45, 0.2), (0.45, 0.2), (0.0, -0.4))
        return few[pieces]
    angles = (2 * pi * piece / pieces for piece in range(pieces))
    return tuple((0.65 * sin(angle), -0.65 * cos(angle)) for angle in angles)


def _square(x: float, y: float, square: SquareView[ItemView]) -> Iterator[Shape]:
    item, progress = square.item, square.progress
    if square.tile == Tile.POT:
        yield from _item(x, y - 0.04, item, 0.24)
        if item.burning:
            for dx, height in ((-0.22, 0.5), (0.2, 0.55), (0.0, 0.75)):
                yield Polygon(((x + dx - 0.16, y + 0.2), (x + dx, y + 0.2 - height), (x + dx + 0.16, y + 0.2)), FLAME)
                yield Polygon(
                    ((x + dx - 0.08, y + 0.2), (x + dx, y + 0.2 - height * 0.6), (x + dx + 0.08, y + 0.2)), EMBER
                )
    else:
        yield from _item(x, y - 0.06, item)
    if progress is not None:
        yield Arc(x, y - 0.05, 0.4, progress.share, ALARMS[progress.alarm])


def _cook(x: float, y: float, index: int, held: ItemView) -> Iterator[Shape]:
    colour = COOK_COLOURS[index % len(COOK_COLOURS)]
    yield Ellipse(x, y + 0.4, 0.3, 0.09, "#cdbb98")
    yield Rect(x - 0.26, y - 0.02, 0.52, 0.42, colour, 0.18)
    yield Rect(x - 0.13, y + 0.06, 0.26, 0.3, WHITE, 0.06)
    yield Ellipse(x, y - 0.14, 0.21, 0.2, "#f3cfa8", "#b98b5e")
    yield Ellipse(x - 0.08, y - 0.12, 0.025, 0.035, INK)
    yield Ellipse(x + 0.08, y - 0.12, 0.025, 0.035, INK)
    yield Rect(x - 0.2, y - 0.36, 0.4, 0.12, WHITE, 0.03, STEEL)
    for dx in (-0.14, 0.0, 0.14):
        yield Ellipse(x + dx, y - 0.42, 0.11, 0.11, WHITE, STEEL)
    yield Rect(x - 0.2, y - 0.31, 0.4, 0.05, colour)
    yield Text(x, y + 0.2, str(index + 1), 0.2, INK)
    if held.name:
        yield from _item(x + 0.27, y + 0.16, held, 0.2)


def _facing(x: float, y: float, dx: int, dy: int) -> Shape:
    """An arrow head at the side of the square to which a cook looks."""
    tip, base, half = 0.49, 0.36, 0.13
    corners = ((tip, 0.0), (base, half), (base, -half))
    return Polygon(
        tuple((x + dx * along - dy * across, y + dy * along + dx * across) for along, across in corners), INK
    )


def _head(view: KitchenView) -> Iterator[Shape]:
    right = max(view.layout.width, 7.0) - 0.15
    room = int((right - 1.9) / CARD)
    shown = view.orders if len(view.orders) <= room else view.orders[: room - 1]
    for slot, order in enumerate(shown):
        yield from _order_card(0.1 + slot * CARD, 0.1, order)
    if len(shown) < len(view.orders):
        yield Text(0.1 + len(shown) * CARD, 0.62, f"and {len(view.orders) - len(shown)} more", 0.2, INK, "left")
    yield Text(right, 0.32, f"{view.score} points", 0.3, INK, "right")
    yield Text(right, 0.66, f"{view.served} served, {view.missed} missed", 0.2, STEEL_DARK, "right")
    yield Text(right, 0.94, f"{view.seconds:.0f} s of {view.duration:.0f} s", 0.2, STEEL_DARK, "right")


def _order_card(x: float, y: float, order: OrderView) -> Iterator[Shape]:
    share = order.share_left
    yield Rect(x, y, 1.15, 1.05, WHITE, 0.1, STEEL)
    yield Text(x + 0.575, y + 0.17, order.name, min(0.22, 1.9 / max(len(order.name), 1)), INK)
    yield from _item(x + 0.575, y + 0.55, order.dish, 0.24)
    if order.bonus:
        yield Text(x + 0.575, y + 0.93, "bonus", 0.18, GOOD)
    if share is None:
        return
    yield Rect(x + 0.1, y + 0.88, 0.95, 0.09, "#e4e4e4", 0.04)
    yield Rect(x + 0.1, y + 0.88, 0.95 * share, 0.09, GOOD if share > 0.5 else WARN if share > 0.25 else BAD, 0.04)
