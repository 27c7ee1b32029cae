"""Thoughts land when their latency says, on the simulated clock; ticks keep their deadlines, on the real one."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest
from brigade.agents.sessions.clock import FixedLatency, RealClock, RecordedLatency, SimulatedClock, latency_of


async def answer() -> str:
    return "done"


@pytest.mark.parametrize(("seconds", "due"), [(0.0, 10), (0.05, 11), (0.1, 11), (0.11, 12), (1.0, 20)])
async def test_a_simulated_thought_lands_as_many_ticks_later_as_it_takes(seconds: float, due: int) -> None:
    clock = SimulatedClock(0.1, FixedLatency({"fast": seconds, "slow": 9.0}))
    thought = await clock.think("fast", 10, answer)
    assert next(tick for tick in range(10, 25) if thought.ready(tick)) == due
    assert (thought.value, thought.seconds) == ("done", seconds)


async def test_measured_latency_is_the_time_that_the_work_took() -> None:
    clock = SimulatedClock(0.1, latency_of("measured"))

    async def slowly() -> None:
        await asyncio.sleep(0.12)

    thought = await clock.think("slow", 0, slowly)
    assert 0.12 <= thought.seconds < 0.5
    assert not thought.ready(1)
    assert thought.ready(6)


def test_recorded_latencies_are_played_in_order_and_again(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    entries = [{"type": "decision", "mind": "fast", "latency_ms": ms} for ms in (100, 300)]
    entries += [{"type": "intent", "mind": "slow", "latency_ms": 2000}, {"type": "tick", "tick": 1}]
    file.write_text("\n".join(map(json.dumps, entries)))
    latency = latency_of(str(file))
    assert [latency.seconds("fast", 9) for _ in range(3)] == [0.1, 0.3, 0.1]
    assert latency.seconds("slow", 9) == 2.0
    assert latency.label == "recorded:r.jsonl"
    file.write_text(json.dumps(entries[0]))
    with pytest.raises(ValueError, match="no latencies of the slow mind"):
        RecordedLatency(file)


@pytest.mark.parametrize("text", ["soon", "fast=1", "fast=1,slow=x", "-1", "fast=1,slow=2,odd=3", "nan", "inf"])
def test_other_latencies_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        latency_of(text)


async def test_the_real_clock_neither_waits_for_thoughts_nor_drifts() -> None:
    clock = RealClock(0.02)

    async def stubborn() -> str:
        await asyncio.to_thread(time.sleep, 0.3)
        return "at last"

    start = time.perf_counter()
    await clock.wait(0)
    thought = await clock.think("slow", 0, stubborn)
    landed = None
    for tick in range(1, 31):
        await clock.wait(tick)
        if tick == 5:
            time.sleep(0.05)  # a late tick: those after it make up for it
        if landed is None and thought.ready(tick):
            landed = tick
    assert time.perf_counter() - start == pytest.approx(0.6, abs=0.08)
    assert landed is not None
    assert 15 <= landed <= 22
    assert thought.value == "at last"
