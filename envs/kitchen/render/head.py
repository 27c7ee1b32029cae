"""The strip above the kitchen: what is ordered and how long it can wait, the score and the clock."""

from __future__ import annotations

from collections.abc import Iterator

from brigade.envs.kitchen.render import food, palette
from brigade.envs.kitchen.render.outlines import sector, star
from brigade.envs.kitchen.render.shapes import Arc, Ellipse, Line, Polygon, Rect, Shape, Text
from brigade.envs.kitchen.view import KitchenView, OrderView

HEIGHT = 1.45
PANEL = 2.55
"""Width of the part with score and clock."""
CARD, GAP = 1.2, 0.1
"""Width of an order's card where there is room, and the distance between cards."""
MAX_CARDS = 8


def head(view: KitchenView, width: float) -> Iterator[Shape]:
    """The whole strip."""
    yield Rect(0, 0, width, HEIGHT - 0.1, palette.PAPER)
    yield from _cards(view.orders, width - PANEL - 0.15)
    yield from _panel(view, width - PANEL)


def _cards(orders: tuple[OrderView, ...], room: float) -> Iterator[Shape]:
    shown = orders if len(orders) <= MAX_CARDS else orders[: MAX_CARDS - 1]
    slots = max(1, min(len(orders), MAX_CARDS))
    width = min(CARD, room / slots - GAP)
    for slot, order in enumerate(shown):
        yield from order_card(0.15 + slot * (width + GAP), 0.12, width, order)
    if len(shown) < len(orders):
        x = 0.15 + len(shown) * (width + GAP) + width / 2
        yield Text(x, 0.66, f"+{len(orders) - len(shown)}", 0.34, palette.INK_SOFT, fit=width)


def order_card(x: float, y: float, width: float, order: OrderView) -> Iterator[Shape]:
    """What is wanted, of what it is made, and how much time is left."""
    centre, share = x + width / 2, order.share_left
    edge = palette.GOLD if order.bonus else palette.STEEL
    yield Rect(x + 0.02, y + 0.04, width, 1.12, palette.SHADOW, 0.12)
    yield Rect(x, y, width, 1.12, palette.WHITE, 0.12, edge)
    yield Text(centre, y + 0.17, order.name, 0.23, palette.INK, fit=width - 0.16)
    yield from ingredients(centre, y + 0.56, width - 0.14, order)
    if share is not None:
        colour = palette.GOOD if share > 0.5 else palette.WARN if share > 0.25 else palette.BAD
        room = width - 0.2
        yield Rect(x + 0.1, y + 0.93, room, 0.11, palette.CHINA_SHADE, 0.05)
        yield Rect(x + 0.1, y + 0.93, room * min(max(share, 0.0), 1.0), 0.11, colour, 0.05)
        if share <= 0.25:
            yield Text(x + width - 0.12, y + 0.17, "!", 0.26, palette.BAD)
    if order.bonus:
        yield Polygon(star(x + width - 0.09, y + 0.1, 0.2), palette.GOLD, palette.WOOD_DARK)


def ingredients(x: float, y: float, width: float, order: OrderView) -> Iterator[Shape]:
    """The foods of a dish above a bowl."""
    pieces = order.dish.pieces
    r = min(0.175, 0.46 * width / max(1, len(pieces)))
    bowl = min(0.4, width / 2)
    for i, kind in enumerate(pieces):
        yield from food.whole(x + (i - (len(pieces) - 1) / 2) * 2.0 * r, y - 0.06, kind, r)
    yield Polygon(sector(x, y + 0.1, bowl, 0.25, 0.75, 0.52), palette.CHINA, palette.STEEL_DARK)
    yield Rect(x - bowl, y + 0.08, 2 * bowl, 0.05, palette.STEEL, 0.02)


def _panel(view: KitchenView, x: float) -> Iterator[Shape]:
    yield Polygon(star(x + 0.25, 0.4, 0.25), palette.GOLD, palette.WOOD_DARK)
    yield Text(x + 0.58, 0.41, str(view.score), 0.5, palette.INK, "left", fit=0.85)
    tick = ((x + 0.13, 1.0), (x + 0.21, 1.08), (x + 0.36, 0.9))
    yield Line(tick, palette.GOOD, 0.07)
    yield Text(x + 0.46, 1.0, str(view.served), 0.27, palette.INK, "left", fit=0.3)
    for slope in (-1, 1):
        yield Line(((x + 0.82, 1.0 - 0.09 * slope), (x + 1.0, 1.0 + 0.09 * slope)), palette.BAD, 0.07)
    yield Text(x + 1.1, 1.0, str(view.missed), 0.27, palette.INK, "left", fit=0.3)
    yield from _clock(x + PANEL - 0.68, 0.68, view)


def _clock(x: float, y: float, view: KitchenView) -> Iterator[Shape]:
    left = max(0.0, view.duration - view.seconds)
    share = min(1.0, left / view.duration) if view.duration else 0.0
    yield Ellipse(x, y, 0.52, 0.52, palette.WHITE, palette.STEEL)
    yield Arc(x, y, 0.5, 1.0, palette.CHINA_SHADE, 0.11)
    yield Arc(x, y, 0.5, share, palette.BAD if share < 0.15 else palette.INK_SOFT, 0.11)
    yield Text(x, y - 0.03, f"{left:.0f}", 0.34, palette.INK, fit=0.62)
    yield Text(x, y + 0.22, "s left", 0.15, palette.INK_SOFT)
