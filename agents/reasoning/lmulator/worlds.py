"""One course that a run can take: which program, which answers so far, and where it stands.

Where samples disagree the run forks, and each fork is a world of its own, with a share of the votes. A world that
starts over (after a repair, or to make a line ask) gives the same answers to the same queries and pays for none twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from brigade.agents.reasoning.lmulator.queries import Answer
from brigade.agents.reasoning.lmulator.records import Event, Noted
from brigade.agents.reasoning.lmulator.rewriting import Options


@dataclass
class World:
    """A course of a run."""

    program: str
    options: Options
    answers: dict[str, Answer] = field(default_factory=dict)
    """By the key of the query."""
    events: list[Event] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    """What was done to the program; they outlive a new start."""
    weight: float = 1.0
    snapshot: bytes | None = None
    """The paused program, if it is to go on from there."""
    repairs: int = 0
    restarts: int = 0

    def fork(self, key: str, answer: Answer, weight: float, snapshot: bytes) -> World:
        """The same course up to here, with another answer to the query of this key."""
        return replace(
            self,
            answers={**self.answers, key: answer},
            events=list(self.events),
            notes=list(self.notes),
            weight=weight,
            snapshot=snapshot,
        )
