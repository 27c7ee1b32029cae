"""PettingZoo: every cook is an agent, and all of them act at once."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from brigade.envs.kitchen.api.episode import RENDER_MODES, Episode
from brigade.envs.kitchen.api.one_kitchen import OneKitchen
from brigade.envs.kitchen.plan import Layout
from gymnasium import spaces
from gymnasium.utils import seeding
from numpy.typing import NDArray
from pettingzoo.utils.conversions import parallel_to_aec
from pettingzoo.utils.env import AECEnv, ParallelEnv


class KitchenParallelEnv(OneKitchen, ParallelEnv[str, Any, int]):  # type: ignore[misc]  # PettingZoo is untyped
    """A kitchen as a PettingZoo `ParallelEnv` with the agents `cook_1`, `cook_2`, and so on.

    Every agent is rewarded with the change of the team's score, plus `shaping` times its own shaped reward. Episodes
    are truncated at the horizon and never terminate. `infos[agent]["action_mask"]` tells which actions could change
    anything; all actions are always allowed. Arguments and errors are those of `Episode`.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012  declared so by PettingZoo
        "name": "brigade_kitchen_v0",
        "render_modes": list(RENDER_MODES),
        "render_fps": 10,
        "is_parallelizable": True,
    }

    def __init__(self, layout: Layout | str, **options: Any) -> None:
        self._episode = Episode(layout, **options)
        self.render_mode = self._episode.render_mode
        self.possible_agents = [f"cook_{number}" for number in range(1, self._episode.cooks + 1)]
        self.agents: list[str] = []
        self._action_spaces = {agent: copy(self._episode.action_space) for agent in self.possible_agents}
        self._observation_spaces = {agent: copy(self._episode.observation_space) for agent in self.possible_agents}
        self._random, _ = seeding.np_random(None)

    @property
    def unwrapped(self) -> KitchenParallelEnv:
        """Itself."""
        return self

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """What this agent is shown; always the same object."""
        return self._observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """An action index of the rule book."""
        return self._action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Begin an episode; without a seed, one drawn from the last seed given."""
        if seed is not None:
            self._random, _ = seeding.np_random(seed)
        self._episode.reset(int(self._random.integers(2**31)))
        self.agents = list(self.possible_agents)
        return self._seen()

    def step(
        self, actions: dict[str, int]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Advance by one tick.

        Raises:
            ResetNeeded: the episode has not begun or is over.
            ValueError: an action is missing, illegal, or nobody's.
        """
        if self.agents and set(actions) != set(self.agents):
            raise ValueError(f"one action for each of {', '.join(self.agents)} is needed, not for {', '.join(actions)}")
        rewards = self._episode.step([actions.get(agent, -1) for agent in self.possible_agents])
        agents, over = self.agents, self._episode.over
        observations, infos = self._seen()
        if over:
            self.agents = []
        return (
            observations,
            dict(zip(agents, rewards, strict=True)),
            dict.fromkeys(agents, False),
            dict.fromkeys(agents, over),
            infos,
        )

    def state(self) -> NDArray[np.int32]:
        """The whole kitchen as integers: the vector of the rule book."""
        return self._episode.kitchen.state.vector.copy()

    def _seen(self) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        masks = self._episode.masks()
        observations = dict(zip(self.possible_agents, self._episode.observe(masks), strict=True))
        return observations, {
            agent: {"action_mask": mask} for agent, mask in zip(self.possible_agents, masks, strict=True)
        }


def parallel_env(layout: Layout | str = "ring", **options: Any) -> KitchenParallelEnv:
    """A kitchen as a PettingZoo `ParallelEnv`; see KitchenParallelEnv."""
    return KitchenParallelEnv(layout, **options)


def aec_env(layout: Layout | str = "ring", **options: Any) -> AECEnv:
    """The same as a PettingZoo `AECEnv`, in which the cooks choose one after the other and then act at once."""
    return parallel_to_aec(KitchenParallelEnv(layout, **options))
