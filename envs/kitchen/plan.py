"""A kitchen's plan: its squares and where the cooks start; how a drawn grid is read.

Each rule book has its own alphabet of squares and adds what its rules need (`HlaLayout`, `OvercookedLayout`).
Knows nothing of what happens in a kitchen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

MAX_SIDE = 32
"""Squares along the longer side of the largest kitchen."""
DIGITS = "123456789"


class LayoutError(ValueError):
    """A layout that cannot be cooked in: says where, what, and what to do."""


class Tile(IntEnum):
    """What a square is. Cooks stand on floor and act on every other square."""

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


STATION_NAMES = {
    Tile.BOARD: "cutting board",
    Tile.POT: "pot",
    Tile.DELIVERY: "delivery",
    Tile.BIN: "bin",
    Tile.PLATES: "stack of plates",
    Tile.TOMATOES: "crate of tomatoes",
    Tile.LETTUCES: "crate of lettuces",
    Tile.ONIONS: "crate of onions",
}
"""Every square that does something, in words."""


@dataclass(frozen=True)
class Layout(ABC):
    """One kitchen. Squares are numbered row by row from the top left: `cell = y * width + x`."""

    rules: ClassVar[str]
    """Name of the rule book that kitchens of this kind are made for."""
    characters: ClassVar[Mapping[str, Tile]]
    """The alphabet of its grid."""
    max_cooks: ClassVar[int]

    name: str
    rows: tuple[str, ...]
    """The grid as drawn, start digits replaced by floor."""
    starts: tuple[int, ...]
    """Cell where each cook starts."""
    source: str = field(default="", compare=False, kw_only=True)
    """The file it came from."""
    first_line: int = field(default=1, compare=False, kw_only=True)
    """The line of that file on which the grid begins."""

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
        tiles = np.array([self.characters[c] for row in self.rows for c in row], dtype=np.int8)
        tiles.setflags(write=False)
        return tiles

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

    @cached_property
    def grid(self) -> str:
        """The grid with its start digits, a row a line."""
        grid = [list(row) for row in self.rows]
        for number, start in enumerate(self.starts, 1):
            x, y = self.xy(start)
            grid[y][x] = str(number)
        return "".join("".join(row) + "\n" for row in grid)

    @abstractmethod
    def source_text(self) -> dict[str, Any]:
        """The layout as plain data that `parse_layout` reads back: what a record carries in its header."""


@dataclass(frozen=True)
class Origin:
    """Where a layout was read, for error messages."""

    source: str
    """The file."""
    lines: Mapping[str, int]
    """Line of each key."""
    first_row: int
    """Line of the grid's first row."""
    rows_apart: int = 1
    """Lines from one row to the next: none where the whole grid is one line of the file."""

    def at(self, key: str) -> str:
        """Where this key is."""
        return f"{self.source}:{self.lines.get(key, 1)}"

    def row(self, y: int = 0) -> str:
        """Where this row of the grid is."""
        return f"{self.source}:{self.first_row + y * self.rows_apart}"


def read_grid(grid: str, layout: type[Layout], origin: Origin) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The rows, start digits replaced by floor, and the starts of a drawn grid.

    Raises:
        LayoutError: with the line, what is wrong.
    """
    rows = grid.rstrip("\n").split("\n")
    width = len(rows[0])
    if not (3 <= len(rows) <= MAX_SIDE and 3 <= width <= MAX_SIDE):
        raise LayoutError(f"{origin.row()}: a grid has 3 to {MAX_SIDE} rows and columns, not {len(rows)}x{width}")
    starts: dict[int, int] = {}
    for y, row in enumerate(rows):
        where = origin.row(y)
        if len(row) != width:
            raise LayoutError(f"{where}: ragged grid: this row has {len(row)} squares, the first has {width}")
        for x, character in enumerate(row):
            if character in DIGITS:
                if int(character) in starts:
                    raise LayoutError(f"{where}: cook {character} starts twice")
                starts[int(character)] = y * width + x
            elif character not in layout.characters:
                known = " ".join(sign for sign in layout.characters if sign != " ")
                raise LayoutError(
                    f"{where}: column {x + 1}: unknown square {character!r} "
                    f"(known: {known}, a space for floor, 1-{layout.max_cooks} for cooks)"
                )
            border = y in (0, len(rows) - 1) or x in (0, width - 1)
            if border and (character == " " or character in DIGITS):
                wall = next(sign for sign, tile in layout.characters.items() if tile is Tile.COUNTER)
                raise LayoutError(f"{where}: column {x + 1}: floor on the border; close it with a counter ({wall})")
    if not starts:
        raise LayoutError(f"{origin.row()}: missing start: put a 1 on the floor square where the first cook stands")
    if sorted(starts) != list(range(1, len(starts) + 1)) or len(starts) > layout.max_cooks:
        found = ", ".join(map(str, sorted(starts)))
        raise LayoutError(f"{origin.row()}: missing start: cooks are 1, 2, … up to {layout.max_cooks}, found {found}")
    floor = str.maketrans(DIGITS, " " * len(DIGITS))
    return tuple(row.translate(floor) for row in rows), tuple(starts[n] for n in sorted(starts))


def check_stations(layout: Layout, needed: Mapping[Tile, str], origin: Origin) -> None:
    """Every station is within someone's reach, and each kind that is needed is there.

    Args:
        layout: what to check.
        needed: each kind of station that cooking takes, and why (empty: it always does).
        origin: where it was read.

    Raises:
        LayoutError: with the line, what cannot be reached or is missing.
    """
    reachable = frozenset[int]().union(*layout.reach)
    for cell, kind in enumerate(layout.tiles):
        if kind in STATION_NAMES and cell not in reachable:
            x, y = layout.xy(cell)
            station = station_name(layout, Tile(kind))
            raise LayoutError(f"{origin.row(y)}: column {x + 1}: no cook can reach this {station}")
    for kind, why in needed.items():
        if not layout.cells(kind):
            reason = f", which {why}" if why else ""
            raise LayoutError(f"{origin.row()}: the grid has no {station_name(layout, kind)}{reason}")


def station_name(layout: Layout, kind: Tile) -> str:
    """A kind of station in words, with the character that draws it, such as `pot (U)`."""
    sign = next(sign for sign, tile in layout.characters.items() if tile is kind)
    return f"{STATION_NAMES[kind]} ({sign})"
