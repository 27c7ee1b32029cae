"""How a macro action is carried out: as errands, each one square to walk to and bump until something changes.

Nothing is planned ahead. When an errand ends, the next one is read off the kitchen as it then is, so that whatever the
partner did in between is taken into account. Knows nothing of walking: that is the executor's.
"""

from __future__ import annotations

from dataclasses import dataclass

from brigade.agents.hierarchy.executor.catalogue import Macro, Verb, cover, pieces
from brigade.agents.hierarchy.executor.surroundings import Surroundings
from brigade.agents.hierarchy.executor.walking import FLOOR
from brigade.envs.kitchen.hla.items import EXTINGUISHER, PLATE, code
from brigade.envs.kitchen.hla.layout import DISPENSERS
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.view import Stage

DONE = -1
"""The stage of a macro action that has done what it was for."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Walk to a square and bump it until what is held, or what lies there, changes.

    It succeeds when the hand changes, which only this cook's own bump can do; or, `in_place`, when the square does
    (chopping, extinguishing). Otherwise it is lost, and the next errand is read off the new state.
    """

    cell: int
    held: int
    """Code of what is held while it lasts."""
    there: int
    """Code of what lies on the square while it lasts."""
    in_place: bool = False
    then: int = 0
    """Stage of the macro action when it succeeds."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why a macro action cannot go on."""

    reason: str


def next_errand(macro: Macro, stage: int, here: Surroundings) -> Errand | Stuck | None:
    """The next errand of a macro action in this stage; None when it is done, Stuck when it cannot go on."""
    if stage == DONE:
        return None
    return _PROCEDURES[macro.verb](macro.foods, stage, here)


def _bump(here: Surroundings, cell: int, *, in_place: bool = False, then: int = 0) -> Errand:
    return Errand(cell, here.held.code, here.view.item(cell).code, in_place, then)


def _take(here: Surroundings, *codes: int, reason: str) -> Errand | Stuck:
    """Pick up the nearest of these items; whatever is in hand is put away first."""
    if here.held.code:
        return put_away(here)
    cell = here.nearest(here.places(*codes))
    return _bump(here, cell) if cell is not None else Stuck(reason)


def _take_plate(here: Surroundings) -> Errand | Stuck:
    if here.held.code:
        return put_away(here)
    cell = here.nearest(here.places(PLATE) + here.stations(Tile.PLATES))
    return _bump(here, cell) if cell is not None else Stuck("no plate is within reach")


def put_away(here: Surroundings, then: int = 0) -> Errand | Stuck:
    """Put what is held where it is needed next: near its next station, or where the other cook can fetch it."""
    held = here.held
    if held.code == PLATE:
        cell = here.nearest(here.stations(Tile.PLATES) + here.free(Tile.COUNTER))
    else:
        cell = hand_over_or_keep(here)
    if cell is None and held.foods:
        cell = here.nearest(here.stations(Tile.BIN))
    if cell is None:
        return Stuck("no counter is free")
    return _bump(here, cell, then=then)


_COUNTER_WALK = 2
"""A step to the counter counts this much more than a step from there to the next station."""


def hand_over_or_keep(here: Surroundings) -> int | None:
    """The best free counter for what is held; None if there is none."""
    free = here.free(Tile.COUNTER)
    targets = next_stations(here)
    mine = tuple(cell for cell in targets if cell in here.reach)
    if targets and not mine:
        shared = tuple(cell for cell in free if cell in here.counters_towards(targets))
        free = shared or free
    if not free:
        return None

    def cost(cell: int) -> int:
        onward = min((_between(here, cell, target) for target in mine), default=0)
        return _COUNTER_WALK * here.distance(cell) + onward

    return min(free, key=cost)


def _between(here: Surroundings, one: int, other: int) -> int:
    """Steps from standing next to one square to standing next to another."""
    layout = here.view.layout
    floors = [cell for cell in layout.neighbours(one) if cell in here.reach and layout.tiles[cell] == FLOOR]
    return min(int(here.steps[other, floor]) for floor in floors)


def next_stations(here: Surroundings) -> tuple[int, ...]:
    """Where what is held goes next, anywhere in the kitchen."""
    held, layout = here.held, here.view.layout
    if held.code == EXTINGUISHER:
        return here.fires
    match held.stage:
        case Stage.FRESH | Stage.CHOPPING:
            return layout.cells(Tile.BOARD)
        case Stage.CHOPPED:
            return layout.cells(Tile.POT)
        case Stage.COOKED:
            return layout.cells(Tile.DELIVERY)
        case Stage.CHARRED:
            return layout.cells(Tile.BIN)
        case _:
            return layout.cells(Tile.POT)


def _at_work(here: Surroundings, cell: int) -> bool:
    """Whether another cook with empty hands stands next to this square, as one does who works there.

    Not where nothing has gone on for a while: two cooks beside the only board would each wait for the other for ever.
    """
    if cell in here.abandoned:
        return False
    around = here.view.layout.neighbours(cell)
    return any(here.view.position(other) in around and not here.view.held(other).code for other in here.others)


CHOPPED = 1
"""Stage of Chop in which the food is chopped and only has to leave the board."""


def _chop(food: int, stage: int, here: Surroundings) -> Errand | Stuck | None:
    fresh, chopping, chopped = (code(food, s) for s in (Stage.FRESH, Stage.CHOPPING, Stage.CHOPPED))
    boards = here.stations(Tile.BOARD)
    if stage == CHOPPED:
        if here.held.code == chopped:
            return put_away(here, then=DONE)
        cell = here.nearest(tuple(board for board in boards if here.view.item(board).code == chopped))
        return _bump(here, cell, then=CHOPPED) if cell is not None else None
    free = here.free(Tile.BOARD)
    if here.held.code == fresh and free:
        return _bump(here, _nearest(here, free))
    if here.held.code:
        return put_away(here)
    begun = tuple(b for b in boards if here.view.item(b).code == chopping and not _at_work(here, b))
    if begun:
        return _bump(here, _nearest(here, begun), in_place=True, then=CHOPPED)
    if not free:
        return _clear_board(here, boards)
    tile = next(tile for tile, bit in DISPENSERS.items() if bit == food)
    source = here.nearest(here.places(fresh) + here.stations(tile))
    return _bump(here, source) if source is not None else Stuck("nothing fresh is left within reach")


def _nearest(here: Surroundings, cells: tuple[int, ...]) -> int:
    cell = here.nearest(cells)
    assert cell is not None
    return cell


def _clear_board(here: Surroundings, boards: tuple[int, ...]) -> Errand | Stuck:
    """Free a board: take what is finished off it, or finish what somebody left on it."""
    idle = tuple(board for board in boards if not _at_work(here, board))
    finished = tuple(board for board in idle if here.view.item(board).stage is not Stage.CHOPPING)
    if finished:
        return _bump(here, _nearest(here, finished))
    if idle:
        return _bump(here, _nearest(here, idle), in_place=True)
    return Stuck("every cutting board is in use")


def _prepare(foods: int, stage: int, here: Surroundings) -> Errand | Stuck | None:
    choice = cover(foods, pieces(foods, here))
    if choice is None:
        return Stuck("an ingredient is gone")
    last = DONE if len(choice) == 2 else 0
    places = {piece: here.places(code(piece, Stage.CHOPPED), code(piece, Stage.CHOPPED, PLATE)) for piece in choice}
    in_hand = here.held.foods if here.held.stage is Stage.CHOPPED else 0
    if in_hand in choice:
        others = tuple(cell for piece in choice if piece != in_hand for cell in places[piece])
        return _bump(here, _nearest(here, others), then=last)
    if here.held.code:
        return put_away(here)
    # Off the boards first, so that they are free again; then what is nearest.
    tiles = here.view.layout.tiles
    cells = [cell for piece in choice for cell in places[piece]]
    return _bump(
        here, min(cells, key=lambda cell: (here.crowded(cell), tiles[cell] != Tile.BOARD, here.distance(cell)))
    )


def _cook(foods: int, stage: int, here: Surroundings) -> Errand | Stuck | None:
    chopped = (code(foods, Stage.CHOPPED), code(foods, Stage.CHOPPED, PLATE))
    if here.held.code not in chopped:
        return _take(here, *chopped, reason="the ingredients are gone")
    pot = here.nearest(here.free(Tile.POT))
    return _bump(here, pot, then=DONE) if pot is not None else Stuck("no pot is free")


PLATED = 1
"""Stage of Plate in which the soup is in hand and only the other cook can deliver it."""


def _plate(foods: int, stage: int, here: Surroundings) -> Errand | Stuck | None:
    if stage == PLATED:
        return put_away(here, then=DONE) if here.held.stage is Stage.COOKED else None
    pot = here.nearest(here.places(code(foods, Stage.COOKED)))
    if pot is None:
        return Stuck("the soup is gone")
    if here.held.code != PLATE:
        return _take_plate(here)
    return _bump(here, pot, then=DONE if here.stations(Tile.DELIVERY) else PLATED)


def _serve(foods: int, stage: int, here: Surroundings) -> Errand | Stuck | None:
    soup = code(foods, Stage.COOKED, PLATE)
    if here.held.code != soup:
        return _take(here, soup, reason="the plated soup is gone")
    return _bump(here, _nearest(here, here.stations(Tile.DELIVERY)), then=DONE)


def _putout(_: int, stage: int, here: Surroundings) -> Errand | Stuck | None:
    if not here.fires:
        return None
    if here.held.code != EXTINGUISHER:
        return _take(here, EXTINGUISHER, reason="the fire extinguisher is gone")
    if not here.reachable_fires:
        return put_away(here, then=DONE)
    return _bump(here, _nearest(here, here.reachable_fires), in_place=True, then=DONE)


def _drop(_: int, stage: int, here: Surroundings) -> Errand | Stuck | None:
    charred = tuple(code(foods, Stage.CHARRED) for foods in range(1, 8))
    plated = tuple(item | PLATE for item in charred)
    if here.held.code in plated:
        bins = here.stations(Tile.BIN)
        return _bump(here, _nearest(here, bins), then=DONE) if bins else put_away(here, then=DONE)
    if here.places(*plated):
        return _take(here, *plated, reason="the charred food is gone")
    pot = here.nearest(here.places(*charred))
    if pot is None:
        return Stuck("the charred food is gone")
    return _bump(here, pot) if here.held.code == PLATE else _take_plate(here)


_PROCEDURES = {
    Verb.CHOP: _chop,
    Verb.PREPARE: _prepare,
    Verb.COOK: _cook,
    Verb.PLATE: _plate,
    Verb.SERVE: _serve,
    Verb.PUTOUT: _putout,
    Verb.DROP: _drop,
}
