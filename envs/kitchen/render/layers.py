"""What lies on a square, as layers that change apart from each other: the thing, its heat, how far along it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.render import effects, food, tiles
from brigade.envs.kitchen.render.shapes import Shape
from brigade.envs.kitchen.view import ItemView, SquareView, Stage


@dataclass(frozen=True, slots=True)
class Layer:
    """A drawing that can be made anywhere."""

    name: str
    """Layers of the same name look the same."""
    paint: Callable[[float, float], Iterator[Shape]]
    """Its shapes around a point, from back to front."""


def layers(square: SquareView[ItemView], seconds: float) -> Iterator[Layer]:
    """The layers of a square at this time, from back to front."""
    item, name = square.item, thing(square.item)
    if square.tile == Tile.POT:
        yield Layer(f"in pot {name}", lambda x, y: _in_pot(x, y, item))
    else:
        left = 0.06 if square.tile == Tile.BOARD else 0
        yield Layer(f"at {left} {name}", lambda x, y: food.item(x - left, y - 0.02, item))
        if item.stage is Stage.CHOPPING:
            yield Layer("knife", lambda x, y: tiles.knife(x + 0.3, y))
    heat = _heat(square.tile, item)
    if heat is not None:
        rise, make = heat
        yield Layer(f"{make.__name__} {rise} {seconds:.3f}", lambda x, y: make(x, y - rise, seconds))
    progress = square.progress
    if progress is not None:
        yield Layer(f"ring {progress}", lambda x, y: effects.ring(x, y, progress))


def thing(item: ItemView) -> str:
    """All that tells the looks of one thing from another."""
    marks = ("plated", item.plated), ("burning", item.burning), ("extinguisher", item.extinguisher)
    stage = "" if item.stage is None else item.stage.name
    return " ".join([*item.pieces, stage, *(mark for mark, there in marks if there)])


def _in_pot(x: float, y: float, item: ItemView) -> Iterator[Shape]:
    if item.pieces and item.stage is not None:
        yield from food.contents(x, y + 0.02, item.pieces, item.stage, 0.33)


def _heat(tile: Tile, item: ItemView) -> tuple[float, Callable[[float, float, float], Iterator[Shape]]] | None:
    """What rises from it, and from how far above its centre."""
    in_pot = tile == Tile.POT
    if in_pot and item.burning:
        return 0.0, effects.flames
    if item.stage is Stage.CHARRED:
        return (0.1 if in_pot else 0.05), effects.smoke
    if item.stage is Stage.COOKED or (in_pot and item.stage is Stage.COOKING):
        return 0.1, effects.steam
    return None
