"""What teachers are: they are shown what a student answered, and give lessons. And what all of them use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from brigade.agents.reasoning.lmulator.writing import Written
from brigade.agents.training.student.base import words_of
from brigade.agents.training.student.lessons import Lesson
from brigade.agents.training.student.reasoner import Attempt
from brigade.agents.training.student.tasks import Exercise

WORDS = 24
"""Words of a trigger."""


@dataclass(frozen=True)
class Answered:
    """What the student made of an exercise."""

    exercise: Exercise
    attempt: Attempt
    right: bool
    written: Written | None = None
    """The program that it ran, if any."""
    pattern: str = ""
    """Which questions this program is for, as a regular expression."""


class Teacher(Protocol):
    """Makes lessons of failures."""

    @property
    def name(self) -> str:
        """Who it is, as its lessons say it."""

    def teach(self, family: str, answered: Sequence[Answered]) -> list[Lesson]:
        """Lessons about a family of questions, from what the student has answered of it; perhaps none."""


def telling_words(texts: Iterable[str]) -> tuple[str, ...]:
    """The words that most of the texts share, the most common first."""
    counts: Counter[str] = Counter()
    number = 0
    for text in texts:
        counts.update(words_of(text))
        number += 1
    common = [word for word, count in counts.most_common() if count >= max(1, number / 4)]
    return tuple(sorted(common[:WORDS], key=lambda word: (-counts[word], word)))


def numeric_check(golds: Sequence[str]) -> str:
    """A check that answers are numbers, where all known answers are whole numbers; else none."""
    if not golds or not all(re.fullmatch(r"-?\d+", gold.strip()) for gold in golds):
        return ""
    sign = "" if all(not gold.strip().startswith("-") for gold in golds) else "-?"
    return f'import re\nanswer = re.fullmatch(r"{sign}\\d+(\\.0)?", said.strip()) is not None\n'
