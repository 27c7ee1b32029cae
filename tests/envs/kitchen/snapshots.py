"""Moments of kitchens whose rule book does things differently from HLA: cooks that face somewhere, standing orders.

Only the protocols of `view` are used, so that the drawing is held to them and not to one rule book.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brigade.envs.kitchen import CookView, KitchenView, Layout, Progress, SquareView, Stage, Tile, load_layout
from brigade.envs.kitchen.view import Food


@dataclass(frozen=True)
class Thing:
    """Anything that can be held or lie about."""

    name: str = ""
    pieces: tuple[Food, ...] = ()
    stage: Stage | None = None
    plated: bool = False
    dish_name: str | None = None
    burning: bool = False
    extinguisher: bool = False


NOTHING = Thing()


@dataclass(frozen=True)
class Standing:
    """An order without a deadline."""

    name: str
    dish: Thing
    bonus: bool = False
    seconds_left: float | None = None
    share_left: float | None = None


@dataclass(frozen=True)
class Snapshot:
    """A view that says what it is told to say."""

    layout: Layout
    cooks: tuple[CookView[Thing], ...]
    squares: tuple[SquareView[Thing], ...] = ()
    orders: tuple[Standing, ...] = ()
    tick: int = 0
    seconds: float = 0.0
    duration: float = 100.0
    score: int = 0
    served: int = 0
    missed: int = 0

    def item(self, cell: int) -> Thing:
        return next((square.item for square in self.squares if square.cell == cell), NOTHING)

    def state_dict(self) -> dict[str, Any]:
        return {}


def snapshot(
    *,
    facing: tuple[int, int] | None = (0, 1),
    held: Thing = NOTHING,
    on_counter: Thing | None = None,
    in_pot: Thing | None = None,
    progress: Progress | None = None,
    orders: tuple[Standing, ...] = (),
) -> KitchenView:
    """Two cooks in the ring, the first of them in the top left corner."""
    layout = load_layout("ring")
    squares = []
    for (x, y), thing in (((0, 2), on_counter), ((3, 4), in_pot)):
        if thing is not None:
            cell = layout.cell(x, y)
            squares.append(SquareView(cell, Tile(layout.tiles[cell]), thing, 0.0, progress))
    cooks = CookView(layout.cell(1, 1), held, facing), CookView(layout.cell(5, 1), NOTHING, (0, 1))
    return Snapshot(layout, cooks, tuple(squares), orders)
