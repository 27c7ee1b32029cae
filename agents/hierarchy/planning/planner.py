"""The planner that looks ahead: schedules for all cooks from each macro action that could be begun now.

For every macro action that this cook can begin, the jobs of all open orders are scheduled from there on, for itself and
for its partners as they seem to be (`Belief`: what they are at, what they never do). The script's choice stands unless
another first step is worth more points by the horizon, and by enough. The schedule of the step that is taken is the
plan. It is good for one decision: at the next one the kitchen is another, and a new plan takes some milliseconds.

Source of the idea: rollout algorithms (Tesauro and Galperin, "On-line Policy Improvement using Monte-Carlo Search",
1996) as in the teacher, but with list scheduling over a graph of jobs in place of the kitchen's rules.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx
from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, legal_macros
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.partner import Belief, Partners
from brigade.agents.hierarchy.planning.graph import decompose, graph_of
from brigade.agents.hierarchy.planning.schedule import PRIORITY, Scheduler, Slot, Worker, scheduler_at
from brigade.agents.hierarchy.script import ScriptPlanner, wanted_now
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.recipes import RECIPES, Recipe, draw_sequence

_COMING = 12
"""Orders that are drawn for a schedule: more than can be served within any horizon."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """How far and how often the planner looks ahead, and when it leaves the script."""

    horizon: float = 40.0
    """Seconds of each schedule."""
    futures: int = 4
    """Schedules of each first step, which differ in the orders still to come."""
    margin: float = 1.0
    """Points by which another first step must be better than the script's."""
    caution: float = 1.0
    """Standard errors that are taken off an advantage."""


@dataclass(frozen=True)
class Plan:
    """What is to be done, by whom, and what it is worth."""

    macro: Macro
    """This cook's next macro action."""
    usual: Macro
    """What the script would do."""
    values: Mapping[Macro, float]
    """Points by the horizon more than with the script's choice, for each first step that was tried."""
    slots: tuple[Slot, ...] = ()
    """The schedule of the chosen step; empty for fires and charred food, which are not scheduled."""
    graph: nx.DiGraph[int] = field(default_factory=nx.DiGraph)
    """The jobs of the open orders and demands: see `graph_of`."""


def plan_from(
    view: HlaView,
    cook: int,
    usual: Macro,
    beliefs: Mapping[int, Belief],
    *,
    agenda: Agenda | None = None,
    avoid: Collection[Macro] = (),
    foresight: Foresight | None = None,
    seed: int = 0,
) -> Plan:
    """The plan of one cook for everybody.

    Args:
        view: the kitchen now.
        cook: who decides.
        usual: what the script would do.
        beliefs: what each partner seems to be like.
        agenda: what a partner asked for, which goes first.
        avoid: macro actions that are not to be begun now.
        foresight: how far to look.
        seed: of the orders to come, which nobody knows.
    """
    sight, here = foresight or Foresight(), Surroundings(view, cook)
    legal = [macro for macro in legal_macros(here) if macro not in avoid]
    wanted = [macro for macro in wanted_now(agenda or Agenda(), here) if macro in legal]
    if usual.verb not in PRIORITY or usual not in legal:
        return Plan(usual, usual, {})
    goals, jobs, spare = decompose(view, agenda)
    of_use = {usual, *(job.macro for job in jobs)}
    options = [macro for macro in wanted or legal if macro in of_use or (macro.verb is Verb.CHOP and not wanted)]
    graph = graph_of(goals, jobs, view.layout.timing.cooking)
    start = scheduler_at(view, goals, jobs, spare, graph, _workers(view, cook, beliefs), view.seconds + sight.horizon)
    trials = [
        _tried(_with(beliefs, start.copied(_coming(view, seed, future)), future), options)
        for future in range(sight.futures)
    ]
    values = {macro: _advantage([t[macro].value - t[usual].value for t in trials], sight.caution) for macro in options}
    best = max(options, key=lambda macro: (values[macro], macro == usual))
    macro = best if values[best] > sight.margin else usual
    return Plan(macro, usual, values, tuple(trials[0][macro].slots), graph)


def _with(beliefs: Mapping[int, Belief], start: Scheduler, future: int) -> Scheduler:
    """A future in which the partners do what they may do, and go on with what they are at."""
    for worker in start.workers[1:]:
        belief = beliefs[worker.cook]
        worker.verbs = expected(belief, trusting=future % 2 == 0)
        if belief.doing is not None and belief.doing.verb in worker.verbs:
            start.begin(worker, belief.doing)
    return start


def expected(belief: Belief, *, trusting: bool) -> frozenset[Verb]:
    """The kinds of macro action that a partner is expected to do.

    One that was seen to do several kinds does them all; one that refuses some does those that it was seen to do. As
    long as little is known, half of all futures trust a partner with everything, the others with chopping.
    """
    if belief.refuses:
        return belief.proven
    if len(belief.proven) > 1 or trusting:
        return frozenset(PRIORITY)
    return belief.proven | {Verb.CHOP}


def _tried(start: Scheduler, options: Iterable[Macro]) -> dict[Macro, Scheduler]:
    """The schedule that follows from each first step of the first worker."""
    trials = {}
    for macro in options:
        trials[macro] = trial = start.copied(start.coming)
        trial.begin(trial.workers[0], macro)
        trial.run()
    return trials


def _advantage(gains: Sequence[float], caution: float) -> float:
    """The mean of what was gained in each future, less some standard errors."""
    if len(gains) < 2:
        return gains[0]
    return statistics.fmean(gains) - caution * statistics.stdev(gains) / math.sqrt(len(gains))


def _coming(view: HlaView, seed: int, future: int) -> list[Recipe]:
    sequence = draw_sequence(view.layout.menu, hash((seed, view.tick, future)))
    return [RECIPES[int(index)] for index in sequence[:_COMING]]


def _workers(view: HlaView, cook: int, beliefs: Mapping[int, Belief]) -> list[Worker]:
    """This cook first, then every partner that does something."""
    own = Worker(cook, view.seconds, view.position(cook), view.held(cook).code)
    others = [
        Worker(other, view.seconds, view.position(other), view.held(other).code)
        for other, belief in beliefs.items()
        if not belief.idle
    ]
    return [own, *others]


def next_macro(
    view: HlaView,
    cook: int,
    beliefs: Mapping[int, Belief],
    *,
    agenda: Agenda | None = None,
    avoid: Collection[Macro] = (),
    seed: int = 0,
) -> Macro | None:
    """The macro action to start now, by a schedule; None to wait for something to do."""
    script = ScriptPlanner(cook, view.layout.pace)
    script.assume([other for other, belief in beliefs.items() if belief.idle])
    refuses = {other: belief.refuses for other, belief in beliefs.items()}
    usual = script.choose(view, avoid, agenda, refuses)
    if usual is None:
        return None
    return plan_from(view, cook, usual, beliefs, agenda=agenda, avoid=avoid, seed=seed).macro


@dataclass
class DagPlanner:
    """Chooses macro actions for one cook by scheduling everybody's jobs."""

    cook: int
    pace: float = 2.5
    foresight: Foresight = Foresight()
    seed: int = 0
    partners: Partners = field(init=False)
    script: ScriptPlanner = field(init=False)
    plan: Plan | None = None
    """The latest one."""

    def __post_init__(self) -> None:
        self.partners = Partners(self.cook, self.pace)
        self.script = ScriptPlanner(self.cook, self.pace)

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.partners.watch(view)
        self.script.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = (), agenda: Agenda | None = None) -> Macro | None:
        """The macro action to start now; None to wait for something to do."""
        avoid, beliefs = set(avoid), self.partners.beliefs(view)
        refuses = {other: belief.refuses for other, belief in beliefs.items()}
        usual = self.script.choose(view, avoid, agenda, refuses)
        if usual is None or not self.foresight.futures:
            return usual
        self.plan = plan_from(
            view, self.cook, usual, beliefs, agenda=agenda, avoid=avoid, foresight=self.foresight, seed=self.seed
        )
        return self.plan.macro


def planner(cook: int, pace: float, seed: int) -> DagPlanner:
    """The planner as a cook, as sessions make policies."""
    return DagPlanner(cook, pace, seed=seed)
