"""The load test of the game's server: many rooms at once, each with a person at a real socket and a script partner.

The server is `brigade play` in a process of its own; the people are sockets in this one. Measured are how late its
ticks were (by its own clock), whether rooms drift against the wall clock (by ours), and how long a key takes until a
frame that took it into account is here; with Chromium and Playwright installed also until that frame is drawn.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.table import Table
from websockets.asyncio.client import connect

MAPS = ("ring", "bottleneck", "partition", "quick")
TICK = 0.1
BROWSER_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync")  # fmt: skip


@dataclass(frozen=True)
class LoadResult:
    """What was measured; milliseconds."""

    rooms: int
    seconds: float
    embedded_room: bool
    """Whether a room with the embedded Fast Mind played beside them."""
    ticks: int
    lateness_p50: float
    lateness_p99: float
    lateness_max: float
    drift: float
    """How much longer the slowest room took than its ticks say, from its first frame to its last."""
    input_p50: float
    """From sending a key to receiving a frame that took it into account."""
    input_p95: float
    screen_p50: float | None
    """From a key to the end of drawing what the kitchen made of it, in Chromium; None if there is none."""
    screen_p95: float | None
    reaction_p50: float | None
    """From a key to the end of drawing the cook leaning that way, which the page does before the kitchen answers."""
    reaction_p95: float | None
    agent_decisions: int | None
    """Macro actions that the agent in the embedded room carried out; None without it."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass
class _Seen:
    """What one person's socket saw."""

    first: tuple[int, float] | None = None
    last: tuple[int, float] | None = None
    inputs: list[float] = field(default_factory=list)
    doing: list[str] = field(default_factory=list)

    def drift(self) -> float:
        if self.first is None or self.last is None:
            return 0.0
        return (self.last[1] - self.first[1]) - (self.last[0] - self.first[0]) * TICK


def bench(rooms: int, seconds: float, *, fast: bool = True, tell: Callable[[str], None] = print) -> LoadResult:
    """Run the load test.

    Args:
        rooms: rooms with script partners.
        seconds: how long they play.
        fast: whether a further room has an agent with the embedded model.
        tell: told of progress.

    Raises:
        OSError: the server did not start, or broke down.
    """
    return asyncio.run(_bench(rooms, seconds, fast, tell))


def table(result: LoadResult) -> Table:
    """The result for people."""
    beside = " and one with the embedded agent" if result.embedded_room else ""
    shown = Table(title=f"{result.rooms} rooms{beside}, {result.seconds:g} s, {result.ticks} ticks of 100 ms")
    for column in ("", "p50", "p95", "p99", "max"):
        shown.add_column(column, justify="left" if not column else "right")
    shown.add_row(
        "tick lateness, ms",
        f"{result.lateness_p50:.2f}",
        "",
        f"{result.lateness_p99:.2f}",
        f"{result.lateness_max:.1f}",
    )
    shown.add_row("drift of a room, ms", "", "", "", f"{result.drift:.1f}")
    shown.add_row("key to frame, ms", f"{result.input_p50:.1f}", f"{result.input_p95:.1f}", "", "")
    for name, p50, p95 in (
        ("key to screen (Chromium), ms", result.screen_p50, result.screen_p95),
        ("key to first reaction, ms", result.reaction_p50, result.reaction_p95),
    ):
        if p50 is not None and p95 is not None:
            shown.add_row(name, f"{p50:.1f}", f"{p95:.1f}", "", "")
    return shown


async def _bench(rooms: int, seconds: float, fast: bool, tell: Callable[[str], None]) -> LoadResult:
    with tempfile.TemporaryDirectory() as folder:
        async with _server(Path(folder), fast, rooms + 8) as url:
            tell(f"{rooms} rooms at {url} for {seconds:g} s")
            wishes = [{"map": MAPS[n % len(MAPS)], "partner": "script", "duration": seconds} for n in range(rooms)]
            if fast:
                wishes.append({"map": "ring", "partner": "hla", "duration": seconds})
            seen = [_Seen() for _ in wishes]
            browser = asyncio.create_task(_screen(url, seconds)) if _has_browser() else None
            people = [_person(url, wish, each, n) for n, (wish, each) in enumerate(zip(wishes, seen, strict=True))]
            await asyncio.gather(*people)
            screen, reactions = await browser if browser is not None else ([], [])
            health = await asyncio.to_thread(_get, f"{url}/api/health")
    inputs = sorted(value for each in seen for value in each.inputs)
    late = health["lateness_ms"]
    return LoadResult(
        rooms=rooms, seconds=seconds, embedded_room=fast, ticks=health["ticks"],
        lateness_p50=late["p50"], lateness_p99=late["p99"], lateness_max=late["max"],
        drift=round(max(each.drift() for each in seen) * 1000, 2),
        input_p50=_at(inputs, 0.5), input_p95=_at(inputs, 0.95),
        screen_p50=_at(screen, 0.5) if screen else None, screen_p95=_at(screen, 0.95) if screen else None,
        reaction_p50=_at(reactions, 0.5) if reactions else None,
        reaction_p95=_at(reactions, 0.95) if reactions else None,
        agent_decisions=len(seen[-1].doing) if fast else None,
    )  # fmt: skip


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else float("nan")


@asynccontextmanager
async def _server(folder: Path, fast: bool, rooms: int) -> AsyncIterator[str]:
    """A server in a process of its own; gives its address."""
    command = [sys.executable, "-m", "brigade.agents.cli", "play", "--port", "0", "--records", str(folder)]
    command += ["--countdown", "0", "--rooms", str(rooms), "--warm" if fast else "--no-warm"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = await asyncio.to_thread(process.stdout.readline)
        found = re.search(r"http://\S+", line)
        if found is None:
            raise OSError(f"the server did not start: {line.strip()}")
        yield found[0]
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)
        if process.stdout is not None:
            process.stdout.close()


async def _person(url: str, wish: dict[str, Any], seen: _Seen, number: int) -> None:
    """Play a whole game: a key every third of a second or so."""
    seat = await _open(url, wish)
    chance = random.Random(number)
    async with connect(url.replace("http", "ws") + "/api/play", origin=url, compression=None, proxy=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"type": "join", "seat": seat}))
        await socket.send(json.dumps({"type": "ready"}))
        pending: dict[int, float] = {}

        async def press() -> None:
            for seq in range(1, 1_000_000):
                await asyncio.sleep(chance.uniform(0.2, 0.5))
                pending[seq] = time.perf_counter()
                key = chance.choice(("up", "down", "left", "right"))
                await socket.send(json.dumps({"type": "input", "seq": seq, "press": key, "hold": None}))

        hands = asyncio.create_task(press())
        async for text in socket:
            now = time.perf_counter()
            message = json.loads(text)
            match message["type"]:
                case "ping":
                    await socket.send(json.dumps({"type": "pong", "n": message["n"]}))
                case "frame":
                    _see(message, now, seen, pending)
                case "over":
                    break
                case _:
                    pass
        hands.cancel()


def _see(frame: dict[str, Any], now: float, seen: _Seen, pending: dict[int, float]) -> None:
    if frame["tick"]:
        seen.first = seen.first or (frame["tick"], now)
        seen.last = frame["tick"], now
    doing = frame["cooks"][1]["doing"]
    if doing and (not seen.doing or seen.doing[-1] != doing):
        seen.doing.append(doing)
    acked = frame["people"]["0"]["ack"]
    for seq in [seq for seq in pending if seq <= acked]:
        seen.inputs.append((now - pending.pop(seq)) * 1000)


async def _open(url: str, wish: dict[str, Any]) -> str:
    while True:
        status, answer = await asyncio.to_thread(_post, f"{url}/api/games", wish)
        if status == 200:
            return str(answer["seat"])
        if status != 429:
            raise OSError(f"the server opens no room: {answer.get('error')}")
        await asyncio.sleep(1.0)


def _post(url: str, data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    origin = url.split("/api")[0]
    headers = {"content-type": "application/json", "origin": origin}
    request = urllib.request.Request(url, json.dumps(data).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def _get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def _has_browser() -> bool:
    return find_spec("playwright") is not None and shutil.which("chromium") is not None


async def _screen(url: str, seconds: float) -> tuple[list[float], list[float]]:
    """Milliseconds from keys to the screen and to the first reaction in a real browser, which plays a further room."""
    from playwright.async_api import async_playwright

    await asyncio.sleep(2.0)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(BROWSER_FLAGS), headless=True
        )
        page = await browser.new_page()
        seat = await _open(url, {"map": "ring", "partner": "script", "duration": seconds})
        await page.goto(f"{url}/#play={seat}")
        await page.click("#ready")
        chance, end = random.Random(7), time.monotonic() + min(seconds - 5.0, 60.0)
        while time.monotonic() < end:
            await page.keyboard.press(chance.choice(("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown")))
            await asyncio.sleep(chance.uniform(0.2, 0.5))
        found: list[list[float]] = await page.evaluate("[brigade.latencies, brigade.reactions]")
        await browser.close()
        return found[0], found[1]
