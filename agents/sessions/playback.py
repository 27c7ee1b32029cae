"""Looking at a record: as pictures, in a window or a terminal, or as the story of what was said and done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brigade.agents.sessions.moments import Moment, moments
from brigade.agents.sessions.record import Record
from brigade.envs.kitchen.render import as_text, rasterise, write_gif, write_mp4
from brigade.envs.kitchen.render.window import Window
from PIL import Image
from rich.console import Console
from rich.live import Live
from rich.text import Text

FRAME_SECONDS = 0.4
"""Kitchen time between two frames of a GIF or a terminal."""
VIDEO_RATE = 24.0
"""Frames a second of a video or window, at most."""
READING_SECONDS = 3.0
"""How long, to somebody who watches, a bubble stays."""
CAPTION_LINES = 6


def to_gif(record: Record, file: Path, *, speed: float = 4.0, square: int = 48) -> int:
    """Write the session as a GIF, so many times faster than it was; returns the number of frames."""
    return write_gif(_pictures(record, FRAME_SECONDS, speed, square), file, FRAME_SECONDS / speed)


def to_mp4(record: Record, file: Path, *, speed: float = 4.0, square: int = 48) -> int:
    """Write the session as a video, so many times faster than it was; returns the number of frames.

    Raises:
        MissingExtra: what writes videos is not installed.
    """
    distance = _every(record, speed / VIDEO_RATE) * record.header["tick_seconds"]
    return write_mp4(_pictures(record, distance, speed, square), file, speed / distance)


def to_png(record: Record, file: Path, at: float, *, square: int = 48) -> None:
    """Write the moment so many seconds after the start as a picture.

    Raises:
        ValueError: the session was over before.
    """
    last = 0.0
    for moment in moments(record):
        last = moment.view.seconds
        if last >= at - 1e-9:
            rasterise(moment.scene(), square).save(file, format="PNG")
            return
    raise ValueError(f"{record.source}: the session lasted {last:g} s; there is nothing to see at {at:g} s")


def watch(record: Record, *, speed: float = 4.0, square: int = 48) -> None:
    """Play the session in a window, until its end or until somebody closes it.

    Raises:
        ViewerError: there is no screen, or what opens windows is not installed.
    """
    distance = _every(record, speed / VIDEO_RATE) * record.header["tick_seconds"]
    with Window(title=record.source, frame_rate=speed / distance) as window:
        for picture in _pictures(record, distance, speed, square):
            if not window.show(picture):
                return


def animate(record: Record, console: Console, *, speed: float = 4.0) -> None:
    """Play the session in a terminal, with the last things said and done beneath."""
    story: list[str] = []
    with Live(console=console, refresh_per_second=20) as live:
        for moment, entries in _frames(record, FRAME_SECONDS):
            story += [line for entry in entries if (line := tell(entry, record.header["tick_seconds"]))]
            picture = Text.from_ansi(as_text(moment.view, colour=True))
            live.update(Text("\n").join([picture, Text(), *(Text(line) for line in story[-CAPTION_LINES:])]))
            time.sleep(FRAME_SECONDS / speed)


def narrate(record: Record) -> Iterator[str]:
    """What was said, understood and done, a line each, in order."""
    for entry in record.entries:
        line = tell(entry, record.header["tick_seconds"])
        if line:
            yield line


def tell(entry: dict[str, Any], tick_seconds: float) -> str | None:
    """An entry of a record as a sentence; None for those that tell no story."""
    when = f"{entry.get('tick', 0) * tick_seconds:6.1f} s"
    who = f"cook {entry['cook'] + 1}" if "cook" in entry else ""
    match entry["type"]:
        case "message":
            return f"{when}  {who}: “{entry['text']}”"
        case "intent":
            meant = entry["intent"]
            wants = [f"{d['macro']}" + (f" x{d['count']}" if d["count"] else " always") for d in meant["demands"]]
            wants += [f"stop {name}" for name in meant["cancel"]]
            how = f"{entry['by']}, {entry['latency_ms']:.0f} ms"
            return f"{when}  {who} understands ({how}): {', '.join(wants) or meant['kind']}"
        case "decision":
            latency = f" ({entry['latency_ms']:.0f} ms)" if "latency_ms" in entry else ""
            return f"{when}  {who} decides: {entry['macro']}{latency}"
        case "macro" if entry["outcome"] != "done":
            return f"{when}  {who}: {entry['macro']} {entry['outcome']}: {entry['reason']}"
        case "end":
            return f"{when}  score {entry['score']}, served {entry['served']}, missed {entry['missed']}"
        case "broken":
            return f"{when}  broke off: {entry['reason']}"
        case _:
            return None


def _every(record: Record, seconds: float) -> int:
    """How many ticks come nearest to this much kitchen time, at least one."""
    tick_seconds: float = record.header["tick_seconds"]
    return max(1, round(seconds / tick_seconds))


def _pictures(record: Record, distance: float, speed: float, square: int) -> Iterator[Image.Image]:
    for moment, _ in _frames(record, distance, READING_SECONDS * speed):
        yield rasterise(moment.scene(), square)


def _frames(
    record: Record, distance: float, speech_seconds: float = READING_SECONDS
) -> Iterator[tuple[Moment, list[dict[str, Any]]]]:
    """Moments at even distances of kitchen time, each with all entries since the one before."""
    every = _every(record, distance)
    pending: list[dict[str, Any]] = []
    for tick, moment in enumerate(moments(record, speech_seconds=speech_seconds)):
        pending += moment.entries
        if tick % every == 0:
            yield moment, pending
            pending = []
