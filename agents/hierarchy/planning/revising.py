"""Plans that have gone stale while a macro action is under way, and whether that macro action is still worth its time.

A plan goes stale when what it was made from changes: an order comes or goes, a soup is ready, something burns, somebody
asks for something. Then, and only then, it is looked again whether to carry on; whoever has in hand what the macro
action needs carries on. Knows no clock and no session.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.planning.graph import decompose
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import code
from brigade.envs.kitchen.view import Stage

_KEPT = 2
"""Chopped pieces of a food that are stock enough, as in the script."""


@dataclass
class Staleness:
    """Notices when the plan of one cook goes stale.

    The first moment of a macro action is what its plan was made from.
    """

    _doing: Macro | None = None
    _made_from: tuple[object, ...] = field(default_factory=tuple)

    def noticed(self, view: HlaView, doing: Macro | None, agenda: Agenda | None = None) -> bool:
        """Whether the plan has gone stale since the last look; one change is noticed once."""
        now = _facts(view, agenda)
        if doing is None or doing != self._doing:
            self._doing, self._made_from = doing, now
            return False
        stale = now != self._made_from
        self._made_from = now
        return stale


def _facts(view: HlaView, agenda: Agenda | None) -> tuple[object, ...]:
    """What plans are made from, and changes otherwise than by everybody's carrying on."""
    orders = tuple((order.recipe.name, round(view.seconds + order.seconds_left, 3)) for order in view.orders)
    pots = tuple(
        (square.cell, square.item.burning, square.item.stage is Stage.COOKED)
        for square in view.squares
        if square.tile == Tile.POT
    )
    return orders, pots, tuple((each.demand.macro, each.demand.count) for each in (agenda or Agenda()).open)


def is_pointless(view: HlaView, cook: int, doing: Macro, agenda: Agenda | None = None) -> bool:
    """Whether nothing wants any more what a macro action is to make, and nothing is in hand for it.

    A soup is always plated and served: in the pot it would burn. What an order, a demand or the stock still lacks is
    never pointless.
    """
    if doing.verb not in (Verb.CHOP, Verb.PREPARE, Verb.COOK) or view.held(cook).code:
        return False
    _, jobs, _ = decompose(view, agenda)
    if any(job.macro == doing for job in jobs):
        return False
    if doing.verb is not Verb.CHOP:
        return True
    spare = sum(square.item.code == code(doing.foods, Stage.CHOPPED) for square in view.squares)
    return spare >= _KEPT
