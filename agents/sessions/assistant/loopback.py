"""A cloud model played on loopback: an OpenAI-compatible server whose answers a function or a local model gives.

For benchmarks, where what reached the cloud must be seen and no account is at hand. It keeps every body that it was
sent. Of the protocol it knows chat completions, streams, usage, and log-probabilities of the next token after a given
beginning of the answer. Knows nothing of privacy.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from brigade.agents.assistant.shapes import DONE, Json, completion, event, last_of_user, text_of
from brigade.agents.models import Message, OpenModel
from brigade.agents.models.protocol import Role
from brigade.agents.sessions.web import Application, server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Reply = Callable[[Json], str]
"""The text of the answer to a request."""
Tell = Callable[[Json], Mapping[str, float]]
"""Log-probabilities of the likeliest next tokens after the beginning that a request ends with."""
STARTED = 20.0
"""Seconds in which a server has to be up."""


def echo(body: Json) -> str:
    """What the user said last."""
    return last_of_user(body["messages"])


@dataclass
class Cloud:
    """A cloud model on loopback.

    Args:
        reply: writes the answers.
        tell: tells log-probabilities, for requests that ask for them.
        piece: characters of each event of a stream.
        pause: seconds before each event.
    """

    reply: Reply = echo
    tell: Tell | None = None
    piece: int = 4
    pause: float = 0.0
    told: list[bytes] = field(default_factory=list)
    """Every body that came, as it came."""
    begun: dict[int, float] = field(default_factory=dict)
    """When the first piece of each streamed answer was sent, by `time.perf_counter`, by the request's `seed`."""

    def app(self) -> Starlette:
        """The server."""
        return Starlette(routes=[Route("/v1/chat/completions", self._chat, methods=["POST"])])

    async def _chat(self, request: Request) -> Response:
        raw = await request.body()
        self.told.append(raw)
        body: Json = json.loads(raw)
        model = str(body.get("model", ""))
        if body.get("logprobs") and self.tell is not None:
            told = await asyncio.to_thread(self.tell, body)
            return JSONResponse(_with_logprobs(completion(model, next(iter(told), ""), 0, 1), told))
        if body.get("stream"):
            return StreamingResponse(self._stream(body), media_type="text/event-stream")
        text = await asyncio.to_thread(self.reply, body) if self.reply is not echo else echo(body)
        return JSONResponse(completion(model, text, len(raw) // 4, len(text.split())))

    async def _stream(self, body: Json) -> AsyncIterator[bytes]:
        head: Json = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": body.get("model")}

        def chunk(delta: Json, finish: str | None = None) -> bytes:
            return event(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

        yield chunk({"role": "assistant", "content": ""})
        text = self.reply(body)
        for at in range(0, len(text), self.piece):
            await asyncio.sleep(self.pause)
            self.begun.setdefault(int(body.get("seed") or 0), time.perf_counter())
            yield chunk({"content": text[at : at + self.piece]})
        yield chunk({}, "stop")
        yield DONE


def _with_logprobs(whole: Json, told: Mapping[str, float]) -> Json:
    top = [{"token": token, "logprob": value, "bytes": None} for token, value in told.items()]
    whole["choices"][0]["logprobs"] = {"content": [top[0] | {"top_logprobs": top}] if top else [], "refusal": None}
    return whole


def played_by(model: OpenModel, *, most: int, told: int = 20) -> Cloud:
    """A cloud whose answers a local model gives.

    Args:
        model: the model.
        most: tokens of an answer.
        told: log-probabilities that are told of a token.
    """

    def reply(body: Json) -> str:
        wish = body.get("max_tokens")
        limit = min(most, wish) if isinstance(wish, int) else most
        return model.generate(messages_of(body), max_tokens=limit).text

    def tell(body: Json) -> Mapping[str, float]:
        messages = messages_of(body)
        prefix = messages.pop().content if messages[-1].role == "assistant" else ""
        logs = model.next_token_logprobs(messages, prefix)
        best = logs.argsort()[::-1][:told].tolist()
        return {model.spell([token]): float(logs[token]) for token in best}

    return Cloud(reply, tell)


def messages_of(body: Json) -> list[Message]:
    """A request's messages, as local models take them."""
    roles: dict[str, Role] = {"user": "user", "assistant": "assistant"}
    return [Message(roles.get(str(each.get("role")), "system"), text_of(each)) for each in body["messages"]]


@contextmanager
def running(app: Application | Starlette) -> Iterator[str]:
    """The base URL of an application while it runs on a thread of its own.

    Raises:
        OSError: it does not start.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        started = threading.Event()
        runner = server(app, started.set)
        thread = threading.Thread(target=lambda: asyncio.run(runner.serve(sockets=[listening])), daemon=True)
        thread.start()
        if not started.wait(STARTED):
            raise OSError(f"the server on loopback did not start within {STARTED:.0f} s")
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        finally:
            runner.should_exit = True
            thread.join(10)
