"""Looking at a kitchen: one description of the drawing, and what turns it into pictures or text."""

from brigade.envs.kitchen.render.drawing import draw
from brigade.envs.kitchen.render.extras import MissingExtra, ViewerError
from brigade.envs.kitchen.render.heading import Heading, turned
from brigade.envs.kitchen.render.raster import rasterise, write_gif
from brigade.envs.kitchen.render.shapes import Scene
from brigade.envs.kitchen.render.text import as_text
from brigade.envs.kitchen.render.video import write_mp4

__all__ = [
    "Heading",
    "MissingExtra",
    "Scene",
    "ViewerError",
    "as_text",
    "draw",
    "rasterise",
    "turned",
    "write_gif",
    "write_mp4",
]
