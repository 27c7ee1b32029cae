"""First steps rehearsed in imagination: real executors by the kitchen's rules, partners as they seem to be.

Schedules know nothing of two cooks who are in each other's way or who go for the same soup; a rehearsal does. It costs
ten times as much, so only the first steps that schedules find promising are rehearsed.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping, Sequence

import numpy as np
from brigade.agents.hierarchy.executor import Executor, Macro, Surroundings, Verb, can_begin
from brigade.agents.hierarchy.imagination import Actor, Player, play, turn_ticks, with_other_orders, worth
from brigade.agents.hierarchy.partner import Belief, expected
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.specialists import Blocker, Specialist
from brigade.envs.kitchen import HlaView
from numpy.typing import NDArray

HOPELESS = -5.0
"""Points behind the first option at which another one is given up."""


def rehearse(
    view: HlaView,
    cook: int,
    options: Sequence[Macro],
    beliefs: Mapping[int, Belief],
    *,
    at_work: Mapping[int, Executor],
    seconds: float,
    futures: int,
    seed: int,
    going_on: Executor | None = None,
) -> NDArray[np.float64]:
    """What beginning each of these macro actions now comes to, in points: shape (futures, options).

    An option that has fallen far behind the first one (`HOPELESS`) is not rehearsed in the other futures: NaN.

    Args:
        view: the kitchen now.
        cook: who begins.
        options: macro actions that can begin.
        beliefs: what each partner seems to be like.
        at_work: executors of partners that are about something, as far as that is known.
        seconds: how far each future goes.
        futures: how many, which differ in the orders to come and in how far a partner is trusted.
        seed: of the orders to come.
        going_on: this cook's executor, if the first option is what it is about already and carries on with.
    """
    rules = view.rules
    last = min(view.tick + round(seconds / rules.tick_seconds), rules.horizon)
    every = turn_ticks(view.layout.pace, rules.tick_seconds, rules.horizon)
    turns = (*(tick for tick in every if view.tick <= tick < last), last)
    points = np.full((futures, len(options)), np.nan)
    for future in range(futures):
        start = with_other_orders(view, hash((seed, view.tick, future)))
        gains = points[:future].mean(axis=0) - points[:future, 0].mean() if future else np.zeros(len(options))
        if len(options) > 1 and not any(gains[1:] > HOPELESS):
            break
        for column, macro in enumerate(options):
            if not gains[column] > HOPELESS:
                continue
            state = start.copy()
            carries_on = going_on is not None and column == 0
            executor = copy.copy(going_on) if going_on is not None and carries_on else Executor(cook, seed=seed)
            own = Player(executor, _script(view, cook, beliefs), watches=False)
            if not carries_on:
                own.start(macro, view)
            players: list[Actor] = [
                own if index == cook else _partner(view, index, beliefs, at_work, seed, future)
                for index in range(view.layout.cooks)
            ]
            play(rules, state, players, turns)
            points[future, column] = worth(rules, state)
    return points


def _script(view: HlaView, cook: int, beliefs: Mapping[int, Belief]) -> ScriptPlanner:
    script = ScriptPlanner(cook, view.layout.pace)
    script.assume([other for other, belief in beliefs.items() if belief.idle])
    return script


def _partner(
    view: HlaView, index: int, beliefs: Mapping[int, Belief], at_work: Mapping[int, Executor], seed: int, future: int
) -> Actor:
    """A partner that goes on as it seems to be."""
    belief = beliefs.get(index)
    if belief is None or belief.idle:
        return Player(Executor(index))
    does = expected(belief, trusting=future % 2 == 0)
    if not does:  # it is about, and does nothing
        return Blocker(index, random.Random(f"{seed} {view.tick} {future}"))
    does |= {Verb.PUTOUT, Verb.DROP}
    executor, doing = Executor(index), belief.doing
    if doing is not None and doing.verb in does:
        if index in at_work:
            executor = copy.copy(at_work[index])
        elif can_begin(doing, Surroundings(view, index)).ok:
            executor.start(doing, view)
    return Player(executor, Specialist(_script(view, index, beliefs), does), watches=False)
