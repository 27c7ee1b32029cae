"""Scripted episodes: a kitchen, a clock and cooks, from first tick to last, reproducible from a specification."""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brigade.agents.graph import Minds
from brigade.agents.hierarchy.ablations import FastOnly, SlowOnly
from brigade.agents.hierarchy.planning import DagPlanner
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.models import ModelError
from brigade.agents.sessions.ablated import LoneCook, StepCook
from brigade.agents.sessions.clock import Clock, RealClock, SimulatedClock, latency_of
from brigade.agents.sessions.commander import load_commands
from brigade.agents.sessions.cooks import (
    BlockerCook,
    CommanderCook,
    Cook,
    IdleCook,
    PolicyCook,
    Table,
    policy_maker,
    random_cook,
    script_cook,
    specialist_cook,
)
from brigade.agents.sessions.hla import HlaCook
from brigade.agents.sessions.keeping import remembering
from brigade.agents.sessions.record import RecordWriter
from brigade.agents.sessions.told import ToldCook, load_meant
from brigade.agents.sessions.turn import take_turn
from brigade.agents.settings import DEFAULT_FAST, DEFAULT_SLOW
from brigade.envs.kitchen import HlaKitchen, Kitchen, load_layout

FOLLOWERS = ("told", "commander", "policy")
"""Kinds of cook that are named with what they follow."""
THINKERS = ("hla", "hla-script", "smoa", "fmoa", "nea")
"""Kinds of cook with minds: HLA, HLA whose Fast Mind is given the script's choice as its plan, not a schedule, and
HLA with a part missing."""
COOK_KINDS = (*THINKERS, "script", "planner", "random", "idle", "chops", "serves", "blocks", *FOLLOWERS)
"""Kinds of cook; `commander:FILE` follows the commands in a file, `told:FILE` the script and what a file says is meant,
`policy:MODULE:NAME` a policy of one's own; `planner` schedules for all cooks; `chops` and `serves` do nothing else,
`blocks` stands in the way.
"""
CLOCKS = ("simulated", "real")


@dataclass(frozen=True)
class EpisodeSpec:
    """All that determines an episode; plain data."""

    map: str
    agent: str
    partner: str
    seed: int = 0
    rules: str | None = None
    clock: str = "simulated"
    latency: str = "measured"
    tick_seconds: float = 0.1
    pace: float | None = None
    """Turns a second of every cook; the layout's by default."""
    duration: float | None = None
    """Seconds; the layout's by default."""
    slow: str = DEFAULT_SLOW
    fast: str = DEFAULT_FAST
    player: str = ""
    """Whom the agents cook with, for what is remembered of them in `knowledge`."""
    knowledge: str | None = None
    """A knowledge base, a file or postgresql://..., that outlives the episode."""
    start: str | None = None
    """A JSON file with the state to begin from, as the rule book's `to_dict` writes it; the seed's start by default."""

    def check(self) -> None:
        """Raise ValueError, with one clear line, if the episode cannot be played as specified."""
        load_layout(self.map)
        for role, kind in (("agent", self.agent), ("partner", self.partner)):
            if kind.partition(":")[0] not in COOK_KINDS:
                raise ValueError(
                    f"unknown {role} {kind!r} (known: {', '.join(COOK_KINDS[:-3])}, told:FILE, commander[:FILE], "
                    "policy:MODULE:NAME)"
                )
            if kind.startswith("policy"):
                policy_maker(kind.partition(":")[2])
            if kind.startswith("told"):
                load_meant(kind.partition(":")[2])
            if kind.startswith("commander"):
                load_commands(kind.partition(":")[2])
        if self.clock not in CLOCKS:
            raise ValueError(f"unknown clock {self.clock!r} (known: {', '.join(CLOCKS)})")
        latency_of(self.latency)
        Kitchen(self.map, rules=self.rules, tick_seconds=self.tick_seconds)
        HlaKitchen(self.map, tick_seconds=self.tick_seconds)  # macro actions are made for it
        for name, value in (("pace", self.pace), ("duration", self.duration)):
            if value is not None and not 0 < value <= 86_400:
                raise ValueError(f"{name} must be above 0 and at most 86400, not {value:g}")

    @property
    def thinks(self) -> bool:
        """Whether a cook needs minds."""
        return not {self.agent, self.partner}.isdisjoint(THINKERS)


@dataclass(frozen=True)
class EpisodeResult:
    """How an episode went."""

    spec: EpisodeSpec
    rules: str
    score: int
    served: int
    missed: int
    ticks: int
    decisions: int
    """Macro actions decided on, by all cooks."""
    macro_latencies: tuple[float, ...]
    """Seconds from asking a mind for a macro action to having it; empty if nobody thinks."""
    clock: str
    """The clock and whose latencies."""
    atomic_latencies: tuple[float, ...] = ()
    """Seconds that the agent took to come by each atomic action, while it was about something."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the command line's contract; `macro_latency_ms` is the median, 0 if nobody thinks."""
        latency = statistics.median(self.macro_latencies) * 1000 if self.macro_latencies else 0.0
        return {
            "map": self.spec.map,
            "rules": self.rules,
            "agent": self.spec.agent,
            "partner": self.spec.partner,
            "seed": self.spec.seed,
            "score": self.score,
            "orders_served": self.served,
            "orders_missed": self.missed,
            "ticks": self.ticks,
            "decisions": self.decisions,
            "macro_latency_ms": round(latency, 3),
        }


OnTick = Callable[[int, int], None]
"""Told the tick and the number of ticks."""


async def play_episode(
    spec: EpisodeSpec, minds: Minds | None = None, record: Path | None = None, on_tick: OnTick | None = None
) -> EpisodeResult:
    """Play an episode.

    Args:
        spec: what to play.
        minds: for cooks that think; required if there is one.
        record: file to record to.
        on_tick: told of progress.

    Raises:
        ValueError: the specification cannot be played.
        ModelError: a model failed; the record holds everything up to there, and why.
    """
    spec.check()
    clock = _clock(spec)
    kitchen = HlaKitchen(spec.map, tick_seconds=spec.tick_seconds)
    if spec.duration is not None:  # in the layout, so that cooks know when it ends
        kitchen = HlaKitchen(replace(kitchen.layout, duration=spec.duration), tick_seconds=spec.tick_seconds)
    kitchen.reset(spec.seed)
    if spec.start is not None:
        kitchen.state = kitchen.rules.from_dict(_state(spec.start))
    ticks = round(kitchen.layout.duration / spec.tick_seconds)
    with RecordWriter(record) as out, remembering(spec.player, spec.knowledge) as keeping:
        table = Table(
            clock, out, spec.seed, spec.pace or kitchen.layout.pace, keeping, f"{Path(spec.map).stem}, seed {spec.seed}"
        )
        kinds = [spec.agent] + [spec.partner] * (kitchen.layout.cooks - 1)
        cooks = [seat_cook(kind, index, table, minds) for index, kind in enumerate(kinds)]
        out.header(
            kitchen,
            seed=spec.seed,
            clock=clock.label,
            pace=table.pace,
            cooks=[_who(kind, spec) for kind in kinds],
        )
        try:
            await _play(kitchen, cooks, table, ticks, on_tick)
        except ModelError as error:
            out.write("broken", tick=kitchen.view().tick, reason=str(error))
            raise
        finally:
            for cook in cooks:
                cook.close()
        view = kitchen.view()
        out.write("end", tick=view.tick, score=view.score, served=view.served, missed=view.missed)
        keeping.ended(table.game, view)
    return EpisodeResult(
        spec=spec,
        rules=kitchen.rules.name,
        score=view.score,
        served=view.served,
        missed=view.missed,
        ticks=view.tick,
        decisions=table.decisions,
        macro_latencies=tuple(table.latencies),
        clock=clock.label,
        atomic_latencies=tuple(table.turns.get(0, ())),
    )


def _state(file: str) -> dict[str, Any]:
    try:
        state = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{file}: no state can be read from it: {error}") from None
    if not isinstance(state, dict):
        raise ValueError(f"{file}: not a state of a kitchen")
    return state


def run_episode(
    spec: EpisodeSpec, minds: Minds | None = None, record: Path | None = None, on_tick: OnTick | None = None
) -> EpisodeResult:
    """`play_episode` for programs without an event loop."""
    return asyncio.run(play_episode(spec, minds, record, on_tick))


async def _play(kitchen: HlaKitchen, cooks: list[Cook], table: Table, ticks: int, on_tick: OnTick | None) -> None:
    for tick in range(ticks):
        await table.clock.wait(tick)
        await take_turn(kitchen, kitchen.view(), cooks, table)
        if on_tick is not None:
            on_tick(tick + 1, ticks)


def _clock(spec: EpisodeSpec) -> Clock:
    if spec.clock == "real":
        return RealClock(spec.tick_seconds)
    return SimulatedClock(spec.tick_seconds, latency_of(spec.latency))


def seat_cook(kind: str, index: int, table: Table, minds: Minds | None) -> Cook:
    """A cook of this kind for this place; see COOK_KINDS.

    Raises:
        ValueError: it needs minds and there are none.
    """
    name, _, file = kind.partition(":")
    match name:
        case "hla" | "hla-script":
            if minds is None:
                raise ValueError(f"a cook of kind {name} needs minds")
            return HlaCook(index, table, minds, "schedule" if name == "hla" else "script")
        case "smoa" | "fmoa" | "nea":
            return _ablated(name, index, table, minds)
        case "told":
            return ToldCook(index, table, load_meant(file))
        case "script":
            return script_cook(index, table)
        case "planner":
            return PolicyCook(index, table, DagPlanner(index, table.pace, seed=table.seed))
        case "random":
            return random_cook(index, table)
        case "chops" | "serves":
            return specialist_cook(name, index, table)
        case "blocks":
            return BlockerCook(index, table)
        case "commander":
            planner = ScriptPlanner(index, table.pace)
            return CommanderCook(index, table, planner, load_commands(file))
        case "policy":
            return PolicyCook(index, table, policy_maker(file)(index, table.pace, table.seed))
        case _:
            return IdleCook(index, table)


def _ablated(name: str, index: int, table: Table, minds: Minds | None) -> Cook:
    if minds is None or (name == "smoa" and minds.slow.model is None):
        raise ValueError(f"a cook of kind {name} needs a model")
    if name == "nea":
        return StepCook(index, table, minds)
    if name == "fmoa":
        return LoneCook(index, table, FastOnly(minds.fast.model, minds.fast.habits), "fast")
    assert minds.slow.model is not None
    return LoneCook(index, table, SlowOnly(minds.slow.model), "slow")


def _who(kind: str, spec: EpisodeSpec) -> dict[str, str]:
    return {"kind": kind, "slow": spec.slow, "fast": spec.fast} if kind in THINKERS else {"kind": kind}
