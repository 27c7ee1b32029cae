"""Questions to learn from and to be judged by: families of reasoning-gym by seed, or a file of solved questions.

The seeds of training, sibling and test questions lie far apart, and a question whose text was seen before is left out
of a later part, so that nothing is judged by what it was learned from.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol

from brigade.agents.reasoning.questions import Question, is_correct, read_questions

FAMILIES = (
    "leg_counting",
    "family_relationships",
    "simple_geometry",
    "color_cube_rotation",
    "base_conversion",
    "syllogism",
)
"""Families that mix facts with computing, and for which there is a program; others may be named, too."""
Part = Literal["train", "siblings", "test"]
FIRST_SEED = {"train": 0, "siblings": 1_000_000, "test": 5_000_000}
STRIDE, BAND = 10_000, 100_000_000
"""Seeds between two rounds of a part, and between two seeds of a course; reasoning-gym uses one for each question."""


@dataclass(frozen=True)
class Exercise:
    """A question, the family that it is of, and how an answer to it is scored."""

    question: Question
    family: str
    score: Callable[[str | None], bool] = field(compare=False)

    @property
    def gold(self) -> str:
        """The right answer."""
        return self.question.answer or ""


class Course(Protocol):
    """Where exercises come from."""

    families: Sequence[str]

    def take(self, family: str, part: Part, size: int, round_number: int = 0) -> list[Exercise]:
        """So many exercises of a part; other ones in every round. Fewer where there are no more."""


@dataclass
class GymCourse:
    """Exercises that reasoning-gym makes.

    Args:
        families: names of its data sets.
        seed: shifts all seeds.

    Raises:
        ValueError: reasoning-gym is not installed, or has no such data set.
    """

    families: Sequence[str] = FAMILIES
    seed: int = 0
    _seen: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = _data_sets()
        unknown = [family for family in self.families if family not in known]
        if unknown:
            raise ValueError(f"reasoning-gym has no data set {unknown[0]!r}")

    def take(self, family: str, part: Part, size: int, round_number: int = 0) -> list[Exercise]:
        """See Course.take; a question that came in another part or round before is left out."""
        import reasoning_gym

        first = FIRST_SEED[part] + STRIDE * round_number + BAND * self.seed
        made = reasoning_gym.create_dataset(family, size=size, seed=first)
        own, seen = f"{part} {round_number}", self._seen.setdefault(family, {})
        exercises = []
        for number, entry in enumerate(made):
            text = str(entry["question"])
            if entry["answer"] is not None and seen.setdefault(text, own) == own:
                question = Question(f"{family}:{first + number}", text, str(entry["answer"]))
                exercises.append(Exercise(question, family, partial(_scored, made, entry)))
        return exercises


def _scored(made: Any, entry: Any, said: str | None) -> bool:
    return bool(made.score_answer(said, entry=entry) == 1.0)


def _data_sets() -> Collection[str]:
    try:
        from reasoning_gym.factory import DATASETS
    except ImportError:
        raise ValueError("the families need reasoning-gym: pip install reasoning-gym") from None
    return frozenset(DATASETS)


@dataclass
class FileCourse:
    """The solved questions of a file, in three parts: half to learn from, a quarter each as siblings and as test.

    Raises:
        ValueError: a line is no question, or has no answer.
        OSError: the file cannot be read.
    """

    file: Path
    seed: int = 0
    families: Sequence[str] = field(init=False)
    _parts: dict[str, list[Exercise]] = field(init=False)

    def __post_init__(self) -> None:
        questions = read_questions(self.file)
        unsolved = [each.id for each in questions if each.answer is None]
        if unsolved:
            raise ValueError(f"{self.file}: question {unsolved[0]} has no answer; a student learns from solved ones")
        self.families = (self.file.stem,)
        random.Random(self.seed).shuffle(questions)
        exercises = [Exercise(each, self.file.stem, partial(_alike, each.answer or "")) for each in questions]
        half, more = len(exercises) // 2, len(exercises) * 3 // 4
        self._parts = {"train": exercises[:half], "siblings": exercises[half:more], "test": exercises[more:]}

    def take(self, family: str, part: Part, size: int, round_number: int = 0) -> list[Exercise]:
        """See Course.take."""
        return self._parts[part][round_number * size : (round_number + 1) * size]


def _alike(gold: str, said: str | None) -> bool:
    return is_correct(said, gold)
