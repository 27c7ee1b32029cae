"""The planner that looks ahead: what comes of each macro action that could be begun now, for all cooks together.

For every macro action that this cook can begin, the jobs of all open orders are scheduled from there on, for itself and
for its partners as they seem to be (`Belief`: what they are at, what they never do). The first steps that this finds
promising are rehearsed in imagination. The script's choice stands unless another first step is worth more points by the
horizon, and by enough. The schedule of the step that is taken is the plan. It is good for one decision: at the next one
the kitchen is another, and so is the plan. If it goes stale before that, it is looked again whether to carry on.

Source of the idea: rollout algorithms (Tesauro and Galperin, "On-line Policy Improvement using Monte-Carlo Search",
1996) as in the teacher, which rehearses everything; here schedules over a graph of jobs choose what is worth that.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
from brigade.agents.hierarchy.executor import Executor, Macro, Surroundings, Verb, legal_macros
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.nearness import in_hand
from brigade.agents.hierarchy.partner import Belief, Partners, expected
from brigade.agents.hierarchy.planning.graph import decompose, graph_of
from brigade.agents.hierarchy.planning.rehearsal import rehearse
from brigade.agents.hierarchy.planning.revising import Staleness
from brigade.agents.hierarchy.planning.schedule import PRIORITY, Scheduler, Slot, Worker, scheduler_at
from brigade.agents.hierarchy.script import ScriptPlanner, wanted_now
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.recipes import RECIPES, Recipe, draw_sequence

_COMING = 12
"""Orders that are drawn for a schedule: more than can be served within any horizon."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """How far and how often the planner looks ahead, and when it leaves the script."""

    horizon: float = 35.0
    """Seconds of each schedule and of each rehearsal."""
    schedules: int = 2
    """Schedules of each first step, which differ in the orders still to come; none: the script's choice stands."""
    tried: int = 2
    """First steps besides the script's that are rehearsed, the best by their schedules."""
    promising: float = -4.0
    """Points by the schedules, more than the script's choice, from which on a first step is rehearsed at all."""
    rehearsals: int = 3
    """Rehearsals of each; none: the schedules decide."""
    margin: float = 1.0
    """Points by which another first step must be better than the script's."""
    caution: float = 1.0
    """Standard errors that are taken off an advantage."""
    dropping: float = 4.0
    """Points by which something else must be better than to carry on with what is under way: at 1, what was dropped
    cost as much as was won (-0.8 points, -4.0 to +2.0, 20 pairs); at 4 it gains 3.5 (0.4 to 7.3, 24 other pairs)."""
    revises: bool = True
    """Whether it is looked again, when the plan has gone stale, whether to carry on with the macro action under way."""


@dataclass(frozen=True)
class Plan:
    """What is to be done, by whom, and what it is worth."""

    macro: Macro
    """This cook's next macro action."""
    usual: Macro
    """What the script would do."""
    scheduled: Mapping[Macro, float]
    """Points by the horizon more than with the script's choice, for each first step, by its schedules."""
    rehearsed: Mapping[Macro, float] = field(default_factory=dict)
    """The same, less some standard errors, for those that were rehearsed."""
    slots: tuple[Slot, ...] = ()
    """The schedule of the chosen step; empty where nothing else was tried."""
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
    at_work: Mapping[int, Executor] | None = None,
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
        at_work: executors of partners that are about something, as far as that is known.
        seed: of the orders to come, which nobody knows.
    """
    sight, here = foresight or Foresight(), Surroundings(view, cook)
    legal = [macro for macro in legal_macros(here) if macro not in avoid]
    wanted = [macro for macro in wanted_now(agenda or Agenda(), here) if macro in legal]
    if usual.verb not in PRIORITY or usual not in legal or (here.held.code and in_hand(usual, here)):
        return Plan(usual, usual, {})  # what is in hand is not put away for something else
    goals, jobs, spare = decompose(view, agenda)
    of_use = {usual, *(job.macro for job in jobs)}
    options = [macro for macro in wanted or legal if macro in of_use or (macro.verb is Verb.CHOP and not wanted)]
    graph = graph_of(goals, jobs, view.layout.timing.cooking)
    start = scheduler_at(view, goals, jobs, spare, graph, _workers(view, cook, beliefs), view.seconds + sight.horizon)
    trials = [
        _tried(_with(beliefs, start.copied(_coming(view, seed, future)), future), options)
        for future in range(sight.schedules)
    ]
    gains = {macro: [trial[macro].value - trial[usual].value for trial in trials] for macro in options}
    scheduled = {macro: statistics.fmean(each) for macro, each in gains.items()}
    advantages = {macro: _surely(each, sight.caution) for macro, each in gains.items()}
    if sight.rehearsals:
        advantages = _rehearsed(view, cook, usual, scheduled, beliefs, at_work or {}, sight, seed)
    best = max(advantages, key=lambda macro: (advantages[macro], macro == usual))
    macro = best if advantages[best] > sight.margin else usual
    return Plan(macro, usual, scheduled, advantages, tuple(trials[0][macro].slots), graph)


def revised(
    view: HlaView,
    doing: Executor,
    usual: Macro | None,
    beliefs: Mapping[int, Belief],
    *,
    agenda: Agenda | None = None,
    avoid: Collection[Macro] = (),
    foresight: Foresight | None = None,
    at_work: Mapping[int, Executor] | None = None,
    seed: int = 0,
) -> Macro | None:
    """What to do instead of the macro action under way, if that is worth more by enough; None to carry on.

    Carrying on is rehearsed with the executor as it is: what has been done of the macro action counts.

    Args:
        view: the kitchen now.
        doing: this cook's executor, about something.
        usual: what the script would begin now; it knows of fires and of soups that burn, which schedules do not.
        beliefs: what each partner seems to be like.
        agenda: what a partner asked for.
        avoid: macro actions that are not to be begun now.
        foresight: how far to look.
        at_work: executors of partners that are about something, as far as that is known.
        seed: of the orders to come.
    """
    sight, cook, under_way = foresight or Foresight(), doing.cook, doing.macro
    here = Surroundings(view, cook)
    if under_way is None or under_way.verb not in PRIORITY or (here.held.code and in_hand(under_way, here)):
        return None
    goals, jobs, spare = decompose(view, agenda)
    wanted = {usual, *(job.macro for job in jobs)}
    options = [macro for macro in legal_macros(here) if macro in wanted and macro not in (under_way, *avoid)]
    if not options:
        return None
    graph = graph_of(goals, jobs, view.layout.timing.cooking)
    start = scheduler_at(view, goals, jobs, spare, graph, _workers(view, cook, beliefs), view.seconds + sight.horizon)
    trial = _tried(_with(beliefs, start.copied(_coming(view, seed, 0)), 0), options)
    others = sorted(options, key=lambda macro: (macro != usual, -trial[macro].value))[: max(1, sight.tried)]
    points = rehearse(
        view, cook, [under_way, *others], beliefs, at_work=at_work or {}, seconds=sight.horizon,
        futures=max(1, sight.rehearsals), seed=seed, going_on=doing,
    )  # fmt: skip
    gains = points - points[:, :1]
    advantages = {
        macro: _surely(gains[:, column].tolist(), sight.caution)
        for column, macro in enumerate(others, 1)
        if not np.isnan(gains[:, column]).any()
    }
    best = max(advantages, key=lambda macro: advantages[macro], default=None)
    return best if best is not None and advantages[best] > sight.dropping else None


def _rehearsed(
    view: HlaView,
    cook: int,
    usual: Macro,
    scheduled: Mapping[Macro, float],
    beliefs: Mapping[int, Belief],
    at_work: Mapping[int, Executor],
    sight: Foresight,
    seed: int,
) -> dict[Macro, float]:
    """The advantage over the script's choice of the most promising first steps, as rehearsals show it."""
    others = [macro for macro in scheduled if macro != usual and scheduled[macro] > sight.promising]
    others = sorted(others, key=lambda macro: -scheduled[macro])[: sight.tried]
    if not others:
        return {usual: 0.0}
    points = rehearse(
        view, cook, [usual, *others], beliefs,
        at_work=at_work, seconds=sight.horizon, futures=sight.rehearsals, seed=seed,
    )  # fmt: skip
    gains = points - points[:, :1]
    finished = [column for column in range(gains.shape[1]) if not np.isnan(gains[:, column]).any()]
    found = {[usual, *others][column]: _surely(gains[:, column].tolist(), sight.caution) for column in finished}
    return {usual: 0.0} | found


def _with(beliefs: Mapping[int, Belief], start: Scheduler, future: int) -> Scheduler:
    """A future in which the partners do what they may do, and go on with what they are at."""
    for worker in start.workers[1:]:
        belief = beliefs[worker.cook]
        worker.verbs = expected(belief, trusting=future % 2 == 0)
        if belief.doing is not None and belief.doing.verb in worker.verbs:
            start.begin(worker, belief.doing)
    return start


def _tried(start: Scheduler, options: Iterable[Macro]) -> dict[Macro, Scheduler]:
    """The schedule that follows from each first step of the first worker."""
    trials = {}
    for macro in options:
        trials[macro] = trial = start.copied(start.coming)
        trial.begin(trial.workers[0], macro)
        trial.run()
    return trials


def _surely(gains: Sequence[float], caution: float) -> float:
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
    _staleness: Staleness = field(default_factory=Staleness)

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
        if usual is None or not self.foresight.schedules:
            return usual
        found = ((other, self.partners.doing(other, view)) for other in beliefs)
        self.plan = plan_from(
            view, self.cook, usual, beliefs, agenda=agenda, avoid=avoid, foresight=self.foresight,
            at_work={other: executor for other, executor in found if executor is not None}, seed=self.seed,
        )  # fmt: skip
        return self.plan.macro

    def revise(self, view: HlaView, doing: Executor, avoid: Iterable[Macro] = ()) -> Macro | None:
        """What to do instead of the macro action under way, if the plan has gone stale; see Revising.revise."""
        if not self.foresight.revises or not self._staleness.noticed(view, doing.macro):
            return None
        avoid, beliefs = set(avoid), self.partners.beliefs(view)
        usual = self.script.choose(view, avoid, None, {other: belief.refuses for other, belief in beliefs.items()})
        found = ((other, self.partners.doing(other, view)) for other in beliefs)
        return revised(
            view, doing, usual, beliefs, avoid=avoid, foresight=self.foresight,
            at_work={other: executor for other, executor in found if executor is not None}, seed=self.seed,
        )  # fmt: skip


def planner(cook: int, pace: float, seed: int) -> DagPlanner:
    """The planner as a cook, as sessions make policies."""
    return DagPlanner(cook, pace, seed=seed)


def steadfast(cook: int, pace: float, seed: int) -> DagPlanner:
    """The planner that carries every macro action through, for comparison."""
    return DagPlanner(cook, pace, Foresight(revises=False), seed=seed)
