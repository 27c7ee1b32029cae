"""Generated kitchens: the same for the same seed, always servable, of many kinds, and harder when asked to be."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from random import Random
from statistics import mean

import pytest
from brigade.envs.kitchen import HlaLayout, Kitchen, Layout, LayoutError, Tile, load_layout, parse_layout
from brigade.envs.kitchen.authoring import Effort, analyse, as_yaml, generate
from brigade.envs.kitchen.authoring.floors import STYLES
from brigade.envs.kitchen.authoring.generate import head
from brigade.envs.kitchen.layout import LAYOUT_FILES

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
UNWANTED = {"no extinguisher", "no bin", "idle cook", "corridor", "macro actions", "unservable dish", "unservable menu"}


def hla(seed: int, difficulty: float, cooks: int = 2) -> HlaLayout:
    layout = generate(seed, difficulty, cooks=cooks)
    assert isinstance(layout, HlaLayout)
    return layout


@pytest.mark.parametrize("cooks", [1, 2, 3, 4])
@pytest.mark.parametrize("difficulty", LEVELS)
def test_every_dish_can_be_served_and_nothing_is_missing(difficulty: float, cooks: int) -> None:
    for seed in range(6):
        layout = hla(seed, difficulty, cooks)
        analysis = analyse(layout)
        assert layout.cooks == cooks
        assert analysis.servable
        assert not UNWANTED & {finding.kind for finding in analysis.findings}, (seed, analysis.findings)


def test_the_same_seed_makes_the_same_kitchen_in_another_process() -> None:
    code = "from brigade.envs.kitchen.authoring import generate; print(generate(7, 0.5).grid, end='')"
    grids = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": salt}
        ).stdout
        for salt in ("1", "2")
    }
    assert grids == {generate(7, 0.5).grid}
    assert generate(7, 0) == generate(7, 0.0) == generate(7, -0.0)


GRID_7 = """\
-BB--fP-
O     1-
O      -
U      -
U    2 -
/      *
-//L*TT-
"""
MENU_7 = ["Alice", "Bob"]


def test_this_version_of_the_generator_makes_this_kitchen() -> None:
    """If this fails, kitchens change under people's feet: count VERSION up and put the new one here."""
    layout = hla(7, 0.5)
    assert layout.grid == GRID_7
    assert [recipe.name for recipe in layout.menu] == MENU_7


def test_other_seeds_and_difficulties_make_other_kitchens() -> None:
    assert len({generate(seed, difficulty).grid for seed in range(12) for difficulty in LEVELS}) == 60


def test_a_kitchen_survives_as_yaml_with_how_to_make_it_again() -> None:
    for seed in range(10):
        layout = generate(seed, 0.7)
        text = as_yaml(layout, head(seed, 0.7, 2, "hla"))
        assert parse_layout(text) == layout
        assert text.startswith(f"# Seed {seed}, difficulty 0.7, 2 cooks, rules hla; version ")


def test_a_generated_kitchen_has_a_name_that_works_like_a_maps() -> None:
    assert load_layout("generated:7:0.5") == generate(7, 0.5)
    assert load_layout("generated:7:0.5:3") == generate(7, 0.5, cooks=3)
    assert load_layout("generated:7:0.5:3:hla").name == "generated-7-0.5"
    assert Kitchen("generated:7:0.5").reset(0).orders


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("generated:", "such as generated:7:0.5"),
        ("generated:x:0.5", "such as generated:7:0.5"),
        ("generated:1:2", "a difficulty is from 0 to 1, not 2"),
        ("generated:1:nan", "a difficulty is from 0 to 1"),
        ("generated:-1:1", "a seed is a whole number from 0"),
        ("generated:1:1:5", "1 to 4 cooks, not 5"),
        ("generated:1:1:2:chess", "unknown rule book 'chess'"),
        ("generated:1:1:2:hla:more", "such as generated:7:0.5"),
    ],
)
def test_a_kitchen_that_cannot_be_made_is_refused(name: str, words: str) -> None:
    with pytest.raises(LayoutError, match=words):
        load_layout(name)


def test_a_harder_kitchen_is_more_work_with_less_to_do_it_with() -> None:
    levels = [[hla(seed, difficulty) for seed in range(12)] for difficulty in LEVELS]

    def rising(measure: list[float]) -> bool:
        return all(one < other for one, other in pairwise(measure))

    assert rising([mean(Effort.of(layout).walking for layout in level) for level in levels])
    assert rising([mean(Effort.of(layout).turns for layout in level) for level in levels])
    assert rising([mean(len(layout.cells(Tile.FLOOR)) for layout in level) for level in levels])
    for kind in (Tile.BOARD, Tile.POT):
        easy, hard = (mean(len(layout.cells(kind)) for layout in levels[end]) for end in (0, -1))
        assert easy > 2 * hard
    assert [round(mean(len(layout.menu) for layout in level)) for level in (levels[0], levels[-1])] == [1, 4]
    assert [round(mean(layout.orders for layout in level)) for level in (levels[0], levels[-1])] == [2, 4]


def test_the_walk_is_what_was_asked_for() -> None:
    for difficulty in LEVELS:
        wanted = 12 + 30 * difficulty
        walks = [Effort.of(generate(seed, difficulty)).walking for seed in range(12)]
        assert mean(abs(walk - wanted) for walk in walks) < 1.5


def test_kitchens_are_of_many_kinds() -> None:
    analyses = [analyse(generate(seed, difficulty)) for seed in range(20) for difficulty in (0.3, 0.8)]
    assert sum(bool(analysis.hand_overs) for analysis in analyses) >= 4
    assert sum(bool(analysis.chokepoints) for analysis in analyses) >= 4
    assert sum(not analysis.hand_overs and not analysis.chokepoints for analysis in analyses) >= 10
    assert len({(analysis.width, analysis.height) for analysis in analyses}) > 12


def test_every_style_lays_out_floor_in_its_rectangle() -> None:
    for style in STYLES:
        for seed in range(20):
            rng = Random(seed)
            columns, rows = style.least[0] + rng.randint(0, 4), style.least[1] + rng.randint(0, 4)
            floor = style.draw(rng, columns, rows, rng.random())
            assert floor, style.name
            assert all(1 <= x <= columns and 1 <= y <= rows for x, y in floor)
            areas = _areas(floor)
            assert max(areas.values()) > 1 or len(areas) == 1
            assert len(areas) == style.parts, (style.name, columns, rows)


def _areas(floor: frozenset[tuple[int, int]]) -> Counter[tuple[int, int]]:
    """Sizes of the parts that hang together, by one square of each."""
    sizes: Counter[tuple[int, int]] = Counter()
    rest = set(floor)
    while rest:
        first = min(rest)
        frontier = [first]
        rest.discard(first)
        while frontier:
            x, y = frontier.pop()
            sizes[first] += 1
            beside = {(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)} & rest
            rest -= beside
            frontier += beside
    return sizes


@pytest.mark.skipif("overcooked_ai" not in LAYOUT_FILES, reason="this rule book is not there yet")
@pytest.mark.parametrize("cooks", [1, 2, 4])
def test_kitchens_for_overcooked_ai_can_be_cooked_in_as_well(cooks: int) -> None:
    for seed in range(6):
        for difficulty in (0.0, 0.5, 1.0):
            layout: Layout = generate(seed, difficulty, cooks=cooks, rules="overcooked_ai")
            analysis = analyse(layout)
            assert analysis.servable
            assert layout.cooks == cooks
            assert Kitchen(layout).reset(0).orders
            assert parse_layout(as_yaml(layout)) == layout
