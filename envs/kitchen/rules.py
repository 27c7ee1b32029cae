"""What a rule book offers: states for a layout, their dynamics, and ways to read and write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np
from brigade.envs.kitchen.plan import Layout
from brigade.envs.kitchen.state import KitchenState
from brigade.envs.kitchen.view import KitchenView
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rewards:
    """What one tick brought."""

    team: float
    """Change of the score: a whole number, or infinite where a layout says so."""
    cooks: tuple[float, ...]
    """Sparse reward of each cook: its own deliveries where the rules tell them apart, else the team's."""
    shaped: tuple[int, ...]
    """Shaped reward of each cook; zeros where the rules have none."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The arrays of many kitchens, a row each; `RuleBook.advance` writes all but the seeds, actions and `restart`."""

    states: NDArray[np.int32]
    """Shape (kitchens, size)."""
    sequences: NDArray[np.int32]
    """Orders of the episode, shape (kitchens, sequence_length)."""
    seeds: NDArray[np.uint64]
    """Seed of the episode that a restart begins, shape (kitchens,)."""
    restart: NDArray[np.bool_]
    """Which kitchens begin an episode instead of being stepped, shape (kitchens,)."""
    actions: NDArray[np.int32]
    """Shape (kitchens, cooks)."""
    rewards: NDArray[np.int32]
    """Change of the score, then sparse rewards of the cooks, then shaped ones, shape (kitchens, 1 + 2 * cooks)."""
    ended: NDArray[np.bool_]
    """Which kitchens have reached the horizon, shape (kitchens,)."""
    planes: NDArray[np.uint8]
    """What the cooks see, shape (kitchens, cooks, planes, cells); empty if nobody looks."""
    masks: NDArray[np.bool_]
    """Which actions matter, shape (kitchens, cooks, actions); empty if nobody asks."""

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All of them, in this order: the first arguments of every rule book's `advance` kernel."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def part(self, which: slice | NDArray[np.intp]) -> Batch:
        """Some of the kitchens: for a slice the same memory, else a copy."""
        return Batch(*(array[which] if len(array) else array for array in self.arrays))


class RuleBook(Protocol):
    """The rules for one layout: makes states, advances them, and makes them readable."""

    @property
    def name(self) -> str:
        """By which it is asked for."""

    @property
    def actions(self) -> tuple[str, ...]:
        """Atomic actions in index order."""

    @property
    def layout(self) -> Layout:
        """The kitchen."""

    @property
    def tick_seconds(self) -> float:
        """Length of a tick."""

    @property
    def horizon(self) -> int:
        """Ticks of an episode."""

    @property
    def size(self) -> int:
        """Numbers in the vector of a state."""

    @property
    def sequence_length(self) -> int:
        """Orders drawn for an episode; 0 where the layout fixes them."""

    @property
    def planes(self) -> tuple[str, ...]:
        """What each feature plane holds."""

    def initial(self, seed: int = 0, orders: Sequence[str] | None = None) -> KitchenState:
        """The state at the start; orders drawn from the seed or given. Raises ValueError for orders that cannot be."""

    def step(self, state: KitchenState, joint_action: Sequence[int]) -> Rewards:
        """Advance the state by one tick, in place. Raises ValueError unless given one legal action index per cook."""

    def rollout(self, state: KitchenState, script: NDArray[np.int32]) -> None:
        """Advance the state by a script of joint actions, shape (ticks, cooks), in place and without checks."""

    def mask(self, state: KitchenState) -> NDArray[np.bool_]:
        """Which actions could change the state now if no other cook moved, shape (cooks, actions); staying counts."""

    def observe(self, state: KitchenState) -> NDArray[np.uint8]:
        """The feature planes of every cook, shape (cooks, planes, height, width)."""

    def advance(self, batch: Batch) -> None:
        """Advance many kitchens by one tick, without the GIL."""

    def view(self, state: KitchenState) -> KitchenView:
        """An immutable picture of the state."""

    def to_dict(self, state: KitchenState) -> dict[str, Any]:
        """The state as plain data: everything that the future depends on."""

    def from_dict(self, data: dict[str, Any]) -> KitchenState:
        """The state that `to_dict` described. Raises ValueError if it does not describe one of this kitchen."""

    def summary(self, state: KitchenState) -> dict[str, Any] | None:
        """What the published environment lists of a state, where that differs from `to_dict`; else None."""
