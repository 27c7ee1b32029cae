"""What lessons are worth in kitchens that nobody learned from: whole episodes, the same ones for every way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from brigade.agents.sessions.report import mean_interval
from brigade.agents.training.fast.kitchens import TEST
from brigade.agents.training.student.base import LessonBase
from brigade.agents.training.student.kitchen.judging import Stage
from brigade.agents.training.student.kitchen.loop import accepted_advice
from brigade.agents.training.student.kitchen.planner import LessonedPlanner
from brigade.agents.training.student.kitchen.searching import Scene, scene_of
from brigade.agents.training.student.measuring import ALONE, GATED, LESSONS, UNFILTERED, UNFILTERED_GATED

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class KitchenScores:
    """The scores of one way, episode by episode."""

    way: str
    lessons: int
    scores: tuple[int, ...]
    alone: tuple[int, ...]
    """Of the student alone in the same episodes."""
    changed: int
    """Decisions that lessons changed."""

    @property
    def differences(self) -> list[float]:
        """Points more than alone, episode by episode."""
        return [float(now - before) for now, before in zip(self.scores, self.alone, strict=True)]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "way": self.way, "lessons": self.lessons, "episodes": len(self.scores),
            "score_mean": float(np.mean(self.scores)), "score_ci95": mean_interval([float(s) for s in self.scores]),
            "gain_mean": float(np.mean(self.differences)), "gain_ci95": mean_interval(self.differences),
            "better": sum(d > 0 for d in self.differences), "worse": sum(d < 0 for d in self.differences),
            "changed_decisions": self.changed,
        }  # fmt: skip


def measure(
    base: LessonBase,
    unfiltered: LessonBase,
    margin: float,
    episodes: int,
    seed: int = 0,
    progress: OnProgress = lambda *_: None,
) -> list[KitchenScores]:
    """Every way in the same test episodes.

    Args:
        base: what was accepted.
        unfiltered: everything that was proposed.
        margin: the gate's.
        episodes: how many, in the 24 variations of the test split.
        seed: shifts the episodes, in thousands.
        progress: told how far it is.
    """
    kept, everything = accepted_advice(base), accepted_advice(unfiltered)
    students = {
        ALONE: LessonedPlanner(0),
        LESSONS: LessonedPlanner(0, lessons=kept),
        GATED: LessonedPlanner(0, lessons=kept, margin=margin),
        UNFILTERED: LessonedPlanner(0, lessons=everything),
        UNFILTERED_GATED: LessonedPlanner(0, lessons=everything, margin=margin),
    }
    scenes = unseen_scenes(episodes, seed)
    stage, rows = Stage(), dict[str, list[tuple[int, int]]]()
    for number, scene in enumerate(scenes, 1):
        for way, student in students.items():
            score, used = stage.played(scene, student)
            rows.setdefault(way, []).append((score, sum(used.values())))
        progress("episodes in unseen kitchens", number, len(scenes))
    alone = tuple(score for score, _ in rows[ALONE])
    return [
        KitchenScores(
            way,
            len(students[way].lessons),
            tuple(score for score, _ in there),
            alone,
            sum(changed for _, changed in there),
        )
        for way, there in rows.items()
    ]


def unseen_scenes(episodes: int, seed: int) -> Sequence[Scene]:
    """Episodes in kitchens that nobody learned from or was judged in: variations of the test split only."""
    found, number = list[Scene](), 1000 * seed
    while len(found) < episodes:
        scene = scene_of(TEST, number)
        if scene.map.startswith("variation-"):
            found.append(scene)
        number += 1
    return found
