"""Whatever strangers send: messages that nobody would think of, at the reader and at a real socket; odd requests."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
import urllib.request
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
from brigade.agents.graph import Minds
from brigade.agents.models import ModelError
from brigade.agents.sessions.play import server as server_module
from brigade.agents.sessions.play.connection import LEFT, MALFORMED, MAX_REASON, TOO_MUCH, fitting
from brigade.agents.sessions.play.limits import Doors, is_guest
from brigade.agents.sessions.play.lobby import MAX_ROOMS_EACH, Lobby
from brigade.agents.sessions.play.protocol import BadMessage, read
from brigade.agents.sessions.play.server import build
from brigade.agents.sessions.play.shelf import MindShelf
from browser import Server, Start
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_server import at_socket, closing, new_game
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

KINDS = ("join", "input", "chat", "ready", "pause", "pong", "leave")
TOO_LONG = 1009
"""Of a frame that the protocol itself refuses (RFC 6455, section 7.4.1)."""
CODES = {MALFORMED, TOO_MUCH, LEFT, TOO_LONG}
"""With which a connection may end."""

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=400)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
nearly = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS) | scalars},
    optional={
        "seat": anything, "seq": anything, "press": st.sampled_from(("up", "interact")) | anything, "hold": anything,
        "text": anything, "on": anything, "n": anything, "more": anything,
    },
)  # fmt: skip
"""Messages that are almost right."""
frames = st.one_of(st.text(max_size=600), anything.map(json.dumps), nearly.map(json.dumps))


@given(frames)
@settings(max_examples=400, deadline=None)
def test_every_text_is_a_message_or_is_refused_with_a_short_reason(text: str) -> None:
    kind, refusal = outcome(text)
    assert kind in KINDS or 0 < len(refusal) <= 100


def outcome(text: str) -> tuple[str, str]:
    """The type of the message in a text, or why there is none."""
    try:
        return read(text).type, ""
    except BadMessage as refused:
        return "", str(refused)


@given(st.text(max_size=400))
def test_every_reason_fits_into_a_closing_frame(reason: str) -> None:
    cut = fitting(reason)
    assert len(cut.encode()) <= MAX_REASON
    assert reason.encode("utf-8", "replace").decode().startswith(cut)


def test_a_reason_that_quotes_what_was_sent_is_cut_to_bytes() -> None:
    with pytest.raises(BadMessage) as refused:
        read(json.dumps({"type": "🍅" * 90}))
    assert len(str(refused.value).encode()) > MAX_REASON
    assert len(fitting(str(refused.value)).encode()) <= MAX_REASON


def test_whatever_is_sent_to_a_game_ends_the_connection_with_a_reason_or_is_played(play: Start) -> None:
    """Through a real socket, each text in a connection of its own; the server is as well afterwards as before."""
    server = play()
    seat = new_game(server)

    @given(frames | st.binary(max_size=200))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def send(frame: str | bytes) -> None:
        nonlocal seat
        with at_socket(server) as socket:
            socket.send(json.dumps({"type": "join", "seat": seat}))
            assert json.loads(socket.recv(5))["type"] == "welcome"
            code, reason = answer(socket, frame)
        assert code in CODES
        assert reason
        if code == LEFT:
            seat = new_game(server)  # that was a valid goodbye

    send()
    with urllib.request.urlopen(f"{server.url}/api/health") as answered:
        assert json.load(answered)["rooms"] >= 1
    assert "Traceback" not in server.stop()


def answer(socket: ClientConnection, frame: str | bytes) -> tuple[int, str]:
    """How the connection ends: by the frame, or if that was a message, by a second join."""
    with suppress(ConnectionClosed):
        socket.send(frame)
        socket.send(json.dumps({"type": "join", "seat": "x" * 43}))
    return closing(socket)


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (b"GET /api/lobby HTTP/1.1\r\nHost: HERE\r\nHost: evil.example\r\n\r\n", {400, 403}),
        (b"GET /api/lobby HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: HERE\r\n\r\n", {403}),
        (b"GET http://evil.example/api/lobby HTTP/1.1\r\nHost: evil.example\r\n\r\n", {400, 403}),
        (b"GET /api/lobby HTTP/1.1\r\n\r\n", {400, 403}),
        (b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: HERE\r\n\r\n", {404}),
        (b"GET /%00 HTTP/1.1\r\nHost: HERE\r\n\r\n", {400, 404}),
        (b"GET /api/lobby HTTP/1.1\r\nHost: HERE\r\nA: " + b"x" * 80_000 + b"\r\n\r\n", {400, 431, 0}),
        (b"POST /api/games HTTP/1.1\r\nHost: HERE\r\nOrigin: http://HERE\r\nContent-Type: application/json\r\n"
         b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"POST /api/games HTTP/1.1\r\nHost: HERE\r\nOrigin: http://HERE\r\nOrigin: http://evil\r\n"
         b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", {403}),
        (b"TRACE / HTTP/1.1\r\nHost: HERE\r\n\r\n", {403, 405}),
        (b"DELETE /api/games HTTP/1.1\r\nHost: HERE\r\nOrigin: http://HERE\r\n\r\n", {404, 405}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400, 0}),
    ],
)  # fmt: skip
def test_odd_requests_are_refused(server: Server, request_: bytes, statuses: set[int]) -> None:
    here = f"127.0.0.1:{server.port}".encode()
    with sockets.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(request_.replace(b"HERE", here))
        raw.shutdown(sockets.SHUT_WR)
        try:
            answer = raw.recv(4096)
        except ConnectionResetError:
            answer = b""
    status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
    assert status in statuses
    assert b"root:" not in answer


@pytest.mark.parametrize(
    ("address", "guest"),
    [("127.0.0.1", False), ("::1", False), ("192.168.1.5", True), ("203.0.113.9", True)],
)
def test_who_is_a_guest(address: str, guest: bool) -> None:
    assert is_guest(address) is guest


def no_minds(slow: str, fast: str) -> Minds:
    raise ModelError("none here")


async def test_a_guest_can_neither_open_many_rooms_nor_send_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "BODY_SECONDS", 0.2)
    lobby = Lobby(MindShelf(no_minds), None)
    app = build(lobby, Doors("192.168.1.7"))
    where = "http://192.168.1.7:8000"
    transport = httpx.ASGITransport(app, client=("203.0.113.9", 4000))
    headers = {"origin": where, "content-type": "application/json", "x-forwarded-for": "127.0.0.1"}
    async with httpx.AsyncClient(transport=transport, base_url=where, headers=headers) as guest:
        wish = {"partner": "idle", "map": "quick"}
        for _ in range(MAX_ROOMS_EACH):
            assert (await guest.post("/api/games", json=wish)).status_code == 200
        refused = await guest.post("/api/games", json=wish)
        assert refused.status_code == 503
        assert "finish or leave one first" in refused.json()["error"]
        slow = await guest.post("/api/games", content=drip())
        assert slow.status_code == 408
    await lobby.close()


async def drip() -> AsyncIterator[bytes]:
    for _ in range(40):
        yield b" "
        await asyncio.sleep(0.05)
