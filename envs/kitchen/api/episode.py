"""What every interface has in common: one kitchen, its episode, and what goes wrong when it is used wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from brigade.envs.kitchen.api.observations import make_observer
from brigade.envs.kitchen.kitchen import Kitchen
from brigade.envs.kitchen.plan import Layout
from brigade.envs.kitchen.render import as_text, draw, rasterise
from gymnasium import spaces
from gymnasium.error import ResetNeeded
from numpy.typing import NDArray

RENDER_MODES = ("rgb_array", "ansi", "human")
SQUARE = 48
"""Pixels of a square in pictures."""


class Episode:
    """One kitchen from start to horizon.

    Args:
        layout: a layout, the name of one, or a layout file.
        rules: name of the rule book; the layout's own by default.
        observation: `planes`, `symbolic` or `text`.
        masked: whether observations are dictionaries of `observation` and `action_mask`.
        shaping: how much of the shaped reward is added to the sparse one.
        tick_seconds: length of a tick, where the rules count seconds.
        horizon: ticks of an episode; what the layout says by default.
        render_mode: `rgb_array`, `ansi`, `human` or None.

    Raises:
        LayoutError: no such layout, or a broken one.
        ValueError: anything else that there is not.
    """

    def __init__(
        self,
        layout: Layout | str,
        *,
        rules: str | None = None,
        observation: str = "planes",
        masked: bool = False,
        shaping: float = 0.0,
        tick_seconds: float = 0.1,
        horizon: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        if render_mode is not None and render_mode not in RENDER_MODES:
            raise ValueError(f"unknown render mode {render_mode!r} (known: {', '.join(RENDER_MODES)})")
        self.kitchen = Kitchen(layout, rules=rules, tick_seconds=tick_seconds, horizon=horizon)
        self.observer = make_observer(observation, self.kitchen.rules)
        self.masked, self.shaping = masked, shaping
        self.render_mode = render_mode
        self.ticks: int | None = None
        """Ticks made so far; None before the first reset."""
        self.action_space = spaces.Discrete(len(self.kitchen.rules.actions))
        self.observation_space = self.observer.space
        if masked:
            mask = spaces.MultiBinary(len(self.kitchen.rules.actions))
            self.observation_space = spaces.Dict({"observation": self.observer.space, "action_mask": mask})
        self._window: Any = None

    @property
    def cooks(self) -> int:
        """How many cooks there are."""
        return self.kitchen.layout.cooks

    def reset(self, seed: int) -> None:
        """Begin an episode with the orders of this seed."""
        self.kitchen.reset(seed)
        self.ticks = 0

    def step(self, actions: Sequence[int]) -> list[float]:
        """Advance by one tick; returns the reward of each cook: the team's, and its own shaped one by `shaping`.

        Raises:
            ResetNeeded: the episode has not begun or is over.
            ValueError: not one legal action index per cook.
        """
        if self.ticks is None:
            raise ResetNeeded("call reset() before the first step()")
        if self.over:
            raise ResetNeeded(f"the episode is over after {self.kitchen.rules.horizon} ticks; call reset()")
        rewards = self.kitchen.step(actions)
        self.ticks += 1
        return [rewards.team + self.shaping * shaped for shaped in rewards.shaped]

    @property
    def over(self) -> bool:
        """Whether the horizon is reached: an episode is truncated, it never terminates of itself."""
        return self.ticks is not None and self.ticks >= self.kitchen.rules.horizon

    def masks(self) -> NDArray[np.int8]:
        """Which actions could change anything, shape (cooks, actions), as `Discrete.sample` wants them."""
        return self.kitchen.rules.mask(self.kitchen.state).view(np.int8)

    def observe(self, masks: NDArray[np.int8]) -> list[Any]:
        """What each agent sees now."""
        seen = self.observer.observe(self.kitchen.state)
        if not self.masked:
            return seen
        return [{"observation": each, "action_mask": mask} for each, mask in zip(seen, masks, strict=True)]

    def render(self) -> NDArray[np.uint8] | str | None:
        """The present moment as the render mode wants it; None for `human`, which shows it in a window."""
        if self.render_mode is None:
            return None
        if self.render_mode == "ansi":
            return as_text(self.kitchen.view(), colour=True)
        image = rasterise(draw(self.kitchen.view()), SQUARE)
        if self.render_mode == "rgb_array":
            return np.asarray(image)
        if self._window is None:
            from brigade.envs.kitchen.render.window import Window

            self._window = Window()
        self._window.show(image)
        return None

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None
