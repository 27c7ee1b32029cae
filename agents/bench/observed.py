"""What a record shows of the agent: what it completed and when, what it said, and the moments themselves.

What counts as completed is what happened in the kitchen (`deeds`), so that agents with and without an Executor are
judged alike. Knows no demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from brigade.agents.hierarchy.deeds import deeds
from brigade.agents.hierarchy.executor import Macro
from brigade.agents.sessions.record import read_record, replay
from brigade.envs.kitchen import HlaView

AGENT = 0
"""The number of the cook that is judged."""


@dataclass(frozen=True)
class Observed:
    """The agent's part in a session; times in seconds."""

    views: tuple[HlaView, ...]
    """Every moment, the first at the start."""
    deeds: tuple[tuple[float, Macro], ...]
    """What it completed, in order."""
    begun: tuple[tuple[float, float, str], ...]
    """Macro actions of its Executor: from, until, name; none without an Executor."""
    said: tuple[tuple[float, str], ...]
    """What it said."""
    tick_seconds: float

    def since(self, name: str, at: float) -> float:
        """From when on a macro action counts for what is said at a time: one already under way counts, too."""
        return min((begin for begin, end, macro in self.begun if macro == name and begin <= at <= end), default=at)

    def times(self, name: str, at: float) -> list[float]:
        """When a macro action was completed, for what was said at a time."""
        begin = self.since(name, at)
        return [when for when, macro in self.deeds if macro.name == name and when >= begin]

    def count(self, name: str, at: float, until: float) -> int:
        """How often it was completed by some time, for what was said at another."""
        return sum(when <= until + 1e-9 for when in self.times(name, at))

    def met(self, counts: Mapping[str, int], at: float) -> float | None:
        """When all of this had been completed so often, for what was said at a time; None for never."""
        found = [self.times(name, at)[count - 1 : count] for name, count in counts.items()]
        return max((when for each in found for when in each), default=at) if all(found) else None

    def view(self, at: float) -> HlaView:
        """The moment at a time."""
        return self.views[min(round(at / self.tick_seconds), len(self.views) - 1)]

    def started(self, name: str, done: float) -> float:
        """When it began what it completed at a time; without an Executor, when it had completed the thing before."""
        spans = [begin for begin, end, macro in self.begun if macro == name and begin <= done <= end + 1e-9]
        before = [when for when, _ in self.deeds if when < done]
        return max(spans, default=max(before, default=0.0))


def observe(file: Path) -> Observed:
    """What the record in a file shows.

    Raises:
        RecordError: it is no record, or does not replay.
    """
    record = read_record(file)
    tick: float = record.header["tick_seconds"]
    views = tuple(view for view, _ in replay(record) if isinstance(view, HlaView))
    joints = [entry["actions"] for entry in record.entries if entry["type"] == "tick"]
    own = [entry for entry in record.entries if entry.get("cook") == AGENT]
    return Observed(
        views=views,
        deeds=tuple((when * tick, macro) for when, macro in deeds(views, joints, AGENT)),
        begun=tuple((e["begun"] * tick, e["tick"] * tick, e["macro"]) for e in own if e["type"] == "macro"),
        said=tuple((e["tick"] * tick, e["text"]) for e in own if e["type"] == "message"),
        tick_seconds=tick,
    )
