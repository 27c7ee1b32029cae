"""Carries a plan out in several processes, keeps every result in a file as it comes, and goes on where it stopped."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brigade.agents.bench.contestants import PLAIN, Reach, minds_of
from brigade.agents.bench.demands import Case, find_case, play_case
from brigade.agents.bench.judge import judge
from brigade.agents.bench.plan import TOLD, Job, Plan
from brigade.agents.engines import Engine, engine_named
from brigade.agents.models import load_model
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import RecordWriter
from brigade.agents.training.fast.kitchens import as_file

RESULTS = "results.jsonl"
CORES_OF_A_THINKER = 2
"""On the real clock: one for each mind, so that neither waits for a core."""
SCRIPTS_ON_A_CORE = 4
"""On the real clock: agents that do not think need about a hundredth of a core."""
LIGHT = ("script", "random", "idle", TOLD)
"""Kinds of cook that need next to no time."""

Result = dict[str, Any]
Work = tuple[Job, Reach, Result | None]
"""A job, how models are reached, and for a demand its case."""
OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Outcome:
    """Everything that was measured: the results by what they are of."""

    plan: Plan
    episodes: tuple[Result, ...]
    demands: tuple[Result, ...]


class Store:
    """Results in a file, a line each, by the keys of their jobs; without a folder they are only kept in mind.

    Raises:
        ValueError: a line that is no result; says which.
        OSError: the file cannot be read or written.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = None if folder is None else folder / RESULTS
        self._known: dict[str, Result | None] = {}
        if self._file is not None and self._file.is_file():
            self._read(self._file)
        self._out = RecordWriter(self._file, go_on=self._file is not None and self._file.is_file())

    def _read(self, file: Path) -> None:
        lines = file.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines[:-1], 1):  # a last line without its end was cut off half-way
            try:
                entry = json.loads(line)
                self._known[json.dumps(entry["job"], sort_keys=True)] = entry["result"]
            except (ValueError, KeyError, TypeError):
                raise ValueError(f"{file}:{number}: not a result of this bench; choose another folder") from None

    def has(self, job: Job) -> bool:
        """Whether a job is done."""
        return job.key in self._known

    def add(self, job: Job, result: Result | None) -> None:
        """Keep a result."""
        self._known[job.key] = result
        self._out.write("result", job=json.loads(job.key), result=result)

    def result(self, job: Job) -> Result | None:
        """The result of a job that is done; None if nothing came of it."""
        return self._known[job.key]

    def close(self) -> None:
        """Close the file."""
        self._out.close()


def run(
    plan: Plan,
    workers: int = 2,
    folder: Path | None = None,
    on_progress: OnProgress = lambda what, done, of: None,
    engine: Engine | None = None,
) -> Outcome:
    """Carry a plan out, or what is left of it.

    Args:
        plan: what to compare.
        workers: processes; on the real clock fewer, so that latencies are true.
        folder: where results are kept and found again.
        on_progress: told how far it is.
        engine: where the processes are; this machine by default.

    Raises:
        ModelError: a model cannot be had or does not answer; what is done by then is kept.
        ValueError: the folder holds something else.
        OSError: the folder cannot be written.
    """
    for model in dict.fromkeys(model for each in plan.contestants.values() for model in each.models):
        load_model(model, plan.reach.options)  # converted once, before several processes want it
    store = Store(folder)
    try:
        cases, episodes = list(plan.cases()), list(plan.episodes())
        _carry_out(cases, store, plan, workers, on_progress, engine, "demands to find")
        found = [(job, case) for job in cases if (case := store.result(job)) is not None]
        fulfilments = [(each, case) for job, case in found for each in plan.fulfilments(job)]
        known = {each.key: case for each, case in fulfilments}
        jobs = [*episodes, *(each for each, _ in fulfilments)]
        for name, some, processes in rounds(jobs, workers):
            _carry_out(some, store, plan, processes, on_progress, engine, name, known)
        return Outcome(
            plan,
            tuple(_described(job, store) for job in episodes),
            tuple(_described(job, store) for job, _ in fulfilments),
        )
    finally:
        store.close()


def rounds(jobs: Sequence[Job], workers: int) -> Iterable[tuple[str, list[Job], int]]:
    """What can be done at once, and in how many processes."""
    simulated = [job for job in jobs if job.clock == "simulated"]
    light = [job for job in jobs if job.clock == "real" and _is_light(job)]
    heavy = [job for job in jobs if job.clock == "real" and not _is_light(job)]
    cores = min(workers, os.cpu_count() or 1)
    yield "simulated clock", simulated, workers
    yield "real time, scripts", light, cores * SCRIPTS_ON_A_CORE
    yield "real time", heavy, max(1, math.floor(cores / CORES_OF_A_THINKER))


def _is_light(job: Job) -> bool:
    return job.agent is not None and job.agent.kind in LIGHT


def _carry_out(
    jobs: Sequence[Job],
    store: Store,
    plan: Plan,
    processes: int,
    on_progress: OnProgress,
    engine: Engine | None,
    name: str,
    cases: dict[str, Result] | None = None,
) -> None:
    left = [job for job in jobs if not store.has(job)]
    if not left:
        return
    done = len(jobs) - len(left)
    work = [(job, plan.reach, (cases or {}).get(job.key)) for job in left]
    on_progress(name, done, len(jobs))
    for _, (job, result) in (engine or engine_named("local")).map(_do, work, min(processes, len(left))):
        store.add(job, result)
        done += 1
        on_progress(name, done, len(jobs))


def _do(work: Work) -> tuple[Job, Result | None]:
    job, reach, case = work
    if job.what == "case":
        found = find_case(job.kind, job.map, job.seed)
        return job, None if found is None else found.to_dict()
    if job.what == "demand":
        assert case is not None
        return job, _fulfil(job, reach, Case.from_dict(case))
    return job, _episode(job, reach)


def _episode(job: Job, reach: Reach) -> Result:
    assert job.agent is not None
    minds = minds_of(job.agent, reach) if job.agent.thinks else None
    with tempfile.TemporaryDirectory() as folder:
        spec = EpisodeSpec(
            as_file(job.map, Path(folder)), job.agent.kind, PLAIN.get(job.partner, job.partner), seed=job.seed,
            clock=job.clock, latency=job.latency or "measured", duration=job.duration,
        )  # fmt: skip
        result = run_episode(spec, minds)
    return {
        "score": result.score,
        "orders_served": result.served,
        "orders_missed": result.missed,
        "decisions": result.decisions,
        "macro_ms": _milliseconds(result.macro_latencies),
        "atomic_ms": _milliseconds(result.atomic_latencies),
    }


def _milliseconds(latencies: Iterable[float]) -> list[float]:
    return [round(1000 * seconds, 4) for seconds in latencies]


def _fulfil(job: Job, reach: Reach, case: Case) -> Result:
    assert job.agent is not None
    minds = minds_of(job.agent, reach) if job.agent.thinks else None
    seen = play_case(case, job.agent.kind, minds, clock=job.clock, latency=job.latency or "measured")
    said = {"said": [each.message for each in case.spoken], "meant": [each.intent for each in case.spoken]}
    replies = [text for _, text in seen.said]
    return said | {"script_seconds": case.seconds} | judge(case, seen).to_dict() | {"replies": replies}


def _described(job: Job, store: Store) -> Result:
    """A result, and what it is of."""
    assert job.agent is not None
    facts = {"map": job.map, "agent": job.agent.name, "seed": job.seed, "clock": job.clock}
    facts |= {"kind": job.kind} if job.what == "demand" else {"partner": job.partner}
    return facts | (store.result(job) or {})
