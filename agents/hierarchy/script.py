"""The scripted planner: scores every legal macro action by what the open orders still need.

This is the baseline that every learned agent is held against (published agents that only prompt a language model lose
to it), the prior of an untrained Fast Mind, and what takes over when a model fails. It sees what any cook sees: the
kitchen, not the partner's mind.

Source of the idea: the `can_begin` scores of HLA's released executor. Differences: orders are matched with what exists
from the most finished thing down, so that two orders never count on the same soup; what the partner carries counts; and
of the tasks at hand a cook leaves to an active partner those for which the partner is nearer.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from brigade.agents.hierarchy.demands import next_towards
from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, legal_macros
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.nearness import is_nearer, walk
from brigade.agents.hierarchy.stock import Step, Stock
from brigade.envs.kitchen import HlaOrderView, HlaView, Tile
from brigade.envs.kitchen.hla.items import FOODS, PLATE
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from brigade.envs.kitchen.view import Stage

# Scores: what is nearer to points first. Within a step of 0.1, urgency and then the walk decide.
_SERVE, _PLATE, _PUTOUT, _DROP, _COOK, _PREPARE, _CHOP, _STOCK = 0.9, 0.8, 0.75, 0.3, 0.7, 0.6, 0.5, 0.1
_URGENCY = 0.08
"""Added for an order that is about to expire."""
_WALK = 0.002
"""Taken off for each step to the first square."""
_MISSING = 0.02
"""Taken off for each ingredient that is missing: rather finish one mixture than begin two."""
_HOPELESS = 0.25
"""Taken off when the order cannot be finished in time: the soup may still meet a later order."""

CHOP_TURNS, PREPARE_TURNS, COOK_TURNS, PLATE_TURNS, SERVE_TURNS = 20, 8, 7, 9, 8
"""Typical turns of each macro action, for judging what can be finished in time."""

WANTED = 1.5
"""Score of what the partner wants: above everything that only the orders want."""
ACTIVE_SECONDS = 4.0
"""A partner that has not moved or acted for this long is taken for idle."""
STOCK = 2
"""Chopped pieces of each food that are kept ready beyond what the orders need."""
MIN_FREE_COUNTERS = 4
"""No stock is chopped with fewer free counters within reach."""


@dataclass(frozen=True, slots=True)
class Task:
    """A macro action worth doing, and how much."""

    macro: Macro
    score: float


@dataclass
class ScriptPlanner:
    """Chooses macro actions for one cook; remembers only when its partners were last seen moving."""

    cook: int
    pace: float = 2.5
    """Turns a second, for judging deadlines."""
    _last_seen: dict[int, tuple[int, int]] = field(default_factory=dict)
    _last_moved: dict[int, float] = field(default_factory=dict)
    _unseen: float = 0.0
    """When cooks that were never seen moving count as last moved."""

    def choose(
        self,
        view: HlaView,
        avoid: Iterable[Macro] = (),
        agenda: Agenda | None = None,
        refuses: Mapping[int, Collection[Verb]] | None = None,
    ) -> Macro | None:
        """The macro action to start now; None to wait for something to do.

        Args:
            view: the kitchen now.
            avoid: macro actions that just failed.
            agenda: what the partner wants, which goes first.
            refuses: kinds of macro action that partners will not do: those are not left to them.
        """
        here = Surroundings(view, self.cook)
        legal = set(legal_macros(here)) - set(avoid)
        for macro in wanted_now(agenda or Agenda(), here):
            if macro in legal:
                return macro
        tasks = [task for task in self.tasks(here) if task.macro in legal]
        free = {other: Surroundings(view, other) for other in self._free_partners(here)}
        plates = sum(view.held(other).code == PLATE for other in here.others)
        for task in tasks:
            if plates and task.macro.verb is Verb.PLATE and here.held.code != PLATE:
                plates -= 1  # whoever carries a plate is on the way to a soup
                continue
            able = (other for other in free if task.macro.verb not in (refuses or {}).get(other, ()))
            nearer = next((other for other in able if is_nearer(task.macro, free[other], here)), None)
            if nearer is None:
                return task.macro
            del free[nearer]
        return tasks[0].macro if tasks else None

    def scores(self, view: HlaView, agenda: Agenda | None = None) -> dict[Macro, float]:
        """The score of every macro action worth doing, legal or not: up to 1, and WANTED for what the partner wants."""
        here = Surroundings(view, self.cook)
        scores = {task.macro: task.score for task in reversed(self.tasks(here))}
        return scores | dict.fromkeys(wanted_now(agenda or Agenda(), here), WANTED)

    def watch(self, view: HlaView) -> None:
        """Take note of who moves; call it now and then, on the cook's own turns at least."""
        for other in range(view.layout.cooks):
            seen = (view.position(other), view.held(other).code)
            at_board = not seen[1] and any(
                view.layout.tiles[cell] == Tile.BOARD and view.item(cell).stage is Stage.CHOPPING
                for cell in view.layout.neighbours(seen[0])
            )
            if at_board or self._last_seen.get(other) != seen:
                self._last_seen[other], self._last_moved[other] = seen, view.seconds

    def assume(self, still: Collection[int]) -> None:
        """Take these cooks for idle and all others for active, from now on: for planning in imagination."""
        self._last_moved, self._unseen = dict.fromkeys(still, -math.inf), math.inf

    def _seen_moving(self, other: int) -> float:
        return self._last_moved.get(other, self._unseen)

    def still(self, view: HlaView) -> frozenset[int]:
        """Partners that have not moved or worked for a while."""
        return frozenset(
            other
            for other in range(view.layout.cooks)
            if other != self.cook and view.seconds - self._seen_moving(other) >= ACTIVE_SECONDS
        )

    def tasks(self, here: Surroundings) -> list[Task]:
        """Everything worth doing, best first."""
        stock = Stock(here.view)
        found: list[Task] = []
        for order in sorted(here.view.orders, key=lambda order: order.seconds_left):
            found += self._for_order(order, stock)
        found += self._for_pots(here, stock)
        found += self._for_stock(here, stock)
        walked = [Task(task.macro, task.score - _WALK * walk(task.macro, here)) for task in found]
        return sorted(walked, key=lambda task: -task.score)

    def _free_partners(self, here: Surroundings) -> list[int]:
        """Partners with empty hands that move: those that may take a task away."""
        now = here.view.seconds
        return [
            other
            for other in here.others
            if not here.view.held(other).code
            and now - self._seen_moving(other) < ACTIVE_SECONDS
            and not _chopping(here, other)
        ]

    def _for_order(self, order: HlaOrderView, stock: Stock) -> list[Task]:
        """The next tasks for an order, and its claim on what exists."""
        foods = order.recipe.foods
        standing = stock.standing(foods)
        work: float = SERVE_TURNS / self.pace
        if standing.step is Step.PLATED:
            return [Task(Macro(Verb.SERVE, foods), self._score(_SERVE, order, work))]
        work += PLATE_TURNS / self.pace
        if standing.step is Step.COOKED:
            return [Task(Macro(Verb.PLATE, foods), self._score(_PLATE, order, work))]
        if standing.step is Step.COOKING:
            return []
        work += COOK_TURNS / self.pace + stock.cooking_seconds
        if standing.step is Step.MIXED:
            return [Task(Macro(Verb.COOK, foods), self._score(_COOK, order, work))]
        work += PREPARE_TURNS / self.pace
        missing = standing.missing
        if not missing:
            return [Task(Macro(Verb.PREPARE, foods), self._score(_PREPARE, order, work))]
        work += len(missing) * CHOP_TURNS / self.pace
        base = _CHOP - _MISSING * len(missing)
        return [Task(Macro(Verb.CHOP, food), self._score(base, order, work)) for food in missing]

    def _score(self, base: float, order: HlaOrderView, work: float) -> float:
        hopeless = _HOPELESS if work > order.seconds_left else 0.0
        return base + _URGENCY * (1 - order.share_left) - hopeless

    def _for_pots(self, here: Surroundings, stock: Stock) -> list[Task]:
        """Fires, charred food, and soups that nobody ordered but that would burn."""
        found = [Task(Macro(Verb.PUTOUT), _PUTOUT)] if here.fires else []
        if any(item.stage is Stage.CHARRED and not item.burning for item in stock.everything):
            busy = not here.free(Tile.POT)
            found.append(Task(Macro(Verb.DROP), _PUTOUT if busy else _DROP))
        burning = here.view.layout.timing.burning
        for square in here.view.squares:
            if square.item.stage is Stage.COOKED and square.tile == Tile.POT and square.item.foods in BY_FOODS:
                risk = 1 - square.left / burning
                found.append(Task(Macro(Verb.PLATE, square.item.foods), 0.4 + 0.5 * max(0.0, risk - 0.3)))
        return found

    def _for_stock(self, here: Surroundings, stock: Stock) -> list[Task]:
        if len(here.free(Tile.COUNTER)) < MIN_FREE_COUNTERS:
            return []
        wanted = {food for recipe in here.view.layout.menu for food in FOODS if recipe.foods & food}
        return [
            Task(Macro(Verb.CHOP, food), _STOCK + 0.02 * (STOCK - have))
            for food in wanted
            if (have := stock.chopped(food)) < STOCK
        ]


def wanted_now(agenda: Agenda, here: Surroundings) -> list[Macro]:
    """What can begin now towards the demands whose turn it is: themselves, or what they need first."""
    return list(next_towards(agenda, here, legal_macros(here))) if agenda.open else []


def _chopping(here: Surroundings, cook: int) -> bool:
    around = here.view.layout.neighbours(here.view.position(cook))
    return any(here.view.item(cell).stage is Stage.CHOPPING for cell in around)
