"""A state in the JSON form of overcooked_ai: checked, made into a kitchen's vector, and written again.

The form is that of the published `OvercookedState.to_dict()`, tuples as lists. What it says twice is read once: a soup
goes by its `cooking_tick`, and whether it is ready, and when, by the recipes of the kitchen. The form of soups from
before there were recipes (`"state": [ingredient, count, ticks]`) is read too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from brigade.envs.kitchen.overcooked_ai import kernel
from brigade.envs.kitchen.overcooked_ai.items import (
    IDLE,
    KIND_BITS,
    KINDS,
    NAMES,
    NOTHING,
    SOUP,
    Ingredient,
    ingredients_of,
    soup,
)
from brigade.envs.kitchen.overcooked_ai.recipes import Recipe, recipe_of
from brigade.envs.kitchen.plan import Tile
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout

DIRECTIONS = ((0, -1), (0, 1), (1, 0), (-1, 0))
"""Where a cook looks (dx, dy), in the order of the actions."""
OLD_READY = 20
"""Ticks from which the oldest form of a soup counts as cooked."""
MAX_TICK = 2**31 - 2

Place = tuple[int, int]
Count = Annotated[int, Field(ge=0, le=MAX_TICK)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OrderForm(_Form):
    """A soup that can be ordered."""

    ingredients: tuple[Ingredient, ...] = Field(max_length=100)

    @property
    def recipe(self) -> Recipe:
        """Which soup it is."""
        return recipe_of(self.ingredients)


class ThingForm(_Form):
    """An ingredient or a dish."""

    name: Literal["onion", "tomato", "dish"]
    position: Place


class IngredientForm(_Form):
    """What a soup is made of."""

    name: Ingredient
    position: Place


class SoupForm(_Form):
    """A soup. Whether it is cooking and so on follows from the recipes; it may be said, but is not looked at."""

    name: Literal["soup"]
    position: Place
    ingredients: tuple[IngredientForm, ...] = Field(default=(), alias="_ingredients", max_length=100)
    cooking_tick: int = Field(default=IDLE, ge=IDLE, le=MAX_TICK)
    again: int | None = Field(default=None, alias="_cooking_tick")
    is_cooking: bool | None = None
    is_ready: bool | None = None
    is_idle: bool | None = None
    cook_time: float | None = None
    state: tuple[Ingredient, Annotated[int, Field(ge=1, le=100)], Count] | None = None


class PlayerForm(_Form):
    """A cook."""

    position: Place
    orientation: Place
    held_object: Annotated[ThingForm | SoupForm, Field(discriminator="name")] | None = None


class StateForm(_Form):
    """A whole state. No `all_orders` means that every soup can be ordered."""

    players: tuple[PlayerForm, ...]
    objects: tuple[Annotated[ThingForm | SoupForm, Field(discriminator="name")], ...] = ()
    bonus_orders: tuple[OrderForm, ...] = Field(default=(), max_length=200)
    all_orders: tuple[OrderForm, ...] = Field(default=(), max_length=200)
    timestep: Count = 0

    @property
    def orders(self) -> tuple[Recipe, ...]:
        """What can be ordered; empty for everything."""
        return tuple(order.recipe for order in self.all_orders)

    @property
    def bonus(self) -> tuple[Recipe, ...]:
        """Which of it brings a bonus."""
        return tuple(order.recipe for order in self.bonus_orders)

    def plain(self) -> dict[str, Any]:
        """As it would be in a file."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


class Sections:
    """Where the sections of a kitchen's vector begin; see kernel.py."""

    def __init__(self, layout: OvercookedLayout) -> None:
        cells = layout.width * layout.height
        self.items = kernel.COOKS_AT + kernel.PER_COOK * layout.cooks
        self.ticks = self.items + cells
        self.listed = self.ticks + cells
        self.size = self.listed + len(layout.cells(Tile.COUNTER, Tile.POT))


def start_of(layout: OvercookedLayout) -> NDArray[np.int32]:
    """The vector of a kitchen at its start: as drawn, all cooks looking up, or its `start_state`."""
    if layout.start_state is not None:
        return vector_of(layout, layout.start_state)
    s = np.zeros(layout.sections.size, dtype=np.int32)
    for cook, cell in enumerate(layout.starts):
        s[kernel.COOKS_AT + kernel.PER_COOK * cook + kernel.CELL] = cell
    return s


def vector_of(layout: OvercookedLayout, form: StateForm) -> NDArray[np.int32]:
    """The vector that a form describes; score and soups served are zero, since it does not say them.

    Raises:
        ValueError: this is no state of such a kitchen.
    """
    if len(form.players) != layout.cooks:
        raise ValueError(f"{len(form.players)} players in a kitchen for {layout.cooks}")
    at = layout.sections
    s = np.zeros(at.size, dtype=np.int32)
    s[kernel.TICK] = form.timestep
    taken: set[int] = set()
    for cook, player in enumerate(form.players):
        cell = _cell(layout, player.position, taken, Tile.FLOOR)
        if player.orientation not in DIRECTIONS:
            raise ValueError(f"nobody can look in the direction {list(player.orientation)}")
        here = kernel.COOKS_AT + kernel.PER_COOK * cook
        s[here : here + 2] = cell, DIRECTIONS.index(player.orientation)
        if player.held_object is not None:
            s[here + 2 : here + 4] = _item(layout, player.held_object, player.position, in_pot=False)
    for number, thing in enumerate(form.objects):
        cell = _cell(layout, thing.position, taken, Tile.COUNTER, Tile.POT)
        in_pot = layout.tiles[cell] == Tile.POT
        s[at.items + cell], s[at.ticks + cell] = _item(layout, thing, thing.position, in_pot=in_pot)
        s[at.listed + number] = cell
        s[kernel.LYING] += 1
    return s


def _cell(layout: OvercookedLayout, place: Place, taken: set[int], *kinds: Tile) -> int:
    x, y = place
    if not (0 <= x < layout.width and 0 <= y < layout.height) or layout.tiles[layout.cell(x, y)] not in kinds:
        raise ValueError(f"{list(place)} is no {' or '.join(kind.name.lower() for kind in kinds)}")
    cell = layout.cell(x, y)
    if cell in taken:
        raise ValueError(f"two things or cooks at {list(place)}")
    taken.add(cell)
    return cell


def _item(layout: OvercookedLayout, thing: ThingForm | SoupForm, place: Place, *, in_pot: bool) -> tuple[int, int]:
    """The code and the cooking tick of a thing at this place."""
    if thing.position != place:
        raise ValueError(f"the {thing.name} at {list(thing.position)} is held at {list(place)}")
    if isinstance(thing, ThingForm):
        if in_pot:
            raise ValueError(f"{thing.name} at {list(place)}: in a pot there can only be a soup")
        return KINDS[thing.name], 0
    contents, tick = _contents(layout, thing)
    if len(contents) > layout.max_num_ingredients:
        raise ValueError(f"the soup at {list(place)} has more than {layout.max_num_ingredients} ingredients")
    if tick >= 0 and not contents:
        raise ValueError(f"the soup at {list(place)} is cooked from nothing")
    if not in_pot and not (tick >= 0 and tick >= layout.times.of(recipe_of(contents))):
        raise ValueError(f"the soup at {list(place)} is not in a pot though it is not ready")
    return soup(contents), tick


def _contents(layout: OvercookedLayout, form: SoupForm) -> tuple[tuple[Ingredient, ...], int]:
    """The ingredients of a soup and its cooking tick."""
    if form.state is not None:
        ingredient, count, ticks = form.state
        contents = (ingredient,) * count
        done = layout.times.of(recipe_of(contents))
        return contents, done if ticks >= OLD_READY else ticks or IDLE
    if form.again not in (None, form.cooking_tick):
        raise ValueError(f"the soup at {list(form.position)} has two different cooking ticks")
    if any(part.position != form.position for part in form.ingredients):
        raise ValueError(f"the soup at {list(form.position)} has ingredients that are elsewhere")
    return tuple(part.name for part in form.ingredients), form.cooking_tick


def dict_of(layout: OvercookedLayout, s: NDArray[np.int32]) -> dict[str, Any]:
    """A kitchen's vector in the published form."""
    at = layout.sections
    values = s.tolist()
    players = []
    for cook in range(layout.cooks):
        here = kernel.COOKS_AT + kernel.PER_COOK * cook
        cell, facing, held, tick = values[here : here + kernel.PER_COOK]
        place = list(layout.xy(cell))
        thing = None if held == NOTHING else _thing(layout, held, tick, place)
        players.append({"position": place, "orientation": list(DIRECTIONS[facing]), "held_object": thing})
    listed = values[at.listed : at.listed + values[kernel.LYING]]
    return {
        "players": players,
        "objects": [
            _thing(layout, values[at.items + cell], values[at.ticks + cell], list(layout.xy(cell))) for cell in listed
        ],
        "bonus_orders": [{"ingredients": list(recipe.ingredients)} for recipe in layout.bonus_orders],
        "all_orders": [{"ingredients": list(recipe.ingredients)} for recipe in layout.orders],
        "timestep": values[kernel.TICK],
    }


def _thing(layout: OvercookedLayout, code: int, tick: int, place: list[int]) -> dict[str, Any]:
    thing: dict[str, Any] = {"name": NAMES[code & KIND_BITS], "position": place.copy()}
    if code & KIND_BITS != SOUP:
        return thing
    contents = ingredients_of(code)
    time = layout.times.of(recipe_of(contents)) if tick >= 0 else -1
    return thing | {
        "_ingredients": [{"name": name, "position": place.copy()} for name in contents],
        "cooking_tick": tick,
        "is_cooking": 0 <= tick < time,
        "is_ready": tick >= 0 and tick >= time,
        "is_idle": tick < 0,
        "cook_time": time,
        "_cooking_tick": tick,
    }
