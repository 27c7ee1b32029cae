"""The graph that runs one program with gaps: where a person has to answer, the thread waits, however long.

The paused run is sealed bytes in the thread's state, so that a checkpointer keeps it, and another process goes on from
there: nothing of the program runs twice. Knows no model but the runner's.
"""

from __future__ import annotations

import asyncio

from brigade.agents.reasoning.lmulator import End, Lmulator
from brigade.agents.reasoning.lmulator.records import Result
from brigade.agents.reasoning.lmulator.values import Plain
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict


class ProgramState(TypedDict, total=False):
    """A program, where it stands, and what it came to."""

    program: str
    question: str
    paused: bytes | None
    """The run, sealed, while it waits for an answer."""
    message: str
    """What it waits for, or why there is no answer."""
    end: str
    answer: Plain


def build_program(runner: Lmulator) -> StateGraph[ProgramState, None, ProgramState, ProgramState]:
    """The graph, not yet compiled; resume its thread with `Command(resume=VALUE)`.

    Args:
        runner: runs the program; its `person` raises `AskLater` for what a person is to answer.
    """

    async def run(state: ProgramState) -> ProgramState:
        result = await asyncio.to_thread(runner.run, state["program"], question=state.get("question", ""))
        return _state(result)

    async def ask(state: ProgramState) -> ProgramState:
        value = interrupt(state["message"])
        paused = state["paused"]
        assert paused is not None
        return _state(await asyncio.to_thread(runner.resume, paused, value, answered=True))

    graph: StateGraph[ProgramState, None, ProgramState, ProgramState] = StateGraph(ProgramState)
    graph.add_node("run", run)
    graph.add_node("ask", ask)
    graph.add_edge(START, "run")
    for node in ("run", "ask"):
        graph.add_conditional_edges(node, _after, ["ask", END])
    return graph


def _state(result: Result) -> ProgramState:
    waits = result.end is End.PAUSED
    return ProgramState(
        paused=result.paused if waits else None, message=result.message, end=str(result.end), answer=result.answer
    )


def _after(state: ProgramState) -> str:
    return "ask" if state["paused"] is not None else END
