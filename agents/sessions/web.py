"""What every server and page here shares: listening, serving until it is stopped, the frame of a page."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

import uvicorn

log = logging.getLogger("brigade.web")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes any that is free.

    Raises:
        OSError: the port is taken, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise OSError(f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --port") from None
    return listening


def quiet(app: Application) -> Application:
    """An application whose failures are logged by their kind and place alone: their text may be private."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:  # noqa: BLE001  the server would log the text
            frame = traceback.extract_tb(error.__traceback__)[-1]
            log.error("a request failed: %s at %s:%s", type(error).__name__, Path(frame.filename).name, frame.lineno)

    return wrapped


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
    return ReadyServer(config, ready)


class ReadyServer(uvicorn.Server):
    """A server that calls `ready` as soon as it can be reached."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server.startup."""
        await super().startup(sockets)
        if self.started:
            self._ready()


_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #ddd;
vertical-align:top}th{color:#666;font-weight:600}pre{background:#f5f5f2;padding:1rem;overflow:auto;white-space:pre-wrap;
overflow-wrap:anywhere;border-radius:4px}.refused,.failed,.cut{color:#a22}.local{color:#186a3b}a{color:#1a5fb4}
form{display:inline}button{font:inherit;padding:.3rem 1rem;margin-right:.5rem}.wait{border:2px solid #c80;padding:1rem;
border-radius:6px;margin-bottom:1rem}
"""


def page(title: str, body: str, *, script: str = "", attributes: str = "") -> str:
    """A page around this HTML; the title is text, `attributes` are those of its body."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f"<body{attributes}><main><h1>{escape(title)}</h1>{body}</main>{script}</body></html>"
    )
