"""A plan is read from whatever a model writes: its graph if it is sound, and by name what is wrong if it is not."""

from __future__ import annotations

import networkx as nx
import pytest
from brigade.agents.reasoning.decomposer.plans import (
    MOST_STEPS,
    Fault,
    Kind,
    labelled,
    read_plan,
    strangers,
    trimmed,
    used_of,
)
from hypothesis import given
from hypothesis import strategies as st

QUESTION = "A shop has 40 pears, sells 12 and buys 3 boxes of 8. How many pears has it?"
PLAN = "calc 40 - 12\ncalc 3 * 8\ncalc #1 + #2"


def test_a_plan_is_a_graph_in_which_later_steps_use_earlier_answers() -> None:
    plan = read_plan(PLAN, QUESTION)
    assert plan.sound
    assert not plan.faults
    assert set(plan.graph.edges) == {(1, 3), (2, 3)}
    assert [[step.number for step in wave] for wave in plan.waves()] == [[1, 2], [3]]
    assert str(plan) == PLAN


def test_plans_that_differ_in_the_order_of_lines_and_summands_mean_the_same() -> None:
    other = read_plan("calc 8 * 3\ncalc 40 - 12\ncalc #1 + #2", QUESTION)
    assert other.meaning == read_plan(PLAN, QUESTION).meaning
    assert other.meaning != read_plan("calc 8 * 3\ncalc 12 - 40\ncalc #1 + #2", QUESTION).meaning
    assert read_plan("", QUESTION).meaning == ""


def test_numbering_and_bullets_are_no_part_of_a_sub_question() -> None:
    assert str(read_plan("1. calc 40 - 12\n#2: calc #1 + 8\n- ask Is #2 much?")) == (
        "calc 40 - 12\ncalc #1 + 8\nask Is #2 much?"
    )


def test_labels_are_written_before_lines_once_and_read_again() -> None:
    text = "#1 calc 40 - 12\n#2 calc 3 * 8\n#3 calc #1 + #2"
    assert labelled(PLAN) == labelled(text) == text
    assert str(read_plan(text, QUESTION)) == PLAN
    assert str(read_plan("#1 = calc 40 - 12")) == "calc 40 - 12"


@pytest.mark.parametrize(
    ("question", "plan", "used"),
    [
        ("Calculate 4 + 4 * 3.", "calc 4 * 3", (2, 3)),
        ("Calculate 4 + 4 * 3.", "calc 4 * 3\ncalc 4 + #1", (3, 3)),
        ("He has 70 pears. How many are 3 times the 70 pears?", "calc 3 * 70", (2, 2)),
        ("What is 35% of 200?", "calc 200 * 0.35", (2, 2)),
        ("What day is May 4, 2022? Answer with -1 if there is none.", "date weekday of May 4, 2022", (0, 0)),
        ("What is 3 + 4?\nOptions:\n(A) 7\n(B) 12", "calc 3 + 4", (2, 2)),
    ],
)
def test_what_a_plan_uses_of_the_given_numbers_is_counted_in_sums_as_often_as_it_is_written(
    question: str, plan: str, used: tuple[int, int]
) -> None:
    assert used_of(read_plan(plan, question), question) == used


def test_earlier_answers_are_put_in_and_negative_ones_in_brackets() -> None:
    step = read_plan("calc 1 - 2\ncalc 5 - #1").steps[1]
    assert step.filled({1: "-1"}) == "5 - (-1)"
    asked = read_plan("fact capital of Peru\nask Where is #1?").steps[1]
    assert (asked.kind, asked.filled({1: "Lima"})) == (Kind.ASK, "Where is Lima?")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("   \n \n", Fault.EMPTY),
        ("\n".join(f"calc {n} + 1" for n in range(MOST_STEPS + 1)), Fault.LONG),
        ("calc 1 + 1 " * 400, Fault.LONG),
        ("\n".join(["calc 40 - 12"] * 3), Fault.REPEATED),
        ("calc 40 - 12\nCALC 40 - 12", Fault.REPEATED),
        (f"ask {QUESTION}", Fault.SAME),
        ("calc #2 + 1\ncalc #1 + 1", Fault.CYCLE),
        ("calc #1 + 1", Fault.CYCLE),
        ("calc 1 + #7", Fault.CYCLE),
        ("calc 1 + #0", Fault.CYCLE),
        ("Sure! Here is how I would do it.", Fault.UNREADABLE),
        ("calc", Fault.UNREADABLE),
        ("ask Quelle est la réponse à la question posée, très précisément ?", Fault.UNREADABLE),
        ("berechne 40 - 12", Fault.UNREADABLE),
        ("ask " + "why " * 60, Fault.UNREADABLE),
    ],
)
def test_a_degenerate_plan_is_refused_by_name(text: str, fault: Fault) -> None:
    plan = read_plan(text, QUESTION)
    assert fault in [each for each, _ in plan.faults]
    assert not plan.sound


def test_a_plan_may_be_carried_out_and_still_be_worth_less() -> None:
    plan = read_plan("calc 40 - 12\ncalc 3 * 8", QUESTION)
    assert plan.sound
    assert [fault for fault, _ in plan.faults] == [Fault.UNUSED]
    told = read_plan("calc 52 + 0", QUESTION)
    assert told.sound
    assert strangers(told, QUESTION) == ["52"]


def test_percentages_and_common_constants_are_no_strangers() -> None:
    assert not strangers(read_plan("calc 200 * 0.35\ncalc #1 / 100\ncalc #2 * 7"), "35% of 1,200 or 200?")


@pytest.mark.parametrize(
    ("line", "misread"),
    [
        ("calc #1 - 430", True), ("calc #1 + 430", False), ("calc 7 * 430", True), ("calc #1 + -6", False),
        ("calc 0 - #1", False), ("calc 75 / 12.5", False), ("ask 7 - 430", False),
    ],
)  # fmt: skip
def test_an_operation_that_the_sum_does_not_have_is_told(line: str, misread: bool) -> None:
    sums = "Calculate 75 / 12.5 + 430 + -6."
    assert (Fault.MISREAD in [fault for fault, _ in read_plan(f"calc 75 / 12.5\n{line}", sums).faults]) is misread
    assert Fault.MISREAD not in [fault for fault, _ in read_plan(line, "430 pears and 75 plums, 12.5 of them?").faults]


LEGS = "How many legs have 5 cats and 14 horses?"
COUNTED = "fact legs of cat\ncalc 5 * #1\nfact legs of horse\ncalc 14 * #3\ncalc #2 + #4"


def test_a_plan_that_does_not_stop_is_cut_where_it_has_used_everything() -> None:
    on = f"{COUNTED}\nfact legs of dog\ncalc 14 * #6\ncalc #5 + #7"
    assert [fault for fault, _ in read_plan(on, LEGS).faults] == [Fault.ELSEWHERE]
    for text in (on, f"{COUNTED}\ncalc #9 + 1", "\n".join([COUNTED, *(["calc #5 + 5"] * 300)])):
        cut = trimmed(text, LEGS)
        assert cut is not None
        assert str(cut) == COUNTED


def test_a_plan_is_not_cut_where_something_is_missing_or_wrong() -> None:
    assert trimmed("fact legs of cat\ncalc 5 * #1\ncalc #2 + #9", LEGS) is None
    assert trimmed("calc 5 * 14\nfact legs of cat\ncalc 5 + 99", "What are 5 and 14 and 20?") is None
    assert trimmed("", LEGS) is None


@given(st.text(max_size=3000))
def test_anything_can_be_read_and_what_is_sound_has_no_cycle(text: str) -> None:
    plan = read_plan(text, QUESTION)
    assert len(plan.steps) <= MOST_STEPS
    if plan.sound:
        assert plan.steps
        assert nx.is_directed_acyclic_graph(plan.graph)
