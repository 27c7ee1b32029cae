"""What a lobby offers, and what people ask of it: maps, partners, models, length and pace, checked.

A map is one that comes with Brigade, a generated one, or a layout that somebody uploads as text; never a file of the
server's.
"""

from __future__ import annotations

import importlib.util
import re
import secrets
from functools import lru_cache
from typing import Any

from brigade.agents.sessions.play.frames import kitchen, shapes_of
from brigade.agents.sessions.play.game import AGENTS, AWAY, MAX_DURATION, MAX_PACE, MIN_DURATION, PERSON, GameSpec
from brigade.agents.sessions.play.shelf import MindShelf
from brigade.envs.kitchen import RULE_BOOKS, Kitchen, Layout, LayoutError, load_layout, named_layouts, parse_layout
from brigade.envs.kitchen.render.sprites import dish, people
from pydantic import BaseModel, ConfigDict, Field

MAX_LAYOUT = 8_000
"""Characters of the longest layout that may be uploaded."""
MAX_SQUARES = 400
"""Squares of the largest kitchen that may be uploaded: 20 by 20."""
GENERATED = re.compile(r"generated:\d{1,9}:(0|1|0\.\d{1,3})")
DIFFICULTIES = {"easy": 0.2, "middling": 0.5, "hard": 0.8}
LENGTHS = (60, 100, 180, 300)
_GENERATOR = "brigade.envs.kitchen.authoring"


class NewGame(BaseModel):
    """What somebody wants to play."""

    model_config = ConfigDict(extra="forbid", strict=True)

    map: str = Field(default="ring", max_length=60)
    layout: str | None = Field(default=None, max_length=MAX_LAYOUT)
    """An uploaded layout, in place of the map."""
    partner: str = "script"
    slow: str | None = None
    fast: str | None = None
    duration: float = Field(default=100.0, ge=MIN_DURATION, le=MAX_DURATION)
    pace: float | None = Field(default=None, ge=0.2, le=MAX_PACE)
    away: str = "script"
    pause_typing: bool = False
    seed: int | None = Field(default=None, ge=0, lt=2**31)


def lobby(shelf: MindShelf) -> dict[str, Any]:
    """Everything that can be chosen, and what is chosen to begin with."""
    books = {rules: [_offered(name) for name in named_layouts(rules)] for rules in RULE_BOOKS}
    return {
        "rules": [{"name": rules, "maps": maps, "agents": rules == "hla"} for rules, maps in books.items()],
        "generated": DIFFICULTIES if importlib.util.find_spec(_GENERATOR) else {},
        "partners": [{"kind": kind, "words": words} for kind, words in {**AGENTS, PERSON: "another person"}.items()],
        "slow": shelf.slow,
        "fast": shelf.fast,
        "lengths": LENGTHS,
        "away": AWAY,
        "art": art(),
        "layout": {"characters": MAX_LAYOUT, "squares": MAX_SQUARES},
    }


def game_of(wish: NewGame, shelf: MindShelf) -> GameSpec:
    """The game that somebody wants.

    Raises:
        ValueError: it cannot be played; one clear line.
    """
    layout = read_layout(wish.layout) if wish.layout is not None else map_of(wish.map)
    slow, fast = wish.slow or shelf.slow[0], wish.fast or shelf.fast[0]
    shelf.check(slow, fast)
    pace = wish.pace or min(float(getattr(layout, "pace", 2.5)), MAX_PACE)
    return GameSpec(
        layout=layout,
        seats=(PERSON, *[wish.partner] * (layout.cooks - 1)),
        seed=secrets.randbelow(2**31) if wish.seed is None else wish.seed,
        duration=wish.duration,
        pace=pace,
        away=wish.away,
        pause_typing=wish.pause_typing,
        slow=slow,
        fast=fast,
    )


def map_of(name: str) -> Layout:
    """The map of this name, which comes with Brigade or is generated.

    Raises:
        LayoutError: there is none.
    """
    if name in named_layouts() or GENERATED.fullmatch(name):
        return load_layout(name)
    raise LayoutError(f"no map called {name!r} (maps: {', '.join(named_layouts())})")


def read_layout(text: str) -> Layout:
    """The layout in a text that somebody uploaded.

    Raises:
        LayoutError: it holds no kitchen that can be cooked in, or one that is too large.
    """
    if len(text) > MAX_LAYOUT:
        raise LayoutError(f"your layout has {len(text)} characters; at most {MAX_LAYOUT} are read")
    layout = parse_layout(text, source="your layout")
    if layout.width * layout.height > MAX_SQUARES:
        size = f"{layout.width}x{layout.height}"
        raise LayoutError(f"your layout has {size} squares; at most {MAX_SQUARES} fit on a screen")
    return layout


def preview(layout: Layout) -> dict[str, Any]:
    """A layout as a lobby shows it."""
    return {
        "name": layout.name,
        "rules": layout.rules,
        "cooks": layout.cooks,
        "duration": getattr(layout, "duration", 100.0),
        "pace": getattr(layout, "pace", 2.5),
        "kitchen": kitchen(layout),
    }


@lru_cache(maxsize=1)
def art() -> list[list[dict[str, Any]]]:
    """Two cooks and a dish, each around its own origin."""
    view = Kitchen("ring").reset(0)
    return [shapes_of(sprite) for sprite in (*people(view), dish(view.orders[0]))]


def _offered(name: str) -> dict[str, Any]:
    return preview(load_layout(name))
