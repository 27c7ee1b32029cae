"""What cooks say and do, in words: bubbles and labels that stay inside the drawing and out of each other's way."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from brigade.envs.kitchen.render import effects, palette
from brigade.envs.kitchen.render.cooks import TOP, colour_of, mark
from brigade.envs.kitchen.render.shapes import Point, Polygon, Rect, Shape, Text

LETTERS, LINES = 24, 4
"""The longest line of a bubble, and how many lines it has at most: what does not fit ends in an ellipsis."""
SIZE, LEADING, PADDING = 0.25, 0.3, 0.14
LETTER = 0.136
"""Width that a bubble allows for a letter; a line that is wider all the same is drawn smaller."""
LABEL, LABEL_LETTERS = 0.19, 30


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    w: float
    h: float

    def meets(self, other: _Box) -> bool:
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )


def wrapped(text: str) -> list[str]:
    """The lines of a bubble; empty for a text without anything to read."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return textwrap.wrap(plain, LETTERS, max_lines=LINES, placeholder=" …")


def bubbles(
    speech: Mapping[int, str], cooks: Mapping[int, Point], width: float, top: float, bottom: float
) -> Iterator[Shape]:
    """A bubble for each cook that says something.

    Args:
        speech: what is said, by cook.
        cooks: the centre of the square of every cook.
        width: of the drawing.
        top: the highest that a bubble may reach.
        bottom: the lowest.
    """
    placed: list[_Box] = []
    for index in sorted(set(speech) & set(cooks)):
        lines = wrapped(speech[index])
        if not lines:
            continue
        x, y = cooks[index]
        box = _place(x, y, lines, width, top, bottom, placed)
        placed.append(box)
        yield from _bubble(box, lines, index, (x, y))


def _place(x: float, y: float, lines: list[str], width: float, top: float, bottom: float, placed: list[_Box]) -> _Box:
    """Above the cook, or below it where there is no room, and as near as other bubbles let it be."""
    w = min(max(map(len, lines)) * LETTER + 2 * PADDING + 0.3, width - 0.1)
    h = len(lines) * LEADING + 2 * PADDING
    left = min(max(x - w / 2, 0.05), width - w - 0.05)
    above, below = y - TOP - 0.14 - h, y + 0.84
    steps = [0.1 * i for i in range(round((bottom - top) / 0.1) + 1)]
    heights = [above - s for s in steps] + [below + s for s in steps]
    inside = [height for height in heights if top <= height <= bottom - h] or [max(top, min(above, bottom - h))]
    boxes = [_Box(left, height, w, h) for height in inside]
    return next((box for box in boxes if not any(box.meets(other) for other in placed)), boxes[0])


def _bubble(box: _Box, lines: list[str], index: int, speaker: Point) -> Iterator[Shape]:
    x, y = speaker
    colour = colour_of(index)
    root = min(max(x, box.x + 0.3), box.x + box.w - 0.3)
    upwards = box.y > y
    edge, tip = (box.y + 0.03, y + 0.5) if upwards else (box.y + box.h - 0.03, y - TOP)
    yield Rect(box.x + 0.03, box.y + 0.05, box.w, box.h, palette.SHADOW, 0.16)
    yield Polygon(((root - 0.16, edge), (x, tip), (root + 0.16, edge)), palette.WHITE, colour)
    yield Rect(box.x, box.y, box.w, box.h, palette.WHITE, 0.16, colour)
    yield Polygon(
        ((root - 0.13, edge), (root, edge + (-0.06 if upwards else 0.06)), (root + 0.13, edge)), palette.WHITE
    )
    yield from mark(box.x + 0.2, box.y + PADDING + LEADING / 2, 0.11, index, colour, palette.INK)
    for number, line in enumerate(lines):
        middle = box.y + PADDING + (number + 0.5) * LEADING
        yield Text(box.x + 0.38, middle, line, SIZE, palette.INK, "left", fit=box.w - 0.38 - PADDING)


def labels(doing: Mapping[int, str], cooks: Mapping[int, Point], width: float, bottom: float) -> Iterator[Shape]:
    """Under each cook, what it is about."""
    placed: list[_Box] = []
    for index in sorted(set(doing) & set(cooks), key=lambda index: cooks[index][1]):
        text = " ".join(doing[index].split())
        if not text:
            continue
        text = text if len(text) <= LABEL_LETTERS else text[: LABEL_LETTERS - 1] + "…"
        x, y = cooks[index]
        w, h = min(len(text) * 0.105 + 0.3, width - 0.1), LABEL * 1.44
        left = min(max(x - w / 2, 0.05), width - w - 0.05)
        box = _Box(left, min(y + 0.5, bottom - h), w, h)
        while any(box.meets(other) for other in placed):
            box = _Box(box.x, box.y + 0.05, w, h)
        placed.append(box)
        yield from effects.pill(box.x + w / 2, box.y + h / 2, text, w, "#2d2a32d0", palette.WHITE, LABEL)
