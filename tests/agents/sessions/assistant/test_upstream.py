"""Connections to the upstream: one that was closed while it was idle breaks no request, and nothing is sent for ever."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable

from brigade.agents.assistant.prepare import Prepared
from brigade.agents.assistant.shapes import ApiError, completion
from brigade.agents.assistant.upstream import Upstream, UpstreamSpec, whole
from brigade.agents.privacy.boundary import Boundary

NOTHING = Prepared({}, {}, (), {}, Counter(), 0, 0)


class Closing:
    """A server whose connections answer so many requests and then, asked once more, close without a word."""

    def __init__(self, answers: Callable[[int], int]) -> None:
        self._answers = answers
        self.connections = self.requests = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._answer(reader, writer, self._answers(self.connections))
        except asyncio.IncompleteReadError:
            pass  # the client has gone
        finally:
            writer.close()
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            size = next(int(line[16:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(size)
            self.requests += 1
            if not left:
                break
            left -= 1
            body = json.dumps(completion("m", "fine", 1, 1)).encode()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()


async def ask(answers: Callable[[int], int], times: int, *, again: bool = True) -> tuple[Closing, list[str]]:
    server, said = Closing(answers), []
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        upstream = Upstream(UpstreamSpec(f"http://127.0.0.1:{port}/v1"), Boundary())
        try:
            for _ in range(times):
                try:
                    async with upstream.post("/chat/completions", {"messages": []}, NOTHING, again=again) as response:
                        told, _ = await whole(response)
                        said.append(told["choices"][0]["message"]["content"])
                except ApiError as error:
                    said.append(error.code)
        finally:
            await upstream.close()
    return server, said


def test_a_connection_that_was_closed_while_idle_breaks_no_request() -> None:
    server, said = asyncio.run(ask(lambda at: 1, 3))
    assert said == ["fine", "fine", "fine"]
    assert (server.connections, server.requests) == (3, 5), "each request after the first met a closed connection once"


def test_a_server_that_closes_fresh_connections_is_asked_once() -> None:
    server, said = asyncio.run(ask(lambda at: 0, 1))
    assert said == ["upstream_unreachable"]
    assert server.requests == 1


def test_a_request_is_sent_a_second_time_and_no_third() -> None:
    server, said = asyncio.run(ask(lambda at: 1 if at == 1 else 0, 2))
    assert said == ["fine", "upstream_unreachable"]
    assert (server.connections, server.requests) == (2, 3)


def test_a_call_that_is_made_once_is_not_sent_again() -> None:
    server, said = asyncio.run(ask(lambda at: 1, 2, again=False))
    assert said == ["fine", "upstream_unreachable"]
    assert server.requests == 2
