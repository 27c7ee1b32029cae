"""Scenes as pictures, with Pillow: frames, PNG and GIF."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from brigade.envs.kitchen.render.shapes import STROKE, Arc, Ellipse, Line, Polygon, Rect, Scene, Shape, Text
from PIL import Image, ImageDraw, ImageFont

SMOOTHING = 3
"""Pixels are drawn this many times finer and averaged, since Pillow draws hard edges."""
MIN_LINE = 0.75
"""Pixels of the thinnest line."""
PLAIN = frozenset(map(chr, range(32, 127))) | frozenset("“”…\u2018\u2019")
"""What Pillow's own font can write; other texts need another one."""
_ANCHORS = {"left": "lm", "middle": "mm", "right": "rm"}


def rasterise(scene: Scene, square: int = 48) -> Image.Image:
    """The scene as an RGB image, so many pixels a square."""
    scale = square * SMOOTHING
    size = round(scene.width * square) * SMOOTHING, round(scene.height * square) * SMOOTHING
    image = _backdrop(scene.backdrop, scene.background, size, scale).copy()
    _draw_all(image, scene.shapes, scale)
    return image.reduce(SMOOTHING)


@lru_cache(maxsize=4)
def _backdrop(shapes: tuple[Shape, ...], background: str, size: tuple[int, int], scale: int) -> Image.Image:
    """Kept between frames: two thirds of the shapes of a scene never change."""
    image = Image.new("RGB", size, background)
    _draw_all(image, shapes, scale)
    return image


def write_gif(frames: Iterable[Image.Image], file: Path, seconds_per_frame: float) -> int:
    """Write an endless GIF; returns the number of frames.

    Raises:
        ValueError: there is no frame.
    """
    images = [frame.quantize(128, dither=Image.Dither.NONE) for frame in frames]
    if not images:
        raise ValueError("a GIF needs at least one frame")
    first, *rest = images
    first.save(
        file, format="GIF", save_all=True, append_images=rest, duration=max(20, round(seconds_per_frame * 1000)), loop=0
    )
    return len(images)


@lru_cache(maxsize=64)
def _font(pixels: int, *, wide: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, or DejaVu Sans, which knows many alphabets and comes with matplotlib."""
    found = find_spec("matplotlib") if wide else None
    if found is None or found.origin is None:
        return ImageFont.load_default(pixels)
    return ImageFont.truetype(str(Path(found.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"), pixels)


def _draw_all(image: Image.Image, shapes: tuple[Shape, ...], scale: float) -> None:
    pen = ImageDraw.Draw(image, "RGBA")
    for shape in shapes:
        _draw(pen, shape, scale)


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    line = _pixels(STROKE, scale)
    match shape:
        case Rect():
            if min(shape.w, shape.h) * scale >= 2:
                box = _box(shape.x, shape.y, shape.x + shape.w, shape.y + shape.h, scale)
                radius = min(shape.radius, shape.w / 2, shape.h / 2) * scale
                pen.rounded_rectangle(box, radius, shape.fill, shape.stroke, line if shape.stroke else 0)
        case Ellipse():
            box = _box(shape.x - shape.rx, shape.y - shape.ry, shape.x + shape.rx, shape.y + shape.ry, scale)
            pen.ellipse(box, shape.fill, shape.stroke, line if shape.stroke else 0)
        case Arc():
            box = _box(shape.x - shape.r, shape.y - shape.r, shape.x + shape.r, shape.y + shape.r, scale)
            share = min(max(shape.share, 0.0), 1.0)
            pen.arc(box, -90, -90 + 360 * share, shape.colour, round(shape.width * scale))
        case Polygon():
            points = [(x * scale, y * scale) for x, y in shape.points]
            pen.polygon(points, shape.fill)
            if shape.stroke is not None:
                _stroke(pen, [*points, points[0]], shape.stroke, line)
        case Line():
            _stroke(pen, [(x * scale, y * scale) for x, y in shape.points], shape.colour, _pixels(shape.width, scale))
        case Text():
            _write(pen, shape, scale)


def _stroke(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], colour: str, width: int) -> None:
    """A line with round ends; Pillow rounds only the joints."""
    pen.line(points, colour, width, "curve")
    if (len(colour) == 7 and points[0] != points[-1]) or len(set(points)) == 1:
        r = width / 2
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - r, y - r, x + r - 1, y + r - 1), colour)


def _write(pen: ImageDraw.ImageDraw, text: Text, scale: float) -> None:
    wide = not PLAIN.issuperset(text.text)
    font = _font(max(1, round(text.size * scale)), wide=wide)
    if text.fit is not None:
        length = font.getlength(text.text)
        room = text.fit * scale
        if length > room:
            font = _font(max(1, int(text.size * scale * room / length)), wide=wide)
    pen.text((text.x * scale, text.y * scale), text.text, text.colour, font, _ANCHORS[text.anchor])


def _pixels(width: float, scale: float) -> int:
    return max(round(MIN_LINE * SMOOTHING), round(width * scale))


def _box(x0: float, y0: float, x1: float, y1: float, scale: float) -> tuple[float, float, float, float]:
    """A box in pixels; one that is thinner than a pixel is a pixel thick."""
    left, top = x0 * scale, y0 * scale
    return left, top, max(left, x1 * scale - 1), max(top, y1 * scale - 1)
