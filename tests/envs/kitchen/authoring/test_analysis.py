"""What the analysis says of a kitchen: who reaches what, what can be served, what is dangerous, and in which line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from brigade.envs.kitchen import Layout, load_layout, named_layouts, parse_layout
from brigade.envs.kitchen.authoring import Analysis, Effort, Finding, analyse
from brigade.envs.kitchen.authoring.cookery import Cookery, Dish
from brigade.envs.kitchen.authoring.reach import Reach
from brigade.envs.kitchen.authoring.solving import Team


def kitchen(*rows: str, recipes: str = "Alice") -> Layout:
    """A kitchen whose grid begins in line 3 of my.yaml."""
    grid = "".join(f"  {row}\n" for row in rows)
    return parse_layout(f"recipes: [{recipes}]\ngrid: |\n{grid}", "my.yaml")


def found(analysis: Analysis, kind: str) -> list[Finding]:
    return [finding for finding in analysis.findings if finding.kind == kind]


SHARED = ("-LO-P--", "/1 - 2U", "/  -  B", "-  f  *", "-------")
"""Chopping on the left, cooking on the right, three counters between them."""


@pytest.mark.parametrize("name", named_layouts())
def test_everything_can_be_served_in_the_maps_that_come_along(name: str) -> None:
    analysis = analyse(load_layout(name))
    assert analysis.servable
    assert analysis.error is None


def test_stations_are_counted_and_who_reaches_them_is_told() -> None:
    analysis = analyse(kitchen(*SHARED))
    assert (analysis.width, analysis.height, analysis.cooks, analysis.floor) == (7, 5, 2, (6, 6))
    assert (analysis.count("cutting board"), analysis.count("pot"), analysis.count("delivery")) == (2, 1, 1)
    pot = next(place for place in analysis.stations if place.what == "pot")
    assert (pot.column, pot.row, pot.line, pot.cooks) == (7, 2, 4, (2,))
    assert [(place.column, place.row) for place in analysis.hand_overs] == [(4, 2), (4, 3), (4, 4)]
    assert all(place.cooks == (1, 2) for place in analysis.hand_overs)


def test_dishes_that_take_two_are_told_from_those_that_one_can_serve() -> None:
    (alice,) = analyse(kitchen(*SHARED)).dishes
    assert (alice.served, alice.alone, alice.in_macro_actions, alice.pieces) == (True, (), True, ("lettuce", "onion"))
    assert found(analyse(kitchen(*SHARED)), "hand-over")
    (alice,) = analyse(kitchen("-LOP-", "/12 *", "U   -", "-----")).dishes
    assert alice.alone == (1, 2)


def test_a_wall_without_a_shared_counter_makes_the_menu_unservable() -> None:
    rows = tuple(row[:4] + "-" + row[4:] for row in SHARED)
    analysis = analyse(kitchen(*rows))
    assert not analysis.servable
    assert analysis.error is not None
    assert analysis.error.text.startswith(
        "no dish can be served: no pot is within reach of those who can have lettuces"
    )
    assert (analysis.error.line, analysis.error.column) == (4, 8)


APART = [
    (("-LO-----", "-1 --2 /", "-  --  U", "-  --  P", "------*-"), 3, "who can get lettuces reaches a cutting board"),
    (("-L----O-", "/1 --2 /", "U  --  U", "P  --  P", "-*----*-"), 3, "chopped lettuce comes to cook 1, chopped onion"),
    (
        ("-LO---P-", "/1 --2 -", "U  --  -", "-  --  -", "-*------"),
        3,
        "nobody who reaches a pot with it can get a plate",
    ),
    (("-LO-----", "/1 --2 -", "U  --  *", "P  --  -", "--------"), 5, "the soup of cook 1 never gets to a delivery"),
]
"""Two rooms that share nothing, each time with one thing on the wrong side: grid, line, words."""


@pytest.mark.parametrize(("rows", "line", "words"), APART, ids=["board", "meeting", "plate", "delivery"])
def test_the_step_that_nobody_can_take_is_named_with_its_line(rows: tuple[str, ...], line: int, words: str) -> None:
    error = analyse(kitchen(*rows)).error
    assert error is not None
    assert words in error.text
    assert error.line == line


def test_one_dish_that_cannot_be_served_is_a_warning_and_the_others_are_fine() -> None:
    analysis = analyse(kitchen("-LO-----", "/1 --2 /", "U  --  T", "P  --  -", "-*------", recipes="Alice, Bob"))
    assert analysis.error is None
    assert [dish.served for dish in analysis.dishes] == [True, False]
    (warning,) = found(analysis, "unservable dish")
    assert (warning.level, warning.text[:3]) == ("warning", "Bob")


def test_a_lone_cook_needs_somewhere_to_put_a_chopped_piece() -> None:
    error = analyse(kitchen("-LO-", "/1 *", "-UP-")).error
    assert error is not None
    assert "cook 1 has no place to put a chopped piece down" in error.text
    assert analyse(kitchen("-LOP-", "/1  *", "-U---")).error is None


def test_handing_over_fresh_food_or_plates_is_more_than_macro_actions_do() -> None:
    fresh = analyse(kitchen("-LO-P--", "-1 - 2U", "-  -  /", "-  f  *", "----B--"))
    assert fresh.servable
    assert not fresh.dishes[0].in_macro_actions
    assert [finding.level for finding in found(fresh, "macro actions")] == ["warning"]
    plates = analyse(kitchen("-LO----", "/1 - 2U", "/  -  B", "P  f  *", "-------"))
    assert plates.servable
    assert not plates.dishes[0].in_macro_actions


def test_fire_and_charred_food_are_thought_of() -> None:
    bare = analyse(kitchen("-LOP-", "/12 *", "U   -", "-----"))
    assert len(found(bare, "no extinguisher")) == len(found(bare, "no bin")) == 1
    safe = analyse(kitchen("-LOP-", "/12 *", "U   f", "---B-"))
    assert not found(safe, "no extinguisher") + found(safe, "no bin")
    apart = analyse(kitchen("-LO-----", "/1 --2 f", "U  --  B", "P  --  L", "-*------"))
    assert [(each.line, each.column) for each in found(apart, "no extinguisher")] == [(5, 1)]
    assert [(each.line, each.column) for each in found(apart, "no bin")] == [(5, 1)]


def test_chokepoints_are_floor_that_cuts_stations_off() -> None:
    (group,) = analyse(load_layout("bottleneck")).chokepoints
    assert [(place.column, place.row) for place in group] == [(3, 6), (4, 6), (5, 6)]
    assert analyse(load_layout("ring")).chokepoints == ()
    nook = analyse(kitchen("-LOP--", "/1 2 -", "U   *-", "--- --", "------"))  # a dead end without a station is none
    assert nook.chokepoints == ()
    bottleneck = load_layout("bottleneck")
    alone = parse_layout("grid: |\n" + "".join(f"  {row}\n" for row in bottleneck.grid.replace("2", " ").splitlines()))
    assert analyse(alone).chokepoints == ()  # there is nobody to cut off


def test_cooks_in_a_corridor_keep_their_order() -> None:
    analysis = analyse(kitchen("-LO/UP*-", "-1    2-", "--------"))
    assert analysis.floor == (5, 5)
    assert [finding.line for finding in found(analysis, "corridor")] == [4, 4]
    layout = kitchen("--LO/UP*--", "-1  2  3 -", "----------")
    walks = Reach(layout).walks
    assert [min(layout.xy(cell)[0] for cell in walk) for walk in walks] == [1, 2, 3]
    assert [max(layout.xy(cell)[0] for cell in walk) for walk in walks] == [6, 7, 8]


def test_cooks_without_a_part_are_found() -> None:
    analysis = analyse(kitchen("-LO-----", "/1 --2 -", "U  --  -", "P  --  -", "-*------"))
    (idle,) = found(analysis, "idle cook")
    assert idle.text == "cook 2 can reach nothing useful"


def test_few_pots_and_few_counters_are_notes() -> None:
    analysis = analyse(load_layout("ring"))
    assert [finding.level for finding in found(analysis, "few pots")] == ["note"]
    assert found(analyse(kitchen("-LO-", "/1 *", "-UP-")), "few counters")


def test_an_analysis_is_plain_data() -> None:
    data = json.loads(json.dumps(analyse(load_layout("partition")).to_dict()))
    assert data["servable"] is True
    assert data["dishes"][0]["name"] == "Bob"


def test_rule_books_without_boards_need_none() -> None:
    layout = kitchen(*SHARED)
    plain = Cookery((Dish("lettuce soup", ("lettuce",) * 3),), boards=False, mixed=False, burns=False)
    everybody = frozenset((0, 1))
    assert Team(Reach(layout), plain, everybody).stop(plain.dishes[0]) is None
    assert Team(Reach(layout), plain, frozenset((1,))).stop(plain.dishes[0]) is not None
    beans = replace(plain, dishes=(Dish("tomato soup", ("tomato",)),))
    stop = Team(Reach(layout), beans, everybody).stop(beans.dishes[0])
    assert stop is not None
    assert "no crate of tomatoes" in stop.reason


def test_pieces_may_come_to_a_pot_from_both_of_its_sides() -> None:
    rows = ("-L---O-", "-1 U 2-", "-  -  P", "-  -  *", "-------")
    plain = Cookery((Dish("soup", ("lettuce", "onion")),), boards=False, mixed=False, burns=False)
    layout = kitchen(*(row.replace("---O", "/--O") for row in rows))
    assert Team(Reach(layout), plain, frozenset((0, 1))).stop(plain.dishes[0]) is None


def test_walking_counts_every_square_from_crate_to_delivery() -> None:
    layout = kitchen("-L/UP*-", "-1    -", "-----O-")
    # lettuce: crate to board 1, board to pot 1; onion: 3 and 1; plate there and back 2; to the delivery 2
    assert Effort.of(layout).walking == 10
    assert Effort.of(layout).turns == 10 + 2 * (2 + 9 + 2) + 4


def test_what_is_handed_over_walks_through_the_counter() -> None:
    direct = Effort.of(kitchen(*SHARED)).walking
    assert 5 < direct < 40
