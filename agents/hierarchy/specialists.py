"""Partners of one habit: they do some kinds of macro actions and leave all others, or only stand in the way.

They see what any cook sees and choose without a model. Knows no clock and no record.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from brigade.agents.hierarchy.executor import MACROS, Macro, Verb
from brigade.agents.hierarchy.executor.surroundings import UNREACHABLE, steps_between
from brigade.agents.hierarchy.executor.walking import MOVES
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.kernel import STAY
from brigade.envs.kitchen.hla.layout import DISPENSERS

SPECIALTIES = {
    "chops": frozenset({Verb.CHOP}),
    "serves": frozenset({Verb.PLATE, Verb.SERVE}),
}
"""Kinds of cook that do nothing else."""
LINGER_SECONDS = 4.0
"""How long a blocker stays at one place."""
_BUSY = (*DISPENSERS, Tile.BOARD, Tile.POT, Tile.PLATES, Tile.DELIVERY)


@dataclass
class Specialist:
    """Follows the script in some kinds of macro actions and does nothing else."""

    planner: ScriptPlanner
    verbs: Collection[Verb]

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.planner.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """What the script would do among the macro actions of its kinds; None to wait for such a one."""
        others = [macro for macro in MACROS if macro.verb not in self.verbs]
        return self.planner.choose(view, [*avoid, *others])


@dataclass
class Blocker:
    """Wanders from one busy place to the next, and stands there: at boards, pots, plates, food and the counter."""

    cook: int
    generator: random.Random
    _target: int = -1
    _leaves: float = 0.0

    def turn(self, view: HlaView) -> int:
        """The atomic action of this turn."""
        if view.seconds >= self._leaves:
            self._target, self._leaves = self._place(view), view.seconds + LINGER_SECONDS
        layout, position = view.layout, view.position(self.cook)
        steps = steps_between(layout)[self._target]
        around = layout.neighbours(position)
        taken = {view.position(other) for other in range(layout.cooks)}
        free = [cell for cell in around if layout.tiles[cell] == Tile.FLOOR and cell not in taken]
        best = min(free, key=lambda cell: int(steps[cell]), default=position)
        return MOVES[around.index(best)] if steps[best] < steps[position] else STAY

    def _place(self, view: HlaView) -> int:
        """A floor cell within reach beside something that others need."""
        layout, position = view.layout, view.position(self.cook)
        steps = steps_between(layout)
        busy = set(layout.cells(*_BUSY))
        floor = (cell for cell in layout.cells(Tile.FLOOR) if steps[cell, position] < UNREACHABLE)
        places = [cell for cell in floor if not busy.isdisjoint(layout.neighbours(cell))]
        return self.generator.choice(places or [position])
