"""The teacher values what leads to points, knows no future orders, and does what is demanded."""

from __future__ import annotations

import numpy as np
import pytest
from brigade.agents.bench.contestants import PLAIN
from brigade.agents.hierarchy.executor import MACROS, Surroundings, legal_macros, macro_of
from brigade.agents.hierarchy.imagination import worth
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.training.fast.teacher import Search, Teacher, candidates, label
from brigade.envs.kitchen.state import KitchenState
from scenes import arrange

QUICK = Search(horizon=25, futures=3)


def wanting(name: str, count: int | None = 1) -> Agenda:
    return Agenda((OpenDemand(Demand(macro_of(name), count)),))


def test_serving_a_finished_soup_is_worth_more_than_chopping() -> None:
    kitchen = arrange("ring", cooks=[((5, 6), "CookedLettuce-CookedTomato-Plate"), ((1, 1), None)])
    macros = (macro_of("Serve Bob Soup"), macro_of("Chop Onion"))
    values = Teacher(0, search=QUICK).values(kitchen.view(), macros)
    assert values[macros[0]] > values[macros[1]] + 1


def test_values_are_advantages_over_what_the_script_would_do() -> None:
    view = arrange("ring", squares={(0, 2): "ChoppedLettuce", (0, 3): "ChoppedTomato"}).view()
    values = Teacher(0, search=QUICK).values(view, legal_macros(Surroundings(view, 0)))
    assert values[macro_of("Prepare Bob Ingredients")] == 0


def test_orders_still_to_come_make_no_difference() -> None:
    kitchen = arrange("ring", squares={(0, 2): "ChoppedLettuce", (0, 3): "ChoppedTomato"})
    legal = legal_macros(Surroundings(kitchen.view(), 0))
    known = Teacher(0, search=QUICK).values(kitchen.view(), legal)
    other = np.roll(kitchen.state.sequence, 1)
    other[: kitchen.layout.orders] = kitchen.state.sequence[: kitchen.layout.orders]
    other.setflags(write=False)
    kitchen.state = KitchenState(kitchen.state.vector, other)
    assert Teacher(0, search=QUICK).values(kitchen.view(), legal) == known


def test_an_open_demand_leaves_only_what_leads_to_it() -> None:
    view = arrange("ring", squares={(0, 2): "ChoppedLettuce"}).view()
    assert candidates(view, 0, agenda=wanting("Chop Onion", 2)) == (macro_of("Chop Onion"),)
    assert candidates(view, 0, agenda=wanting("Cook Bob Soup", None)) == (macro_of("Chop Tomato"),)
    assert candidates(view, 0, agenda=wanting("Putout")) == candidates(view, 0)
    assert Teacher(0, search=QUICK).choose(view, agenda=wanting("Chop Onion")) == macro_of("Chop Onion")


def test_a_label_is_a_distribution_that_prefers_what_is_worth_more() -> None:
    shares = label(dict(zip(MACROS, (0.0, 1.5, -30.0), strict=False)), temperature=1.5)
    first, second, third = shares.values()
    assert first + second + third == pytest.approx(1)
    assert second / first == pytest.approx(np.e)
    assert third < 1e-6


def test_work_in_progress_counts_until_the_end_and_only_once() -> None:
    squares = {(0, 2): "CookedLettuce-CookedTomato-Plate", (3, 4): "CookingLettuce-CookingOnion"}
    kitchen = arrange("ring", squares=squares, orders=["Bob", "Bob", "Alice"])
    assert worth(kitchen.rules, kitchen.state) == pytest.approx(15 * 0.9 + 15 * 0.6)
    kitchen.state.vector[0] = kitchen.rules.horizon
    assert worth(kitchen.rules, kitchen.state) == 0


def test_the_teacher_cooks_in_a_session_and_beats_an_idle_cook_clearly() -> None:
    def score(agent: str) -> int:
        return run_episode(EpisodeSpec("quick", agent, "script", seed=1, duration=55)).score

    assert score(PLAIN["teacher"]) > score("idle") + 10
