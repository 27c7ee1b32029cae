"""States in the published JSON form: they survive it, and what is no state is refused with a reason."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import peer
import pytest
from brigade.envs.kitchen import Kitchen
from brigade.envs.kitchen.overcooked_ai import kernel
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.overcooked_ai.state_form import SoupForm
from hypothesis import given, settings
from hypothesis import strategies as st
from overcooked.mdp.overcooked_mdp import OvercookedState

ONION_SOUP = {
    "name": "soup",
    "position": [2, 0],
    "_ingredients": [{"name": "onion", "position": [2, 0]}] * 3,
    "cooking_tick": 5,
    "is_cooking": True,
    "is_ready": False,
    "is_idle": False,
    "cook_time": 20,
    "_cooking_tick": 5,
}


def room() -> OvercookedRules:
    rules = Kitchen("cramped_room").rules
    assert isinstance(rules, OvercookedRules)
    return rules


def state(**changes: Any) -> dict[str, Any]:
    """The start of the cramped room, changed."""
    return room().to_dict(room().initial()) | changes


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(peer.LAYOUTS), st.integers(0, 2**32 - 1))
def test_every_state_round_trips_through_its_dict(name: str, seed: int) -> None:
    rules = OvercookedRules(peer.load(name))
    now, player, generator = rules.initial(), GreedyPlayer(rules), random.Random(seed)
    for tick in range(300):
        cooks = range(rules.layout.cooks)
        rules.step(
            now, [player.act(now, i, seed) if generator.random() < 0.8 else generator.randrange(6) for i in cooks]
        )
        if tick % 30 == 0:
            data = json.loads(json.dumps(rules.to_dict(now)))
            again = rules.from_dict(data)
            assert rules.to_dict(again) == data
            earned = [kernel.SCORE, kernel.SERVED]  # of which the published form says nothing
            again.vector[earned] = now.vector[earned]
            assert again == now
            assert hash(again) == hash(now)


def test_a_published_state_is_read_with_everything_in_it() -> None:
    data = state(objects=[ONION_SOUP, {"name": "dish", "position": [0, 0]}], timestep=17)
    assert room().to_dict(room().from_dict(data)) == data
    assert peer.plain(OvercookedState.from_dict(data)) == data


def test_the_oldest_form_of_a_soup_is_read() -> None:
    peer.peer_of(peer.load("cramped_room"))
    for ticks in (0, 7, 20, 30):
        data = state(objects=[{"name": "soup", "position": [2, 0], "state": ["onion", 3, ticks]}])
        assert room().to_dict(room().from_dict(data)) == peer.plain(OvercookedState.from_dict(data))


def test_what_a_state_says_of_cooking_times_is_not_believed() -> None:
    wrong = ONION_SOUP | {"cook_time": 3, "is_cooking": False, "is_ready": True}
    assert room().to_dict(room().from_dict(state(objects=[wrong])))["objects"] == [ONION_SOUP]


def held(thing: dict[str, Any]) -> dict[str, Any]:
    first, second = state()["players"]
    return state(players=[first | {"held_object": thing | {"position": first["position"]}}, second])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (state(players=state()["players"][:1]), "1 players in a kitchen for 2"),
        (state(players=[state()["players"][0]] * 2), r"two things or cooks at \[1, 2\]"),
        (state(players=[state()["players"][0] | {"position": [0, 0]}, state()["players"][1]]), "is no floor"),
        (state(players=[state()["players"][0] | {"orientation": [1, 1]}, state()["players"][1]]), "direction"),
        (state(weather="fine"), "weather: Extra inputs are not permitted"),
        (state(objects=[{"name": "dish", "position": [0, 0], "colour": "red"}]), "colour"),
        (state(objects=[{"name": "lettuce", "position": [0, 0]}]), "lettuce"),
        (state(objects=[{"name": "dish", "position": [1, 1]}]), r"\[1, 1\] is no counter or pot"),
        (state(objects=[{"name": "dish", "position": [0, 1]}]), r"\[0, 1\] is no counter or pot"),
        (state(objects=[{"name": "dish", "position": [-1, 9]}]), r"\[-1, 9\] is no counter"),
        (state(objects=[{"name": "dish", "position": [2, 0]}]), "in a pot there can only be a soup"),
        (state(objects=[{"name": "dish", "position": [0, 0]}] * 2), "two things or cooks"),
        (state(objects=[ONION_SOUP | {"_ingredients": ONION_SOUP["_ingredients"] * 2}]), "more than 3 ingredients"),  # type: ignore[operator]
        (state(objects=[ONION_SOUP | {"_ingredients": []}]), "cooked from nothing"),
        (state(objects=[ONION_SOUP | {"_cooking_tick": 9}]), "two different cooking ticks"),
        (state(objects=[ONION_SOUP | {"position": [0, 0]}]), "ingredients that are elsewhere"),
        (held(ONION_SOUP | {"_ingredients": [{"name": "onion", "position": [1, 2]}]}), "not ready"),
        (state(players=[state()["players"][0] | {"held_object": ONION_SOUP}, state()["players"][1]]), "is held at"),
        (state(all_orders=[]), "orders are fixed by the layout"),
        (state(bonus_orders=state()["all_orders"]), "orders are fixed by the layout"),
        (state(timestep=-1), "timestep"),
        (state(timestep=2**40), "timestep"),
        ({}, "players"),
        ([], "state"),
    ],
)
def test_what_is_no_state_is_refused_with_the_reason(data: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        room().from_dict(data)
    assert str(caught.value).startswith("not a state of 'cramped_room': ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("joint", [[0], [0, 1, 2], [], [0, 6], [-1, 0], [0, "up"], [0, None], [[0], 1], [0.5, 1]])
def test_an_illegal_joint_action_is_refused_and_changes_nothing(joint: list[Any]) -> None:
    for cooks in (2, 4):  # joint actions of up to three cooks are prepared, others are not
        layout = peer.with_cooks(peer.load("cramped_room"), cooks)
        assert layout is not None
        rules = OvercookedRules(layout)
        now = rules.initial()
        before = now.digest()
        with pytest.raises(ValueError, match=f"a joint action is {cooks} indices from 0 to 5, not"):
            rules.step(now, joint)
        assert now.digest() == before


def test_orders_cannot_be_given() -> None:
    with pytest.raises(ValueError, match="orders of 'cramped_room' are fixed by its layout"):
        Kitchen("cramped_room").reset(orders=["alice"])


def test_kitchens_do_not_change_each_others_recipes() -> None:
    """The published environment keeps the recipes of all kitchens in one class."""
    plain, quick = OvercookedRules(peer.load("simple_tomato")), OvercookedRules(peer.load("simple_o_t"))
    for rules, time in ((plain, 20), (quick, 5), (plain, 20)):
        data = rules.to_dict(rules.initial())
        pot = list(rules.layout.xy(int(rules.plan[2][0])))
        tomatoes = [{"name": "tomato", "position": pot}] * 3
        soup = {"name": "soup", "position": pot, "_ingredients": tomatoes, "cooking_tick": 0}
        assert rules.to_dict(rules.from_dict(data | {"objects": [soup]}))["objects"][0]["cook_time"] == time


def test_soups_of_different_sizes_are_different() -> None:
    one, three = ({"_ingredients": ONION_SOUP["_ingredients"][:n]} for n in (1, 3))  # type: ignore[index]
    rules = room()
    assert rules.from_dict(state(objects=[ONION_SOUP | one])) != rules.from_dict(state(objects=[ONION_SOUP | three]))


def test_a_start_state_is_where_a_kitchen_starts() -> None:
    rules = OvercookedRules(peer.load("tutorial_1"))
    start = rules.to_dict(rules.initial())
    assert [player["position"] for player in start["players"]] == [[4, 3], [4, 1]]
    assert SoupForm.model_validate(start["objects"][0]).position == (2, 2)
    assert rules.initial(seed=5) == rules.initial(seed=0)


def test_an_infinite_bonus_brings_infinite_rewards_and_the_largest_score() -> None:
    layout = replace(peer.load("tutorial_3"), starts=peer.load("tutorial_3").starts)
    rules = OvercookedRules(layout)
    now, player, best = rules.initial(), GreedyPlayer(rules), 0.0
    for _ in range(200):
        best = max(best, rules.step(now, [player.act(now, i) for i in range(2)]).team)
    assert best == float("inf")
    assert rules.view(now).score == 2**31 - 1
