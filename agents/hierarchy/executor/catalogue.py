"""The 21 macro actions: their names, and when one can begin.

Source: HLA (Liu et al., AAMAS 2024) and its released executor. Differences: a soup can only be cooked when a pot is
free (the release lets the cook wait for one, holding everybody up); where one cook has the extinguisher within reach
and only the other can reach the fire, Putout hands it over; Drop hands charred food over where only the other can
reach a bin.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from brigade.agents.hierarchy.executor.surroundings import Surroundings
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FIRE, FOODS, LETTUCE, ONION, PLATE, TOMATO, code
from brigade.envs.kitchen.hla.layout import DISPENSERS
from brigade.envs.kitchen.hla.recipes import BY_FOODS, RECIPES
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.view import Stage


class Verb(StrEnum):
    """The kinds of macro action."""

    CHOP = "Chop"
    PREPARE = "Prepare"
    PUTOUT = "Putout"
    COOK = "Cook"
    PLATE = "Plate"
    SERVE = "Serve"
    DROP = "Drop"


@dataclass(frozen=True, slots=True, order=True)
class Macro:
    """A macro action: what to do, to which foods."""

    verb: Verb
    foods: int = 0
    """Food bits: one for Chop, a recipe's for Prepare, Cook, Plate and Serve, none for Putout and Drop."""

    @property
    def name(self) -> str:
        """The name used in prompts, records and the command line, such as `Prepare Bob Ingredients`."""
        if self.verb is Verb.CHOP:
            return f"Chop {FOODS[self.foods]}"
        if self.verb in (Verb.PUTOUT, Verb.DROP):
            return str(self.verb)
        noun = "Ingredients" if self.verb is Verb.PREPARE else "Soup"
        return f"{self.verb} {BY_FOODS[self.foods].name} {noun}"

    def __str__(self) -> str:
        return self.name


MACROS = (
    *(Macro(Verb.CHOP, food) for food in (TOMATO, LETTUCE, ONION)),
    *(Macro(Verb.PREPARE, recipe.foods) for recipe in RECIPES),
    Macro(Verb.PUTOUT),
    *(Macro(verb, recipe.foods) for verb in (Verb.COOK, Verb.PLATE, Verb.SERVE) for recipe in RECIPES),
    Macro(Verb.DROP),
)
"""All macro actions, in the published order."""

_BY_NAME = {macro.name.lower(): macro for macro in MACROS}


def macro_of(name: str) -> Macro:
    """The macro action of this name, in any case.

    Raises:
        ValueError: there is none.
    """
    try:
        return _BY_NAME[" ".join(name.lower().split())]
    except KeyError:
        raise ValueError(f"no macro action is called {name!r}") from None


@dataclass(frozen=True, slots=True)
class Begin:
    """Whether a macro action can begin; if not, why, and which macro actions would make it possible."""

    ok: bool
    reason: str
    prerequisites: tuple[Macro, ...] = ()


def legal_macros(here: Surroundings) -> tuple[Macro, ...]:
    """Every macro action that this cook can begin now."""
    return tuple(macro for macro in MACROS if can_begin(macro, here).ok)


def can_begin(macro: Macro, here: Surroundings) -> Begin:
    """Whether this cook can begin this macro action now."""
    return _CHECKS[macro.verb](macro.foods, here)


def _chop(food: int, here: Surroundings) -> Begin:
    name = FOODS[food].lower()
    if not here.stations(Tile.BOARD):
        return Begin(False, "No cutting board is within reach.")
    tile = next(tile for tile, bit in DISPENSERS.items() if bit == food)
    started = (code(food, Stage.FRESH), code(food, Stage.CHOPPING))
    if not here.stations(tile) and here.held.code not in started and not here.places(*started):
        return Begin(False, f"No fresh {name} is within reach.")
    return Begin(True, f"There is a {name} to chop.")


def _prepare(foods: int, here: Surroundings) -> Begin:
    if cover(foods, pieces(foods, here)) is not None:
        return Begin(True, "All chopped ingredients are within reach.")
    have = 0
    for piece in pieces(foods, here):
        have |= piece
    missing = [bit for bit in FOODS if foods & ~have & bit]
    if not missing:  # every food is there, but only in mixtures that do not fit together
        missing = [bit for bit in FOODS if foods & bit]
    names = " and ".join(FOODS[bit].lower() for bit in missing)
    return Begin(False, f"Chopped {names} is missing.", tuple(Macro(Verb.CHOP, bit) for bit in missing))


def _cook(foods: int, here: Surroundings) -> Begin:
    name = BY_FOODS[foods].name
    chopped = code(foods, Stage.CHOPPED)
    if not here.has(chopped, chopped | PLATE):
        return Begin(False, f"The {name} ingredients are not prepared.", (Macro(Verb.PREPARE, foods),))
    pots = here.stations(Tile.POT)
    if not pots:
        return Begin(False, "No pot is within reach.")
    inside = [here.view.item(pot) for pot in pots]
    if not all(item.code for item in inside):
        return Begin(True, f"The {name} ingredients are ready and a pot is free.")
    if any(item.burning for item in inside):
        return Begin(False, "No pot is free and one is on fire.", (Macro(Verb.PUTOUT),))
    if any(item.stage is Stage.CHARRED for item in inside):
        return Begin(False, "No pot is free; one holds charred food.", (Macro(Verb.DROP),))
    cooked = [item.foods for item in inside if item.stage is Stage.COOKED and item.foods in BY_FOODS]
    return Begin(False, "No pot is free.", tuple(Macro(Verb.PLATE, each) for each in dict.fromkeys(cooked)))


def _plate(foods: int, here: Surroundings) -> Begin:
    name = BY_FOODS[foods].name
    if here.held.code != PLATE and not here.places(PLATE) and not here.stations(Tile.PLATES):
        return Begin(False, "No plate is within reach.")
    if here.places(code(foods, Stage.COOKED)):
        return Begin(True, f"The {name} soup is cooked.")
    if here.places(code(foods, Stage.COOKING)):
        return Begin(False, f"The {name} soup is still cooking.")
    return Begin(False, f"No {name} soup has been cooked.", (Macro(Verb.COOK, foods),))


def _serve(foods: int, here: Surroundings) -> Begin:
    name = BY_FOODS[foods].name
    if not here.stations(Tile.DELIVERY):
        return Begin(False, "No delivery is within reach.")
    if here.has(code(foods, Stage.COOKED, PLATE)):
        return Begin(True, f"A plated {name} soup is within reach.")
    return Begin(False, f"No {name} soup is on a plate within reach.", (Macro(Verb.PLATE, foods),))


def _putout(_: int, here: Surroundings) -> Begin:
    if not here.fires:
        return Begin(False, "Nothing is on fire.")
    if not here.has(EXTINGUISHER):
        return Begin(False, "The fire extinguisher is not within reach.")
    if here.reachable_fires or here.shared_counters:
        return Begin(True, "There is a fire to put out.")
    return Begin(False, "The fire is not within reach.")


def _drop(_: int, here: Surroundings) -> Begin:
    plated = [code(foods, Stage.CHARRED, PLATE) for foods in range(1, 8)]
    if here.has(*plated):
        return Begin(True, "There is charred food to throw away.")
    if here.places(*(code(foods, Stage.CHARRED) for foods in range(1, 8))):
        if here.held.code == PLATE or here.places(PLATE) or here.stations(Tile.PLATES):
            return Begin(True, "There is charred food in a pot.")
        return Begin(False, "There is charred food in a pot, but no plate within reach.")
    if here.places(*(code(foods, Stage.CHARRED, FIRE) for foods in range(1, 8))):
        return Begin(False, "The charred food is on fire.", (Macro(Verb.PUTOUT),))
    return Begin(False, "There is no charred food.")


_CHECKS = {
    Verb.CHOP: _chop,
    Verb.PREPARE: _prepare,
    Verb.COOK: _cook,
    Verb.PLATE: _plate,
    Verb.SERVE: _serve,
    Verb.PUTOUT: _putout,
    Verb.DROP: _drop,
}


def pieces(foods: int, here: Surroundings) -> tuple[int, ...]:
    """Food bits of the chopped things, within reach or in hand, that could become part of this mixture; each once."""
    found = {
        item.foods
        for item in (here.held, *here.items)
        if item.stage is Stage.CHOPPED and item.foods & foods == item.foods and item.foods != foods
    }
    return tuple(sorted(found))


def cover(foods: int, available: Iterable[int]) -> tuple[int, ...] | None:
    """The fewest of the available mixtures that together are exactly these foods; None if there is no such choice."""
    available = tuple(available)
    for size in (2, 3):
        for choice in combinations(available, size):
            if sum(choice) == foods and all(not a & b for a, b in combinations(choice, 2)):
                return choice
    return None
