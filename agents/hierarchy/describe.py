"""The kitchen in words: short for the Fast Mind, in full sentences for the Slow Mind.

The short form is stable: the same things in the same order, numbers no finer than a decision needs, 60 to 100 tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.nearness import in_hand, is_nearer, walk
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.hierarchy.stock import Stock
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FOODS, Item
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from brigade.envs.kitchen.view import Stage

_STAGE_WORDS = {
    Stage.FRESH: "fresh",
    Stage.CHOPPING: "begun",
    Stage.CHOPPED: "chopped",
    Stage.COOKING: "cooking",
    Stage.COOKED: "cooked",
    Stage.CHARRED: "charred",
}


def item_words(item: Item) -> str:
    """An item in words, such as `chopped onion+tomato (Cathy) on a plate`."""
    if not item.code:
        return "nothing"
    if item.stage is None:
        return {"Plate": "plate", "FireExtinguisher": "extinguisher"}.get(item.name, item.name.lower())
    words = f"{_STAGE_WORDS[item.stage]} {'+'.join(name.lower() for name in item.food_names)}"
    recipe = BY_FOODS.get(item.foods)
    if recipe is not None:
        words += f" ({recipe.name})"
    return words + (" on a plate" if item.plated else "") + (" on fire" if item.burning else "")


def short_state(view: HlaView, cook: int, partners: Mapping[int, Belief] | None = None) -> str:
    """The kitchen as one cook sees it, in few tokens: without what is out of reach, and without the extinguisher.

    Args:
        view: the kitchen now.
        cook: who sees it.
        partners: what the partners seem to be like; those who are missing seem idle.
    """
    reach = view.layout.reach[cook]
    pots, things = [], Counter[str]()
    for square in view.squares:
        if square.cell not in reach or square.item.code == EXTINGUISHER:
            continue
        if square.tile == Tile.POT:
            pots.append(_short(square.item) + (f" {square.left:.0f}" if square.left else ""))
        else:
            things[_short(square.item)] += 1
    free = sum(cell in reach for cell in view.layout.cells(Tile.POT)) - len(pots)
    lying = ", ".join(f"{count} {words}" if count > 1 else words for words, count in things.most_common(_MOST_THINGS))
    others = "; ".join(
        f"{_short(view.held(other))}, {_belief((partners or {}).get(other))}"
        for other in range(view.layout.cooks)
        if other != cook
    )
    left = view.duration - view.seconds
    return (
        f"Orders {_orders(view)}. Pots {', '.join([*pots, f'{free} free'])}. Lying {lying or 'nothing'}. "
        f"Hand {_short(view.held(cook))}. Partner {others or 'nothing'}."
        + (f" Ends {_rounded(left)}." if left < _END_IN_SIGHT else "")
    )


_MOST_THINGS = 4
"""Kinds of things lying about that are named: the most frequent ones."""
_END_IN_SIGHT = 40.0
"""Seconds before the end from which on it is mentioned."""


def _belief(belief: Belief | None) -> str:
    """What a partner is at and has done so far, such as `Chop Onion, did 3 Chop 1 Serve`."""
    if belief is None or (belief.idle and not belief.done):
        return "idle"
    doing = "idle" if belief.idle else "waits" if belief.doing is None else short_name(belief.doing)
    done = " ".join(f"{belief.done[verb]} {verb}" for verb in Verb if belief.done.get(verb))
    return f"{doing}, did {done or 'nothing'}"


def _rounded(seconds: float) -> int:
    return 5 * round(seconds / 5)


def _orders(view: HlaView) -> str:
    """Every order with its seconds and how far it is; the most urgent one has first claim on what there is."""
    stock, words = Stock(view), {}
    for number, order in sorted(enumerate(view.orders), key=lambda pair: pair[1].seconds_left):
        standing = stock.standing(order.recipe.foods)
        missing = "".join(f" {FOODS[food].lower()}" for food in standing.missing)
        words[number] = f"{order.recipe.name} {_rounded(order.seconds_left)} {standing.step}{missing}"
    return ", ".join(words[number] for number in range(len(words)))


def short_name(macro: Macro) -> str:
    """A macro action without the noun that goes without saying, such as `Cook Bob`."""
    return macro.name.removesuffix(" Soup").removesuffix(" Ingredients")


def agenda_in_short(agenda: Agenda) -> str:
    """The open demands in few tokens; `nothing` if there are none."""
    words = [str(each).replace(each.demand.macro.name, short_name(each.demand.macro)) for each in agenda.open]
    return ", ".join(words) or "nothing"


def options_in_short(legal: Iterable[Macro], here: Surroundings, letters: Mapping[Macro, str]) -> str:
    """What can be chosen: letter and name, the steps to where it begins, and `<` where a partner is nearer."""
    others = [Surroundings(here.view, other) for other in here.others]
    words = []
    for macro in legal:
        steps = 0 if in_hand(macro, here) and here.held.code else walk(macro, here)
        nearer = any(is_nearer(macro, there, here) for there in others)
        words.append(f"{letters[macro]} {short_name(macro)} {steps}{'<' if nearer else ''}")
    return ", ".join(words) or "nothing"


def _short(item: Item) -> str:
    """An item in one to three words; a mixture goes by the name of its soup."""
    if not item.code:
        return "nothing"
    if item.stage is None:
        return "plate" if item.plated else "extinguisher"
    recipe = BY_FOODS.get(item.foods)
    food = recipe.name if recipe is not None else item.food_names[0].lower()
    return f"{_STAGE_WORDS[item.stage]} {food}" + (" plated" if item.plated else "") + (" fire" if item.burning else "")


def _urgency(share_left: float) -> str:
    if share_left > 0.75:
        return "plenty of time"
    if share_left > 0.5:
        return "some time left"
    return "not much time" if share_left > 0.25 else "about to expire"


def orders_in_words(view: HlaView) -> str:
    """The open orders, with how urgent each is."""
    return ", ".join(f"{o.recipe.name} ({o.seconds_left:.0f} s, {_urgency(o.share_left)})" for o in view.orders)


def pots_in_words(view: HlaView) -> str:
    """What every pot holds."""
    words = []
    for cell in view.layout.cells(Tile.POT):
        square = next((s for s in view.squares if s.cell == cell), None)
        if square is None:
            words.append("an empty pot")
        elif square.item.stage is Stage.COOKING:
            words.append(f"{item_words(square.item)}, ready in {square.left:.0f} s")
        elif square.item.stage is Stage.COOKED:
            words.append(f"{item_words(square.item)}, burns in {square.left:.0f} s")
        else:
            words.append(item_words(square.item))
    return "; ".join(words)
