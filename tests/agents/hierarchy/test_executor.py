"""Macro actions: when they can begin, that they do what they say, and how they end when they cannot."""

from __future__ import annotations

import time

import pytest
from brigade.agents.hierarchy.executor import (
    MACROS,
    Executor,
    IllegalMacro,
    Outcome,
    Surroundings,
    can_begin,
    legal_macros,
    macro_of,
)
from brigade.envs.kitchen import HlaKitchen, named_layouts
from scenes import arrange, carry_out, lying


def test_there_are_21_macro_actions_with_the_published_names() -> None:
    names = [macro.name for macro in MACROS]
    assert len(set(names)) == 21
    assert names[:4] == ["Chop Tomato", "Chop Lettuce", "Chop Onion", "Prepare Alice Ingredients"]
    assert {"Putout", "Cook Bob Soup", "Plate Cathy Soup", "Serve David Soup", "Drop"} <= set(names)
    assert all(macro_of(name.upper()).name == name for name in names)
    with pytest.raises(ValueError, match="Boil Egg"):
        macro_of("Boil Egg")


@pytest.mark.parametrize("name", named_layouts("hla"))
def test_at_the_start_cooks_can_only_chop_what_they_reach(name: str) -> None:
    view = HlaKitchen(name).reset(0)
    for cook in range(2):
        here = Surroundings(view, cook)
        assert legal_macros(here)
        assert all(macro.name.startswith("Chop") for macro in legal_macros(here))
    if name == "partition":
        assert [m.name for m in legal_macros(Surroundings(view, 0))] == ["Chop Tomato"]


@pytest.mark.parametrize(
    ("macro", "squares", "ok", "reason", "prerequisites"),
    [
        (
            "Prepare Bob Ingredients",
            {},
            False,
            "Chopped lettuce and tomato is missing.",
            ["Chop Lettuce", "Chop Tomato"],
        ),
        ("Prepare Bob Ingredients", {(0, 2): "ChoppedTomato"}, False, "Chopped lettuce is missing.", ["Chop Lettuce"]),
        ("Prepare Bob Ingredients", {(0, 2): "ChoppedTomato", (0, 3): "ChoppedLettuce"}, True, "", []),
        ("Prepare David Ingredients", {(0, 2): "ChoppedLettuce-ChoppedTomato", (0, 3): "ChoppedOnion"}, True, "", []),
        ("Cook Bob Soup", {}, False, "not prepared", ["Prepare Bob Ingredients"]),
        ("Cook Bob Soup", {(0, 2): "ChoppedLettuce-ChoppedTomato"}, True, "", []),
        (
            "Cook Bob Soup",
            {(0, 2): "ChoppedLettuce-ChoppedTomato", (3, 4): "CookedLettuce-CookedOnion", (4, 4): "CookingOnion"},
            False,
            "No pot is free",
            ["Plate Alice Soup"],
        ),
        ("Plate Bob Soup", {(3, 4): "CookingLettuce-CookingTomato"}, False, "still cooking", []),
        ("Plate Bob Soup", {(3, 4): "CookedLettuce-CookedTomato"}, True, "", []),
        ("Serve Bob Soup", {(3, 4): "CookedLettuce-CookedTomato"}, False, "plate", ["Plate Bob Soup"]),
        ("Serve Bob Soup", {(0, 2): "CookedLettuce-CookedTomato-Plate"}, True, "", []),
        ("Putout", {}, False, "Nothing is on fire", []),
        ("Putout", {(3, 4): "CharredOnion-Fire"}, True, "", []),
        ("Drop", {}, False, "no charred food", []),
        ("Drop", {(3, 4): "CharredOnion-Fire"}, False, "on fire", ["Putout"]),
        ("Drop", {(3, 4): "CharredOnion"}, True, "", []),
    ],
)
def test_can_begin_says_why_not_and_what_first(
    macro: str, squares: dict[tuple[int, int], str], ok: bool, reason: str, prerequisites: list[str]
) -> None:
    begin = can_begin(macro_of(macro), Surroundings(arrange("ring", squares=squares).view(), 0))
    assert begin.ok is ok
    assert reason in begin.reason
    assert sorted(m.name for m in begin.prerequisites) == sorted(prerequisites)


@pytest.mark.parametrize("food", ["Tomato", "Lettuce", "Onion"])
@pytest.mark.parametrize("held", [None, "Plate", "ChoppedOnion", "FireExtinguisher"])
def test_chop_leaves_one_more_chopped_food_and_a_free_board(food: str, held: str | None) -> None:
    kitchen = arrange("ring", cooks=[((1, 1), held), ((6, 6), None)])
    before = lying(kitchen.view()).count(f"Chopped{food}")
    report = carry_out(kitchen, 0, macro_of(f"Chop {food}"))
    view = kitchen.view()
    assert report.outcome is Outcome.DONE
    assert lying(view).count(f"Chopped{food}") == before + 1 + (held == f"Chopped{food}")
    assert not view.item(view.layout.cell(3, 3)).code
    assert not view.held(0).code


def test_chop_finishes_what_somebody_left_on_the_board() -> None:
    kitchen = arrange("ring", squares={(3, 3): "ChoppingOnion"})
    assert carry_out(kitchen, 0, macro_of("Chop Onion")).outcome is Outcome.DONE
    assert lying(kitchen.view()).count("ChoppedOnion") == 1
    assert "ChoppingOnion" not in lying(kitchen.view())


def test_chop_clears_a_board_when_all_are_full() -> None:
    kitchen = arrange("ring", squares={(3, 3): "ChoppedOnion", (4, 3): "ChoppedOnion"})
    assert carry_out(kitchen, 0, macro_of("Chop Tomato")).outcome is Outcome.DONE
    assert "ChoppedTomato" in lying(kitchen.view())


def test_from_food_to_points_with_macro_actions_alone() -> None:
    kitchen = arrange("ring", cooks=[((1, 1), None), ((6, 1), None)], orders=["David"])
    steps = ["Chop Lettuce", "Chop Onion", "Chop Tomato", "Prepare David Ingredients", "Cook David Soup"]
    for name in steps:
        assert carry_out(kitchen, 0, macro_of(name)).outcome is Outcome.DONE, name
    for _ in range(151):
        kitchen.step([0, 0])
    for name in ("Plate David Soup", "Serve David Soup"):
        assert carry_out(kitchen, 0, macro_of(name)).outcome is Outcome.DONE, name
    assert (kitchen.view().score, kitchen.view().served) == (20, 1)


def test_a_fire_is_put_out_and_the_charred_soup_thrown_away() -> None:
    kitchen = arrange("ring", squares={(3, 4): "CharredLettuce-CharredTomato-Fire"})
    assert carry_out(kitchen, 0, macro_of("Putout")).outcome is Outcome.DONE
    assert "CharredLettuce-CharredTomato" in lying(kitchen.view())
    assert carry_out(kitchen, 0, macro_of("Drop")).outcome is Outcome.DONE
    view = kitchen.view()
    assert not view.item(view.layout.cell(3, 4)).code
    assert view.held(0).name == "Plate"


def test_where_one_cannot_go_things_are_handed_over() -> None:
    shared = {(3, y) for y in range(1, 8)}

    def place_of(kitchen: HlaKitchen, item: str) -> tuple[int, int]:
        view = kitchen.view()
        return next(view.layout.xy(s.cell) for s in view.squares if s.item.name == item)

    chopped = arrange("partition")
    carry_out(chopped, 1, macro_of("Chop Onion"))
    assert place_of(chopped, "ChoppedOnion") in shared
    plated = arrange("partition", squares={(0, 5): "CookedLettuce-CookedTomato"})
    assert carry_out(plated, 0, macro_of("Plate Bob Soup")).outcome is Outcome.DONE
    assert place_of(plated, "CookedLettuce-CookedTomato-Plate") in shared
    fire = arrange("partition", squares={(0, 5): "CharredTomato-Fire"})
    assert carry_out(fire, 1, macro_of("Putout")).outcome is Outcome.DONE
    assert place_of(fire, "FireExtinguisher") in shared
    assert carry_out(fire, 0, macro_of("Putout")).outcome is Outcome.DONE
    assert "CharredTomato" in lying(fire.view())


def test_an_illegal_macro_action_is_refused_with_its_reason() -> None:
    with pytest.raises(IllegalMacro, match="Serve Bob Soup cannot begin: No Bob soup is on a plate"):
        Executor(0).start(macro_of("Serve Bob Soup"), HlaKitchen("ring").reset(0))


def test_starting_another_interrupts_and_what_is_held_is_put_away() -> None:
    kitchen = arrange("ring")
    executor = Executor(0)
    executor.start(macro_of("Chop Tomato"), kitchen.view())
    while not kitchen.view().held(0).code:
        executor.observe(kitchen.view())
        kitchen.step([executor.act(kitchen.view()), 0])
    report = executor.start(macro_of("Chop Onion"), kitchen.view())
    assert report is not None
    assert (report.macro.name, report.outcome) == ("Chop Tomato", Outcome.INTERRUPTED)
    assert carry_out(kitchen, 0, macro_of("Chop Onion")).outcome is Outcome.DONE
    assert {"FreshTomato", "ChoppedOnion"} <= set(lying(kitchen.view()))


def test_a_way_that_stays_blocked_is_given_up() -> None:
    kitchen = arrange("bottleneck", cooks=[((1, 1), None), ((3, 5), None)])
    report = carry_out(kitchen, 0, macro_of("Chop Lettuce"))
    assert (report.outcome, report.reason) == (Outcome.FAILED, "the way is blocked")


def test_a_partner_in_the_way_is_walked_around() -> None:
    kitchen = arrange("ring", cooks=[((1, 1), None), ((3, 1), None)])
    assert carry_out(kitchen, 0, macro_of("Chop Onion")).outcome is Outcome.DONE


def test_when_the_partner_takes_it_the_macro_action_fails_with_its_reason() -> None:
    kitchen = arrange("ring", squares={(0, 2): "CookedLettuce-CookedTomato-Plate"})
    executor = Executor(1)
    executor.start(macro_of("Serve Bob Soup"), kitchen.view())
    executor.observe(kitchen.view())
    carry_out(kitchen, 0, macro_of("Serve Bob Soup"))
    report = executor.observe(kitchen.view())
    assert report is not None
    assert (report.outcome, report.reason) == (Outcome.FAILED, "the plated soup is gone")


@pytest.mark.parametrize("starts", [((2, 5), (4, 5)), ((3, 5), (4, 5)), ((2, 5), (3, 5))])
@pytest.mark.parametrize("seed", range(8))
def test_cooks_who_meet_in_a_corridor_get_past_each_other(
    starts: tuple[tuple[int, int], tuple[int, int]], seed: int
) -> None:
    kitchen = arrange("bottleneck", cooks=[(starts[0], None), (starts[1], None)])
    executors = [Executor(0, seed=seed), Executor(1, seed=seed)]
    executors[0].start(macro_of("Chop Lettuce"), kitchen.view())  # lettuces are on the right
    executors[1].start(macro_of("Chop Tomato"), kitchen.view())  # tomatoes are on the left
    done = set()
    for _ in range(150):
        for executor in executors:
            report = executor.observe(kitchen.view())
            if report is not None:
                assert report.outcome is Outcome.DONE, report
                done.add(executor.cook)
        kitchen.step([executor.act(kitchen.view()) for executor in executors])
    assert done == {0, 1}


def test_an_atomic_action_takes_microseconds() -> None:
    view = arrange("ring", cooks=[((1, 1), None), ((3, 1), None)]).view()
    executor = Executor(0)
    executor.start(macro_of("Chop Onion"), view)
    executor.observe(view)
    executor.act(view)
    durations = []
    for _ in range(300):
        start = time.perf_counter()
        executor.act(view)
        durations.append(time.perf_counter() - start)
    assert sorted(durations)[150] < 200e-6
