"""A record as a page plays it back: every moment as a frame, with what was said."""

from __future__ import annotations

from typing import Any

from brigade.agents.hierarchy.executor import macro_of
from brigade.agents.sessions.moments import moments
from brigade.agents.sessions.play import frames
from brigade.agents.sessions.record import Record, RecordError

MAX_TICKS = 20_000
MAX_RECORD = 4_000_000
"""Characters of the longest record that a page may send in."""


def for_page(record: Record) -> dict[str, Any]:
    """All frames of a record; what lies about is only said when it changes.

    Raises:
        RecordError: it is too long, is broken, or does not replay to the states recorded.
    """
    if record.ticks > MAX_TICKS:
        raise RecordError(f"{record.source}: {record.ticks} ticks are too many to play back (at most {MAX_TICKS})")
    looks, needed = frames.Looks(), set[int]()
    played: list[dict[str, Any]] = []
    layout, before = None, None
    for moment in moments(record):
        layout = moment.view.layout
        doing = [_macro(moment.doing.get(cook)) for cook in range(layout.cooks)]
        seen, used = frames.moment(moment.view, moment.facing, doing, looks)
        needed |= used
        seen["left"] = round(max(0.0, moment.view.duration - moment.view.seconds), 2)
        seen["speech"] = {str(cook): text for cook, text in moment.speech.items()}
        lying = seen["things"]
        if lying == before:
            del seen["things"]
        before = lying
        played.append(seen)
    if layout is None:
        raise RecordError(f"{record.source}: holds nothing to play back")
    play = record.header.get("play", {})
    names = play.get("names") if isinstance(play, dict) else None
    return {
        "map": layout.name,
        "tick": record.header["tick_seconds"],
        "names": names or [f"Cook {index + 1}" for index in range(layout.cooks)],
        "kitchen": frames.kitchen(layout),
        "looks": looks.drawings(needed),
        "frames": played,
        "said": [
            {"tick": entry["tick"], "cook": entry["cook"], "text": entry["text"]}
            for entry in record.entries
            if entry["type"] == "message" and {"tick", "cook", "text"} <= set(entry)
        ],
    }


def _macro(name: str | None) -> Any:
    try:
        return macro_of(name) if name else None
    except ValueError:
        return None
