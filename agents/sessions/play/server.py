"""The game's server: pages, a few JSON requests, and a socket per player.

Whatever comes in is bounded, validated and answered with one clear line. Pages are a fixed set of files that is read
at the start, so that no path leads anywhere else. Nothing is stored of whoever asks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, TypeVar

from brigade.agents.models import ModelError
from brigade.agents.sessions.play import offers, replays
from brigade.agents.sessions.play.connection import ELSEWHERE, LEFT, TOO_MUCH, UNKNOWN_SEAT, Connection, Goodbye
from brigade.agents.sessions.play.limits import Buckets, Doors, is_guest
from brigade.agents.sessions.play.lobby import Full, Lobby
from brigade.agents.sessions.play.study.desk import Desk, Step
from brigade.agents.sessions.record import RecordError, parse_record
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

log = logging.getLogger("brigade.play")

RECENT = 5000
"""Ticks of each room that count for its health."""
MAX_BODY = 32_000
POSTS = 2.0, 40.0
"""Requests a second that one address may make in the long run, and at once."""
SOCKETS = 1.0, 30.0
"""Connections to games, the same; a page that lost its own tries again every four seconds."""
BODY_SECONDS = 10.0
"""A request that takes longer to arrive is given up."""
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
SECURITY = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}

M = TypeVar("M", bound=BaseModel)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Seat(_Body):
    seat: str = Field(max_length=128)


class _Seats(_Body):
    seats: list[str] = Field(max_length=20)


class _Invite(_Body):
    invite: str = Field(max_length=128)


class _LayoutText(_Body):
    layout: str = Field(max_length=offers.MAX_LAYOUT)


class _RecordText(_Body):
    record: str = Field(max_length=replays.MAX_RECORD)


class BadRequest(ValueError):
    """A request that cannot be answered; says why."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


@dataclass
class Play:
    """What the handlers share."""

    lobby: Lobby
    doors: Doors
    desk: Desk | None = None
    """The study that is run here, if one is."""
    posts: Buckets = field(default_factory=lambda: Buckets(*POSTS))
    sockets: Buckets = field(default_factory=lambda: Buckets(*SOCKETS))
    connections: dict[tuple[str, int], Connection] = field(default_factory=dict)

    async def page(self, request: Request) -> Response:
        """A file of the page."""
        content = _PAGE.get(request.path_params.get("name", "index.html"))
        if content is None:
            return PlainTextResponse("not found", 404, SECURITY)
        text, kind = content
        return Response(text, headers=SECURITY, media_type=kind)

    async def show_lobby(self, request: Request) -> Response:
        """What can be played."""
        offer = await run_in_threadpool(offers.lobby, self.lobby.shelf)
        study = None if self.desk is None else self.desk.front_page()
        return _json(offer | {"study": study})

    async def health(self, request: Request) -> Response:
        """How many rooms there are, and how late their ticks are; for whoever runs the server and `bench play`."""
        return _json(await run_in_threadpool(self._health))

    def _health(self) -> dict[str, Any]:
        rooms = [opened.room for opened in list(self.lobby.rooms.values())]
        late = sorted(seconds for room in rooms for seconds in list(room.clock.lateness)[-RECENT:])
        drift = [room.clock.lateness[-1] for room in rooms if room.clock.lateness and room.phase == "running"]
        at = {name: late[min(len(late) - 1, int(len(late) * share))] * 1000 if late else 0.0 for name, share in _SHARES}
        return {
            "rooms": len(rooms),
            "running": sum(room.phase == "running" for room in rooms),
            "ticks": sum(room.view.tick for room in rooms),
            "lateness_ms": {name: round(value, 3) for name, value in at.items()},
            "drift_ms": round(max(drift, default=0.0) * 1000, 3),
        }

    async def new_game(self, request: Request) -> Response:
        """Open a room; answers with the seat's token."""
        wish = await self.read(request, offers.NewGame)
        spec = await run_in_threadpool(offers.game_of, wish, self.lobby.shelf)
        opened, token = await self.lobby.open(spec, _guest(request))
        return _json({"seat": token, "invite": self.lobby.invitation(opened, token)})

    async def claim(self, request: Request) -> Response:
        """Take the seat that somebody was invited to."""
        found = await self.lobby.claim((await self.read(request, _Invite)).invite)
        if found is None:
            raise BadRequest("this invitation is used up, or the game is over", 410)
        return _json({"seat": found[1]})

    async def seats(self, request: Request) -> Response:
        """What has become of some seats: those that a page remembers."""
        asked = (await self.read(request, _Seats)).seats
        return _json({"seats": [await run_in_threadpool(self.lobby.state_of, seat) for seat in asked]})

    async def check_layout(self, request: Request) -> Response:
        """Whether a layout can be cooked in, and how it looks."""
        text = (await self.read(request, _LayoutText)).layout
        return _json(offers.preview(await run_in_threadpool(offers.read_layout, text)))

    async def replay(self, request: Request) -> Response:
        """A game played back, for who had a seat in it."""
        file = self.lobby.record_of((await self.read(request, _Seat)).seat)
        if file is None:
            raise BadRequest("there is no record of such a game", 404)
        text = await run_in_threadpool(file.read_text, "utf-8")
        return _json(await run_in_threadpool(lambda: replays.for_page(parse_record(text, "the record"))))

    async def replay_text(self, request: Request) -> Response:
        """A record that somebody has, played back."""
        text = (await self.read(request, _RecordText, replays.MAX_RECORD + MAX_BODY)).record
        return _json(await run_in_threadpool(lambda: replays.for_page(parse_record(text, "your record"))))

    async def socket(self, socket: WebSocket) -> None:
        """A player."""
        await socket.accept()
        connection = Connection(socket)
        if (guest := _guest(socket)) and not self.sockets.take(guest):
            await connection.close(Goodbye(TOO_MUCH, "too many connections; wait a moment"))
            return
        try:
            await self._play(connection)
        except Goodbye as goodbye:
            await connection.close(goodbye)
        except WebSocketDisconnect:
            return

    async def _play(self, connection: Connection) -> None:
        seat = (await connection.first()).seat
        try:
            found = await self.lobby.find(seat)
        except ModelError as error:
            log.warning("a game cannot go on: %s", error)
            raise Goodbye(UNKNOWN_SEAT, "the agent's model cannot be had at present") from None
        if found is None:
            raise Goodbye(UNKNOWN_SEAT, "there is no such seat, or its game is over")
        opened, cook = found
        place = opened.room.name, cook
        before = self.connections.get(place)
        if before is not None:
            before.dismiss(Goodbye(ELSEWHERE, "you went on in another window"))
        self.connections[place] = connection
        try:
            await connection.play(opened, cook, self.lobby.invitation(opened, seat))
        except Goodbye as goodbye:
            if goodbye.code == LEFT and len(opened.room.people) == 1:
                opened.room.finish("you left")
            raise
        finally:
            if self.connections.get(place) is connection:
                del self.connections[place]
                opened.room.leave(cook)

    async def read(self, request: Request, kind: type[M], most: int = MAX_BODY) -> M:
        """The body of a request.

        Raises:
            BadRequest: it comes too often, is too long, or is not what it should be.
        """
        if not self.posts.take(_address(request)):
            raise BadRequest("too many requests; wait a moment", 429)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise BadRequest("send JSON", 415)
        try:
            return kind.model_validate_json(await _body(request, most))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "body"
            raise BadRequest(f"{where}: {first['msg']}") from None


async def _body(request: Request, most: int) -> bytes:
    """A body that is neither too long nor too slow."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise BadRequest(f"at most {most} bytes", 413)
    except TimeoutError:
        raise BadRequest("too slow; try again", 408) from None
    return bytes(body)


def _address(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def _guest(connection: HTTPConnection) -> str:
    address = _address(connection)
    return address if is_guest(address) else ""


class Gate:
    """Lets in what is for us and, where it changes something, comes from one of our pages."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self.app, self.doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        plain = len(headers.getlist("host")) == 1 and len(headers.getlist("origin")) < 2
        looks_only = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if plain and self.doors.knows_host(headers) and (looks_only or self.doors.knows_page(headers)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "not from here"})  # answers 403
        else:
            await PlainTextResponse("not from here", 403, SECURITY)(scope, receive, send)


def build(lobby: Lobby, doors: Doors, desk: Desk | None = None) -> Starlette:
    """The ASGI application."""
    play = Play(lobby, doors, desk)
    posts: dict[str, Handler] = {
        "/api/games": play.new_game,
        "/api/claim": play.claim,
        "/api/seats": play.seats,
        "/api/layout": play.check_layout,
        "/api/replay": play.replay,
        "/api/replay-text": play.replay_text,
    }
    if desk is not None:

        async def step(request: Request) -> Response:
            return _json(await desk.step(await play.read(request, Step)))

        posts["/api/study"] = step
        del posts["/api/games"]  # participants play what the study says

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        tidying = asyncio.create_task(lobby.keep_tidy())
        yield
        tidying.cancel()
        await lobby.close()

    routes = [Route(path, _answering(handler), methods=["POST"]) for path, handler in posts.items()]
    return Starlette(
        routes=[
            *routes,
            Route("/api/lobby", play.show_lobby),
            Route("/api/health", play.health),
            WebSocketRoute("/api/play", play.socket),
            Route("/", play.page),
            Route("/{name}", play.page),
        ],
        middleware=[Middleware(Gate, doors=doors), Middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)],
        lifespan=life,
    )


Handler = Callable[[Request], Awaitable[Response]]


def _answering(handler: Handler) -> Handler:
    """With what goes wrong in a handler as one line of JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except BadRequest as error:
            return _json({"error": str(error)}, error.status)
        except Full as error:
            return _json({"error": str(error)}, 503)
        except ModelError as error:
            log.warning("a model cannot be had: %s", error)
            return _json({"error": "the agent's model cannot be had at present; choose another partner"}, 503)
        except (ValueError, RecordError) as error:  # layouts, games and records that are not right
            return _json({"error": " ".join(str(error).split())}, 422)

    return answer


def _json(data: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(data, status, SECURITY)


def _read_page() -> dict[str, tuple[bytes, str]]:
    folder = resources.files("brigade.agents.sessions.play") / "page"
    return {file.name: (file.read_bytes(), TYPES[file.name.rpartition(".")[2]]) for file in folder.iterdir()}


_PAGE = _read_page()
_SHARES = (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
