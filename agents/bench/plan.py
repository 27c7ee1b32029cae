"""What to compare, and the pieces of work that this makes; a piece has a key by which it is known when resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from brigade.agents.bench.contestants import PLAIN, Contestant, Reach, contestant, mark
from brigade.agents.bench.demands import KINDS
from brigade.agents.sessions.clock import latency_of
from brigade.agents.sessions.episode import CLOCKS, THINKERS, EpisodeSpec
from brigade.agents.training.fast.kitchens import HELD_OUT, kitchen_named

HELD_OUT_NAME = "held-out"
SCRIPT, TOLD = "script", "told"
"""Who demands are also given to: one who does not listen, and one who knows what is meant."""
FIRST_DEMAND = 5_000_000
"""Seed of the first demand's session."""


@dataclass(frozen=True)
class Job:
    """One piece of work; plain data."""

    what: str
    """`episode`, `case` (find a demand) or `demand` (play it)."""
    map: str
    seed: int
    agent: Contestant | None = None
    partner: str = ""
    clock: str = ""
    latency: str = ""
    kind: str = ""
    """Of the demand."""
    duration: float | None = None
    marks: tuple[str, ...] = ()
    """Of the weights of its models."""

    @property
    def key(self) -> str:
        """What it is known by."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True)
class Plan:
    """What to compare."""

    maps: tuple[str, ...]
    agents: tuple[str, ...]
    partners: tuple[str, ...] = (SCRIPT,)
    seeds: Sequence[int] = range(10)
    clocks: tuple[str, ...] = ("simulated",)
    latency: str = "fast=0.1,slow=1.5"
    """Of thoughts on the simulated clock."""
    demands: int = 0
    """Demands for each agent that thinks, the kinds in turn, spread over the kitchens."""
    duration: float | None = None
    """Seconds of an episode; the layout's by default."""
    reach: Reach = field(default_factory=Reach)

    @property
    def kitchens(self) -> tuple[str, ...]:
        """Every kitchen by name, `held-out` spelled out."""
        names = (name for each in self.maps for name in (HELD_OUT if each == HELD_OUT_NAME else (each,)))
        return tuple(dict.fromkeys(names))

    @property
    def contestants(self) -> dict[str, Contestant]:
        """The agents, by the names that they were asked for by."""
        return {name: contestant(name, self.reach) for name in self.agents}

    def label(self, clock: str) -> str:
        """A clock and whose latencies."""
        return "real time" if clock == "real" else f"simulated clock, latencies {self.latency}"

    def check(self) -> None:
        """Raise ValueError, with one clear line, if it cannot be carried out."""
        kinds = self.contestants.values()
        for name in self.kitchens:
            kitchen_named(name)
        for clock in self.clocks:
            if clock not in CLOCKS:
                raise ValueError(f"unknown clock {clock!r} (known: {', '.join(CLOCKS)})")
        latency_of(self.latency)
        for partner in self.partners:
            if partner.partition(":")[0] in THINKERS:
                raise ValueError(f"a partner does not think here: {partner!r}")
            EpisodeSpec("ring", SCRIPT, PLAIN.get(partner, partner), duration=self.duration).check()
        if self.demands and not any(each.thinks for each in kinds):
            raise ValueError("demands are for agents that think: none is compared")

    def episodes(self) -> Iterator[Job]:
        """Every episode."""
        for clock in self.clocks:
            for agent in self.contestants.values():
                marks = tuple(map(mark, agent.models))
                for partner in self.partners:
                    for map_name in self.kitchens:
                        for seed in self.seeds:
                            yield Job(
                                "episode", map_name, seed, agent, partner, clock, self._latency(clock),
                                duration=self.duration, marks=marks,
                            )  # fmt: skip

    def cases(self) -> Iterator[Job]:
        """Every demand, to be found."""
        for number in range(self.demands):
            # Kitchens go round once for each round of the kinds, so that every kind sees every kitchen.
            kind, turn = KINDS[number % len(KINDS)], number // len(KINDS) + number % len(KINDS)
            yield Job("case", self.kitchens[turn % len(self.kitchens)], FIRST_DEMAND + number, kind=kind)

    def fulfilments(self, case: Job) -> Iterator[Job]:
        """A demand, for everybody who is to fulfil it; who does not think is asked on the simulated clock only."""
        for name in (SCRIPT, TOLD):
            yield Job("demand", case.map, case.seed, Contestant(name, name), clock="simulated", kind=case.kind)
        for clock in self.clocks:
            for agent in self.contestants.values():
                if agent.thinks:
                    yield Job(
                        "demand", case.map, case.seed, agent, clock=clock, latency=self._latency(clock),
                        kind=case.kind, marks=tuple(map(mark, agent.models)),
                    )  # fmt: skip

    def _latency(self, clock: str) -> str:
        return self.latency if clock == "simulated" else ""

    def to_dict(self) -> dict[str, Any]:
        """What results say of it; without keys of endpoints."""
        return {
            "maps": list(self.kitchens),
            "agents": {n: {"kind": c.kind, "fast": c.fast, "slow": c.slow} for n, c in self.contestants.items()},
            "partners": list(self.partners),
            "seeds": list(self.seeds),
            "clocks": {clock: self.label(clock) for clock in self.clocks},
            "demands": self.demands,
        }
