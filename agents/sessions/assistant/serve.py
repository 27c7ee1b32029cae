"""Running the gateway in this process until somebody stops it."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from brigade.agents.assistant.opening import OfficeSpec, open_office
from brigade.agents.privacy.keys import load_sealer
from brigade.agents.sessions.assistant.gateway import Gateway, GatewaySpec
from brigade.agents.sessions.assistant.pages import Consent, Pages

log = logging.getLogger("brigade.assistant")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def open_gateway(spec: OfficeSpec, gateway: GatewaySpec, *, confirm: bool = False) -> Application:
    """The gateway's application.

    Raises:
        ValueError: see open_office; or tokens are missing.
        OSError: see open_office.
    """
    consent = Consent() if confirm else None
    office = open_office(spec, consent.ask if consent is not None else None)
    sealer = load_sealer(spec.data)
    pages = Pages(office.ledger, lambda caller: sealer.name("caller", caller), consent)
    return quiet(Gateway(office, gateway, pages).app())


def quiet(app: Application) -> Application:
    """An application whose failures are logged by their kind and place alone: their text may be private."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:  # noqa: BLE001  the server would log the text
            frame = traceback.extract_tb(error.__traceback__)[-1]
            log.error("a request failed: %s at %s:%s", type(error).__name__, Path(frame.filename).name, frame.lineno)

    return wrapped


def warm(spec: OfficeSpec) -> None:
    """Load what detectors load on first use, so that no request waits for it.

    Raises:
        DetectorFailed: one of them cannot be had.
    """
    for detector in spec.detectors:
        detector.find("Ada was here.")


def serve(app: Application, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until interrupted."""
    with suppress(KeyboardInterrupt):
        asyncio.run(server(app, ready).serve(sockets=[listening]))


def server(app: Application, ready: Callable[[], None]) -> uvicorn.Server:
    """A server that tells when it is ready."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=3,
        server_header=False,
        h11_max_incomplete_event_size=256 * 1024,
    )
    return _Telling(config, ready)


class _Telling(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
