"""The LangGraph graphs that wire the parts together: `kitchen_team`, `solver`, `assistant`.

Each is exported without persistence, so that it runs in `langgraph dev` and as a subgraph of other programs;
`threads.open_threads` opens what makes them resumable. Importing LangGraph takes a second or two, so a graph is
imported when its name is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brigade.agents.graph.assisting import AssistantContext, AssistantState, assistant, build_assistant
    from brigade.agents.graph.game_thread import GameThread, Recollection
    from brigade.agents.graph.memory import Memory, NoMemory, Recalled, StoreMemory
    from brigade.agents.graph.player_memory import PlayerMemory
    from brigade.agents.graph.solving import SolverContext, SolverState, build_solver, solver
    from brigade.agents.graph.team import (
        Event,
        Minds,
        Planner,
        TeamContext,
        TeamState,
        build_kitchen_team,
        kitchen_team,
        snapshot,
        view_of,
    )
    from brigade.agents.graph.threads import open_threads

_HOME = {
    "assisting": ("AssistantContext", "AssistantState", "assistant", "build_assistant"),
    "game_thread": ("GameThread", "Recollection"),
    "memory": ("Memory", "NoMemory", "Recalled", "StoreMemory"),
    "player_memory": ("PlayerMemory",),
    "solving": ("SolverContext", "SolverState", "build_solver", "solver"),
    "team": (
        "Event",
        "Minds",
        "Planner",
        "TeamContext",
        "TeamState",
        "build_kitchen_team",
        "kitchen_team",
        "snapshot",
        "view_of",
    ),
    "threads": ("open_threads",),
}

__all__ = [
    "AssistantContext",
    "AssistantState",
    "Event",
    "GameThread",
    "Memory",
    "Minds",
    "NoMemory",
    "Planner",
    "PlayerMemory",
    "Recalled",
    "Recollection",
    "SolverContext",
    "SolverState",
    "StoreMemory",
    "TeamContext",
    "TeamState",
    "assistant",
    "build_assistant",
    "build_kitchen_team",
    "build_solver",
    "kitchen_team",
    "open_threads",
    "snapshot",
    "solver",
    "view_of",
]


def __getattr__(name: str) -> Any:
    for module, names in _HOME.items():
        if name in names:
            value = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
