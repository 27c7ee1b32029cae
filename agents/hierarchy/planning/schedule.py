"""Who does which job when: list scheduling over the graph of jobs, with boards, pots, plates and the walks between.

Whoever is free next takes, of the jobs that it can do and that can begin, the one with the highest priority; a schedule
says what that comes to by a horizon. Orders that are served or missed are followed by new ones, as in the kitchen.
Durations are turns counted on the map (walks, bumps, chops), nobody in the way. Source of the method: list scheduling
(Graham, "Bounds for certain multiprocessing anomalies", 1966).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx
from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.executor.surroundings import UNREACHABLE
from brigade.agents.hierarchy.planning.graph import Goal, Job, Supplies, Thing, chain, tails
from brigade.agents.hierarchy.planning.paths import Paths, paths_of
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import PLATE, STAGE_SHIFT, code
from brigade.envs.kitchen.hla.layout import DISPENSERS, HlaLayout
from brigade.envs.kitchen.hla.recipes import Recipe
from brigade.envs.kitchen.view import Stage

PRIORITY = {
    Verb.SERVE: 0.9,
    Verb.PLATE: 0.8,
    Verb.COOK: 0.7,
    Verb.PREPARE: 0.6,
    Verb.CHOP: 0.5,
}
"""What is nearer to points first, as the script does it; what is added is smaller than a step."""
URGENCY, MISSING, PER_STEP, HOPELESS = 0.08, 0.02, 0.002, 0.25
"""As in the script: for an order about to expire, for each missing food, for each step, for what comes too late."""
IN_HAND = 5.0
"""Priority of going on with what is in hand."""
WANTED = 1.5
"""Priority of what somebody asked for."""
WORTH = {Verb.CHOP: 0.1, Verb.PREPARE: 0.15, Verb.COOK: 0.25, Verb.PLATE: 0.15, Verb.SERVE: 0.1}
"""Share of an order's bonus that is gained with each job, for what is not served by the horizon; Cook has as much
again, in proportion, while the soup cooks (`COOKING`)."""
COOKING = 0.15
SPARE_PIECE = 0.6
"""Points of a chopped piece that no order counts on, for the orders to come; the first of each food."""
PUT_AWAY = 3
"""Turns to put something else away first."""
TYPICAL = {Verb.CHOP: 20, Verb.PREPARE: 8, Verb.COOK: 7, Verb.PLATE: 9, Verb.SERVE: 8}
"""Turns by which it is judged what comes too late."""
STOCK = 2
"""Pieces of a food that are kept ready."""
_TILES = {food: tile for tile, food in DISPENSERS.items()}


@dataclass
class Worker:
    """A cook in the schedule."""

    cook: int
    free: float
    """Seconds on the kitchen's clock at which it can begin something."""
    place: int
    holds: int = 0
    """Code of what is in hand."""
    verbs: Collection[Verb] = tuple(PRIORITY)
    """Kinds of job that it will do."""
    rest: float = 0.0
    """Seconds that it pauses after each job."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A job in the schedule: who does it, from when to when, in seconds on the kitchen's clock."""

    cook: int
    macro: Macro
    order: str
    begins: float
    ends: float


@dataclass
class Scheduler:
    """A kitchen in which only jobs happen. Copy it (`copied`) to try something out."""

    layout: HlaLayout
    paths: Paths
    workers: list[Worker]
    goals: dict[int, Goal]
    jobs: dict[int, Job]
    spare: Supplies
    boards: dict[int, float]
    """Board -> seconds from which on it is free."""
    pots: dict[int, float]
    """Pot -> the same; infinite while something is in it."""
    coming: Sequence[Recipe]
    """The orders still to come."""
    now: float
    horizon: float
    """Seconds on the kitchen's clock up to which is planned."""
    pace: float
    tails: Mapping[int, float]
    """Seconds from the beginning of each job of the graph to the end of its order, on the longest way."""
    value: float = 0.0
    """Points gained so far."""
    slots: list[Slot] = field(default_factory=list)
    _out: dict[int, Thing] = field(default_factory=dict)
    """What each job that is taken makes."""
    _closing: list[tuple[float, int]] = field(default_factory=list)
    """When which goals will have been served."""
    _come: int = 0
    _pieces: dict[int, int] = field(default_factory=dict)

    def copied(self, coming: Sequence[Recipe]) -> Scheduler:
        """The same moment with other orders to come."""
        return Scheduler(
            self.layout, self.paths, [replace(w) for w in self.workers], dict(self.goals), dict(self.jobs),
            Supplies(list(self.spare.things)), dict(self.boards), dict(self.pots), coming, self.now, self.horizon,
            self.pace, self.tails, self.value, list(self.slots), dict(self._out), list(self._closing), self._come,
            dict(self._pieces),
        )  # fmt: skip

    def run(self) -> float:
        """Let everybody go on to the horizon; returns what that is worth, in points."""
        while True:
            worker = min(self.workers, key=lambda each: each.free)
            if worker.free >= self.horizon:
                return self._worth()
            self._pass(worker.free)
            job = self._best(worker)
            if job is not None:
                self.take(worker, job)
            elif not self._chop_stock(worker):
                worker.free = self._next_event(worker.free)

    def ready(self, worker: Worker, job: Job, at: float) -> bool:
        """Whether a cook can begin a job at this time."""
        for before in job.after:
            thing = self._out.get(before)
            if thing is None or thing.at > at:
                return False
        things, cook, verb = self._inputs(job), worker.cook, job.macro.verb
        reach = self.layout.reach[cook]
        for thing in things:
            if thing.at > at or (thing.holder != cook if thing.holder is not None else thing.cell not in reach):
                return False
        paths = self.paths
        match verb:
            case Verb.CHOP:
                has_food = bool(things) or bool(paths.stations(cook, _TILES[job.macro.foods]))
                return has_food and bool(paths.stations(cook, Tile.BOARD))
            case Verb.PREPARE:
                return bool(things)
            case Verb.COOK:
                return any(self.pots[pot] <= at for pot in paths.stations(cook, Tile.POT))
            case Verb.PLATE:
                return worker.holds == PLATE or bool(paths.stations(cook, Tile.PLATES))
            case Verb.SERVE:
                return bool(paths.stations(cook, Tile.DELIVERY))
            case _:
                return False

    def take(self, worker: Worker, job: Job) -> None:
        """Let a cook do a job from now on."""
        begins = worker.free
        out = self._do(worker, job.macro, self._inputs(job))
        self._out[job.number] = out
        del self.jobs[job.number]
        goal = self.goals.get(job.order)
        self.slots.append(Slot(worker.cook, job.macro, goal.name if goal else "", begins, worker.free))
        if goal is None:
            return
        end = min(1.0, (self.horizon - begins) / max(worker.free - begins, 1e-6))
        self._gain(goal, job, end)
        if job.macro.verb is Verb.SERVE:
            self._closing.append((worker.free, job.order))
        worker.free += worker.rest

    def begin(self, worker: Worker, macro: Macro) -> None:
        """Let a cook do a macro action from now on, for whichever order wants it; for stock if none does."""
        same = [job for job in self.jobs.values() if job.macro == macro]
        mine = [job for job in same if any(thing.holder == worker.cook for thing in self._inputs(job))]
        able = [job for job in mine + same if self.ready(worker, job, worker.free)]
        if able:
            self.take(worker, able[0])
        elif macro.verb is Verb.CHOP:
            self._chop(worker, macro.foods)
        else:
            begins = worker.free
            worker.free += TYPICAL.get(macro.verb, 10) / self.pace
            self.slots.append(Slot(worker.cook, macro, "", begins, worker.free))

    def _inputs(self, job: Job) -> list[Thing]:
        return [*job.inputs, *(self._out[before] for before in job.after if before in self._out)]

    def _best(self, worker: Worker) -> Job | None:
        best, most, at = None, -math.inf, worker.free
        for job in self.jobs.values():
            if job.macro.verb in worker.verbs and self.ready(worker, job, at):
                priority = self._priority(worker, job, at)
                if priority > most:
                    best, most = job, priority
        return best

    def _priority(self, worker: Worker, job: Job, at: float) -> float:
        goal, verb = self.goals[job.order], job.macro.verb
        things = self._inputs(job)
        priority = PRIORITY[verb] + (WANTED if goal.wanted else 0.0)
        if any(thing.holder == worker.cook for thing in things):
            return priority + IN_HAND
        if goal.deadline < math.inf:
            left = goal.deadline - at
            priority += URGENCY * (1 - left / goal.seconds)
            if self.tails.get(job.number, 0.0) > left:
                priority -= HOPELESS
        cells = [thing.cell for thing in things] or self.paths.stations(worker.cook, _TILES[job.macro.foods])
        return priority - PER_STEP * min(self.paths.walk(worker.cook, worker.place, cell) for cell in cells)

    def _gain(self, goal: Goal, job: Job, share: float) -> None:
        verb = job.macro.verb
        if verb is Verb.SERVE and share >= 1.0:
            return  # counted in full when it is delivered
        self.value += goal.bonus * WORTH[verb] * share
        if verb is Verb.COOK and share >= 1.0:
            ready = self._out[job.number].at
            cooked = (self.horizon - ready + self.layout.timing.cooking) / self.layout.timing.cooking
            self.value += goal.bonus * COOKING * min(1.0, max(0.0, cooked))

    def _pass(self, at: float) -> None:
        """Orders that were served or missed by this time go, and others come."""
        for when, number in [each for each in self._closing if each[0] <= at]:
            self._closing.remove((when, number))
            goal = self.goals.pop(number)
            if goal.deadline < math.inf:
                served = when <= goal.deadline
                self.value += (WORTH[Verb.SERVE] * goal.bonus) if served else 0.0
                self._arrive(when)
        serving = {number for _, number in self._closing}
        for goal in [each for each in self.goals.values() if each.deadline <= at and each.number not in serving]:
            del self.goals[goal.number]
            self.value -= self.layout.timing.expiry_penalty
            self._release(goal.number)
            self._arrive(goal.deadline)

    def _release(self, number: int) -> None:
        """What a missed order counted on is there for others."""
        for job in [each for each in self.jobs.values() if each.order == number]:
            del self.jobs[job.number]
            things = [*job.inputs, *(self._out[b] for b in job.after if b in self._out)]
            self.spare.things += [thing for thing in things if thing.holder is None]

    def _arrive(self, at: float) -> None:
        if self._come >= len(self.coming):
            return
        recipe, number = self.coming[self._come], 1000 * (self._come + 1)
        self._come += 1
        goal = Goal(number, recipe.name, recipe.foods, at + recipe.seconds, recipe.seconds, recipe.bonus)
        self.goals[number] = goal
        for job in chain(goal, self.spare, number):
            self.jobs[job.number] = job

    def _next_event(self, after: float) -> float:
        """When something changes for somebody with nothing to do."""
        times = [worker.free for worker in self.workers] + [thing.at for thing in self._out.values()]
        times += [thing.at for job in self.jobs.values() for thing in job.inputs]
        times += [when for when, _ in self._closing] + [goal.deadline for goal in self.goals.values()]
        return min((time for time in times if time > after), default=self.horizon)

    def _chop_stock(self, worker: Worker) -> bool:
        if Verb.CHOP not in worker.verbs or not self.paths.stations(worker.cook, Tile.BOARD):
            return False
        foods = {food for recipe in self.layout.menu for food in _TILES if recipe.foods & food}
        have = {food: self._stocked(food) for food in foods if self.paths.stations(worker.cook, _TILES[food])}
        food = min(have, key=lambda each: (have[each], each), default=0)
        if not food or have[food] >= STOCK:
            return False
        self._chop(worker, food)
        return True

    def _stocked(self, food: int) -> int:
        return sum(thing.code == code(food, Stage.CHOPPED) for thing in self.spare.things)

    def _chop(self, worker: Worker, food: int) -> None:
        begins = worker.free
        kept = self._stocked(food)
        self.spare.things.append(self._do(worker, Macro(Verb.CHOP, food), []))
        self.slots.append(Slot(worker.cook, Macro(Verb.CHOP, food), "stock", begins, worker.free))
        share = min(1.0, (self.horizon - begins) / max(worker.free - begins, 1e-6))
        self.value += SPARE_PIECE * share / (1 + kept)

    def _worth(self) -> float:
        self._pass(self.horizon)
        return self.value

    def _do(self, worker: Worker, macro: Macro, things: list[Thing]) -> Thing:
        """Let a cook carry a macro action out; returns what comes of it."""
        in_hand = any(thing.holder == worker.cook for thing in things)
        uses_plate = macro.verb is Verb.PLATE and worker.holds == PLATE
        if worker.holds and not in_hand and not uses_plate:
            worker.free += PUT_AWAY / self.pace
            worker.holds = 0
        out = _DOES[macro.verb](self, worker, macro.foods, things)
        if out.holder is None:
            worker.holds = 0
        return out

    def _go(self, worker: Worker, cell: int, turns: int = 1) -> None:
        """Walk to a square and use it for some turns."""
        steps = min(self.paths.walk(worker.cook, worker.place, cell), UNREACHABLE)
        worker.free += (steps + turns) / self.pace
        worker.place = cell

    def _nearest(self, worker: Worker, cells: Sequence[int]) -> int:
        return min(cells, key=lambda cell: self.paths.walk(worker.cook, worker.place, cell))

    def _do_chop(self, worker: Worker, food: int, things: list[Thing]) -> Thing:
        started = things[0] if things else None
        chops = self.layout.timing.chops
        if started is not None and started.code >> STAGE_SHIFT == Stage.CHOPPING:
            board = started.cell
            self._go(worker, board, max(1, math.ceil(started.left)) + 1)
        else:
            if started is None:
                self._go(worker, self._nearest(worker, self.paths.stations(worker.cook, _TILES[food])))
            elif started.holder is None:
                self._go(worker, started.cell)
            board = self._board(worker)
            arrives = worker.free + self.paths.walk(worker.cook, worker.place, board) / self.pace
            worker.free += max(0.0, self.boards[board] - arrives)
            self._go(worker, board, chops + 2)
        self.boards[board] = worker.free
        counter = self.paths.counter(worker.cook, board, Tile.POT)
        self._go(worker, counter)
        return Thing(code(food, Stage.CHOPPED), counter, worker.free)

    def _board(self, worker: Worker) -> int:
        def cost(board: int) -> float:
            arrives = worker.free + self.paths.walk(worker.cook, worker.place, board) / self.pace
            return max(arrives, self.boards[board])

        return min(self.paths.stations(worker.cook, Tile.BOARD), key=cost)

    def _do_prepare(self, worker: Worker, foods: int, things: list[Thing]) -> Thing:
        left = sorted(things, key=lambda thing: thing.holder is None)
        if left[0].holder is None:
            left.sort(key=lambda thing: self.paths.walk(worker.cook, worker.place, thing.cell))
            self._go(worker, left[0].cell)
            self._free_board(left[0].cell, worker.free)
        for number, thing in enumerate(left[1:]):
            self._go(worker, thing.cell, 1 if number == 0 else 2)
        cell = worker.place
        return Thing(code(foods, Stage.CHOPPED), cell, worker.free)

    def _free_board(self, cell: int, at: float) -> None:
        if cell in self.boards:
            self.boards[cell] = min(self.boards[cell], at)

    def _do_cook(self, worker: Worker, foods: int, things: list[Thing]) -> Thing:
        if things and things[0].holder is None:
            self._go(worker, things[0].cell)
        free = [pot for pot in self.paths.stations(worker.cook, Tile.POT) if self.pots[pot] <= worker.free]
        pot = self._nearest(worker, free or self.paths.stations(worker.cook, Tile.POT))
        self._go(worker, pot)
        self.pots[pot] = math.inf
        return Thing(code(foods, Stage.COOKED), pot, worker.free + self.layout.timing.cooking)

    def _do_plate(self, worker: Worker, foods: int, things: list[Thing]) -> Thing:
        if worker.holds != PLATE:
            self._go(worker, self._nearest(worker, self.paths.stations(worker.cook, Tile.PLATES)))
        pot = things[0].cell
        self._go(worker, pot)
        self.pots[pot] = worker.free
        soup = code(foods, Stage.COOKED, PLATE)
        if self.paths.stations(worker.cook, Tile.DELIVERY):
            worker.holds = soup
            return Thing(soup, pot, worker.free, holder=worker.cook)
        counter = self.paths.counter(worker.cook, pot, Tile.DELIVERY)
        self._go(worker, counter)
        return Thing(soup, counter, worker.free)

    def _do_serve(self, worker: Worker, foods: int, things: list[Thing]) -> Thing:
        if things and things[0].holder is None:
            self._go(worker, things[0].cell)
        self._go(worker, self._nearest(worker, self.paths.stations(worker.cook, Tile.DELIVERY)))
        return Thing(0, worker.place, worker.free)


_DOES = {
    Verb.CHOP: Scheduler._do_chop,
    Verb.PREPARE: Scheduler._do_prepare,
    Verb.COOK: Scheduler._do_cook,
    Verb.PLATE: Scheduler._do_plate,
    Verb.SERVE: Scheduler._do_serve,
}


def scheduler_at(
    view: HlaView,
    goals: Sequence[Goal],
    jobs: Sequence[Job],
    spare: Supplies,
    graph: nx.DiGraph[int],
    workers: list[Worker],
    horizon: float,
) -> Scheduler:
    """The moment of a kitchen, ready to be scheduled up to a horizon in seconds on the kitchen's clock."""
    layout = view.layout
    boards, pots = dict.fromkeys(layout.cells(Tile.BOARD), 0.0), dict.fromkeys(layout.cells(Tile.POT), 0.0)
    for square in view.squares:
        if square.tile == Tile.POT:
            pots[square.cell] = math.inf
        elif square.tile == Tile.BOARD:
            wait = 3.0 if square.item.stage is not Stage.CHOPPING else square.left + 2
            boards[square.cell] = view.seconds + wait / layout.pace
    return Scheduler(
        layout,
        paths_of(layout),
        workers,
        {goal.number: goal for goal in goals},
        {job.number: job for job in jobs},
        spare,
        boards,
        pots,
        (),
        view.seconds,
        min(horizon, view.duration),
        layout.pace,
        tails(graph, {job.number: TYPICAL.get(job.macro.verb, 10) / layout.pace for job in jobs}),
    )
