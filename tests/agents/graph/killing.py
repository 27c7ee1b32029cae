"""A process that takes a turn of the assistant and is killed in the middle of it."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
from pathlib import Path
from typing import Any

from brigade.agents.assistant.office import Office
from brigade.agents.assistant.opening import OfficeSpec, open_office
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.graph import assisting
from brigade.agents.graph.threads import open_threads
from brigade.agents.models import load_model
from brigade.agents.privacy.keys import load_sealer


def database_of(folder: Path) -> str | None:
    """Where a folder says that receipts and threads are; None for the folder itself."""
    file = folder / "database"
    return file.read_text() if file.is_file() else None


def office_in(folder: Path, url: str | None, *, local: bool = False) -> Office:
    """An office that keeps everything in a folder; its local model says what a file says."""
    script = folder / "local.yaml"
    script.write_text("- say: written here\n", encoding="utf-8")
    profile = folder / "profile.txt"
    profile.write_text("name: Marta Kowalczyk\n", encoding="utf-8")
    return open_office(
        OfficeSpec(
            upstream=UpstreamSpec(url, "m", timeout=20.0) if url else None,
            profile=profile,
            local=(lambda: load_model(f"script:{script}")) if local else None,
            data=folder,
            database=database_of(folder),
        )
    )


async def take_turn(folder: Path, url: str, given: Any, *, local: bool = False, **context: Any) -> dict[str, Any]:
    """A turn of the thread `t`; None goes on with the one that was broken off."""
    ready = assisting.AssistantContext(office=office_in(folder, url, local=local), **context)
    assert ready.office is not None
    try:
        async with open_threads(database_of(folder) or folder / "threads.db", load_sealer(folder)) as saver:
            graph = assisting.build_assistant().compile(checkpointer=saver)
            config: Any = {"configurable": {"thread_id": "t"}}
            state: dict[str, Any] = await graph.ainvoke(given, config, context=ready, durability="sync")
            return state
    finally:
        await ready.office.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_in(node: str, when: str, folder: Path, url: str, given: dict[str, Any], local: bool) -> None:
    """Take a turn and be killed before or after the work of a node, of which nothing is then kept."""
    act = getattr(assisting, node, None)
    if act is not None:

        @functools.wraps(act)
        async def dying(*args: Any, **more: Any) -> Any:
            if when == "before":
                die()
            result = await act(*args, **more)
            die()
            return result

        setattr(assisting, node, dying)
    (folder / "pid").write_text(str(os.getpid()))
    asyncio.run(take_turn(folder, url, given, local=local))
