"""Every state can be drawn, as a picture and as text, and the drawing is plain data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from brigade.envs.kitchen import Kitchen, named_layouts
from brigade.envs.kitchen.render import as_text, draw, rasterise, write_gif
from PIL import Image
from scenes import arrange

EVERYTHING = {
    (0, 2): "FreshTomato",
    (0, 3): "ChoppedLettuce-ChoppedOnion-ChoppedTomato-Plate",
    (0, 4): "CharredOnion-Plate",
    (3, 3): "ChoppingOnion",
    (3, 4): "CharredLettuce-CharredTomato-Fire",
    (4, 4): "CookedLettuce-CookedOnion",
    (7, 2): "Plate",
}


@pytest.mark.parametrize("name", named_layouts())
def test_a_kitchen_becomes_a_picture(name: str) -> None:
    scene = draw(Kitchen(name).reset(0))
    image = rasterise(scene, square=20)
    assert image.size == (round(scene.width * 20), round(scene.height * 20))
    assert len(image.getcolors(maxcolors=image.width * image.height) or ()) > 50


def test_everything_that_can_lie_about_shows() -> None:
    plain = rasterise(draw(arrange("ring").view()), 24)
    full = rasterise(draw(arrange("ring", squares=EVERYTHING).view()), 24)
    for x, y in EVERYTHING:
        box = (x * 24, round((y + 1.3) * 24), (x + 1) * 24, round((y + 2.3) * 24))
        assert np.asarray(plain.crop(box)).tolist() != np.asarray(full.crop(box)).tolist(), (x, y)


def test_a_scene_is_plain_data() -> None:
    data = draw(arrange("ring", squares=EVERYTHING).view()).to_dict()
    assert json.loads(json.dumps(data))["shapes"]
    assert {shape["kind"] for shape in data["shapes"]} == {"rect", "ellipse", "arc", "polygon", "text"}


def test_frames_become_a_gif(tmp_path: Path) -> None:
    frames = [rasterise(draw(Kitchen("ring").reset(seed)), 10) for seed in range(3)]
    assert write_gif(frames, tmp_path / "k.gif", 0.1) == 3
    with Image.open(tmp_path / "k.gif") as image:
        assert getattr(image, "n_frames", 1) >= 2
    with pytest.raises(ValueError, match="at least one frame"):
        write_gif([], tmp_path / "none.gif", 0.1)


def test_text_shows_cooks_food_and_orders() -> None:
    view = arrange("ring", squares=EVERYTHING, cooks=[((1, 1), "FreshOnion"), ((5, 2), None)]).view()
    text = as_text(view)
    for words in ("1o", "2 ", "U!", "UA", "/o", "Bob 60s", "score 0"):
        assert words in text
    assert "\x1b[" in as_text(view, colour=True)
    assert "\x1b[" not in text
