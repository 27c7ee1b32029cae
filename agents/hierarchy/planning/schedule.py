"""Who does which job when: list scheduling over the graph of jobs, with boards, pots, plates and the walks between.

Whoever is free next takes, of the jobs that it can do and that can begin, the one with the highest priority. Orders
that are served or missed are followed by new ones. Durations are turns counted on the map, nobody in the way. Source:
list scheduling (Graham, "Bounds for certain multiprocessing anomalies", 1966).
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
IN_HAND, WANTED = 5.0, 1.5
"""Priorities of going on with what is in hand, and of what somebody asked for."""
PIECE, MIXED, POTTED, COOKING, PLATED = 0.1, 0.35, 0.25, 0.15, 0.15
"""Shares of an order's bonus, for what is not served by the horizon: for each piece chopped, in all for a mixture, and
what putting it in a pot, the time in there and plating it add (as the teacher values work in progress)."""
SPARE_PIECE = 0.6
"""Points of a chopped piece that no order counts on, for the orders to come; the first of each food."""
SURE_WITHIN, DOUBT = 0.5, 0.1
"""Seconds by which a schedule may be wrong at once, and how much more for each second ahead."""
PUT_AWAY = 3
"""Turns to put something else away first."""
TYPICAL = {Verb.CHOP: 20, Verb.PREPARE: 8, Verb.COOK: 7, Verb.PLATE: 9, Verb.SERVE: 8}
"""Turns by which it is judged what comes too late."""
STOCK_PAYS = 50.0
"""Seconds before the end of the episode from which on stock comes too late."""
BRISK = 0.6
"""The shortest time that a chain of jobs takes, as a share of the typical one."""
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
    is_last: bool = False
    """Whether the episode ends at the horizon."""
    slots: list[Slot] = field(default_factory=list)
    progress: dict[int, float] = field(default_factory=dict)
    """The share of each order that is done."""
    _out: dict[int, Thing] = field(default_factory=dict)
    """What each job that is taken makes."""
    _closing: list[tuple[float, int]] = field(default_factory=list)
    """When which goals will have been served."""
    _come: int = 0

    def copied(self, coming: Sequence[Recipe]) -> Scheduler:
        """The same moment with other orders to come."""
        return replace(
            self,
            workers=[replace(worker) for worker in self.workers],
            goals=dict(self.goals),
            jobs=dict(self.jobs),
            spare=Supplies(list(self.spare.things)),
            boards=dict(self.boards),
            pots=dict(self.pots),
            coming=coming,
            slots=list(self.slots),
            progress=dict(self.progress),
            _out=dict(self._out),
            _closing=list(self._closing),
        )

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
        self._gain(goal, job, begins, worker.free)
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
        elif macro.verb is Verb.CHOP and self._has_source(worker, macro.foods):
            self._chop(worker, macro.foods)
        else:
            begins = worker.free
            worker.free += TYPICAL.get(macro.verb, 10) / self.pace
            self.slots.append(Slot(worker.cook, macro, "", begins, worker.free))

    def _has_source(self, worker: Worker, food: int) -> bool:
        """Whether a cook reaches a crate of this food and a board."""
        return all(self.paths.stations(worker.cook, tile) for tile in (_TILES[food], Tile.BOARD))

    def _inputs(self, job: Job) -> list[Thing]:
        return [*job.inputs, *(self._out[before] for before in job.after if before in self._out)]

    def _best(self, worker: Worker) -> Job | None:
        best, most, at = None, -math.inf, worker.free
        for job in self.jobs.values():
            if job.macro.verb in worker.verbs and not self._vain(worker, job) and self.ready(worker, job, at):
                priority = self._priority(worker, job, at)
                if priority > most:
                    best, most = job, priority
        return best

    def _vain(self, worker: Worker, job: Job | None = None) -> bool:
        """Whether the planning cook knows that a job, or chopping for stock, comes to nothing before the episode ends.

        Partners may not: the script goes on to the last second.
        """
        if not self.is_last or worker is not self.workers[0]:
            return False
        left = self.horizon - worker.free
        takes = STOCK_PAYS if job is None else self.tails.get(job.number, 0.0)
        return left < BRISK * takes

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

    def _gain(self, goal: Goal, job: Job, begins: float, ends: float) -> None:
        """Count a job for its order, as far as it gets by the horizon."""
        share = min(1.0, (self.horizon - begins) / max(ends - begins, 1e-6))
        gain = share * worth_of(job)
        if job.macro.verb is Verb.COOK and share >= 1.0:
            gain += COOKING * min(1.0, (self.horizon - ends) / self.layout.timing.cooking)
        self.progress[goal.number] = self.progress.get(goal.number, 0.0) + gain

    def _pass(self, at: float) -> None:
        """Orders that were served or missed by this time go, and others come."""
        for when, number in [each for each in self._closing if each[0] <= at]:
            self._closing.remove((when, number))
            self._close(self.goals[number], when, in_time=self._in_time(when, self.goals[number].deadline))
        serving = {number for _, number in self._closing}
        for goal in [each for each in self.goals.values() if each.deadline <= at and each.number not in serving]:
            self._release(goal.number)
            self._close(goal, goal.deadline, in_time=0.0)

    def _in_time(self, at: float, limit: float) -> float:
        """How probable it is that what is scheduled for this time is done by its limit."""
        doubt = SURE_WITHIN + DOUBT * (at - self.now)
        return 1 / (1 + math.exp(min(50.0, -1.7 * (limit - at) / doubt)))

    def _close(self, goal: Goal, at: float, *, in_time: float) -> None:
        del self.goals[goal.number]
        self.progress.pop(goal.number, None)
        if goal.deadline < math.inf:
            self.value += in_time * goal.bonus - (1 - in_time) * self.layout.timing.expiry_penalty
            self._arrive(at)

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
        jobs = chain(goal, self.spare, number)
        self.jobs |= {job.number: job for job in jobs}
        self.progress[number] = done_of(jobs)

    def _next_event(self, after: float) -> float:
        """When something changes for somebody with nothing to do."""
        times = [worker.free for worker in self.workers] + [thing.at for thing in self._out.values()]
        times += [thing.at for job in self.jobs.values() for thing in job.inputs]
        times += [when for when, _ in self._closing] + [goal.deadline for goal in self.goals.values()]
        return min((time for time in times if time > after), default=self.horizon)

    def _chop_stock(self, worker: Worker) -> bool:
        if Verb.CHOP not in worker.verbs or self._vain(worker) or not self.paths.stations(worker.cook, Tile.BOARD):
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
        self.spare.things.append(self._do(worker, Macro(Verb.CHOP, food), []))
        self.slots.append(Slot(worker.cook, Macro(Verb.CHOP, food), "stock", begins, worker.free))

    def _worth(self) -> float:
        """Points by the horizon; work in progress counts unless the episode is over by then."""
        self._pass(self.horizon)
        if self.is_last:
            late = [(when, self.goals[number]) for when, number in self._closing]
            self.value += sum(self._in_time(when, self.horizon) * goal.bonus for when, goal in late)
        else:
            self.value += sum(goal.bonus * self.progress.get(number, 0.0) for number, goal in self.goals.items())
            kept = [self._stocked(food) for food in _TILES]
            self.value += SPARE_PIECE * sum(min(1, have) + 0.5 * min(1, max(0, have - 1)) for have in kept)
        return self.value

    def _do(self, worker: Worker, macro: Macro, things: list[Thing]) -> Thing:
        """Let a cook carry a macro action out; returns what comes of it."""
        in_hand = any(thing.holder == worker.cook for thing in things)
        uses_plate = macro.verb is Verb.PLATE and worker.holds == PLATE
        if worker.holds and not in_hand and not uses_plate:
            worker.free += PUT_AWAY / self.pace
            self._put_down(worker)
        out = _DOES[macro.verb](self, worker, macro.foods, things)
        if out.holder is None:
            worker.holds = 0
        return out

    def _put_down(self, worker: Worker) -> None:
        worker.holds = 0

        def put(thing: Thing) -> Thing:
            return replace(thing, holder=None, cell=worker.place) if thing.holder == worker.cook else thing

        self._out = {number: put(thing) for number, thing in self._out.items()}
        for number, job in self.jobs.items():
            if any(thing.holder == worker.cook for thing in job.inputs):
                self.jobs[number] = replace(job, inputs=tuple(put(thing) for thing in job.inputs))

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


def worth_of(job: Job) -> float:
    """The share of an order's bonus that a job adds when it is done; Cook adds as much as COOKING later on."""
    match job.macro.verb:
        case Verb.CHOP:
            return PIECE
        case Verb.PREPARE:
            return MIXED - PIECE * job.macro.foods.bit_count()
        case Verb.COOK:
            return POTTED
        case Verb.PLATE:
            return PLATED
        case _:
            return 0.1


def done_of(jobs: Sequence[Job]) -> float:
    """The share of an order that is done, by the jobs that it still takes."""
    cooks = any(job.macro.verb is Verb.COOK for job in jobs)
    return 1.0 - sum(worth_of(job) for job in jobs) - COOKING * cooks


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
        is_last=horizon >= view.duration,
        progress={goal.number: done_of([job for job in jobs if job.order == goal.number]) for goal in goals},
    )
