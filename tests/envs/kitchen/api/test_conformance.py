"""The field's own conformance tests, for every rule book and kind of observation, and what wrong use is told."""

from __future__ import annotations

import brigade.envs  # registers brigade/Kitchen-v0
import gymnasium
import numpy as np
import pytest
from brigade.envs.kitchen import RULE_BOOKS, named_layouts
from brigade.envs.kitchen.api import OBSERVATIONS, aec_env, parallel_env
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

assert brigade.envs.__doc__

LAYOUTS = [name for book in RULE_BOOKS for name in named_layouts(book)[:2]]
KINDS = [(layout, kind) for layout in LAYOUTS for kind in OBSERVATIONS]


@pytest.mark.parametrize(("layout", "observation"), KINDS)
def test_gymnasium_finds_nothing_wrong(layout: str, observation: str) -> None:
    for masked in (False, True):
        env = gymnasium.make(
            "brigade/Kitchen-v0",
            layout=layout,
            observation=observation,
            masked=masked,
            horizon=40,
            render_mode="rgb_array",
        )
        check_env(env.unwrapped)
        env.close()


@pytest.mark.parametrize(("layout", "observation"), KINDS)
@pytest.mark.filterwarnings("ignore:Observation")  # PettingZoo would rather have one array than a dictionary
def test_pettingzoo_finds_nothing_wrong(layout: str, observation: str) -> None:
    options = {"observation": observation, "horizon": 40}
    parallel_api_test(parallel_env(layout, **options), num_cycles=100)
    parallel_seed_test(lambda: parallel_env(layout, **options), num_cycles=60)
    seed_test(lambda: aec_env(layout, **options), num_cycles=60)
    if observation != "text":  # its AEC test asks every observation for a dtype
        api_test(aec_env(layout, **options), num_cycles=60)


@pytest.mark.parametrize(("layout", "observation"), KINDS)
def test_spaces_contain_every_observation(layout: str, observation: str) -> None:
    env = parallel_env(layout, observation=observation, masked=True, horizon=300)
    observations, infos = env.reset(seed=3)
    random = np.random.default_rng(0)
    while env.agents:
        for agent, seen in observations.items():
            assert env.observation_space(agent).contains(seen)
            assert np.array_equal(seen["action_mask"], infos[agent]["action_mask"])
        actions = {agent: int(random.integers(5)) for agent in env.agents}
        observations, _, terminated, truncated, infos = env.step(actions)
        assert not any(terminated.values())
    assert all(truncated.values())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_seed_gives_the_same_episode_and_another_one_another(layout: str) -> None:
    def episode(seed: int) -> list[bytes]:
        env = gymnasium.make("brigade/Kitchen-v0", layout=layout, partner="random", horizon=60)
        env.action_space.seed(0)
        seen, _ = env.reset(seed=seed)
        trace = [seen.tobytes()]
        for _ in range(60):
            seen, *_ = env.step(env.action_space.sample())
            trace.append(seen.tobytes())
        return trace

    assert episode(1) == episode(1)
    assert episode(1) != episode(2)


def test_resetting_without_a_seed_goes_on_to_other_episodes() -> None:
    env = parallel_env("ring")
    first = env.reset(seed=5)[0]["cook_1"]
    others = [env.reset()[0]["cook_1"] for _ in range(5)]
    assert any(not np.array_equal(first, other) for other in others)
    assert np.array_equal(env.reset(seed=5)[0]["cook_1"], first)


@pytest.mark.parametrize("mode", ["rgb_array", "ansi"])
def test_render_modes(mode: str) -> None:
    env = parallel_env("ring", render_mode=mode)
    env.reset(seed=0)
    shown = env.render()
    if mode == "ansi":
        assert isinstance(shown, str)
        assert "Bob" in shown or "Alice" in shown or "Cathy" in shown or "David" in shown
    else:
        assert isinstance(shown, np.ndarray)
        assert shown.dtype == np.uint8
        assert shown.ndim == 3


def test_rewards_are_the_teams_and_shaping_adds_to_them() -> None:
    plain = gymnasium.make("brigade/Kitchen-v0", layout="ring", partner="idle")
    plain.reset(seed=0)
    rewards = [float(plain.step(0)[1]) for _ in range(1000)]
    assert sum(rewards) == -15  # three orders expire


WRONG: list[tuple[dict[str, object], str]] = [
    ({"layout": "nowhere"}, "no map or layout file called 'nowhere'"),
    ({"rules": "chess"}, "unknown rule book 'chess'"),
    ({"observation": "smell"}, "unknown observation 'smell'"),
    ({"partner": "robot"}, "unknown partner 'robot'"),
    ({"agent": 7}, "the agent is a cook from 0 to 1, not 7"),
    ({"horizon": 0}, "at least one tick"),
    ({"render_mode": "hologram"}, "render mode"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_what_there_is_not_is_refused(options: dict[str, object], words: str) -> None:
    from brigade.envs.kitchen.api import KitchenEnv

    with pytest.raises(ValueError, match=words):
        KitchenEnv(**options)  # type: ignore[arg-type]


def test_wrong_use_is_told_clearly() -> None:
    env = parallel_env("ring", horizon=2)
    with pytest.raises(ResetNeeded, match=r"reset\(\) before"):
        env.step({"cook_1": 0, "cook_2": 0})
    env.reset(seed=0)
    with pytest.raises(ValueError, match="one action for each of cook_1, cook_2"):
        env.step({"cook_1": 0})
    with pytest.raises(ValueError, match="indices from 0 to 4"):
        env.step({"cook_1": 0, "cook_2": 5})
    for _ in range(2):
        env.step({"cook_1": 0, "cook_2": 0})
    with pytest.raises(ResetNeeded, match="the episode is over after 2 ticks"):
        env.step({"cook_1": 0, "cook_2": 0})
