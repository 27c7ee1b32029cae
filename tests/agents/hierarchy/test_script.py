"""The script planner serves orders, alone and in company, and puts a partner's wishes first."""

from __future__ import annotations

import pytest
from brigade.agents.hierarchy.executor import Surroundings, macro_of
from brigade.agents.hierarchy.intent import Agenda, Demand, Intent, Kind
from brigade.agents.hierarchy.script import ScriptPlanner, wanted_now
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.envs.kitchen import named_layouts
from scenes import arrange


def agenda(*demands: tuple[str, int | None]) -> Agenda:
    wanted = tuple(Demand(macro_of(name), count) for name, count in demands)
    return Agenda().after(Intent(Kind.SHORT_TERM, wanted))


@pytest.mark.parametrize("name", named_layouts("hla"))
def test_two_scripts_serve_orders_on_every_map_with_every_seed(name: str) -> None:
    results = [run_episode(EpisodeSpec(name, "script", "script", seed=seed)) for seed in range(5)]
    assert all(result.served >= 1 for result in results)
    assert sum(result.score for result in results) / len(results) >= 35


def test_the_script_beats_random_and_idle_company() -> None:
    def mean(agent: str) -> float:
        return sum(run_episode(EpisodeSpec("quick", agent, "script", seed=seed)).score for seed in range(5)) / 5

    assert mean("script") > mean("random") + 20
    assert mean("script") > mean("idle") + 20


@pytest.mark.parametrize(
    ("squares", "best"),
    [
        ({}, "Chop"),
        ({(0, 2): "ChoppedLettuce", (0, 3): "ChoppedTomato"}, "Prepare Bob Ingredients"),
        ({(0, 2): "ChoppedLettuce-ChoppedTomato"}, "Cook Bob Soup"),
        ({(3, 4): "CookedLettuce-CookedTomato", (0, 2): "ChoppedLettuce-ChoppedOnion"}, "Plate Bob Soup"),
        ({(0, 2): "CookedLettuce-CookedTomato-Plate", (3, 4): "CookedLettuce-CookedOnion"}, "Serve Bob Soup"),
        ({(3, 4): "CharredOnion-Fire"}, "Putout"),
    ],
)
def test_what_is_nearest_to_points_comes_first(squares: dict[tuple[int, int], str], best: str) -> None:
    choice = ScriptPlanner(0).choose(arrange("ring", squares=squares).view())
    assert choice is not None
    assert choice.name.startswith(best)


def test_two_orders_never_count_on_the_same_soup() -> None:
    kitchen = arrange("ring", squares={(0, 2): "CookedLettuce-CookedTomato-Plate"}, orders=["Bob", "Bob", "Bob"])
    tasks = ScriptPlanner(0).tasks(Surroundings(kitchen.view(), 0))
    assert sum(task.macro.name == "Serve Bob Soup" for task in tasks) == 1
    assert any(task.macro.name.startswith("Chop") for task in tasks)


def test_a_wish_goes_first_and_what_it_needs_before_it() -> None:
    kitchen = arrange("ring", squares={(0, 2): "CookedLettuce-CookedTomato-Plate"})
    planner = ScriptPlanner(0)
    assert planner.choose(kitchen.view(), agenda=agenda(("Chop Onion", 1))) == macro_of("Chop Onion")
    needed = wanted_now(agenda(("Cook Cathy Soup", 1)), Surroundings(kitchen.view(), 0))
    assert {macro.name for macro in needed} == {"Chop Onion", "Chop Tomato"}
    scores = planner.scores(kitchen.view(), agenda(("Chop Onion", None)))
    assert max(scores, key=scores.__getitem__) == macro_of("Chop Onion")
