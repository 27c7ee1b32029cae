"""Whether a demand that a commander speaks is met exactly, in a whole session.

The commander cooks by the script with pauses and says one sentence. From the moment at which it is understood, the
agent must finish the macro action as often as asked, say so, and begin nothing meanwhile that does not lead there.
What can be asked is what a session has the time for: chopping up to three times, anything else once.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brigade.agents.graph import Minds
from brigade.agents.hierarchy.executor import MACROS, Macro, Surroundings, Verb, macro_of
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.hierarchy.script import wanted_now
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import Record, read_record, replay
from brigade.agents.training.fast.kitchens import kitchen_named
from brigade.envs.kitchen import HlaKitchen, HlaView

SAID_AT = 5.0
"""Seconds into the session at which the demand is spoken."""
_ASKED = {
    Verb.CHOP: "Chop {count} {food}",
    Verb.PREPARE: "Prepare the {soup} ingredients once",
    Verb.COOK: "Cook one {soup} soup",
    Verb.PLATE: "Plate one {soup} soup",
    Verb.SERVE: "Serve one {soup} soup",
}


@dataclass(frozen=True, slots=True)
class DemandCase:
    """One demand in one session."""

    map: str
    seed: int
    macro: str
    count: int

    @property
    def sentence(self) -> str:
        """What is said."""
        macro = macro_of(self.macro)
        words = macro.name.split()
        food = words[1].lower() + ("es" if words[1] == "Tomato" else "s")
        return _ASKED[macro.verb].format(
            count=self.count, food=food if self.count > 1 else words[1].lower(), soup=words[1]
        )


@dataclass(frozen=True, slots=True)
class DemandResult:
    """How a demand went."""

    case: DemandCase
    understood: bool
    """Whether the demand was understood as it was meant; only then the rest counts."""
    exact: bool
    """Whether it was met exactly as often as asked, and said to be done."""
    straight: bool
    """Whether every macro action begun meanwhile led towards it, as far as one could."""
    seconds: float | None
    """From understanding to done."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self) | {"sentence": self.case.sentence}


def demand_case(map_name: str, seed: int) -> DemandCase:
    """The demand of this seed in this kitchen: something that its first cook and the menu allow."""
    generator = random.Random(f"demand {map_name} {seed}")
    layout = kitchen_named(map_name)
    soups = {recipe.foods for recipe in layout.menu}
    foods = {bit for soup in soups for bit in (1, 2, 4) if soup & bit}
    view = _first_view(map_name, seed)
    possible = [m for m in MACROS if m.verb is Verb.CHOP and m.foods in foods and _within_reach(m, view)]
    possible += [
        m for m in MACROS if m.verb in _ASKED and m.verb is not Verb.CHOP and m.foods in soups and _whole(view)
    ]
    macro = generator.choice(possible)
    return DemandCase(map_name, seed, macro.name, generator.randint(1, 3) if macro.verb is Verb.CHOP else 1)


def play_demand(case: DemandCase, map_file: str, minds: Minds, latency: str) -> DemandResult:
    """Play the session of a demand."""
    with tempfile.TemporaryDirectory() as folder:
        commands, record = Path(folder) / "commands.yaml", Path(folder) / "record.jsonl"
        said = [{"at": SAID_AT, "say": case.sentence}]
        commands.write_text(json.dumps({"cooks": True, "rest": 4, "messages": said}), encoding="utf-8")
        run_episode(
            EpisodeSpec(map_file, "hla", f"commander:{commands}", seed=case.seed, latency=latency), minds, record
        )
        return judge(case, read_record(record))


def judge(case: DemandCase, record: Record) -> DemandResult:
    """What a record shows of the demand that was spoken in it."""
    entries = record.entries
    macro, wanted = macro_of(case.macro), [{"macro": case.macro, "count": case.count}]
    intent = next((e for e in entries if e["type"] == "intent"), None)
    if intent is None or intent["intent"]["demands"] != wanted:
        return DemandResult(case, False, False, False, None)
    begins = intent["lands"]
    met_at = (
        e["tick"]
        for e in entries
        if e["type"] == "demand" and e["became"] == "done" and (e["macro"], e["count"]) == (case.macro, case.count)
    )
    ends = next(met_at, None)
    until = record.ticks if ends is None else ends
    own = [e for e in entries if e.get("cook") == 0]
    done = [e for e in own if e["type"] == "macro" and e["outcome"] == "done" and begins <= e["tick"] <= until]
    met = sum(e["macro"] == case.macro for e in done)
    decided = [e for e in own if e["type"] == "decision" and begins <= e["tick"] and e["lands"] < until]
    seconds = None if ends is None else (ends - begins) * float(record.header["tick_seconds"])
    return DemandResult(case, True, ends is not None and met == case.count, _all_lead(macro, decided, record), seconds)


def _all_lead(macro: Macro, decided: Sequence[Mapping[str, Any]], record: Record) -> bool:
    """Whether the Fast Mind itself chose something towards the demand each time there was such an option."""
    decisions = {e["tick"]: e for e in decided}
    agenda = Agenda((OpenDemand(Demand(macro, 1)),))
    for view, _ in replay(record):
        made = decisions.get(view.tick)
        if made is None or not isinstance(view, HlaView):
            continue
        towards = {each.name for each in wanted_now(agenda, Surroundings(view, 0))} & set(made["probabilities"])
        own_choice = made["overruled"] or made["macro"]
        if towards and own_choice not in towards:
            return False
    return True


def _first_view(map_name: str, seed: int) -> HlaView:
    return HlaKitchen(kitchen_named(map_name)).reset(seed)


def _within_reach(macro: Macro, view: HlaView) -> bool:
    return macro in wanted_now(Agenda((OpenDemand(Demand(macro, 1)),)), Surroundings(view, 0))


def _whole(view: HlaView) -> bool:
    """Whether one cook can do everything, so that any soup can be asked of it."""
    here, other = view.layout.reach[0], view.layout.reach[1]
    return other <= here
