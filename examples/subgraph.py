"""Brigade's graphs in a LangGraph program of one's own: a question goes to the solver, a kitchen's event to the team.

python examples/subgraph.py
"""

from __future__ import annotations

import asyncio
from typing import Any

from brigade.agents.graph import SolverContext, TeamContext, TeamState, kitchen_team, snapshot, solver
from brigade.envs.kitchen import HlaKitchen
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict


class Day(TypedDict, total=False):
    """What happens, and what comes of it."""

    question: str
    kitchen: dict[str, Any]
    outcome: str


async def ask(state: Day) -> Day:
    done = await solver.ainvoke({"question": state["question"]}, context=SolverContext())
    return {"outcome": f"{done['answer']} ({done['chosen']}: {done['reason']})"}


async def cook(state: Day) -> Day:
    event: TeamState = {"event": "decide", "kitchen": state["kitchen"], "cook": 0}
    done = await kitchen_team.ainvoke(event, context=TeamContext(slow="embedded", fast="embedded"))
    return {"outcome": str(done["macro"])}


async def main() -> None:
    graph = StateGraph(Day)
    graph.add_node("ask", ask)
    graph.add_node("cook", cook)
    graph.add_conditional_edges(START, lambda state: "ask" if "question" in state else "cook", ["ask", "cook"])
    graph.add_edge("ask", END)
    graph.add_edge("cook", END)
    day = graph.compile()
    question = 'How many times does the letter "r" appear in the text: "strawberry tart"?'
    print(question, "->", (await day.ainvoke({"question": question}))["outcome"])
    moment = snapshot(HlaKitchen("ring").reset(seed=0), tick_seconds=0.1)
    print("the cook's next macro action ->", (await day.ainvoke({"kitchen": moment}))["outcome"])


if __name__ == "__main__":
    asyncio.run(main())
