"""Exercises and lessons for the tests of the student."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from brigade.agents.reasoning.questions import Question, is_correct
from brigade.agents.training.student.lessons import LearnedFact, Lesson, Trigger
from brigade.agents.training.student.reasoner import Attempt, ReasoningStudent
from brigade.agents.training.student.tasks import Exercise, Part
from brigade.agents.training.student.teaching import Answered

LEGS = {"cat": 4, "hen": 2, "ant": 6, "spider": 8, "snake": 0}


def scored(gold: str, said: str | None) -> bool:
    return is_correct(said, gold)


def exercise(name: str, text: str, gold: str, family: str = "legs") -> Exercise:
    return Exercise(Question(name, text, gold), family, partial(scored, gold))


def legs(name: str, **counts: int) -> Exercise:
    """A question as reasoning-gym asks it."""
    animals = ", ".join(f"{count} {animal}{'s' if count > 1 else ''}" for animal, count in counts.items())
    gold = sum(count * LEGS[animal] for animal, count in counts.items())
    task = "Your task is to count how many legs there are in total."
    return exercise(name, f"{task}\n\nNow, how many legs are there in total if you have {animals}?", str(gold))


def leg_lesson(facts: Mapping[str, int], author: str = "somebody", **more: Any) -> Lesson:
    learned = tuple(LearnedFact("legs", (animal,), count, 0.9, ("q",), author) for animal, count in facts.items())
    trigger = Trigger("how many legs", ("legs", "total"))
    return replace(Lesson("legs", trigger, ("Know the legs.",), (), author, ("q",), learned), **more)


def answered(exercises: Sequence[Exercise], student: ReasoningStudent | None = None) -> list[Answered]:
    """Wrong answers of a student that knows nothing."""
    student = student or ReasoningStudent(None)
    return [
        Answered(each, Attempt(None), False, student.program_for(each.question), "how many legs") for each in exercises
    ]


@dataclass
class Listed:
    """A course of given exercises; every round of a part is the same list."""

    parts: Mapping[str, Sequence[Exercise]]
    families: Sequence[str] = field(default=("legs",))

    def take(self, family: str, part: Part, size: int, round_number: int = 0) -> list[Exercise]:
        return list(self.parts[part])[:size]
