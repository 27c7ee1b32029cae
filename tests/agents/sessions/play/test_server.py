"""Strangers at the server: what they send, from where, how much, and what they can reach. Real sockets."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from browser import Server
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

LARGE = "grid: |\n  -LTOP/U*" + "-" * 22 + "\n  -1" + " " * 27 + "-\n" + f"  -{' ' * 28}-\n" * 27 + f"  {'-' * 30}\n"
"""A kitchen of 30 by 30 squares in which one can cook."""
Answer = tuple[int, dict[str, Any]]


def post(server: Server, path: str, data: object, **headers: str) -> Answer:
    plain = {"content-type": "application/json", "origin": server.url} | headers
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    request = urllib.request.Request(server.url + path, body, plain)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode()
            return error.code, json.loads(text) if text.startswith("{") else {"error": text}


def new_game(server: Server, **wish: object) -> str:
    status, answer = post(server, "/api/games", {"partner": "script", **wish})
    assert status == 200, answer
    return str(answer["seat"])


@contextmanager
def joined(server: Server, seat: str) -> Iterator[ClientConnection]:
    with at_socket(server) as socket:
        socket.send(json.dumps({"type": "join", "seat": seat}))
        assert json.loads(socket.recv(5))["type"] == "welcome"
        yield socket


def at_socket(server: Server, **options: Any) -> ClientConnection:
    where = server.url.replace("http", "ws") + "/api/play"
    opened: ClientConnection = connect(where, **{"origin": server.url, "proxy": None, **options})
    return opened


def closing(socket: ClientConnection, seconds: float = 5.0) -> tuple[int, str]:
    """The code and reason with which the server ends the connection."""

    def listen() -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            socket.recv(seconds)

    with pytest.raises(ConnectionClosed) as closed:
        listen()
    rcvd = closed.value.rcvd
    assert rcvd is not None
    return rcvd.code, rcvd.reason


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None, "http://127.0.0.1:1"])
def test_a_socket_from_another_page_is_refused(server: Server, origin: Any) -> None:
    with pytest.raises(InvalidStatus) as refused:
        at_socket(server, origin=origin)
    assert refused.value.response.status_code == 403


def test_a_request_from_another_page_or_for_another_host_is_refused(server: Server) -> None:
    assert post(server, "/api/games", {}, origin="https://evil.example")[0] == 403
    assert post(server, "/api/games", {}, host="evil.example", origin="http://evil.example")[0] == 403
    request = urllib.request.Request(server.url + "/api/lobby", headers={"host": "rebound.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403
    refused.value.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "Invalid JSON"),
        ("[]", "message"),
        ('{"type":"fly"}', "does not match any of the expected tags"),
        ('{"type":"input","seq":0}', "greater than or equal to 1"),
        ('{"type":"input","seq":1,"press":"jump"}', "press"),
        ('{"type":"input","seq":1,"press":"interact"}', "no such action"),
        ('{"type":"input","seq":"1"}', "valid integer"),
        ('{"type":"chat","text":"' + "x" * 301 + '"}', "at most 300 characters"),
        ('{"type":"ready","more":1}', "Extra inputs"),
        ('{"type":"join","seat":"0123456789"}', "joined already"),
    ],
)
def test_a_malformed_message_ends_the_connection_with_a_reason(server: Server, text: str, words: str) -> None:
    with joined(server, new_game(server)) as socket:
        socket.send(text)
        code, reason = closing(socket)
    assert code == 4400
    assert words in reason


def test_bytes_and_floods_and_giants_end_the_connection(server: Server) -> None:
    def chatter(socket: ClientConnection) -> None:
        for number in range(1, 400):
            socket.send(json.dumps({"type": "input", "seq": number}))

    attacks: list[tuple[Callable[[ClientConnection], None], int]] = [
        (lambda socket: socket.send(b"{}"), 4400),
        (chatter, 4429),
        (lambda socket: socket.send("x" * 5000), 1009),
    ]
    for attack, code in attacks:
        with joined(server, new_game(server)) as socket:
            with suppress(ConnectionClosed):
                attack(socket)
            assert closing(socket)[0] == code


def test_a_seat_that_does_not_exist_and_a_page_that_says_nothing_are_let_go(server: Server) -> None:
    with at_socket(server) as socket:
        socket.send(json.dumps({"type": "join", "seat": "A" * 43}))
        assert closing(socket) == (4401, "there is no such seat, or its game is over")
    with at_socket(server) as socket:
        socket.send(json.dumps({"type": "ready"}))
        assert closing(socket) == (4400, "the first message is a join")


def test_the_same_seat_in_a_second_window_takes_over(server: Server) -> None:
    seat = new_game(server)
    with joined(server, seat) as first, joined(server, seat) as second:
        assert closing(first)[0] == 4409
        second.send(json.dumps({"type": "ready"}))
        kinds = {json.loads(second.recv(5))["type"] for _ in range(12)}
        assert "frame" in kinds


def test_tokens_are_long_and_differ_and_only_hashes_are_kept(server: Server) -> None:
    tokens = {new_game(server) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) == 43 for token in tokens)  # 256 bits
    kept = "".join(file.read_text() for file in server.records.iterdir())
    assert not any(token in kept for token in tokens)


def test_talking_too_fast_is_not_sent_on_but_the_game_goes_on(server: Server) -> None:
    with joined(server, new_game(server)) as socket:
        for number in range(10):
            socket.send(json.dumps({"type": "chat", "text": f"message {number}"}))
        heard = [json.loads(socket.recv(5)) for _ in range(15)]
    assert sum(each["type"] == "said" for each in heard) <= 7
    assert any(each["type"] == "refused" and "faster" in each["reason"] for each in heard)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"map": "../../../etc/passwd"}, "no map called"),
        ({"map": "/etc/passwd"}, "no map called"),
        ({"partner": "commander:/etc/passwd"}, "unknown kind of cook"),
        ({"slow": "hf:/etc"}, "is not offered here"),
        ({"fast": "openai:expensive"}, "is not offered here"),
        ({"duration": 1e9}, "less than or equal to 1800"),
        ({"pace": 1000}, "less than or equal to 10"),
        ({"surprise": 1}, "Extra inputs"),
        ({"layout": "grid: |\n" + "  ----\n" * 400}, "rows and columns"),
        ({"layout": LARGE}, "at most 400 fit"),
        ({"layout": "x" * 9000}, "at most 8000 characters"),
        ({"layout": "a: &a [x]\nb: &b [*a, *a]\ngrid: *b\n"}, "your layout"),
    ],
)  # fmt: skip
def test_a_wish_out_of_bounds_is_refused_with_one_line(server: Server, wish: dict[str, Any], words: str) -> None:
    status, answer = post(server, "/api/games", wish)
    assert status in (400, 422)
    assert words in answer["error"]
    assert "\n" not in answer["error"]
    time.sleep(0.3)  # below the limit for posts


def test_requests_are_bounded_in_size_form_and_number(server: Server) -> None:
    assert post(server, "/api/games", b"x" * 50_000)[0] == 413
    assert post(server, "/api/games", {}, **{"content-type": "text/plain"})[0] == 415
    assert post(server, "/api/games", b"{")[0] == 400
    answers = [post(server, "/api/seats", {"seats": []})[0] for _ in range(60)]
    assert 429 in answers
    time.sleep(8)  # for the tests after this one


@pytest.mark.parametrize(
    "path",
    ["/../server.py", "/%2e%2e/server.py", "/..%2fserver.py", "/page/main.js", "//etc/passwd", "/api", "/.git/config"],
)
def test_no_path_leads_out_of_the_page(server: Server, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(server.url + path)
    assert missing.value.code == 404
    missing.value.close()


def test_pages_forbid_scripts_from_elsewhere(server: Server) -> None:
    with urllib.request.urlopen(server.url + "/") as answer:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        text = answer.read().decode()
    assert "http:" not in text
    assert "https:" not in text


def test_what_is_no_record_is_not_played_back_and_names_no_file(server: Server) -> None:
    status, answer = post(server, "/api/replay-text", {"record": "{}"})
    assert (status, answer["error"]) == (422, "your record:1: not an entry of a record: no `type`")
    assert post(server, "/api/replay", {"seat": "x" * 43})[0] == 404
