"""The two clocks of a session, and thoughts that land on them.

A thought is something a mind works on while the kitchen goes on. On the *real* clock it runs beside the ticks, which
happen at absolute deadlines whatever it does. On the *simulated* clock it is finished at once, but lands as many
ticks later as its latency says: measured, fixed, or from the record of another session. Nobody ever waits for a
thought at a tick.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Kind = Literal["fast", "slow"]
KINDS: tuple[Kind, ...] = ("fast", "slow")

Work = Callable[[], Awaitable[T]]


class Latency(ABC):
    """How long thoughts count as having taken, on the simulated clock."""

    label: str
    """What tables and records say of it."""

    @abstractmethod
    def seconds(self, kind: Kind, measured: float) -> float:
        """The latency of a thought of this kind that took so long to compute."""


@dataclass
class MeasuredLatency(Latency):
    """As long as it really took on this machine."""

    label: str = "measured"

    def seconds(self, kind: Kind, measured: float) -> float:
        """The measured time."""
        return measured


@dataclass
class FixedLatency(Latency):
    """Always the same, per kind of thought."""

    fixed: Mapping[Kind, float]

    @property
    def label(self) -> str:  # type: ignore[override]
        """The values, as given on the command line."""
        return ",".join(f"{kind}={self.fixed[kind]:g}" for kind in KINDS)

    def seconds(self, kind: Kind, measured: float) -> float:
        """The fixed time."""
        return self.fixed[kind]


class RecordedLatency(Latency):
    """Those of another session, one after the other, from the start again after the last.

    Raises:
        ValueError: the record holds no thought of some kind.
    """

    def __init__(self, file: Path) -> None:
        self.label = f"recorded:{file.name}"
        self._lists: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                kind = entry.get("mind")
                if kind in self._lists and "latency_ms" in entry:
                    self._lists[kind].append(entry["latency_ms"] / 1000)
        missing = [kind for kind, values in self._lists.items() if not values]
        if missing:
            raise ValueError(f"{file}: holds no latencies of the {' and '.join(missing)} mind")
        self._next = {kind: cycle(values) for kind, values in self._lists.items()}

    def seconds(self, kind: Kind, measured: float) -> float:
        """The next recorded time."""
        return next(self._next[kind])


def latency_of(text: str) -> Latency:
    """The latencies that a command line asks for: `measured`, seconds, `fast=S,slow=S`, or a record.

    Raises:
        ValueError: it is none of these.
    """
    if text == "measured":
        return MeasuredLatency()
    if Path(text).is_file():
        return RecordedLatency(Path(text))
    try:
        if "=" not in text:
            return FixedLatency(dict.fromkeys(KINDS, _seconds(text)))
        given = dict(part.split("=", 1) for part in text.split(","))
        if set(given) != set(KINDS):
            raise ValueError
        return FixedLatency({kind: _seconds(given[kind]) for kind in KINDS})
    except ValueError:
        raise ValueError(
            f"latency {text!r} is not `measured`, seconds such as 0.1, `fast=0.1,slow=1.5`, or a recorded session"
        ) from None


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < math.inf:
        raise ValueError
    return value


@dataclass
class Thought(ABC, Generic[T]):
    """Something a mind works on."""

    asked: int
    """Tick at which it was begun."""

    @abstractmethod
    def ready(self, tick: int) -> bool:
        """Whether it has landed by this tick."""

    @property
    @abstractmethod
    def value(self) -> T:
        """What came of it. Raises what its work raised."""

    @property
    @abstractmethod
    def seconds(self) -> float:
        """Its latency."""

    @property
    def error(self) -> BaseException | None:
        """What its work raised, once it is ready."""
        return None

    @abstractmethod
    def drop(self) -> None:
        """Nobody needs it any more."""


@dataclass
class _Simulated(Thought[T]):
    due: int
    result: T
    latency: float

    def ready(self, tick: int) -> bool:
        return tick >= self.due

    @property
    def value(self) -> T:
        return self.result

    @property
    def seconds(self) -> float:
        return self.latency

    def drop(self) -> None:
        pass


@dataclass
class _Running(Thought[T]):
    task: asyncio.Task[tuple[T, float]]

    def ready(self, tick: int) -> bool:
        return self.task.done()

    @property
    def value(self) -> T:
        return self.task.result()[0]

    @property
    def seconds(self) -> float:
        return self.task.result()[1]

    @property
    def error(self) -> BaseException | None:
        if not self.task.done() or self.task.cancelled():
            return None
        return self.task.exception()

    def drop(self) -> None:
        self.task.cancel()


async def _timed(work: Work[T]) -> tuple[T, float]:
    start = time.perf_counter()
    return await work(), time.perf_counter() - start


class Clock(ABC):
    """Tells when ticks happen and when thoughts land."""

    name: str
    label: str
    """The clock and whose latencies, for tables."""

    def __init__(self, tick_seconds: float) -> None:
        self.tick_seconds = tick_seconds

    @abstractmethod
    async def think(self, kind: Kind, tick: int, work: Work[T]) -> Thought[T]:
        """Begin a thought at this tick."""

    @abstractmethod
    async def wait(self, tick: int) -> None:
        """Until it is time for this tick."""


class SimulatedClock(Clock):
    """As fast as it goes; thoughts land when their latency says."""

    name = "simulated"

    def __init__(self, tick_seconds: float, latency: Latency) -> None:
        super().__init__(tick_seconds)
        self.latency = latency
        self.label = f"simulated, latencies {latency.label}"

    async def think(self, kind: Kind, tick: int, work: Work[T]) -> Thought[T]:
        """Do the work now and let it land later."""
        result, measured = await _timed(work)
        seconds = self.latency.seconds(kind, measured)
        return _Simulated(tick, tick + math.ceil(seconds / self.tick_seconds - 1e-9), result, seconds)

    async def wait(self, tick: int) -> None:
        """No waiting."""


class RealClock(Clock):
    """Ticks at absolute deadlines of the wall clock; a late tick does not move the ones after it."""

    name = "real"
    label = "real time"

    def __init__(self, tick_seconds: float, *, phase: float | None = None, catch_up: float = math.inf) -> None:
        super().__init__(tick_seconds)
        self._phase = phase
        """Where in the process's ticks the deadlines lie, 0 to 1: sessions with different ones take turns."""
        self._catch_up = catch_up
        """Seconds of lateness above which the ticks missed are given up instead of made up for."""
        self._start: float | None = None
        self._paused: float | None = None
        self.lateness: deque[float] = deque(maxlen=100_000)
        """Seconds by which each tick was late."""

    async def think(self, kind: Kind, tick: int, work: Work[T]) -> Thought[T]:
        """Let the work run beside the ticks."""
        return _Running(tick, asyncio.create_task(_timed(work)))

    async def wait(self, tick: int) -> None:
        """Sleep until the deadline of this tick."""
        now = time.perf_counter()
        if self._start is None:
            self._start = now + self._to_phase(now) - tick * self.tick_seconds
        if now - self._start - tick * self.tick_seconds > self._catch_up:
            self._start = now - tick * self.tick_seconds
        deadline = self._start + tick * self.tick_seconds
        await asyncio.sleep(max(0.0, deadline - now))
        self.lateness.append(max(0.0, time.perf_counter() - deadline))

    def _to_phase(self, now: float) -> float:
        if self._phase is None:
            return 0.0
        return (self._phase - now / self.tick_seconds) % 1.0 * self.tick_seconds

    def pause(self) -> None:
        """Stop the clock: time until `go_on` does not count."""
        if self._paused is None:
            self._paused = time.perf_counter()

    def go_on(self) -> None:
        """Let the clock run again."""
        if self._paused is not None and self._start is not None:
            self._start += time.perf_counter() - self._paused
        self._paused = None
