"""Labelled moments: legal, reproducible, disjoint between splits, and never made twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from brigade.agents.hierarchy.describe import short_name
from brigade.agents.hierarchy.executor import MACROS, Surroundings
from brigade.agents.hierarchy.fast_mind import LETTERS
from brigade.agents.training.fast import kitchens
from brigade.agents.training.fast.data import Moment, data_file, draw_agenda, label_episode, make_data, read_moments
from brigade.agents.training.fast.kitchens import HELD_OUT, SPLITS, TEST, TRAIN, VALIDATION, variation
from brigade.agents.training.fast.teacher import Search
from brigade.envs.kitchen import load_layout, named_layouts
from scenes import arrange

QUICK = Search(horizon=6, futures=2)


@pytest.fixture(scope="module")
def moments() -> list[Moment]:
    return [moment for episode in range(2) for moment in label_episode(TRAIN, episode, QUICK)]


def test_every_label_is_a_distribution_over_the_options(moments: list[Moment]) -> None:
    for moment in moments:
        assert len(moment.options) == len(moment.label) == len(moment.values)
        assert sum(moment.label) == pytest.approx(1, abs=0.01)
        assert set(moment.options) <= set(LETTERS.values())


def test_each_moment_comes_without_and_with_demands(moments: list[Moment]) -> None:
    for free, *asked in zip(moments[::3], moments[1::3], moments[2::3], strict=True):
        assert f"Wanted: nothing. Plan {free.plan}." in free.text
        assert free.demand == "none"
        for each in asked:
            assert each.demand != "none"
            assert free.text.split(" Wanted:")[0] == each.text.split(" Wanted:")[0]


def test_a_demanded_macro_action_that_can_begin_has_the_whole_label(moments: list[Moment]) -> None:
    names = {short_name(macro): letter for macro, letter in LETTERS.items()}
    checked = 0
    for moment in moments:
        wanted = moment.text.split("Wanted: ")[1].split(". Plan")[0].removeprefix("always ").split(" x")[0]
        if moment.demand == "counted" and names.get(wanted, "-") in moment.options and "," not in wanted:
            assert moment.label[moment.options.index(names[wanted])] == pytest.approx(1)
            checked += 1
    assert checked >= 3


def test_an_episode_is_fixed_by_its_number(moments: list[Moment]) -> None:
    again = label_episode(TRAIN, 1, QUICK)
    assert [moment for moment in moments if moment.episode == 1] == again
    assert Moment.from_line(again[0].to_line()) == again[0]


def test_a_cut_off_file_is_completed_to_what_it_would_have_been(tmp_path: Path) -> None:
    make_data(tmp_path, 20, search=QUICK)
    files = [data_file(tmp_path, split) for split in SPLITS]
    whole = [file.read_bytes() for file in files]
    files[0].write_bytes(b"".join(whole[0].splitlines(keepends=True)[:12])[:-100])
    make_data(tmp_path, 20, search=QUICK)
    assert [file.read_bytes() for file in files] == whole
    assert len(read_moments(tmp_path, TRAIN)) >= 20


def test_what_is_no_data_is_not_added_to(tmp_path: Path) -> None:
    data_file(tmp_path, TEST).write_text('{"format": 0}\n')
    with pytest.raises(ValueError, match="not moments in format"):
        make_data(tmp_path, 10, search=QUICK)


def test_splits_share_no_variation_and_no_seed() -> None:
    drawn = {split.name: [split.kitchen(episode) for episode in range(300)] for split in SPLITS}
    names = [{name for name, _ in each if name.startswith("variation")} for each in drawn.values()]
    seeds = [{seed for _, seed in each} for each in drawn.values()]
    for kind in (names, seeds):
        assert not (kind[0] & kind[1])
        assert not (kind[1] & kind[2])
        assert not (kind[0] & kind[2])
    assert set(HELD_OUT).isdisjoint(names[0] | names[1])
    assert VALIDATION.variations > 1


def test_variations_are_kitchens_of_their_own_and_stay_the_same(tmp_path: Path) -> None:
    grids = {variation(number).grid for number in range(8)}
    assert len(grids) == 8
    assert not grids & {load_layout(name).grid for name in named_layouts("hla")}
    variation.cache_clear()
    assert variation(3).grid in grids
    assert load_layout(kitchens.as_file("variation-3", tmp_path)).grid == variation(3).grid


def test_demands_are_often_ones_that_can_begin() -> None:
    here = Surroundings(arrange("ring").view(), 0)
    drawn = [draw_agenda(here, random.Random(seed)) for seed in range(300)]
    first = [agenda.open[0] for agenda in drawn]
    assert 0.2 < sum(each.left is None for each in first) / 300 < 0.5
    assert {each.demand.macro for each in first} == set(MACROS)
    assert sum(each.demand.macro.name.startswith("Chop") for each in first) > 120
