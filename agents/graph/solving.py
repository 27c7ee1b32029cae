"""The graph that answers a question as `solve --strategy auto` does: the same chooser, the same strategies.

What needs no model is taken if it is likely right; else a first pass, and the strategy that is chosen with it in view.

Every strategy of `brigade.agents.reasoning.solve` is a node of its own, so a new one there is a new node here.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from brigade.agents.models import LanguageModel, ModelOptions, load_model
from brigade.agents.models.lazy import LazyModel
from brigade.agents.privacy import Boundary
from brigade.agents.reasoning.choosing import Chooser, after, in_words
from brigade.agents.reasoning.decomposer import Attempt
from brigade.agents.reasoning.lmulator import Lmulator, Settings
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.writing import Collection
from brigade.agents.reasoning.questions import Question
from brigade.agents.reasoning.solve import STRATEGIES, Means, first_pass, follow, look
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

DECOMPOSER = "embedded:decomposer"
FIRST = "first"
"""The node of the first pass."""
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
    attempt: dict[str, Any]
    """What the first pass said: `{"answer", "confidence", "message"}`."""
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
    return ready_means(load_model(model, ModelOptions(base_url=base_url, egress=Boundary())), calls)


def ready_means(model: LanguageModel, calls: float) -> Means:
    """What strategies work with around a model: what is commonly known, and beside the embedded one its decomposer."""
    runner = Lmulator(model, knowledge=common_knowledge(), settings=Settings(calls=calls))
    splits = LazyModel(DECOMPOSER, lambda: load_model(DECOMPOSER)) if model.name == "embedded" else None
    return Means(model, runner, Collection(), calls, decomposer=splits)


async def _means(runtime: Runtime[SolverContext]) -> Means:
    context = runtime.context or SolverContext()
    if context.means is not None:
        return context.means
    return await asyncio.to_thread(_load_means, context.model, context.base_url, context.calls)


async def pick(state: SolverState, runtime: Runtime[SolverContext]) -> SolverState:
    """Choose a strategy that needs no model, unless one is asked for; else the model makes a first pass."""
    asked = state.get("strategy", "auto")
    if asked != "auto":
        if asked not in NAMES:
            raise ValueError(f"unknown strategy {asked!r} (known: auto, {', '.join(NAMES)})")
        return {"chosen": asked, "reason": "asked for"}
    means = await _means(runtime)
    early = await asyncio.to_thread(lambda: Chooser().early(look(means, _question(state))))
    return {"chosen": FIRST, "reason": ""} if early is None else {"chosen": early.strategy, "reason": in_words(early)}


async def first(state: SolverState, runtime: Runtime[SolverContext]) -> SolverState:
    """The model's own attempt, and the strategy that is chosen with it in view."""
    means, failed = await _means(runtime), state.get("chosen", FIRST)

    def work() -> SolverState:
        question, cost = _question(state), Cost()
        signs = after(look(means, question), failed)
        attempt = first_pass(means, question, cost)
        routed = Chooser().choose(signs, attempt.confidence)
        kept = {"answer": attempt.answer, "confidence": attempt.confidence, "message": attempt.message}
        return {"chosen": routed.strategy, "reason": in_words(routed), "attempt": kept, **_spent(state, cost)}

    return await asyncio.to_thread(work)


def _question(state: SolverState) -> Question:
    known = "".join(f"{fact}\n" for fact in state.get("facts", []))
    return Question("1", f"{known}{state['question']}")


def _spent(state: SolverState, cost: Cost) -> SolverState:
    return {"model_calls": state.get("model_calls", 0) + cost.calls, "tokens": state.get("tokens", 0) + cost.tokens}


class _Node(Protocol):
    async def __call__(self, state: SolverState, runtime: Runtime[SolverContext]) -> SolverState: ...


def _node(name: str) -> _Node:
    async def take(state: SolverState, runtime: Runtime[SolverContext]) -> SolverState:
        means, kept = await _means(runtime), state.get("attempt")
        attempt = Attempt(kept["answer"], kept["confidence"], kept["message"]) if kept else None
        cost = Cost()
        solved = await asyncio.to_thread(follow, means, name, _question(state), cost, attempt)
        stands = solved.answer is None and attempt is not None and attempt.answer is not None
        return {
            "chosen": "direct" if stands else name,
            "answer": attempt.answer if stands and attempt is not None else solved.answer,
            "confidence": attempt.confidence if stands and attempt is not None else solved.confidence,
            "message": f"{name}: {solved.message}" if stands else solved.message,
            "trace": json.loads(json.dumps(solved.trace)),
            **_spent(state, cost),
        }

    return take


def _after(state: SolverState) -> str:
    """Go on with a first pass where what needed none came to nothing; what was asked for stays as it is."""
    auto = state.get("strategy", "auto") == "auto"
    return FIRST if state.get("answer") is None and auto and "attempt" not in state else END


def build_solver() -> StateGraph[SolverState, SolverContext, SolverState, SolverState]:
    """The graph, not yet compiled."""
    graph = StateGraph(SolverState, context_schema=SolverContext)
    graph.add_node("pick", pick)
    graph.add_node(FIRST, first)
    graph.add_edge(START, "pick")
    graph.add_conditional_edges("pick", lambda state: state["chosen"], [*NAMES, FIRST])
    graph.add_conditional_edges(FIRST, lambda state: state["chosen"], list(NAMES))
    for name in NAMES:
        graph.add_node(name, _node(name))
        graph.add_conditional_edges(name, _after, [FIRST, END])
    return graph


solver: CompiledStateGraph[SolverState, SolverContext, SolverState, SolverState] = build_solver().compile()
"""The solver, for `langgraph dev` and as a subgraph."""
