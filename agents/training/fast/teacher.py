"""The teacher: tries every macro action out on copies of the kitchen and values what came of it.

Each legal macro action is carried out by the real Executor; then both cooks go on by the script up to a horizon, in
several futures that differ in the orders still to come. Its value is the score gained plus what the work in progress
is worth. Which orders are still to come is drawn anew: the teacher knows no more than a cook does.

Source of the idea: rollout algorithms (Tesauro and Galperin, "On-line Policy Improvement using Monte-Carlo Search",
1996): one step of policy improvement over the script. A distillation of its values is what the Fast Mind learns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from brigade.agents.hierarchy.executor import Executor, Macro, Surroundings, legal_macros
from brigade.agents.hierarchy.imagination import Actor, Player, play, turn_ticks, with_other_orders, worth
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.partner import Partners
from brigade.agents.hierarchy.script import ScriptPlanner, wanted_now
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.state import KitchenState
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Search:
    """How far and how often the teacher looks ahead."""

    horizon: float = 35.0
    """Seconds of each future."""
    futures: int = 12
    caution: float = 1.5
    """Standard errors that are taken off an advantage over the script.

    On 294 decisions beside 12 kinds of partner, two teachers with different futures agreed on 92 % of them with this
    caution and on 84 % without any; the advantage gained was 1.28 and 1.39 points a decision.
    """
    temperature: float = 1.0
    """Points of value by which a macro action is e times less probable in a label."""


Companion = Callable[[int], Actor]
"""Makes a partner that goes on from the moment as the true one would, given a seed for what it leaves to chance."""


@dataclass
class Teacher:
    """Values macro actions for one cook; as a policy it takes the best one.

    Partners are imagined as they seem to be: they end what they are at and go on by the script. Where data is made,
    `companions` says what they are really like, which the one that learns from the labels has to make out by itself.
    """

    cook: int
    pace: float = 2.5
    search: Search = Search()
    seed: int = 0
    companions: Mapping[int, Companion] = field(default_factory=dict)
    """True partners, by number."""
    partners: Partners = field(init=False)

    def __post_init__(self) -> None:
        self.partners = Partners(self.cook, self.pace)

    def watch(self, view: HlaView) -> None:
        """See what the partners are doing."""
        self.partners.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = (), agenda: Agenda | None = None) -> Macro | None:
        """The macro action of the highest value; None if nothing can begin."""
        values = self.values(view, candidates(view, self.cook, avoid, agenda), avoid)
        return max(values, key=values.__getitem__, default=None)

    def values(self, view: HlaView, macros: Sequence[Macro], avoid: Iterable[Macro] = ()) -> dict[Macro, float]:
        """What beginning each of these macro actions now is worth, in points.

        Compared with what the script would do, an advantage counts only as far as the futures agree on it: its mean
        less `caution` standard errors. So the teacher leaves the script where it is sure of something better.
        """
        if len(macros) < 2:
            return dict.fromkeys(macros, 0.0)
        outcomes = self._outcomes(view, macros)
        usual = ScriptPlanner.choose(self._script(self.cook, self.partners.still(view)), view, avoid)
        if usual not in macros:
            return dict(zip(macros, outcomes.mean(axis=0).tolist(), strict=True))
        advantages = outcomes - outcomes[:, [macros.index(usual)]]
        error = advantages.std(axis=0, ddof=1) / math.sqrt(len(advantages))
        return dict(zip(macros, (advantages.mean(axis=0) - self.search.caution * error).tolist(), strict=True))

    def _outcomes(self, view: HlaView, macros: Sequence[Macro]) -> NDArray[np.float64]:
        """Points gained in each future by beginning each macro action, shape (futures, macros)."""
        still = self.partners.still(view)
        outcomes = np.empty((self.search.futures, len(macros)))
        for future in range(self.search.futures):
            start = with_other_orders(view, hash((self.seed, view.tick, future)))
            for column, macro in enumerate(macros):
                companions = {index: make(future) for index, make in self.companions.items()}
                outcomes[future, column] = self._try(view, start.copy(), macro, still, companions)
        return outcomes

    def _try(
        self, view: HlaView, state: KitchenState, macro: Macro, still: frozenset[int], companions: Mapping[int, Actor]
    ) -> float:
        rules = view.rules
        own = self._player(self.cook, view, still)
        own.start(macro, view)
        others = {
            index: companions.get(index) or self._player(index, view, still)
            for index in range(view.layout.cooks)
            if index != self.cook
        }
        players = [own if index == self.cook else others[index] for index in range(view.layout.cooks)]
        last = min(view.tick + round(self.search.horizon / rules.tick_seconds), rules.horizon)
        turns = turn_ticks(self.pace, rules.tick_seconds, rules.horizon)
        play(rules, state, players, (*(tick for tick in turns if view.tick <= tick < last), last))
        return worth(rules, state) - view.score

    def _player(self, index: int, view: HlaView, still: frozenset[int]) -> Player:
        if index in still:
            return Player(Executor(index))
        executor = self.partners.doing(index, view) if index != self.cook else None
        return Player(executor or Executor(index), self._script(index, still), watches=False)

    def _script(self, index: int, still: frozenset[int]) -> ScriptPlanner:
        script = ScriptPlanner(index, self.pace)
        script.assume(still)
        return script


def teacher(cook: int, pace: float, seed: int) -> Teacher:
    """A teacher as a cook: `brigade run --agent policy:brigade.agents.training.fast.teacher:teacher`."""
    return Teacher(cook, pace, seed=seed)


def candidates(
    view: HlaView, cook: int, avoid: Iterable[Macro] = (), agenda: Agenda | None = None
) -> tuple[Macro, ...]:
    """The macro actions to choose from: those towards an open demand that can begin, else every legal one."""
    here = Surroundings(view, cook)
    legal = [macro for macro in legal_macros(here) if macro not in set(avoid)]
    wanted = [macro for macro in wanted_now(agenda or Agenda(), here) if macro in legal]
    return tuple(wanted or legal)


def label(values: dict[Macro, float], temperature: float) -> dict[Macro, float]:
    """A distribution over macro actions, the more probable the higher their value."""
    best = max(values.values())
    weights = {macro: math.exp((value - best) / temperature) for macro, value in values.items()}
    total = sum(weights.values())
    return {macro: weight / total for macro, weight in weights.items()}
