"""What one core does: the figures that machines are sized with, and the arithmetic from them.

Each figure is the time of this process on a processor, so that other work on the machine matters little. Models think
in threads of this process, which count. Knows no machine but this one.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from brigade.agents.graph import Minds, TeamContext, TeamState, kitchen_team, open_threads, snapshot
from brigade.agents.graph.game_thread import GameThread
from brigade.agents.hierarchy.fast_mind import FastMind, fast_habits
from brigade.agents.hierarchy.planning import next_macro
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import load_model
from brigade.agents.privacy.keys import load_sealer
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.settings import DEFAULT_FAST, DEFAULT_SLOW
from brigade.envs.kitchen import HlaKitchen, HlaView
from brigade.knowledge.bench.measuring import Figures
from brigade.knowledge.bench.measuring import measure as measure_base
from rich.table import Table

MESSAGE = "please cut three of the red ones for me and then clear the stove"
"""A message that the lexicon leaves to the model."""
DECIDES = 0.5
"""Decisions a second of a cook: one about every two seconds, in `make run`."""
KITCHENS, FACTS = 1_000, 100_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing, measured."""

    what: str
    cpu_ms: float
    """Median, on a processor."""
    clock_ms: float
    """Median, by the clock."""
    n: int


@dataclass(frozen=True)
class Sizing:
    """What was measured here, and when."""

    date: str
    figures: tuple[Figure, ...]
    base: Figures

    def cpu(self, what: str) -> float:
        """Seconds of a core that this takes."""
        return next(each.cpu_ms for each in self.figures if each.what == what) / 1000

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        figures = [asdict(each) for each in self.figures]
        return {"date": self.date, "figures": figures, "base": self.base.to_dict(), "arithmetic": arithmetic(self)}


FAST, SLOW = "decision of the Fast Mind (embedded)", "message read by the Slow Mind (embedded)"
PLAN, SCRIPT = "plan for all cooks", "second of a kitchen with two script cooks"
GRAPH, THREAD = "event through the graph, no mind", "the same, with a thread in SQLite"


def measure(rounds: int, facts: int, progress: Callable[[str, int, int], None]) -> Sizing:
    """Measure everything.

    Args:
        rounds: times that each thing is done.
        facts: in the knowledge base that is made.
        progress: hears what is being done.
    """
    figures = []
    for figure in _figures(rounds):
        figures.append(figure)
        progress(figure.what, len(figures), 6)
    with tempfile.TemporaryDirectory() as folder:
        base = measure_base(str(Path(folder) / "base.db"), facts, rounds=max(20, rounds), progress=progress)
    return Sizing(datetime.now(UTC).date().isoformat(), tuple(figures), base)


def _figures(rounds: int) -> Iterator[Figure]:
    def play() -> None:
        run_episode(EpisodeSpec("ring", "script", "script", duration=10.0))

    one = _timed(SCRIPT, play, max(3, rounds // 5))
    yield Figure(SCRIPT, one.cpu_ms / 10, one.clock_ms / 10, one.n)
    view = _view()
    yield _timed(PLAN, lambda: next_macro(view, 0, {}), rounds)
    slow, fast = SlowMind(load_model(DEFAULT_SLOW)), FastMind(load_model(DEFAULT_FAST), fast_habits(DEFAULT_FAST))
    minds = Minds(slow, fast)
    moment: TeamState = {"event": "decide", "kitchen": snapshot(view, 0.1), "cook": 0}
    yield _timed(FAST, lambda: _enter(moment, minds), rounds)
    yield _timed(SLOW, lambda: asyncio.run(slow.interpret(MESSAGE, orders=("Bob",))), rounds)
    quiet = Minds(SlowMind(None), fast)
    heard: TeamState = {**moment, "event": "message", "message": "chop two onions"}
    yield _timed(GRAPH, lambda: _enter(heard, quiet), rounds)
    yield _on_thread(heard, quiet, rounds)


def _view() -> HlaView:
    kitchen = HlaKitchen("ring", tick_seconds=0.1)
    kitchen.reset(0)
    return kitchen.view()


def _enter(moment: TeamState, minds: Minds) -> None:
    asyncio.run(kitchen_team.ainvoke(moment, context=TeamContext(minds=minds)))


def _on_thread(moment: TeamState, minds: Minds, rounds: int) -> Figure:
    async def work(folder: Path) -> list[tuple[float, float]]:
        async with open_threads(folder / "threads.db", load_sealer(folder)) as saver:
            thread, times = GameThread(saver, "bench/0"), []
            for _ in range(rounds + 1):
                began = time.perf_counter(), time.process_time()
                await thread.run(moment, TeamContext(minds=minds))
                times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
            return times[1:]

    with tempfile.TemporaryDirectory() as folder:
        return _figure(THREAD, asyncio.run(work(Path(folder))))


def _timed(what: str, act: Callable[[], object], rounds: int) -> Figure:
    act()  # compiles, loads
    times = []
    for _ in range(rounds):
        began = time.perf_counter(), time.process_time()
        act()
        times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    return _figure(what, times)


def _figure(what: str, times: list[tuple[float, float]]) -> Figure:
    clock, cpu = (1000 * statistics.median(each) for each in zip(*times, strict=True))
    return Figure(what, round(cpu, 2), round(clock, 2), len(times))


def arithmetic(sizing: Sizing) -> list[str]:
    """From the figures to a thousand kitchens and a hundred million facts, a line each."""
    think, read = sizing.cpu(FAST), sizing.cpu(SLOW)
    plan, graph, thread = sizing.cpu(PLAN), sizing.cpu(GRAPH), sizing.cpu(THREAD)
    n, d, base = KITCHENS, DECIDES, sizing.base
    cores = n * d * (think + plan)
    lines = [
        f"{n} kitchens, one agent each, {d} decisions a second: {n} x {d} x ({think:.3f} + {plan:.3f}) s = "
        f"{cores:.0f} cores for Fast Minds and plans",
        f"a message a minute and kitchen: {n} / 60 x {read:.3f} s = {n / 60 * read:.1f} cores for Slow Minds",
        f"the graph around them: {n} x ({d} + 1 / 60) x {graph:.4f} s = {n * (d + 1 / 60) * graph:.1f} cores, "
        f"with threads on disk {n * (d + 1 / 60) * thread:.1f}",
        f"script cooks alone: {n} x {sizing.cpu(SCRIPT):.4f} s a second = {n * sizing.cpu(SCRIPT):.1f} cores",
    ]
    if base.megabytes is not None:
        size = base.megabytes * 1e6 / base.facts
        load = base.load_cpu_s / base.facts
        lines.append(
            f"{FACTS:,} facts: {size:.0f} bytes each, with indices and words = {FACTS * size / 1e9:.0f} GB; "
            f"loading {FACTS * load / 3600:.1f} hours of a core; an index grows by "
            f"{FACTS / base.facts:.0f} times, which is about two levels of a B-tree more"
        )
    return lines


def table(sizing: Sizing) -> Table:
    """The figures, for a terminal."""
    shown = Table("what", "ms of a core (median)", "by the clock", "n", title=f"One core, {sizing.date}")
    for each in sizing.figures:
        shown.add_row(each.what, f"{each.cpu_ms:.2f}", f"{each.clock_ms:.2f}", str(each.n))
    base = sizing.base
    of_base = (("point query", base.point_ms), ("fused search", base.search_ms), ("telling a fact", base.add_ms))
    for what, spread in of_base:
        about = f"{what} of {base.facts:,} facts ({base.engine})"
        shown.add_row(about, f"{spread.cpu_p50:.2f}", f"{spread.p50:.2f}", "")
    return shown
