"""The colours. Nothing is told apart by colour alone: foods, cooks and alarms also differ in form.

The cooks' colours are those of Okabe and Ito, which people with any of the common kinds of colour blindness tell apart
(M. Okabe and K. Ito, "Color Universal Design", 2008); their black is left to the last cook.
"""

from __future__ import annotations

from brigade.envs.kitchen.view import Food

INK, INK_SOFT, PAPER, WHITE = "#2d2a32", "#6d6875", "#fbf6ec", "#ffffff"
SHADOW, VEIL, GLASS = "#2d2a3238", "#2d2a3290", "#ffffffd8"

FLOOR, FLOOR_DARK = "#b7c4c3", "#adbbba"
WORKTOP, WORKTOP_EDGE, CUPBOARD, CUPBOARD_DARK = "#f1e4cd", "#d8c4a2", "#b98753", "#8f6238"
WOOD, WOOD_DARK, STEEL, STEEL_DARK, IRON = "#dfae70", "#a8763e", "#c3ccd3", "#7f8b95", "#3d4249"
CHINA, CHINA_SHADE = "#ffffff", "#dfe5ea"
GOOD, WARN, BAD, GOLD = "#2f9e62", "#f0a202", "#d1362f", "#ffc93c"
FLAME, FLAME_HEART, FLAME_CORE = "#f2711c", "#ffb51f", "#fff0a3"
CHAR, CHAR_SOFT = "#2f2a28", "#5a514c"
SKIN, SKIN_SHADE, HAIR = "#f6cfa5", "#d9a273", "#5b3a29"

FLESH: dict[Food, str] = {"tomato": "#e2412f", "lettuce": "#6cba4c", "onion": "#f6edf7"}
EDGE: dict[Food, str] = {"tomato": "#8f1d14", "lettuce": "#2c6b22", "onion": "#8a4f96"}
LIGHT: dict[Food, str] = {"tomato": "#ff8d78", "lettuce": "#b5e08f", "onion": "#c58fd0"}
BROTH: dict[Food, str] = {"tomato": "#e0793f", "lettuce": "#a9bf5c", "onion": "#e3cf9a"}

COOKS = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7a5ea8", "#3f3f46",
)  # fmt: skip
ALARMS = {"none": GOOD, "soon": WARN, "now": BAD}


def mixed(colours: list[str]) -> str:
    """The mean of some `#rrggbb` colours."""
    channels = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours]
    return "#" + "".join(f"{sum(channel) // len(channel):02x}" for channel in zip(*channels, strict=True))
