"""Vectorised Gymnasium: many kitchens of one layout, stepped by one compiled loop (`KitchenBatch`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from brigade.envs.kitchen.batch import KitchenBatch
from brigade.envs.kitchen.plan import Layout
from gymnasium import spaces
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

VectorPartner = Callable[[NDArray[np.uint8], NDArray[np.bool_]], NDArray[np.int32]]
"""Actions of the other cooks, shape (kitchens, cooks - 1), from what they see: planes of shape (kitchens, cooks - 1,
planes, height, width) and masks of shape (kitchens, cooks - 1, actions)."""
PARTNERS = ("random", "idle", "self")


class KitchenVectorEnv(VectorEnv[NDArray[np.uint8], NDArray[np.int64], NDArray[Any]]):
    """Many kitchens as one Gymnasium `VectorEnv`; `gymnasium.make_vec("brigade/Kitchen-v0", ...)` makes it.

    Args:
        num_envs: environments, that is agents.
        layout: a layout, the name of one, or a layout file.
        partner: who plays the other cooks: `random`, `idle`, a function (see VectorPartner), or `self`: then every cook
            of a kitchen is an environment of its own, cooks of one kitchen side by side.
        rules: name of the rule book; the layout's own by default.
        shaping: how much of the shaped reward is added to the team's sparse one.
        tick_seconds: length of a tick, where the rules count seconds.
        horizon: ticks of an episode; what the layout says by default.
        autoreset_mode: when a kitchen whose episode is over starts anew.

    Observations are feature planes, uint8 of shape (num_envs, planes, height, width); `infos["action_mask"]` has the
    shape (num_envs, actions). Episodes are truncated at the horizon and never terminate.

    Raises:
        LayoutError: no such layout, or a broken one.
        ValueError: anything else that there is not.
    """

    def __init__(
        self,
        num_envs: int = 1,
        layout: Layout | str = "ring",
        *,
        partner: str | VectorPartner = "random",
        rules: str | None = None,
        shaping: float = 0.0,
        tick_seconds: float = 0.1,
        horizon: int | None = None,
        autoreset_mode: AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
    ) -> None:
        if isinstance(partner, str) and partner not in PARTNERS:
            raise ValueError(f"unknown partner {partner!r} (known: {', '.join(PARTNERS)}, or a function)")
        if render_mode is not None:
            raise ValueError("many kitchens are not drawn; render one with KitchenEnv")
        one = KitchenBatch(layout, 1, rules=rules, tick_seconds=tick_seconds, horizon=horizon)
        cooks = one.layout.cooks
        self._rows = cooks if partner == "self" else 1
        if num_envs < 1 or num_envs % self._rows:
            raise ValueError(f"with {cooks} cooks playing together num_envs is a multiple of {cooks}, not {num_envs}")
        self._batch = KitchenBatch(
            one.layout, num_envs // self._rows, rules=rules, tick_seconds=tick_seconds, horizon=horizon
        )
        self._partner, self._shaping = partner, shaping
        self._over: NDArray[np.bool_] | None = None
        self.num_envs = num_envs
        self.metadata = {"autoreset_mode": AutoresetMode(autoreset_mode)}
        self.single_action_space = spaces.Discrete(len(one.rules.actions))
        self.single_observation_space = spaces.Box(0, 255, one.planes.shape[2:], np.uint8)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.uint8], dict[str, Any]]:
        """Begin an episode in every kitchen, or in those of `options["reset_mask"]`, shape (num_envs,)."""
        super().reset(seed=seed)
        which = (options or {}).get("reset_mask")
        if which is None or self._over is None:
            self._batch.reset(int(self.np_random.integers(2**31)))
            self._over = np.zeros(self._batch.size, dtype=np.bool_)
        else:
            chosen = np.logical_or.reduce(np.asarray(which, dtype=np.bool_).reshape(-1, self._rows), axis=1)
            self._batch.restart(chosen)
            self._over = self._over & ~chosen
        return self._seen(), self._infos()

    def step(
        self, actions: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any], NDArray[Any], dict[str, Any]]:
        """Advance every kitchen by one tick.

        Raises:
            ResetNeeded: nothing has begun, or an episode is over and nothing resets it.
            ValueError: actions of another shape, or outside the action space.
        """
        if self._over is None:
            raise ResetNeeded("call reset() before the first step()")
        mode, joint = self.metadata["autoreset_mode"], self._joint(np.asarray(actions))
        if mode == AutoresetMode.NEXT_STEP:
            self._batch.step(joint, restart=self._over)
        elif self._over.any():
            raise ResetNeeded(f"{int(self._over.sum())} kitchens are over; reset them with options['reset_mask']")
        else:
            self._batch.step(joint)
        rewards, ended = self._rewards(), self._batch.ended.copy()
        extra = self._finish(ended) if mode == AutoresetMode.SAME_STEP and ended.any() else {}
        self._over = np.zeros_like(ended) if mode == AutoresetMode.SAME_STEP else ended
        truncated = np.repeat(ended, self._rows)
        return self._seen(), rewards, np.zeros(self.num_envs, dtype=np.bool_), truncated, self._infos() | extra

    def _joint(self, actions: NDArray[Any]) -> NDArray[Any]:
        """The action of every cook, shape (kitchens, cooks)."""
        if actions.shape != (self.num_envs,):
            raise ValueError(f"actions have the shape ({self.num_envs},), not {actions.shape}")
        batch = self._batch
        if self._rows > 1:
            return actions.reshape(batch.size, -1)
        others = batch.size, batch.layout.cooks - 1
        theirs: NDArray[Any]
        if callable(self._partner):
            theirs = np.asarray(self._partner(batch.planes[:, 1:], batch.masks[:, 1:])).reshape(others)
        elif self._partner == "random":
            theirs = self.np_random.integers(len(batch.rules.actions), size=others)
        else:
            theirs = np.full(others, batch.rules.actions.index("stay"))
        return np.concatenate([actions[:, None], theirs], axis=1)

    def _finish(self, ended: NDArray[np.bool_]) -> dict[str, Any]:
        """Start the kitchens that are over anew; returns what was seen last."""
        rows = np.repeat(ended, self._rows)
        final = np.empty(self.num_envs, dtype=object)
        last = self._seen()
        for row in np.flatnonzero(rows):
            final[row] = last[row]
        self._batch.restart(ended)
        return {"final_obs": final, "_final_obs": rows}

    def _rewards(self) -> NDArray[np.float64]:
        batch, rows = self._batch, self._rows
        team = batch.team_rewards[:, None].astype(np.float64)
        return (team + self._shaping * batch.shaped[:, :rows]).reshape(-1)

    def _seen(self) -> NDArray[np.uint8]:
        planes = self._batch.planes[:, : self._rows]
        return planes.reshape(self.num_envs, *planes.shape[2:]).copy()

    def _infos(self) -> dict[str, Any]:
        masks = self._batch.masks[:, : self._rows].reshape(self.num_envs, -1).astype(np.int8)
        return {"action_mask": masks, "_action_mask": np.ones(self.num_envs, dtype=np.bool_)}
