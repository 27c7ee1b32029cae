"""A plan that has gone stale is replaced while its macro action is under way, if carrying on is worth less."""

from __future__ import annotations

import pytest
from brigade.agents.hierarchy.executor import Executor, Macro, Verb, macro_of
from brigade.agents.hierarchy.imagination import Player
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.hierarchy.planning import DagPlanner, Foresight, revised
from brigade.agents.hierarchy.planning.revising import Staleness, is_pointless
from scenes import arrange

IDLE = {1: Belief(None, True, {})}
CHOP = macro_of("Chop Tomato")
SOUP = "CookedLettuce-CookedTomato"


def test_a_plan_goes_stale_once_when_an_order_comes_and_not_by_carrying_on() -> None:
    staleness = Staleness()
    one = arrange("ring", orders=["Bob"]).view()
    two = arrange("ring", orders=["Bob", "Alice"]).view()
    chopped = arrange("ring", squares={(0, 2): "ChoppedTomato"}, orders=["Bob"]).view()
    assert not staleness.noticed(one, CHOP)
    assert not staleness.noticed(chopped, CHOP)
    assert staleness.noticed(two, CHOP)
    assert not staleness.noticed(two, CHOP)
    assert not staleness.noticed(one, macro_of("Chop Onion"))  # a new macro action has a new plan


def test_a_demand_makes_a_plan_stale() -> None:
    staleness, view = Staleness(), arrange("ring", orders=["Bob"]).view()
    staleness.noticed(view, CHOP)
    wanted = Agenda((OpenDemand(Demand(macro_of("Chop Onion"), 1), 0),))
    assert staleness.noticed(view, CHOP, wanted)


@pytest.mark.parametrize(
    ("doing", "orders", "squares", "holds", "pointless"),
    [
        ("Prepare Alice Ingredients", ["Bob"], {}, "", True),
        ("Prepare Bob Ingredients", ["Bob"], {}, "", False),
        ("Chop Onion", ["Bob"], {}, "", False),
        ("Chop Onion", ["Bob"], {(0, 2): "ChoppedOnion", (0, 3): "ChoppedOnion"}, "", True),
        ("Chop Onion", ["Alice"], {(0, 2): "ChoppedLettuce"}, "", False),
        ("Prepare Alice Ingredients", ["Bob"], {}, "ChoppedOnion", False),
        ("Plate Alice Soup", ["Bob"], {}, "", False),
    ],
)
def test_what_nothing_wants_any_more_is_pointless_unless_something_is_in_hand_for_it(
    doing: str, orders: list[str], squares: dict[tuple[int, int], str], holds: str, pointless: bool
) -> None:
    view = arrange("ring", cooks=[((1, 1), holds or None), ((6, 6), None)], squares=squares, orders=orders).view()
    assert is_pointless(view, 0, macro_of(doing)) is pointless


def test_a_soup_that_will_burn_ends_a_chop_for_stock_and_a_steadfast_planner_chops_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = arrange("ring", squares={(0, 2): "ChoppedTomato"}, orders=["Bob"])
    executor = Executor(0)
    executor.start(macro_of("Chop Onion"), before.view())
    ready = arrange("ring", squares={(3, 4): SOUP}, timers={(3, 4): 8.0}, orders=["Bob"]).view()
    better = revised(ready, executor, macro_of("Plate Bob Soup"), IDLE)
    assert better is not None
    assert better.verb in (Verb.PLATE, Verb.SERVE)
    for revises, dropped in ((True, True), (False, False)):
        planner = DagPlanner(0, foresight=Foresight(revises=revises))
        monkeypatch.setattr(planner.partners, "beliefs", lambda view: IDLE)
        planner.revise(before.view(), executor)
        assert (planner.revise(ready, executor) is not None) is dropped


def test_carrying_on_is_never_left_for_itself_or_for_what_is_to_be_avoided() -> None:
    view = arrange("ring", orders=["Bob"]).view()
    executor = Executor(0)
    executor.start(CHOP, view)
    assert revised(view, executor, CHOP, IDLE) != CHOP
    every = [Macro(Verb.CHOP, food) for food in (1, 2, 4)]
    assert revised(view, executor, None, IDLE, avoid=every) is None


def test_imagined_cooks_think_better_of_it_as_cooks_in_sessions_do() -> None:
    class Fickle:
        """Wants something else every turn."""

        def watch(self, view: object) -> None: ...

        def choose(self, view: object, avoid: object = ()) -> Macro:
            return CHOP

        def revise(self, view: object, doing: Executor, avoid: object = ()) -> Macro | None:
            return macro_of("Chop Onion") if doing.macro == CHOP else None

    view = arrange("ring", orders=["Bob"]).view()
    player = Player(Executor(0), Fickle())
    player.turn(view)
    player.turn(view)
    assert player.executor.macro == macro_of("Chop Onion")
    assert player.ended[0].reason == "the plan has gone stale"
