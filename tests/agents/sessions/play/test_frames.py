"""Sprites are the drawing cut up, looks are told once, and what cooks do is put in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from brigade.agents.hierarchy.executor import MACROS, macro_of
from brigade.agents.sessions.play import frames
from brigade.envs.kitchen import Kitchen, load_layout
from brigade.envs.kitchen.render import draw, rasterise
from brigade.envs.kitchen.render.drawing import origin
from brigade.envs.kitchen.render.shapes import Line, Polygon, Shape
from brigade.envs.kitchen.render.sprites import PERIOD, whole
from scenes import arrange

SQUARES = {(0, 2): "FreshTomato", (3, 3): "ChoppedOnion", (3, 4): "CharredLettuce-CharredTomato-Fire", (7, 2): "Plate"}


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    if isinstance(shape, Polygon | Line):
        return replace(shape, points=tuple((x + dx, y + dy) for x, y in shape.points))
    return replace(shape, x=shape.x + dx, y=shape.y + dy)


def test_sprites_at_their_places_are_the_drawing_itself() -> None:
    view = arrange("ring", squares=SQUARES).view()
    scene = draw(view)
    cut = tuple(moved(shape, each.x, each.y) for each in whole(view) for shape in each.paint())
    strip = round(origin(view.layout)[1] * 32)
    pictures = [np.asarray(rasterise(each, 32), dtype=np.int64)[strip:] for each in (scene, replace(scene, shapes=cut))]
    assert len(cut) > 60
    assert np.abs(pictures[0] - pictures[1]).max() < 40  # a shape may fall on the other side of a pixel's border
    assert np.abs(pictures[0] - pictures[1]).mean() < 0.05


def test_a_look_has_one_number_and_looks_do_not_grow_without_end() -> None:
    looks, kitchen = frames.Looks(), arrange("ring", squares={(3, 4): "CookedLettuce", (4, 4): "CharredOnion-Fire"})
    seen: set[int] = set()
    for tick in range(round(2 * PERIOD / 0.1)):
        _, needed = frames.moment(kitchen.view(), {}, [None, None], looks)
        if tick == round(PERIOD / 0.1):
            half = len(seen)
        seen |= needed
        kitchen.step([0, 0])
    assert seen == set(looks.drawings(seen))
    assert len(seen) < half + 120, "rings go on, steam and flames come round again"


def test_what_one_acts_on_is_bumped_at() -> None:
    view = Kitchen("ring").reset(0)
    seen, _ = frames.moment(view, {0: (0, -1)}, [None, None], frames.Looks(), bumps=[0])
    assert seen["cooks"][0]["bump"] == (0, -1)
    assert "bump" not in seen["cooks"][1]


def test_every_macro_action_has_words() -> None:
    words = [frames.in_words(macro) for macro in MACROS]
    assert len(set(words)) == len(MACROS)
    assert frames.in_words(macro_of("Chop Onion")) == "chopping onion"
    assert frames.in_words(macro_of("Prepare Bob Ingredients")) == "preparing Bob ingredients"
    assert frames.in_words(macro_of("Putout")) == "putting out the fire"
    assert frames.in_words(None) == ""


def test_the_empty_kitchen_is_the_same_however_often_it_is_asked_for() -> None:
    ring = load_layout("ring")
    assert frames.kitchen(ring) is frames.kitchen(replace(ring))
    assert len(frames.kitchen(ring)["floor"]) == ring.width * ring.height
