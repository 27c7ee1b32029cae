"""Many kitchens at once are the same kitchens one by one: states, rewards, planes, masks, starting again."""

from __future__ import annotations

import numpy as np
import pytest
from brigade.envs.kitchen import RULE_BOOKS, Kitchen, named_layouts
from brigade.envs.kitchen.api import KitchenVectorEnv
from brigade.envs.kitchen.batch import MIN_PART, KitchenBatch
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode

LAYOUTS = [name for book in RULE_BOOKS for name in named_layouts(book)[:2]]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_batch_is_its_kitchens_one_by_one(layout: str) -> None:
    batch = KitchenBatch(layout, 6)
    batch.reset(seed=40)
    singles = [Kitchen(layout) for _ in range(6)]
    for number, kitchen in enumerate(singles):
        kitchen.reset(40 + number)
    random = np.random.default_rng(1)
    for _ in range(300):
        actions = random.integers(len(batch.rules.actions), size=(6, batch.layout.cooks))
        batch.step(actions)
        for number, kitchen in enumerate(singles):
            rewards = kitchen.step(actions[number].tolist())
            assert batch.team_rewards[number] == rewards.team
            assert tuple(batch.rewards[number]) == rewards.cooks
            assert tuple(batch.shaped[number]) == rewards.shaped
            assert batch.state(number) == kitchen.state
            assert np.array_equal(batch.planes[number], kitchen.rules.observe(kitchen.state))
            assert np.array_equal(batch.masks[number], kitchen.rules.mask(kitchen.state))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_action_outside_the_mask_changes_nothing(layout: str) -> None:
    kitchen = Kitchen(layout)
    kitchen.reset(0)
    stay, cooks = kitchen.rules.actions.index("stay"), kitchen.layout.cooks
    random = np.random.default_rng(2)
    for _ in range(250):
        still = kitchen.state.copy()
        kitchen.rules.step(still, [stay] * cooks)
        mask = kitchen.rules.mask(kitchen.state)
        for cook in range(cooks):
            for action in np.flatnonzero(~mask[cook]):
                tried = kitchen.state.copy()
                kitchen.rules.step(tried, [int(action) if each == cook else stay for each in range(cooks)])
                assert tried == still
        kitchen.step([int(random.choice(np.flatnonzero(mask[cook]))) for cook in range(cooks)])


def test_kitchens_start_anew_with_a_seed_of_their_own() -> None:
    batch = KitchenBatch("ring", 3)
    batch.reset(seed=10)
    batch.step(np.zeros((3, 2), dtype=int), restart=np.array([False, True, False]))
    assert batch.state(1) == Kitchen("ring").rules.initial(seed=14)
    assert batch.state(0).vector[0] == 1
    batch.restart([True, False, False])
    assert batch.state(0) == Kitchen("ring").rules.initial(seed=13)
    assert batch.state(2).vector[0] == 1


def test_large_batches_are_cut_into_parts_for_the_cores_without_a_difference() -> None:
    size = 3 * MIN_PART + 5
    actions = np.random.default_rng(3).integers(5, size=(50, size, 2))
    whole, small = KitchenBatch("quick", size), KitchenBatch("quick", 10)
    for each in actions:
        whole.step(each)
        small.step(each[:10])
    for number in range(10):
        assert whole.state(number) == small.state(number)
    assert not np.array_equal(whole.state(0).vector, whole.state(size - 1).vector)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_kitchen_takes_at_most_four_kibibytes(layout: str) -> None:
    assert KitchenBatch(layout, 8).bytes_per_kitchen <= 4096


def test_wrong_actions_are_refused() -> None:
    batch = KitchenBatch("ring", 3)
    with pytest.raises(ValueError, match=r"shape \(3, 2\), not \(2,\)"):
        batch.step([0, 1])
    with pytest.raises(ValueError, match="from 0 to 4"):
        batch.step([[0, 0], [0, 9], [0, 0]])
    with pytest.raises(ValueError, match="at least one kitchen"):
        KitchenBatch("ring", 0)


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_episodes_end_and_begin_as_the_autoreset_mode_says(mode: AutoresetMode) -> None:
    env = KitchenVectorEnv(4, "ring", partner="idle", horizon=5, autoreset_mode=mode)
    first, _ = env.reset(seed=0)
    stay = np.zeros(4, dtype=np.int64)
    for _ in range(4):
        assert not env.step(stay)[3].any()
    seen, _, _, truncated, infos = env.step(stay)
    assert truncated.all()
    left = env._batch.rules.planes.index("seconds left of the episode")
    if mode == AutoresetMode.SAME_STEP:
        assert (infos["final_obs"][0][left] == 0).all()
        assert (seen[:, left] == 1).all()
        assert not env.step(stay)[3].any()
    elif mode == AutoresetMode.NEXT_STEP:
        assert (seen[:, left] == 0).all()
        seen, rewards, _, truncated, _ = env.step(stay)
        assert not truncated.any()
        assert (rewards == 0).all()
        assert (seen[:, left] == 1).all()
    else:
        with pytest.raises(ResetNeeded, match="reset_mask"):
            env.step(stay)
        seen, _ = env.reset(options={"reset_mask": np.ones(4, dtype=bool)})
        assert (seen[:, left] == 1).all()
    assert seen.shape == first.shape


def test_cooks_of_one_kitchen_can_be_environments_side_by_side() -> None:
    env = KitchenVectorEnv(4, "ring", partner="self")
    seen, infos = env.reset(seed=0)
    assert seen.shape[0] == infos["action_mask"].shape[0] == 4
    right = env._batch.rules.actions.index("right")
    moved, *_ = env.step(np.array([right, 0, 0, 0]))
    assert moved[0, 0, 1, 2] == 1, "cook 1 of kitchen 1 moved"
    assert moved[1, 1, 1, 2] == 1, "and cook 2 sees it"
    assert moved[2, 0, 1, 1] == 1, "but not in kitchen 2"
    with pytest.raises(ValueError, match="multiple of 2"):
        KitchenVectorEnv(3, "ring", partner="self")


def test_partners_may_be_functions_of_what_they_see() -> None:
    def walks_left(planes: np.ndarray, masks: np.ndarray) -> np.ndarray:
        assert planes.shape[:2] == masks.shape[:2] == (2, 1)
        return np.full((2, 1), 4)

    env = KitchenVectorEnv(2, "ring", partner=walks_left)
    env.reset(seed=0)
    seen, *_ = env.step(np.zeros(2, dtype=np.int64))
    assert seen[0, 1, 1, 4] == 1
