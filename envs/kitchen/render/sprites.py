"""A moment as sprites: drawings that recur, each with its place, so that a screen draws each of them once and moves it.

The same drawing as `draw` makes, cut up. What is in motion (steam, flames, rings) is rounded to a few looks, so that
there are hundreds of looks and not one per moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from brigade.envs.kitchen.render import head, tiles
from brigade.envs.kitchen.render.cooks import cook
from brigade.envs.kitchen.render.drawing import origin
from brigade.envs.kitchen.render.heading import DOWN, Heading
from brigade.envs.kitchen.render.layers import layers, thing
from brigade.envs.kitchen.render.shapes import Shape
from brigade.envs.kitchen.view import ItemView, KitchenView, OrderView, SquareView

PERIOD, STEP = 10.0, 0.2
"""Steam repeats after 10 s; it is drawn in steps of 0.2 s, so it has 50 looks."""
SHARES = 40
"""Looks of a ring between empty and full."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A drawing at a place."""

    x: float
    y: float
    look: str
    """Sprites of the same look are the same drawing."""
    paint: Callable[[], tuple[Shape, ...]] = field(compare=False)
    """Its shapes around the origin, from back to front."""


def things(view: KitchenView) -> Iterator[Sprite]:
    """Everything that lies on squares, from back to front."""
    left, top = origin(view.layout)
    seconds = round(view.seconds / STEP) * STEP % PERIOD
    for square in view.squares:
        x, y = view.layout.xy(square.cell)
        for layer in layers(_rounded(square), seconds):
            yield Sprite(
                left + x + 0.5,
                top + y + tiles.CENTRE,
                layer.name,
                lambda layer=layer: tuple(layer.paint(0.0, 0.0)),  # type: ignore[misc]
            )


def people(view: KitchenView, facing: Mapping[int, Heading] | None = None) -> Iterator[Sprite]:
    """Every cook, by index; whoever stands further down is drawn in front."""
    left, top = origin(view.layout)
    for index, each in enumerate(view.cooks):
        x, y = view.layout.xy(each.cell)
        heading = each.facing or (facing or {}).get(index, DOWN)
        yield Sprite(
            left + x + 0.5,
            top + y + 0.5,
            f"cook {index} {heading} {thing(each.item)}",
            lambda i=index, item=each.item, way=heading: tuple(cook(0.0, 0.0, i, item, way)),  # type: ignore[misc]
        )


def dish(order: OrderView) -> Sprite:
    """What an order is made of, above a bowl, about one wide."""
    return Sprite(0.0, 0.0, f"dish {thing(order.dish)}", lambda: tuple(head.ingredients(0.0, 0.0, 1.06, order)))


def whole(view: KitchenView, facing: Mapping[int, Heading] | None = None) -> tuple[Sprite, ...]:
    """All of them in the order in which they are drawn."""
    return tuple(chain(things(view), sorted(people(view, facing), key=lambda sprite: sprite.y)))


def _rounded(square: SquareView[ItemView]) -> SquareView[ItemView]:
    progress = square.progress
    if progress is None:
        return square
    share = round(min(max(progress.share, 0.0), 1.0) * SHARES) / SHARES
    return replace(square, progress=replace(progress, share=share))
