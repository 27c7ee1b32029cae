"""Kitchens to learn in and to be tested in: the shipped maps, and variations of them.

A variation is a shipped map turned or mirrored, with stations moved about, another menu, another pace; which one is
fixed by its number. Training, validation and test have numbers and episode seeds of their own, so that no kitchen
variation and no order sequence is in two of them. Knows no agent but the script, which must be able to cook there.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from brigade.agents.hierarchy.executor import Executor
from brigade.agents.hierarchy.imagination import Player, play, turn_ticks
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaKitchen, LayoutError, load_layout, named_layouts, parse_layout
from brigade.envs.kitchen.hla import kernel
from brigade.envs.kitchen.hla.layout import HlaLayout

VARIATION = "variation-"
MIN_SERVED = 3
"""Orders that two scripts must serve in two episodes of a variation, or it is drawn again."""
SHARE_OF_VARIATIONS = 0.6
"""Of all episodes of a data set."""


@dataclass(frozen=True, slots=True)
class Split:
    """A part of the data: its own kitchens and its own orders."""

    name: str
    first_variation: int
    variations: int
    first_seed: int

    def kitchen(self, episode: int) -> tuple[str, int]:
        """The map and the seed of one of its episodes."""
        generator = random.Random(f"{self.name} {episode}")
        if generator.random() < SHARE_OF_VARIATIONS:
            name = f"{VARIATION}{self.first_variation + generator.randrange(self.variations)}"
        else:
            name = generator.choice(named_layouts("hla"))
        return name, self.first_seed + episode


TRAIN = Split("train", 0, 400, 2_000_000)
VALIDATION = Split("validation", 10_000, 24, 3_000_000)
TEST = Split("test", 20_000, 24, 4_000_000)
SPLITS = (TRAIN, VALIDATION, TEST)
HELD_OUT = tuple(f"{VARIATION}{TEST.first_variation + number}" for number in range(4))
"""Kitchens for whole episodes that no training has seen."""


def kitchen_named(name: str) -> HlaLayout:
    """The map of this name, from a file, or the variation of this number.

    Raises:
        LayoutError: there is none.
    """
    if name.startswith(VARIATION) and name.removeprefix(VARIATION).isdigit():
        return variation(int(name.removeprefix(VARIATION)))
    layout = load_layout(name)
    if not isinstance(layout, HlaLayout):
        raise LayoutError(f"{name}: macro actions need a layout of the rule book hla, not of {layout.rules}")
    return layout


def as_file(name: str, folder: Path) -> str:
    """What `load_layout` reads this kitchen by: its name, or for a variation a file made in this folder."""
    if not name.startswith(VARIATION):
        return name
    file = folder / f"{name}.yaml"
    file.write_text(json.dumps(kitchen_named(name).source_text(), indent=2), encoding="utf-8")
    return str(file)


@lru_cache(maxsize=512)
def variation(number: int) -> HlaLayout:
    """The variation of this number; every number has one."""
    generator = random.Random(f"variation {number}")
    while True:
        try:
            layout = _draw(number, generator)
        except LayoutError:
            continue
        if _served_by_scripts(layout) >= MIN_SERVED:
            return layout


def _draw(number: int, generator: random.Random) -> HlaLayout:
    base = kitchen_named(generator.choice(named_layouts("hla")))
    grid = [list(row) for row in base.grid.splitlines()]
    _move_stations(grid, generator)
    if generator.random() < 0.5:
        grid = [row[::-1] for row in grid]
    if generator.random() < 0.5:
        grid = grid[::-1]
    if generator.random() < 0.5:
        grid = [list(column) for column in zip(*grid, strict=True)]
    rows = ["".join(row) for row in grid]
    if generator.random() < 0.5:
        rows = [row.translate(str.maketrans("12", "21")) for row in rows]
    menu = [recipe.name for recipe in base.menu]
    data = base.source_text() | {
        "name": f"{VARIATION}{number}",
        "grid": "".join(row + "\n" for row in rows),
        "recipes": generator.sample(menu, generator.randint(2, len(menu))),
        "pace": generator.choice((2.5, 2.5, 3.0, 3.5)),
        "orders": generator.choice((3, 3, 4)),
    }
    layout = parse_layout(json.dumps(data), source=data["name"])
    assert isinstance(layout, HlaLayout)
    return layout


def _move_stations(grid: list[list[str]], generator: random.Random) -> None:
    """Swap some squares that are neither floor nor start, in place."""
    squares = [(y, x) for y, row in enumerate(grid) for x, sign in enumerate(row) if sign not in " 1234"]
    for _ in range(generator.choice((2, 4, 8))):
        (y, x), (v, u) = generator.sample(squares, 2)
        grid[y][x], grid[v][u] = grid[v][u], grid[y][x]


def _served_by_scripts(layout: HlaLayout) -> int:
    served = 0
    for seed in range(2):
        kitchen = HlaKitchen(layout)
        kitchen.reset(seed)
        players = [Player(Executor(cook), ScriptPlanner(cook, layout.pace)) for cook in range(layout.cooks)]
        rules = kitchen.rules
        play(rules, kitchen.state, players, turn_ticks(layout.pace, rules.tick_seconds, rules.horizon))
        served += int(kitchen.state.vector[kernel.SERVED])
    return served
