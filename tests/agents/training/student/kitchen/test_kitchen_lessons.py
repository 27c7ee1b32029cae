"""Lessons for the kitchen: induced where the advantage is, heard where they apply, judged by episodes."""

from __future__ import annotations

import random
from dataclasses import replace

from brigade.agents.hierarchy.executor import Surroundings
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.training.fast.kitchens import TEST, TRAIN, VALIDATION
from brigade.agents.training.fast.teacher import Search
from brigade.agents.training.student.kitchen.features import Watcher, moment_features
from brigade.agents.training.student.kitchen.inducing import lessons_from
from brigade.agents.training.student.kitchen.judging import KitchenVerdict, Stage
from brigade.agents.training.student.kitchen.loop import best_margin
from brigade.agents.training.student.kitchen.measuring import unseen_scenes
from brigade.agents.training.student.kitchen.planner import SURE, LessonedPlanner
from brigade.agents.training.student.kitchen.searching import (
    Alternative,
    Comparison,
    Scene,
    compared,
    scene_of,
    score_of,
)
from brigade.agents.training.student.lessons import Advice, Condition, Lesson, Trigger
from scenes import arrange


def advice(do: str, rather_than: str, *conditions: Condition) -> Lesson:
    trigger = Trigger(conditions=conditions)
    return Lesson(f"{do} rather than {rather_than}", trigger, (), (), "test", (), advice=(Advice(do, rather_than),))


def moment(number: int, pots: float, advantage: float, margin: float = 0.2) -> Comparison:
    features = {"own pots": pots, "noise": float(number % 7)}
    return Comparison(str(number), f"map {number % 5}", "Chop", features, (Alternative("Plate", advantage, margin),))


def test_a_lesson_is_found_where_the_advantage_is_and_nowhere_else() -> None:
    chance = random.Random(0)
    moments = [moment(n, pots=n % 3, advantage=chance.gauss(3 if n % 3 == 2 else -3, 1)) for n in range(120)]
    (lesson,) = lessons_from(moments)
    assert lesson.advice == (Advice("Plate", "Chop"),)
    assert lesson.trigger.conditions[0] == Condition("own pots", ">=", 2.0)
    assert set(lesson.sources) <= {each.id for each in moments if each.features["own pots"] == 2}


def test_there_is_no_lesson_where_the_plan_is_as_good() -> None:
    chance = random.Random(1)
    assert lessons_from([moment(n, n % 3, chance.gauss(-2, 1)) for n in range(120)]) == []
    assert lessons_from([moment(n, n % 3, 5.0) for n in range(8)]) == []


def test_the_gate_s_margin_keeps_what_gained() -> None:
    gains = [moment(n, 1, 2.0, margin=0.1) for n in range(5)]
    losses = [moment(n, 1, -2.0, margin=0.5) for n in range(5)]
    lesson = advice("Plate", "Chop")
    assert 0.1 < best_margin([*gains, *losses], [lesson]) < 0.5
    assert best_margin(gains, [lesson]) == SURE
    assert best_margin(losses, [lesson]) == 0


SQUARES = {(0, 2): "CookedLettuce-CookedTomato", (0, 3): "ChoppedOnion"}


def test_advice_is_followed_where_it_applies_and_the_gate_lets_it() -> None:
    view = arrange("ring", squares=SQUARES).view()
    usual = LessonedPlanner(0).choose(view)
    assert usual is not None
    rather = advice("Chop" if usual.verb != "Chop" else "Plate", str(usual.verb))
    told = LessonedPlanner(0, lessons=[rather])
    followed = told.choose(view)
    assert followed is not None
    assert followed.verb == rather.advice[0].do
    assert told.used == {rather.id: 1}
    assert replace(told, margin=0.0).choose(view) == usual
    never = advice(rather.advice[0].do, str(usual.verb), Condition("own pots", ">=", 99))
    assert LessonedPlanner(0, lessons=[never]).choose(view) == usual


def test_what_the_partner_wants_goes_before_any_lesson() -> None:
    view = arrange("ring", squares=SQUARES).view()
    usual = LessonedPlanner(0).choose(view)
    assert usual is not None
    told = LessonedPlanner(0, lessons=[advice("Chop" if usual.verb != "Chop" else "Plate", str(usual.verb))])
    wanted = Agenda((OpenDemand(Demand(usual, 1)),))
    assert told.choose(view, agenda=wanted) == usual


def test_features_tell_layouts_and_moments_apart() -> None:
    here = Surroundings(arrange("ring", squares=SQUARES).view(), 0)
    features = moment_features(here, frozenset(), Watcher(0))
    empty = moment_features(Surroundings(arrange("ring").view(), 0), frozenset({1}), Watcher(0))
    split = moment_features(Surroundings(arrange("partition").view(), 0), frozenset(), Watcher(0))
    assert (features["chopped pieces"], empty["chopped pieces"]) == (1, 0)
    assert (features["partner stands still"], empty["partner stands still"]) == (0, 1)
    both = "share of kitchen within both cooks' reach"
    assert split[both] < features[both]


def test_a_soup_that_leaves_the_partner_s_hands_counts_as_brought_away() -> None:
    seen = Watcher(0)
    for holding in ("CookedLettuce-CookedTomato-Plate", "CookedLettuce-CookedTomato-Plate", None, "FreshTomato"):
        seen.watch(arrange("ring", cooks=[((1, 1), None), ((5, 6), holding)]).view())
    assert (seen.served, seen.fetched) == (1, 1)


def test_the_parts_share_no_kitchen_variation_and_no_orders() -> None:
    scenes = {split.name: [scene_of(split, n) for n in range(40)] for split in (TRAIN, VALIDATION, TEST)}
    scenes["test"] += unseen_scenes(20, 0)
    for name, there in scenes.items():
        others = [scene for other, rows in scenes.items() if other != name for scene in rows]
        assert not {scene.seed for scene in there} & {scene.seed for scene in others}
        variations = {scene.map for scene in there if scene.map.startswith("variation-")}
        assert not variations & {scene.map for scene in others}
    assert all(scene.map.startswith("variation-") for scene in unseen_scenes(20, 0))


SCENE = Scene("quick", 11, 0, "script")


def test_comparing_does_not_change_what_the_student_does() -> None:
    found = compared(SCENE, LessonedPlanner(0), 0.15, Search(horizon=8, futures=2, caution=0.0))
    assert found
    assert all(each.alternatives and each.usual not in {a.verb for a in each.alternatives} for each in found)


def test_episodes_reject_bad_advice_and_the_same_student_scores_the_same() -> None:
    stage, student = Stage(), LessonedPlanner(0)
    scenes = [replace(SCENE, seed=seed) for seed in range(9)]
    verdict = stage.judge(student, advice("Chop", "Serve"), scenes)
    assert verdict.gain < 0
    assert verdict.episodes < len(scenes)
    assert not verdict.accepted
    assert score_of(SCENE, student)[0] == score_of(SCENE, student)[0]


def test_a_lesson_that_surely_loses_somewhere_is_not_accepted() -> None:
    good = KitchenVerdict(60, 20, 5, gain=2.0, error=0.5, broken=())
    assert good.accepted
    assert not replace(good, broken=("variation-3",)).accepted
    assert not replace(good, error=2.0).accepted
