"""The LangGraph graphs that wire the minds together.

`kitchen_team` is entered once per event of an agent's life, never per tick: a message to understand, an understood
message to answer, a macro action to choose. Its state is plain data (msgpack and JSON), what it needs for a run comes
in as context, and it is exported without persistence, so that it runs in `langgraph dev` and as a subgraph of other
programs.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from brigade.agents.hierarchy.executor import Surroundings, legal_macros, macro_of
from brigade.agents.hierarchy.fast_mind import FastMind, habits_of
from brigade.agents.hierarchy.intent import Agenda, Intent
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import load_model
from brigade.envs.kitchen import HlaKitchen, HlaView, parse_layout
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

Event = Literal["message", "answer", "decide"]


class TeamState(TypedDict, total=False):
    """One event of an agent's life, and what came of it."""

    event: Event
    """`message`: understand it; `answer`: reply to it; `decide`: choose a macro action."""
    kitchen: dict[str, Any]
    """The moment: see `snapshot`."""
    cook: int
    """Whose event it is."""
    message: str
    """What the partner said: to understand, to answer, or, while it is not yet understood, to decide by."""
    previous: dict[str, Any] | None
    """The intent of the message before."""
    agenda: list[dict[str, Any]]
    """The open demands."""
    avoid: list[str]
    """Macro actions that just failed."""
    doing: dict[str, str]
    """What each partner, by its number as text, seems to be at."""
    intent: dict[str, Any]
    """What the message means."""
    understood_by: str
    """`lexicon` or `model`."""
    reply: str
    """What to say back."""
    macro: str | None
    """The macro action chosen; None to wait."""
    probabilities: dict[str, float]
    """Of every legal macro action."""
    saw: str
    """What the Fast Mind was shown."""
    seconds: float
    """How long the mind took."""


@dataclass(frozen=True)
class Minds:
    """The minds of an agent, ready to think."""

    slow: SlowMind
    fast: FastMind


@dataclass(frozen=True)
class TeamContext:
    """What a run needs besides its state: ready minds, or the names of their models."""

    slow: str = "embedded"
    fast: str = "embedded"
    minds: Minds | None = None


@lru_cache(maxsize=4)
def _load_minds(slow: str, fast: str) -> Minds:
    return Minds(SlowMind(load_model(slow)), FastMind(load_model(fast), habits_of(fast)))


async def _minds(runtime: Runtime[TeamContext]) -> Minds:
    context = runtime.context or TeamContext()
    if context.minds is not None:
        return context.minds
    return await asyncio.to_thread(_load_minds, context.slow, context.fast)


def snapshot(view: HlaView, tick_seconds: float) -> dict[str, Any]:
    """A moment of a kitchen as plain data, for `TeamState.kitchen`."""
    return {"layout": view.layout.source_text(), "tick_seconds": tick_seconds, "state": view.state_dict()}


@lru_cache(maxsize=16)
def _kitchen(layout: str, tick_seconds: float) -> HlaKitchen:
    return HlaKitchen(parse_layout(layout), tick_seconds=tick_seconds)


def view_of(moment: dict[str, Any]) -> HlaView:
    """The view that a snapshot holds.

    Raises:
        ValueError: it does not describe a moment of a kitchen.
    """
    kitchen = _kitchen(json.dumps(moment["layout"]), moment["tick_seconds"])
    return kitchen.rules.view(kitchen.rules.from_dict(moment["state"]))


async def _view(state: TeamState) -> HlaView:
    """The moment of an event; on a thread, since the first one of a layout compiles kernels and reads files."""
    return await asyncio.to_thread(view_of, state["kitchen"])


async def interpret(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """Slow Mind: what the message means, and the agenda after it."""
    minds = await _minds(runtime)
    view = await _view(state)
    before = state.get("previous")
    understanding = await minds.slow.interpret(
        state["message"],
        orders=[order.recipe.name for order in view.orders],
        previous=Intent.from_dict(before) if before else None,
        view=view,
    )
    agenda = Agenda.from_list(state.get("agenda", [])).after(understanding.intent)
    return {
        "intent": understanding.intent.to_dict(),
        "agenda": agenda.to_list(),
        "understood_by": understanding.by,
        "seconds": understanding.seconds,
    }


async def answer(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """Slow Mind: what to say back."""
    minds = await _minds(runtime)
    reply = await minds.slow.reply(
        state["message"],
        Intent.from_dict(state["intent"]),
        await _view(state),
        Agenda.from_list(state.get("agenda", [])),
    )
    return {"reply": reply.text, "seconds": reply.seconds}


async def choose(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """Fast Mind: the next macro action."""
    minds = await _minds(runtime)
    view, cook = await _view(state), state["cook"]
    agenda = Agenda.from_list(state.get("agenda", []))
    avoid = {macro_of(name) for name in state.get("avoid", [])}
    legal = tuple(macro for macro in legal_macros(Surroundings(view, cook)) if macro not in avoid)
    prior = ScriptPlanner(cook, view.layout.pace).scores(view, agenda)
    nothing_to_do = minds.fast.habits.prior_weight and not any(macro in prior for macro in legal)
    if not legal or nothing_to_do:
        return {"macro": None, "probabilities": {}, "saw": "", "seconds": 0.0}
    decision = await minds.fast.choose(
        view,
        cook,
        legal,
        agenda=agenda,
        message=state.get("message", ""),
        prior=prior,
        doing={int(other): macro_of(name) for other, name in state.get("doing", {}).items()},
    )
    return {
        "macro": decision.macro.name,
        "probabilities": {macro.name: p for macro, p in decision.probabilities.items()},
        "saw": decision.saw,
        "seconds": decision.seconds,
    }


_NODE_OF: dict[Event, str] = {"message": "interpret", "answer": "answer", "decide": "choose"}


def _route(state: TeamState) -> str:
    return _NODE_OF[state["event"]]


def build_kitchen_team() -> StateGraph[TeamState, TeamContext, TeamState, TeamState]:
    """The graph of a kitchen agent, not yet compiled: add persistence or make it a subgraph as you like."""
    graph = StateGraph(TeamState, context_schema=TeamContext)
    graph.add_node(interpret)
    graph.add_node(answer)
    graph.add_node(choose)
    graph.add_conditional_edges(START, _route, list(_NODE_OF.values()))
    for node in _NODE_OF.values():
        graph.add_edge(node, END)
    return graph


kitchen_team: CompiledStateGraph[TeamState, TeamContext, TeamState, TeamState] = build_kitchen_team().compile()
"""The kitchen agent, for `langgraph dev` and for sessions."""
