"""A conversation that outlives the process: the assistant's graph on a thread kept on disk.

A turn that was broken off, by a crash or by Ctrl-C, is finished before the next one begins.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from brigade.agents.assistant.office import Office
from brigade.agents.graph import AssistantContext, AssistantState, Memory, build_assistant, open_threads
from brigade.agents.privacy.keys import load_sealer
from brigade.agents.privacy.routes import Route
from langgraph.types import Command

FILE = "threads.db"
Approve = Callable[[dict[str, Any]], Awaitable[bool]]
"""Shows what would be sent, and asks."""


async def take_turn(
    office: Office,
    data: Path,
    thread: str,
    question: str,
    *,
    route: Route | None = None,
    strategy: str = "auto",
    confirm: bool = False,
    memory: Memory | None = None,
    database: str | None = None,
    approve: Approve,
    told: Callable[[str], None] = lambda text: None,
) -> AssistantState:
    """Answer a question in a thread.

    Args:
        office: does the work; closed at the end.
        data: the folder of key, receipts and threads.
        thread: its name.
        question: what the user says.
        route: asked for.
        strategy: asked for, or `auto`.
        confirm: whether everything that would be sent is shown first.
        memory: what is known, and where candidates wait for review; none by default.
        database: where threads are kept; a file in the folder if None.
        approve: asked where the graph stops for an approval.
        told: hears the answer of a turn that had been broken off.

    Raises:
        ThreadsUnusable: threads cannot be kept there.
        KeyUnusable: they were kept with another key.
    """
    context = AssistantContext(office=office, confirm=confirm, memory=memory)
    try:
        async with open_threads(database or data / FILE, load_sealer(data)) as saver:
            graph = build_assistant().compile(checkpointer=saver)
            config: Any = {"configurable": {"thread_id": thread}}

            async def to_the_end(given: Any) -> dict[str, Any]:
                state: dict[str, Any] = await graph.ainvoke(given, config, context=context, durability="sync")
                while stops := state.get("__interrupt__"):
                    answer: Command[Any] = Command(resume=await approve(stops[0].value))
                    state = await graph.ainvoke(answer, config, context=context, durability="sync")
                return state

            broken = await graph.aget_state(config)
            if broken.next:
                told((await to_the_end(None))["answer"])
            asked = {"question": question, "asked_route": route, "asked_strategy": strategy}
            done: AssistantState = await to_the_end(asked)  # type: ignore[assignment]
            return done
    finally:
        await office.close()
