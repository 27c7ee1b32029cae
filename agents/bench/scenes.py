"""Moments of real cooking to speak a demand into, so that every agent begins from the same state.

A moment comes from two script cooks that have cooked for a while. Where a message tells of a situation (a fire, a soup
that is done, ingredients that are ready), the situation is put into the moment. Knows no message and no agent's mind.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from brigade.agents.hierarchy.executor import Executor, Macro, Surroundings, Verb
from brigade.agents.hierarchy.imagination import Player, play, turn_ticks
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.training.fast.kitchens import kitchen_named
from brigade.envs.kitchen import HlaKitchen, HlaView, Tile
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FIRE, FOODS, ITEMS, PLATE, code
from brigade.envs.kitchen.view import Stage

State = dict[str, Any]
"""A state as the rule book's `to_dict` writes it."""
EARLIEST, LATEST = 5.0, 45.0
"""Seconds that the scripts have cooked."""
HURRY_SECONDS = 20.0
"""What is left of the order that a message is about."""
COOKED_SECONDS = 15.0
"""Until a soup that is told to be done burns."""


def mid_game(map_name: str, generator: random.Random) -> State:
    """A moment of this kitchen in the midst of cooking, its clock and score set back to the start."""
    kitchen = HlaKitchen(kitchen_named(map_name))
    kitchen.reset(generator.randrange(6_000_000, 7_000_000))
    layout, rules = kitchen.layout, kitchen.rules
    players = [Player(Executor(cook), ScriptPlanner(cook, layout.pace)) for cook in range(layout.cooks)]
    last = round(generator.uniform(EARLIEST, LATEST) / rules.tick_seconds)
    play(rules, kitchen.state, players, turn_ticks(layout.pace, rules.tick_seconds, last))
    return rules.to_dict(kitchen.state) | {"tick": 0, "score": 0, "served": 0, "missed": 0}


def view_of(map_name: str, state: State) -> HlaView:
    """The moment as minds see it.

    Raises:
        ValueError: it is none of this kitchen.
    """
    rules = HlaKitchen(kitchen_named(map_name)).rules
    return rules.view(rules.from_dict(state))


def with_orders(state: State, names: Sequence[str]) -> State:
    """The moment with these open orders; their deadlines stay as they are."""
    orders = [order | {"recipe": name} for order, name in zip(state["orders"], names, strict=True)]
    return state | {"orders": orders}


def with_situation(map_name: str, state: State, macro: Macro, cook: int, generator: random.Random) -> State | None:
    """The moment, with the situation in it that calls for this macro action; None if there is no room for it."""
    here = Surroundings(view_of(map_name, state), cook)
    match macro.verb:
        case Verb.CHOP:
            return _without(state, code(macro.foods, Stage.CHOPPED))
        case Verb.PUTOUT:
            foods = generator.choice(here.view.layout.menu).foods
            timing = here.view.layout.timing
            return _in_pot(state, here, code(foods, Stage.CHARRED, FIRE), timing.putting_out)
        case Verb.DROP:
            return _in_pot(state, here, code(generator.choice(here.view.layout.menu).foods, Stage.CHARRED), 0.0)
        case Verb.PLATE:
            return _in_pot(state, here, code(macro.foods, Stage.COOKED), COOKED_SECONDS)
        case Verb.SERVE:
            wanted = _first_order(state, here, macro.foods)
            return _on_counters(wanted, here, [code(macro.foods, Stage.COOKED, PLATE)])
        case Verb.COOK:
            return _on_counters(state, here, [code(macro.foods, Stage.CHOPPED)])
        case Verb.PREPARE:
            pieces = [code(food, Stage.CHOPPED) for food in FOODS if food & macro.foods]
            return _on_counters(state, here, pieces)


def _without(state: State, item: int) -> State:
    return state | {"squares": [square for square in state["squares"] if square["item"] != ITEMS[item].name]}


def _first_order(state: State, here: Surroundings, foods: int) -> State:
    """The moment with the oldest order for this soup and about to run out, if the menu has it."""
    recipe = next((each for each in here.view.layout.menu if each.foods == foods), None)
    if recipe is None:
        return state
    first = {"recipe": recipe.name, "seconds_left": HURRY_SECONDS}
    return state | {"orders": [first, *state["orders"][1:]]}


def _in_pot(state: State, here: Surroundings, item: int, seconds: float) -> State | None:
    """The moment with this in a pot within reach, in place of what was there."""
    pots = here.stations(Tile.POT)
    if not pots:
        return None
    at = list(here.view.layout.xy(pots[0]))
    sprays = [None] * here.view.layout.cooks
    square = {"position": at, "item": ITEMS[item].name, "seconds_left": seconds, "since_spray": sprays}
    return state | {"squares": [*(each for each in state["squares"] if each["position"] != at), square]}


def _on_counters(state: State, here: Surroundings, items: Sequence[int]) -> State | None:
    """The moment with these things on free counters within reach."""
    free = [cell for cell in here.free(Tile.COUNTER) if here.view.item(cell).code != EXTINGUISHER]
    if len(free) < len(items):
        return None
    added = [
        {"position": list(here.view.layout.xy(cell)), "item": ITEMS[item].name}
        for cell, item in zip(free, items, strict=False)
    ]
    return state | {"squares": [*state["squares"], *added]}
