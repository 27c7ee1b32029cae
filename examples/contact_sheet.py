"""Twelve generated kitchens on one picture, from easy to hard.

python examples/contact_sheet.py kitchens.png
"""

from __future__ import annotations

import sys

from brigade.envs.kitchen import Kitchen
from brigade.envs.kitchen.authoring import Effort, generate
from brigade.envs.kitchen.render import draw, rasterise
from PIL import Image

COLUMNS, ROWS = 4, 3
GAP = 12


def main(file: str) -> None:
    count = COLUMNS * ROWS
    pictures = []
    for seed in range(count):
        layout = generate(seed, round(seed / (count - 1), 2))
        print(f"{layout.name}: a dish takes {Effort.of(layout).turns:.0f} turns")
        pictures.append(rasterise(draw(Kitchen(layout).reset(seed)), square=24))
    width, height = max(each.width for each in pictures) + GAP, max(each.height for each in pictures) + GAP
    sheet = Image.new("RGB", (COLUMNS * width + GAP, ROWS * height + GAP), "#6d6875")
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (GAP + number % COLUMNS * width, GAP + number // COLUMNS * height))
    sheet.save(file)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "kitchens.png")
