"""What cooks achieved, read off their moves: the same as the Executor reports, however they went about it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from brigade.agents.hierarchy.executor import macro_of
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import read_record, replay
from brigade.agents.training.fast.achieved import Stretch, stretches
from brigade.envs.kitchen import HlaKitchen, HlaView
from scenes import Square, arrange

UP, DOWN, RIGHT, LEFT = 1, 2, 3, 4


def follow(kitchen: HlaKitchen, moves: list[int], cook: int = 0) -> list[Stretch]:
    """What a cook achieves with these moves, the other standing still."""
    views = [kitchen.view()]
    for move in moves:
        kitchen.step([move if index == cook else 0 for index in range(kitchen.layout.cooks)])
        views.append(kitchen.view())
    return stretches(views, moves, cook)


def names(found: list[Stretch]) -> list[str]:
    return [stretch.macro.name for stretch in found]


@pytest.mark.parametrize(
    ("map_", "agent", "share"),
    [("ring", "script", 1.0), ("partition", "script", 1.0), ("quick", "random", 0.9), ("partition", "random", 0.9)],
)
def test_it_finds_what_the_executor_reports_as_done(map_: str, agent: str, share: float, tmp_path: Path) -> None:
    """Up to mixtures that became part of larger ones, and fires that a partner put out, where cooks act at random."""
    reported = found = 0
    for seed in range(2):
        file = tmp_path / f"{seed}.jsonl"
        run_episode(EpisodeSpec(map_, agent, agent, seed=seed), record=file)
        record = read_record(file)
        views = [view for view, _ in replay(record) if isinstance(view, HlaView)]
        joints = [entry["actions"] for entry in record.entries if entry["type"] == "tick"]
        for cook in range(2):
            own = stretches(views, [joint[cook] for joint in joints], cook)
            left = [(stretch.macro.name, stretch.ended) for stretch in own]
            done = [
                (entry["macro"], entry["tick"])
                for entry in record.entries
                if entry["type"] == "macro" and entry["cook"] == cook and entry["outcome"] == "done"
            ]
            reported += len(done)
            found += sum(each in left for each in done)
            assert len(left) <= len(done) + 4, "nothing is made up"
    assert reported > 20
    assert found >= share * reported


def test_stretches_follow_each_other_without_gaps(tmp_path: Path) -> None:
    run_episode(EpisodeSpec("ring", "script", "script", seed=4), record=tmp_path / "r.jsonl")
    record = read_record(tmp_path / "r.jsonl")
    views = [view for view, _ in replay(record) if isinstance(view, HlaView)]
    joints = [entry["actions"] for entry in record.entries if entry["type"] == "tick"]
    own = stretches(views, [joint[0] for joint in joints], 0)
    assert own[0].begun == 0
    assert all(a.ended == b.begun and b.begun < b.ended for a, b in itertools.pairwise(own))


CHOPS = [DOWN] * 9
"""Lay what is in hand on the board below, and chop it."""


def test_chopping_ends_when_the_food_has_left_the_board_wherever_it_is_put() -> None:
    kitchen = arrange("ring", cooks=[((4, 2), "FreshOnion"), ((6, 6), None)])
    (only,) = follow(kitchen, [*CHOPS, 0, 0, DOWN, RIGHT, DOWN, 0])
    assert only == Stretch(macro_of("Chop Onion"), 0, 14)
    assert kitchen.view().item(3 * 8 + 5).name == "ChoppedOnion"


def test_food_that_stays_on_its_board_or_is_mixed_at_once_was_chopped_when_it_was_done() -> None:
    kitchen = arrange("ring", cooks=[((4, 2), "FreshOnion"), ((6, 6), None)], squares={(5, 3): "ChoppedLettuce"})
    found = follow(kitchen, [*CHOPS, 0, 0, DOWN, RIGHT, DOWN, 0])
    assert names(found) == ["Chop Onion", "Prepare Alice Ingredients"]
    assert [stretch.ended for stretch in found] == [9, 14]
    kitchen = arrange("ring", cooks=[((4, 2), "FreshOnion"), ((6, 6), None)])
    assert follow(kitchen, [*CHOPS, 0, UP]) == [Stretch(macro_of("Chop Onion"), 0, 9)]


def test_half_a_mixture_counts_as_the_whole_that_it_became_part_of() -> None:
    squares = {(0, 2): "ChoppedLettuce", (0, 3): "ChoppedOnion", (0, 4): "ChoppedTomato"}
    moves = [LEFT, DOWN, LEFT, LEFT, DOWN, LEFT]
    cooks: list[tuple[Square, str | None]] = [((1, 2), None), ((6, 6), None)]
    found = follow(arrange("ring", cooks=cooks, squares=squares), moves)
    assert found == [Stretch(macro_of("Prepare David Ingredients"), 0, 6)]
    found = follow(arrange("ring", cooks=cooks, squares=squares), moves[:4])
    assert found == [Stretch(macro_of("Prepare Alice Ingredients"), 0, 3)]


@pytest.mark.parametrize(("column", "soup"), [(3, "Bob"), (4, "Cathy")])
def test_the_soup_that_was_plated_counts_and_not_the_one_that_the_executor_would_have_fetched(
    column: int, soup: str
) -> None:
    squares = {(3, 4): "CookedLettuce-CookedTomato", (4, 4): "CookedOnion-CookedTomato"}
    kitchen = arrange("ring", cooks=[((column, 5), "Plate"), ((6, 6), None)], squares=squares)
    assert names(follow(kitchen, [UP])) == [f"Plate {soup} Soup"]


def test_serving_is_done_at_any_delivery_and_cooking_in_any_free_pot() -> None:
    cooks: list[tuple[Square, str | None]] = [((4, 6), "CookedLettuce-CookedTomato-Plate"), ((6, 6), None)]
    assert names(follow(arrange("ring", cooks=cooks, orders=["Bob", "Bob", "Bob"]), [DOWN])) == ["Serve Bob Soup"]
    cooks = [((4, 5), "ChoppedLettuce-ChoppedTomato"), ((6, 6), None)]
    assert names(follow(arrange("ring", cooks=cooks), [UP])) == ["Cook Bob Soup"]


def test_walking_about_and_what_others_do_is_no_achievement() -> None:
    cooks: list[tuple[Square, str | None]] = [((4, 2), "FreshOnion"), ((1, 1), None)]
    kitchen = arrange("ring", cooks=cooks)
    views = [kitchen.view()]
    moves = [DOWN, LEFT, UP, RIGHT, 0, 0, DOWN, UP, 0]
    for chop, move in zip(CHOPS, moves, strict=True):
        kitchen.step([chop, move])
        views.append(kitchen.view())
    assert stretches(views, moves, 1) == []
    assert names(stretches(views, CHOPS, 0)) == ["Chop Onion"]


def test_a_fire_that_was_put_out_counts() -> None:
    squares = {(3, 4): "CharredLettuce-CharredTomato-Fire"}
    kitchen = arrange("ring", cooks=[((3, 5), "FireExtinguisher"), ((6, 6), None)], squares=squares)
    assert names(follow(kitchen, [UP] * 80)) == ["Putout"]
