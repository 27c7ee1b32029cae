"""The graph that answers a question: choose a strategy, follow it, answer directly where it comes to nothing.

Every strategy of `brigade.agents.reasoning.solve` is a node of its own, so a new one there is a new node here.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from brigade.agents.models import ModelOptions, load_model
from brigade.agents.privacy import Boundary
from brigade.agents.reasoning.choosing import choose_strategy
from brigade.agents.reasoning.lmulator import Lmulator, Settings
from brigade.agents.reasoning.lmulator.writing import Collection
from brigade.agents.reasoning.questions import Question
from brigade.agents.reasoning.solve import STRATEGIES, Means
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

NAMES = tuple(name for name in STRATEGIES if name != "auto")
"""Strategies that are one way to answer each."""


class SolverState(TypedDict, total=False):
    """One question, and what came of it."""

    question: str
    facts: list[str]
    """What is known that bears on it."""
    strategy: str
    """`auto`, or the name of the strategy to take."""
    chosen: str
    reason: str
    answer: str | None
    confidence: float | None
    model_calls: float
    tokens: float
    message: str
    """Why there is no answer."""
    trace: dict[str, Any]


@dataclass(frozen=True)
class SolverContext:
    """What a run needs besides its state: ready means, or the name of a model."""

    model: str = "embedded"
    base_url: str | None = None
    calls: float = 200
    """Model calls for one question."""
    means: Means | None = None


@lru_cache(maxsize=4)
def _load_means(model: str, base_url: str | None, calls: float) -> Means:
    loaded = load_model(model, ModelOptions(base_url=base_url, egress=Boundary()))
    return Means(loaded, Lmulator(loaded, settings=Settings(calls=calls)), Collection(), calls)


async def _means(runtime: Runtime[SolverContext]) -> Means:
    context = runtime.context or SolverContext()
    if context.means is not None:
        return context.means
    return await asyncio.to_thread(_load_means, context.model, context.base_url, context.calls)


async def pick(state: SolverState) -> SolverState:
    """Choose a strategy, unless one is asked for."""
    asked = state.get("strategy", "auto")
    if asked != "auto":
        if asked not in NAMES:
            raise ValueError(f"unknown strategy {asked!r} (known: auto, {', '.join(NAMES)})")
        return {"chosen": asked, "reason": "asked for"}
    chosen, reason = await asyncio.to_thread(choose_strategy, state["question"], NAMES, Collection())
    return {"chosen": chosen, "reason": reason}


class _Node(Protocol):
    async def __call__(self, state: SolverState, runtime: Runtime[SolverContext]) -> SolverState: ...


def _node(name: str) -> _Node:
    async def follow(state: SolverState, runtime: Runtime[SolverContext]) -> SolverState:
        means = await _means(runtime)
        known = "".join(f"{fact}\n" for fact in state.get("facts", []))
        question = Question("1", f"{known}{state['question']}")
        solved = await asyncio.to_thread(lambda: STRATEGIES[name](means).solve(question))
        return {
            "chosen": name,
            "answer": solved.answer,
            "confidence": solved.confidence,
            "model_calls": state.get("model_calls", 0) + solved.cost.calls,
            "tokens": state.get("tokens", 0) + solved.cost.tokens,
            "message": solved.message,
            "trace": json.loads(json.dumps(solved.trace)),
        }

    return follow


def _after(state: SolverState) -> str:
    """Answer directly what a chosen strategy could not; what was asked for stays as it is."""
    again = state.get("answer") is None and state.get("strategy", "auto") == "auto"
    return "direct" if again else END


def build_solver() -> StateGraph[SolverState, SolverContext, SolverState, SolverState]:
    """The graph, not yet compiled."""
    graph = StateGraph(SolverState, context_schema=SolverContext)
    graph.add_node("pick", pick)
    graph.add_edge(START, "pick")
    graph.add_conditional_edges("pick", lambda state: state["chosen"], list(NAMES))
    for name in NAMES:
        graph.add_node(name, _node(name))
        if name == "direct":
            graph.add_edge(name, END)
        else:
            graph.add_conditional_edges(name, _after, ["direct", END])
    return graph


solver: CompiledStateGraph[SolverState, SolverContext, SolverState, SolverState] = build_solver().compile()
"""The solver, for `langgraph dev` and as a subgraph."""
