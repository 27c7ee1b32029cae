"""Layouts of the HLA rule book: what can be ordered, how long things take.

name: ring
recipes: [Bob, Alice, Cathy, David]
orders: 3               # open at a time
duration: 100           # seconds
pace: 2.5               # actions a second that an agent makes
timing: {cooking: 15}   # any of Timing's fields
grid: |
  -LLTTOO-
  -1   2 -
  ...
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from brigade.envs.kitchen.hla.items import FOODS, LETTUCE, ONION, TOMATO
from brigade.envs.kitchen.hla.recipes import RECIPES, Recipe, recipe_of
from brigade.envs.kitchen.plan import Layout, LayoutError, Origin, Tile, check_stations, read_grid
from pydantic import BaseModel, ConfigDict, Field

DISPENSERS = {Tile.TOMATOES: TOMATO, Tile.LETTUCES: LETTUCE, Tile.ONIONS: ONION}
"""Dispenser tile -> the food bit that it gives."""


@dataclass(frozen=True)
class Timing:
    """How long things take, in seconds unless said otherwise; the published testbed's values."""

    cooking: float = 15
    """From a full pot to a soup."""
    burning: float = 25
    """From a cooked soup to charred food on fire."""
    putting_out: float = 5
    """Work of the extinguisher that a full fire needs."""
    regrowth_gap: float = 1
    """How long one spray works; without another one the fire grows again."""
    chops: int = 8
    """Bumps after the one that puts food on the board."""
    expiry_penalty: int = 5
    """Points lost when an order's deadline passes."""


@dataclass(frozen=True)
class HlaLayout(Layout):
    """A kitchen for the HLA rule book."""

    rules: ClassVar[str] = "hla"
    characters: ClassVar[dict[str, Tile]] = {
        " ": Tile.FLOOR,
        "-": Tile.COUNTER,
        "f": Tile.COUNTER,  # a counter with the extinguisher on it
        "/": Tile.BOARD,
        "U": Tile.POT,
        "*": Tile.DELIVERY,
        "B": Tile.BIN,
        "P": Tile.PLATES,
        "T": Tile.TOMATOES,
        "L": Tile.LETTUCES,
        "O": Tile.ONIONS,
    }
    max_cooks: ClassVar[int] = 4

    menu: tuple[Recipe, ...]
    """What can be ordered."""
    orders: int = 3
    """Orders open at a time."""
    duration: float = 100
    """Seconds of an episode."""
    pace: float = 2.5
    """Actions a second that an agent makes."""
    timing: Timing = field(default_factory=Timing)

    @cached_property
    def extinguishers(self) -> tuple[int, ...]:
        """Counters on which an extinguisher lies at the start."""
        return tuple(cell for cell, c in enumerate("".join(self.rows)) if c == "f")

    def source_text(self) -> dict[str, Any]:
        """See Layout.source_text."""
        return {
            "name": self.name,
            "rules": self.rules,
            "recipes": [recipe.name for recipe in self.menu],
            "orders": self.orders,
            "duration": self.duration,
            "pace": self.pace,
            "timing": {f.name: getattr(self.timing, f.name) for f in fields(Timing)},
            "grid": self.grid,
        }


class _TimingFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cooking: float = Field(default=15, gt=0, le=2000)
    burning: float = Field(default=25, gt=0, le=2000)
    putting_out: float = Field(default=5, gt=0, le=2000)
    regrowth_gap: float = Field(default=1, gt=0, le=2000)
    chops: int = Field(default=8, ge=1, le=1000)
    expiry_penalty: int = Field(default=5, ge=0, le=1_000_000)


class HlaLayoutFile(BaseModel):
    """What a layout file of the HLA rule book may hold."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100)
    grid: str
    rules: str = HlaLayout.rules
    recipes: list[str] = Field(default_factory=lambda: [recipe.name for recipe in RECIPES], min_length=1)
    orders: int = Field(default=3, ge=1, le=20)
    duration: float = Field(default=100, gt=0, le=86_400)
    pace: float = Field(default=2.5, gt=0, le=1000)
    timing: _TimingFile = Field(default_factory=lambda: _TimingFile())

    def layout(self, origin: Origin) -> HlaLayout:
        """The layout that the file describes.

        Raises:
            LayoutError: it cannot be cooked in.
        """
        try:
            menu = tuple(dict.fromkeys(recipe_of(name) for name in self.recipes))
        except ValueError as error:
            raise LayoutError(f"{origin.at('recipes')}: {error}") from None
        rows, starts = read_grid(self.grid, HlaLayout, origin)
        layout = HlaLayout(
            name=self.name or Path(origin.source).stem,
            rows=rows,
            starts=starts,
            menu=menu,
            orders=self.orders,
            duration=self.duration,
            pace=self.pace,
            timing=Timing(**self.timing.model_dump()),
            source=origin.source,
            first_line=origin.first_row,
        )
        needed = dict.fromkeys((Tile.BOARD, Tile.POT, Tile.PLATES, Tile.DELIVERY), "")
        for tile, food in DISPENSERS.items():
            if any(recipe.foods & food for recipe in menu):
                needed[tile] = f"the recipes need for {FOODS[food].lower()}"
        check_stations(layout, needed, origin)
        return layout
