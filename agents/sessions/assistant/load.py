"""The load test of the gateway: what it costs a request, and whether many streams at once are mixed up or held back.

The gateway is `brigade serve` in a process of its own; the cloud (loopback.py) and the clients are in this one. Every
request is new to the gateway, so that nothing it remembers is measured. Overhead is the time through the gateway less
the time of the same request to the cloud itself, both by the same client, taken in turn; on a busy machine the
gateway's own processor time, which is told beside it, is the better figure.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
from brigade.agents.assistant.shapes import Json
from brigade.agents.assistant.streaming import Events, StreamBroken
from brigade.agents.models.egress import AsyncGuardedTransport, NoBoundary
from brigade.agents.sessions.assistant.loopback import Cloud, running
from rich.table import Table

DETECTORS = ("none", "unfamiliar", "entities,unfamiliar", "entities,unfamiliar,tagger")
SIZE = 2048
"""Bytes of a request's text."""
STREAMED = 400
"""Characters of a streamed answer."""
PROFILE: dict[str, str] = {
    "name": "Marta Kowalczyk", "email": "marta.k@northwind.example", "phone": "+48 601 234 567", "daughter": "Zofia",
    "address": "14 Linden Row, Leeds LS2 9JT", "employer": "Northwind Traders", "manager": "Piotr Zielinski",
    "diagnosis": "type 2 diabetes", "card": "4111 1111 1111 1111", "landlord": "Everard Quill",
}  # fmt: skip
"""Of a person who does not exist."""
Tell = Callable[[str], None]


class GatewayDidNotStart(OSError):
    """`brigade serve` ended or said nothing."""


@dataclass(frozen=True, slots=True)
class Overhead:
    """What the gateway costs a request; milliseconds."""

    detectors: str
    requests: int
    size: int
    direct_p50: float
    through_p50: float
    overhead_p50: float
    overhead_p95: float
    processor: float
    """The gateway's processor time, mean of all requests."""


@dataclass(frozen=True, slots=True)
class Streams:
    """How streams at once fared; milliseconds."""

    detectors: str
    streams: int
    mixed_up: int
    """Streams whose text is not their own."""
    broken: int
    why: tuple[str, ...]
    """For each that broke: what its client saw."""
    seconds: float
    seconds_direct: float
    first_direct_p50: float
    first_p50: float
    """From the moment that the cloud sent its first piece of text to the moment that the client had some."""
    first_p95: float


@dataclass(frozen=True, slots=True)
class LoadResult:
    """All that was measured."""

    overheads: tuple[Overhead, ...]
    streams: tuple[Streams, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def bench(
    detectors: Sequence[str] = DETECTORS, *, requests: int = 60, streams: int = 100, pause: float = 0.04, tell: Tell
) -> LoadResult:
    """Measure the gateway with each of these sets of detectors; streams with the first and the last.

    Raises:
        GatewayDidNotStart: the gateway cannot be run with one of them.
    """
    overheads, held = [], []
    for name in detectors:
        tell(f"{name}: {requests} requests")
        cloud = Cloud()
        with running(cloud.app()) as upstream, gateway(upstream, name) as (url, process):
            overheads.append(asyncio.run(_overhead(name, upstream, url, process, requests)))
            if streams and name in (detectors[0], detectors[-1]):
                tell(f"{name}: {streams} streams at once")
                cloud.pause = pause
                held.append(asyncio.run(_streams(name, cloud, upstream, url, streams)))
    return LoadResult(tuple(overheads), tuple(held))


@contextmanager
def gateway(upstream: str, detectors: str) -> Iterator[tuple[str, psutil.Process]]:
    """The base URL of `brigade serve`, and its process, while it runs before this upstream.

    Raises:
        GatewayDidNotStart: it does not.
    """
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile.json"
        profile.write_text(json.dumps(PROFILE), encoding="utf-8")
        command = [
            sys.executable, "-m", "brigade.agents.cli", "serve", "--port", "0", "--upstream", upstream, "--local",
            "none", "--profile", str(profile), "--detect", detectors, "--data", folder,
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                line = process.stdout.readline() if process.stdout is not None else ""
                found = re.search(r"http://[\d.:]+/v1", line)
                if found is None:
                    reason = process.stderr.read().strip()[-300:] if process.stderr is not None else ""
                    raise GatewayDidNotStart(f"brigade serve --detect {detectors} did not start: {reason}")
                yield found.group(), psutil.Process(process.pid)
            finally:
                process.terminate()


def _client(limit: int) -> httpx2.AsyncClient:
    """A client of loopback addresses only: nothing else passes its gate."""
    limits = httpx2.Limits(max_connections=limit, max_keepalive_connections=limit)
    return httpx2.AsyncClient(transport=AsyncGuardedTransport(NoBoundary(), limits=limits), timeout=60.0)


async def _overhead(name: str, upstream: str, url: str, process: psutil.Process, requests: int) -> Overhead:
    direct, through = [], []
    used = 0.0
    async with _client(4) as client:
        for at in range(requests + 5):
            used = _used(process) if at == 5 else used
            body = {"model": "m", "messages": [{"role": "user", "content": text(SIZE, at)}]}
            taken = [await _timed(client, each, body) for each in (upstream, url)]
            if at >= 5:  # the ones before warmed both up
                direct.append(taken[0])
                through.append(taken[1])
    over = [b - a for a, b in zip(direct, through, strict=True)]
    processor = round(1000 * (_used(process) - used) / requests, 2)
    return Overhead(
        name, requests, SIZE, _at(direct, 0.5), _at(through, 0.5), _at(over, 0.5), _at(over, 0.95), processor
    )  # fmt: skip


def _used(process: psutil.Process) -> float:
    """Seconds of processor time."""
    times = process.cpu_times()
    return float(times.user + times.system)


async def _timed(client: httpx2.AsyncClient, url: str, body: Json) -> float:
    start = time.perf_counter()
    response = await client.post(f"{url}/chat/completions", json=body)
    taken = 1000 * (time.perf_counter() - start)
    told = response.json()
    if response.status_code != 200 or told["choices"][0]["message"]["content"] != body["messages"][0]["content"]:
        raise OSError(f"the gateway changed an answer (status {response.status_code})")
    return taken


async def _streams(name: str, cloud: Cloud, upstream: str, url: str, count: int) -> Streams:
    results = []
    for base in (upstream, url):
        cloud.begun.clear()
        async with _client(count) as client:
            start = time.perf_counter()
            bodies = [_streamed(name, base, at) for at in range(count)]
            seen = await asyncio.gather(*(_stream(client, base, each) for each in bodies))
            seconds = time.perf_counter() - start
        firsts = [
            1000 * (one.first - cloud.begun[each["seed"]])
            for each, one in zip(bodies, seen, strict=True)
            if one.said and each["seed"] in cloud.begun
        ] or [float("nan")]
        pairs = zip(bodies, seen, strict=True)
        wrong = sum(each["messages"][0]["content"] != one.said for each, one in pairs if not one.why)
        results.append((firsts, wrong, tuple(sorted(one.why for one in seen if one.why)), seconds))
    (direct, _, _, alone), (firsts, wrong, why, seconds) = results
    return Streams(
        name, count, wrong, len(why), why, seconds, alone, _at(direct, 0.5), _at(firsts, 0.5), _at(firsts, 0.95)
    )  # fmt: skip


def _streamed(name: str, base: str, at: int) -> Json:
    """A request of its own for each stream; the sentence before its private part is what first chunks are timed by."""
    said = f"thanks, so then: {text(STREAMED, 10_000 + at)}"
    return {"model": "m", "stream": True, "seed": at, "messages": [{"role": "user", "content": said}]}


async def _stream(client: httpx2.AsyncClient, url: str, body: Json) -> _Seen:
    """What came of a stream."""
    events, said, first = Events(), "", 0.0
    try:
        async with client.stream("POST", f"{url}/chat/completions", json=body) as response:
            if response.status_code != 200:
                await response.aread()
                return _Seen("", first, f"{response.status_code} {_code(response.text)}")
            async for piece in response.aiter_bytes():
                for data in events.feed(piece):
                    said += _content(data)
                    if '"error"' in data and _code(data):
                        return _Seen("", first, f"after {len(said)} characters: {_code(data)}")
                first = first or (time.perf_counter() if said else 0.0)
    except (httpx2.HTTPError, StreamBroken) as error:
        return _Seen("", first, f"{type(error).__name__} after {len(said)} characters")
    return _Seen(said, first, "" if said else "no text")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A stream as its client saw it."""

    said: str
    """Its text; empty if it broke."""
    first: float
    """When its first piece of text was there."""
    why: str
    """It broke."""


def _code(text: str) -> str:
    """The code of an error in OpenAI's shape."""
    try:
        told = json.loads(text).get("error")
    except (ValueError, AttributeError):
        return ""
    return str(told.get("code")) if isinstance(told, dict) else ""


def _content(data: str) -> str:
    choices = json.loads(data).get("choices") if data not in ("", "[DONE]") else None
    return str(choices[0]["delta"].get("content") or "") if choices else ""


_SUBJECTS = ("the boiler", "our contract", "that invoice", "the school trip", "my appointment", "the old garden wall")
_VERBS = ("has to be looked at", "was promised for last week", "costs more than we said", "needs another signature")
_ENDS = ("and nobody called back", "although it had been agreed", "so please write a friendly reminder", "as you know")


def text(size: int, seed: int) -> str:
    """English of at most this many characters, different for every seed, with private pieces of the profile."""
    chance = random.Random(seed)
    pieces = [f"Case {chance.randint(10_000, 99_999)}, mail r{seed}.{chance.randint(100, 999)}@example.com."]
    while sum(map(len, pieces)) + len(pieces) < size:
        start, middle, end = chance.choice(_SUBJECTS), chance.choice(_VERBS), chance.choice(_ENDS)
        pieces.append(f"{start.capitalize()} {middle}, {end}.")
        if chance.random() < 0.15:
            key = chance.choice(sorted(PROFILE))
            pieces.append(f"My {key} is {PROFILE[key]}.")
    return " ".join(pieces)[:size].rstrip()


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


def tables(result: LoadResult) -> list[Table]:
    """What was measured, for a terminal."""
    costs = Table(title=f"Gateway: what it costs a request of {SIZE} bytes, ms")
    for column in (
        "detectors besides patterns",
        "requests",
        "direct p50",
        "through p50",
        "overhead p50",
        "p95",
        "processor",
    ):
        costs.add_column(column, justify="left" if column.startswith("det") else "right")
    for each in result.overheads:
        figures = (each.direct_p50, each.through_p50, each.overhead_p50, each.overhead_p95, each.processor)
        costs.add_row(each.detectors, str(each.requests), *(f"{figure:.1f}" for figure in figures))
    held = Table(title="Gateway: streams at once")
    columns = (
        "detectors",
        "streams",
        "mixed up",
        "broken",
        "seconds (direct)",
        "first text after, ms p50 (direct)",
        "p95",
    )
    for column in columns:
        held.add_column(column, justify="left" if column == "detectors" else "right")
    for one in result.streams:
        held.add_row(
            one.detectors, str(one.streams), str(one.mixed_up), str(one.broken),
            f"{one.seconds:.1f} ({one.seconds_direct:.1f})", f"{one.first_p50:.1f} ({one.first_direct_p50:.1f})",
            f"{one.first_p95:.1f}",
        )  # fmt: skip
    return [costs, held] if result.streams else [costs]
