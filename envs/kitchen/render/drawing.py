"""How a kitchen looks: a view becomes a scene of shapes, whatever then shows it.

Everything is told apart by form as well as by colour, and every moment looks the same however often it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from brigade.envs.kitchen.plan import Layout
from brigade.envs.kitchen.render import head, palette, tiles
from brigade.envs.kitchen.render.cooks import cook
from brigade.envs.kitchen.render.heading import DOWN, Heading
from brigade.envs.kitchen.render.layers import layers
from brigade.envs.kitchen.render.shapes import Point, Scene, Shape
from brigade.envs.kitchen.render.speech import bubbles, labels
from brigade.envs.kitchen.view import KitchenView

MIN_WIDTH = 6.6
"""The narrowest drawing: three orders, score and clock."""
MARGIN = 0.12
"""Around the kitchen."""


def draw(
    view: KitchenView,
    *,
    facing: Mapping[int, Heading] | None = None,
    speech: Mapping[int, str] | None = None,
    doing: Mapping[int, str] | None = None,
) -> Scene:
    """The scene of one moment.

    Args:
        view: the moment.
        facing: where cooks look, by index, for rule books that do not say (see `turned`); down by default.
        speech: what cooks say, by index; long texts are wrapped and cut.
        doing: what cooks are about, by index: a few words under each.
    """
    layout = view.layout
    width, height = size(layout)
    left, top = origin(layout)
    centres = {
        index: (left + layout.xy(each.cell)[0] + 0.5, top + layout.xy(each.cell)[1] + 0.5)
        for index, each in enumerate(view.cooks)
    }
    shapes: list[Shape] = list(head.head(view, width))
    for square in view.squares:
        x, y = layout.xy(square.cell)
        for layer in layers(square, view.seconds):
            shapes += layer.paint(left + x + 0.5, top + y + tiles.CENTRE)
    shapes += _cooks(view, centres, facing or {})
    shapes += bubbles(speech or {}, centres, width, top - MARGIN, height)
    shapes += labels(doing or {}, centres, width, height)
    return Scene(width, height, palette.PAPER, tuple(shapes), backdrop(layout))


def size(layout: Layout) -> tuple[float, float]:
    """Width and height of a kitchen's scene."""
    return max(layout.width + 2 * MARGIN, MIN_WIDTH), layout.height + head.HEIGHT + MARGIN


def backdrop(layout: Layout) -> tuple[Shape, ...]:
    """The empty kitchen in its scene: what never changes."""
    return _backdrop(layout.tiles.tobytes(), layout.width, *origin(layout))


def origin(layout: Layout) -> Point:
    """Where the top left corner of the kitchen is in its scene."""
    return (size(layout)[0] - layout.width) / 2, head.HEIGHT


@lru_cache(maxsize=32)
def _backdrop(kinds: bytes, columns: int, left: float, top: float) -> tuple[Shape, ...]:
    return tuple(tiles.squares(kinds, columns, left, top))


def _cooks(view: KitchenView, centres: Mapping[int, Point], facing: Mapping[int, Heading]) -> Iterator[Shape]:
    """The cooks, those further down in front."""
    for index in sorted(centres, key=lambda index: centres[index][1]):
        each = view.cooks[index]
        yield from cook(*centres[index], index, each.item, each.facing or facing.get(index, DOWN))
