"""The scripted player delivers soups, alone and together, and does the same again for the same seed."""

from __future__ import annotations

import random
from dataclasses import replace

import peer
import pytest
from brigade.envs.kitchen import named_layouts
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules

SOUPS = {
    "cramped_room": 8,
    "asymmetric_advantages": 12,
    "coordination_ring": 7,
    "forced_coordination": 9,
    "counter_circuit": 5,
}
"""Soups that two players must deliver in 400 ticks."""


def served(layout: OvercookedLayout, seed: int, ticks: int = 400) -> int:
    rules = OvercookedRules(layout)
    state, player = rules.initial(), GreedyPlayer(rules)
    for _ in range(ticks):
        rules.step(state, [player.act(state, cook, seed) for cook in range(layout.cooks)])
    return rules.view(state).served


@pytest.mark.parametrize("name", named_layouts("overcooked_ai"))
def test_two_players_deliver_on_the_classic_maps(name: str) -> None:
    assert all(served(peer.load(name), seed) >= SOUPS[name] for seed in range(5))


@pytest.mark.parametrize("cooks", [1, 2, 3, 4])
def test_any_number_of_players_delivers_under_both_dynamics(cooks: int) -> None:
    layout = peer.with_cooks(peer.load("centre_pots"), cooks)
    assert layout is not None
    for seed in range(3):
        assert served(layout, seed) >= 5
        assert served(replace(layout, old_dynamics=True), seed) >= 5


def test_a_player_delivers_next_to_somebody_who_does_nothing() -> None:
    rules = OvercookedRules(peer.load("asymmetric_advantages"))
    state, player = rules.initial(), GreedyPlayer(rules)
    for _ in range(400):
        rules.step(state, [player.act(state, 0), 4])
    assert rules.view(state).served >= 6


def test_the_most_valuable_soup_is_made() -> None:
    rules = OvercookedRules(peer.load("asymmetric_advantages_tomato"))
    state, player = rules.initial(), GreedyPlayer(rules)
    best = max(rules.layout.worth(recipe) for recipe in rules.layout.orders)
    rewards = [rules.step(state, [player.act(state, cook) for cook in range(2)]).team for _ in range(400)]
    assert {reward for reward in rewards if reward} == {best}


def test_an_action_depends_on_nothing_but_state_cook_and_seed() -> None:
    rules = OvercookedRules(peer.load("coordination_ring"))
    state, player, generator = rules.initial(), GreedyPlayer(rules), random.Random(0)
    states = []
    for _ in range(200):
        states.append((state.copy(), [player.act(state, cook, 3) for cook in range(2)]))
        rules.step(state, states[-1][1])
    generator.shuffle(states)
    fresh = GreedyPlayer(rules)
    for then, actions in states:
        assert [fresh.act(then, cook, 3) for cook in (1, 0)] == actions[::-1]
    assert any([fresh.act(then, cook, 4) for cook in range(2)] != actions for then, actions in states)
