"""First steps rehearsed in imagination: real executors by the kitchen's rules, partners as they seem to be.

Schedules know nothing of two cooks who are in each other's way or who go for the same soup; a rehearsal does. It costs
ten times as much, so only the first steps that schedules find promising are rehearsed.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from brigade.agents.hierarchy.executor import MACROS, Executor, Macro, Surroundings, Verb, can_begin
from brigade.agents.hierarchy.imagination import Player, play, turn_ticks, with_other_orders, worth
from brigade.agents.hierarchy.partner import Belief, expected
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaView
from numpy.typing import NDArray


@dataclass
class Willing:
    """Follows the script in what it does, and leaves some kinds of macro action undone."""

    script: ScriptPlanner
    undone: Collection[Verb]

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.script.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """What the script would do among the macro actions of its kinds; None to wait for such a one."""
        return self.script.choose(view, [*avoid, *(macro for macro in MACROS if macro.verb in self.undone)])


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
) -> NDArray[np.float64]:
    """What beginning each of these macro actions now comes to, in points: shape (futures, options).

    Args:
        view: the kitchen now.
        cook: who begins.
        options: macro actions that can begin.
        beliefs: what each partner seems to be like.
        at_work: executors of partners that are about something, as far as that is known.
        seconds: how far each future goes.
        futures: how many, which differ in the orders to come and in how far a partner is trusted.
        seed: of the orders to come.
    """
    rules = view.rules
    last = min(view.tick + round(seconds / rules.tick_seconds), rules.horizon)
    every = turn_ticks(view.layout.pace, rules.tick_seconds, rules.horizon)
    turns = (*(tick for tick in every if view.tick <= tick < last), last)
    points = np.empty((futures, len(options)))
    for future in range(futures):
        start = with_other_orders(view, hash((seed, view.tick, future)))
        for column, macro in enumerate(options):
            state = start.copy()
            own = Player(Executor(cook, seed=seed), _script(view, cook, beliefs), watches=False)
            own.start(macro, view)
            players = [
                own if index == cook else _partner(view, index, beliefs, at_work, trusting=future % 2 == 0)
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
    view: HlaView, index: int, beliefs: Mapping[int, Belief], at_work: Mapping[int, Executor], *, trusting: bool
) -> Player:
    """A partner that goes on as it seems to be."""
    belief = beliefs.get(index)
    if belief is None or belief.idle:
        return Player(Executor(index))
    does = expected(belief, trusting=trusting)
    executor, doing = Executor(index), belief.doing
    if doing is not None and (doing.verb in does or doing.verb in (Verb.PUTOUT, Verb.DROP)):
        if index in at_work:
            executor = copy.copy(at_work[index])
        elif can_begin(doing, Surroundings(view, index)).ok:
            executor.start(doing, view)
    undone = [verb for verb in Verb if verb not in does and verb not in (Verb.PUTOUT, Verb.DROP)]
    return Player(executor, Willing(_script(view, index, beliefs), undone), watches=False)
