"""A plan to look at: an episode is played up to a moment, and what the planner makes of it is shown.

The episode is played in imagination (turns, no clock, no record). Knows no command line.
"""

from __future__ import annotations

import math
import random
from dataclasses import asdict, dataclass
from typing import Any

from brigade.agents.hierarchy.executor import Executor
from brigade.agents.hierarchy.imagination import Actor, Player, play, turn_ticks
from brigade.agents.hierarchy.planning import DagPlanner, Plan, plan_from
from brigade.agents.hierarchy.policy import Policy
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.specialists import SPECIALTIES, Blocker, Specialist
from brigade.envs.kitchen import HlaKitchen, HlaView
from rich.table import Table

PARTNERS = ("script", *SPECIALTIES, "blocks", "idle")
"""Kinds of partner that can be imagined."""


@dataclass(frozen=True)
class Planned:
    """A moment, and the plan for it."""

    view: HlaView
    plan: Plan | None
    """None if there is nothing to begin."""


def plan_at(map: str, *, partner: str = "script", seed: int = 0, at: float = 0.0) -> Planned:
    """The plan of the first cook at a moment of an episode that it has cooked by its plans up to there.

    Args:
        map: name or file of a layout of the rule book hla.
        partner: kind of all other cooks, of PARTNERS.
        seed: of the orders, and of what partners leave to chance.
        at: seconds since the start.

    Raises:
        ValueError: there is no such map, partner or moment.
    """
    kitchen = HlaKitchen(map)
    kitchen.reset(seed)
    if partner not in PARTNERS:
        raise ValueError(f"unknown partner {partner!r} (known: {', '.join(PARTNERS)})")
    if not (math.isfinite(at) and 0 <= at < kitchen.layout.duration):
        raise ValueError(f"at must be from 0 to below {kitchen.layout.duration:g} seconds, not {at:g}")
    layout, rules = kitchen.layout, kitchen.rules
    planner = DagPlanner(0, layout.pace, seed=seed)
    others = [_partner(partner, cook, layout.pace, seed) for cook in range(1, layout.cooks)]
    last = round(at / rules.tick_seconds)
    turns = (tick for tick in turn_ticks(layout.pace, rules.tick_seconds, rules.horizon) if tick < last)
    play(rules, kitchen.state, [Player(Executor(0, seed=seed), planner), *others], (*turns, last))
    view = kitchen.view()
    beliefs = planner.partners.beliefs(view)
    refuses = {other: belief.refuses for other, belief in beliefs.items()}
    usual = planner.script.choose(view, refuses=refuses)
    return Planned(view, None if usual is None else plan_from(view, 0, usual, beliefs, seed=seed))


def _partner(kind: str, cook: int, pace: float, seed: int) -> Actor:
    if kind == "blocks":
        return Blocker(cook, random.Random(f"{seed} {cook}"))
    script = ScriptPlanner(cook, pace)
    policy: Policy = Specialist(script, SPECIALTIES[kind]) if kind in SPECIALTIES else script
    return Player(Executor(cook, seed=seed), None if kind == "idle" else policy)


def to_json(planned: Planned) -> dict[str, Any]:
    """The JSON of `brigade plan`: times in seconds on the kitchen's clock, values in points."""
    view, plan = planned.view, planned.plan
    facts: dict[str, Any] = {"map": view.layout.name, "seconds": round(view.seconds, 3), "macro": None}
    facts["orders"] = [{"name": o.recipe.name, "seconds_left": round(o.seconds_left, 1)} for o in view.orders]
    if plan is None:
        return facts
    jobs = [
        {"job": job, "macro": at["macro"].name, "order": at["order"], "after": sorted(plan.graph.predecessors(job))}
        for job, at in plan.graph.nodes.items()
    ]
    schedule = [
        asdict(slot) | {"macro": slot.macro.name, "begins": round(slot.begins, 2), "ends": round(slot.ends, 2)}
        for slot in plan.slots
    ]
    return facts | {
        "macro": plan.macro.name,
        "script": plan.usual.name,
        "scheduled": {macro.name: round(points, 2) for macro, points in plan.scheduled.items()},
        "rehearsed": {macro.name: round(points, 2) for macro, points in plan.rehearsed.items()},
        "jobs": jobs,
        "schedule": schedule,
    }


def table(planned: Planned) -> Table:
    """The schedule, a row for each job in the order in which they begin."""
    view, plan = planned.view, planned.plan
    orders = ", ".join(f"{order.recipe.name} {order.seconds_left:.0f} s" for order in view.orders)
    shown = Table(title=f"{view.layout.name} at {view.seconds:.1f} s; orders {orders}")
    for name in ("begins", "ends", "cook", "macro action", "for"):
        shown.add_column(name, justify="right" if name in ("begins", "ends") else "left")
    for slot in sorted(plan.slots, key=lambda each: each.begins) if plan is not None else ():
        begins, ends = (f"{time - view.seconds:.1f}" for time in (slot.begins, slot.ends))
        shown.add_row(begins, ends, str(slot.cook + 1), slot.macro.name, slot.order)
    if plan is None:
        shown.caption = "nothing can be begun now"
    elif plan.macro == plan.usual:
        shown.caption = f"begin {plan.macro}, as the script would"
    else:
        better = plan.rehearsed[plan.macro]
        shown.caption = f"begin {plan.macro}, not {plan.usual} as the script would: {better:.1f} points better"
    return shown
