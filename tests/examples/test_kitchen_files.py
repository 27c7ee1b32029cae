"""What lies in examples/ works as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import yaml
from brigade.envs.kitchen import HlaLayout, Timing, load_layout
from brigade.envs.kitchen.authoring import analyse
from brigade.envs.kitchen.hla.layout import HlaLayoutFile
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_example_of_a_layout_has_every_key_and_says_what_applies_without_it() -> None:
    file = EXAMPLES / "my_kitchen.yaml"
    layout, data = load_layout(str(file)), yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(layout, HlaLayout)
    assert set(data) == set(HlaLayoutFile.model_fields)
    assert set(data["timing"]) == {field.name for field in fields(Timing)}
    assert layout.timing == Timing()
    for key in ("rules", "orders", "duration", "pace"):
        assert data[key] == HlaLayoutFile.model_fields[key].default
    assert set("".join(layout.rows)) == set(HlaLayout.characters)
    assert all(finding.level == "note" for finding in analyse(layout).findings)


def test_every_key_of_the_example_is_explained() -> None:
    text = (EXAMPLES / "my_kitchen.yaml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if re.match(r" *(name|rules|orders|duration|pace|cooking|burning|putting_out|regrowth_gap|chops|expiry)", line):
            assert "#" in line


def test_the_contact_sheet_is_made(tmp_path: Path) -> None:
    file = tmp_path / "kitchens.png"
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "contact_sheet.py"), str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("a dish takes") == 12
    with Image.open(file) as image:
        assert min(image.size) > 500
