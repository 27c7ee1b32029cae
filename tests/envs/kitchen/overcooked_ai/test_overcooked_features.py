"""The planes are the published lossless encoding."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import peer
import pytest
from brigade.envs.kitchen.overcooked_ai.features import lossless, plane_names
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.state import KitchenState
from numpy.typing import NDArray
from overcooked.mdp.overcooked_mdp import OvercookedState

FOR_TWO = [name for name in peer.LAYOUTS if peer.load(name).cooks == 2]


def planes(rules: OvercookedRules, state: KitchenState) -> NDArray[np.uint8]:
    layout = rules.layout
    out = np.full((layout.cooks, 5 * layout.cooks + 16, layout.height, layout.width), 99, dtype=np.uint8)
    lossless(state.vector, *rules.plan, out)
    return out


def published(layout: OvercookedLayout, data: dict[str, object]) -> NDArray[np.int64]:
    mdp = peer.peer_of(layout)
    stacks = mdp.lossless_state_encoding(OvercookedState.from_dict(data), horizon=layout.horizon)
    return np.array([stack.transpose(2, 1, 0) for stack in stacks])


@pytest.mark.parametrize("name", FOR_TWO)
def test_two_cooks_see_the_published_planes(name: str) -> None:
    rules, generator = OvercookedRules(replace(peer.load(name), horizon=400)), random.Random(5)
    player, state = GreedyPlayer(rules), rules.initial()
    for tick in range(400):
        if tick % 16 == 0 or 358 < tick < 363:
            assert (planes(rules, state) == published(rules.layout, rules.to_dict(state))).all(), tick
        joint = [generator.randrange(6) if generator.random() < 0.2 else player.act(state, i) for i in range(2)]
        rules.step(state, joint)


def test_the_planes_have_names() -> None:
    assert len(plane_names()) == 26
    assert plane_names()[:3] == ("player_0_loc", "player_1_loc", "player_0_orientation_0")
    assert plane_names(cook=1)[:2] == ("player_1_loc", "player_0_loc")
    assert plane_names()[-3:] == ("onions", "tomatoes", "urgency")
    assert len(plane_names(cooks=4)) == 5 * 4 + 16


def test_more_cooks_see_themselves_first_and_then_the_others_in_order() -> None:
    rules = OvercookedRules(peer.load("multiplayer_schelling"))
    state = rules.initial()
    rules.step(state, [1, 2, 3, 0])
    seen = planes(rules, state)
    assert seen.shape == (4, 36, 7, 7)
    for cook in range(4):
        for plane, name in enumerate(plane_names(4, cook)[: 5 * 4]):
            _, number, *rest = name.split("_")
            place, direction = divmod_cell(rules, state, int(number))
            wanted = np.zeros((7, 7), dtype=np.uint8)
            if rest == ["loc"] or rest == ["orientation", str(direction)]:
                wanted[place] = 1
            assert (seen[cook, plane] == wanted).all(), (cook, name)
        assert (seen[cook, 20:] == seen[0, 20:]).all()


def divmod_cell(rules: OvercookedRules, state: KitchenState, cook: int) -> tuple[tuple[int, int], int]:
    """Row and column of a cook, and its direction's index."""
    seen = rules.view(state).cooks[cook]
    x, y = rules.layout.xy(seen.cell)
    assert seen.facing is not None
    return (y, x), [(0, -1), (0, 1), (1, 0), (-1, 0)].index(seen.facing)


def test_numbers_that_do_not_fit_stop_at_255() -> None:
    rules = OvercookedRules(replace(peer.load("cramped_room"), cook_time=300))
    onions = [{"name": "onion", "position": [2, 0]}] * 3
    soup = {"name": "soup", "position": [2, 0], "_ingredients": onions}
    left = plane_names().index("soup_cook_time_remaining")
    for tick, shown in ((0, 255), (44, 255), (45, 255), (46, 254), (300, 0), (310, 0)):
        data = rules.to_dict(rules.initial()) | {"objects": [soup | {"cooking_tick": tick}]}
        assert planes(rules, rules.from_dict(data))[0, left, 0, 2] == shown
