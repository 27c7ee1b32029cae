"""The mask tells exactly which actions would change something."""

from __future__ import annotations

import random

import numpy as np
import peer
import pytest
from brigade.envs.kitchen.overcooked_ai.kernel import INTERACT, N_ACTIONS, STAY
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.state import KitchenState
from numpy.typing import NDArray

NAMES = ["cramped_room", "mdp_test", "forced_coordination", "multiplayer_schelling", "old_dynamics_put_test"]


def by_trying(rules: OvercookedRules, state: KitchenState) -> NDArray[np.bool_]:
    """For each cook and action, whether it leads elsewhere than standing still while all others stand still."""
    cooks = rules.layout.cooks
    nothing = state.copy()
    rules.step(nothing, [STAY] * cooks)
    mask = np.zeros((cooks, N_ACTIONS), dtype=np.bool_)
    for cook in range(cooks):
        for action in range(N_ACTIONS):
            tried, joint = state.copy(), [STAY] * cooks
            joint[cook] = action
            rules.step(tried, joint)
            mask[cook, action] = action == STAY or tried != nothing
    return mask


@pytest.mark.parametrize("name", NAMES)
def test_the_mask_is_what_trying_every_action_shows(name: str) -> None:
    seen = np.zeros((2, N_ACTIONS), dtype=int)
    for layout in peer.variants(name):
        rules, generator = OvercookedRules(layout), random.Random(3)
        player, state = GreedyPlayer(rules), rules.initial()
        for tick in range(250):
            mask = rules.mask(state)
            assert (mask == by_trying(rules, state)).all(), (layout.cooks, layout.old_dynamics, tick)
            seen[1] += mask.sum(axis=0)
            seen[0] += (~mask).sum(axis=0)
            slip, cooks = generator.random() < 0.3, range(layout.cooks)
            rules.step(state, [generator.randrange(6) if slip else player.act(state, i) for i in cooks])
    assert (seen[1] > 20).all()
    assert (np.delete(seen[0], STAY) > 20).all()
    assert seen[0, STAY] == 0


def test_nothing_can_be_done_with_a_full_pot_or_an_empty_counter() -> None:
    rules = OvercookedRules(peer.load("cramped_room"))
    data = rules.to_dict(rules.initial())
    data["players"][1] |= {"position": [2, 1], "orientation": [0, -1]}
    assert not rules.mask(rules.from_dict(data))[1, INTERACT], "an empty pot"
    onions = [{"name": "onion", "position": [2, 0]}] * 3
    full = data | {"objects": [{"name": "soup", "position": [2, 0], "_ingredients": onions}]}
    assert rules.mask(rules.from_dict(full))[1, INTERACT], "a pot to be started"
    data["players"][1]["held_object"] = {"name": "onion", "position": [2, 1]}
    assert rules.mask(rules.from_dict(data))[1, INTERACT], "an onion for an empty pot"
    full["players"] = data["players"]
    assert not rules.mask(rules.from_dict(full))[1, INTERACT], "an onion for a full pot"
