"""What a cook knows when it is spoken to: the kitchen, its own work, what was asked of it and what it has done.

Answers are drawn from this and from nothing else. Knows no words and no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, can_begin
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.stock import Step, Stock
from brigade.envs.kitchen import HlaOrderView, HlaView

_NEXT = {
    Step.PLATED: Verb.SERVE,
    Step.COOKED: Verb.PLATE,
    Step.MIXED: Verb.COOK,
    Step.PIECES: Verb.PREPARE,
}


@dataclass(frozen=True)
class Situation:
    """The moment, as one cook knows it."""

    view: HlaView
    cook: int
    agenda: Agenda = field(default_factory=Agenda)
    doing: Macro | None = None
    """The macro action under way."""
    purpose: OpenDemand | None = None
    """The demand that it is for."""
    partners: Mapping[int, Macro] = field(default_factory=dict)
    """What the partners seem to be at."""
    tally: Mapping[Macro, int] = field(default_factory=dict)
    """How often this cook has finished each macro action since the start."""
    fulfilled: tuple[Demand, ...] = ()
    """Demands that were done, oldest first."""
    seed: int = 0
    """The session's: it picks among ways to say the same."""

    @cached_property
    def here(self) -> Surroundings:
        """The kitchen as this cook can use it."""
        return Surroundings(self.view, self.cook)

    @property
    def partner(self) -> int | None:
        """The only other cook; None if there are none or several."""
        return self.here.others[0] if len(self.here.others) == 1 else None

    @property
    def seconds_left(self) -> float:
        """Until the end of the episode."""
        return max(0.0, self.view.duration - self.view.seconds)

    def order_behind(self, macro: Macro) -> HlaOrderView | None:
        """The most urgent open order that needs this macro action next, or a piece that it makes; None if none does."""
        stock = Stock(self.view)
        for order in sorted(self.view.orders, key=lambda order: order.seconds_left):
            standing = stock.standing(order.recipe.foods)
            if macro.verb is Verb.CHOP and macro.foods in standing.missing:
                return order
            if macro.foods == order.recipe.foods and macro.verb is _NEXT.get(standing.step):
                return order
        if macro.verb is Verb.CHOP:  # what is being chopped already counts as there
            return next((order for order in self.view.orders if order.recipe.foods & macro.foods), None)
        return next((order for order in self.view.orders if order.recipe.foods == macro.foods), None)

    def likely_next(self) -> Macro | None:
        """What this cook will probably do after what it is at: by its agenda, else as the script would."""
        waiting = [each for each in self.agenda.open if each != self.purpose or (each.left or 2) > 1]
        if waiting:
            return waiting[0].demand.macro
        tasks = [task.macro for task in ScriptPlanner(self.cook).tasks(self.here) if task.macro != self.doing]
        return next((macro for macro in tasks if can_begin(macro, self.here).ok), None)
