"""What is played in a room: map, seats, pace and length, as plain data that can be kept beside the record."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from brigade.agents.sessions.record import RecordWriter
from brigade.agents.settings import DEFAULT_FAST, DEFAULT_SLOW
from brigade.envs.kitchen import Layout, parse_layout

PERSON = "person"
AGENTS = {
    "hla": "an agent with a Slow and a Fast Mind",
    "script": "the script planner",
    "commander": "a commander that gives orders",
    "random": "a cook that acts at random",
    "idle": "nobody",
}
"""Kinds of cook that a lobby offers besides people, in words."""
AWAY = ("script", "idle")
MIN_DURATION, MAX_DURATION = 5.0, 1800.0
MAX_PACE = 10.0


@dataclass(frozen=True)
class GameSpec:
    """All that determines a game, besides what people do.

    Raises:
        ValueError: it cannot be played; one clear line.
    """

    layout: Layout
    seats: tuple[str, ...]
    """`person` or a kind of cook, one per cook of the kitchen."""
    seed: int = 0
    duration: float = 100.0
    """Seconds."""
    pace: float = 2.5
    """Actions a second of agents."""
    hands: float = 5.0
    """Actions a second of a key that is held."""
    away: str = "script"
    """Who stands in for a person that is gone."""
    pause_typing: bool = False
    """Whether the kitchen waits while somebody types."""
    slow: str = DEFAULT_SLOW
    fast: str = DEFAULT_FAST
    names: tuple[str, ...] = ()
    """What cooks are called on the page."""
    keep_chat: bool = True
    """Whether what people type goes into the record."""
    tick_seconds: float = 0.1
    label: str = ""
    """What a study calls the game."""

    def __post_init__(self) -> None:
        if len(self.seats) != self.layout.cooks:
            raise ValueError(f"{self.layout.name} has {self.layout.cooks} cooks, not {len(self.seats)}")
        if PERSON not in self.seats:
            raise ValueError("a game has at least one person")
        for kind in self.seats:
            if kind != PERSON and kind not in AGENTS:
                raise ValueError(f"unknown kind of cook {kind!r} (known: {PERSON}, {', '.join(AGENTS)})")
            if kind not in (PERSON, "idle") and self.layout.rules != "hla":
                raise ValueError(f"the rule book {self.layout.rules} has no agents: play with a person or nobody")
        for name, value, low, high in (
            ("duration", self.duration, MIN_DURATION, MAX_DURATION),
            ("pace", self.pace, 0.2, MAX_PACE),
            ("hands", self.hands, 0.5, MAX_PACE),
        ):
            if not low <= value <= high:
                raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value:g}")
        if self.away not in AWAY:
            raise ValueError(f"away must be one of {', '.join(AWAY)}, not {self.away!r}")
        if not self.names:
            object.__setattr__(self, "names", tuple(f"Cook {index + 1}" for index in range(len(self.seats))))

    @property
    def thinks(self) -> bool:
        """Whether a cook needs minds."""
        return "hla" in self.seats

    @property
    def can_pause(self) -> bool:
        """Whether the clock may be stopped: only one person plays, and typing pauses."""
        return self.pause_typing and self.seats.count(PERSON) == 1

    @property
    def stand_in(self) -> str:
        """Who stands in for a person, in words."""
        return "the script planner" if self.away == "script" and self.layout.rules == "hla" else "nobody"

    def facts(self) -> dict[str, Any]:
        """What the header of the record says besides the kitchen."""
        cooks = [
            {"kind": kind, "slow": self.slow, "fast": self.fast} if kind == "hla" else {"kind": kind}
            for kind in self.seats
        ]
        options = {"duration": self.duration, "hands": self.hands, "away": self.away, "names": list(self.names)}
        return {"cooks": cooks, "play": options | ({"label": self.label} if self.label else {})}

    def for_pages(self) -> dict[str, Any]:
        """What pages are told; kinds and models of agents only where names do not hide them."""
        hidden = bool(self.label)
        return {
            "map": self.layout.name,
            "rules": self.layout.rules,
            "duration": self.duration,
            "names": list(self.names),
            "seats": ["agent" if hidden and kind != PERSON else kind for kind in self.seats],
            "pauseTyping": self.can_pause,
            "tick": self.tick_seconds,
            "hands": self.hands,
            "study": hidden,
            "layout": json.dumps(self.layout.source_text()),
        }

    def writer(self, record: Path | None, people: Collection[int], *, go_on: bool = False) -> RecordWriter:
        """What writes the record."""
        if self.keep_chat:
            return RecordWriter(record, go_on=go_on)
        return DiscreetWriter(record, people, go_on=go_on)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"layout": self.layout.source_text()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> GameSpec:
        """The game that `to_dict` described.

        Raises:
            ValueError: it does not describe one.
        """
        try:
            layout = parse_layout(json.dumps(data["layout"]))
            lists = {key: tuple(data[key]) for key in ("seats", "names")}
            return cls(**(data | lists | {"layout": layout}))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a game: {error}") from None


class DiscreetWriter(RecordWriter):
    """Leaves out what people typed: their messages stay in the record without their words.

    Args:
        file: the record.
        people: cooks that are played by people.
        go_on: see RecordWriter.
    """

    def __init__(self, file: Path | None, people: Collection[int], *, go_on: bool = False) -> None:
        super().__init__(file, go_on=go_on)
        self._people = frozenset(people)

    def write(self, kind: str, **entry: Any) -> None:
        """Append an entry, without words that people typed."""
        if kind == "message" and entry["cook"] in self._people:
            entry["text"] = ""
        if kind == "intent":
            entry["message"] = ""
        if kind == "decision" and '"' in entry.get("saw", ""):  # a message not yet understood is quoted
            before, _, _ = entry["saw"].partition('"')
            entry["saw"] = f'{before}""'
        super().write(kind, **entry)
