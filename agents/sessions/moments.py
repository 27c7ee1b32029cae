"""A record as somebody watches it: at each tick the kitchen, where cooks look, what they say and what they are about.

Knows nothing of how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brigade.agents.sessions.record import Record, replay
from brigade.envs.kitchen import KitchenView, rule_book
from brigade.envs.kitchen.render import Heading, Scene, draw, turned


@dataclass(frozen=True)
class Moment:
    """What there is to see and hear after one tick."""

    view: KitchenView
    entries: tuple[dict[str, Any], ...]
    """What was noted since the moment before."""
    facing: Mapping[int, Heading]
    speech: Mapping[int, str]
    """What each cook is saying."""
    doing: Mapping[int, str]
    """The macro action that each cook is carrying out."""

    def scene(self) -> Scene:
        """The drawing."""
        return draw(self.view, facing=self.facing, speech=self.speech, doing=self.doing)


def moments(record: Record, *, speech_seconds: float = 4.0) -> Iterator[Moment]:
    """The moment at the start and after every tick.

    Args:
        record: what happened.
        speech_seconds: how long one sees what somebody said, unless they say something else.

    Raises:
        RecordError: the record is broken, or a state differs from the one recorded.
    """
    joints = [entry.get("actions", ()) for entry in record.entries if entry["type"] == "tick"]
    facing: dict[int, Heading] = {}
    said: dict[int, tuple[str, float]] = {}
    doing: dict[int, str] = {}
    actions: tuple[str, ...] = ()
    for tick, (view, entries) in enumerate(replay(record)):
        if not actions:
            actions = rule_book(view.layout, tick_seconds=record.header["tick_seconds"]).actions
        if tick:
            facing = turned(facing, actions, joints[tick - 1])
        for entry in entries:
            _note(entry, view.seconds + speech_seconds, said, doing)
        said = {cook: (text, until) for cook, (text, until) in said.items() if until > view.seconds}
        speech = {cook: text for cook, (text, _) in said.items()}
        yield Moment(view, tuple(entries), facing, speech, dict(doing))


def _note(entry: dict[str, Any], until: float, said: dict[int, tuple[str, float]], doing: dict[int, str]) -> None:
    """Take an entry of the record into account."""
    match entry:
        case {"type": "message", "cook": int(cook), "text": str(text)}:
            said[cook] = text, until
        case {"type": "decision", "cook": int(cook), "macro": str(macro)}:
            doing[cook] = macro
        case {"type": "macro", "cook": int(cook), "macro": str(macro)} if doing.get(cook) == macro:
            del doing[cook]
        case _:
            pass
