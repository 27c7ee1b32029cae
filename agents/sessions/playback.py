"""Looking at a record: as a GIF, as an animation in a terminal, or as the story of what was said and done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brigade.agents.sessions.record import Record, replay
from brigade.envs.kitchen import KitchenView
from brigade.envs.kitchen.render import as_text, draw, rasterise, write_gif
from rich.console import Console
from rich.live import Live
from rich.text import Text

FRAME_SECONDS = 0.4
"""Kitchen time between two frames."""
CAPTION_LINES = 6


def to_gif(record: Record, file: Path, *, speed: float = 4.0, square: int = 40) -> int:
    """Write the session as a GIF, so many times faster than it was; returns the number of frames."""
    frames = (rasterise(draw(view), square) for view, _ in _frames(record))
    return write_gif(frames, file, FRAME_SECONDS / speed)


def animate(record: Record, console: Console, *, speed: float = 4.0) -> None:
    """Play the session in a terminal, with the last things said and done beneath."""
    story: list[str] = []
    with Live(console=console, refresh_per_second=20) as live:
        for view, entries in _frames(record):
            story += [line for entry in entries if (line := tell(entry, record.header["tick_seconds"]))]
            picture = Text.from_ansi(as_text(view, colour=True))
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


def _frames(record: Record) -> Iterator[tuple[KitchenView, list[dict[str, Any]]]]:
    """Views at even distances of kitchen time, each with all entries since the one before."""
    every = max(1, round(FRAME_SECONDS / record.header["tick_seconds"]))
    pending: list[dict[str, Any]] = []
    for tick, (view, entries) in enumerate(replay(record)):
        pending += entries
        if tick % every == 0:
            yield view, pending
            pending = []
