"""What agents see: the own cook first, every plane where it says, words that name what is there."""

from __future__ import annotations

import numpy as np
from brigade.envs.kitchen.api import make_observer
from brigade.envs.kitchen.hla.rules import HlaRules
from scenes import arrange

SCENE = {
    (3, 3): "ChoppingOnion",
    (3, 4): "CookedLettuce-CookedOnion",
    (4, 4): "CharredTomato-Fire",
    (0, 2): "ChoppedTomato-Plate",
}


def rules_and_planes() -> tuple[HlaRules, list[np.ndarray]]:
    kitchen = arrange("ring", squares=SCENE, cooks=[((1, 1), "FreshOnion"), ((5, 1), None)])
    return kitchen.rules, make_observer("planes", kitchen.rules).observe(kitchen.state)


def test_every_plane_holds_what_its_name_says() -> None:
    rules, (first, second) = rules_and_planes()
    plane = dict(zip(rules.planes, first, strict=True))
    assert plane["self"][1, 1] == plane["cook 1 after self"][1, 5] == 1
    assert plane["onion"][1, 1] == plane["fresh"][1, 1] == 1, "what is held shows where the cook stands"
    assert plane["onion"][3, 3] == plane["chopping"][3, 3] == 1
    assert plane["left: seconds in a pot, chops on a board"][3, 3] == 8
    assert plane["lettuce"][4, 3] == plane["onion"][4, 3] == plane["cooked"][4, 3] == 1
    assert plane["left: seconds in a pot, chops on a board"][4, 3] == 25
    assert plane["fire"][4, 4] == plane["charred"][4, 4] == 1
    assert plane["plate"][2, 0] == plane["chopped"][2, 0] == 1
    assert plane["extinguisher"].sum() == 1
    assert plane["pot"].sum() == 2
    assert (plane["Bob: open orders"] == 1).all()
    assert (plane["Bob: seconds left of the most urgent order"] == 60).all()
    assert (plane["Cathy: open orders"] == 0).all()
    assert (plane["seconds left of the episode"] == 100).all()
    assert sum(p.any() for p in plane.values()) <= len(plane)
    other = dict(zip(rules.planes, second, strict=True))
    assert other["self"][1, 5] == other["cook 1 after self"][1, 1] == 1
    same = [name for name in rules.planes if "self" not in name]
    assert all(np.array_equal(plane[name], other[name]) for name in same)


def test_numbers_say_the_same_as_the_view() -> None:
    kitchen = arrange("ring", squares=SCENE, cooks=[((1, 1), "FreshOnion"), ((5, 1), None)])
    first, second = make_observer("symbolic", kitchen.rules).observe(kitchen.state)
    assert first["cooks"][0].tolist() == [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0]
    assert np.array_equal(first["cooks"][0], second["cooks"][1])
    assert first["squares"][4, 3].tolist() == [1, 1, 0, 5, 0, 0, 0, 25]
    assert first["squares"][4, 4].tolist() == [0, 0, 1, 6, 0, 1, 0, 5]
    assert first["orders"].tolist()[0] == [1, 0, 1, 60, 0]
    assert first["ticks_left"].tolist() == [1000]


def test_words_name_what_is_there() -> None:
    kitchen = arrange("ring", squares=SCENE, cooks=[((1, 1), "FreshOnion"), ((5, 1), None)])
    first, second = make_observer("text", kitchen.rules).observe(kitchen.state)
    assert "You are at 1,1 with fresh onion." in first
    assert "Cook 2 is at 5,1 with nothing." in first
    assert "You are at 5,1 with nothing." in second
    assert "cooked lettuce+onion (25 left) on the pot at 3,4" in first
    assert "charred tomato on fire (5 left) on the pot at 4,4" in first
    assert "Bob (lettuce+tomato, 60 s left)" in first
