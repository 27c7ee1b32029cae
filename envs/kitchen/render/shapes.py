"""The shapes that a drawing is made of. Lengths are in squares of the kitchen, colours `#rrggbb` or `#rrggbbaa`.

Knows neither kitchens nor pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

Point = tuple[float, float]

STROKE = 0.028
"""Width of the line around a shape that has a `stroke`."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A box with rounded corners; x, y is its top left."""

    x: float
    y: float
    w: float
    h: float
    fill: str
    radius: float = 0.0
    stroke: str | None = None


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse; x, y is its centre."""

    x: float
    y: float
    rx: float
    ry: float
    fill: str
    stroke: str | None = None


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of a ring, clockwise from the top; `share` 1 is the whole ring, `r` its outer edge."""

    x: float
    y: float
    r: float
    share: float
    colour: str
    width: float = 0.08


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: str
    stroke: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, with round ends and joints."""

    points: tuple[Point, ...]
    colour: str
    width: float = STROKE


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; x, y is the middle of its left end, its middle or its right end."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: Literal["left", "middle", "right"] = "middle"
    fit: float | None = None
    """The widest that it may be; what would be wider is drawn smaller."""


Shape = Rect | Ellipse | Arc | Polygon | Line | Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A drawing: the backdrop and then the shapes, each from back to front."""

    width: float
    height: float
    background: str
    shapes: tuple[Shape, ...]
    """What may change from one moment to the next."""
    backdrop: tuple[Shape, ...] = ()
    """What stays as it is, so that a screen can keep it."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, each shape with its kind: what a browser draws."""
        return {
            "width": self.width,
            "height": self.height,
            "background": self.background,
            "backdrop": [plain(shape) for shape in self.backdrop],
            "shapes": [plain(shape) for shape in self.shapes],
        }


def plain(shape: Shape) -> dict[str, Any]:
    """A shape as plain data, with its kind."""
    return {"kind": type(shape).__name__.lower(), **{field.name: getattr(shape, field.name) for field in fields(shape)}}
