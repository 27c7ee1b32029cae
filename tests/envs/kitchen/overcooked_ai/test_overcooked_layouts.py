"""Layouts: the published files, our own form of them, and what is wrong with broken ones, with the line."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import peer
import pytest
from brigade.envs.kitchen import LayoutError, OvercookedLayout, load_layout, named_layouts, parse_layout
from brigade.envs.kitchen.overcooked_ai.recipes import Recipe
from hypothesis import given, settings
from hypothesis import strategies as st
from overcooked.mdp.overcooked_mdp import OvercookedGridworld
from overcooked.mdp.overcooked_mdp import Recipe as PeerRecipe

LITERAL = """\
# A layout of the published kind.
{
    "grid": '''XXPXX
               O  2T
               X1  X
               XDXSX''',
    "start_all_orders": [{"ingredients": ["onion", "tomato"]}, {"ingredients": ["onion"]}],
    "recipe_values": [10, 4],
    "cook_time": 7,
    "rew_shaping_params": None
}
"""

OURS = """\
rules: overcooked_ai
start_all_orders:
  - ingredients: [onion, tomato]
  - ingredients: [onion]
recipe_values: [10, 4]
cook_time: 7            # ticks
grid: |
  XXPXX
  O  2T
  X1  X
  XDXSX
"""


def parsed(text: str, source: str = "my.layout") -> OvercookedLayout:
    layout = parse_layout(text, source)
    assert isinstance(layout, OvercookedLayout)
    return layout


@pytest.mark.parametrize("name", named_layouts("overcooked_ai"))
def test_the_classic_maps_are_those_of_the_package(name: str) -> None:
    assert load_layout(name) == peer.load(name)


def test_the_five_classic_maps_come_along_and_no_name_is_taken_twice() -> None:
    classic = {"cramped_room", "asymmetric_advantages", "coordination_ring", "forced_coordination", "counter_circuit"}
    assert set(named_layouts("overcooked_ai")) == classic
    assert set(named_layouts("hla")) & classic == set()
    assert set(named_layouts()) == set(named_layouts("hla")) | classic


@pytest.mark.parametrize("name", peer.LAYOUTS)
def test_every_published_layout_says_the_same_to_both(name: str) -> None:
    layout = peer.load(name)
    PeerRecipe.ALL_RECIPES_CACHE.clear()
    PeerRecipe.configure({})
    mdp = OvercookedGridworld.from_layout_name(name)
    start = mdp.get_standard_start_state()
    assert list(layout.rows) == ["".join(row) for row in mdp.terrain_mtx]
    assert [layout.xy(cell) for cell in layout.starts] == list(mdp.start_player_positions)
    assert [recipe.ingredients for recipe in layout.orders] == [order.ingredients for order in start.all_orders]
    assert [recipe.ingredients for recipe in layout.bonus_orders] == [o.ingredients for o in start.bonus_orders]
    for recipe in (Recipe(n, m) for n in range(4) for m in range(4 - n) if n + m):
        theirs = PeerRecipe(recipe.ingredients)
        assert layout.times.of(recipe) == theirs.time
        assert layout.worth(recipe) == mdp.get_recipe_value(start, theirs)


@pytest.mark.parametrize("name", peer.LAYOUTS)
def test_a_layout_survives_as_plain_data(name: str) -> None:
    layout = peer.load(name)
    assert parse_layout(json.dumps(layout.source_text()), "x.yaml") == layout
    assert hash(parse_layout(json.dumps(layout.source_text()), "x.yaml")) == hash(layout)


def test_both_forms_say_the_same() -> None:
    assert parsed(LITERAL) == parsed(OURS, "my.yaml")
    assert parsed(LITERAL).times.of(Recipe(3, 0)) == 7


def test_files_of_both_kinds_are_read(tmp_path: Path) -> None:
    for name, text in (("my.layout", LITERAL), ("my.yaml", OURS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert load_layout(str(tmp_path / name)) == parsed(LITERAL)


def test_up_to_nine_cooks_fit() -> None:
    crowd = parsed(LITERAL.replace("O  2T", "O342T").replace("X1  X", "X165X"))
    assert crowd.cooks == 6
    nine = LITERAL.replace("O  2T", "O342T").replace("X1  X", "X165X\n               X789X")
    assert parsed(nine).cooks == 9


def test_settings_count_in_the_published_order() -> None:
    layout = replace(parsed(LITERAL), cook_time=None, recipe_values=None)
    three, mixed = Recipe(3, 0), Recipe(1, 1)
    cases: list[tuple[dict[str, Any], int, int]] = [
        ({}, 20, 20),
        ({"cook_time": 0}, 20, 20),
        ({"cook_time": 5, "onion_time": 1, "tomato_time": 2}, 5, 5),
        ({"onion_time": 1, "tomato_time": 2}, 3, 3),
        ({"onion_time": 0, "tomato_time": 2}, 20, 20),
        ({"recipe_times": (0, 9)}, 20, 0),
    ]
    for setting, of_three, of_mixed in cases:
        times = replace(layout, **setting).times
        assert (times.of(three), times.of(mixed)) == (of_three, of_mixed), setting


def broken(old: str, new: str) -> str:
    assert old in LITERAL
    return LITERAL.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (broken("X1  X", "X1   X"), 5, "ragged"),
        (broken("X1  X", "X1 ?X"), 5, "column 4: unknown square '?'"),
        (broken("X1  X", "X12 X"), 5, "cook 2 starts twice"),
        (broken("X1  X", "X3  X"), 3, "missing start"),
        (broken("XDXSX", "XD SX"), 6, "border"),
        (broken("XDXSX", "XDXXX"), 3, "the grid has no delivery (S)"),
        (broken("XXPXX", "XXXXX"), 3, "the grid has no pot (P)"),
        (broken("O  2T", "X  2X"), 3, "neither onions (O) nor tomatoes (T)"),
        (broken('"cook_time"', '"cook_tine"'), 9, "cook_tine: Extra inputs"),
        (broken('"cook_time": 7', '"cook_time": 7.5'), 9, "cook_time"),
        (broken('"cook_time": 7', '"cook_time": -1'), 9, "cook_time"),
        (broken('"cook_time": 7', f'"cook_time": 1{"0" * 5000}'), 9, "not part of a layout"),
        (broken('"cook_time": 7', '"cook_time": len("xxxxxxx")'), 9, "not part of a layout: 'len'"),
        (broken('"cook_time": 7', '"cook_time": __import__("os")'), 9, "not part of a layout: '__import__'"),
        (broken('"cook_time": 7', '"cook_time": 3 + 4'), 9, "not part of a layout: '+'"),
        (broken('"cook_time": 7', '"cook_time": float("nan")'), 9, "the only call is float('inf')"),
        (broken('"cook_time": 7', '"cook_time": 7, "recipe_times": [1, 2]'), 9, "cannot be set together"),
        (broken('"cook_time": 7', '"onion_time": 7'), 9, "onion_time and tomato_time go together"),
        (broken("[10, 4]", "[10]"), 8, "1 numbers for 2 start_all_orders"),
        (broken("[10, 4]", "[10, 4], 'delivery_reward': 3"), 8, "cannot be set together"),
        (broken('["onion"]', '["onion", "lettuce"]'), 7, "start_all_orders.1.ingredients.1"),
        (broken('["onion"]', '["onion"] * 4'), 7, "not part of a layout: '*'"),
        (broken('["onion"]', '["tomato", "onion"]'), 7, "the same soup is listed twice"),
        (broken('["onion"]', '["onion", "onion", "onion", "onion"]'), 7, "a soup has 1 to 3 ingredients, not 4"),
        (broken('["onion"]', "[]"), 7, "a soup has 1 to 3 ingredients, not 0"),
        (broken('"cook_time": 7', '"start_bonus_orders": [{"ingredients": ["tomato"]}]'), 9, "not among the orders"),
        (broken('"cook_time": 7', '"old_dynamics": True'), 9, "every order has 3 ingredients"),
        (broken('"cook_time": 7', '"max_num_ingredients": 99'), 9, "max_num_ingredients"),
        (broken('"cook_time": 7', '"start_order_list": ["any"]'), 9, "start_order_list"),
        (broken("None", "{'DISH_PICKUP_REWARD': 3}"), 10, "PLACEMENT_IN_POT_REW: Field required"),
        (broken('"cook_time": 7', '"start_state": {"players": []}'), 9, "start_state: 0 players in a kitchen for 2"),
        (broken('"cook_time": 7', '"cook_time": 7,,'), 9, "not a Python literal"),
        (broken('"cook_time": 7', '"cook_time": -"x"'), 1, "a sign before something that is no number"),
        (LITERAL.replace("\n}", "\n"), 12, "not a Python literal"),
        ('{"grid": "XXX\\nX1X\\nXX"}', 1, "ragged"),
        ('["grid"]', 1, "a layout is a dict"),
        ("{1: 2}", 1, "keys of a layout are strings"),
        ("{}", 1, "grid: Field required"),
        ("", 1, "not a Python literal"),
    ],
)
def test_a_broken_layout_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(LayoutError, match=re.escape(words)) as caught:
        parse_layout(text, "my.layout")
    assert str(caught.value).startswith(f"my.layout:{line}: ")
    assert "\n" not in str(caught.value)


def test_a_broken_layout_of_our_form_is_refused_with_its_line() -> None:
    with pytest.raises(LayoutError, match=r"^my.yaml:10: ragged"):
        parse_layout(OURS.replace("X1  X", "X1 X"), "my.yaml")
    twice = "start_bonus_orders: [{ingredients: [onion]}, {ingredients: [onion]}]\n"
    with pytest.raises(LayoutError, match=r"^my.yaml:2: start_bonus_orders: the same soup"):
        parse_layout(OURS.replace("start_all", twice + "start_all"), "my.yaml")


@pytest.mark.parametrize(("bonus", "fine"), [("1.5", True), (".inf", True), ("0.3", False), (".nan", False)])
def test_a_bonus_must_make_whole_or_infinite_rewards(bonus: str, fine: bool) -> None:
    text = OURS + f"order_bonus: {bonus}\nstart_bonus_orders: [{{ingredients: [onion]}}]\n"
    if fine:
        assert parsed(text, "my.yaml").worth(Recipe(1, 0)) == 4 * float(bonus.lstrip(".") if bonus == ".inf" else bonus)
    else:
        with pytest.raises(LayoutError, match=r"my.yaml:12: "):
            parse_layout(text, "my.yaml")


def test_keys_of_old_files_that_mean_nothing_are_accepted() -> None:
    old = broken('"cook_time": 7', '"cook_time": 7, "num_items_for_soup": 2, "start_order_list": None')
    assert parsed(old) == parsed(LITERAL)


def test_layouts_of_the_package_are_read_without_importing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LayoutError, match=r"has no layout 'nowhere'.*cramped_room"):
        load_layout("overcooked:nowhere")
    with pytest.raises(LayoutError, match=r"has no layout '../layouts/cramped_room'"):
        load_layout("overcooked:../layouts/cramped_room")
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "overcooked")
    with pytest.raises(LayoutError, match="pip install overcooked"):
        load_layout("overcooked:cramped_room")


PIECES = [*"{}[](),:-+ \n#*=", "'grid'", '"cook_time"', "None", "float", "'inf'", "1", "1.5", "'''XXX\nX1X\nXXX'''"]


def complaint(text: str) -> str:
    """What is wrong with a text; `fine` if nothing is."""
    try:
        parse_layout(text, "fuzzed.layout")
    except LayoutError as error:
        return str(error)
    return "fine"


@settings(max_examples=400, deadline=1000)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from(PIECES), max_size=80).map("".join),
        st.binary(max_size=100).map(lambda raw: raw.decode("latin-1")),
        st.tuples(
            st.sampled_from(["(", "[", "{", "{1:", "-", "'a'[0]", "1-", "((", "not "]), st.integers(1, 30_000)
        ).map(lambda repeated: repeated[0] * repeated[1]),
    )
)
def test_no_text_breaks_the_parser_or_makes_it_hang(text: str) -> None:
    assert complaint(text).startswith(("fuzzed.layout:", "fine"))


@settings(max_examples=200, deadline=1000)
@given(st.integers(0, len(LITERAL) - 1), st.text(min_size=1, max_size=3), st.integers(0, 3))
def test_no_slip_in_a_good_file_breaks_the_parser(place: int, typed: str, deleted: int) -> None:
    assert complaint(LITERAL[:place] + typed + LITERAL[place + deleted :]).startswith(("fuzzed.layout:", "fine"))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    binary = tmp_path / "noise.layout"
    binary.write_bytes(bytes(range(256)))
    with pytest.raises(LayoutError, match="cannot be read"):
        load_layout(str(binary))
