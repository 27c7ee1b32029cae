"""What screens and programs see of a kitchen, whatever its rule book: a picture of one moment, read-only.

Each rule book's own view (`HlaView`, `OvercookedView`) offers this and what else its rules know.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, Literal, Protocol, TypeVar

from brigade.envs.kitchen.plan import Layout, Tile

Food = Literal["lettuce", "onion", "tomato"]


class Stage(IntEnum):
    """What has been done to food, in the order in which it happens."""

    FRESH = 0
    CHOPPING = 1
    CHOPPED = 2
    COOKING = 3
    COOKED = 4
    CHARRED = 5


class ItemView(Protocol):
    """What can lie on a square or be held."""

    @property
    def name(self) -> str:
        """The rule book's name for it; empty for nothing."""

    @property
    def pieces(self) -> tuple[Food, ...]:
        """Its foods, one entry a piece."""

    @property
    def stage(self) -> Stage | None:
        """The stage of its foods; None where there is no food."""

    @property
    def plated(self) -> bool:
        """Whether a plate or dish is part of it."""

    @property
    def dish_name(self) -> str | None:
        """What its foods make together, if people order that."""

    @property
    def burning(self) -> bool:
        """Whether it is on fire."""

    @property
    def extinguisher(self) -> bool:
        """Whether it is a fire extinguisher."""


I_co = TypeVar("I_co", bound=ItemView, covariant=True)


@dataclass(frozen=True, slots=True)
class CookView(Generic[I_co]):
    """A cook: where it stands, what it holds, and where it looks (dx, dy), if the rules know that."""

    cell: int
    item: I_co
    facing: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far along something is: a share from 0 to 1, and whether more of it is good or an alarm."""

    share: float
    alarm: Literal["none", "soon", "now"] = "none"


@dataclass(frozen=True, slots=True)
class SquareView(Generic[I_co]):
    """A square with something on it."""

    cell: int
    tile: Tile
    item: I_co
    left: float
    """What is left of what goes on there, in the rule book's unit: seconds, ticks or chops; 0 where nothing does."""
    progress: Progress | None = None


class OrderView(Protocol):
    """An open order."""

    @property
    def name(self) -> str:
        """What the dish is called."""

    @property
    def dish(self) -> ItemView:
        """What must be delivered."""

    @property
    def seconds_left(self) -> float | None:
        """Time to the deadline; None where orders have none."""

    @property
    def share_left(self) -> float | None:
        """Time left as a share of the time given, 0 to 1; None where orders have no deadline."""

    @property
    def bonus(self) -> bool:
        """Whether it is worth more than others."""


class KitchenView(Protocol):
    """One moment of a kitchen."""

    @property
    def layout(self) -> Layout:
        """The kitchen's plan."""

    @property
    def tick(self) -> int:
        """Ticks since the start."""

    @property
    def seconds(self) -> float:
        """Time since the start."""

    @property
    def duration(self) -> float:
        """Seconds of a whole episode."""

    @property
    def score(self) -> int:
        """Points so far."""

    @property
    def served(self) -> int:
        """Orders served so far."""

    @property
    def missed(self) -> int:
        """Orders whose deadline passed so far."""

    @property
    def cooks(self) -> tuple[CookView[ItemView], ...]:
        """Every cook."""

    @property
    def squares(self) -> tuple[SquareView[ItemView], ...]:
        """Every square with something on it, in reading order."""

    @property
    def orders(self) -> tuple[OrderView, ...]:
        """The open orders, oldest first."""

    def item(self, cell: int) -> ItemView:
        """What lies on a cell."""

    def state_dict(self) -> dict[str, Any]:
        """The moment as plain data: the rule book's `to_dict`."""
