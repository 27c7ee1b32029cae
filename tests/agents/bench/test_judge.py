"""Fulfilled is: done exactly, in time, and given up when told; answers must be true as far as can be seen."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from brigade.agents.bench.demands import KEPT_FOR, STOPPED_AFTER, Case, Spoken, play_case
from brigade.agents.bench.judge import judge, untrue
from brigade.agents.bench.observed import Observed
from brigade.agents.bench.scenes import mid_game, view_of
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.executor import Macro, macro_of
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import LanguageModel
from brigade.envs.kitchen import HlaKitchen, HlaView
from scenes import arrange

STATE = HlaKitchen("ring").rules.to_dict(HlaKitchen("ring").rules.initial(0))


def case(kind: str = "short_term", counts: dict[str, int] | None = None, **facts: Any) -> Case:
    counts = {"Chop Onion": 2} if counts is None else counts
    demands = [{"macro": name, "count": count} for name, count in counts.items()]
    said = Spoken(1.0, "two onions", {"kind": "short_term", "demands": demands, "standing": False, "cancel": []})
    return Case(kind, "ring", 0, (said,), STATE, 20.0, counts, 40.0, **facts)


def seen(*done: tuple[float, str], said: tuple[tuple[float, str], ...] = (), view: HlaView | None = None) -> Observed:
    """An agent that completed these things, in a kitchen whose orders need no onion."""
    still = view or arrange("ring", orders=["Bob", "Bob", "Bob"], squares=PLENTY).view()
    deeds: tuple[tuple[float, Macro], ...] = tuple((when, macro_of(name)) for when, name in done)
    return Observed((still,), deeds, (), said, 0.1)


PLENTY = {(0, 1): "ChoppedOnion", (0, 2): "ChoppedOnion"}
ONION = "Chop Onion"


@pytest.mark.parametrize(
    ("done", "fulfilled", "why"),
    [
        ([(10.0, ONION), (20.0, ONION)], True, "done"),
        ([(10.0, ONION), (25.9, ONION)], True, "done"),
        ([(10.0, ONION), (26.1, ONION)], False, "not done in time"),
        ([(0.5, ONION), (20.0, ONION)], False, "not done in time"),
        ([(10.0, ONION)], False, "not done in time"),
        ([(10.0, ONION), (20.0, ONION), (30.0, ONION)], False, "once more"),
        ([(10.0, ONION), (20.0, ONION), (25.0, "Chop Tomato"), (35.0, ONION)], True, "done"),
        ([(10.0, "Chop Tomato"), (15.0, ONION), (20.0, ONION)], True, "done"),
    ],
)
def test_counts_are_met_exactly_and_in_time(done: list[tuple[float, str]], fulfilled: bool, why: str) -> None:
    verdict = judge(case(), seen(*done))
    assert verdict.fulfilled is fulfilled
    assert why in verdict.why


def test_once_more_is_no_fault_where_the_orders_need_it() -> None:
    hungry = arrange("ring", orders=["Cathy", "Cathy", "Alice"]).view()
    done = [(10.0, ONION), (20.0, ONION), (30.0, ONION)]
    assert judge(case(), seen(*done, view=hungry)).fulfilled


def test_of_several_chops_none_may_be_done_too_often_on_the_way() -> None:
    both = case("several", {ONION: 1, "Chop Tomato": 1})
    assert judge(both, seen((5.0, ONION), (9.0, "Chop Tomato"))).fulfilled
    assert "too often" in judge(both, seen((5.0, ONION), (9.0, ONION), (15.0, "Chop Tomato"))).why


def test_a_macro_action_under_way_when_the_message_comes_counts() -> None:
    one = seen((0.9, ONION), (8.0, ONION))
    assert judge(case(), replace(one, begun=((0.0, 1.2, ONION),))).fulfilled
    assert not judge(case(), one).fulfilled


def test_a_standing_demand_is_kept_as_often_as_the_script_would() -> None:
    standing = replace(case("long_term", {ONION: 2}), seconds=KEPT_FOR)
    assert judge(standing, seen((10.0, ONION), (40.0, ONION))).fulfilled
    assert "too seldom" in judge(standing, seen((10.0, ONION), (42.0, ONION))).why


def test_a_demand_that_is_given_up_was_kept_before_and_is_not_begun_again() -> None:
    stop = Spoken(26.0, "no more onions", {"kind": "short_term", "demands": [], "standing": False, "cancel": [ONION]})
    given_up = replace(case("cancel", {ONION: 1}), seconds=STOPPED_AFTER)
    given_up = replace(given_up, spoken=(*given_up.spoken, stop))
    assert judge(given_up, seen((10.0, ONION), (28.0, ONION))).fulfilled
    assert "too seldom before" in judge(given_up, seen((28.0, ONION))).why
    assert "not given up" in judge(given_up, seen((10.0, ONION), (32.0, "Chop Tomato"), (40.0, ONION))).why


@pytest.mark.parametrize(
    ("text", "fulfilled"),
    [
        ("Sorry, I can't reach a pot from here.", True),
        ("There is no fire.", True),
        ("Nothing is on fire right now!", True),
        ("On it: Put out the fire.", False),
        ("Sure thing!", False),
    ],
)
def test_what_is_impossible_must_be_said_to_be_so(text: str, fulfilled: bool) -> None:
    assert judge(case("impossible", {}), seen(said=((3.0, text),))).fulfilled is fulfilled


def test_answers_must_come_in_time() -> None:
    question = case("question", {})
    assert judge(question, seen(said=((5.9, "I am chopping onions."),))).fulfilled
    assert judge(question, seen(said=((6.1, "I am chopping onions."),))).why == "no answer in time"
    assert judge(question, seen(said=((0.5, "I am chopping onions."),))).why == "no answer in time"


@pytest.mark.parametrize(
    ("text", "of_orders", "wrong"),
    [
        ("The orders are Bob (60 s) and David.", True, ""),
        ("The orders are Bob and Alice.", True, "no such soup: Alice"),
        ("Alice is cooking.", False, ""),
        ("Cathy is cooking.", False, "no such soup: Cathy"),
        ("Bob has 33 seconds left.", True, "no such number: 33"),
        ("Three orders, I think.", True, "says nothing of the orders"),
        ("Good to have you here!", False, "not to the point"),
        ("", False, "not to the point"),
    ],
)
def test_what_is_named_in_an_answer_must_be_there(text: str, of_orders: bool, wrong: str) -> None:
    pot = {(3, 4): "CookingLettuce-CookingOnion"}
    view = arrange("ring", orders=["Bob", "Bob", "David"], squares=pot).view()
    assert untrue(text, [view], of_orders=of_orders) == wrong


def test_hla_that_understands_fulfils_a_demand_and_one_that_cannot_hear_does_not(embedded: LanguageModel) -> None:
    state = mid_game("ring", random.Random(5))
    view = view_of("ring", state)
    assert view.tick == 0
    demand = {"kind": "short_term", "demands": [{"macro": "Chop Lettuce", "count": 3}], "standing": False, "cancel": []}
    said = Spoken(1.0, "Chop three lettuces please", demand)
    asked = Case("short_term", "ring", 7, (said,), state, 60.0, {"Chop Lettuce": 3}, 70.0)
    met = play_case(asked, "told", latency="0").met(asked.counts, 1.0)
    assert met is not None
    asked = replace(asked, seconds=met - 1.0, duration=met + 17.0)

    class Deaf(SlowMind):
        """Understands nothing."""

        async def interpret(self, message: str, **facts: Any) -> Any:
            return await super().interpret("hello", **facts)

    fast = FastMind(embedded)
    good = play_case(asked, "hla", Minds(SlowMind(None), fast), latency="fast=0.1,slow=1")
    assert judge(asked, good).fulfilled
    bad = play_case(asked, "hla", Minds(Deaf(None), fast), latency="fast=0.1,slow=1")
    assert not judge(asked, bad).fulfilled
