"""An Overcooked-style kitchen: layouts, rule books, states and views.

kitchen = Kitchen("ring")
view = kitchen.reset(seed=0)
kitchen.step([1, 0])        # cook 1 up, cook 2 stays
"""

from brigade.envs.kitchen.kitchen import RULE_BOOKS, Kitchen, rule_book
from brigade.envs.kitchen.layout import Layout, LayoutError, Tile, Timing, load_layout, named_layouts, parse_layout
from brigade.envs.kitchen.recipes import RECIPES, Recipe, recipe_of
from brigade.envs.kitchen.state import KitchenState
from brigade.envs.kitchen.view import CookView, KitchenView, OrderView, SquareView

__all__ = [
    "RECIPES",
    "RULE_BOOKS",
    "CookView",
    "Kitchen",
    "KitchenState",
    "KitchenView",
    "Layout",
    "LayoutError",
    "OrderView",
    "Recipe",
    "SquareView",
    "Tile",
    "Timing",
    "load_layout",
    "named_layouts",
    "parse_layout",
    "recipe_of",
    "rule_book",
]
