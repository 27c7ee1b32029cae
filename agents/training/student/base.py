"""Where lessons are kept: what the loop needs of a store, and one in memory.

`LessonBase` is all that students, teachers and gates ever ask of a store. Lessons are kept in the knowledge base
(brigade.agents.training.student.kept); the one in memory is for what is only compared with. Nothing is deleted: what no
longer holds gets another status.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, Protocol

from brigade.agents.training.student.lessons import Kept, LearnedFact, Lesson, Status, Tally, Trigger

Outcome = Literal["use", "win", "loss"]
"""A lesson was used and made no difference; turned a wrong answer right; turned a right one wrong."""


@dataclass(frozen=True, slots=True)
class Found:
    """A lesson that may be about a question, and how well it fits, 0 to 1."""

    lesson: Lesson
    fit: float
    tally: Tally


class LessonBase(Protocol):
    """A store of lessons and facts."""

    def add_lesson(self, lesson: Lesson, status: Status, reason: str = "") -> None:
        """Keep a lesson, or give one that is there another status.

        An accepted one supersedes the accepted ones of the same author and topic.
        """

    def find(self, question: str, limit: int = 3) -> Sequence[Found]:
        """Accepted lessons about a question, the best fit first."""

    def note(self, lesson: str, outcome: Outcome) -> None:
        """Count what came of a lesson; every outcome is a use, too. Raises KeyError if there is no such lesson."""

    def kept(self) -> Sequence[Kept]:
        """Every lesson, whatever became of it, in the order in which they came."""

    def add_fact(self, fact: LearnedFact) -> None:
        """Know a fact; one that was known about the same is superseded, not lost."""

    def facts(self) -> Sequence[LearnedFact]:
        """Every fact that holds now."""


@dataclass
class InMemoryBase:
    """Lessons and facts in dictionaries.

    The fit is 1 where the trigger's pattern finds something; else the share of the trigger's words that the question
    has, each weighed by how few lessons have it (halved if there is a pattern that finds nothing).
    """

    _lessons: dict[str, Kept] = field(default_factory=dict)
    _facts: dict[tuple[str, tuple[object, ...]], list[LearnedFact]] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Iterable[Kept]) -> InMemoryBase:
        """A store with these lessons as they are, and the facts of the accepted ones."""
        base = cls({each.lesson.id: each for each in kept})
        for each in base.kept():
            if each.status is Status.ACCEPTED:
                for fact in each.lesson.facts:
                    base.add_fact(fact)
        return base

    def add_lesson(self, lesson: Lesson, status: Status, reason: str = "") -> None:
        """See LessonBase.add_lesson."""
        if status is Status.ACCEPTED:
            for name, each in self._lessons.items():
                same = (each.lesson.author, each.lesson.topic) == (lesson.author, lesson.topic)
                if same and each.status is Status.ACCEPTED and name != lesson.id:
                    self._lessons[name] = replace(each, status=Status.SUPERSEDED, reason=f"by {lesson.id}")
        before = self._lessons.get(lesson.id)
        self._lessons[lesson.id] = Kept(lesson, status, before.tally if before else Tally(), reason)

    def find(self, question: str, limit: int = 3) -> Sequence[Found]:
        """See LessonBase.find."""
        return ranked([each for each in self._lessons.values() if each.status is Status.ACCEPTED], question, limit)

    def note(self, lesson: str, outcome: Outcome) -> None:
        """See LessonBase.note."""
        kept = self._lessons[lesson]
        tally = kept.tally
        counted = Tally(tally.uses + 1, tally.wins + (outcome == "win"), tally.losses + (outcome == "loss"))
        self._lessons[lesson] = replace(kept, tally=counted)

    def kept(self) -> Sequence[Kept]:
        """See LessonBase.kept."""
        return list(self._lessons.values())

    def add_fact(self, fact: LearnedFact) -> None:
        """See LessonBase.add_fact."""
        self._facts.setdefault(fact.key, []).append(fact)

    def facts(self) -> Sequence[LearnedFact]:
        """See LessonBase.facts."""
        return [each[-1] for each in self._facts.values()]

    def history(self, name: str, args: tuple[object, ...]) -> Sequence[LearnedFact]:
        """All that was ever known about this, oldest first."""
        return list(self._facts.get((name, args), ()))


def ranked(accepted: Sequence[Kept], question: str, limit: int) -> list[Found]:
    """The lessons that are about a question, the best fit first; see InMemoryBase."""
    counts = Counter(word for each in accepted for word in set(each.lesson.trigger.words))
    weights = {word: math.log(1 + len(accepted) / count) for word, count in counts.items()}
    words = words_of(question)
    found = [Found(each.lesson, _fit(each.lesson.trigger, question, words, weights), each.tally) for each in accepted]
    best = sorted((each for each in found if each.fit > 0), key=lambda each: (-each.fit, -each.tally.worth))
    return best[:limit]


def retire_losers(base: LessonBase, least: int = 4) -> list[Lesson]:
    """Retire accepted lessons that lost more often than they won, once so many uses made a difference; which."""
    retired = []
    for each in base.kept():
        tally = each.tally
        if each.status is Status.ACCEPTED and tally.wins + tally.losses >= least and tally.losses > tally.wins:
            base.add_lesson(each.lesson, Status.RETIRED, f"{tally.wins} wins, {tally.losses} losses")
            retired.append(each.lesson)
    return retired


def words_of(text: str) -> frozenset[str]:
    """The words of a text, in lower case, without numbers."""
    return frozenset(re.findall(r"[a-z][a-z'-]+", text.casefold()))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _fit(trigger: Trigger, question: str, words: frozenset[str], weights: dict[str, float]) -> float:
    if trigger.pattern and _compiled(trigger.pattern).search(question):
        return 1.0
    whole = sum(weights[word] for word in trigger.words)
    share = sum(weights[word] for word in trigger.words if word in words) / whole if whole else 0.0
    return share / 2 if trigger.pattern else 0.99 * share
