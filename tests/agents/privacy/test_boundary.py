"""The boundary on a real socket: what may leave, what may not, wherever it is hidden, and that there is no way around."""

from __future__ import annotations

import ast
import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from brigade.agents.models import Message, ModelError, ModelOptions, load_model
from brigade.agents.models.egress import (
    AsyncGuardedTransport,
    EgressRefused,
    GuardedTransport,
    Outgoing,
)
from brigade.agents.privacy import Boundary
from brigade.agents.privacy.spans import DetectorFailed, Span
from people import DISGUISES, FACTS, private_set
from server import Behaviour, serving

BOUNDARY = Boundary(private_set())
AGENTS = Path(__file__).parents[3] / "agents"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Behaviour]]:
    told = Behaviour(text="fine")
    with serving(told) as url:
        yield url, told


@pytest.fixture
def upstream(server: tuple[str, Behaviour]) -> str:
    return server[0]


@pytest.fixture
def behaviour(server: tuple[str, Behaviour]) -> Behaviour:
    server[1].requests.clear()
    server[1].keys.clear()
    return server[1]


def client(boundary: Boundary | None = BOUNDARY, key: str | None = None) -> httpx2.Client:
    return httpx2.Client(transport=GuardedTransport(boundary, credential=key, everywhere=True))


CLEAN = {"model": "m", "messages": [{"role": "user", "content": "What is the capital of Portugal?"}], "max_tokens": 39}


def test_a_clean_request_is_sent(upstream: str, behaviour: Behaviour) -> None:
    assert client().post(f"{upstream}/chat/completions", json=CLEAN).status_code == 200
    assert len(behaviour.requests) == 1


def with_value(place: str, value: str) -> dict[str, Any]:
    """A request with this value somewhere in it."""
    body: dict[str, Any] = json.loads(json.dumps(CLEAN))
    messages = body["messages"]
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": json.dumps({"q": value})}}
    tool = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}
    match place:
        case "system" | "user" | "assistant" | "tool" | "developer":
            messages.append({"role": place, "content": f"See {value}."})
        case "parts":
            messages.append({"role": "user", "content": [{"type": "text", "text": value}]})
        case "name":
            messages.append({"role": "user", "content": "Hi", "name": value})
        case "call":
            messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        case "description":
            body["tools"] = [tool | {"function": tool["function"] | {"description": value}}]  # type: ignore[operator]
        case "schema":
            body["tools"] = [tool | {"function": tool["function"] | {"parameters": {"properties": {value: {}}}}}]  # type: ignore[operator]
        case "metadata":
            body["metadata"] = {"note": value}
        case "key":
            body["x"] = {value: 1}
        case "unknown":
            body["something_new"] = [[{"deep": [value]}]]
        case "prefix":
            messages.append({"role": "assistant", "content": f"Dear {value}", "prefix": True})
        case "stop":
            body["stop"] = [value]
    return body


PLACES = (
    "system", "user", "assistant", "tool", "developer", "parts", "name", "call", "description", "schema", "metadata",
    "key", "unknown", "prefix", "stop",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", ["name", "card", "diagnosis", "daughter"])
def test_a_private_value_is_stopped_wherever_it_stands(
    place: str, key: str, upstream: str, behaviour: Behaviour
) -> None:
    with pytest.raises(EgressRefused) as caught:
        client().post(upstream, json=with_value(place, FACTS[key]))
    assert behaviour.requests == []
    assert not private_set().find(str(caught.value).replace("body.messages", "").replace("127.0.0.1", ""))


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_private_value_is_stopped_in_every_disguise(disguise: str, upstream: str, behaviour: Behaviour) -> None:
    for value in FACTS.values():
        with pytest.raises(EgressRefused):
            client().post(upstream, json=with_value("user", DISGUISES[disguise](value)))
    assert behaviour.requests == []


@pytest.mark.parametrize("value", list(FACTS.values()))
def test_a_value_spread_over_fields_is_stopped_wherever_it_is_cut(value: str) -> None:
    for cut in range(1, len(value)):
        body = json.loads(json.dumps(CLEAN))
        body["messages"] += [{"role": "user", "content": value[:cut]}, {"role": "user", "content": value[cut:]}]
        outgoing = Outgoing("host", "/v1", (), json.dumps(body).encode())
        assert next(BOUNDARY.findings(outgoing), None) is not None, (value[:cut], value[cut:])


def spread_over(parts: list[str]) -> dict[str, dict[str, Any]]:
    """Requests that hold these parts, by where they stand."""
    call = {"name": "f", "arguments": json.dumps({f"a{at}": part for at, part in enumerate(parts)})}
    said = [{"role": "user", "content": part} for part in parts]
    between: list[dict[str, Any]] = [each for one in said for each in (one, {"role": "assistant", "content": "Go on."})]
    calls = [{"id": "c", "type": "function", "function": call}]
    return {
        "messages": CLEAN | {"messages": said},
        "messages with answers between": CLEAN | {"messages": between},
        "parts of a message": CLEAN | {"messages": [{"role": "user", "content": [{"type": "text", "text": part} for part in parts]}]},
        "unknown keys": CLEAN | {"metadata": {f"k{at}": part for at, part in enumerate(parts)}},
        "a list": CLEAN | {"stop": parts},
        "arguments of a call": CLEAN | {"messages": [{"role": "assistant", "content": None, "tool_calls": calls}]},
        "name and content": CLEAN | {"messages": [{"role": "user", "content": parts[0], "name": "".join(parts[1:])}]},
        "sentences": CLEAN | {"messages": [{"role": "user", "content": f"It begins with {parts[0]}"}, {"role": "user", "content": f"{''.join(parts[1:])} is its end."}]},
    }  # fmt: skip


@pytest.mark.parametrize("where", spread_over(["a", "b"]))
def test_a_value_in_three_pieces_is_stopped_wherever_they_stand(where: str) -> None:
    chance = random.Random(where)
    for value in FACTS.values():
        for _ in range(3):
            first, second = sorted(chance.sample(range(1, len(value)), 2))
            parts = [value[:first], value[first:second], value[second:]]
            outgoing = Outgoing("host", "/v1", (), json.dumps(spread_over(parts)[where]).encode())
            assert next(BOUNDARY.findings(outgoing), None) is not None, parts


def test_a_sum_without_its_currency_is_private_too() -> None:
    assert BOUNDARY.finds("The sum is 212,450 in all") != []
    assert BOUNDARY.finds("The sum is 212450 in all") != []
    assert BOUNDARY.finds("The sum is 212,451 in all") == []


def test_headers_paths_and_queries_are_looked_at_too(upstream: str, behaviour: Behaviour) -> None:
    for request in (
        {"headers": {"X-Note": "Kowalczyk"}},
        {"headers": {"Kowalczyk": "1"}},
        {"params": {"who": "Marta"}},
        {"headers": {"Authorization": "Bearer tulip-Harbor-77"}},
        {"headers": {"Cookie": "who=Marta"}},
    ):
        with pytest.raises(EgressRefused):
            client(key="sk-mine-1234567890abcdef").post(upstream, json=CLEAN, **request)  # type: ignore[arg-type]
    with pytest.raises(EgressRefused):
        client().post(f"{upstream}/Kowalczyk", json=CLEAN)
    assert behaviour.requests == []


def test_the_receivers_own_key_may_be_sent_to_it_and_no_other(upstream: str, behaviour: Behaviour) -> None:
    key = "sk-mine-1234567890abcdef"
    client(key=key).post(upstream, json=CLEAN, headers={"Authorization": f"Bearer {key}"})
    assert behaviour.keys == [f"Bearer {key}"]
    with pytest.raises(EgressRefused):
        client(key=key).post(upstream, json=CLEAN, headers={"Authorization": "Bearer sk-other-1234567890abcdef"})
    with pytest.raises(EgressRefused):
        client(key=key).post(upstream, json=CLEAN | {"note": key})


@pytest.mark.parametrize(
    "body",
    [
        b'{"content": "Kowalczyk", "content": "clean"}',
        b'{"content": "Kowalczyk"',
        b"Kowalczyk",
        b'{"number": 4111111111111111}',
        b'{"a": "\\u004bowalczyk"}',
        b'{"a": "{\\"b\\": \\"\\\\u004bowalczyk\\"}"}',
        "{'a': 'Kowalczyk'}".encode("utf-16"),
        b"\xff\xfe",
        b"[" * 100_000 + b'"x"' + b"]" * 100_000,
        b'{"content": [{"type": "image_url", "image_url": {"url": "https://example.org/x.png"}}]}',
        b'{"content": "data:image/png;base64,iVBORw0KGgo="}',
    ],
)
def test_odd_bodies_do_not_get_past(body: bytes, upstream: str, behaviour: Behaviour) -> None:
    with pytest.raises(EgressRefused):
        client().post(upstream, content=body)
    assert behaviour.requests == []


def test_a_compressed_body_does_not_get_past(upstream: str, behaviour: Behaviour) -> None:
    with pytest.raises(EgressRefused, match="compressed"):
        client().post(upstream, content=b"x", headers={"Content-Encoding": "gzip"})


class Broken:
    name = "broken"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def find(self, text: str) -> list[Span]:
        raise self.error


@pytest.mark.parametrize(
    "error", [DetectorFailed("x"), RuntimeError("Kowalczyk"), KeyError("Kowalczyk"), MemoryError()]
)
def test_a_detector_that_crashes_means_that_nothing_is_sent(error: Exception, upstream: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        client(Boundary(detectors=[Broken(error)])).post(upstream, json=CLEAN)
    assert "Kowalczyk" not in str(caught.value)
    assert caught.value.__cause__ is None
    with pytest.raises(EgressRefused):
        client(Boundary(entities=[Broken(error)])).post(upstream, json=CLEAN)


def test_what_cannot_be_recorded_is_not_sent(upstream: str, behaviour: Behaviour) -> None:
    def full(outgoing: Outgoing) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        client(Boundary(record=full)).post(upstream, json=CLEAN)
    assert behaviour.requests == []


def test_every_request_that_leaves_is_recorded_as_it_is(upstream: str, behaviour: Behaviour) -> None:
    seen: list[Outgoing] = []
    client(Boundary(record=seen.append)).post(f"{upstream}/x", json=CLEAN)
    assert [json.loads(each.body) for each in seen] == behaviour.requests == [CLEAN]


def test_without_a_boundary_nothing_remote_is_sent(upstream: str, behaviour: Behaviour) -> None:
    with pytest.raises(EgressRefused, match="only through the privacy boundary"):
        client(None).post(upstream, json=CLEAN)
    model = load_model("openai:m", ModelOptions(base_url=upstream, remote=True))
    with pytest.raises(EgressRefused, match="only through the privacy boundary"):
        model.generate([Message("user", "Hi")], max_tokens=3)
    assert behaviour.requests == []


def test_a_redirect_is_checked_again_and_never_leads_past_the_gate(behaviour: Behaviour) -> None:
    """Loopback is local, but what a redirect there leads to may not be."""
    remote = httpx2.Request("POST", "http://10.9.8.7/v1", json={"a": "Kowalczyk"})
    with pytest.raises(EgressRefused):
        GuardedTransport(BOUNDARY).handle_request(remote)


def test_a_model_of_the_registry_cannot_be_called_around_the_boundary(upstream: str, behaviour: Behaviour) -> None:
    options = ModelOptions(base_url=upstream, egress=BOUNDARY, remote=True, retries=3)
    model: Any = load_model("openai:m", options)
    assert model.remote
    text = "My name is Marta Kowalczyk"
    with pytest.raises(EgressRefused, match=r"openai:m.*PERSON"):
        model.generate([Message("user", text)], max_tokens=3)
    with pytest.raises(EgressRefused):
        model.choose([Message("user", text)], ["a", "b"])
    with pytest.raises(EgressRefused):
        model.generate([Message("user", "Hi")], max_tokens=3, schema={"title": "Kowalczyk", "type": "object"})
    inner = model._model
    bodies = {"model": "m", "messages": [{"role": "user", "content": text}]}
    for call in (
        lambda: inner.invoke(text),
        lambda: list(inner.stream(text)),
        lambda: inner.bind(user="Kowalczyk").invoke("Hi"),
        lambda: inner.root_client.chat.completions.create(**bodies),
        lambda: inner.root_client.responses.create(model="m", input=text),
        lambda: inner.root_client.with_options(max_retries=0).post("/x", body=bodies, cast_to=object),
        lambda: inner.client.create(**bodies),
        lambda: asyncio.run(inner.ainvoke(text)),
        lambda: asyncio.run(inner.root_async_client.chat.completions.create(**bodies)),
        lambda: inner.http_client.post(upstream, json=bodies),
    ):
        with pytest.raises(Exception) as caught:  # noqa: PT011  the client wraps what its transport raises
            call()
        assert isinstance(caught.value, EgressRefused) or isinstance(caught.value.__cause__, EgressRefused)
    assert behaviour.requests == []
    assert model.generate([Message("user", "Hi")], max_tokens=3).text == "fine"


async def test_a_model_refuses_without_blocking_the_loop(upstream: str) -> None:
    model = load_model("openai:m", ModelOptions(base_url=upstream, egress=BOUNDARY, remote=True))
    with pytest.raises(EgressRefused):
        await model.agenerate([Message("user", "I am Marta")], max_tokens=3)
    async with httpx2.AsyncClient(transport=AsyncGuardedTransport(BOUNDARY, everywhere=True)) as asynchronous:
        with pytest.raises(EgressRefused):
            await asynchronous.post(upstream, json={"a": "Kowalczyk"})
        assert (await asynchronous.post(f"{upstream}/x", json=CLEAN)).status_code == 200


def test_traces_of_a_call_are_not_sent_elsewhere(upstream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    traced = Behaviour()
    with serving(traced) as elsewhere:
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "key")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", elsewhere)
        model = load_model("openai:m", ModelOptions(base_url=upstream))
        assert model.generate([Message("user", "I am Marta")], max_tokens=3).text == "fine"
    assert traced.requests == []


@pytest.mark.parametrize("name", ["anthropic:claude", "ollama:x", "groq:y", "bedrock:z"])
def test_a_provider_with_its_own_way_out_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match="OpenAI-compatible address"):
        load_model(name, ModelOptions(base_url="http://127.0.0.1:1/v1"))


CLIENTS = ("httpx", "httpx2", "requests", "urllib.request", "urllib3", "aiohttp", "http.client", "openai", "websockets")
ALLOWED = {
    "models/egress.py": {"httpx2"},
    "models/endpoint.py": {"httpx2", "openai"},
    "sessions/play/bench.py": {"websockets", "urllib.request"},
}
"""Where the transports are, where the guarded client of models is made, and the game's load test of its own server."""


def test_nothing_else_in_the_agents_can_reach_the_network() -> None:
    for file in AGENTS.rglob("*.py"):
        name = str(file.relative_to(AGENTS))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                used = next((each for each in CLIENTS if module == each or module.startswith(each + ".")), None)
                if name.startswith(("assistant/", "sessions/assistant/", "privacy/")) and used == "httpx2":
                    continue  # its clients are made of guarded transports: see the test below
                assert used is None or used in ALLOWED.get(name, set()), f"{name} imports {module}"


def test_every_http_client_is_made_of_a_guarded_transport() -> None:
    for file in AGENTS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("httpx2.Client", "httpx2.AsyncClient"):
                assert "GuardedTransport(" in ast.unparse(node), file
