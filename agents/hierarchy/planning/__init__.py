"""Plans for all cooks: orders and demands as a graph of macro actions, and a schedule of who does which, when."""

from brigade.agents.hierarchy.planning.planner import (
    DagPlanner,
    Foresight,
    Plan,
    next_macro,
    plan_from,
    planner,
    revised,
    steadfast,
)

__all__ = ["DagPlanner", "Foresight", "Plan", "next_macro", "plan_from", "planner", "revised", "steadfast"]
