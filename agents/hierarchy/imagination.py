"""The kitchen in imagination: cooks with real executors, stepped from turn to turn as fast as Python allows.

Between two turns nobody acts, so the kernel runs those ticks at once; macro actions are looked after on turns only.
Against a session this shifts a decision by a few ticks at most and saves three quarters of the work: 40 s of two cooks
take about 10 ms. Knows no clock, no language model and no record.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from brigade.agents.hierarchy.executor import Executor, Macro, MacroReport, Outcome
from brigade.agents.hierarchy.policy import Policy, Revising
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla import kernel
from brigade.envs.kitchen.hla.items import PLATE, code
from brigade.envs.kitchen.hla.kernel import STAY
from brigade.envs.kitchen.hla.recipes import draw_sequence
from brigade.envs.kitchen.hla.rules import HlaRules
from brigade.envs.kitchen.state import KitchenState
from brigade.envs.kitchen.view import Stage

AVOID_SECONDS = 3.0
"""How long a macro action that failed is not tried again, as in sessions."""
WAIT_SECONDS = 0.3
"""How long a cook with nothing to do waits, as in sessions."""
_IN_PROGRESS = ((Stage.COOKED, PLATE, 0.9), (Stage.COOKED, 0, 0.75), (Stage.COOKING, 0, 0.6), (Stage.CHOPPED, 0, 0.35))
"""Share of an order's bonus that work in progress counts, best first: plated, cooked, cooking, mixed."""
_PIECE = 0.1
"""Share of an order's bonus for each chopped piece that it can use."""


class Actor(Protocol):
    """Somebody who acts on every turn."""

    def turn(self, view: HlaView) -> int:
        """The atomic action of this turn."""


@dataclass
class Player:
    """A cook in imagination; without a policy it stands still once its macro action has ended."""

    executor: Executor
    policy: Policy | None = None
    rest: float = 0.0
    """Seconds of rest after each macro action."""
    watches: bool = True
    """Whether the policy has to see every turn."""
    ended: list[MacroReport] = field(default_factory=list)
    _avoid: dict[Macro, float] = field(default_factory=dict)
    _wait_until: float = 0.0
    _revising: Revising | None = None

    def __post_init__(self) -> None:
        self._revising = self.policy if isinstance(self.policy, Revising) else None

    def turn(self, view: HlaView) -> int:
        """The atomic action of this turn, after ending and starting macro actions as it comes."""
        self._note(self.executor.observe(view), view)
        if self.executor.macro is None and self.policy is not None and view.seconds >= self._wait_until:
            self._decide(self.policy, view)
        elif self.executor.macro is not None and self._revising is not None:
            self._revise(self._revising, view)
        if self.watches and self.policy is not None:
            self.policy.watch(view)
        return self.executor.act(view)

    def due(self, view: HlaView) -> bool:
        """Whether it has to decide on its next turn, after taking note of what has ended."""
        self._note(self.executor.observe(view), view)
        return self.executor.macro is None and view.seconds >= self._wait_until

    def start(self, macro: Macro, view: HlaView) -> None:
        """Begin a macro action. Raises IllegalMacro if it cannot begin."""
        self._note(self.executor.start(macro, view), view)
        self._note(self.executor.observe(view), view)

    def copied(self, executor: Executor, policy: Policy | None) -> Player:
        """Somebody in the same place, at the same point, with an executor and a policy of their own."""
        player = Player(executor, policy, self.rest, watches=False)
        player._avoid, player._wait_until = dict(self._avoid), self._wait_until
        return player

    def avoided(self, view: HlaView) -> list[Macro]:
        """Macro actions that failed a short while ago."""
        return [macro for macro, until in self._avoid.items() if until > view.seconds]

    def _revise(self, policy: Revising, view: HlaView) -> None:
        macro = policy.revise(view, self.executor, self.avoided(view))
        if macro is not None:
            self._note(self.executor.interrupt(view, "the plan has gone stale"), view)
            self.start(macro, view)

    def _decide(self, policy: Policy, view: HlaView) -> None:
        macro = policy.choose(view, self.avoided(view))
        if macro is None:
            self._wait_until = view.seconds + WAIT_SECONDS
        else:
            self.start(macro, view)

    def _note(self, report: MacroReport | None, view: HlaView) -> None:
        if report is None:
            return
        self.ended.append(report)
        self._wait_until = max(self._wait_until, view.seconds + self.rest)
        if report.outcome is Outcome.FAILED:
            self._avoid[report.macro] = view.seconds + AVOID_SECONDS


@lru_cache(maxsize=32)
def turn_ticks(pace: float, tick_seconds: float, ticks: int) -> tuple[int, ...]:
    """The ticks at which cooks act, evenly spread as in sessions; the last entry is `ticks`, where all ends."""
    turns = pace * tick_seconds
    acting = (t for t in range(ticks) if int((t + 1) * turns + 1e-9) > int(t * turns + 1e-9))
    return (*acting, ticks)


def play(rules: HlaRules, state: KitchenState, players: Sequence[Actor], turns: Sequence[int]) -> None:
    """Play on from a state, in place, until the last of these ticks; the players act on all the others.

    Args:
        rules: the rule book.
        state: where to start; changed.
        players: one for each cook.
        turns: ticks, ascending; those that have passed are left out.
    """
    now = int(state.vector[0])
    ahead = [tick for tick in turns if tick >= now]
    if ahead and ahead[0] > now:
        _pass(rules, state, ahead[0] - now, [STAY] * len(players))
    for tick, following in itertools.pairwise(ahead):
        view = rules.view(state)
        _pass(rules, state, following - tick, [player.turn(view) for player in players])


def _pass(rules: HlaRules, state: KitchenState, ticks: int, actions: Sequence[int]) -> None:
    """Let time go by: these actions at the first tick, none after it."""
    script = np.zeros((ticks, len(actions)), dtype=np.int32)
    script[0] = actions
    rules.rollout(state, script)


def worth(rules: HlaRules, state: KitchenState) -> float:
    """The score plus what work in progress for open orders is worth, unless the episode is over."""
    score = float(state.vector[kernel.SCORE])
    if state.vector[kernel.TICK] >= rules.horizon:
        return score
    view = rules.view(state)
    stock = [square.item.code for square in view.squares] + [view.held(cook).code for cook in range(view.layout.cooks)]
    for order in sorted(view.orders, key=lambda order: order.seconds_left):
        score += order.recipe.bonus * _progress(order.recipe.foods, stock)
    return score


def _progress(foods: int, stock: list[int]) -> float:
    """The share of an order that is done; takes what it counts out of the stock."""
    for stage, extras, share in _IN_PROGRESS:
        if (item := code(foods, stage, extras)) in stock:
            stock.remove(item)
            return share
    done = 0.0
    for food in (bit for bit in (1, 2, 4) if foods & bit):
        if (item := code(food, Stage.CHOPPED)) in stock:
            stock.remove(item)
            done += _PIECE
    return done


def with_other_orders(view: HlaView, seed: int) -> KitchenState:
    """A copy of the moment whose future orders are drawn from this seed instead of the true ones."""
    sequence = draw_sequence(view.layout.menu, seed)
    sequence.setflags(write=False)
    return KitchenState(view.copy_state().vector, sequence)
