"""What the machinery costs: a program without gaps, a suspension, many programs at once; beside smolagents' executor.

Peer: smolagents' LocalPythonExecutor, an interpreter in the same process that gives no isolation, no limits of
memory and no pause. Both run the same programs in turns in one process, so that what else the machine does weighs
on both alike.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import psutil
from brigade.agents.reasoning.lmulator.lmulator import Lmulator, Settings
from brigade.agents.reasoning.lmulator.queries import Answer, Query, Source
from brigade.agents.reasoning.lmulator.sandbox import Sandbox

TWENTY_LINES = """\
number = {number}
other = number + 1
items = [1, 2, 3]
total = 0
for item in items:
    total += item * other
words = "some words to count".split()
lengths = {{}}
for word in words:
    lengths[word] = len(word)
ordered = sorted(words)
if total > 3:
    factor = 1
else:
    factor = 2
def scaled(value):
    return value + factor
first = scaled(total)
second = first * 2 + len(ordered)
answer = second + sum(lengths.values())"""
"""A program of twenty lines without a gap; another number, another text."""
PEER = "20 lines, smolagents LocalPythonExecutor"
ASKING = "total = 0\nfor number in range({count}):\n    total += ask(number)\nanswer = total"


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of something that was done many times."""

    what: str
    p50: float
    p95: float
    count: int
    cpu: float | None = None
    """Processor time of each, in this process and in the workers: what it costs however busy the machine is."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"what": self.what, "p50_ms": round(self.p50, 4), "p95_ms": round(self.p95, 4), "n": self.count} | (
            {} if self.cpu is None else {"cpu_ms": round(self.cpu, 4)}
        )


def overhead(rounds: int = 200) -> list[Timing]:
    """All timings; the peer's only if it is installed."""
    with Sandbox(max(2, os.cpu_count() or 1)) as sandbox:
        plain = Lmulator(sandbox=sandbox, settings=Settings(traced=False))
        traced = Lmulator(sandbox=sandbox, settings=Settings(traced=True))
        asked = Lmulator(sandbox=sandbox, settings=Settings(traced=False), person=_adds)
        contestants: dict[str, Callable[[int], object]] = {
            "20 lines, new text each time": lambda number: plain.run(TWENTY_LINES.format(number=number)),
            "20 lines, new text each time, traced": lambda number: traced.run(TWENTY_LINES.format(number=number)),
            "20 lines, the same text": lambda _: plain.run(TWENTY_LINES.format(number=-1)),
            "20 lines, the same text, traced": lambda _: traced.run(TWENTY_LINES.format(number=-1)),
        }
        peer = _peer()
        if peer is not None:
            contestants[PEER] = peer
        timings = [
            replace(_timing(what, times), cpu=_cpu(contestants[what], rounds))
            for what, times in _in_turns(contestants, rounds).items()
        ]
        timings.append(_suspensions(asked, max(5, rounds // 10)))
        timings += _many(plain, sandbox.workers)
    return timings


def _adds(query: Query) -> Answer:
    return Answer(1, Source.PERSON)


def _in_turns(contestants: dict[str, Callable[[int], object]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each contestant in each round, each round in another order."""
    times: dict[str, list[float]] = {what: [] for what in contestants}
    names = list(contestants)
    for number in range(rounds):
        for what in names[number % len(names) :] + names[: number % len(names)]:
            start = time.perf_counter()
            contestants[what](number)
            times[what].append((time.perf_counter() - start) * 1e3)
    return times


def _cpu(contestant: Callable[[int], object], rounds: int) -> float:
    """Milliseconds of processor time of each of so many runs, the workers' included, those that ended as well."""

    def used() -> float:
        workers = sum(sum(each.cpu_times()[:2]) for each in psutil.Process().children())
        ended = os.times()
        return time.process_time() + workers + ended.children_user + ended.children_system

    start = used()
    for number in range(rounds):
        contestant(10**6 + number)
    return (used() - start) * 1e3 / rounds


def _peer() -> Callable[[int], object] | None:
    try:
        from smolagents.local_python_executor import LocalPythonExecutor
    except ImportError:
        return None

    def run(number: int) -> object:
        executor = LocalPythonExecutor([])
        executor.send_tools({})
        return executor(TWENTY_LINES.format(number=number))

    return run


def _suspensions(runner: Lmulator, rounds: int, count: int = 100) -> Timing:
    """A suspension: what 100 of them add to a program, for each."""
    with_them: list[float] = []
    without: list[float] = []
    for number in range(rounds):
        for times, text in ((with_them, ASKING), (without, ASKING.replace("ask(number)", "number"))):
            start = time.perf_counter()
            runner.run(text.format(count=count) + f"\n# {number}")
            times.append((time.perf_counter() - start) * 1e3)
    each = [(a - b) / count for a, b in zip(with_them, without, strict=True)]
    return _timing("a suspension, answered at once", each)


def _many(runner: Lmulator, workers: int, count: int = 1000) -> list[Timing]:
    """A thousand programs on all workers at once: milliseconds of each, and of all by their number."""
    times: list[float] = []

    def one(number: int) -> None:
        start = time.perf_counter()
        result = runner.run(TWENTY_LINES.format(number=number))
        times.append((time.perf_counter() - start) * 1e3)
        assert result.message == "", result.message

    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(count)))
    whole = (time.perf_counter() - start) * 1e3 / count
    return [
        _timing(f"1,000 programs on {workers} workers, each", times),
        Timing(f"1,000 programs on {workers} workers, whole time / 1,000", whole, whole, count),
    ]


def _timing(what: str, times: Sequence[float]) -> Timing:
    ordered = sorted(times)
    return Timing(
        what, statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], len(ordered)
    )
