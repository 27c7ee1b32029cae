"""The overcooked_ai rule book: the published `OvercookedGridworld`, transition for transition.

Source: Carroll et al., "On the Utility of Learning about Humans for Human-AI Coordination" (NeurIPS 2019) and its
released environment overcooked_ai, in the form that the package `overcooked` 0.2.1 gives it. Six actions; a cook
looks in the direction that was pressed last and interacts with the square in front of it.

Peculiarities that are matched, since they decide transitions and rewards: interactions are resolved cook by cook with
where cooks looked before the step, movement after that; if any two cooks collide, none moves; a soup has its first
tick of cooking in the step that starts it; taking a dish is rewarded only with two cooks, by the pots as they were
before the step but by the dishes as they are now; `num_items_for_soup` means nothing, and the old dynamics start at
exactly three ingredients; a time or value of zero counts as not set unless it is in a list.

Differences, all of them accidents of that program rather than rules:

- There, the recipes' times, values and size are settings of a class: making a second kitchen changes those of the
  first, soups of a kitchen for larger soups show up in the orders of others made later in the process that order
  everything, and a layout with a `start_state` cannot be loaded first. Here each kitchen has its own.
- There, the `cook_time` that a state's JSON says of a soup counts until the first step and is forgotten then. Here it
  is never looked at: the recipe decides.
- There, two soups with different numbers of ingredients can compare equal. Here they do not.
- There, orders belong to the state, and a state can be made with any; here they are the layout's, or those of its
  `start_state`. A state with others is refused, as are states in which that program would fail sooner or later: a soup
  that is not ready but not in a pot, things on floor, on dispensers or in pots where they cannot have got to.
- Layout files are read, not run; a key that means nothing is an error; numbers are whole (an `order_bonus` need not
  be, if the rewards are), and a grid has at most 32 squares a side.
- Where `order_bonus` is infinite, the rewards of a step are as well, but kernels and the score know no number above
  2**31 - 1.
- The score and the number of soups served are part of a state here, but not of its published JSON form: after
  `from_dict` they are zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import inf, isinf
from typing import Any

import numpy as np
from brigade.envs.kitchen.overcooked_ai import kernel
from brigade.envs.kitchen.overcooked_ai.items import KEYS
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.recipes import every_recipe
from brigade.envs.kitchen.overcooked_ai.state_form import StateForm, dict_of, start_of, vector_of
from brigade.envs.kitchen.overcooked_ai.view import OvercookedView
from brigade.envs.kitchen.plan import Tile
from brigade.envs.kitchen.rules import Rewards
from brigade.envs.kitchen.state import KitchenState
from numpy.typing import NDArray
from pydantic import ValidationError

ACTIONS = ("up", "down", "right", "left", "stay", "interact")
"""Atomic actions in index order."""
MAX_TICK_SECONDS = 60
PREPARED = 3
"""Kitchens of up to so many cooks have all their joint actions prepared: 6 ** 3 small arrays."""

Plan = tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
"""What the kernels take of a kitchen: its constants, tiles, pots, recipes and start; see `kernel.step`."""

_NO_ORDERS = np.zeros(0, dtype=np.int32)
_NO_ORDERS.setflags(write=False)


class OvercookedRules:
    """The rule book for one layout: makes states, advances them, and makes them readable.

    One thread at a time may use it, since it reuses a buffer.

    Args:
        layout: the kitchen.
        tick_seconds: length of a tick, for showing it; the rules count ticks.

    Raises:
        ValueError: a tick that is not longer than nothing, or longer than a minute.
    """

    name = "overcooked_ai"
    actions = ACTIONS

    def __init__(self, layout: OvercookedLayout, tick_seconds: float = 0.1) -> None:
        if not 0 < tick_seconds <= MAX_TICK_SECONDS:
            raise ValueError(f"a tick lasts more than 0 and up to {MAX_TICK_SECONDS} seconds, not {tick_seconds}")
        self.layout = layout
        self.tick_seconds = tick_seconds
        start = start_of(layout)
        pots = np.array(layout.cells(Tile.POT), dtype=np.int32)
        # The layout's own tiles are read-only, which costs a call of a kernel a microsecond more.
        self.plan: Plan = (_constants(layout), layout.tiles.copy(), pots, _recipes(layout), start)
        self.size = start.size
        """Length of a state's vector."""
        self._infinite = any(isinf(layout.worth(recipe)) for recipe in layout.orders)
        self._rewards = np.zeros(2 * layout.cooks, dtype=np.int32)
        self._nothing = Rewards(0, (0,) * layout.cooks, (0,) * layout.cooks)
        self._joint: dict[tuple[int, ...], NDArray[np.int32]] = {}
        if layout.cooks <= PREPARED:
            joint = product(range(kernel.N_ACTIONS), repeat=layout.cooks)
            self._joint = {actions: np.array(actions, dtype=np.int32) for actions in joint}

    @property
    def horizon(self) -> int:
        """Ticks of an episode."""
        return self.layout.horizon

    def initial(self, seed: int = 0, orders: Sequence[str] | None = None) -> KitchenState:
        """The state at the start, which is always the same.

        Raises:
            ValueError: orders are given.
        """
        if orders is not None:
            raise ValueError(f"the orders of {self.layout.name!r} are fixed by its layout; leave them out")
        return KitchenState(self.plan[4].copy(), _NO_ORDERS)

    def step(self, state: KitchenState, joint_action: Sequence[int]) -> Rewards:
        """Advance the state by one tick, in place.

        Raises:
            ValueError: not one legal action index per cook.
        """
        try:
            wanted = self._joint[tuple(joint_action)]
        except (KeyError, TypeError):
            wanted = self._wanted(joint_action)
        kernel.step(state.vector, wanted, self._rewards, *self.plan)
        rewards = self._rewards.tolist()
        return self._received(rewards) if any(rewards) else self._nothing

    def _wanted(self, joint_action: Sequence[int]) -> NDArray[np.int32]:
        """The joint action as an array."""
        actions = list(joint_action)
        try:
            legal = len(actions) == self.layout.cooks and all(action in range(kernel.N_ACTIONS) for action in actions)
        except TypeError:
            legal = False
        if not legal:
            expected = f"{self.layout.cooks} indices from 0 to {kernel.N_ACTIONS - 1}"
            raise ValueError(f"a joint action is {expected}, not {actions}")
        return np.array(actions, dtype=np.int32)

    def _received(self, rewards: list[int]) -> Rewards:
        cooks = self.layout.cooks
        sparse: list[float] = list(rewards[:cooks])
        if self._infinite:
            sparse = [inf if reward == kernel.MOST else reward for reward in sparse]
        return Rewards(sum(sparse), tuple(sparse), tuple(rewards[cooks:]))

    def rollout(self, state: KitchenState, script: NDArray[np.int32]) -> None:
        """Advance the state by a script of joint actions, shape (ticks, cooks), in place and without checks."""
        kernel.rollout(state.vector, script, self._rewards, *self.plan)

    def mask(self, state: KitchenState) -> NDArray[np.bool_]:
        """Which actions would change anything if no other cook moved, shape (cooks, actions); staying counts."""
        mask = np.empty((self.layout.cooks, kernel.N_ACTIONS), dtype=np.bool_)
        kernel.mask(state.vector, *self.plan, mask)
        return mask

    def view(self, state: KitchenState) -> OvercookedView:
        """An immutable picture of the state."""
        return OvercookedView(self, state.copy())

    def to_dict(self, state: KitchenState) -> dict[str, Any]:
        """The state in the published JSON form, which leaves out the score."""
        return dict_of(self.layout, state.vector)

    def from_dict(self, data: dict[str, Any]) -> KitchenState:
        """The state that `to_dict` described, with a score of zero.

        Raises:
            ValueError: the data does not describe a state of this kitchen.
        """
        layout = self.layout
        try:
            form = StateForm.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "state"
            raise ValueError(f"not a state of {layout.name!r}: {where}: {first['msg']}") from None
        orders = form.orders or every_recipe(layout.max_num_ingredients)
        if sorted(orders) != sorted(layout.orders) or sorted(form.bonus) != sorted(layout.bonus_orders):
            raise ValueError(f"not a state of {layout.name!r}: its orders are fixed by the layout")
        try:
            return KitchenState(vector_of(layout, form), _NO_ORDERS)
        except ValueError as error:
            raise ValueError(f"not a state of {layout.name!r}: {error}") from None

    def summary(self, state: KitchenState) -> None:
        """Nothing: the published environment lists a state as `to_dict` does."""
        return None


def _constants(layout: OvercookedLayout) -> NDArray[np.int32]:
    at, shaping = layout.sections, layout.rew_shaping_params
    c = np.zeros(kernel.CONSTANTS, dtype=np.int32)
    c[kernel.N_COOKS], c[kernel.WIDTH], c[kernel.HORIZON] = layout.cooks, layout.width, layout.horizon
    c[kernel.ITEMS_AT], c[kernel.TICKS_AT], c[kernel.LIST_AT] = at.items, at.ticks, at.listed
    c[kernel.OLD_DYNAMICS], c[kernel.MAX_INGREDIENTS] = layout.old_dynamics, layout.max_num_ingredients
    c[kernel.PLACEMENT] = shaping.PLACEMENT_IN_POT_REW
    c[kernel.DISH_PICKUP] = shaping.DISH_PICKUP_REWARD
    c[kernel.SOUP_PICKUP] = shaping.SOUP_PICKUP_REWARD
    return c


def _recipes(layout: OvercookedLayout) -> NDArray[np.int32]:
    """Time and worth of every soup, by its key."""
    recipes = np.zeros((KEYS, 2), dtype=np.int32)
    for recipe in every_recipe(layout.max_num_ingredients):
        worth = layout.worth(recipe)
        recipes[recipe.key] = layout.times.of(recipe), kernel.MOST if isinf(worth) else int(worth)
    return recipes
