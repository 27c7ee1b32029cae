"""Frames as an MP4, written by the ffmpeg that imageio-ffmpeg carries (the optional extra `video`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from brigade.envs.kitchen.render.extras import MissingExtra
from PIL import Image


def write_mp4(frames: Iterable[Image.Image], file: Path, frame_rate: float) -> int:
    """Write an H.264 video that browsers play; returns the number of frames.

    Args:
        frames: pictures, all of one size; an odd last row or column is left out, since the format needs even sides.
        file: where to.
        frame_rate: frames a second.

    Raises:
        MissingExtra: imageio-ffmpeg is not installed.
        ValueError: there is no frame.
        OSError: the file cannot be written.
    """
    try:
        import imageio_ffmpeg
    except ImportError:
        raise MissingExtra("an MP4", "imageio-ffmpeg", "video") from None
    pictures = iter(frames)
    first = next(pictures, None)
    if first is None:
        raise ValueError("a video needs at least one frame")
    file.open("wb").close()  # ffmpeg would report a bad path at length
    size = first.width // 2 * 2, first.height // 2 * 2
    writer = imageio_ffmpeg.write_frames(str(file), size, fps=frame_rate, macro_block_size=2, quality=8)
    writer.send(None)
    count = 0
    try:
        for picture in _even(chain([first], pictures), size):
            writer.send(picture.tobytes())
            count += 1
    finally:
        writer.close()
    return count


def _even(pictures: Iterable[Image.Image], size: tuple[int, int]) -> Iterator[Image.Image]:
    for picture in pictures:
        yield picture.convert("RGB").crop((0, 0, *size))
