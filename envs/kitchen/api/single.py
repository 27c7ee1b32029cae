"""Gymnasium: one cook is the agent, and policies inside the environment play the others."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from brigade.envs.kitchen.api.episode import RENDER_MODES, Episode
from brigade.envs.kitchen.api.one_kitchen import OneKitchen
from brigade.envs.kitchen.api.policies import PolicyMaker, make_policy
from brigade.envs.kitchen.plan import Layout


class KitchenEnv(OneKitchen, gymnasium.Env[Any, np.int64]):
    """A kitchen as a Gymnasium environment, registered as `brigade/Kitchen-v0`.

    Args:
        layout: a layout, the name of one, or a layout file.
        partner: who plays the other cooks: `idle`, `random`, or a function of rules and cook that makes a `Policy`.
        agent: index of the cook that the agent plays.
        options: see `Episode`.

    The reward is the change of the team's score, plus `shaping` times the agent's own shaped reward. Episodes are
    truncated at the horizon and never terminate.

    Raises:
        LayoutError: no such layout, or a broken one.
        ValueError: anything else that there is not.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 10}  # noqa: RUF012  as declared

    def __init__(
        self, layout: Layout | str = "ring", *, partner: str | PolicyMaker = "random", agent: int = 0, **options: Any
    ) -> None:
        self._episode = Episode(layout, **options)
        if not 0 <= agent < self._episode.cooks:
            raise ValueError(f"the agent is a cook from 0 to {self._episode.cooks - 1}, not {agent}")
        self.agent = agent
        rules = self._episode.kitchen.rules
        self._partners = {
            cook: make_policy(partner, rules, cook) for cook in range(self._episode.cooks) if cook != agent
        }
        self.render_mode = self._episode.render_mode
        self.observation_space = self._episode.observation_space
        self.action_space = self._episode.action_space

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode; without a seed, one drawn from the last seed given."""
        super().reset(seed=seed)
        drawn = int(self.np_random.integers(2**31))
        self._episode.reset(drawn)
        for policy in self._partners.values():
            policy.reset(drawn)
        return self._seen()

    def step(self, action: np.int64 | int) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Advance by one tick.

        Raises:
            ResetNeeded: the episode has not begun or is over.
            ValueError: not a legal action index.
        """
        view = self._episode.kitchen.view()
        actions = [
            int(action) if cook == self.agent else self._partners[cook].act(view) for cook in range(self._episode.cooks)
        ]
        reward = self._episode.step(actions)[self.agent]
        observation, info = self._seen()
        return observation, reward, False, self._episode.over, info

    def _seen(self) -> tuple[Any, dict[str, Any]]:
        masks = self._episode.masks()
        view = self._episode.kitchen.view()
        info = {"action_mask": masks[self.agent], "score": view.score, "served": view.served}
        return self._episode.observe(masks)[self.agent], info
