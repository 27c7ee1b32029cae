"""What can become of a demand, and the reasons that are given."""

from __future__ import annotations

import pytest
from brigade.agents.hierarchy.demands import review, settle
from brigade.agents.hierarchy.executor import MACROS, Macro, Surroundings, legal_macros, macro_of
from brigade.agents.hierarchy.intent import Agenda, Demand, Intent, Kind
from brigade.agents.hierarchy.outlook import Outlook, Prospect, least_seconds, outlook
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind.facts import compose_facts
from brigade.envs.kitchen import HlaKitchen
from scenes import Square, arrange


def judged(kitchen: HlaKitchen, name: str, cook: int = 0) -> Outlook:
    return outlook(macro_of(name), Surroundings(kitchen.view(), cook))


def wanting(*demands: tuple[str, int]) -> Intent:
    return Intent(Kind.SHORT_TERM, tuple(Demand(macro_of(name), count) for name, count in demands))


IMPOSSIBLE: list[tuple[str, dict[Square, str], int, str, str]] = [
    ("partition", {}, 0, "Serve Bob Soup", "I can't reach the delivery"),
    ("partition", {}, 1, "Cook Bob Soup", "I can't reach a pot"),
    ("partition", {}, 1, "Plate Bob Soup", "I can't reach the pots"),
    ("bottleneck", {}, 0, "Cook Alice Soup", "Alice is not on the menu here; we make Bob, Cathy and David"),
    ("bottleneck", {}, 0, "Serve Alice Soup", "not on the menu"),
    ("ring", {}, 0, "Putout", "nothing is on fire"),
    ("ring", {}, 0, "Drop", "nothing is charred"),
    ("partition", {(0, 5): "CharredTomato"}, 1, "Drop", "I can't reach the charred food"),
]


@pytest.mark.parametrize(("kitchen", "squares", "cook", "macro", "why"), IMPOSSIBLE)
def test_what_can_never_be_done_is_refused_with_the_reason(
    kitchen: str, squares: dict[Square, str], cook: int, macro: str, why: str
) -> None:
    found = judged(arrange(kitchen, squares=squares), macro, cook)
    assert found.prospect is Prospect.NEVER
    assert why in found.why()


WAITING: list[tuple[str, dict[Square, str], str, str]] = [
    ("partition", {}, "Chop Onion", "the onions are on your side of the counter; I need you to pass me an onion"),
    ("partition", {(1, 0): "ChoppedTomato"}, "Cook Bob Soup", "lettuces are on your side"),
    ("ring", {(3, 4): "CookingLettuce-CookingTomato"}, "Plate Bob Soup", "still cooking; it is ready in 15 seconds"),
    (
        "ring",
        {
            (3, 4): "CookingLettuce-CookingTomato",
            (4, 4): "CookingOnion-CookingTomato",
            (0, 2): "ChoppedLettuce-ChoppedOnion",
        },
        "Cook Alice Soup",
        "every pot is full; one is ready in 15 seconds",
    ),
]


@pytest.mark.parametrize(("kitchen", "squares", "macro", "why"), WAITING)
def test_what_can_only_wait_says_for_what(kitchen: str, squares: dict[Square, str], macro: str, why: str) -> None:
    found = judged(arrange(kitchen, squares=squares), macro)
    assert found.prospect is Prospect.WAITING
    assert why in found.why()


def test_what_needs_something_first_that_this_cook_can_do_is_for_soon() -> None:
    found = judged(arrange("ring"), "Serve Bob Soup")
    assert found.prospect is Prospect.SOON
    assert {macro.name for macro in found.first} == {"Chop Tomato", "Chop Lettuce"}
    assert judged(arrange("partition"), "Cook Bob Soup").first == (macro_of("Chop Tomato"),)


def test_nothing_that_can_begin_is_called_impossible_and_nothing_impossible_can_begin() -> None:
    for name in ("ring", "bottleneck", "partition", "quick"):
        for cook in (0, 1):
            here = Surroundings(arrange(name).view(), cook)
            legal = legal_macros(here)
            for macro in MACROS:
                assert (outlook(macro, here).prospect is Prospect.NOW) == (macro in legal)


def test_what_there_is_no_time_for_is_refused_and_counts_are_bounded_by_the_time() -> None:
    kitchen = arrange("ring")
    data = kitchen.rules.to_dict(kitchen.state)
    data["tick"] = 970
    kitchen.state = kitchen.rules.from_dict(data)
    here = Surroundings(kitchen.view(), 0)
    found = outlook(macro_of("Serve Bob Soup"), here)
    assert found.prospect is Prospect.NEVER
    assert "only 3 seconds left" in found.why()
    _, verdicts = settle(Agenda(), wanting(("Chop Onion", 20)), Surroundings(arrange("ring").view(), 0))
    assert verdicts[0].feasible == 12  # 100 seconds at 2.5 turns a second, 20 turns each


def test_least_times_grow_with_what_is_missing() -> None:
    bob = [Macro(macro_of(f"{verb} Bob Soup").verb, 5) for verb in ("Cook", "Plate", "Serve")]
    here = Surroundings(arrange("ring").view(), 0)
    cook, plate, serve = (least_seconds(macro, here) for macro in bob)
    assert cook + 15 < plate < serve
    ready = Surroundings(arrange("ring", squares={(0, 2): "CookedLettuce-CookedTomato-Plate"}).view(), 0)
    assert least_seconds(bob[2], ready) < 1


def test_refused_demands_are_not_kept_and_waiting_ones_are() -> None:
    here = Surroundings(arrange("partition").view(), 0)
    intent = wanting(("Serve Bob Soup", 1), ("Chop Onion", 2), ("Chop Tomato", 1))
    agenda, verdicts = settle(Agenda(), intent, here)
    assert [verdict.kept for verdict in verdicts] == [False, True, True]
    assert [str(each) for each in agenda.open] == ["Chop Onion x2", "Chop Tomato x1"]


def test_a_fire_that_is_out_is_no_longer_wanted_out_but_a_habit_waits_for_the_next() -> None:
    burning = Surroundings(arrange("ring", squares={(3, 4): "CharredTomato-Fire"}).view(), 0)
    agenda, _ = settle(Agenda(), wanting(("Putout", 1), ("Drop", 1)), burning)
    assert len(agenda.open) == 2, "what is charred can be dropped once the fire is out"
    habit, verdicts = settle(Agenda(), Intent(Kind.LONG_TERM, (Demand(macro_of("Putout"), None),), True), burning)
    safe = Surroundings(arrange("ring").view(), 0)
    left, gone = review(agenda, safe)
    assert not left.open or [str(each) for each in left.open] == ["Drop x1"]
    assert gone[0].outlook.reason == "nothing is on fire"
    assert verdicts[0].kept
    assert review(habit, safe)[0] == habit


@pytest.mark.parametrize(("kitchen", "squares", "cook", "macro", "why"), IMPOSSIBLE)
def test_the_reply_to_the_impossible_refuses_and_promises_nothing(
    kitchen: str, squares: dict[Square, str], cook: int, macro: str, why: str
) -> None:
    view = arrange(kitchen, squares=squares).view()
    for seed in range(4):
        said = compose_facts("do it", wanting((macro, 1)), Situation(view, cook, seed=seed))
        assert "can't" in said.plain
        assert why.split(";")[0] in said.plain
        assert "I'll" not in said.plain
        assert said.facts == said.plain


def test_the_reply_to_a_mixed_request_says_which_part_is_refused() -> None:
    view = arrange("partition").view()
    said = compose_facts(
        "chop a tomato and serve bob", wanting(("Chop Tomato", 1), ("Serve Bob Soup", 1)), Situation(view, 0)
    )
    assert "I'll chop a tomato" in said.plain
    assert "can't serve the Bob soup" in said.plain
