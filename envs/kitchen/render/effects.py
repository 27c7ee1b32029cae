"""Heat and time: steam, smoke, flames, and the ring that shows how far along something is.

What moves does so with the kitchen's own clock, so that the same moment always looks the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import pi, sin

from brigade.envs.kitchen.render import palette
from brigade.envs.kitchen.render.outlines import wave
from brigade.envs.kitchen.render.shapes import Arc, Line, Point, Polygon, Rect, Shape, Text
from brigade.envs.kitchen.view import Progress


def ring(x: float, y: float, progress: Progress, r: float = 0.45) -> Iterator[Shape]:
    """How far along something is; an alarm also shows a sign."""
    yield Arc(x, y, r + 0.015, 1.0, "#2d2a3258", 0.12)
    yield Arc(x, y, r, progress.share, palette.ALARMS[progress.alarm], 0.09)
    if progress.alarm != "none":
        yield from alarm(x + 0.34, y - 0.34, palette.ALARMS[progress.alarm])


def alarm(x: float, y: float, colour: str) -> Iterator[Shape]:
    """An exclamation mark in a triangle."""
    yield Polygon(((x, y - 0.19), (x + 0.2, y + 0.15), (x - 0.2, y + 0.15)), colour, palette.WHITE)
    yield Line(((x, y - 0.06), (x, y + 0.03)), palette.WHITE, 0.05)
    yield Line(((x, y + 0.1), (x, y + 0.1)), palette.WHITE, 0.05)


def steam(x: float, y: float, seconds: float, colour: str = "#ffffffb0") -> Iterator[Shape]:
    """Three wisps that rise from a soup."""
    for dx, offset in ((-0.16, 0.0), (0.02, 0.4), (0.18, 0.75)):
        rise = (seconds * 0.6 + offset) % 1.0
        middle = wave(x + dx, y - 0.06 - 0.22 * rise, 0.3, 0.04, seconds * 0.5 + offset)
        yield Polygon(_ribbon(middle, 0.035), colour)


def smoke(x: float, y: float, seconds: float) -> Iterator[Shape]:
    """What rises from charred food."""
    yield from steam(x, y, seconds, "#4a444890")


def flames(x: float, y: float, seconds: float) -> Iterator[Shape]:
    """A fire that flickers."""
    for dx, height, phase in ((-0.24, 0.5, 0.0), (0.22, 0.54, 2.0), (0.0, 0.78, 4.0)):
        tip = height * (1 + 0.14 * sin(seconds * 11 + phase))
        lean = 0.05 * sin(seconds * 7 + phase)
        for scale, colour in ((1.0, palette.FLAME), (0.66, palette.FLAME_HEART), (0.34, palette.FLAME_CORE)):
            yield _tongue(x + dx, y + 0.28, 0.19 * scale, tip * scale, lean * scale, colour)


def _ribbon(middle: tuple[Point, ...], width: float) -> tuple[Point, ...]:
    """A strip along a line, thinner towards its ends; see-through lines would show their joints."""
    last = len(middle) - 1
    half = [width * (0.25 + sin(pi * i / last)) for i in range(last + 1)]
    right = [(x + w, y) for (x, y), w in zip(middle, half, strict=True)]
    left = [(x - w, y) for (x, y), w in zip(middle, half, strict=True)]
    return (*right, *reversed(left))


def _tongue(x: float, y: float, w: float, h: float, lean: float, colour: str) -> Polygon:
    edge = palette.BAD if colour == palette.FLAME else None
    return Polygon(
        ((x - w * 0.5, y), (x - w, y - h * 0.25), (x - w * 0.7, y - h * 0.55), (x + lean, y - h),
         (x + w * 0.75, y - h * 0.5), (x + w, y - h * 0.22), (x + w * 0.5, y)), colour, edge,
    )  # fmt: skip


def pill(x: float, y: float, text: str, width: float, fill: str, ink: str, size: float = 0.2) -> Iterator[Shape]:
    """A short label around a point."""
    yield Rect(x - width / 2, y - size * 0.72, width, size * 1.44, fill, size * 0.72)
    yield Text(x, y, text, size, ink, fit=width - size)
