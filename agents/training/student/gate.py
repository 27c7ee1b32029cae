"""Whether to look anything up, decided for each question: by how sure the student is, and how well a lesson fits.

Source: NesyCD's adaptive retrieval, whose released gate measures the margin of the first tokens on a prompt that holds
the task's description and never the question, against a fixed threshold. Here the student answers the question first,
and the threshold is chosen on questions to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brigade.agents.training.student.base import Found
from brigade.agents.training.student.lessons import Lesson
from brigade.agents.training.student.reasoner import Attempt

NEVER, ALWAYS = 0.0, 1.01
"""Thresholds at which nothing, and at which everything is looked up."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Lessons are used where the student is less sure than this, and of those the ones that fit and have not lost."""

    sure: float = 0.9
    """From this confidence on, the student keeps its own answer; one that cannot tell is never sure."""
    least_fit: float = 0.5
    least_worth: float = 0.4
    """Expected share of wins among uses that made a difference."""

    def choose(self, alone: Attempt, found: Sequence[Found]) -> list[Lesson]:
        """The lessons to use for a question, given the student's own attempt; none: the attempt stands."""
        if alone.answer is not None and alone.confidence is not None and alone.confidence >= self.sure:
            return []
        return [each.lesson for each in found if each.fit >= self.least_fit and each.tally.worth >= self.least_worth]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question to learn from: how sure the student was alone, and who was right."""

    confidence: float | None
    alone: bool
    helped: bool


def calibrated(seen: Sequence[Seen]) -> Gate:
    """The gate that would have been right most often; of equals, the one that looks up least; else the usual one."""
    if not seen:
        return Gate()
    told = sorted({each.confidence for each in seen if each.confidence is not None})
    thresholds = [NEVER, *told, ALWAYS]

    def right(threshold: float) -> int:
        keeps = [each.confidence is not None and each.confidence >= threshold for each in seen]
        return sum(each.alone if keep else each.helped for each, keep in zip(seen, keeps, strict=True))

    return Gate(sure=max(thresholds, key=lambda threshold: (right(threshold), -threshold)))
