"""Making kitchens: what can be said of a layout before anybody cooks in it, and layouts of any difficulty."""

from brigade.envs.kitchen.authoring.analysis import Analysis, DishReport, Finding, Place, analyse
from brigade.envs.kitchen.authoring.effort import Effort
from brigade.envs.kitchen.authoring.generate import generate
from brigade.envs.kitchen.authoring.written import as_yaml

__all__ = ["Analysis", "DishReport", "Effort", "Finding", "Place", "analyse", "as_yaml", "generate"]
