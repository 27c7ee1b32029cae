"""Demands come from held-out messages, can be carried out, and begin alike for every agent."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from brigade.agents.bench.demands import GRACE, KINDS, WORDS, Case, find_case, play_case
from brigade.agents.bench.judge import judge
from brigade.agents.bench.scenes import mid_game, view_of, with_situation
from brigade.agents.hierarchy.executor import MACROS, Surroundings, Verb, can_begin
from brigade.agents.training.messages import compose


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_is_a_held_out_message_that_the_told_script_fulfils_in_the_time_that_it_is_given(kind: str) -> None:
    case = find_case(kind, "ring", 3)
    assert case is not None
    assert find_case(kind, "ring", 3) == case, "the same one always"
    assert Case.from_dict(case.to_dict()) == case
    held_out = {row.message for row in compose("test", 1500)}
    assert {each.message for each in case.spoken} <= held_out
    if kind in WORDS:
        return
    assert min(case.counts.values()) > 0
    assert judge(case, play_case(case, "told", latency="0")).fulfilled
    if kind in ("short_term", "several"):
        wanted = case.spoken[0].intent["demands"]
        assert sum(case.counts.values()) == sum(demand["count"] for demand in wanted)
        assert len(wanted) == 1 or kind == "several"


def test_who_does_not_listen_does_not_fulfil_what_the_orders_do_not_need() -> None:
    cases = [case for number in range(6) if (case := find_case("short_term", "ring", number)) is not None]
    assert len(cases) == 6
    deaf = [judge(case, play_case(case, "script", latency="0")).fulfilled for case in cases]
    assert sum(deaf) < 4


def test_what_is_impossible_is_never_done_and_nobody_is_given_time_for_it() -> None:
    case = find_case("impossible", "partition", 1)
    assert case is not None
    seen = play_case(replace(case, duration=60), "told", latency="0")
    assert seen.count(case.spoken[0].intent["demands"][0]["macro"], 0, 60) == 0
    assert case.due == case.said_at + GRACE


@pytest.mark.parametrize("macro", [each for each in MACROS if each.verb is not Verb.CHOP], ids=str)
def test_a_situation_makes_what_it_calls_for_possible(macro: object) -> None:
    assert any(macro == each for each in MACROS)
    (found,) = (each for each in MACROS if each == macro)
    generator = random.Random(4)
    state = with_situation("ring", mid_game("ring", generator), found, 0, generator)
    assert state is not None
    assert can_begin(found, Surroundings(view_of("ring", state), 0)).ok or found.verb is Verb.COOK


def test_moments_are_in_the_midst_of_cooking_and_begin_at_zero() -> None:
    state = mid_game("quick", random.Random(1))
    view = view_of("quick", state)
    assert (view.tick, view.score, view.served, view.missed) == (0, 0, 0, 0)
    assert len(view.squares) > 2
    assert mid_game("quick", random.Random(1)) == state
    assert mid_game("quick", random.Random(2)) != state
