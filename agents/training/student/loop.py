"""The loop: the student answers, teachers teach what failed, siblings judge, statistics are kept, and again.

Two stores come out of it: one of what was accepted (with what was not, for people to review), and one that believes
everything at once, as NesyCD's does, to be compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from brigade.agents.reasoning.questions import Question
from brigade.agents.training.student.accepting import Verdict, judge
from brigade.agents.training.student.base import InMemoryBase, LessonBase, retire_losers
from brigade.agents.training.student.gate import Gate, Seen, calibrated
from brigade.agents.training.student.lessons import Lesson, Status
from brigade.agents.training.student.reasoner import Attempt, ReasoningStudent
from brigade.agents.training.student.tasks import Course, Exercise
from brigade.agents.training.student.teaching import Answered, Teacher

LIMIT = 3
"""Lessons that a question is answered with at most."""
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is learned from."""

    questions: int = 40
    """New questions of each family in each round."""
    siblings: int = 30
    """Held-out questions that judge a lesson."""
    rounds: int = 2


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to."""

    family: str
    number: int
    questions: int
    alone: int
    """Questions that the student answered right by itself."""
    helped: int
    """With the lessons that it had before the round."""
    verdicts: tuple[tuple[str, str, str], ...]
    """Of each lesson that was proposed: its author, what became of it, and why."""


@dataclass
class Learned:
    """What came out of the loop."""

    base: LessonBase
    unfiltered: LessonBase
    rounds: list[Round] = field(default_factory=list)
    gate: Gate = field(default_factory=Gate)
    troubles: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    """What the gate is calibrated on."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON, without the lessons."""
        rounds = [asdict(each) for each in self.rounds]
        seen = [asdict(each) for each in self.seen]
        return {"rounds": rounds, "gate": asdict(self.gate), "troubles": self.troubles, "seen": seen}


@dataclass
class Loop:
    """Runs the loop on families of questions."""

    student: ReasoningStudent
    teachers: Sequence[Teacher]
    course: Course
    plan: Plan = Plan()
    progress: OnProgress = lambda *_: None
    base: LessonBase = field(default_factory=InMemoryBase)
    unfiltered: LessonBase = field(default_factory=InMemoryBase)

    def run(self, learned: Learned | None = None, keep: Callable[[Learned], None] = lambda _: None) -> Learned:
        """Learn from every family, round by round.

        Args:
            learned: what an earlier run that was broken off came to; families that it was through with are left out.
            keep: told what has been learned after every family.
        """
        learned = learned or Learned(self.base, self.unfiltered)
        self.base, self.unfiltered = learned.base, learned.unfiltered
        through = {each.family for each in learned.rounds}
        for family in self.course.families:
            if family not in through:
                self._family(family, learned)
                keep(learned)
        return learned

    def _family(self, family: str, learned: Learned) -> None:
        answered: list[Answered] = []
        for number in range(self.plan.rounds):
            exercises = self.course.take(family, "train", self.plan.questions, number)
            if exercises:
                learned.rounds.append(self._round(family, number, exercises, answered, learned.seen))
        retire_losers(self.base)
        learned.gate = calibrated(learned.seen)
        for each in self.teachers:
            learned.troubles += [line for line in getattr(each, "troubles", []) if line not in learned.troubles]

    def _round(
        self, family: str, number: int, exercises: Sequence[Exercise], answered: list[Answered], seen: list[Seen]
    ) -> Round:
        alone = helped = 0
        for done, exercise in enumerate(exercises, 1):
            own, told = self._answer(exercise, seen)
            alone, helped = alone + own.right, helped + told
            answered.append(own)
            self.progress(f"{family}, round {number + 1}: answering", done, len(exercises))
        verdicts = tuple(self._teach(family, number, answered)) if helped < len(exercises) else ()
        return Round(family, number, len(exercises), alone, helped, verdicts)

    def _answer(self, exercise: Exercise, seen: list[Seen]) -> tuple[Answered, bool]:
        """The student's own answer; and whether it was right with its lessons, which is counted for each of them."""
        question = exercise.question
        attempt = self.student.attempt(question)
        right = exercise.score(attempt.answer)
        lessons = self._known(question)
        told = self.student.attempt(question, lessons) if lessons else attempt
        now_right = exercise.score(told.answer)
        count(self.base, told, right, now_right)
        if lessons:  # without any, nothing can be told about when they help
            seen.append(Seen(attempt.confidence if attempt.answer is not None else None, right, now_right))
        family = next((each for each in self.student.families if each.pattern.search(question.text)), None)
        written = self.student.program_for(question)
        pattern = family.pattern.pattern if family is not None else ""
        return Answered(exercise, attempt, right, written, pattern), now_right

    def _known(self, question: Question) -> list[Lesson]:
        return [each.lesson for each in self.base.find(question.text, LIMIT)]

    def _teach(self, family: str, number: int, answered: Sequence[Answered]) -> list[tuple[str, str, str]]:
        verdicts = []
        for teacher in self.teachers:
            self.progress(f"{family}, round {number + 1}: {teacher.name} teaches", 0, 1)
            told = {each.lesson.id for each in self.unfiltered.kept()}
            for lesson in (each for each in teacher.teach(family, answered) if each.id not in told):
                self.unfiltered.add_lesson(lesson, Status.ACCEPTED, "not judged")
                self.progress(f"{family}, round {number + 1}: judging", 0, 1)
                verdict = judge(self.student, self._known, lesson, partial(self._siblings, family, number))
                verdicts.append((lesson.author, str(self._keep(verdict)), verdict.reason))
        return verdicts

    def _siblings(self, family: str, number: int, attempt: int) -> list[Exercise]:
        return self.course.take(family, "siblings", self.plan.siblings, 3 * number + attempt)

    def _keep(self, verdict: Verdict) -> Status:
        """Put a judged lesson into the store: broken ones are rejected, those without any effect wait for a person."""
        status = Status.ACCEPTED if verdict.accepted else Status.REJECTED if verdict.breaks else Status.CANDIDATE
        self.base.add_lesson(verdict.lesson, status, verdict.reason)
        if status is Status.ACCEPTED:
            for fact in verdict.lesson.facts:
                self.base.add_fact(fact)
        return status


def count(base: LessonBase, told: Attempt, before: bool, after: bool) -> None:
    """Count what came of the lessons that an answer rested on."""
    for lesson in told.used:
        base.note(lesson, "win" if after and not before else "loss" if before and not after else "use")
