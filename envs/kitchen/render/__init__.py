"""Looking at a kitchen: one description of the drawing, and what turns it into pictures or text."""

from brigade.envs.kitchen.render.drawing import draw
from brigade.envs.kitchen.render.raster import rasterise, write_gif
from brigade.envs.kitchen.render.shapes import Scene
from brigade.envs.kitchen.render.text import as_text

__all__ = ["Scene", "as_text", "draw", "rasterise", "write_gif"]
