"""Whether what is wanted can be done by this cook: now, after something else, only later, or never; and if not, why.

Knows the kitchen as it is and what each cook can reach; no models, and no demands but the one asked about. Time is
judged by the least that it can take, so that nothing is refused that might still be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from brigade.agents.hierarchy import wording as say
from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, can_begin
from brigade.agents.hierarchy.stock import Stock
from brigade.envs.kitchen import Tile
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FOODS, PLATE, code
from brigade.envs.kitchen.hla.layout import DISPENSERS
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from brigade.envs.kitchen.view import Stage


class Prospect(StrEnum):
    """What can become of a demand."""

    NOW = "now"
    SOON = "soon"
    """Something else comes first, and this cook can do it."""
    WAITING = "waiting"
    """Nothing can be done about it now: time, or a partner, must."""
    NEVER = "never"
    """It cannot be done by this cook in what is left of the episode."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can become of a macro action."""

    prospect: Prospect
    reason: str = ""
    """Why it cannot begin: a clause such as "the Bob soup is still cooking"."""
    remedy: str = ""
    """What would make it possible, such as "it is ready in 9 seconds"; empty if nothing would."""
    first: tuple[Macro, ...] = ()
    """What this cook can do towards it now."""

    def why(self) -> str:
        """Reason and remedy."""
        return "; ".join(part for part in (self.reason, self.remedy) if part)


Why = tuple[str, str]


def outlook(macro: Macro, here: Surroundings, *, pace: float | None = None, standing: bool = False) -> Outlook:
    """What can become of this macro action for this cook.

    Args:
        macro: what is wanted, once.
        here: the kitchen as the cook sees it.
        pace: turns a second; the layout's by default.
        standing: whether it is wanted from now on: then it may wait for a fire or for charred food to come.
    """
    never = impossible(macro, here, standing=standing) or _too_late(macro, here, pace)
    if never is not None:
        return Outlook(Prospect.NEVER, *never)
    if can_begin(macro, here).ok:
        return Outlook(Prospect.NOW)
    able, blocked = _chain(macro, here)
    reason, remedy = blocked[0] if blocked else _why_first(macro)
    if able:
        return Outlook(Prospect.SOON, reason, remedy, tuple(able))
    return Outlook(Prospect.WAITING, reason, remedy)


def _why_first(macro: Macro) -> Why:
    """Why a macro action has others before it that can all be done."""
    reasons = {
        Verb.PREPARE: "not everything for it is chopped",
        Verb.COOK: f"the {say.soup(macro.foods)} ingredients are not mixed yet",
        Verb.PLATE: "nobody has cooked it yet",
        Verb.SERVE: "it is not on a plate yet",
        Verb.DROP: "it is still on fire",
    }
    return reasons.get(macro.verb, ""), ""


def _chain(macro: Macro, here: Surroundings) -> tuple[list[Macro], list[Why]]:
    """What this cook can do towards a macro action, and what stands in the way of the rest."""
    able: list[Macro] = []
    blocked: list[Why] = []
    pending, seen = [macro], set[Macro]()
    while pending:
        each = pending.pop(0)
        if each in seen:
            continue
        seen.add(each)
        begin = can_begin(each, here)
        if begin.ok:
            able.append(each)
        elif begin.prerequisites:
            pending += begin.prerequisites
        else:
            blocked.append(_blocked(each, here))
    return able, blocked


def _blocked(macro: Macro, here: Surroundings) -> Why:
    """Why a macro action that has nothing before it cannot begin, and what would help."""
    view, name = here.view, say.soup(macro.foods) if macro.foods in BY_FOODS else ""
    match macro.verb:
        case Verb.CHOP:
            return _no_food(macro.foods, here)
        case Verb.COOK:
            pots = here.stations(Tile.POT)
            if not pots:
                return _out_of_reach("the pots", here), _ask(here, "cook it")
            left = min((s.left for s in view.squares if s.cell in pots and s.item.stage is Stage.COOKING), default=None)
            return (
                "every pot is full",
                f"one is ready in {say.seconds(left)}" if left is not None else "empty one first",
            )
        case Verb.PLATE:
            if not _plates_within(here):
                return _out_of_reach("the plates", here), _ask(here, "pass me a plate")
            left = min((s.left for s in view.squares if s.item.code == code(macro.foods, Stage.COOKING)), default=None)
            if left is not None:
                return f"the {name} soup is still cooking", f"it is ready in {say.seconds(left)}"
            return f"nobody has cooked {say.with_article(name)} soup", ""
        case Verb.SERVE:
            return _out_of_reach("the delivery", here), _ask(here, "serve it")
        case Verb.PUTOUT:
            if not here.fires:
                return "nothing is on fire", ""
            return _out_of_reach("the fire extinguisher", here), _ask(here, "pass me the extinguisher")
        case Verb.DROP:
            return "there is no plate within my reach to carry the charred food", _ask(here, "pass me a plate")
        case _:
            return "an ingredient is missing", ""


def partner(here: Surroundings) -> str:
    """What a partner is called: "you" if there is only one."""
    return "you" if len(here.others) == 1 else "somebody"


def _ask(here: Surroundings, what: str) -> str:
    """Ask a partner for something: "can you pass me a plate?" as a clause."""
    return f"I need {partner(here)} to {what}" if here.others else ""


def _out_of_reach(things: str, here: Surroundings) -> str:
    return f"I can't reach {things}"


def _plates_within(here: Surroundings) -> bool:
    return here.held.code == PLATE or bool(here.places(PLATE) or here.stations(Tile.PLATES))


def _dispenser(food: int) -> Tile:
    return next(tile for tile, bit in DISPENSERS.items() if bit == food)


def _no_food(food: int, here: Surroundings) -> Why:
    name = say.food(food)
    if not here.stations(Tile.BOARD):
        return _out_of_reach("a cutting board", here), _ask(here, f"chop {say.with_article(name)} and pass it to me")
    side = "your side" if len(here.others) == 1 else "the other side"
    return f"the {say.food(food, 2)} are on {side} of the counter", _ask(here, f"pass me {say.with_article(name)}")


def _suppliers(here: Surroundings, *tiles: Tile) -> bool:
    """Whether a partner who reaches squares of all these kinds shares a counter with this cook."""
    layout, counters = here.view.layout, here.stations(Tile.COUNTER)
    return any(
        all(not layout.reach[other].isdisjoint(layout.cells(tile)) for tile in tiles)
        and not layout.reach[other].isdisjoint(counters)
        for other in here.others
    )


def impossible(macro: Macro, here: Surroundings, *, standing: bool = False) -> Why | None:
    """Why this cook can never do this here, and who could; None if it can."""
    if can_begin(macro, here).ok:
        return None
    match macro.verb:
        case Verb.CHOP:
            return _never_chop(macro.foods, here)
        case Verb.PREPARE:
            return _off_menu(macro, here) or _never_mix(macro.foods, here)
        case Verb.COOK:
            missing = None if here.stations(Tile.POT) else (_out_of_reach("a pot", here), _ask(here, "cook it"))
            return _off_menu(macro, here) or missing or _never_mix(macro.foods, here)
        case Verb.PLATE:
            missing = None if here.stations(Tile.POT) else (_out_of_reach("the pots", here), _ask(here, "plate it"))
            return missing or _off_menu(macro, here) or _never_plate(here)
        case Verb.SERVE:
            return _never_serve(macro, here)
        case Verb.PUTOUT:
            return None if standing else _never_putout(here)
        case Verb.DROP:
            return None if standing else _never_drop(here)


def _never_chop(food: int, here: Surroundings) -> Why | None:
    name, tile = say.food(food), _dispenser(food)
    lies = any(s.item.code in (code(food, Stage.FRESH), code(food, Stage.CHOPPING)) for s in here.view.squares)
    if not here.view.layout.cells(tile) and not lies:
        return f"this kitchen has no {say.food(food, 2)}", ""
    if not here.stations(Tile.BOARD):
        return _out_of_reach("a cutting board", here), _ask(here, "chop here")
    if not here.stations(tile) and not _suppliers(here, tile) and not lies:
        return f"nobody can get {say.with_article(name)} to me", ""
    return None


def _never_mix(foods: int, here: Surroundings) -> Why | None:
    """Why the ingredients of a mixture can never come together here."""
    for food in FOODS:
        if not foods & food:
            continue
        made = any(
            item.stage is Stage.CHOPPED and item.foods & food and item.foods & foods == item.foods
            for item in (here.held, *here.items)
        )
        chopped_by_me = _never_chop(food, here)
        if made or chopped_by_me is None or _suppliers(here, _dispenser(food), Tile.BOARD):
            continue
        return chopped_by_me
    return None


def _off_menu(macro: Macro, here: Surroundings) -> Why | None:
    menu = here.view.layout.menu
    exists = any(item.foods == macro.foods and item.stage in _MADE for item in Stock(here.view).everything)
    if any(recipe.foods == macro.foods for recipe in menu) or exists:
        return None
    names = say.listed([recipe.name for recipe in menu])
    return f"{say.soup(macro.foods)} is not on the menu here", f"we make {names}"


_MADE = (Stage.COOKING, Stage.COOKED)


def _never_plate(here: Surroundings) -> Why | None:
    if _plates_within(here) or _suppliers(here, Tile.PLATES):
        return None
    return _out_of_reach("a plate", here), ""


def _never_serve(macro: Macro, here: Surroundings) -> Why | None:
    if not here.stations(Tile.DELIVERY):
        plated = code(macro.foods, Stage.COOKED, PLATE)
        if here.held.code == plated:
            return _out_of_reach("the delivery", here), _ask(here, "take the soup from the counter and serve it")
        return _out_of_reach("the delivery", here), _ask(here, "serve it")
    return _off_menu(macro, here)


def _never_putout(here: Surroundings) -> Why | None:
    if not here.fires:
        return "nothing is on fire", ""
    lies = any(s.item.code == EXTINGUISHER for s in here.view.squares)
    held = any(here.view.held(cook).code == EXTINGUISHER for cook in range(here.view.layout.cooks))
    if not lies and not held:
        return "there is no fire extinguisher", ""
    if not here.reachable_fires:
        return _out_of_reach("the fire", here), _ask(here, "put it out")
    return None


def _never_drop(here: Surroundings) -> Why | None:
    items = Stock(here.view).everything
    if any(item.stage is Stage.CHARRED for item in items):
        mine = [item for item in (here.held, *here.items) if item.stage is Stage.CHARRED]
        return None if mine else (_out_of_reach("the charred food", here), _ask(here, "bin it"))
    return "nothing is charred", ""


def _too_late(macro: Macro, here: Surroundings, pace: float | None) -> Why | None:
    view = here.view
    needed, left = least_seconds(macro, here, pace), view.duration - view.seconds
    if needed <= left:
        return None
    are = "is" if left < 2 else "are"
    return f"there {are} only {say.seconds(int(left))} left", f"it takes at least {say.at_least(needed)}"


def least_seconds(macro: Macro, here: Surroundings, pace: float | None = None) -> float:
    """The least time that this can take from now on, whoever helps: work at the squares and cooking, no walking."""
    view = here.view
    pace, timing = pace or view.layout.pace, view.layout.timing
    items = Stock(view).everything
    codes = {item.code & ~PLATE for item in items}

    def exists(stage: Stage) -> bool:
        return code(macro.foods, stage) in codes

    match macro.verb:
        case Verb.CHOP:
            return 2 / pace if exists(Stage.CHOPPING) else (timing.chops + 2) / pace
        case Verb.PREPARE | Verb.COOK:
            if exists(Stage.CHOPPED):
                return 1 / pace
            have = 0
            for item in items:
                have |= item.foods if item.stage in (Stage.CHOPPED, Stage.CHOPPING) else 0
            return 2 / pace if macro.foods & ~have == 0 else (timing.chops + 3) / pace
        case Verb.PLATE:
            if exists(Stage.COOKED):
                return 1 / pace
            cooking = [s.left for s in view.squares if s.item.code == code(macro.foods, Stage.COOKING)]
            if cooking:
                return min(cooking) + 1 / pace
            return least_seconds(Macro(Verb.COOK, macro.foods), here, pace) + timing.cooking + 1 / pace
        case Verb.SERVE:
            if any(item.code == code(macro.foods, Stage.COOKED, PLATE) for item in items):
                return 1 / pace
            return least_seconds(Macro(Verb.PLATE, macro.foods), here, pace) + 1 / pace
        case _:
            return 1 / pace
