"""The kernel against the published environment, at every transition, on every layout that comes with it.

All 49 of its layouts are loaded by its own code, and by ours. Each is played with one to four cooks, as far as there is
floor for them, and under both dynamics, as far as it has orders of three ingredients.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import peer
import pytest
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.state import KitchenState
from overcooked.mdp.overcooked_mdp import OvercookedState

PURPOSEFUL, MIXED, RANDOM = 320, 140, 80
"""Transitions of each kind of play in each variant of a layout."""
EVERY = 20
"""Transitions from one comparison of the whole JSON to the next; the numbers are compared at each."""

Play = Callable[[KitchenState, random.Random], list[int]]


def purposeful(rules: OvercookedRules, seed: int) -> Play:
    """Everybody cooks, but slips now and then."""
    player = GreedyPlayer(rules)

    def play(state: KitchenState, generator: random.Random) -> list[int]:
        cooks = range(rules.layout.cooks)
        return [generator.randrange(6) if generator.random() < 0.15 else player.act(state, i, seed) for i in cooks]

    return play


def mixed(rules: OvercookedRules, seed: int) -> Play:
    """One cooks, the others press anything, mostly interact."""
    player = GreedyPlayer(rules)

    def play(state: KitchenState, generator: random.Random) -> list[int]:
        joint = generator.choices(range(6), (1, 1, 1, 1, 0.5, 2), k=rules.layout.cooks)
        cook = seed % rules.layout.cooks
        joint[cook] = player.act(state, cook, seed)
        return joint

    return play


def anything(rules: OvercookedRules, seed: int) -> Play:
    """Everybody presses anything."""
    return lambda state, generator: [generator.randrange(6) for _ in range(rules.layout.cooks)]


class Pair:
    """Both environments in what should be the same state."""

    def __init__(self, layout: OvercookedLayout) -> None:
        self.layout, self.rules = layout, OvercookedRules(layout)
        self.mdp = peer.peer_of(layout)
        self.theirs = self.mdp.get_standard_start_state()
        self.ours = self.rules.initial()
        self.steps = 0

    def step(self, joint: list[int]) -> float:
        """Advance both and compare everything; returns what was earned."""
        self.theirs, infos = self.mdp.get_state_transition(self.theirs, peer.actions_of(joint))
        rewards = self.rules.step(self.ours, joint)
        self.steps += 1
        where = (self.layout.name, self.layout.cooks, self.layout.old_dynamics, self.steps, joint)
        assert peer.our_numbers(self.ours.vector) == peer.numbers(self.layout, self.theirs), where
        assert list(rewards.cooks) == infos["sparse_reward_by_agent"], where
        assert list(rewards.shaped) == infos["shaped_reward_by_agent"], where
        assert rewards.team == sum(rewards.cooks)
        if self.steps % EVERY == 0 or rewards.team:
            self.compare()
        return rewards.team

    def compare(self) -> None:
        """Compare the whole JSON."""
        assert self.rules.to_dict(self.ours) == peer.plain(self.theirs), (self.layout.name, self.steps)


@pytest.mark.parametrize("name", peer.LAYOUTS)
def test_every_transition_is_the_published_one(name: str) -> None:
    served = 0
    for seed, layout in enumerate(peer.variants(name)):
        pair, generator = Pair(layout), random.Random(seed)
        pair.compare()
        for kind, times in ((purposeful, PURPOSEFUL), (mixed, MIXED), (anything, RANDOM)):
            play = kind(pair.rules, seed)
            for _ in range(times):
                served += pair.step(play(pair.ours, generator)) != 0
    assert served >= 2, "hardly anything was delivered"


def test_that_makes_more_than_200_000_transitions() -> None:
    variants = sum(1 for name in peer.LAYOUTS for _ in peer.variants(name))
    assert len(peer.LAYOUTS) == 49
    assert variants * (PURPOSEFUL + MIXED + RANDOM) >= 200_000


@pytest.mark.parametrize("name", ["cramped_room", "soup_coordination", "multiplayer_schelling", "tutorial_3"])
def test_random_states_are_read_and_go_on_as_published(name: str) -> None:
    np.random.seed(7)  # the published generator of states draws from the process-wide one
    generator = random.Random(7)
    pair = Pair(peer.load(name))
    start = pair.mdp.get_random_start_state_fn(
        random_start_pos=name != "multiplayer_schelling", rnd_obj_prob_thresh=0.6
    )
    for _ in range(60):
        pair.theirs = start()
        pair.ours = pair.rules.from_dict(peer.plain(pair.theirs))
        pair.compare()
        for _ in range(15):
            pair.step(generator.choices(range(6), (1, 1, 1, 1, 0.5, 3), k=pair.layout.cooks))


@pytest.mark.parametrize("most", [1, 2, 4, 6])
def test_soups_of_other_sizes_cook_as_published(most: int) -> None:
    layout = replace(peer.load("tutorial_2"), max_num_ingredients=most)
    pair, generator = Pair(layout), random.Random(most)
    pair.compare()
    play = purposeful(pair.rules, most)
    assert sum(pair.step(play(pair.ours, generator)) for _ in range(1500)) > 0


ONION = {"name": "onion", "position": [2, 0]}
AT_POT = {"position": [2, 1], "orientation": [0, -1]}
AT_DISHES = {"position": [1, 2], "orientation": [0, 1]}


def soup(onions: int, tick: int) -> dict[str, Any]:
    return {"name": "soup", "position": [2, 0], "_ingredients": [ONION] * onions, "cooking_tick": tick}


@pytest.mark.parametrize("pot_first", [True, False])
@pytest.mark.parametrize("held", [None, "onion", "dish"])
@pytest.mark.parametrize("pot", [None, (1, -1), (2, -1), (3, -1), (3, 0), (3, 19), (3, 20)])
@pytest.mark.parametrize("lying", [None, "onion", "dish"])
def test_taking_a_dish_is_rewarded_by_the_pots_before_the_step_and_the_dishes_during_it(
    pot_first: bool, held: str | None, pot: tuple[int, int] | None, lying: str | None
) -> None:
    """One cook uses the pot in the very step in which the other takes a dish: the order of the two matters."""
    pair = Pair(peer.load("cramped_room"))
    using: dict[str, Any] = AT_POT | {"held_object": held and {"name": held, "position": AT_POT["position"]}}
    things = [soup(*pot)] if pot else []
    things += [{"name": lying, "position": [0, 0]}] if lying else []
    players = [using, AT_DISHES] if pot_first else [AT_DISHES, using]
    data = peer.plain(pair.theirs) | {"players": players, "objects": things}
    pair.theirs, pair.ours = OvercookedState.from_dict(data), pair.rules.from_dict(data)
    pair.step([5, 5])
    pair.compare()
