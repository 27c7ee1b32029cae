"""Orders and demands as a graph of macro actions: what each one needs, what it starts from, what it makes possible.

Every order, from the most urgent on, claims what exists for it from the most finished thing down (as `Stock` does);
what is missing becomes jobs: Chop -> Prepare -> Cook -> Plate -> Serve, with the cooking time between Cook and Plate.
Knows no cook's position and no time; who does a job, and when, is the schedule's matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import networkx as nx
from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.intent import Agenda
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.items import FOODS, PLATE, code
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from brigade.envs.kitchen.view import Stage

MAX_TIMES = 3
"""How often a demand stands in the graph at most; the rest is planned when its turn comes."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that jobs start from: what it is, where, from when on, and for whom."""

    code: int
    cell: int
    """The square on which it lies, or on which its holder stands."""
    at: float = 0.0
    """Seconds, on the kitchen's clock, from which on it can be used."""
    left: float = 0.0
    """Chops left on a board."""
    holder: int | None = None
    """The cook who has it in hand."""


@dataclass(frozen=True, slots=True)
class Job:
    """A macro action of the plan."""

    number: int
    order: int
    """Number of the order, or of the demand, that it is for."""
    macro: Macro
    after: tuple[int, ...] = ()
    """Jobs that have to be done before."""
    inputs: tuple[Thing, ...] = ()
    """What is there already and it starts from."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a chain of jobs is for."""

    number: int
    name: str
    foods: int
    deadline: float = float("inf")
    """Seconds on the kitchen's clock; infinite for demands."""
    seconds: float = 60.0
    """The whole time that an order is open."""
    bonus: float = 0.0
    wanted: bool = False
    """Whether somebody asked for it: a demand goes before all orders."""


@dataclass
class Supplies:
    """Everything that exists and that no goal has claimed yet."""

    things: list[Thing] = field(default_factory=list)

    def claim(self, *codes: int) -> Thing | None:
        """Take one of these, if there is one, the first kind first."""
        for each in codes:
            for index, thing in enumerate(self.things):
                if thing.code == each:
                    return self.things.pop(index)
        return None


def supplies(view: HlaView) -> Supplies:
    """Everything in the kitchen that a goal can claim."""
    found = []
    for square in view.squares:
        item, at, left = square.item, view.seconds, 0.0
        if item.stage is Stage.COOKING:
            at += square.left
        elif item.stage is Stage.CHOPPING:
            left = square.left
        found.append(Thing(item.code, square.cell, at, left))
    hands = ((cook, view.held(cook).code) for cook in range(view.layout.cooks))
    in_hand = [Thing(held, view.position(cook), view.seconds, holder=cook) for cook, held in hands if held]
    return Supplies(found + in_hand)


def goals_of(view: HlaView, agenda: Agenda | None = None) -> list[Goal]:
    """The open orders, most urgent first, after what somebody asked for."""
    wanted = [
        Goal(number, str(each.demand.macro), each.demand.macro.foods, wanted=True)
        for number, each in enumerate(agenda.open if agenda else ())
    ]
    orders = sorted(view.orders, key=lambda order: order.seconds_left)
    return wanted + [
        Goal(
            len(wanted) + number,
            order.recipe.name,
            order.recipe.foods,
            view.seconds + order.seconds_left,
            order.recipe.seconds,
            order.recipe.bonus,
        )
        for number, order in enumerate(orders)
    ]


def chain(goal: Goal, stock: Supplies, first: int = 0) -> list[Job]:
    """The jobs that an order still takes, claiming what exists; numbered from `first`, each after those before it."""
    foods, jobs = goal.foods, list[Job]()

    def add(verb: Verb, of: int, after: Iterable[int] = (), inputs: Iterable[Thing] = ()) -> int:
        jobs.append(Job(first + len(jobs), goal.number, Macro(verb, of), tuple(after), tuple(inputs)))
        return jobs[-1].number

    def rest(verbs: Sequence[Verb], *inputs: Thing, after: Sequence[int] = ()) -> list[Job]:
        for verb in verbs:
            after, inputs = [add(verb, foods, after, inputs)], ()
        return jobs

    if thing := stock.claim(code(foods, Stage.COOKED, PLATE)):
        return rest([Verb.SERVE], thing)
    if thing := stock.claim(code(foods, Stage.COOKED), code(foods, Stage.COOKING)):
        return rest([Verb.PLATE, Verb.SERVE], thing)
    if thing := stock.claim(code(foods, Stage.CHOPPED), code(foods, Stage.CHOPPED, PLATE)):
        return rest([Verb.COOK, Verb.PLATE, Verb.SERVE], thing)
    pieces, begun, missing = claim_pieces(foods, stock)
    chops = [add(Verb.CHOP, thing.code & 7, (), (thing,)) for thing in begun]
    chops += [add(Verb.CHOP, food) for food in missing]
    return rest([Verb.PREPARE, Verb.COOK, Verb.PLATE, Verb.SERVE], *pieces, after=chops)


def claim_pieces(foods: int, stock: Supplies) -> tuple[list[Thing], list[Thing], list[int]]:
    """What exists of a mixture: chopped parts, foods that are begun, and the foods that are missing."""
    missing, pieces, begun = foods, list[Thing](), list[Thing]()
    for part in sorted((p for p in range(1, 8) if p & foods == p and p != foods), key=lambda p: -p.bit_count()):
        if part & missing == part:
            thing = stock.claim(code(part, Stage.CHOPPED), code(part, Stage.CHOPPED, PLATE))
            if thing is not None:
                missing &= ~part
                pieces.append(thing)
    for food in FOODS:
        if missing & food and (thing := stock.claim(code(food, Stage.CHOPPING), code(food, Stage.FRESH))):
            missing &= ~food
            begun.append(thing)
    return pieces, begun, [food for food in FOODS if missing & food]


def demand_jobs(goal: Goal, macro: Macro, times: int, stock: Supplies, first: int) -> list[Job]:
    """The jobs towards a demand: what an order's chain has up to this macro action, so many times."""
    jobs: list[Job] = []
    for _ in range(times):
        start = first + len(jobs)
        if macro.foods in BY_FOODS:
            steps = chain(goal, stock, start)
            last = next((index for index, job in enumerate(steps) if job.macro == macro), len(steps) - 1)
            jobs += steps[: last + 1]
        else:
            jobs.append(Job(start, goal.number, macro))
    return jobs


def decompose(view: HlaView, agenda: Agenda | None = None) -> tuple[list[Goal], list[Job], Supplies]:
    """Goals, the jobs that they still take in an order in which they could be done, and what nobody claimed."""
    stock, goals, jobs = supplies(view), goals_of(view, agenda), list[Job]()
    for each, goal in zip(agenda.open if agenda else (), goals, strict=False):
        times = min(MAX_TIMES, each.left or 1)
        jobs += demand_jobs(goal, each.demand.macro, times, stock, len(jobs))
    for goal in goals:
        if not goal.wanted:
            jobs += chain(goal, stock, len(jobs))
    return goals, jobs, stock


def graph_of(goals: Sequence[Goal], jobs: Iterable[Job], cooking: float) -> nx.DiGraph[int]:
    """The jobs as a graph: nodes by number with `macro` and `order` (a name), edges with `lag` in seconds."""
    names, verbs = {goal.number: goal.name for goal in goals}, dict[int, Verb]()
    graph: nx.DiGraph[int] = nx.DiGraph()
    for job in jobs:
        graph.add_node(job.number, macro=job.macro, order=names[job.order])
        verbs[job.number] = job.macro.verb
        for before in job.after:
            graph.add_edge(before, job.number, lag=cooking if verbs[before] is Verb.COOK else 0.0)
    return graph


def tails(graph: nx.DiGraph[int], turns: dict[int, float]) -> dict[int, float]:
    """For each job, the longest way from its beginning to the end of its goal: its own time, lags and what follows.

    Args:
        graph: as `graph_of` makes it.
        turns: the time of each job, in the unit of the lags.
    """
    longest: dict[int, float] = {}
    for job in reversed(list(nx.topological_sort(graph))):
        onward = (graph.edges[job, after]["lag"] + longest[after] for after in graph.successors(job))
        longest[job] = turns[job] + max(onward, default=0.0)
    return longest
