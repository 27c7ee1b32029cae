"""How food looks, alone and together: whole, half chopped, chopped, as soup, charred, on a plate or not.

A tomato is round with a star of leaves and falls into slices, a lettuce is ruffled and falls into leaves, an onion
ends in a tip and falls into rings.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import pi, sin

from brigade.envs.kitchen.render import palette
from brigade.envs.kitchen.render.outlines import around, ruffled, sector, star
from brigade.envs.kitchen.render.palette import EDGE, FLESH, LIGHT
from brigade.envs.kitchen.render.shapes import Ellipse, Line, Point, Polygon, Rect, Shape
from brigade.envs.kitchen.view import Food, ItemView, Stage


def item(x: float, y: float, what: ItemView, r: float = 0.38) -> Iterator[Shape]:
    """Whatever can be held or lie on a square, within a circle."""
    if what.extinguisher:
        yield from extinguisher(x, y, r)
        return
    if what.plated:
        yield from plate(x, y, r)
    if not what.pieces or what.stage is None:
        return
    if what.plated:
        yield from contents(x, y, what.pieces, what.stage, r * 0.78)
    elif len(what.pieces) == 1 and what.stage in (Stage.FRESH, Stage.CHOPPING):
        yield from (whole if what.stage is Stage.FRESH else begun)(x, y, what.pieces[0], r * 0.88)
    else:
        yield from contents(x, y, what.pieces, what.stage, r * 0.95)


def plate(x: float, y: float, r: float) -> Iterator[Shape]:
    """An empty plate."""
    yield Ellipse(x, y + r * 0.12, r, r * 0.84, palette.SHADOW)
    yield Ellipse(x, y, r, r * 0.84, palette.CHINA, palette.STEEL_DARK)
    yield Ellipse(x, y + r * 0.02, r * 0.7, r * 0.56, palette.CHINA_SHADE)


def contents(x: float, y: float, pieces: tuple[Food, ...], stage: Stage, r: float) -> Iterator[Shape]:
    """Pieces side by side; once they are in a pot, in their broth."""
    if stage >= Stage.COOKING:
        yield from broth(x, y, pieces, stage, r)
        r *= 0.92
    size = r * {1: 0.78, 2: 0.56, 3: 0.5}.get(len(pieces), 0.5 * sin(pi / max(2, len(pieces))))
    for food, (px, py) in zip(pieces, places(x, y, len(pieces), r), strict=True):
        yield from piece(px, py, food, size, charred=stage is Stage.CHARRED)


def places(x: float, y: float, count: int, r: float) -> tuple[Point, ...]:
    """Where so many pieces lie within a circle."""
    if count == 1:
        return ((x, y),)
    if count == 2:
        return (x - r * 0.46, y + r * 0.06), (x + r * 0.46, y - r * 0.06)
    start = 0.5 if count == 3 else 0.0  # three: one in front, two behind
    return tuple(around(x, y + (r * -0.08 if count == 3 else 0), r * 0.52, start + i / count) for i in range(count))


def broth(x: float, y: float, pieces: tuple[Food, ...], stage: Stage, r: float) -> Iterator[Shape]:
    """The surface of a soup."""
    if stage is Stage.CHARRED:
        yield Ellipse(x, y, r, r * 0.84, palette.CHAR, palette.INK)
        return
    colour = palette.mixed([palette.BROTH[food] for food in pieces])
    yield Ellipse(x, y, r, r * 0.84, colour, palette.mixed([colour, palette.INK]))
    yield Line(sector(x, y, r * 0.82, 0.78, 0.96, 0.84), palette.GLASS, r * 0.08)


def whole(x: float, y: float, food: Food, r: float) -> Iterator[Shape]:
    """A fresh one."""
    yield Ellipse(x, y + r * 0.82, r * 0.8, r * 0.22, palette.SHADOW)
    if food == "tomato":
        yield Ellipse(x, y + r * 0.08, r * 0.98, r * 0.88, FLESH[food], EDGE[food])
        yield Ellipse(x - r * 0.38, y - r * 0.12, r * 0.2, r * 0.16, LIGHT[food])
        yield Polygon(star(x, y - r * 0.52, r * 0.56, inner=0.35), EDGE["lettuce"])
        yield Line(((x, y - r * 0.55), (x + r * 0.08, y - r * 0.95)), EDGE["lettuce"], r * 0.14)
    elif food == "lettuce":
        yield Polygon(ruffled(x, y, r * 1.02, 9, 0.2), "#4b9a38", EDGE[food])
        yield Polygon(ruffled(x, y + r * 0.08, r * 0.74, 7, 0.24, 0.05), FLESH[food])
        yield Polygon(ruffled(x, y + r * 0.16, r * 0.46, 5, 0.25), LIGHT[food])
        yield Line(((x, y + r * 0.7), (x, y + r * 0.05)), "#eaf6d8", r * 0.12)
    else:
        yield Polygon(
            ((x - r * 0.36, y - r * 0.5), (x - r * 0.06, y - r * 1.12), (x + r * 0.12, y - r * 1.08),
             (x + r * 0.36, y - r * 0.5)), LIGHT[food], EDGE[food],
        )  # fmt: skip
        yield Ellipse(x, y + r * 0.14, r * 0.96, r * 0.82, LIGHT[food], EDGE[food])
        yield Ellipse(x, y + r * 0.14, r * 0.52, r * 0.8, FLESH[food])
        yield Ellipse(x, y + r * 0.14, r * 0.2, r * 0.78, LIGHT[food])


def begun(x: float, y: float, food: Food, r: float) -> Iterator[Shape]:
    """One that is being chopped: what is left of it, and the first pieces."""
    yield from whole(x - r * 0.34, y - r * 0.02, food, r * 0.72)
    yield from piece(x + r * 0.6, y + r * 0.34, food, r * 0.44)


def piece(x: float, y: float, food: Food, r: float, *, charred: bool = False) -> Iterator[Shape]:
    """A chopped piece."""
    flesh, edge, light = (
        (palette.CHAR_SOFT, palette.INK, palette.CHAR) if charred else (FLESH[food], EDGE[food], LIGHT[food])
    )
    if food == "tomato":
        yield Ellipse(x, y, r, r * 0.94, flesh, edge)
        for turn in (0.0, 1 / 3, 2 / 3):
            px, py = around(x, y, r * 0.48, turn)
            yield Ellipse(px, py, r * 0.26, r * 0.26, light)
    elif food == "lettuce":
        tips = tuple(
            (x + dx * r, y + dy * r)
            for dx, dy in ((-0.9, 0.85), (-1.05, 0.0), (-0.55, -0.25), (-0.4, -1.0), (0.25, -0.7), (1.0, -0.95),
                           (0.75, -0.2), (1.0, 0.35), (0.3, 0.4), (0.0, 1.0))
        )  # fmt: skip
        yield Polygon(tips, flesh, edge)
        yield Line(((x - r * 0.6, y + r * 0.6), (x + r * 0.55, y - r * 0.5)), light, r * 0.2)
    else:
        yield Ellipse(x, y, r, r * 0.94, light if not charred else flesh, edge)
        yield Ellipse(x, y, r * 0.74, r * 0.68, flesh if not charred else light)
        yield Ellipse(x, y, r * 0.44, r * 0.4, light if not charred else flesh)
        yield Ellipse(x, y, r * 0.22, r * 0.2, flesh if not charred else light)


def extinguisher(x: float, y: float, r: float) -> Iterator[Shape]:
    """The fire extinguisher."""
    yield Ellipse(x, y + r * 0.95, r * 0.55, r * 0.18, palette.SHADOW)
    yield Line(
        ((x + r * 0.05, y - r * 0.85), (x + r * 0.6, y - r * 0.8), (x + r * 0.62, y + r * 0.1)), palette.IRON, r * 0.16
    )
    yield Polygon(
        ((x + r * 0.46, y), (x + r * 0.78, y), (x + r * 0.86, y + r * 0.45), (x + r * 0.38, y + r * 0.45)), palette.INK
    )
    yield Rect(x - r * 0.5, y - r * 0.55, r, r * 1.5, palette.BAD, r * 0.34, EDGE["tomato"])
    yield Rect(x - r * 0.5, y - r * 0.02, r, r * 0.42, palette.WHITE)
    yield Rect(x - r * 0.34, y - r * 0.4, r * 0.16, r * 1.15, "#ffffff70", r * 0.08)
    yield Rect(x - r * 0.22, y - r * 0.78, r * 0.44, r * 0.28, palette.IRON, r * 0.06)
    yield Line(((x - r * 0.42, y - r * 1.0), (x + r * 0.3, y - r * 0.86)), palette.INK, r * 0.2)
