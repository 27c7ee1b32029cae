"""A cloud model on loopback that answers, streams or misbehaves as told, and the gateway in front of it; real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from brigade.agents.assistant.office import Prices
from brigade.agents.assistant.opening import OfficeSpec
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.sessions.assistant.gateway import GatewaySpec
from brigade.agents.sessions.assistant.serve import open_gateway
from brigade.agents.sessions.web import Application, server
from openai import OpenAI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Reply = Callable[[dict[str, Any]], str]


def echo(body: dict[str, Any]) -> str:
    content = body["messages"][-1]["content"]
    return content if isinstance(content, str) else json.dumps(content)


@dataclass
class Cloud:
    """What the cloud model does, and all that it was told."""

    reply: Reply = echo
    calls: list[dict[str, Any]] = field(default_factory=list)
    """Tool calls of the answer."""
    cut: int = 0
    """Bytes of each write of a stream; 0 writes event by event."""
    pause: float = 0.0
    """Seconds before each event."""
    delay: float = 0.0
    """Seconds before an answer begins."""
    status: int = 200
    raw: bytes | None = None
    """Sent instead of an answer."""
    stop_after: int | None = None
    """Events after which the connection breaks off."""
    told: list[bytes] = field(default_factory=list)
    """Bodies, and headers, as they came."""

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.told if each.startswith(b"{")]

    async def chat(self, request: Request) -> Response:
        raw = await request.body()
        self.told.append(str(request.url.path).encode() + repr(sorted(request.headers.items())).encode())
        self.told.append(raw)
        body = json.loads(raw)
        await asyncio.sleep(self.delay)
        if self.raw is not None:
            return Response(self.raw, self.status, media_type="application/json")
        if self.status != 200:
            error = {"message": "told by the cloud", "type": "some_error", "code": "some_code", "param": None}
            return JSONResponse({"error": error}, self.status, headers={"retry-after": "7"})
        if body.get("stream"):
            return StreamingResponse(self._stream(body), media_type="text/event-stream")
        message: dict[str, Any] = {"role": "assistant", "content": self.reply(body), "refusal": None}
        if self.calls:
            message |= {"content": None, "tool_calls": self.calls}
        choice = {
            "index": 0,
            "message": message,
            "logprobs": _logprobs() if body.get("logprobs") else None,
            "finish_reason": "tool_calls" if self.calls else "stop",
        }
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body["model"]}
        return JSONResponse(head | {"choices": [choice], "usage": usage, "system_fingerprint": "fp_1"})

    async def _stream(self, body: dict[str, Any]) -> AsyncIterator[bytes]:
        events = [f"data: {json.dumps(each)}\n\n".encode() for each in self._chunks(body)] + [b"data: [DONE]\n\n"]
        if self.stop_after is not None:
            events = events[: self.stop_after]
        if self.cut:
            whole = b"".join(events)
            events = [whole[at : at + self.cut] for at in range(0, len(whole), self.cut)]
        for each in events:
            await asyncio.sleep(self.pause)
            yield each

    def _chunks(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": body["model"]}

        def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
            return head | {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

        yield chunk({"role": "assistant", "content": ""})
        if self.calls:
            for at, call in enumerate(self.calls):
                yield chunk({"tool_calls": [{"index": at, **call, "function": call["function"] | {"arguments": ""}}]})
                for letter in call["function"]["arguments"]:
                    yield chunk({"tool_calls": [{"index": at, "function": {"arguments": letter}}]})
            yield chunk({}, "tool_calls")
        else:
            text = self.reply(body)
            for at in range(0, len(text), 3):
                yield chunk({"content": text[at : at + 3]})
            yield chunk({}, "stop")
        if (body.get("stream_options") or {}).get("include_usage"):
            yield head | {"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}}

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/chat/completions", self.chat, methods=["POST"])])


def _logprobs() -> dict[str, Any]:
    top = [{"token": token, "logprob": -1.0 - at, "bytes": None} for at, token in enumerate((" the", " a", "."))]
    return {"content": [top[0] | {"top_logprobs": top}], "refusal": None}


@contextmanager
def running(app: Application | Starlette) -> Iterator[str]:
    """The base URL of an application while it runs on a thread of its own."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    started = threading.Event()
    runner: uvicorn.Server = server(app, started.set)
    thread = threading.Thread(target=lambda: asyncio.run(runner.serve(sockets=[listening])), daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        runner.should_exit = True
        thread.join(10)
        listening.close()


@dataclass
class Stack:
    """A cloud, the gateway before it, and a client of each."""

    cloud: Cloud
    direct: OpenAI
    client: OpenAI
    url: str
    data: Path

    def receipts(self) -> list[dict[str, Any]]:
        """The gateway's receipts, newest first."""
        found: list[dict[str, Any]] = self.client.get("/receipts", cast_to=object)["data"]  # type: ignore[index]
        return found

    def left(self) -> str:
        """Everything that reached the cloud."""
        return "\n".join(each.decode("utf-8", "backslashreplace") for each in self.cloud.told)


@contextmanager
def stack(
    data: Path,
    *,
    spec: OfficeSpec | None = None,
    gateway: GatewaySpec | None = None,
    timeout: float = 5.0,
    confirm: bool = False,
    token: str = "unused",
) -> Iterator[Stack]:
    """Cloud and gateway, running."""
    cloud = Cloud()
    base = spec or OfficeSpec()
    with running(cloud.app()) as upstream:
        full = OfficeSpec(
            upstream=UpstreamSpec(upstream, key="cloud-key-of-tests", timeout=timeout),
            profile=base.profile,
            local=base.local,
            detectors=base.detectors,
            data=data,
            prices=Prices(1.0, 2.0),
            fusible=base.fusible,
        )
        app = open_gateway(full, gateway or GatewaySpec(), confirm=confirm)
        with running(app) as url:
            clients = [OpenAI(base_url=each, api_key=token, max_retries=0) for each in (upstream, url)]
            yield Stack(cloud, clients[0], clients[1], url, data)
            for client in clients:
                client.close()
