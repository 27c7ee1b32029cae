"""Scenes as pixels: frames, GIF, MP4 and a window; how fast, and what is said where something is missing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest
from brigade.envs.kitchen import Kitchen
from brigade.envs.kitchen.render import MissingExtra, ViewerError, draw, rasterise, write_gif, write_mp4
from brigade.envs.kitchen.render.shapes import Ellipse, Line, Polygon, Rect, Scene, Text
from brigade.envs.kitchen.render.window import Window
from PIL import Image


def frames(count: int, square: int = 10) -> Iterator[Image.Image]:
    return (rasterise(draw(Kitchen("ring").reset(seed)), square) for seed in range(count))


def test_shapes_land_where_they_belong() -> None:
    shapes = (Rect(0, 0, 1, 1, "#ff0000"), Ellipse(1.5, 0.5, 0.5, 0.5, "#00ff00"), Line(((2.5, 0.5),), "#0000ff", 0.6))
    image = rasterise(Scene(3, 1, "#ffffff", shapes, (Rect(2, 0, 1, 1, "#888888"),)), 20)
    pixels = [image.getpixel(at) for at in ((10, 10), (30, 10), (50, 10), (41, 1), (21, 1))]
    assert pixels == [(255, 0, 0), (0, 255, 0), (0, 0, 255), (136, 136, 136), (255, 255, 255)]


def test_colours_may_be_see_through() -> None:
    scene = Scene(1, 1, "#ffffff", (Polygon(((0, 0), (1, 0), (1, 1), (0, 1)), "#00000080"),))
    assert rasterise(scene, 8).getpixel((4, 4)) == (127, 127, 127)


def test_text_that_is_too_wide_is_drawn_smaller() -> None:
    def ink(fit: float | None) -> tuple[int, int, int, int]:
        text = Text(0.2, 0.5, "a long line of text", 0.5, "#000000", "left", fit)
        box = rasterise(Scene(8, 1, "#ffffff", (text,)), 20).convert("L").point(lambda value: 255 - value).getbbox()
        assert box is not None
        return box

    assert ink(None)[2] > 0.2 * 20 + 40
    assert ink(2.0)[2] <= 0.2 * 20 + 41


def test_other_alphabets_are_written_in_a_font_that_has_them() -> None:
    def ink(text: str) -> bytes:
        return rasterise(Scene(1, 1, "#ffffff", (Text(0.5, 0.5, text, 0.8, "#000000"),)), 40).tobytes()

    assert len({ink(letter) for letter in "éüЖ→"}) == 4


def test_a_frame_takes_less_than_40_milliseconds() -> None:
    kitchen = Kitchen("ring")
    kitchen.reset(0)
    spent = []
    for _ in range(12):
        kitchen.step([0, 0])
        start = time.perf_counter()
        rasterise(draw(kitchen.view(), speech={0: "Chop two onions please"}, doing={1: "Chop Onion"}), 48)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.04


def test_frames_become_a_gif(tmp_path: Path) -> None:
    assert write_gif(frames(3), tmp_path / "k.gif", 0.1) == 3
    with Image.open(tmp_path / "k.gif") as image:
        assert getattr(image, "n_frames", 1) >= 2
    with pytest.raises(ValueError, match="at least one frame"):
        write_gif([], tmp_path / "none.gif", 0.1)


def test_frames_become_a_video(tmp_path: Path) -> None:
    odd = [image.crop((0, 0, 63, 81)) for image in frames(5)]
    assert write_mp4(odd, tmp_path / "k.mp4", 10) == 5
    assert imageio_ffmpeg.count_frames_and_secs(str(tmp_path / "k.mp4")) == (5, 0.5)
    reader = imageio_ffmpeg.read_frames(str(tmp_path / "k.mp4"))
    assert next(reader)["size"] == (62, 80)
    reader.close()
    with pytest.raises(ValueError, match="at least one frame"):
        write_mp4([], tmp_path / "none.mp4", 10)
    with pytest.raises(OSError, match="No such file"):
        write_mp4(odd, tmp_path / "nowhere" / "k.mp4", 10)


def test_a_window_shows_frames_until_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    import pygame

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    big, small = next(frames(1)), next(frames(1, 8))
    with Window(frame_rate=None) as window:
        assert window.show(big)
        assert pygame.display.get_window_size() == big.size
        assert pygame.display.get_surface().get_at((40, 60))[:3] == big.getpixel((40, 60))
        assert window.show(small)
        assert pygame.display.get_window_size() == small.size
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        assert not window.show(small)
        assert not window.show(big)
    window.close()
    again = Window(frame_rate=None)
    assert again.show(big)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
    assert not again.show(big)


def test_a_window_waits_for_the_next_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    picture = next(frames(1))
    with Window(frame_rate=50) as window:
        window.show(picture)
        start = time.perf_counter()
        for _ in range(10):
            window.show(picture)
        assert time.perf_counter() - start > 0.15


def test_without_a_screen_that_is_said() -> None:
    code = (
        "import os; [os.environ.pop(name, None) for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'SDL_VIDEODRIVER')]\n"
        "from brigade.envs.kitchen.render.window import Window\n"
        "from brigade.envs.kitchen.render import ViewerError\n"
        "try: Window()\n"
        "except ViewerError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    if sys.platform == "linux":
        assert said.startswith("there is no screen")


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pygame", None)
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(MissingExtra, match=r"pip install 'brigade-agents\[human\]'"):
        Window()
    with pytest.raises(ViewerError, match=r"pip install 'brigade-agents\[video\]'"):
        write_mp4(frames(1), tmp_path / "k.mp4", 10)
