"""The gateway: an OpenAI-compatible server in front of a cloud model, through which nothing private passes.

`POST /v1/chat/completions` (streams, tools), `GET /v1/models`, and the receipts. A request may say how it is answered:
the header `x-brigade-route`, the key `brigade` of its body (`{"route": "redact", "conversation": "..."}`), or the
model's name (`brigade:redact`).
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from brigade.agents.assistant import remote
from brigade.agents.assistant.fallback import fall_back
from brigade.agents.assistant.office import OWN, Asked, Case, Office
from brigade.agents.assistant.shapes import DONE, MAX_BODY, ApiError, Json, chunks, event, parse_request
from brigade.agents.assistant.writing import write
from brigade.agents.models.egress import is_loopback
from brigade.agents.privacy.routes import ROUTES, Route, RouteError, named
from brigade.agents.sessions.assistant.pages import Pages
from brigade.agents.sessions.play.limits import Doors
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route as Path

LOCAL_CALLER = "local"


@dataclass(frozen=True, slots=True)
class GatewaySpec:
    """How to serve."""

    host: str = "127.0.0.1"
    tokens: tuple[str, ...] = ()
    """Who may ask; each token is a user of their own. Needed when not on loopback."""
    scrub: bool = False
    """Whether private-looking values that the user never supplied are taken out of replies."""
    origins: tuple[str, ...] = ()


class Gateway:
    """The requests of the gateway.

    Raises:
        ValueError: it is to listen to other machines, and has no token.
    """

    def __init__(self, office: Office, spec: GatewaySpec, pages: Pages) -> None:
        if not spec.tokens and not is_loopback(spec.host):
            raise ValueError(f"--host {spec.host}: a token is needed when other machines can ask (--token)")
        self._office = office
        self._spec = spec
        self._doors = Doors(spec.host, spec.origins)
        self._pages = pages

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Path("/v1/chat/completions", self.chat, methods=["POST"]),
                Path("/v1/models", self.models, methods=["GET"]),
                Path("/v1/models/{name:path}", self.model, methods=["GET"]),
                *self._pages.routes(self.caller),
            ],
            lifespan=self._life,
            exception_handlers={ApiError: _api_error, HTTPException: _http_error, Exception: _any_error},
        )

    @asynccontextmanager
    async def _life(self, app: Starlette) -> AsyncIterator[None]:
        yield
        await self._office.close()

    async def chat(self, request: Request) -> Response:
        """A chat completion."""
        caller = self.caller(request)
        try:
            body = parse_request(await _read(request))
            asked = _asked(body, caller, request.headers)
        except ApiError as error:
            self._office.reject(caller, error)
            raise
        if body.get("stream"):
            return await self._streamed(asked)
        async with self._office.case(asked) as case:
            answer = await self._answer(case)
            return JSONResponse(answer.body, headers=answer.headers | _told(case))

    async def models(self, request: Request) -> Response:
        """What can be asked for."""
        self.caller(request)
        return JSONResponse({"object": "list", "data": [_card(name) for name in self._names()]})

    async def model(self, request: Request) -> Response:
        """One of them."""
        self.caller(request)
        name = request.path_params["name"]
        if name not in self._names():
            raise ApiError(404, f"the model {name[:100]!r} does not exist", "model_not_found")
        return JSONResponse(_card(name))

    def caller(self, request: Request) -> str:
        """Who asks.

        Raises:
            ApiError: nobody who may.
        """
        if not self._doors.knows_host(request.headers) or (
            "origin" in request.headers and not self._doors.knows_page(request.headers)
        ):
            raise ApiError(403, "requests from pages of other sites are refused", "foreign_page")
        if not self._spec.tokens:
            return LOCAL_CALLER
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip() or request.cookies.get(
            "token", ""
        )
        for token in self._spec.tokens:
            if hmac.compare_digest(given.encode(), token.encode()):
                return token
        raise ApiError(401, "a valid token is needed (Authorization: Bearer TOKEN)", "invalid_api_key")

    def _names(self) -> Sequence[str]:
        upstream = self._office.upstream
        own = [OWN, *(f"{OWN}:{route}" for route in ROUTES)]
        return [*own, upstream.spec.model] if upstream is not None and upstream.spec.model else own

    async def _answer(self, case: Case) -> remote.Answer:
        if case.decision.route in ("cloud", "redact"):
            try:
                return await remote.answer(self._office, case, scrub=self._spec.scrub)
            except ApiError as error:
                fall_back(self._office, case, error)
        return remote.Answer(await write(self._office, case), {})

    async def _streamed(self, asked: Asked) -> Response:
        """The response begins when the answer does, so that an error before that has its own status."""
        outgoing = self._events(asked)
        try:
            first = await anext(outgoing)
        except StopAsyncIteration:
            raise AssertionError("a stream tells its receipt first") from None
        headers = _headers_in(first) | {"cache-control": "no-cache"}
        return StreamingResponse(outgoing, media_type="text/event-stream", headers=headers)

    async def _events(self, asked: Asked) -> AsyncIterator[bytes]:
        """First the headers, then server-sent events; an error after the headers is an event too."""
        begun = False
        try:
            async with self._office.case(asked) as case:
                if case.decision.route in ("cloud", "redact"):
                    try:
                        async for piece in remote.stream(self._office, case, scrub=self._spec.scrub):
                            yield piece if begun else _head(case)
                            begun = True
                        return
                    except ApiError as error:
                        if begun:
                            raise
                        fall_back(self._office, case, error)
                whole = await write(self._office, case)
                yield _head(case)
                begun = True
                options = asked.body.get("stream_options")
                usage = isinstance(options, dict) and bool(options.get("include_usage"))
                for chunk in chunks(whole, usage=usage):
                    yield event(chunk)
                yield DONE
        except ApiError as error:
            if not begun:
                raise
            yield event(error.body())


async def _read(request: Request) -> bytes:
    pieces, size = [], 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > MAX_BODY:
                raise ApiError(413, f"the body has more than {MAX_BODY} bytes", "body_too_large")
            pieces.append(piece)
    except ClientDisconnect:
        raise ApiError(400, "the request broke off", "request_cut") from None
    return b"".join(pieces)


def _asked(body: Json, caller: str, headers: Mapping[str, str]) -> Asked:
    own = body.get(OWN)
    own = own if isinstance(own, dict) else {}
    model = str(body.get("model", ""))
    wish = headers.get("x-brigade-route") or own.get("route") or _suffix(model)
    conversation = headers.get("x-brigade-conversation") or own.get("conversation")
    try:
        route: Route | None = named(str(wish)) if wish and wish != "auto" else None
    except RouteError as error:
        raise ApiError(400, str(error), "unknown_route") from None
    return Asked(body, caller, str(conversation) if conversation else None, route)


def _suffix(model: str) -> str:
    return model.removeprefix(f"{OWN}:") if model.startswith(f"{OWN}:") else ""


def _told(case: Case) -> dict[str, str]:
    return {"x-brigade-route": case.receipt.route, "x-brigade-receipt": case.receipt.id}


def _head(case: Case) -> bytes:
    return "\n".join(f"{name}\t{value}" for name, value in _told(case).items()).encode("ascii")


def _headers_in(first: bytes) -> dict[str, str]:
    return dict(line.split("\t", 1) for line in first.decode("ascii").splitlines())


def _card(name: str) -> Json:
    return {"id": name, "object": "model", "created": 0, "owned_by": OWN}


async def _api_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return JSONResponse(error.body(), error.status, headers=dict(error.headers))


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = ApiError(status, f"{request.method} {request.url.path[:100]} is not served here", "not_found")
    return JSONResponse(told.body(), status)


async def _any_error(request: Request, error: Exception) -> Response:
    told = ApiError(500, f"the gateway failed ({type(error).__name__})", "gateway_failed", "server_error")
    return JSONResponse(told.body(), 500)
