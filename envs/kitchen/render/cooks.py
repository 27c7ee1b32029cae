"""How cooks look: a hat with a colour and a mark of one's own, a number, a face that looks where the cook does."""

from __future__ import annotations

from collections.abc import Iterator

from brigade.envs.kitchen.render import food, palette
from brigade.envs.kitchen.render.heading import DOWN, Heading
from brigade.envs.kitchen.render.outlines import regular, sector, star
from brigade.envs.kitchen.render.shapes import Ellipse, Line, Polygon, Rect, Shape, Text
from brigade.envs.kitchen.view import ItemView

TOP = 0.82
"""How far a cook's hat reaches above the centre of its square."""
HAND = 0.27
"""Radius of what is held."""


def colour_of(index: int) -> str:
    """The colour of a cook, counted from 0."""
    return palette.COOKS[index % len(palette.COOKS)]


def cook(x: float, y: float, index: int, held: ItemView, heading: Heading = DOWN) -> Iterator[Shape]:
    """A cook on a square with this centre, who looks in this direction (dx, dy)."""
    dx, dy = heading
    yield Ellipse(x, y + 0.4, 0.33, 0.1, palette.SHADOW)
    hand_x, hand_y = x + 0.3 * dx, y + 0.2
    if dy < 0:  # things in front of a cook who looks away are behind it
        hand_x, hand_y = x + 0.32, y + 0.0
        yield from food.item(hand_x, hand_y, held, HAND)
    yield from _body(x, y, index, heading)
    yield from _head(x, y, index, heading)
    if dy >= 0 and held.name:
        yield from food.item(hand_x, hand_y, held, HAND)
    if held.name:
        spread = 0.2 if dy >= 0 else -0.06
        for side in (-1, 1) if dx == 0 and dy > 0 else (dx or 1,):
            yield Ellipse(hand_x + side * spread, hand_y + 0.04, 0.075, 0.07, palette.SKIN, palette.SKIN_SHADE)


def _body(x: float, y: float, index: int, heading: Heading) -> Iterator[Shape]:
    dx, dy = heading
    colour, edge = colour_of(index), palette.mixed([colour_of(index), palette.INK])
    for side in (-1, 1):
        yield Ellipse(x + 0.11 * side + 0.04 * dx, y + 0.39, 0.1, 0.06, palette.IRON)
        yield Ellipse(x + 0.27 * side, y + 0.17, 0.08, 0.12, colour, edge)
    yield Rect(x - 0.27, y - 0.06, 0.54, 0.45, colour, 0.17, edge)
    if dy < 0:  # only the strings of the apron
        yield Line(((x - 0.25, y + 0.2), (x + 0.25, y + 0.2)), palette.WHITE, 0.05)
        yield Line(((x - 0.1, y + 0.33), (x, y + 0.2), (x + 0.1, y + 0.33)), palette.WHITE, 0.04)
        return
    yield Rect(x - 0.17 + 0.07 * dx, y + 0.03, 0.34, 0.34, palette.WHITE, 0.08)
    yield Text(x + 0.07 * dx, y + 0.21, str(index + 1), 0.27, palette.INK)


def _head(x: float, y: float, index: int, heading: Heading) -> Iterator[Shape]:
    dx, dy = heading
    yield Ellipse(x, y - 0.2, 0.25, 0.225, palette.SKIN, palette.SKIN_SHADE)
    if dy < 0:
        yield Ellipse(x, y - 0.2, 0.25, 0.215, palette.HAIR)
    elif dx:
        yield Polygon(sector(x, y - 0.2, 0.245, 0.5 + 0.03 * dx, 0.5 + 0.5 * dx, 0.9), palette.HAIR)
        yield Ellipse(x + 0.25 * dx, y - 0.15, 0.05, 0.045, palette.SKIN, palette.SKIN_SHADE)
        yield Ellipse(x + 0.12 * dx, y - 0.19, 0.033, 0.05, palette.INK)
        yield Line(((x + 0.1 * dx, y - 0.065), (x + 0.18 * dx, y - 0.085)), palette.INK)
    else:
        for side in (-1, 1):
            yield Ellipse(x + 0.09 * side, y - 0.19, 0.033, 0.05, palette.INK)
            yield Ellipse(x + 0.155 * side, y - 0.11, 0.04, 0.028, "#ee9c86")
        yield Line(sector(x, y - 0.12, 0.065, 0.36, 0.64), palette.INK)
    yield from _hat(x - 0.03 * dx, y - 0.36, index)


def _hat(x: float, y: float, index: int) -> Iterator[Shape]:
    colour, edge = colour_of(index), palette.mixed([colour_of(index), palette.INK])
    for dx, dy, r in ((-0.17, -0.2, 0.14), (0.17, -0.2, 0.14), (0.0, -0.26, 0.19)):
        yield Ellipse(x + dx, y + dy, r, r * 0.95, colour, edge)
    yield Ellipse(x, y - 0.17, 0.22, 0.16, colour)
    yield Rect(x - 0.21, y - 0.08, 0.42, 0.15, palette.WHITE, 0.05, edge)
    yield from mark(x, y - 0.22, 0.125, index, palette.WHITE, palette.INK)


def mark(x: float, y: float, r: float, index: int, fill: str, edge: str | None = None) -> Iterator[Shape]:
    """The mark of a cook: a form that no other of the first nine cooks has."""
    match index % 9:
        case 0:
            yield Ellipse(x, y, r * 0.85, r * 0.85, fill, edge)
        case 1:
            yield Polygon(regular(x, y + r * 0.2, r * 1.1, 3), fill, edge)
        case 2:
            yield Polygon(regular(x, y, r * 1.1, 4, 0.125), fill, edge)
        case 3:
            yield Polygon(star(x, y, r * 1.2), fill, edge)
        case 4:
            yield Polygon(regular(x, y, r * 1.15, 4), fill, edge)
        case 5:
            yield Rect(x - r, y - r * 0.35, r * 2, r * 0.7, fill, 0, edge)
        case 6:
            yield Rect(x - r * 0.35, y - r, r * 0.7, r * 2, fill, 0, edge)
        case 7:
            yield Polygon(regular(x, y - r * 0.2, r * 1.1, 3, 0.5), fill, edge)
        case _:
            yield Polygon(star(x, y, r * 1.15, 4, 0.3), fill, edge)
