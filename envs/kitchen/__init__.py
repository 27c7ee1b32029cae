"""An Overcooked-style kitchen: layouts, rule books, states and views.

kitchen = Kitchen("ring")
view = kitchen.reset(seed=0)
kitchen.step([1, 0])        # cook 1 up, cook 2 stays
"""

from brigade.envs.kitchen.hla.layout import HlaLayout, Timing
from brigade.envs.kitchen.hla.recipes import RECIPES, Recipe, recipe_of
from brigade.envs.kitchen.hla.view import HlaOrderView, HlaView
from brigade.envs.kitchen.kitchen import RULE_BOOKS, HlaKitchen, Kitchen, rule_book
from brigade.envs.kitchen.layout import load_layout, named_layouts, parse_layout
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.view import OvercookedOrderView, OvercookedView
from brigade.envs.kitchen.plan import Layout, LayoutError, Tile
from brigade.envs.kitchen.rules import Rewards, RuleBook
from brigade.envs.kitchen.state import KitchenState
from brigade.envs.kitchen.view import CookView, ItemView, KitchenView, OrderView, Progress, SquareView, Stage

__all__ = [
    "RECIPES",
    "RULE_BOOKS",
    "CookView",
    "HlaKitchen",
    "HlaLayout",
    "HlaOrderView",
    "HlaView",
    "ItemView",
    "Kitchen",
    "KitchenState",
    "KitchenView",
    "Layout",
    "LayoutError",
    "OrderView",
    "OvercookedLayout",
    "OvercookedOrderView",
    "OvercookedView",
    "Progress",
    "Recipe",
    "Rewards",
    "RuleBook",
    "SquareView",
    "Stage",
    "Tile",
    "Timing",
    "load_layout",
    "named_layouts",
    "parse_layout",
    "recipe_of",
    "rule_book",
]
