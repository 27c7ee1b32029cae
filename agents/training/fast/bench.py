"""Whole episodes of several agents on several kitchens, and demands spoken to those that think.

An agent is a kind of cook (`script`, `random`, `idle`), `teacher`, or `hla:MODEL` with a model for its Fast Mind; the
kitchen `held-out` stands for variations that no training has seen. Everything runs on the simulated clock with fixed
latencies, in several processes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind, fast_habits
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import load_model
from brigade.agents.sessions.clock import latency_of
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.report import mean_interval
from brigade.agents.training.fast.demands import DemandResult, demand_case, play_demand
from brigade.agents.training.fast.kitchens import HELD_OUT, as_file, kitchen_named
from rich.table import Table

HELD_OUT_NAME = "held-out"
TEACHER = "policy:brigade.agents.training.fast.teacher:teacher"
PLAIN = {"script": "script", "random": "random", "idle": "idle", "teacher": TEACHER}
"""Agents that do not think, and their kinds of cook."""


@dataclass(frozen=True)
class Plan:
    """What to compare."""

    maps: tuple[str, ...]
    agents: tuple[str, ...]
    partner: str = "script"
    seeds: Sequence[int] = range(10)
    latency: str = "fast=0.1,slow=1.5"
    demands: int = 0
    """Spoken demands for each agent that thinks, spread over the kitchens."""

    @property
    def kitchens(self) -> tuple[str, ...]:
        """Every kitchen by name, `held-out` spelled out."""
        return tuple(name for each in self.maps for name in (HELD_OUT if each == HELD_OUT_NAME else (each,)))

    @property
    def thinkers(self) -> tuple[str, ...]:
        """The agents with minds."""
        return tuple(agent for agent in self.agents if agent.startswith("hla:"))

    def check(self) -> None:
        """Raise ValueError, with one clear line, if it cannot be carried out."""
        for agent in self.agents:
            if agent not in PLAIN and not agent.startswith("hla:"):
                raise ValueError(f"unknown agent {agent!r} (known: {', '.join(PLAIN)}, hla:MODEL)")
        for name in self.kitchens:
            kitchen_named(name)
        latency_of(self.latency)
        EpisodeSpec("ring", "script", self.partner).check()


@dataclass(frozen=True, slots=True)
class Episode:
    """What came of one episode."""

    map: str
    agent: str
    seed: int
    score: int
    served: int
    missed: int


@dataclass(frozen=True)
class Outcome:
    """Everything that was measured."""

    plan: Plan
    episodes: tuple[Episode, ...]
    demands: tuple[tuple[str, DemandResult], ...]

    def scores(self, agent: str, map_name: str | None = None) -> list[float]:
        """Scores of an agent in a kitchen, or in all, in the order of kitchens and seeds."""
        found = [e for e in self.episodes if e.agent == agent and map_name in (None, e.map)]
        return [float(e.score) for e in sorted(found, key=lambda e: (self.plan.kitchens.index(e.map), e.seed))]

    def tables(self) -> Iterator[Table]:
        """Scores by kitchen and agent; then how demands were met."""
        plan = self.plan
        yield _score_table(self)
        if self.demands:
            table = Table(title=f"{plan.demands} spoken demands for each agent that thinks")
            for name in ("agent", "understood", "met exactly", "straight"):
                table.add_column(name, justify="left" if name == "agent" else "right")
            for agent in plan.thinkers:
                facts = _demand_facts([result for who, result in self.demands if who == agent])
                table.add_row(agent, *(f"{facts[key]:.3f}" for key in ("understood", "exact", "straight")))
            yield table

    def to_json(self) -> dict[str, Any]:
        """Every episode and demand, and their summaries with 95 % bootstrap intervals."""
        base = self.plan.agents[0]
        groups = [
            {"map": map_name or "all", "agent": agent, **_facts(self.scores(agent, map_name))}
            | {f"minus_{base}": _facts(_difference(self, agent, base, map_name))}
            for map_name in (*self.plan.kitchens, None)
            for agent in self.plan.agents
        ]
        return {
            "clock": f"simulated, latencies {self.plan.latency}",
            "partner": self.plan.partner,
            "summary": groups,
            "demands": {
                agent: _demand_facts([result for who, result in self.demands if who == agent])
                for agent in (self.plan.thinkers if self.demands else ())
            },
            "episodes": [
                {"map": e.map, "agent": e.agent, "seed": e.seed, "score": e.score, "orders_served": e.served,
                 "orders_missed": e.missed}
                for e in self.episodes
            ],
            "demand_cases": [{"agent": agent, **result.to_dict()} for agent, result in self.demands],
        }  # fmt: skip

    def plot(self, file: Path) -> None:
        """Mean scores by kitchen, a bar for each agent, as a PNG."""
        from matplotlib.figure import Figure

        plan = self.plan
        figure = Figure(figsize=(2.5 + 1.3 * len(plan.kitchens), 4), layout="constrained")
        axes = figure.subplots()
        width = 0.8 / len(plan.agents)
        for number, agent in enumerate(plan.agents):
            facts = [_facts(self.scores(agent, name)) for name in plan.kitchens]
            means = np.array([each["mean"] for each in facts])
            bounds = np.array([each["ci95"] or (each["mean"], each["mean"]) for each in facts]).T
            at = np.arange(len(means)) + (number - (len(plan.agents) - 1) / 2) * width
            axes.bar(at, means, width * 0.9, yerr=np.abs(bounds - means), capsize=2, label=agent)
        axes.axhline(0, color="black", linewidth=0.8)
        axes.set_xticks(range(len(plan.kitchens)), plan.kitchens)
        axes.set_ylabel("score (mean, 95 % interval)")
        axes.set_title(f"with {plan.partner}; simulated clock, latencies {plan.latency}", fontsize=10)
        axes.legend(fontsize=8)
        figure.savefig(file, dpi=120)


def run(plan: Plan, workers: int = 2, on_progress: Callable[[int, int], None] | None = None) -> Outcome:
    """Carry a plan out.

    Raises:
        ModelError: a model cannot be had or does not answer.
    """
    for agent in plan.thinkers:
        load_model(agent.removeprefix("hla:"))  # converted once, before several processes want it
    episodes: list[Episode] = []
    demands: list[tuple[str, DemandResult]] = []
    with tempfile.TemporaryDirectory() as folder, get_context("spawn").Pool(workers) as pool:
        files = {name: as_file(name, Path(folder)) for name in plan.kitchens}
        jobs = [
            _Job(agent, name, files[name], seed, plan.partner, plan.latency, asks)
            for agent in plan.agents
            for asks, name, seed in (*_episodes(plan), *(_demands(plan) if agent in plan.thinkers else ()))
        ]
        for done, (job, result) in enumerate(pool.imap(_play, jobs), 1):
            if isinstance(result, DemandResult):
                demands.append((job.agent, result))
            else:
                episodes.append(result)
            if on_progress is not None:
                on_progress(done, len(jobs))
    return Outcome(plan, tuple(episodes), tuple(demands))


def _episodes(plan: Plan) -> Iterator[tuple[bool, str, int]]:
    return ((False, name, seed) for name in plan.kitchens for seed in plan.seeds)


def _demands(plan: Plan) -> Iterator[tuple[bool, str, int]]:
    kitchens = plan.kitchens
    return ((True, kitchens[number % len(kitchens)], 5_000_000 + number) for number in range(plan.demands))


@dataclass(frozen=True, slots=True)
class _Job:
    agent: str
    map: str
    file: str
    seed: int
    partner: str
    latency: str
    asks: bool


def _play(job: _Job) -> tuple[_Job, Episode | DemandResult]:
    minds = _minds(job.agent.removeprefix("hla:")) if job.agent.startswith("hla:") else None
    if job.asks and minds is not None:
        return job, play_demand(demand_case(job.map, job.seed), job.file, minds, job.latency)
    kind = PLAIN.get(job.agent, "hla")
    result = run_episode(EpisodeSpec(job.file, kind, job.partner, seed=job.seed, latency=job.latency), minds)
    return job, Episode(job.map, job.agent, job.seed, result.score, result.served, result.missed)


@lru_cache(maxsize=2)
def _minds(model: str) -> Minds:
    return Minds(SlowMind(None), FastMind(load_model(model), fast_habits(model)))


def _facts(scores: Sequence[float]) -> dict[str, Any]:
    interval = mean_interval(scores)
    mean = float(np.mean(scores)) if scores else 0.0
    return {"mean": round(mean, 2), "ci95": [round(bound, 2) for bound in interval] if interval else None}


def _difference(outcome: Outcome, agent: str, base: str, map_name: str | None) -> list[float]:
    """Of the same kitchens and seeds."""
    pairs = zip(outcome.scores(agent, map_name), outcome.scores(base, map_name), strict=True)
    return [one - other for one, other in pairs]


def _demand_facts(results: Sequence[DemandResult]) -> dict[str, float]:
    understood = [result for result in results if result.understood]
    of = max(1, len(understood))
    return {
        "cases": len(results),
        "understood": len(understood) / max(1, len(results)),
        "exact": sum(result.exact for result in understood) / of,
        "straight": sum(result.straight for result in understood) / of,
    }


def _score_table(outcome: Outcome) -> Table:
    plan = outcome.plan
    first, last = plan.seeds[0], plan.seeds[-1]
    table = Table(title=f"with {plan.partner}, seeds {first}-{last}; simulated clock, latencies {plan.latency}")
    table.add_column("map")
    for agent in plan.agents:
        table.add_column(agent, justify="right")
    for name in (*plan.kitchens, None):
        cells = []
        for agent in plan.agents:
            facts = _facts(outcome.scores(agent, name))
            low, high = facts["ci95"] or (facts["mean"], facts["mean"])
            cells.append(f"{facts['mean']:.1f} ({low:.1f} to {high:.1f})")
        table.add_row(name or "all", *cells)
    return table
