"""A kitchen's plan: the squares, where the cooks start, what can be ordered, how long things take.

Layouts are YAML files that people write by hand; `layouts/` holds the four published maps as examples:

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

In the grid a digit is the start of that cook and a space is floor; every other square is a `Tile`.
Knows nothing of what happens in a kitchen: that is the rule book's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from brigade.envs.kitchen.items import FOODS, LETTUCE, ONION, TOMATO
from brigade.envs.kitchen.recipes import RECIPES, Recipe, recipe_of
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_SIDE = 32
"""Squares along the longer side of the largest kitchen."""
MAX_COOKS = 4


class LayoutError(ValueError):
    """A layout that cannot be cooked in: says where, what, and what to do."""


class Tile(IntEnum):
    """What a square is. Cooks stand on floor; they act on any other square by moving into it."""

    FLOOR = 0
    COUNTER = 1
    BOARD = 2
    POT = 3
    DELIVERY = 4
    BIN = 5
    PLATES = 6
    TOMATOES = 7
    LETTUCES = 8
    ONIONS = 9


CHARACTERS = {
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
DISPENSERS = {Tile.TOMATOES: TOMATO, Tile.LETTUCES: LETTUCE, Tile.ONIONS: ONION}
"""Dispenser tile -> the food bit that it gives."""

_STATION_NAMES = {
    Tile.BOARD: "cutting board (/)",
    Tile.POT: "pot (U)",
    Tile.DELIVERY: "delivery (*)",
    Tile.BIN: "bin (B)",
    Tile.PLATES: "plates (P)",
    Tile.TOMATOES: "tomatoes (T)",
    Tile.LETTUCES: "lettuces (L)",
    Tile.ONIONS: "onions (O)",
}


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
class Layout:
    """One kitchen. Squares are numbered row by row from the top left: `cell = y * width + x`."""

    name: str
    rows: tuple[str, ...]
    """The grid as drawn, start digits replaced by floor."""
    starts: tuple[int, ...]
    """Cell where each cook starts."""
    menu: tuple[Recipe, ...]
    orders: int = 3
    duration: float = 100
    pace: float = 2.5
    timing: Timing = field(default_factory=Timing)
    rules: str = "hla"
    """The rule book that the kitchen was made for."""
    source: str = field(default="", compare=False)
    """The file it came from."""

    @property
    def width(self) -> int:
        """Squares in a row."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @property
    def cooks(self) -> int:
        """Number of cooks."""
        return len(self.starts)

    @cached_property
    def tiles(self) -> NDArray[np.int8]:
        """Tile of every cell, flat, read-only."""
        tiles = np.array([CHARACTERS[c] for row in self.rows for c in row], dtype=np.int8)
        tiles.setflags(write=False)
        return tiles

    @cached_property
    def extinguishers(self) -> tuple[int, ...]:
        """Counters on which an extinguisher lies at the start."""
        return tuple(cell for cell, c in enumerate("".join(self.rows)) if c == "f")

    def cells(self, *kinds: Tile) -> tuple[int, ...]:
        """Every cell of these kinds, in reading order."""
        return tuple(int(cell) for cell in np.flatnonzero(np.isin(self.tiles, kinds)))

    def xy(self, cell: int) -> tuple[int, int]:
        """Column and row of a cell, from the top left."""
        return cell % self.width, cell // self.width

    def cell(self, x: int, y: int) -> int:
        """The cell in this column and row."""
        return y * self.width + x

    def neighbours(self, cell: int) -> tuple[int, ...]:
        """The cells above, below, right and left of this one."""
        return cell - self.width, cell + self.width, cell + 1, cell - 1

    @cached_property
    def reach(self) -> tuple[frozenset[int], ...]:
        """For each cook, every cell it can walk to or act on; objects never stand in the way, so this is fixed."""
        return tuple(self.reach_from(start) for start in self.starts)

    def reach_from(self, start: int) -> frozenset[int]:
        """Every cell that a cook on this floor cell can walk to or act on."""
        seen, frontier = {start}, [start]
        while frontier:
            for cell in self.neighbours(frontier.pop()):
                if cell not in seen:
                    seen.add(cell)
                    if self.tiles[cell] == Tile.FLOOR:
                        frontier.append(cell)
        return frozenset(seen)

    def source_text(self) -> dict[str, Any]:
        """The layout as plain data that `parse_layout` reads back: what a record carries in its header."""
        grid = [list(row) for row in self.rows]
        for number, start in enumerate(self.starts, 1):
            x, y = self.xy(start)
            grid[y][x] = str(number)
        return {
            "name": self.name,
            "rules": self.rules,
            "recipes": [recipe.name for recipe in self.menu],
            "orders": self.orders,
            "duration": self.duration,
            "pace": self.pace,
            "timing": {f.name: getattr(self.timing, f.name) for f in fields(Timing)},
            "grid": "\n".join("".join(row) for row in grid) + "\n",
        }


class _TimingFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cooking: float = Field(default=15, gt=0, le=2000)
    burning: float = Field(default=25, gt=0, le=2000)
    putting_out: float = Field(default=5, gt=0, le=2000)
    regrowth_gap: float = Field(default=1, gt=0, le=2000)
    chops: int = Field(default=8, ge=1, le=1000)
    expiry_penalty: int = Field(default=5, ge=0, le=1_000_000)


class _LayoutFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100)
    grid: str = Field(max_length=(MAX_SIDE + 2) ** 2)
    rules: str = "hla"
    recipes: list[str] = Field(default_factory=lambda: [recipe.name for recipe in RECIPES], min_length=1)
    orders: int = Field(default=3, ge=1, le=20)
    duration: float = Field(default=100, gt=0, le=86_400)
    pace: float = Field(default=2.5, gt=0, le=1000)
    timing: _TimingFile = Field(default_factory=lambda: _TimingFile())


def named_layouts() -> tuple[str, ...]:
    """Names of the layouts that come with Brigade."""
    folder = resources.files("brigade.envs.kitchen") / "layouts"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def load_layout(name_or_file: str) -> Layout:
    """The layout of this name, or from this file.

    Raises:
        LayoutError: no such layout, or the file does not hold a kitchen that can be cooked in.
    """
    if name_or_file in named_layouts():
        entry = resources.files("brigade.envs.kitchen") / "layouts" / f"{name_or_file}.yaml"
        return parse_layout(entry.read_text(encoding="utf-8"), source=f"{name_or_file}.yaml")
    path = Path(name_or_file)
    if not path.is_file():
        known = ", ".join(named_layouts())
        raise LayoutError(f"no map or layout file called {name_or_file!r} (maps: {known})")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LayoutError(f"{path}: cannot be read as text: {error}") from None
    return parse_layout(text, source=str(path))


def parse_layout(text: str, source: str = "layout") -> Layout:
    """The layout that this YAML text describes.

    Raises:
        LayoutError: with `source` and the line, what is wrong and what to do.
    """
    data, lines = _load_yaml(text, source)
    try:
        file = _LayoutFile.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        where = ".".join(map(str, first["loc"])) or "file"
        raise LayoutError(f"{source}:{lines.get(key, 1)}: {where}: {first['msg']}") from None
    try:
        menu = tuple(dict.fromkeys(recipe_of(name) for name in file.recipes))
    except ValueError as error:
        raise LayoutError(f"{source}:{lines['recipes']}: {error}") from None
    rows, starts = _read_grid(file.grid, source, lines["grid"] + 1)
    layout = Layout(
        name=file.name or Path(source).stem,
        rows=rows,
        starts=starts,
        menu=menu,
        orders=file.orders,
        duration=file.duration,
        pace=file.pace,
        timing=Timing(**file.timing.model_dump()),
        rules=file.rules,
        source=source,
    )
    _check_stations(layout, lines["grid"] + 1)
    return layout


def _load_yaml(text: str, source: str) -> tuple[Any, dict[str, int]]:
    """The data and, for error messages, the line of each top-level key (from 1)."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise LayoutError(f"{source}:{line}: not YAML: {getattr(error, 'problem', None) or error}") from None
    except (RecursionError, ValueError) as error:
        raise LayoutError(f"{source}:1: not YAML that a layout could be: {error}") from None
    if not isinstance(node, yaml.MappingNode):
        raise LayoutError(f"{source}:1: a layout is a mapping with at least `grid`")
    return data, {str(key.value): key.start_mark.line + 1 for key, _ in node.value}


def _read_grid(grid: str, source: str, first_line: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    rows = grid.rstrip("\n").split("\n")
    width = len(rows[0])
    if not (3 <= len(rows) <= MAX_SIDE and 3 <= width <= MAX_SIDE):
        raise LayoutError(
            f"{source}:{first_line}: a grid has 3 to {MAX_SIDE} rows and columns, not {len(rows)}x{width}"
        )
    starts: dict[int, int] = {}
    for y, row in enumerate(rows):
        where = f"{source}:{first_line + y}"
        if len(row) != width:
            raise LayoutError(f"{where}: ragged grid: this row has {len(row)} squares, the first has {width}")
        for x, character in enumerate(row):
            if character in "123456789":
                if int(character) in starts:
                    raise LayoutError(f"{where}: cook {character} starts twice")
                starts[int(character)] = y * width + x
            elif character not in CHARACTERS:
                known = " ".join(CHARACTERS)
                raise LayoutError(f"{where}: column {x + 1}: unknown square {character!r} (known: {known} and 1-4)")
            border = y in (0, len(rows) - 1) or x in (0, width - 1)
            if border and (character == " " or character.isdigit()):
                raise LayoutError(f"{where}: column {x + 1}: floor on the border; close it with a counter (-)")
    if not starts:
        raise LayoutError(
            f"{source}:{first_line}: missing start: put a 1 on the floor square where the first cook stands"
        )
    if sorted(starts) != list(range(1, len(starts) + 1)) or len(starts) > MAX_COOKS:
        found = ", ".join(map(str, sorted(starts)))
        raise LayoutError(f"{source}:{first_line}: missing start: cooks are 1, 2, … up to {MAX_COOKS}, found {found}")
    floor = str.maketrans("123456789", " " * 9)
    return tuple(row.translate(floor) for row in rows), tuple(starts[n] for n in sorted(starts))


def _check_stations(layout: Layout, first_line: int) -> None:
    """Every station is within someone's reach, and there is one of each kind that the menu needs."""
    reachable = frozenset().union(*layout.reach)
    for cell, kind in enumerate(layout.tiles):
        if kind in _STATION_NAMES and cell not in reachable:
            x, y = layout.xy(cell)
            name = _STATION_NAMES[Tile(kind)]
            raise LayoutError(f"{layout.source}:{first_line + y}: column {x + 1}: no cook can reach this {name}")
    needed = [Tile.BOARD, Tile.POT, Tile.PLATES, Tile.DELIVERY]
    for kind, food in DISPENSERS.items():
        if any(recipe.foods & food for recipe in layout.menu):
            needed.append(kind)
    for kind in needed:
        if not layout.cells(kind):
            missing = _STATION_NAMES[kind]
            why = f", which the recipes need for {FOODS[DISPENSERS[kind]].lower()}" if kind in DISPENSERS else ""
            raise LayoutError(f"{layout.source}:{first_line}: the grid has no {missing}{why}")
