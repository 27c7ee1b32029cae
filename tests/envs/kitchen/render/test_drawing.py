"""Every moment can be drawn, what matters shows, and the drawing is plain data."""

from __future__ import annotations

import json
from itertools import combinations, product

import numpy as np
import pytest
from brigade.envs.kitchen import Kitchen, KitchenView, Progress, Stage, named_layouts, parse_layout
from brigade.envs.kitchen.render import Scene, as_text, draw, rasterise, turned
from brigade.envs.kitchen.render.drawing import origin
from brigade.envs.kitchen.render.shapes import Rect, Text
from brigade.envs.kitchen.render.speech import LETTERS, LINES, wrapped
from brigade.envs.kitchen.view import Food
from scenes import arrange
from snapshots import NOTHING, Standing, Thing, snapshot

EVERYTHING = {
    (0, 2): "FreshTomato",
    (0, 3): "ChoppedLettuce-ChoppedOnion-ChoppedTomato-Plate",
    (0, 4): "CharredOnion-Plate",
    (3, 3): "ChoppingOnion",
    (3, 4): "CharredLettuce-CharredTomato-Fire",
    (4, 4): "CookedLettuce-CookedOnion",
    (7, 2): "Plate",
}
FOODS: tuple[Food, ...] = ("lettuce", "onion", "tomato")
SQUARE = 32


def picture(view: KitchenView, x: int, y: int, above: float = 0.0) -> bytes:
    """The pixels of one square, and of so much of the one above it."""
    left, top = origin(view.layout)
    box = (left + x, top + y - above, left + x + 1, top + y + 1)
    return rasterise(draw(view), SQUARE).crop(tuple(round(side * SQUARE) for side in box)).tobytes()  # type: ignore[arg-type]


def texts(scene: Scene) -> list[str]:
    return [shape.text for shape in scene.shapes if isinstance(shape, Text)]


@pytest.mark.parametrize("name", named_layouts())
def test_a_kitchen_becomes_a_picture(name: str) -> None:
    scene = draw(Kitchen(name).reset(0))
    image = rasterise(scene, square=20)
    assert image.size == (round(scene.width * 20), round(scene.height * 20))
    assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize("cooks", [1, 2, 3, 4])
def test_every_number_of_cooks_is_told_apart(cooks: int) -> None:
    starts = "".join(str(i) if i <= cooks else " " for i in range(1, 5))
    kitchen = Kitchen(parse_layout(f"grid: |\n  -LP-O-\n  /{starts}*\n  U    T\n  ------\n"))
    view = kitchen.reset(0)
    looks = {picture(view, x, 1) for x in range(1, 1 + cooks)}
    assert len(looks) == cooks


def test_everything_that_can_lie_about_shows() -> None:
    plain, full = arrange("ring").view(), arrange("ring", squares=EVERYTHING).view()
    for x, y in EVERYTHING:
        assert picture(plain, x, y) != picture(full, x, y), (x, y)


def test_every_item_looks_different_from_every_other() -> None:
    mixtures = [mix for size in (1, 2, 3) for mix in combinations(FOODS, size)] + [("onion",) * 3, ("onion",) * 2]
    things = [Thing("x", mix, stage) for mix, stage in product(mixtures, (Stage.CHOPPED, Stage.COOKED))]
    things += [Thing("x", mix, Stage.COOKED, plated=True) for mix in mixtures]
    things += [Thing("x", (food,), stage) for food in FOODS for stage in (Stage.FRESH, Stage.CHOPPING, Stage.CHARRED)]
    things += [Thing("p", plated=True), Thing("e", extinguisher=True), NOTHING]
    looks = {picture(snapshot(on_counter=thing), 0, 2) for thing in things}
    assert len(looks) == len(things)


def test_foods_are_told_apart_without_colour_at_32_pixels() -> None:
    def grey(food: Food, stage: Stage) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        view = snapshot(on_counter=Thing("x", (food,), stage))
        left, top = (round(side * SQUARE) for side in origin(view.layout))
        image = (
            rasterise(draw(view), SQUARE).convert("L").crop((left, top + 2 * SQUARE, left + SQUARE, top + 3 * SQUARE))
        )
        return np.asarray(image, dtype=np.float64)

    for stage in (Stage.FRESH, Stage.CHOPPED):
        for one, other in combinations(FOODS, 2):
            different = np.abs(grey(one, stage) - grey(other, stage)) > 30
            assert different.sum() > 60, (stage, one, other)


def test_an_alarm_shows_by_form_as_well_as_by_colour() -> None:
    soup = Thing("soup", ("onion",), Stage.COOKED)
    calm = draw(snapshot(in_pot=soup, progress=Progress(0.5))).shapes
    alarmed = draw(snapshot(in_pot=soup, progress=Progress(0.5, "now"))).shapes
    assert len(alarmed) > len(calm)


def test_steam_and_fire_move_with_the_clock_of_the_kitchen() -> None:
    kitchen = arrange("ring", squares={(3, 4): "CookingLettuce", (4, 4): "CharredOnion-Fire"})
    before, again = kitchen.view(), kitchen.view()
    kitchen.step([0, 0])
    after = kitchen.view()
    for x in (3, 4):
        assert picture(before, x, 4, 1) == picture(again, x, 4, 1) != picture(after, x, 4, 1)


@pytest.mark.parametrize("held", [NOTHING, Thing("o", ("onion",), Stage.FRESH)], ids=["empty", "onion"])
def test_a_cook_looks_where_it_faces(held: Thing) -> None:
    views = [snapshot(facing=facing, held=held) for facing in ((0, 1), (0, -1), (1, 0), (-1, 0))]
    assert len({picture(view, 1, 1, 0.4) for view in views}) == 4


def test_a_rule_book_without_facing_is_told_where_cooks_look() -> None:
    view = snapshot(facing=None)
    assert draw(view) == draw(view, facing={0: (0, 1)}) != draw(view, facing={0: (1, 0)})
    knows = snapshot(facing=(-1, 0))
    assert draw(knows) == draw(knows, facing={0: (1, 0)})


def test_a_cook_turns_with_its_moves_and_not_when_it_stays() -> None:
    hla, overcooked = ("stay", "up", "down", "right", "left"), ("NORTH", "south", "east", "west", "stay", "interact")
    assert turned({}, hla, [3, 0]) == {0: (1, 0)}
    assert turned({0: (1, 0), 1: (0, 1)}, hla, [0, 4]) == {0: (1, 0), 1: (-1, 0)}
    assert turned({}, overcooked, [0, 5]) == {0: (0, -1)}


def test_orders_show_their_time_and_their_bonus() -> None:
    dish = Thing("soup", ("onion", "onion", "onion"), Stage.COOKED, plated=True)
    plain, special = Standing("Onion soup", dish), Standing("Onion soup", dish, bonus=True)
    timed = Standing("Onion soup", dish, share_left=0.2, seconds_left=4.0)
    drawn = [draw(snapshot(orders=(order,))).shapes for order in (plain, special, timed)]
    assert len({len(shapes) for shapes in drawn}) == 3
    assert "Onion soup" in texts(draw(snapshot(orders=(plain,))))


def test_any_number_of_orders_has_room() -> None:
    dish = Thing("soup", ("tomato",), Stage.COOKED, plated=True)
    for count in (0, 1, 4, 8, 9, 20):
        scene = draw(snapshot(orders=tuple(Standing(f"Soup {i}", dish) for i in range(count))))
        assert all(
            shape.x >= 0 and shape.x + shape.w <= scene.width for shape in scene.shapes if isinstance(shape, Rect)
        )
    assert "+13" in texts(scene)


@pytest.mark.parametrize(
    "text", ["Hi", "x" * 500, "Could you chop two onions? " * 9, "über große Töpfe", "a\nb\tc\x00d", "", "  ", "…" * 99]
)
def test_speech_stays_inside_the_picture(text: str) -> None:
    for name in named_layouts():
        view = Kitchen(name).reset(0)
        scene = draw(view, speech={0: text, 1: text}, doing={0: text, 1: "Drop"})
        for shape in scene.shapes[-40:]:
            if isinstance(shape, Rect):
                assert shape.x >= 0
                assert shape.y >= 0
                assert shape.x + shape.w <= scene.width + 0.05  # the shadow
                assert shape.y + shape.h <= scene.height + 0.05
        rasterise(scene, 12)


def test_long_speech_is_wrapped_and_cut() -> None:
    lines = wrapped("Please chop two onions, then bring me the plate. " * 9)
    assert len(lines) == LINES
    assert all(len(line) <= LETTERS for line in lines)
    assert lines[-1].endswith("…")
    assert wrapped("Chop two onions") == ["Chop two onions"]


def test_what_is_said_and_done_is_read_in_the_picture() -> None:
    scene = draw(snapshot(), speech={1: "Two onions please"}, doing={0: "Chop Onion"})
    assert {"Two onions please", "Chop Onion"} <= set(texts(scene))
    assert draw(snapshot(), speech={7: "nobody"}, doing={7: "nothing"}) == draw(snapshot())


def test_a_scene_is_plain_data() -> None:
    scene = draw(arrange("ring", squares=EVERYTHING).view(), speech={0: "Hi"})
    data = json.loads(json.dumps(scene.to_dict()))
    kinds = {shape["kind"] for shape in data["shapes"] + data["backdrop"]}
    assert kinds == {"rect", "ellipse", "arc", "polygon", "line", "text"}


def test_what_never_changes_is_drawn_once() -> None:
    kitchen = Kitchen("ring")
    before = draw(kitchen.reset(0))
    kitchen.step([3, 0])
    after = draw(kitchen.view())
    assert before.backdrop is after.backdrop
    assert before.shapes != after.shapes
    assert draw(Kitchen("quick").reset(0)).backdrop != before.backdrop


def test_text_shows_cooks_food_and_orders() -> None:
    view = arrange("ring", squares=EVERYTHING, cooks=[((1, 1), "FreshOnion"), ((5, 2), None)]).view()
    text = as_text(view)
    for words in ("1o", "2 ", "U!", "UA", "/o", "Bob 60s", "score 0"):
        assert words in text
    assert "\x1b[" in as_text(view, colour=True)
    assert "\x1b[" not in text
