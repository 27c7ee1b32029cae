"""The HLA rule book: the published testbed's kitchen, tick by tick.

Source: Liu et al., "LLM-Powered Hierarchical Language Agent for Real-time Human-AI Coordination" (AAMAS 2024) and its
released testbed, a fork of gym-cooking. Five actions; moving into a square that is not floor acts on it.

Differences from the testbed, all outside the rules themselves: time is whole microseconds instead of summed floats;
orders come from the episode's own seed instead of the process-wide generator; the moving ingredient tile of its two
unused maps is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from brigade.envs.kitchen.hla import features, kernel
from brigade.envs.kitchen.hla.items import EXTINGUISHER, ITEMS, code_of
from brigade.envs.kitchen.hla.layout import HlaLayout
from brigade.envs.kitchen.hla.recipes import RECIPES, SEQUENCE_LENGTH, draw_sequence, menu_indices, recipe_of
from brigade.envs.kitchen.hla.view import HlaView
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.rules import Batch, Rewards
from brigade.envs.kitchen.state import KitchenState
from numpy.typing import NDArray

ACTIONS = ("stay", "up", "down", "right", "left")
"""Atomic actions in index order."""

MICRO = 1_000_000
MIN_TICK_SECONDS = 0.005


class HlaRules:
    """The rule book for one layout: makes states, advances them, and makes them readable.

    Args:
        layout: the kitchen.
        tick_seconds: length of a tick; actions are made once per tick.
        horizon: ticks of an episode; what the layout says by default.

    Raises:
        ValueError: a tick that is too short for whole microseconds, or longer than a second.
    """

    name = "hla"
    actions = ACTIONS
    sequence_length = SEQUENCE_LENGTH

    def __init__(self, layout: HlaLayout, tick_seconds: float = 0.1, horizon: int | None = None) -> None:
        if not MIN_TICK_SECONDS <= tick_seconds <= 1:
            raise ValueError(f"a tick lasts {MIN_TICK_SECONDS} to 1 seconds, not {tick_seconds}")
        self.layout = layout
        self.tick_seconds = tick_seconds
        self.horizon = round(layout.duration / tick_seconds) if horizon is None else horizon
        """Ticks of an episode."""
        cells, cooks = layout.width * layout.height, layout.cooks
        self.pots = np.array(layout.cells(Tile.POT), dtype=np.int32)
        self.cooks_at = kernel.COUNTERS
        self.orders_at = self.cooks_at + 2 * cooks
        self.sprays_at = self.orders_at + 2 * layout.orders
        self.items_at = self.sprays_at + self.pots.size * cooks
        self.timers_at = self.items_at + cells
        self.size = self.timers_at + cells
        timing = layout.timing
        constants = np.zeros(kernel.CONSTANTS, dtype=np.int32)
        constants[: kernel.N_COOKS] = [
            round(tick_seconds * MICRO),
            round(timing.cooking * MICRO),
            round(timing.burning * MICRO),
            round(timing.putting_out * MICRO),
            round(timing.regrowth_gap * MICRO),
            timing.chops,
            timing.expiry_penalty,
        ]
        constants[kernel.N_COOKS :] = [
            cooks,
            layout.orders,
            layout.width,
            self.cooks_at,
            self.orders_at,
            self.sprays_at,
            self.items_at,
            self.timers_at,
        ]
        self.constants = constants
        self.recipes = np.array([(r.dish, round(r.seconds * MICRO), r.bonus) for r in RECIPES], dtype=np.int32)
        self._plan = (self.constants, layout.tiles, self.pots, self.recipes)
        self._menu = menu_indices(layout.menu)
        self._start = self._first_moment()
        self._tile_planes = features.tile_planes(layout.tiles)
        self.planes = features.plane_names(cooks)

    def _first_moment(self) -> NDArray[np.int32]:
        """The vector at the start, without orders."""
        s = np.zeros(self.size, dtype=np.int32)
        s[self.cooks_at : self.orders_at : 2] = self.layout.starts
        s[kernel.DRAWN] = self.layout.orders
        s[self.sprays_at : self.items_at] = -1
        for cell in self.layout.extinguishers:
            s[self.items_at + cell] = EXTINGUISHER
        return s

    def initial(self, seed: int = 0, orders: Sequence[str] | None = None) -> KitchenState:
        """The state at the start, with this order sequence or one drawn from the seed.

        Raises:
            ValueError: an unknown recipe, or an empty sequence.
        """
        if orders is None:
            sequence = draw_sequence(self.layout.menu, seed)
        else:
            sequence = menu_indices([recipe_of(order) for order in orders])
            if not sequence.size:
                raise ValueError("the order sequence is empty")
        s = np.empty(self.size, dtype=np.int32)
        kernel.begin(s, self._start, self.constants, self.recipes, sequence)
        sequence.setflags(write=False)
        return KitchenState(s, sequence)

    def step(self, state: KitchenState, joint_action: Sequence[int]) -> Rewards:
        """Advance the state by one tick, in place; every cook is rewarded with the change of the score.

        Raises:
            ValueError: not one legal action index per cook.
        """
        if len(joint_action) != self.layout.cooks or not all(0 <= a < kernel.N_ACTIONS for a in joint_action):
            expected = f"{self.layout.cooks} indices from 0 to {kernel.N_ACTIONS - 1}"
            raise ValueError(f"a joint action is {expected}, not {list(joint_action)}")
        before = int(state.vector[kernel.SCORE])
        kernel.step(state.vector, np.array(joint_action, dtype=np.int32), *self._plan, state.sequence)
        change = int(state.vector[kernel.SCORE]) - before
        return Rewards(change, (change,) * self.layout.cooks, (0,) * self.layout.cooks)

    def rollout(self, state: KitchenState, script: NDArray[np.int32]) -> None:
        """Advance the state by a script of joint actions, shape (ticks, cooks), in place and without checks."""
        kernel.rollout(state.vector, script, *self._plan, state.sequence)

    def mask(self, state: KitchenState) -> NDArray[np.bool_]:
        """Which actions could change anything now if no other cook moved, shape (cooks, actions); staying counts."""
        mask = np.empty((self.layout.cooks, kernel.N_ACTIONS), dtype=np.bool_)
        kernel.mask(state.vector, self.constants, self.layout.tiles, self.pots, mask)
        return mask

    def observe(self, state: KitchenState) -> NDArray[np.uint8]:
        """The feature planes of every cook, shape (cooks, planes, height, width); `planes` names them."""
        layout = self.layout
        flat = np.empty((layout.cooks, len(self.planes), layout.tiles.size), dtype=np.uint8)
        features.observe(state.vector, *self._plan, self._tile_planes, self.horizon, flat)
        return flat.reshape(*flat.shape[:2], layout.height, layout.width)

    def advance(self, batch: Batch) -> None:
        """Advance many kitchens by one tick, without the GIL; see Batch."""
        plan = self.horizon, self._start, self._menu, self._tile_planes, *self._plan
        arguments: tuple[Any, ...] = (*batch.arrays, *plan)
        features.advance(*arguments)

    def view(self, state: KitchenState) -> HlaView:
        """An immutable picture of the state."""
        return HlaView(self, state.copy())

    def to_dict(self, state: KitchenState) -> dict[str, Any]:
        """The state as plain data: everything that the future depends on, times in seconds."""
        s, layout = state.vector, self.layout
        squares = []
        for cell in np.flatnonzero(s[self.items_at : self.timers_at]).tolist():
            square = {"position": list(layout.xy(cell)), "item": ITEMS[s[self.items_at + cell]].name}
            timer = int(s[self.timers_at + cell])
            if timer == kernel.UNLISTED:
                square["unlisted"] = True
            elif layout.tiles[cell] == Tile.BOARD and timer:
                square["chops_left"] = timer
            elif layout.tiles[cell] == Tile.POT:
                square["seconds_left"] = timer / MICRO
                sprays = self._sprays(cell)
                square["since_spray"] = [None if age < 0 else age / MICRO for age in s[sprays].tolist()]
            squares.append(square)
        return {
            "tick": int(s[kernel.TICK]),
            "score": int(s[kernel.SCORE]),
            "served": int(s[kernel.SERVED]),
            "missed": int(s[kernel.MISSED]),
            "cooks": [
                {"position": list(layout.xy(int(cell))), "holding": ITEMS[held].name or None}
                for cell, held in s[self.cooks_at : self.orders_at].reshape(-1, 2).tolist()
            ],
            "orders": [
                {"recipe": RECIPES[recipe].name, "seconds_left": left / MICRO}
                for recipe, left in s[self.orders_at : self.sprays_at].reshape(-1, 2).tolist()
            ],
            "squares": squares,
            "drawn": int(s[kernel.DRAWN]),
            "sequence": [RECIPES[recipe].name for recipe in state.sequence.tolist()],
        }

    def from_dict(self, data: dict[str, Any]) -> KitchenState:
        """The state that `to_dict` described.

        Raises:
            ValueError: the data does not describe a state of this kitchen.
        """
        try:
            return self._from_dict(data)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise ValueError(f"not a state of {self.layout.name!r}: {type(error).__name__}: {error}") from None

    def _from_dict(self, data: dict[str, Any]) -> KitchenState:
        layout = self.layout
        state = self.initial(orders=data["sequence"])
        s = state.vector
        s[: kernel.COUNTERS] = [data[key] for key in ("tick", "score", "served", "missed", "drawn")]
        if (len(data["cooks"]), len(data["orders"])) != (layout.cooks, layout.orders):
            raise ValueError(f"not a state of {layout.name!r}: wrong number of cooks or orders")
        cooks = [(layout.cell(*cook["position"]), code_of(cook["holding"] or "")) for cook in data["cooks"]]
        if any(layout.tiles[cell] != Tile.FLOOR for cell, _ in cooks):
            raise ValueError(f"not a state of {layout.name!r}: a cook stands on a square that is not floor")
        s[self.cooks_at : self.orders_at] = np.ravel(cooks)
        orders = [(RECIPES.index(recipe_of(o["recipe"])), round(o["seconds_left"] * MICRO)) for o in data["orders"]]
        s[self.orders_at : self.sprays_at] = np.ravel(orders)
        s[self.items_at :] = 0
        for square in data["squares"]:
            cell = layout.cell(*square["position"])
            s[self.items_at + cell] = code_of(square["item"])
            timer = square.get("chops_left", round(square.get("seconds_left", 0) * MICRO))
            s[self.timers_at + cell] = kernel.UNLISTED if square.get("unlisted") else timer
            if "since_spray" in square:
                ages = [-1 if age is None else round(age * MICRO) for age in square["since_spray"]]
                s[self._sprays(cell)] = ages
        return state

    def summary(self, state: KitchenState) -> dict[str, Any]:
        """What the published testbed lists of a state: places, things held, squares, orders, score."""
        s, layout = state.vector, self.layout
        items = np.where(s[self.timers_at :] == kernel.UNLISTED, 0, s[self.items_at : self.timers_at])
        return {
            "agents": [
                {"pos": list(layout.xy(cell)), "holding": ITEMS[held].name or None}
                for cell, held in s[self.cooks_at : self.orders_at].reshape(-1, 2).tolist()
            ],
            "squares": {
                ",".join(map(str, layout.xy(cell))): ITEMS[items[cell]].name for cell in np.flatnonzero(items).tolist()
            },
            "orders": [
                [ITEMS[RECIPES[recipe].dish].name, left / MICRO]
                for recipe, left in s[self.orders_at : self.sprays_at].reshape(-1, 2).tolist()
            ],
            "score": int(s[kernel.SCORE]),
            "served": int(s[kernel.SERVED]),
            "missed": int(s[kernel.MISSED]),
        }

    def _sprays(self, pot_cell: int) -> slice:
        start = self.sprays_at + int(np.searchsorted(self.pots, pot_cell)) * self.layout.cooks
        return slice(start, start + self.layout.cooks)
