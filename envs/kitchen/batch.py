"""Many kitchens of one layout at once: a row of integers each, advanced by one compiled loop on every core.

Stepping, starting again, what networks see and which actions matter all happen inside that loop, so that a step of a
thousand kitchens is one call.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from brigade.envs.kitchen.kitchen import rule_book
from brigade.envs.kitchen.layout import load_layout
from brigade.envs.kitchen.plan import Layout
from brigade.envs.kitchen.rules import Batch
from brigade.envs.kitchen.state import KitchenState
from numpy.typing import ArrayLike, NDArray

MIN_PART = 128
"""Kitchens that are worth a thread of their own: about 50 microseconds of work."""


class KitchenBatch:
    """So many kitchens of one layout.

    Args:
        layout: a layout, the name of one, or a layout file.
        size: how many.
        rules: name of the rule book; the layout's own by default.
        tick_seconds: length of a tick.
        horizon: ticks of an episode; what the layout says by default.
        observe: whether every step also writes `planes`.
        masks: whether every step also writes `masks`.

    Every array below is written anew by each step: copy what must last.

    Raises:
        LayoutError: no such layout, or a broken one.
        ValueError: no such rule book, a tick it refuses, or no kitchen.
    """

    def __init__(
        self,
        layout: Layout | str,
        size: int,
        *,
        rules: str | None = None,
        tick_seconds: float = 0.1,
        horizon: int | None = None,
        observe: bool = True,
        masks: bool = True,
    ) -> None:
        if size < 1:
            raise ValueError(f"a batch holds at least one kitchen, not {size}")
        self.layout = load_layout(layout) if isinstance(layout, str) else layout
        self.rules = rule_book(self.layout, rules, tick_seconds, horizon)
        self.size = size
        cooks, actions, cells = self.layout.cooks, len(self.rules.actions), self.layout.tiles.size
        shown, masked = (size if observe else 0), (size if masks else 0)
        self._batch = Batch(
            states=np.zeros((size, self.rules.size), dtype=np.int32),
            sequences=np.zeros((size, self.rules.sequence_length), dtype=np.int32),
            seeds=np.zeros(size, dtype=np.uint64),
            restart=np.ones(size, dtype=np.bool_),
            actions=np.zeros((size, cooks), dtype=np.int32),
            rewards=np.zeros((size, 1 + 2 * cooks), dtype=np.int32),
            ended=np.zeros(size, dtype=np.bool_),
            planes=np.zeros((shown, cooks, len(self.rules.planes), cells), dtype=np.uint8),
            masks=np.zeros((masked, cooks, actions), dtype=np.bool_),
        )
        share = max(MIN_PART, -(-size // (2 * _cores())))
        self._parts = [self._batch.part(slice(at, at + share)) for at in range(0, size, share)]
        self.reset()

    @property
    def planes(self) -> NDArray[np.uint8]:
        """What each cook's network sees, shape (size, cooks, planes, height, width); `rules.planes` names them."""
        flat = self._batch.planes
        return flat.reshape(*flat.shape[:3], self.layout.height, self.layout.width)

    @property
    def masks(self) -> NDArray[np.bool_]:
        """Which actions could change anything, shape (size, cooks, actions)."""
        return self._batch.masks

    @property
    def team_rewards(self) -> NDArray[np.int32]:
        """Change of the score of each kitchen, shape (size,)."""
        return self._batch.rewards[:, 0]

    @property
    def rewards(self) -> NDArray[np.int32]:
        """Sparse reward of each cook, shape (size, cooks)."""
        return self._batch.rewards[:, 1 : 1 + self.layout.cooks]

    @property
    def shaped(self) -> NDArray[np.int32]:
        """Shaped reward of each cook, shape (size, cooks)."""
        return self._batch.rewards[:, 1 + self.layout.cooks :]

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Which kitchens have reached the horizon, shape (size,)."""
        return self._batch.ended

    @property
    def bytes_per_kitchen(self) -> int:
        """Memory of one kitchen: all that it needs to be stepped; without `planes`, which are as large as asked for."""
        return sum(array[:1].nbytes for array in self._batch.arrays if array is not self._batch.planes)

    def reset(self, seed: int = 0) -> None:
        """Start every kitchen anew, the first with this seed and each other one with the next."""
        self._batch.seeds[:] = np.uint64(seed % 2**64) + np.arange(self.size, dtype=np.uint64)
        self._batch.restart[:] = True
        self._advance()

    def step(self, actions: ArrayLike, restart: NDArray[np.bool_] | None = None) -> None:
        """Advance every kitchen by one tick; those marked in `restart` start anew instead, with a seed of their own.

        Args:
            actions: action index of every cook, shape (size, cooks).
            restart: shape (size,), or None for none.

        Raises:
            ValueError: actions of another shape, or outside the action space.
        """
        given = np.asarray(actions)
        if given.shape != self._batch.actions.shape:
            raise ValueError(f"actions have the shape {self._batch.actions.shape}, not {given.shape}")
        if given.min() < 0 or given.max() >= len(self.rules.actions):
            raise ValueError(f"actions are indices from 0 to {len(self.rules.actions) - 1}")
        self._batch.actions[:] = given
        self._batch.restart[:] = False if restart is None else restart
        self._batch.seeds[self._batch.restart] += np.uint64(self.size)
        self._advance()

    def restart(self, which: NDArray[np.bool_] | Sequence[bool]) -> None:
        """Start some kitchens anew and leave the others as they are, shape (size,)."""
        chosen = np.flatnonzero(which)
        part = self._batch.part(chosen)
        part.restart[:] = True
        part.seeds[:] += np.uint64(self.size)
        self.rules.advance(part)
        for whole, new in zip(self._batch.arrays, part.arrays, strict=True):
            if len(whole):
                whole[chosen] = new

    def state(self, index: int) -> KitchenState:
        """A copy of the state of one kitchen."""
        return KitchenState(self._batch.states[index].copy(), self._batch.sequences[index].copy())

    def _advance(self) -> None:
        if len(self._parts) == 1:
            self.rules.advance(self._batch)
            return
        for _ in _pool(os.getpid()).map(self.rules.advance, self._parts):
            pass


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool(process: int) -> ThreadPoolExecutor:
    """The threads of this process: a forked one needs its own. The kernels run without the GIL."""
    return ThreadPoolExecutor(_cores(), thread_name_prefix="kitchens")
