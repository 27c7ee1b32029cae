"""Whether a lesson is kept: it must turn held-out sibling questions right and none wrong.

Siblings are other questions of the same family than those that the teacher was shown. A lesson that fails may be right
in parts: what only ever led to wrong answers is taken out, and what is left is judged anew, on fresh siblings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from brigade.agents.reasoning.questions import Question
from brigade.agents.training.student.lessons import Lesson
from brigade.agents.training.student.reasoner import Attempt
from brigade.agents.training.student.tasks import Exercise


class Student(Protocol):
    """Whoever answers questions with the help of lessons."""

    def attempt(self, question: Question, lessons: Sequence[Lesson] = ()) -> Attempt:
        """Answer a question with the help of these lessons."""


@dataclass(frozen=True)
class Verdict:
    """What siblings say about a lesson."""

    lesson: Lesson
    """As it was judged: without what was taken out."""
    siblings: int
    flips: int
    """Siblings that were wrong without it and are right with it."""
    breaks: int
    """Siblings that were right without it and are wrong with it."""
    taken_out: tuple[str, ...] = ()
    """Facts that only led to wrong answers."""

    @property
    def accepted(self) -> bool:
        """Whether it flips some and breaks none."""
        return self.flips > 0 and self.breaks == 0

    @property
    def reason(self) -> str:
        """In a line."""
        without = f", without {len(self.taken_out)} of its facts" if self.taken_out else ""
        return f"{self.flips} of {self.siblings} siblings turned right, {self.breaks} wrong{without}"


@dataclass(frozen=True)
class _Pair:
    before: bool
    after: bool
    facts: tuple[str, ...]


Known = Callable[[Question], Sequence[Lesson]]
"""The lessons that the student has about a question already."""


def judge(
    student: Student, known: Known, lesson: Lesson, siblings: Callable[[int], Sequence[Exercise]], rounds: int = 3
) -> Verdict:
    """Try a lesson on siblings, and if need be parts of it on further ones.

    Args:
        student: who has to profit.
        known: what it knows already.
        lesson: what it may learn; takes the place of earlier lessons of its author about its topic.
        siblings: fresh held-out questions for each round.
        rounds: times that a lesson is judged; each but the first without what led to wrong answers only.
    """
    taken_out: tuple[str, ...] = ()
    for number in range(rounds):
        exercises = siblings(number)
        pairs = [_pair(student, known, lesson, each) for each in exercises]
        flips = sum(each.after and not each.before for each in pairs)
        breaks = sum(each.before and not each.after for each in pairs)
        verdict = Verdict(lesson, len(pairs), flips, breaks, taken_out)
        bad = _misleading(pairs)
        if verdict.accepted or not bad or number == rounds - 1:
            break
        taken_out += tuple(sorted(bad))
        lesson = lesson.with_facts(fact for fact in lesson.facts if str(fact) not in bad)
        if lesson.is_empty() or not lesson.facts:
            return Verdict(lesson, len(pairs), flips, breaks, taken_out)
    return verdict


def _pair(student: Student, known: Known, lesson: Lesson, exercise: Exercise) -> _Pair:
    question = exercise.question
    have = [each for each in known(question) if (each.author, each.topic) != (lesson.author, lesson.topic)]
    before = student.attempt(question, known(question))
    after = student.attempt(question, [*have, lesson])
    return _Pair(exercise.score(before.answer), exercise.score(after.answer), after.facts)


def _misleading(pairs: Sequence[_Pair]) -> set[str]:
    """Facts that were used in wrong answers and in no right one, and those of questions that they turned wrong."""
    right = {fact for pair in pairs if pair.after for fact in pair.facts}
    wrong = {fact for pair in pairs if not pair.after for fact in pair.facts}
    broke = {fact for pair in pairs if pair.before and not pair.after for fact in pair.facts}
    return (wrong - right) | broke
