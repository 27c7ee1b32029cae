"""Whole episodes decide: with a lesson and without it, in the same kitchens, with the same orders and partners.

Scores depend on chance, so "turns some right and none wrong" becomes: better on average by more than chance explains
(one-sided 95 %), and in no kitchen worse by more than chance explains.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from brigade.agents.training.student.kitchen.planner import LessonedPlanner
from brigade.agents.training.student.kitchen.searching import Scene, score_of
from brigade.agents.training.student.lessons import Lesson

Z = 1.645
LOOKS = (0.34, 1.0)
"""Shares of the episodes after which is looked whether to go on: a lesson that does not gain by then is done with."""
LEAST_EPISODES = 4
"""Episodes in a kitchen from which it is judged by itself."""


@dataclass(frozen=True, slots=True)
class KitchenVerdict:
    """What episodes say about a lesson."""

    episodes: int
    better: int
    worse: int
    gain: float
    """Points an episode."""
    error: float
    """Standard error of the gain."""
    broken: tuple[str, ...]
    """Kitchens in which it loses."""

    @property
    def accepted(self) -> bool:
        """Whether it gains surely and loses nowhere surely."""
        return self.better > 0 and self.gain > Z * self.error and not self.broken

    @property
    def reason(self) -> str:
        """In a line."""
        lost = f", loses in {', '.join(self.broken)}" if self.broken else ""
        changed = f"{self.better} of {self.episodes} episodes better, {self.worse} worse"
        return f"{changed}, {self.gain:+.2f} ± {self.error:.2f} points an episode{lost}"


@dataclass
class Stage:
    """Plays episodes, each once with the same lessons."""

    _scores: dict[tuple[Scene, tuple[str, ...], float], tuple[int, dict[str, int]]] = field(default_factory=dict)

    def score(self, scene: Scene, student: LessonedPlanner) -> int:
        """The score of a scene with this student."""
        return self.played(scene, student)[0]

    def played(self, scene: Scene, student: LessonedPlanner) -> tuple[int, dict[str, int]]:
        """The score, and how often each lesson changed the plan."""
        key = scene, tuple(each.id for each in student.lessons), student.margin
        if key not in self._scores:
            score, after = score_of(scene, student)
            self._scores[key] = score, after.used
        return self._scores[key]

    def judge(self, student: LessonedPlanner, lesson: Lesson, scenes: Sequence[Scene]) -> KitchenVerdict:
        """Whether a student is better with one lesson more."""
        taught = replace(student, lessons=[*student.lessons, lesson])
        differences: list[tuple[str, int]] = []
        for share in LOOKS:
            further = scenes[len(differences) : math.ceil(share * len(scenes))]
            differences += [(scene.map, self.score(scene, taught) - self.score(scene, student)) for scene in further]
            verdict = _verdict(differences)
            if verdict.gain <= 0:
                break
        return verdict


def _verdict(differences: Sequence[tuple[str, int]]) -> KitchenVerdict:
    values = np.array([difference for _, difference in differences], dtype=float)
    by_map: dict[str, list[int]] = defaultdict(list)
    for name, difference in differences:
        by_map[name].append(difference)
    broken = [name for name, there in by_map.items() if len(there) >= LEAST_EPISODES and _surely_negative(there)]
    error = float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.inf
    better, worse = int((values > 0).sum()), int((values < 0).sum())
    return KitchenVerdict(len(values), better, worse, float(values.mean()), error, tuple(sorted(broken)))


def _surely_negative(values: Sequence[int]) -> bool:
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return mean + Z * error < 0
