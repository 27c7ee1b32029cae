"""Running the game's server in this process until somebody stops it."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from brigade.agents.models import ModelError
from brigade.agents.models.embedded import read_early
from brigade.agents.sessions.keeping import Keeping, remembering
from brigade.agents.sessions.play.limits import Doors
from brigade.agents.sessions.play.lobby import Lobby
from brigade.agents.sessions.play.protocol import MAX_FRAME
from brigade.agents.sessions.play.server import build
from brigade.agents.sessions.play.shelf import MindShelf
from brigade.agents.sessions.play.study.design import Study
from brigade.agents.sessions.play.study.desk import Desk
from brigade.agents.sessions.web import ReadyServer
from brigade.envs.kitchen import Kitchen

log = logging.getLogger("brigade.play")

THREADS = 96
"""Calls of models that may hang at a time: two per agent, and room to breathe."""
SWITCH_SECONDS = 0.0005
"""How long a thread that works for a mind may keep the interpreter from the ticks at a time; Python's 5 ms add up."""
ENDPOINTS = "brigade.agents.models.endpoint"
"""What every pair of minds needs besides the embedded model, and takes 0.4 s to import."""
LINGER_SECONDS = 2.0
"""How long the end waits for calls of models that hang."""


@dataclass(frozen=True)
class ServerSpec:
    """How to serve."""

    host: str = "127.0.0.1"
    port: int = 8000
    origins: tuple[str, ...] = ()
    """Addresses under which a proxy in front shows the pages."""
    records: Path | None = None
    study: Study | None = None
    countdown: float = 3.0
    rooms: int = 64
    warm: bool = True
    """Whether to load the default minds at once, so that the first agent does not have to be waited for."""
    threads: str | None = None
    """Where cooks' threads are kept: a file, or postgresql://...; None to go by the records alone."""
    knowledge: str | None = None
    """A knowledge base that remembers the player, and answers programs."""
    player: str = ""


def serve(spec: ServerSpec, shelf: MindShelf, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until interrupted.

    Args:
        spec: how.
        shelf: the minds of agents.
        listening: where.
        ready: called when pages can be opened.
    """
    threads = ThreadPoolExecutor(THREADS, "brigade")
    sys.setswitchinterval(SWITCH_SECONDS)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(spec, shelf, listening, ready, threads))
    threads.shutdown(wait=False, cancel_futures=True)
    _leave(threads)


async def _serve(
    spec: ServerSpec,
    shelf: MindShelf,
    listening: socket.socket,
    ready: Callable[[], None],
    threads: ThreadPoolExecutor,
) -> None:
    asyncio.get_running_loop().set_default_executor(_Patient(threads))
    async with _keeping(spec) as keeping:
        await asyncio.to_thread(_warm)
        lobby = Lobby(shelf, spec.records, countdown=spec.countdown, most=spec.rooms, keeping=keeping)
        await _serve_lobby(spec, lobby, shelf, listening, ready)


@asynccontextmanager
async def _keeping(spec: ServerSpec) -> AsyncIterator[Keeping]:
    """What outlives games, open while they are played."""
    with remembering(spec.player, spec.knowledge) as kept:
        if spec.threads is None:
            yield kept
            return
        from brigade.agents.graph import open_threads
        from brigade.agents.privacy.keys import data_folder, load_sealer

        async with open_threads(spec.threads, load_sealer(data_folder())) as saver:
            yield replace(kept, threads=saver)


async def _serve_lobby(
    spec: ServerSpec, lobby: Lobby, shelf: MindShelf, listening: socket.socket, ready: Callable[[], None]
) -> None:
    desk = Desk(spec.study, lobby, spec.records) if spec.study is not None and spec.records is not None else None
    config = uvicorn.Config(
        build(lobby, Doors(spec.host, spec.origins), desk),
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,  # frames are a kilobyte or two; compressing 200 a second costs more than it saves
        timeout_graceful_shutdown=2,
        server_header=False,
        proxy_headers=bool(spec.origins),  # nobody says where they come from unless a proxy is known to be in front
    )
    server = ReadyServer(config, ready)
    if spec.warm:
        await _warm_minds(shelf)
    gc.collect()
    gc.freeze()  # a full collection over the libraries takes 0.1 s, which is a tick
    await server.serve(sockets=[listening])


class _Patient(ThreadPoolExecutor):
    """Hands work to threads that the end of the loop does not wait for: a call of a model may hang."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        super().__init__(1)
        self.submit = threads.submit  # type: ignore[method-assign]


async def _warm_minds(shelf: MindShelf) -> None:
    try:
        await shelf.take(shelf.slow[0], shelf.fast[0])
    except ModelError as error:
        log.warning("the agent cannot be had: %s", error)


def _warm() -> None:
    """Do what would hold every room up later: compile the rules, import what minds need, read their vocabulary."""
    kitchen = Kitchen("ring")
    kitchen.reset(0)
    kitchen.step([0] * kitchen.layout.cooks)
    kitchen.view()
    importlib.import_module(ENDPOINTS)
    with suppress(ModelError):  # no embedded model here
        read_early()


def _leave(threads: ThreadPoolExecutor) -> None:
    """Python waits at its end for threads that hang; records are closed, so nothing is lost by not waiting."""
    waiting: set[threading.Thread] = getattr(threads, "_threads", set())
    for thread in waiting:
        thread.join(LINGER_SECONDS / max(1, len(waiting)))
    if any(thread.is_alive() for thread in waiting):
        sys.stdout.flush()
        os._exit(0)


def names(text: str) -> Sequence[str]:
    """Names in a list separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
