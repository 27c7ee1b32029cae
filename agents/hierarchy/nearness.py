"""Where macro actions begin, and who is nearer."""

from __future__ import annotations

from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb
from brigade.envs.kitchen.hla.items import PLATE, code
from brigade.envs.kitchen.hla.layout import DISPENSERS
from brigade.envs.kitchen.view import Stage


def first_squares(macro: Macro, here: Surroundings) -> tuple[int, ...]:
    """Where a macro action begins, roughly: the squares of which one is walked to first."""
    foods = macro.foods
    match macro.verb:
        case Verb.CHOP:
            tile = next(tile for tile, bit in DISPENSERS.items() if bit == foods)
            return here.places(code(foods, Stage.FRESH)) + here.stations(tile)
        case Verb.COOK:
            return here.places(code(foods, Stage.CHOPPED), code(foods, Stage.CHOPPED, PLATE))
        case Verb.PLATE:
            return here.places(code(foods, Stage.COOKED))
        case Verb.SERVE:
            return here.places(code(foods, Stage.COOKED, PLATE))
        case Verb.PUTOUT:
            return here.reachable_fires
        case Verb.DROP:
            return here.places(*(code(f, Stage.CHARRED, plate) for f in range(1, 8) for plate in (0, PLATE)))
        case Verb.PREPARE:
            return here.places(*(code(part, Stage.CHOPPED) for part in range(1, 8) if part & foods == part))


def walk(macro: Macro, here: Surroundings) -> int:
    """Steps to where a macro action begins; 0 if nowhere."""
    squares = first_squares(macro, here)
    return min((here.distance(cell) for cell in squares), default=0)


def is_nearer(macro: Macro, there: Surroundings, here: Surroundings) -> bool:
    """Whether another cook, free to do it, is nearer to where the macro action begins."""
    squares = first_squares(macro, here)
    if not squares or (here.held.code and in_hand(macro, here)):
        return False
    theirs = min((there.distance(cell) for cell in squares if cell in there.reach), default=None)
    mine = min(here.distance(cell) for cell in squares)
    return theirs is not None and (theirs, there.cook) < (mine, here.cook)


def in_hand(macro: Macro, here: Surroundings) -> bool:
    """Whether this cook already holds what the macro action works on."""
    held = here.held
    match macro.verb:
        case Verb.SERVE:
            return held.code == code(macro.foods, Stage.COOKED, PLATE)
        case Verb.COOK:
            return held.stage is Stage.CHOPPED and held.foods == macro.foods
        case Verb.CHOP:
            return held.code == code(macro.foods, Stage.FRESH)
        case Verb.PLATE | Verb.DROP:
            return held.code == PLATE or held.stage is Stage.CHARRED
        case Verb.PREPARE:
            return held.stage is Stage.CHOPPED and held.foods & macro.foods == held.foods
        case _:
            return True
