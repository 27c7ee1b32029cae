"""Demands to fulfil: held-out messages that can be carried out in a moment of a kitchen, and how long that takes.

The messages are of the split `test`, whose phrases and vocabulary no training row has. Whether one can be carried out,
and in what time, is found out by letting the script planner do it that is told what is meant (`told`). A commander
that stands and talks speaks them, so that nobody else does what was asked. Knows no agent that is judged.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from brigade.agents.bench.observed import Observed, observe
from brigade.agents.bench.scenes import State, mid_game, view_of, with_orders, with_situation
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, macro_of
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.hierarchy.script import wanted_now
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.training.fast.kitchens import as_file, kitchen_named
from brigade.agents.training.messages import Row, compose

KINDS = (
    "short_term", "several", "implicit", "long_term", "cancel", "question", "order_question", "impossible",
)  # fmt: skip
"""What is judged: one demand with its count; several in one message; a situation; a demand from now on, kept; one
given up when told so; the two kinds of question; a demand that cannot be met, and is said to be so."""
WORDS = ("question", "order_question", "impossible")
"""Those that take words only."""
SAID_AT = 1.0
"""Seconds into the session at which the message is spoken."""
GRACE = 5.0
"""Seconds beyond what the script planner needs."""
LONGEST = 60.0
"""Seconds that the script planner may need."""
AFTERWARDS = 12.0
"""Seconds that a session goes on after the time is up: to see whether too much is done."""
KEPT_FOR = 35.0
"""Seconds over which a demand from now on is watched."""
STOPPED_AFTER, WATCHED_AFTER = 20.0, 25.0
"""Seconds after which it is given up again, and for how long that is watched."""
ROWS = 1500
"""Messages that cases are chosen from."""
_TRIES = 40


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that is said, and what it means."""

    at: float
    message: str
    intent: dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Something to fulfil; plain data."""

    kind: str
    map: str
    number: int
    spoken: tuple[Spoken, ...]
    state: State
    """Where it begins."""
    seconds: float
    """What the script planner needs, from the message on; 0 where only words are due."""
    counts: dict[str, int]
    """How often each macro action is due in that time."""
    duration: float
    """Seconds of the session."""

    @property
    def said_at(self) -> float:
        """When the message that counts is spoken: the first, or for `cancel` the last."""
        return self.spoken[-1].at if self.kind == "cancel" else self.spoken[0].at

    @property
    def due(self) -> float:
        """Seconds into the session by which it is to be fulfilled."""
        return self.spoken[0].at + self.seconds + GRACE

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Case:
        """What `to_dict` described."""
        return cls(**data | {"spoken": tuple(Spoken(**each) for each in data["spoken"])})


def find_case(kind: str, map_name: str, number: int) -> Case | None:
    """The case of this number, the same one always; None if no message of this kind can be carried out here."""
    generator = random.Random(f"{kind} {map_name} {number}")
    rows = [row for row in _rows() if _fits(row, kind)]
    generator.shuffle(rows)
    for row in rows[:_TRIES]:
        state = _moment(row, kind, map_name, generator)
        if state is not None and (case := _case(row, kind, map_name, number, state, generator)) is not None:
            return case
    return None


def play_case(
    case: Case, agent: str, minds: Minds | None = None, *, clock: str = "simulated", latency: str = "measured"
) -> Observed:
    """Play the session of a case with an agent of this kind; `told` is the script planner told what is meant.

    Raises:
        ModelError: a model failed.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        state, commands, meant = folder / "state.json", folder / "commands.yaml", folder / "meant.json"
        said = [{"at": each.at, "say": each.message} for each in case.spoken]
        state.write_text(json.dumps(case.state), encoding="utf-8")
        commands.write_text(json.dumps({"cooks": False, "messages": said}), encoding="utf-8")
        lines = [{"at": each.at, "intent": each.intent} for each in case.spoken]
        meant.write_text(json.dumps(lines), encoding="utf-8")
        spec = EpisodeSpec(
            as_file(case.map, folder), f"told:{meant}" if agent == "told" else agent, f"commander:{commands}",
            seed=case.number, clock=clock, latency=latency, duration=case.duration, start=str(state),
        )  # fmt: skip
        run_episode(spec, minds, folder / "record.jsonl")
        return observe(folder / "record.jsonl")


@lru_cache(maxsize=1)
def _rows() -> tuple[Row, ...]:
    """Held-out messages that refer to no message before."""
    return tuple(row for row in compose("test", ROWS) if row.previous is None)


def _fits(row: Row, kind: str) -> bool:
    demands, cancel = len(row.intent["demands"]), row.intent["cancel"]
    if kind == "cancel":
        return not demands and len(cancel) == 1 and row.kind == "short_term"
    if kind in WORDS and kind != "impossible":
        return row.kind == kind
    wanted = {"several": "short_term", "impossible": "short_term"}.get(kind, kind)
    many = demands > 1 if kind == "several" else demands == 1
    return row.kind == wanted and many and not cancel


def _moment(row: Row, kind: str, map_name: str, generator: random.Random) -> State | None:
    """A moment to say this in; None if the kitchen has no such orders, or no room for the situation."""
    state, layout = mid_game(map_name, generator), kitchen_named(map_name)
    if row.orders:
        if len(row.orders) != layout.orders or not {*row.orders} <= {recipe.name for recipe in layout.menu}:
            return None
        state = with_orders(state, row.orders)
    if kind == "implicit":
        return with_situation(map_name, state, macro_of(row.intent["demands"][0]["macro"]), 0, generator)
    return state


def _case(row: Row, kind: str, map_name: str, number: int, state: State, generator: random.Random) -> Case | None:
    spoken = (Spoken(SAID_AT, row.message, row.intent),)
    case = Case(kind, map_name, number, spoken, state, 0.0, {}, SAID_AT + GRACE + 1)
    if kind in ("question", "order_question"):
        return case
    if kind == "impossible":
        return case if _is_impossible(case) else None
    if kind == "long_term":
        return _kept(replace(case, duration=SAID_AT + KEPT_FOR + GRACE))
    if kind == "cancel":
        return _stopped(case, row, generator)
    return _timed(replace(case, duration=SAID_AT + LONGEST))


def _timed(case: Case) -> Case | None:
    """The case with the time that the script planner needs; None if that is too long."""
    counts: dict[str, int] = {}
    for demand in case.spoken[0].intent["demands"]:
        counts[demand["macro"]] = counts.get(demand["macro"], 0) + demand["count"]
    met = play_case(case, "told", latency="0").met(counts, case.said_at)
    if met is None:
        return None
    seconds = met - case.said_at
    return replace(case, seconds=seconds, counts=counts, duration=SAID_AT + seconds + GRACE + AFTERWARDS)


def _kept(case: Case) -> Case | None:
    """The case with how often the script planner does what is wanted from now on; None if it hardly can."""
    counts = _done_by(case, SAID_AT + KEPT_FOR)
    return replace(case, seconds=KEPT_FOR, counts=counts) if all(counts.values()) else None


def _stopped(case: Case, row: Row, generator: random.Random) -> Case | None:
    """A case of a demand that is given up: what is wanted first is one that the message can be about."""
    (cancel,) = row.intent["cancel"]
    firsts = [
        each
        for each in _rows()
        if _fits(each, "long_term") and not each.orders and cancel in ("*", each.intent["demands"][0]["macro"])
    ]
    if not firsts:
        return None
    first, stop = generator.choice(firsts), SAID_AT + STOPPED_AFTER + GRACE
    spoken = (Spoken(SAID_AT, first.message, first.intent), Spoken(stop, row.message, row.intent))
    case = replace(case, spoken=spoken, seconds=STOPPED_AFTER, duration=stop + WATCHED_AFTER)
    counts = _done_by(case, SAID_AT + STOPPED_AFTER)
    return replace(case, counts=counts) if all(counts.values()) else None


def _done_by(case: Case, until: float) -> dict[str, int]:
    seen = play_case(case, "told", latency="0")
    names = [demand["macro"] for demand in case.spoken[0].intent["demands"]]
    return {name: seen.count(name, case.spoken[0].at, until) for name in names}


def _is_impossible(case: Case) -> bool:
    """Whether this cook can do nothing towards it at all, now or for as long as a session is watched."""
    macro = macro_of(case.spoken[0].intent["demands"][0]["macro"])
    here = Surroundings(view_of(case.map, case.state), 0)
    if wanted_now(Agenda((OpenDemand(Demand(macro, 1)),)), here) or not _stays_impossible(macro, here):
        return False
    seen = play_case(replace(case, duration=SAID_AT + LONGEST), "told", latency="0")
    return not seen.count(macro.name, 0.0, LONGEST)


def _stays_impossible(macro: Macro, here: Surroundings) -> bool:
    """Not merely for the moment, as while a soup cooks or every pot is full."""
    return macro.verb in (Verb.PUTOUT, Verb.DROP) or not any(
        wanted_now(Agenda((OpenDemand(Demand(each, 1)),)), here) for each in _steps(macro)
    )


def _steps(macro: Macro) -> Iterator[Macro]:
    """What comes before a macro action about a soup."""
    chain: Sequence[Verb] = (Verb.PREPARE, Verb.COOK, Verb.PLATE, Verb.SERVE)
    if macro.verb in chain:
        yield from (Macro(verb, macro.foods) for verb in chain[: chain.index(macro.verb)])
