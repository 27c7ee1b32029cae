"""Screens see what is in the state: who looks where, what cooks and for how long, what can be ordered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from brigade.envs.kitchen import Kitchen, OvercookedView, Stage, Tile, load_layout, named_layouts
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.render import as_text, draw, rasterise


def soup(position: list[int], ingredients: list[str], tick: int = -1) -> dict[str, Any]:
    parts = [{"name": name, "position": position} for name in ingredients]
    return {"name": "soup", "position": position, "_ingredients": parts, "cooking_tick": tick}


def view_of(name: str, **changes: Any) -> OvercookedView:
    kitchen = Kitchen(name, tick_seconds=0.5)
    rules = kitchen.rules
    assert isinstance(rules, OvercookedRules)
    data = rules.to_dict(rules.initial())
    for player, held in zip(data["players"], changes.pop("held", ()), strict=False):
        player["held_object"] = held | {"position": player["position"]}
    return rules.view(rules.from_dict(data | changes))


def test_cooks_are_seen_with_what_they_hold_and_where_they_look() -> None:
    kitchen = Kitchen("cramped_room")
    for joint in ([2, 3], [3, 2], [3, 5]):  # the second takes an onion
        kitchen.step(joint)
    first, second = kitchen.view().cooks
    assert (first.facing, second.facing) == ((-1, 0), (1, 0))
    assert (first.item.name, second.item.name) == ("", "onion")
    assert second.item.stage is Stage.FRESH
    assert kitchen.view().tick == 3
    assert kitchen.view().seconds == pytest.approx(0.3)


def test_a_pot_shows_its_ingredients_in_order_and_how_far_they_are() -> None:
    time = 2 * 15 + 7
    for tick, stage, left, share in (
        (-1, Stage.FRESH, 0, None),
        (0, Stage.COOKING, time, 0),
        (time - 1, Stage.COOKING, 1, 1 - 1 / time),
        (time, Stage.COOKED, 0, 1),
    ):
        view = view_of("counter_circuit", objects=[soup([3, 0], ["tomato", "onion", "onion"], tick)])
        (square,) = view.squares
        assert (square.tile, square.item.stage, square.item.plated) == (Tile.POT, stage, False)
        assert square.item.pieces == ("tomato", "onion", "onion")
        assert square.item.dish_name == "onion x2 + tomato"
        assert square.left == left
        assert (square.progress.share if square.progress else None) == share


def test_soups_on_dishes_are_plated_whether_held_or_lying() -> None:
    ready = soup([1, 2], ["onion"] * 3, 20)
    view = view_of("cramped_room", held=[ready], objects=[soup([0, 0], ["onion"] * 3, 20)])
    for item in (view.cooks[0].item, view.item(0)):
        assert (item.plated, item.stage, item.name) == (True, Stage.COOKED, "soup")
    assert view.item(1).name == ""


def test_orders_have_no_deadline_and_some_a_bonus() -> None:
    orders = view_of("counter_circuit").orders
    assert [(order.name, order.worth, order.bonus) for order in orders] == [
        ("onion + tomato", 68, True),
        ("onion x2 + tomato", 55, False),
        ("onion + tomato x2", 47, False),
    ]
    assert {order.seconds_left for order in orders} == {order.share_left for order in orders} == {None}


def test_time_is_ticks_times_their_length() -> None:
    view = view_of("cramped_room", timestep=30)
    assert (view.tick, view.seconds, view.duration) == (30, 15, 200)
    assert view.state_dict()["timestep"] == 30


def test_the_score_adds_up_and_a_view_does_not_change() -> None:
    kitchen = Kitchen("cramped_room")
    assert isinstance(kitchen.rules, OvercookedRules)
    player, start, earned = GreedyPlayer(kitchen.rules), kitchen.view(), 0.0
    for _ in range(300):
        earned += kitchen.step([player.act(kitchen.state, cook) for cook in range(2)]).team
    assert kitchen.view().score == earned == 20 * kitchen.view().served > 0
    assert (start.tick, start.score, kitchen.view().missed) == (0, 0, 0)


EVERYTHING: dict[tuple[int, int], dict[str, Any]] = {
    (3, 0): soup([3, 0], ["onion", "onion", "onion"], 5),
    (5, 0): soup([5, 0], ["tomato"]),
    (0, 1): {"name": "onion", "position": [0, 1]},
    (0, 2): {"name": "tomato", "position": [0, 2]},
    (0, 3): {"name": "dish", "position": [0, 3]},
    (8, 1): soup([8, 1], ["tomato", "tomato", "tomato"], 21),
}


def test_everything_that_can_lie_about_shows() -> None:
    plain = rasterise(draw(view_of("counter_circuit")), 24)
    full = rasterise(draw(view_of("counter_circuit", objects=list(EVERYTHING.values()))), 24)
    for x, y in EVERYTHING:
        box = (x * 24, round((y + 1.3) * 24), (x + 1) * 24, round((y + 2.3) * 24))
        assert np.asarray(plain.crop(box)).tolist() != np.asarray(full.crop(box)).tolist(), (x, y)


def test_a_drawing_shows_where_a_cook_looks() -> None:
    kitchen = Kitchen("cramped_room")
    pictures = []
    for direction in (0, 1, 2, 3):
        kitchen.reset()
        kitchen.step([direction, 4])
        kitchen.step([5, 4])
        cook = kitchen.view().cooks[0]
        x, y = kitchen.layout.xy(cook.cell)
        scene = draw(kitchen.view())
        box = (x * 30, round((y + 1.3) * 30), (x + 1) * 30, round((y + 2.3) * 30))
        pictures.append(rasterise(scene, 30).crop(box).tobytes())
    assert len(set(pictures)) == 4


@pytest.mark.parametrize("name", [*named_layouts("overcooked_ai"), "overcooked:tutorial_2"])
def test_kitchens_with_any_number_of_orders_are_drawn(name: str) -> None:
    kitchen = Kitchen(name)
    scene = draw(kitchen.view())
    texts = [shape.text for shape in scene.shapes if hasattr(shape, "text")]
    orders = kitchen.view().orders
    shown = [order.name for order in orders if order.name in texts]
    assert shown == [order.name for order in orders][: len(shown)]
    assert len(shown) == len(orders) or f"+{len(orders) - len(shown)}" in texts
    rasterise(scene, 12)


def test_soups_of_more_than_three_pieces_are_drawn(tmp_path: Path) -> None:
    text = "rules: overcooked_ai\nmax_num_ingredients: 6\ngrid: |\n  XPX\n  X1S\n  XDO\n  XXX\n"
    file = tmp_path / "big.yaml"
    file.write_text(text)
    layout = load_layout(str(file))
    rules = Kitchen(layout).rules
    data = rules.to_dict(rules.initial())
    drawings = []
    for pieces in range(7):
        things = [soup([1, 0], ["onion"] * pieces)] if pieces else []
        drawings.append(len(draw(rules.view(rules.from_dict(data | {"objects": things}))).shapes))
    assert drawings == sorted(set(drawings)), "each piece more shows"


def test_text_shows_facing_contents_and_bonus() -> None:
    text = as_text(view_of("counter_circuit", objects=list(EVERYTHING.values()), held=[{"name": "dish"}]))
    for words in ("1p", "2^", "PO", "Pt", " o", " t", " p", "onion + tomato (bonus)", "score 0"):
        assert words in text
