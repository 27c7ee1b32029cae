"""Answers to questions about the kitchen: pots, orders, food, places, time. True sentences drawn from the state."""

from __future__ import annotations

from collections import Counter

from brigade.agents.hierarchy import wording as say
from brigade.agents.hierarchy.executor import Verb
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind.questions import Question
from brigade.agents.hierarchy.stock import Step, Stock
from brigade.envs.kitchen import Layout, Tile
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FOODS, PLATE, Item, code
from brigade.envs.kitchen.hla.layout import DISPENSERS
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from brigade.envs.kitchen.view import Stage

NEXT_STEP = {
    Step.PLATED: "is plated and only has to be served",
    Step.COOKED: "is cooked and has to be plated",
    Step.COOKING: "is cooking",
    Step.MIXED: "is mixed and has to go into a pot",
    Step.PIECES: "has its pieces and has to be mixed",
}


def orders(question: Question, s: Situation) -> str:
    """Every open order, the most urgent first; whether the soups named are ordered."""
    asked = [foods for foods in question.soups if foods in BY_FOODS]
    if asked and any(order.recipe.foods in asked for order in s.view.orders):
        return f"Yes, {order_time(question, s)}"
    listed = sorted(s.view.orders, key=lambda order: order.seconds_left)
    if not listed:
        return "There is no open order"
    all_of_them = say.listed([f"{o.name} ({say.seconds(o.seconds_left)} left)" for o in listed])
    return f"{_nobody_ordered(asked[0])}; the orders are {all_of_them}" if asked else f"The orders are {all_of_them}"


def first(_: Question, s: Situation) -> str:
    """The most urgent order and its next step."""
    listed = sorted(s.view.orders, key=lambda order: order.seconds_left)
    if not listed:
        return "There is no open order"
    order = listed[0]
    step = _step(order.recipe.foods, Stock(s.view))
    return f"{order.name} is the most urgent, with {say.seconds(order.seconds_left)} left; it {step}"


def _step(foods: int, stock: Stock) -> str:
    standing = stock.standing(foods)
    if standing.step in NEXT_STEP:
        return NEXT_STEP[standing.step]
    return f"still needs chopped {say.listed([say.food(food) for food in standing.missing])}"


def order_time(question: Question, s: Situation) -> str:
    """How long the orders named, or all, last."""
    asked = [order for order in s.view.orders if order.recipe.foods in question.soups]
    if question.soups and not asked:
        return f"{_nobody_ordered(question.soups[0])}"
    listed = sorted(asked or s.view.orders, key=lambda order: order.seconds_left)
    if not listed:
        return "There is no open order"
    return say.listed([f"{order.name} has {say.seconds(order.seconds_left)} left" for order in listed])


def _nobody_ordered(foods: int) -> str:
    return f"Nobody has ordered {say.soup(foods)} right now"


def score(question: Question, s: Situation) -> str:
    """Points, served and missed orders; what the soups named are worth."""
    view = s.view
    if question.soups:
        worth = [BY_FOODS[foods] for foods in question.soups]
        return say.listed([f"{each.name} is worth {each.bonus} points" for each in worth])
    points = f"{view.score} point{'' if abs(view.score) == 1 else 's'}"
    served = say.counted(view.served, "order")
    missed = f"{say.number(view.missed)} missed" if view.missed else "none missed"
    return f"We have {points}: {served} served, {missed}"


def time_left(_: Question, s: Situation) -> str:
    """Seconds until the end."""
    return f"There {'is' if round(s.seconds_left) <= 1 else 'are'} {say.seconds(s.seconds_left)} left"


def recipe(question: Question, s: Situation) -> str:
    """What the soups named, or all on the menu, are made of."""
    wanted = [BY_FOODS[foods] for foods in question.soups] or list(s.view.layout.menu)
    made = say.listed([f"{each.name} needs {say.foods(each.foods)}" for each in wanted])
    return f"{made}; chop them, mix them and cook the mix" if len(wanted) == 1 else made


def howto(question: Question, s: Situation) -> str:
    """How something is done here, and how long it takes."""
    timing = s.view.layout.timing
    ways = {
        Verb.CHOP: f"Put a fresh piece on a cutting board and bump the board {timing.chops} more times",
        Verb.PREPARE: "Chop the pieces, then carry one to the other: they make a mix",
        Verb.COOK: f"Chop the pieces, mix them and put the mix into an empty pot; it cooks {timing.cooking:g} seconds",
        Verb.PLATE: "Carry a clean plate to the pot once its soup is cooked",
        Verb.SERVE: "Carry the soup on its plate to the delivery",
        Verb.PUTOUT: "Carry the extinguisher to the burning pot and bump it until the fire is out",
        Verb.DROP: "Carry a plate to the pot with the charred food, and that to a bin",
    }
    everything = "Chop, mix and cook what the orders need, then plate and serve it before its time is up"
    return ways[question.verbs[0]] if question.verbs else everything


def menu(_: Question, s: Situation) -> str:
    """What can be ordered here."""
    return f"We make {say.listed([f'{each.name} ({say.foods(each.foods)})' for each in s.view.layout.menu])}"


def pots(_: Question, s: Situation) -> str:
    """What every pot holds."""
    view, cells = s.view, s.view.layout.cells(Tile.POT)
    full = [square for square in view.squares if square.tile == Tile.POT]
    said = [_pot(square.item, square.left) for square in full]
    free = len(cells) - len(full)
    if free == len(cells):
        return "The pots are all empty" if free > 1 else "The pot is empty"
    if free:
        said.append(f"{say.counted(free, 'pot')} {'is' if free == 1 else 'are'} empty")
    return "; ".join(said)


def _pot(item: Item, left: float) -> str:
    name = f"{say.soup(item.foods)} soup" if item.foods in BY_FOODS else say.foods(item.foods)
    if item.burning:
        return f"a pot with {name} is on fire"
    match item.stage:
        case Stage.COOKING:
            return f"{name} is cooking, ready in {say.seconds(left)}"
        case Stage.COOKED:
            return f"{name} is cooked and burns in {say.seconds(left)}"
        case _:
            return f"{name} is charred in its pot"


def fire(_: Question, s: Situation) -> str:
    """What is on fire, or what would be next."""
    burning = [square for square in s.view.squares if square.item.burning]
    if burning:
        where = place(s.view.layout, burning[0].cell)
        return f"Yes, {say.counted(len(burning), 'pot')} {'is' if len(burning) == 1 else 'are'} on fire, {where}"
    soups = [x for x in s.view.squares if x.tile == Tile.POT and x.item.stage is Stage.COOKED]
    if not soups:
        return "No, nothing is on fire"
    soonest = min(soups, key=lambda square: square.left)
    return f"No, nothing is on fire; the {say.soup(soonest.item.foods)} burns in {say.seconds(soonest.left)}"


def charred(_: Question, s: Situation) -> str:
    """What is burnt."""
    found = [item for item in Stock(s.view).everything if item.stage is Stage.CHARRED]
    if not found:
        return "No, nothing is charred"
    names = say.listed([say.soup(item.foods) for item in found])
    return f"Yes, charred: {names}"


def plates(question: Question, s: Situation) -> str:
    """Clean plates that lie about, and where more are."""
    lying = sum(square.item.code == PLATE for square in s.view.squares)
    full = sum(item.plated and item.stage is Stage.COOKED for item in Stock(s.view).everything)
    stack = where_is_tile(Tile.PLATES, s)
    more = (
        f"{say.counted(lying, 'clean plate')} lie{'s' if lying == 1 else ''} about" if lying else "no plate lies about"
    )
    soups = f"; {say.counted(full, 'soup')} {'is' if full == 1 else 'are'} on a plate" if full else ""
    return f"{stack}; {more}{soups}"


def chopped(question: Question, s: Situation) -> str:
    """How many pieces of the foods named, or of all, are chopped; in mixtures counted apart."""
    everything = Stock(s.view).everything
    return say.listed([_chopped_of(food, everything) for food in question.foods or tuple(FOODS)])


def _chopped_of(food: int, everything: list[Item]) -> str:
    single = sum(item.stage is Stage.CHOPPED and item.foods == food for item in everything)
    mixed = sum(item.stage is Stage.CHOPPED and bool(item.foods & food) and item.foods != food for item in everything)
    begun = sum(item.stage is Stage.CHOPPING and item.foods == food for item in everything)
    words = f"{say.number(single)} chopped {say.food(food, single)}"
    if mixed:
        words += f", {say.number(mixed)} more in a mix"
    if begun:
        words += f", {say.number(begun)} being chopped"
    return ("there is " if single == 1 else "there are ") + words


def soup(question: Question, s: Situation) -> str:
    """How far each soup named, or everything that cooks, is."""
    if not question.soups:
        return _any_soup(s)
    return "; ".join(_soup(foods, s) for foods in question.soups)


def _any_soup(s: Situation) -> str:
    there = {item.foods for item in Stock(s.view).everything if item.stage in _SOUP_STAGES}
    if not there:
        return "No soup is cooking or cooked right now"
    return "; ".join(_soup(foods, s) for foods in sorted(there))


_SOUP_STAGES = (Stage.COOKING, Stage.COOKED)


def _soup(foods: int, s: Situation) -> str:
    name, view = say.soup(foods), s.view
    items = Stock(view).everything
    said = []
    plated = sum(item.code == code(foods, Stage.COOKED, PLATE) for item in items)
    if plated:
        said.append(f"{say.counted(plated, f'{name} soup')} {'is' if plated == 1 else 'are'} on a plate")
    said += [_pot(each.item, each.left) for each in view.squares if each.tile == Tile.POT and each.item.foods == foods]
    mixed = sum(item.code & ~PLATE == code(foods, Stage.CHOPPED) for item in items)
    if not said and mixed:
        said.append(f"the {name} mix is ready for a pot")
    if not said:
        missing = Stock(view).claim_pieces(foods)
        needs = say.listed([say.food(food) for food in missing])
        rest = f"it still needs chopped {needs}" if missing else "its pieces are there or being chopped"
        said.append(f"no {name} soup is cooking yet; {rest}")
    return "; ".join(said)


# Places


def place(layout: Layout, cell: int) -> str:
    """Where a cell is in the kitchen, as one sees it on a screen: "at the top left"."""
    x, y = layout.xy(cell)
    across = "left" if 3 * x < layout.width - 1 else "right" if 3 * x > 2 * (layout.width - 1) else ""
    down = "top" if 3 * y < layout.height - 1 else "bottom" if 3 * y > 2 * (layout.height - 1) else ""
    if down:
        return f"at the {down}{' ' + across if across else ''}"
    return f"on the {across}" if across else "in the middle"


def _reachers(cells: tuple[int, ...], s: Situation) -> str:
    """Who can get there, where it is not everybody."""
    reach = s.view.layout.reach
    me = any(cell in reach[s.cook] for cell in cells)
    others = any(cell in reach[other] for other in s.here.others for cell in cells)
    if me and others:
        return ""
    if me:
        return ", on my side"
    return (", on your side" if s.partner is not None else ", out of my reach") if others else ", out of reach"


STATIONS: tuple[tuple[str, Tile, str], ...] = (
    ("board", Tile.BOARD, "cutting board"),
    ("plate", Tile.PLATES, "stack of plates"),
    ("dish", Tile.PLATES, "stack of plates"),
    ("pot", Tile.POT, "pot"),
    ("stove", Tile.POT, "pot"),
    ("bin", Tile.BIN, "bin"),
    ("trash", Tile.BIN, "bin"),
    ("deliver", Tile.DELIVERY, "delivery"),
    ("serv", Tile.DELIVERY, "delivery"),
    ("window", Tile.DELIVERY, "delivery"),
    ("hatch", Tile.DELIVERY, "delivery"),
    ("customer", Tile.DELIVERY, "delivery"),
)
"""Beginnings of words, and the square that is meant."""


def where_is_tile(tile: Tile, s: Situation) -> str:
    """Where the squares of a kind are, as a clause."""
    name = next((noun for _, kind, noun in STATIONS if kind is tile), "")
    cells = s.view.layout.cells(tile)
    if not cells:
        return f"there is no {name} here"
    spots = list(dict.fromkeys(f"{place(s.view.layout, cell)}{_reachers((cell,), s)}" for cell in cells))
    several = len(cells) > 1 and tile is not Tile.DELIVERY
    plural = name.replace("stack of", "stacks of") if name.startswith("stack") else name + "s"
    return f"the {plural if several else name} {'are' if several else 'is'} {say.listed(spots[:3])}"


def where(question: Question, s: Situation) -> str:
    """Where the things named are."""
    text = question.text
    if "extinguisher" in text:
        return _where_items("the fire extinguisher", [EXTINGUISHER], s) or "the fire extinguisher is nowhere to be seen"
    if " fire" in text or "burning" in text:
        return fire(question, s)
    if question.soups:
        return "; ".join(_where_soup(foods, s) for foods in question.soups)
    station = next((tile for start, tile, _ in STATIONS if any(w.startswith(start) for w in text.split())), None)
    if station is not None and not question.foods:
        return where_is_tile(station, s)
    if question.foods:
        return "; ".join(_where_food(food, s, chopped="chop" in text or "cut" in text) for food in question.foods)
    if " i " in f" {text} " and s.partner is not None:
        return f"You're {place(s.view.layout, s.view.position(s.partner))}"
    if " you " in f" {text} ":
        return f"I'm {place(s.view.layout, s.here.position)}"
    if "soup" in text:
        return _any_soup(s)
    return f"I don't know what you look for. {say.sentence(lying(s))}"


def _where_food(food: int, s: Situation, *, chopped: bool) -> str:
    pieces = _where_items(f"chopped {say.food(food)}", [code(food, Stage.CHOPPED), code(food, Stage.CHOPPED, PLATE)], s)
    if chopped:
        return pieces or f"there are no chopped {say.food(food, 2)}"
    tile = next(tile for tile, bit in DISPENSERS.items() if bit == food)
    cells = s.view.layout.cells(tile)
    if not cells:
        return pieces or f"there are no {say.food(food, 2)} here"
    fresh = f"the fresh {say.food(food, 2)} are {place(s.view.layout, cells[0])}{_reachers(cells, s)}"
    return f"{fresh}; {pieces}" if pieces else fresh


def _where_soup(foods: int, s: Situation) -> str:
    codes = [
        code(foods, stage, plate) for stage in (Stage.COOKING, Stage.COOKED, Stage.CHARRED) for plate in (0, PLATE)
    ]
    found = _where_items(f"{say.soup(foods)} soup", codes, s)
    if found:
        return found
    mix = _where_items(f"{say.soup(foods)} mix", [code(foods, Stage.CHOPPED), code(foods, Stage.CHOPPED, PLATE)], s)
    return mix or f"there is no {say.soup(foods)} soup yet"


def _where_items(name: str, codes: list[int], s: Situation) -> str:
    """Where things with these codes are, in hands too; empty if nowhere."""
    spots = []
    if s.here.held.code in codes:
        spots.append("in my hands")
    theirs = "in your hands" if s.partner is not None else "in another cook's hands"
    spots += [theirs for other in s.here.others if s.view.held(other).code in codes]
    for square in s.view.squares:
        if square.item.code in codes:
            what = {Tile.POT: "in a pot", Tile.BOARD: "on a board"}.get(square.tile, "on a counter")
            spots.append(f"{what} {place(s.view.layout, square.cell)}{_reachers((square.cell,), s)}")
    if not spots:
        return ""
    several = Counter(spots)
    parts = [spot if count == 1 else f"{spot} ({say.number(count)})" for spot, count in several.items()]
    article = "" if name.startswith("the ") else "there is "
    return f"{article}{name}{' is' if not article else ''} {say.listed(parts[:4])}"


def lying(s: Situation) -> str:
    """What lies about, by kind."""
    things = Counter(
        say.item(square.item)
        for square in s.view.squares
        if square.tile != Tile.POT and square.item.code != EXTINGUISHER
    )
    if not things:
        return "Nothing lies about"
    parts = [what if count == 1 else f"{what} ({say.number(count)} of them)" for what, count in things.most_common(4)]
    return f"What lies about: {say.listed(parts)}"


def who_holds(s: Situation) -> str:
    """What every other cook holds."""
    return say.listed(
        [f"cook {other + 1} holds {say.item(s.view.held(other))}" for other in s.here.others] or ["nobody else is here"]
    )


def reach(question: Question, s: Situation) -> str:
    """Who can reach the squares named, or all that one of two cooks alone can reach."""
    text = question.text
    tiles = [tile for start, tile, _ in STATIONS if any(word.startswith(start) for word in text.split())]
    tiles += [tile for tile, bit in DISPENSERS.items() if bit in question.foods]
    if not tiles:
        return _sides(s)
    return "; ".join(_who_reaches(tile, s) for tile in dict.fromkeys(tiles))


_NAMES = {tile: noun for _, tile, noun in STATIONS} | {
    tile: f"crate of {say.food(bit, 2)}" for tile, bit in DISPENSERS.items()
}


def _who_reaches(tile: Tile, s: Situation) -> str:
    layout, name = s.view.layout, _NAMES[tile]
    cells = layout.cells(tile)
    me = any(cell in layout.reach[s.cook] for cell in cells)
    others = any(cell in layout.reach[other] for other in s.here.others for cell in cells)
    them = "you" if s.partner is not None else "others"
    if me and others:
        return f"both of us can reach a {name}" if s.partner is not None else f"I can reach a {name}, and others too"
    if me:
        return f"only I can reach a {name}" if s.here.others else f"I can reach a {name}"
    return f"only {them} can reach a {name}, not me" if others else f"nobody can reach a {name}"


def _sides(s: Situation) -> str:
    layout = s.view.layout
    mine, theirs = [], []
    for tile, name in _NAMES.items():
        cells = layout.cells(tile)
        me = any(cell in layout.reach[s.cook] for cell in cells)
        others = any(cell in layout.reach[other] for other in s.here.others for cell in cells)
        if me and not others:
            mine.append(name)
        elif others and not me:
            theirs.append(name)
    if not mine and not theirs:
        return "We can both reach everything" if s.partner is not None else "Everything is within my reach"
    parts = [f"only I can reach: {say.listed(mine)}"] if mine else []
    parts += [f"only {'you' if s.partner is not None else 'others'} can reach: {say.listed(theirs)}"] if theirs else []
    return "; ".join(parts)
