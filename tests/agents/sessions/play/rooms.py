"""Games that tests play without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from brigade.agents.graph import Minds
from brigade.agents.sessions.play.game import GameSpec
from brigade.agents.sessions.play.guarded import Patience
from brigade.agents.sessions.play.room import Room
from brigade.envs.kitchen import load_layout

TICK = 0.02


class Ear:
    """Keeps what a room tells."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []

    def tell(self, message: str) -> None:
        self.events.append(json.loads(message))

    def show(self, frame: str) -> None:
        self.frames.append(json.loads(frame))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]


def game(*seats: str, map_: str = "ring", **options: Any) -> GameSpec:
    return GameSpec(load_layout(map_), seats, **{"duration": 5.0, "tick_seconds": TICK, "pace": 5.0, **options})


def open_room(
    spec: GameSpec, record: Path | None = None, minds: Minds | None = None, patience: Patience | None = None
) -> tuple[Room, Ear]:
    room, ear = Room("test", spec, minds, record, countdown=0, patience=patience), Ear()
    room.listeners.add(ear)
    return room, ear


def begin(room: Room) -> asyncio.Task[None]:
    """Everybody comes and is ready."""
    for cook in room.people:
        room.come(cook)
        room.is_ready(cook)
    return asyncio.create_task(room.run())


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
