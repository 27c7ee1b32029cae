"""Scenes as pictures, with Pillow: frames, PNG and GIF."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from brigade.envs.kitchen.render.shapes import Arc, Ellipse, Polygon, Rect, Scene, Shape, Text
from PIL import Image, ImageDraw, ImageFont

SMOOTHING = 3
"""Pixels are drawn this many times finer and averaged, since Pillow draws hard edges."""
_ANCHORS = {"left": "lm", "middle": "mm", "right": "rm"}


def rasterise(scene: Scene, square: int = 48) -> Image.Image:
    """The scene as an RGB image, so many pixels a square."""
    scale = square * SMOOTHING
    size = round(scene.width * scale), round(scene.height * scale)
    image = Image.new("RGB", size, scene.background)
    pen = ImageDraw.Draw(image)
    for shape in scene.shapes:
        _draw(pen, shape, scale)
    return image.resize((round(scene.width * square), round(scene.height * square)), Image.Resampling.BOX)


def write_gif(frames: Iterable[Image.Image], file: Path, seconds_per_frame: float) -> int:
    """Write an endless GIF; returns the number of frames.

    Raises:
        ValueError: there is no frame.
    """
    images = [frame.quantize(64, dither=Image.Dither.NONE) for frame in frames]
    if not images:
        raise ValueError("a GIF needs at least one frame")
    first, *rest = images
    first.save(
        file, format="GIF", save_all=True, append_images=rest, duration=max(20, round(seconds_per_frame * 1000)), loop=0
    )
    return len(images)


@lru_cache(maxsize=16)
def _font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(pixels)


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    line = max(1, round(0.025 * scale))
    match shape:
        case Rect():
            if min(shape.w, shape.h) * scale >= 2:
                box = _box(shape.x, shape.y, shape.x + shape.w, shape.y + shape.h, scale)
                pen.rounded_rectangle(
                    box, min(shape.radius, shape.w / 2, shape.h / 2) * scale, shape.fill, shape.stroke, line
                )
        case Ellipse():
            box = _box(shape.x - shape.rx, shape.y - shape.ry, shape.x + shape.rx, shape.y + shape.ry, scale)
            pen.ellipse(box, shape.fill, shape.stroke, line)
        case Arc():
            box = _box(shape.x - shape.r, shape.y - shape.r, shape.x + shape.r, shape.y + shape.r, scale)
            share = min(max(shape.share, 0.0), 1.0)
            pen.arc(box, -90, -90 + 360 * share, shape.colour, round(shape.width * scale))
        case Polygon():
            pen.polygon([(x * scale, y * scale) for x, y in shape.points], shape.fill)
        case Text():
            font = _font(round(shape.size * scale))
            pen.text((shape.x * scale, shape.y * scale), shape.text, shape.colour, font, _ANCHORS[shape.anchor])


def _box(x0: float, y0: float, x1: float, y1: float, scale: float) -> tuple[float, float, float, float]:
    return x0 * scale, y0 * scale, x1 * scale - 1, y1 * scale - 1
