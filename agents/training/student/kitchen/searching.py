"""The teacher's comparisons: at decisions of the student, what other kinds of macro action would have been worth.

The search that values macro actions is the one that teaches the Fast Mind. Every comparison is a solved example: the
features of the moment, what the student would do, and the advantage of each alternative in points.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from brigade.agents.hierarchy.executor import Executor, Macro, Surroundings
from brigade.agents.hierarchy.imagination import Actor, Player, play, turn_ticks
from brigade.agents.hierarchy.specialists import Blocker
from brigade.agents.training.fast.companions import KINDS, companion, imagined
from brigade.agents.training.fast.kitchens import Split, kitchen_named
from brigade.agents.training.fast.teacher import Search, Teacher
from brigade.agents.training.student.kitchen.features import moment_features
from brigade.agents.training.student.kitchen.planner import LessonedPlanner
from brigade.envs.kitchen import HlaKitchen, HlaView
from brigade.envs.kitchen.hla import kernel

SEARCH = Search(horizon=30.0, futures=5, caution=0.0)
"""No caution: advantages are averaged over many moments, and must not be biased."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A kind of macro action that could have begun instead."""

    verb: str
    advantage: float
    """Points over what the student would do, as the search sees it."""
    margin: float
    """By how much the planner scores its own choice higher."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A moment at which the student has to decide."""

    id: str
    map: str
    usual: str
    """The kind of macro action that the student would begin."""
    features: dict[str, float]
    alternatives: tuple[Alternative, ...]


@dataclass
class _Questioner:
    """Cooks as the student would and has the teacher compare some of its decisions."""

    planner: LessonedPlanner
    teacher: Teacher
    generator: random.Random
    share: float
    where: str
    map: str
    found: list[Comparison] = field(default_factory=list)

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.planner.watch(view)
        self.teacher.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """The student's choice."""
        avoided = list(avoid)
        usual = self.planner.choose(view, avoided)
        if usual is not None and self.generator.random() < self.share:
            self._compare(view, usual, avoided)
        return usual

    def _compare(self, view: HlaView, usual: Macro, avoid: list[Macro]) -> None:
        here = Surroundings(view, self.planner.cook)
        options = self.planner.options(here, usual, avoid)
        if not options:
            return
        values = self.teacher.values(view, [usual, *(option.macro for option in options.values())], avoid)
        alternatives = tuple(
            Alternative(str(verb), values[option.macro] - values[usual], option.margin)
            for verb, option in options.items()
        )
        features = moment_features(here, self.planner.script.still(view), self.planner.seen)
        name = f"{self.where}:{view.tick}"
        self.found.append(Comparison(name, self.map, str(usual.verb), features, alternatives))


@dataclass(frozen=True, slots=True)
class Scene:
    """An episode: a kitchen, orders, which cook is the student, and a partner."""

    map: str
    seed: int
    cook: int
    partner: str


def scene_of(split: Split, episode: int) -> Scene:
    """An episode of a split; the same for whoever cooks in it."""
    name, seed = split.kitchen(episode)
    generator = random.Random(f"student {split.name} {episode}")
    return Scene(name, seed, generator.randrange(kitchen_named(name).cooks), generator.choice(KINDS))


def compared(scene: Scene, student: LessonedPlanner, share: float, search: Search = SEARCH) -> list[Comparison]:
    """Cook an episode as the student and compare about this share of its decisions.

    Args:
        scene: where.
        student: its lessons and gate; another one is made for the place it has in the scene.
        share: of the decisions.
        search: how far the teacher looks.
    """
    kitchen, others = _start(scene)
    pace = kitchen.layout.pace
    imaginable = {index: partial(imagined, scene.partner, it, pace, scene.seed) for index, it in others.items()}
    questioner = _Questioner(
        replace(student, cook=scene.cook, pace=pace),
        Teacher(scene.cook, pace, search, scene.seed, imaginable),
        random.Random(f"compared {scene.seed}"),
        share,
        f"{scene.map}:{scene.seed}",
        scene.map,
    )
    _cook(kitchen, scene, Player(Executor(scene.cook, seed=scene.seed), questioner), others)
    return questioner.found


def score_of(scene: Scene, student: LessonedPlanner) -> tuple[int, LessonedPlanner]:
    """The score of an episode with this student, and the student afterwards."""
    kitchen, others = _start(scene)
    planner = replace(student, cook=scene.cook, pace=kitchen.layout.pace, used={})
    _cook(kitchen, scene, Player(Executor(scene.cook, seed=scene.seed), planner), others)
    return int(kitchen.state.vector[kernel.SCORE]), planner


def _start(scene: Scene) -> tuple[HlaKitchen, dict[int, Player | Blocker]]:
    layout = kitchen_named(scene.map)
    kitchen = HlaKitchen(layout)
    kitchen.reset(scene.seed)
    others = {
        index: companion(scene.partner, index, layout.pace, scene.seed)
        for index in range(layout.cooks)
        if index != scene.cook
    }
    return kitchen, others


def _cook(kitchen: HlaKitchen, scene: Scene, own: Player, others: Mapping[int, Actor]) -> None:
    rules = kitchen.rules
    players: list[Actor] = [own if index == scene.cook else others[index] for index in range(kitchen.layout.cooks)]
    play(rules, kitchen.state, players, turn_ticks(kitchen.layout.pace, rules.tick_seconds, rules.horizon))
