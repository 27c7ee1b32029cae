"""A process that hears a message in a game and is killed while it thinks about it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from brigade.agents.graph import GameThread, Minds, Recollection, TeamContext, TeamState, open_threads, team
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.privacy.keys import load_sealer
from killing import database_of, die
from talks import TakesOption


def context() -> TeamContext:
    return TeamContext(minds=Minds(SlowMind(None), FastMind(TakesOption(0))))


async def events(folder: Path, moments: list[TeamState]) -> Recollection | None:
    """Take these events, one after the other; what the thread then knows."""
    async with open_threads(database_of(folder) or folder / "threads.db", load_sealer(folder)) as saver:
        thread = GameThread(saver, "game/0")
        for moment in moments:
            await thread.run(moment, context())
        return await thread.recollect()


def killed_at_the_last(folder: Path, moments: list[TeamState]) -> None:
    """Take these events, and be killed in the last one."""
    asyncio.run(events(folder, moments[:-1]))

    async def dying(*args: Any) -> Any:
        die()

    dying.__name__ = "interpret"
    team.interpret = dying  # type: ignore[assignment]
    asyncio.run(events(folder, moments[-1:]))
