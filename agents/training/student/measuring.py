"""What lessons are worth on questions that nobody learned from: the student alone, and with lessons in several ways.

Every way answers the same questions. An answer counts if the task's own scorer gives it full marks. Shares come with
Wilson's 95 % interval; what lessons change is counted pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from brigade.agents.reasoning.lmulator.bench.families import wilson
from brigade.agents.reasoning.questions import Question
from brigade.agents.training.student.base import Found, LessonBase
from brigade.agents.training.student.gate import Gate
from brigade.agents.training.student.lessons import Lesson
from brigade.agents.training.student.loop import LIMIT, OnProgress, count
from brigade.agents.training.student.reasoner import Attempt, ReasoningStudent
from brigade.agents.training.student.tasks import Course, Exercise

ALONE = "student alone"
LESSONS = "+ lessons"
GATED = "+ lessons and gate"
UNFILTERED = "+ unfiltered base"
UNFILTERED_GATED = "+ unfiltered base and gate"
WAYS = (ALONE, LESSONS, GATED, UNFILTERED, UNFILTERED_GATED)


@dataclass(frozen=True, slots=True)
class Share:
    """How one way did on one family."""

    family: str
    way: str
    right: int
    count: int
    flips: int
    """Questions that the student alone had wrong and this way right."""
    breaks: int
    """The other way round."""
    looked_up: int
    """Questions for which lessons were used."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share (Wilson)."""
        return wilson(self.right, self.count)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        low, high = self.interval
        return {
            "family": self.family, "way": self.way, "right": self.right, "n": self.count,
            "accuracy": self.right / self.count, "low": low, "high": high,
            "flips": self.flips, "breaks": self.breaks, "looked_up": self.looked_up,
        }  # fmt: skip


@dataclass
class Judged:
    """A student, the stores it may look into, and its gate."""

    student: ReasoningStudent
    base: LessonBase
    unfiltered: LessonBase
    gate: Gate
    _attempts: dict[tuple[str, tuple[str, ...]], Attempt] = field(default_factory=dict)

    def attempt(self, question: Question, lessons: Sequence[Lesson] = ()) -> Attempt:
        """The student's answer; the same question with the same lessons is answered once."""
        key = question.id, tuple(each.id for each in lessons)
        if key not in self._attempts:
            self._attempts[key] = self.student.attempt(question, lessons)
        return self._attempts[key]

    def by(self, way: str, question: Question) -> tuple[Attempt, bool]:
        """The answer in one of the ways, and whether lessons were used for it."""
        lessons = self._lessons(way, question)
        return self.attempt(question, lessons), bool(lessons)

    def _lessons(self, way: str, question: Question) -> list[Lesson]:
        if way == ALONE:
            return []
        found = (self.base if way in (LESSONS, GATED) else self.unfiltered).find(question.text, LIMIT)
        if way in (LESSONS, UNFILTERED):
            return [each.lesson for each in found]
        return self._admitted(question, found)

    def _admitted(self, question: Question, found: Sequence[Found]) -> list[Lesson]:
        return self.gate.choose(self.attempt(question), found)


def measure(
    judged: Judged,
    course: Course,
    size: int,
    *,
    ways: Sequence[str] = WAYS,
    feedback: bool = False,
    progress: OnProgress = lambda *_: None,
) -> list[Share]:
    """Every way on the same test questions of every family.

    Args:
        judged: who is measured.
        course: where the questions come from.
        size: questions of each family.
        ways: which ways.
        feedback: whether uses, wins and losses of accepted lessons are counted in the store.
        progress: told how far it is.
    """
    shares = []
    for family in course.families:
        exercises = course.take(family, "test", size)
        rows: list[dict[str, tuple[bool, bool]]] = []
        for done, exercise in enumerate(exercises, 1):
            rows.append(_row(judged, exercise, ways, feedback))
            progress(f"{family}: test", done, len(exercises))
        if rows:
            shares += [_share(family, way, rows) for way in ways]
    return shares


def _row(judged: Judged, exercise: Exercise, ways: Sequence[str], feedback: bool) -> dict[str, tuple[bool, bool]]:
    row: dict[str, tuple[bool, bool]] = {}
    alone = exercise.score(judged.attempt(exercise.question).answer)
    for way in ways:
        attempt, looked_up = judged.by(way, exercise.question)
        right = exercise.score(attempt.answer)
        row[way] = right, looked_up
        if feedback and way == GATED:
            count(judged.base, attempt, alone, right)
    return row | {ALONE: (alone, False)}


def _share(family: str, way: str, rows: Sequence[dict[str, tuple[bool, bool]]]) -> Share:
    def number(test: Callable[[bool, bool], bool]) -> int:
        return sum(test(row[way][0], row[ALONE][0]) for row in rows)

    return Share(
        family=family,
        way=way,
        right=number(lambda now, before: now),
        count=len(rows),
        flips=number(lambda now, before: now and not before),
        breaks=number(lambda now, before: before and not now),
        looked_up=sum(row[way][1] for row in rows),
    )
