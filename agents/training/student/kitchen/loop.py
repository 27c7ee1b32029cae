"""The loop in the kitchen: the student cooks, the search says what would have been better, episodes judge lessons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from brigade.agents.training.fast.kitchens import TRAIN, VALIDATION
from brigade.agents.training.student.base import InMemoryBase, LessonBase, Outcome
from brigade.agents.training.student.kitchen.inducing import lessons_from
from brigade.agents.training.student.kitchen.judging import KitchenVerdict, Stage
from brigade.agents.training.student.kitchen.planner import SURE, LessonedPlanner
from brigade.agents.training.student.kitchen.searching import SEARCH, Comparison, compared, scene_of
from brigade.agents.training.student.lessons import Lesson, Status

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class KitchenPlan:
    """How much is learned from."""

    comparisons: int = 400
    """Decisions that the search looks at."""
    share: float = 0.3
    """Of the decisions of an episode."""
    episodes: int = 120
    """Of held-out kitchens, to judge each lesson."""
    seed: int = 0
    """First episode, in thousands."""


@dataclass
class KitchenLearned:
    """What came out."""

    base: LessonBase
    unfiltered: LessonBase
    margin: float
    comparisons: int
    verdicts: list[tuple[str, str, str]] = field(default_factory=list)
    """Of each lesson: what it says, what became of it, and why."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON, without the lessons."""
        return {"comparisons": self.comparisons, "gate": {"margin": self.margin}, "verdicts": self.verdicts}


def learn(plan: KitchenPlan, progress: OnProgress = lambda *_: None, base: LessonBase | None = None) -> KitchenLearned:
    """Compare decisions in kitchens to learn in, induce lessons, judge each on whole episodes in other kitchens."""
    comparisons = gather(plan, progress)
    learned = KitchenLearned(base or InMemoryBase(), InMemoryBase(), SURE, len(comparisons))
    stage, student = Stage(), LessonedPlanner(0)
    scenes = [scene_of(VALIDATION, 1000 * plan.seed + number) for number in range(plan.episodes)]
    proposed = lessons_from(comparisons)
    for number, lesson in enumerate(proposed):
        progress("judging lessons", number, len(proposed))
        learned.unfiltered.add_lesson(lesson, Status.ACCEPTED, "not judged")
        verdict = stage.judge(student, lesson, scenes)
        status = _keep(learned.base, lesson, verdict)
        learned.verdicts.append((lesson.summary[0], str(status), verdict.reason))
        if status is Status.ACCEPTED:
            student = replace(student, lessons=[*student.lessons, lesson])
    learned.margin = best_margin(comparisons, student.lessons)
    return learned


def gather(plan: KitchenPlan, progress: OnProgress = lambda *_: None) -> list[Comparison]:
    """Comparisons of the student without lessons."""
    found: list[Comparison] = []
    episode = 1000 * plan.seed
    while len(found) < plan.comparisons:
        found += compared(scene_of(TRAIN, episode), LessonedPlanner(0), plan.share, SEARCH)
        episode += 1
        progress("comparing decisions", min(len(found), plan.comparisons), plan.comparisons)
    return found[: plan.comparisons]


def best_margin(comparisons: Sequence[Comparison], lessons: Sequence[Lesson]) -> float:
    """The gate's margin under which these lessons would have gained most; of equals, the one that hears them least."""
    heard = [
        (other.margin, other.advantage)
        for each in comparisons
        for lesson in lessons
        for other in each.alternatives
        if other.verb == lesson.advice[0].do and applies_to(lesson, each)
    ]
    bounds = sorted({round(margin + 1e-6, 6) for margin, _ in heard})

    def gained(bound: float) -> float:
        return sum(advantage for margin, advantage in heard if margin < bound)

    best = max([0.0, *bounds], key=lambda bound: (gained(bound), -bound))
    return SURE if bounds and best == bounds[-1] else best


def applies_to(lesson: Lesson, comparison: Comparison) -> bool:
    """Whether a lesson is about a moment that was compared."""
    usual = lesson.advice[0].rather_than == comparison.usual
    return usual and all(each.holds(comparison.features[each.feature]) for each in lesson.trigger.conditions)


def _keep(base: LessonBase, lesson: Lesson, verdict: KitchenVerdict) -> Status:
    status = Status.ACCEPTED if verdict.accepted else Status.REJECTED if verdict.gain < 0 else Status.CANDIDATE
    base.add_lesson(lesson, status, verdict.reason)
    if status is Status.ACCEPTED:
        outcomes: tuple[tuple[Outcome, int], ...] = (("win", verdict.better), ("loss", verdict.worse))
        for outcome, times in outcomes:
            for _ in range(times):
                base.note(lesson.id, outcome)
    return status


def accepted_advice(base: LessonBase) -> list[Lesson]:
    """The accepted lessons with advice for the kitchen, in the order in which they came."""
    kept = [each.lesson for each in base.kept() if each.status is Status.ACCEPTED]
    return [lesson for lesson in kept if lesson.advice]
