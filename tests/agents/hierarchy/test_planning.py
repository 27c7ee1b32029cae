"""Plans: orders become a graph of jobs, cooks get them by a schedule, and the script is left only for more points."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest
from brigade.agents.hierarchy.executor import Macro, Verb, macro_of
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.hierarchy.partner import Belief, expected
from brigade.agents.hierarchy.planning import DagPlanner, Foresight, next_macro, plan_from
from brigade.agents.hierarchy.planning.graph import decompose, graph_of, tails
from brigade.agents.hierarchy.planning.paths import paths_of
from brigade.agents.hierarchy.planning.schedule import Scheduler, Worker, scheduler_at
from brigade.envs.kitchen import HlaKitchen, HlaView, Tile, parse_layout
from scenes import arrange

ACTIVE = Belief(None, False, {}, proven=frozenset({Verb.CHOP, Verb.PREPARE}))
IDLE = Belief(None, True, {})
BOB, ALICE = 5, 3


def scheduled(view: HlaView, *workers: Worker, horizon: float = 90.0) -> Scheduler:
    """What these workers come to when they begin now, with no orders to come."""
    goals, jobs, spare = decompose(view)
    graph = graph_of(goals, jobs, view.layout.timing.cooking)
    found = scheduler_at(view, goals, jobs, spare, graph, list(workers), horizon)
    found.run()
    return found


def worker(view: HlaView, cook: int) -> Worker:
    """A cook as it stands."""
    return Worker(cook, view.seconds, view.position(cook), view.held(cook).code)


def served(found: Scheduler) -> list[float]:
    """When which soups were served."""
    return [slot.ends for slot in found.slots if slot.macro.verb is Verb.SERVE]


def test_an_order_becomes_a_chain_from_what_is_missing_to_the_delivery() -> None:
    view = arrange("ring", squares={(0, 2): "ChoppedTomato"}, orders=["Bob"]).view()
    goals, jobs, _ = decompose(view)
    first = [job for job in jobs if job.order == goals[0].number]
    names = [job.macro.name for job in first]
    assert names == ["Chop Lettuce", "Prepare Bob Ingredients", "Cook Bob Soup", "Plate Bob Soup", "Serve Bob Soup"]
    graph = graph_of(goals, jobs, 15.0)
    assert nx.is_directed_acyclic_graph(graph)
    lags = [graph.edges[edge]["lag"] for edge in graph.edges if edge[0] in {job.number for job in first}]
    assert lags == [0.0, 0.0, 15.0, 0.0]
    assert first[1].inputs[0].cell == view.layout.cell(0, 2)


def test_two_orders_never_count_on_the_same_thing() -> None:
    view = arrange("ring", squares={(0, 2): "ChoppedLettuce-ChoppedTomato"}, orders=["Bob", "Bob"]).view()
    goals, jobs, _ = decompose(view)
    bobs = [goal.number for goal in goals if goal.name == "Bob"]
    prepares = {job.order for job in jobs if job.macro == Macro(Verb.PREPARE, BOB)}
    assert len(bobs) == 2 + sum(goal.name == "Bob" for goal in goals[2:])
    assert len(prepares) == len(bobs) - 1


def test_the_critical_path_counts_the_longest_chop_and_the_cooking() -> None:
    view = arrange("ring", orders=["Bob"]).view()
    goals, jobs, _ = decompose(view)
    graph = graph_of(goals, jobs, 15.0)
    longest = tails(graph, dict.fromkeys(graph, 4.0))
    chop = next(job.number for job in jobs if job.macro.verb is Verb.CHOP)
    assert longest[chop] == 5 * 4.0 + 15.0


def test_a_demand_stands_in_the_graph_before_the_orders() -> None:
    view = arrange("ring", orders=["Bob"]).view()
    agenda = Agenda((OpenDemand(Demand(macro_of("Cook Alice Soup"), 2)),))
    goals, jobs, _ = decompose(view, agenda)
    wanted = [job.macro.name for job in jobs if job.order == goals[0].number]
    assert goals[0].wanted
    assert wanted == ["Chop Lettuce", "Chop Onion", "Prepare Alice Ingredients", "Cook Alice Soup"] * 2


def test_two_cooks_serve_sooner_than_one() -> None:
    view = arrange("ring", orders=["Bob", "Alice", "David"]).view()
    alone, together = scheduled(view, worker(view, 0)), scheduled(view, worker(view, 0), worker(view, 1))
    assert served(together)[0] < served(alone)[0]
    assert {slot.cook for slot in together.slots} == {0, 1}


def test_nobody_gets_a_job_whose_station_is_out_of_reach() -> None:
    view = HlaKitchen("partition").view()
    found = scheduled(view, worker(view, 0), worker(view, 1))
    tiles = {Verb.CHOP: Tile.BOARD, Verb.COOK: Tile.POT, Verb.SERVE: Tile.DELIVERY}
    able = {
        (cook, verb) for cook in (0, 1) for verb, tile in tiles.items() if paths_of(view.layout).stations(cook, tile)
    }
    done = {(slot.cook, slot.macro.verb) for slot in found.slots if slot.macro.verb in tiles}
    assert done <= able
    assert any(slot.macro.verb is Verb.SERVE for slot in found.slots)


def test_a_job_takes_the_turns_that_the_executor_needs() -> None:
    view = arrange("ring", cooks=[((1, 1), None), ((5, 5), None)], orders=["Bob"]).view()
    found = scheduled(view, replace(worker(view, 0), verbs=frozenset({Verb.CHOP})))
    # to the lettuces (0 steps) and take one, to the board, 9 bumps and take it, to the counter and put it
    assert found.slots[0].ends == pytest.approx(16 / 2.5, abs=2 / 2.5)


def test_a_pot_holds_one_soup_at_a_time() -> None:
    kitchen = HlaKitchen(parse_layout("recipes: [Alice]\norders: 2\ngrid: |\n  -LO/P-\n  -1 2 U\n  -    *\n  ------\n"))
    kitchen.reset()
    view = kitchen.view()
    found = scheduled(view, worker(view, 0), worker(view, 1))
    cooks = [slot.ends for slot in found.slots if slot.macro.verb is Verb.COOK]
    assert len(cooks) == 2
    assert cooks[1] - cooks[0] >= view.layout.timing.cooking


def test_who_does_nothing_gets_nothing() -> None:
    view = arrange("ring", orders=["Bob"]).view()
    plan = plan_from(view, 0, macro_of("Chop Tomato"), {1: IDLE}, foresight=Foresight(rehearsals=0))
    assert {slot.cook for slot in plan.slots} == {0}


def test_partners_are_expected_to_do_what_they_were_seen_to_do() -> None:
    chops = Belief(None, False, {}, refuses=frozenset({Verb.PREPARE}), proven=frozenset({Verb.CHOP}))
    assert expected(chops, trusting=True) == {Verb.CHOP}
    unknown = Belief(None, False, {})
    assert Verb.SERVE in expected(unknown, trusting=True)
    assert Verb.SERVE not in expected(unknown, trusting=False)
    assert Verb.SERVE in expected(ACTIVE, trusting=False)


def test_what_is_in_hand_is_not_put_away_for_something_else() -> None:
    soup = "CookedLettuce-CookedTomato-Plate"
    view = arrange("ring", cooks=[((1, 1), soup), ((5, 1), None)], orders=["Bob"]).view()
    plan = plan_from(view, 0, macro_of("Serve Bob Soup"), {1: ACTIVE})
    assert plan.macro == macro_of("Serve Bob Soup")
    assert plan.scheduled == {}


def test_a_fire_goes_before_every_schedule() -> None:
    fire = {(4, 4): "CharredLettuce-CharredTomato-Fire"}
    view = arrange("ring", squares=fire, orders=["Bob"]).view()
    assert next_macro(view, 0, {1: ACTIVE}) == macro_of("Putout")


def test_the_plan_does_not_wait_for_a_soup_that_the_partner_never_plates() -> None:
    """Beside one who plates, the soup is left to them; beside one who only chops, it is not."""
    view = arrange(
        "ring",
        cooks=[((1, 1), None), ((3, 6), None)],
        squares={(3, 4): "CookedLettuce-CookedTomato"},
        timers={(3, 4): 12.0},
        orders=["Bob", "Alice", "Cathy"],
    ).view()
    chops = Belief(None, False, {}, refuses=frozenset({Verb.PLATE}), proven=frozenset({Verb.CHOP}))
    assert next_macro(view, 0, {1: chops}) == macro_of("Plate Bob Soup")
    both = replace(ACTIVE, proven=frozenset(Verb), doing=macro_of("Plate Bob Soup"))
    assert next_macro(view, 0, {1: both}) != macro_of("Plate Bob Soup")


def test_a_demand_is_worked_on_whatever_the_orders_are_worth() -> None:
    view = arrange("ring", orders=["Bob", "Alice", "David"]).view()
    agenda = Agenda((OpenDemand(Demand(macro_of("Chop Onion"), 2)),))
    assert next_macro(view, 0, {1: ACTIVE}, agenda=agenda) == macro_of("Chop Onion")


def test_the_same_moment_gives_the_same_plan() -> None:
    view = arrange("quick", orders=["Bob", "Alice", "David"]).view()
    assert next_macro(view, 0, {1: ACTIVE}, seed=3) == next_macro(view, 0, {1: ACTIVE}, seed=3)


def test_without_foresight_the_planner_is_the_script() -> None:
    view = arrange("ring", orders=["Bob", "Alice", "David"]).view()
    found = DagPlanner(0, 2.5, Foresight(schedules=0))
    assert found.choose(view) == found.script.choose(view)
    assert found.plan is None
