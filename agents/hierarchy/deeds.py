"""What a cook did, told from what one sees: the moment before its atomic action and the moment after it.

A deed is the completion of what a macro action is for: food is chopped, ingredients are together, a soup is in the
pot, on its plate, served; a fire is out, charred food is in the bin. So cooks without an Executor, and people, are
judged alike with those that have one. Knows no mind, no plan and no record.
"""

from __future__ import annotations

from collections.abc import Sequence

from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import Item
from brigade.envs.kitchen.hla.kernel import STAY
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from brigade.envs.kitchen.view import Stage


def deed(before: HlaView, after: HlaView, cook: int, action: int) -> Macro | None:
    """What this cook completed with this atomic action; None if that was nothing.

    Args:
        before: the moment at which the action was taken.
        after: the moment one tick later.
        cook: who.
        action: the atomic action, numbered as the rule book does.
    """
    if action == STAY or before.position(cook) != after.position(cook):
        return None
    layout = before.layout
    cell = layout.neighbours(before.position(cook))[action - 1]
    was, now = before.item(cell), after.item(cell)
    hands = before.held(cook), after.held(cook)
    match Tile(int(layout.tiles[cell])):
        case Tile.DELIVERY:
            return _served(*hands)
        case Tile.BIN:
            return Macro(Verb.DROP) if hands[0].stage is Stage.CHARRED and not hands[1].foods else None
        case Tile.POT:
            return _at_pot(was, now, *hands)
        case Tile.BOARD if was.stage is Stage.CHOPPING and now.stage is Stage.CHOPPED:
            return Macro(Verb.CHOP, now.foods)
        case Tile.BOARD | Tile.COUNTER:
            return _mixed(was, now, *hands)
        case _:
            return None


def deeds(views: Sequence[HlaView], actions: Sequence[Sequence[int]], cook: int) -> list[tuple[int, Macro]]:
    """Everything that a cook completed, each with the tick after it.

    Args:
        views: every moment, one more than there are actions.
        actions: the joint action of every tick.
        cook: who.
    """
    found = []
    for before, after, joint in zip(views, views[1:], actions, strict=False):
        done = deed(before, after, cook, joint[cook]) if joint[cook] != STAY else None
        if done is not None:
            found.append((after.tick, done))
    return found


def _served(held: Item, left: Item) -> Macro | None:
    is_soup = held.stage is Stage.COOKED and held.plated and held.foods in BY_FOODS
    return Macro(Verb.SERVE, held.foods) if is_soup and not left.foods else None


def _at_pot(was: Item, now: Item, held: Item, holds: Item) -> Macro | None:
    if was.burning and not now.burning and held.extinguisher:
        return Macro(Verb.PUTOUT)
    if not was.foods and now.stage is Stage.COOKING and now.foods in BY_FOODS and held.foods == now.foods:
        return Macro(Verb.COOK, now.foods)
    if was.stage is Stage.COOKED and was.foods in BY_FOODS and holds.foods == was.foods and holds.plated:
        return Macro(Verb.PLATE, was.foods)
    return None


def _mixed(was: Item, now: Item, held: Item, holds: Item) -> Macro | None:
    """Ingredients put together, on the square or in the hand."""
    for made in (now, holds):
        parts = was.foods, held.foods
        if made.stage is Stage.CHOPPED and made.foods in BY_FOODS and all(parts) and sum(parts) == made.foods:
            return Macro(Verb.PREPARE, made.foods)
    return None
