"""A kitchen as text, for terminals and logs: two characters a square, colours by ANSI codes if wanted.

A cook is its number and what it holds, or else where it looks, if the rules know that; food is its letter, small while
fresh, capital once chopped or on the fire; a pot shows what it cooks.
"""

from __future__ import annotations

from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.view import ItemView, KitchenView, OrderView, Stage

_COLOURS = {"cook": "1;36", "food": "32", "cooking": "33", "cooked": "1;32", "fire": "1;31", "tile": "90"}

_ARROWS = {(0, -1): "^", (0, 1): "v", (1, 0): ">", (-1, 0): "<"}


def as_text(view: KitchenView, *, colour: bool = False) -> str:
    """The kitchen, its orders and its score."""
    layout = view.layout
    signs = {tile: sign for sign, tile in reversed(list(layout.characters.items()))}
    cooks = {cook.cell: (index, cook) for index, cook in enumerate(view.cooks)}
    lines = []
    for y in range(layout.height):
        row = []
        for x in range(layout.width):
            cell = layout.cell(x, y)
            if cell in cooks:
                index, cook = cooks[cell]
                looks = _ARROWS[cook.facing] if cook.facing is not None else " "
                row.append(_paint(f"{index + 1}{_letter(cook.item) or looks}", "cook", colour))
            else:
                row.append(_square(view, cell, signs[Tile(layout.tiles[cell])], colour))
        lines.append("".join(row).rstrip() if not colour else "".join(row))
    orders = "  ".join(map(_order, view.orders))
    head = (
        f"{view.seconds:6.1f} s   score {view.score}   served {view.served}   missed {view.missed}   orders: {orders}"
    )
    return "\n".join([head, *lines])


def _square(view: KitchenView, cell: int, sign: str, colour: bool) -> str:
    tile, item = Tile(view.layout.tiles[cell]), view.item(cell)
    if not item.name:
        return _paint(f"{sign} ", "tile", colour)
    style = "fire" if item.burning else "cooked" if item.stage is Stage.COOKED else "food"
    if item.stage is Stage.COOKING:
        style = "cooking"
    return _paint(f"{sign if tile in (Tile.POT, Tile.BOARD) else ' '}{_letter(item)}", style, colour)


def _letter(item: ItemView) -> str:
    """One character for an item: the initial of its food or soup, small while it is fresh."""
    if item.burning:
        return "!"
    if item.extinguisher:
        return "f"
    if not item.pieces:
        return "p" if item.plated else ""
    if item.stage is Stage.CHARRED:
        return "x"
    letter = (item.dish_name or item.pieces[0])[0].upper()
    return letter.lower() if item.stage in (Stage.FRESH, Stage.CHOPPING) else letter


def _order(order: OrderView) -> str:
    if order.seconds_left is not None:
        return f"{order.name} {order.seconds_left:.0f}s"
    return f"{order.name} (bonus)" if order.bonus else order.name


def _paint(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if colour else text
