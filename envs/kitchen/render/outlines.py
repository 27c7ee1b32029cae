"""Outlines that polygons and lines are made from: points around a centre. Angles are turns, clockwise from the top."""

from __future__ import annotations

from math import cos, pi, sin

from brigade.envs.kitchen.render.shapes import Point


def around(x: float, y: float, r: float, turn: float, flat: float = 1.0) -> Point:
    """The point at this turn on a circle, or on an ellipse `flat` times as high."""
    return x + r * sin(2 * pi * turn), y - r * flat * cos(2 * pi * turn)


def regular(x: float, y: float, r: float, corners: int, turn: float = 0.0) -> tuple[Point, ...]:
    """A regular polygon with a corner at this turn."""
    return tuple(around(x, y, r, turn + i / corners) for i in range(corners))


def star(x: float, y: float, r: float, points: int = 5, inner: float = 0.45) -> tuple[Point, ...]:
    """A star with a point at the top."""
    return tuple(around(x, y, r * (inner if i % 2 else 1.0), i / (2 * points)) for i in range(2 * points))


def ruffled(
    x: float, y: float, r: float, waves: int, depth: float, turn: float = 0.0, flat: float = 1.0
) -> tuple[Point, ...]:
    """A circle whose edge goes in and out this many times, by this share of its radius."""
    steps = waves * 6
    return tuple(
        around(x, y, r * (1 - depth / 2 + depth / 2 * cos(2 * pi * waves * i / steps)), turn + i / steps, flat)
        for i in range(steps)
    )


def sector(x: float, y: float, r: float, start: float, end: float, flat: float = 1.0) -> tuple[Point, ...]:
    """The edge of a circle from one turn to another; as a polygon, what the chord between them cuts off."""
    steps = max(3, round(16 * abs(end - start)))
    return tuple(around(x, y, r, start + (end - start) * i / steps, flat) for i in range(steps + 1))


def wave(x: float, y: float, height: float, swing: float, phase: float) -> tuple[Point, ...]:
    """A wavy line that rises from a point."""
    steps = 8
    return tuple((x + swing * sin(2 * pi * (phase + i / steps)), y - height * i / steps) for i in range(steps + 1))
