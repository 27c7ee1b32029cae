"""Two short sessions from end to end, told line by line: what `brigade transcript` prints and the README shows.

Everything is real: the embedded model with its adapters, a knowledge base, receipts, and a cloud played on loopback by
the embedded model. Seeds and latencies are fixed. Lines that begin with WEIGHTS are worded or chosen by a model, and
may change with its weights; the others may not. Knows no terminal.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brigade.agents.assistant.office import Office
from brigade.agents.assistant.opening import OfficeSpec, open_office
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.graph import Minds
from brigade.agents.graph.knowing import KnowledgeMemory
from brigade.agents.graph.memory import Candidate
from brigade.agents.graph.player_memory import PLAYED
from brigade.agents.hierarchy.fast_mind import FastMind, fast_habits
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import load_model
from brigade.agents.models.protocol import OpenModel
from brigade.agents.sessions.assistant.loopback import played_by, running
from brigade.agents.sessions.assistant.threads import take_turn
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.playback import tell
from brigade.agents.sessions.record import read_record
from brigade.agents.settings import DEFAULT_FAST, DEFAULT_SLOW
from brigade.knowledge import KnowledgeBase

WEIGHTS = "~ "
PROFILE = "name: Marta Kowalczyk\nemail: marta@kowalczyk.example\n"
TOLD = "I keep 3 spiders, 2 dogs"
QUESTIONS = (
    "How many legs are there in total on what I keep?",
    "Write to bob@example.com that Marta Kowalczyk comes on Friday with her dogs, please",
)
GAMES = (
    (
        (1, "Chop as many onions as Marta eats, please"),
        (10, "keep chopping lettuce"),
        (14, "How many more tomatoes do we still need for the orders?"),
        (18, "Enough soups for every order that still has half a minute"),
    ),
    ((6, "What do you remember?"), (9, "stop that, thanks")),
)
"""What the player says, when, in each of two games."""
SECONDS, LATENCY = (60, 12), "fast=0.1,slow=0.5"


def assistant(folder: Path) -> Iterator[str]:
    """A conversation with the private assistant in a new folder: memory, steps and code here, placeholders outside."""
    profile = folder / "me.txt"
    profile.write_text(PROFILE, encoding="utf-8")
    memory = KnowledgeMemory.open(str(folder / "knowledge.db"))
    asyncio.run(memory.remember([Candidate(TOLD, "an earlier conversation")]))
    memory.base.accept(memory.base.waiting()[0])
    yield f"profile:   {', '.join(PROFILE.split(chr(10))[:-1])}"
    yield f"memory:    {TOLD} (told earlier, accepted in review, private)"
    model = load_model("embedded")
    assert isinstance(model, OpenModel)
    with running((cloud := played_by(model, most=40)).app()) as url:
        for question in QUESTIONS:
            office = open_office(OfficeSpec(UpstreamSpec(url, "cloud"), profile, local=lambda: model, data=folder))
            yield ""
            yield from _turn(office, folder, question, memory)
    yield ""
    private = [word for word in ("Marta", "Kowalczyk", "bob@", "spiders") if word.encode() in b"".join(cloud.told)]
    yield f"the cloud was sent {len(cloud.told)} request, with {len(private)} private words in it"
    memory.base.close()


def _turn(office: Office, folder: Path, question: str, memory: KnowledgeMemory) -> Iterator[str]:
    async def nobody(shown: dict[str, Any]) -> bool:
        return False

    done = asyncio.run(take_turn(office, folder, "transcript", question, memory=memory, approve=nobody))
    yield f"user:      {question}"
    if done["recalled"]:
        yield f"recalled:  {'; '.join(each['text'] for each in done['recalled'])}"
    yield f"strategy:  {done['strategy']}"
    for step in done["trace"].get("steps", ()):
        if step["step"] == "attempt":
            yield f"{WEIGHTS}the model's first attempt: {step['answer']}"
        if step["step"] == "sub-question":
            yield f"{WEIGHTS}step {step['number']}:  {step['asked']} = {step['answer']} ({_how(step['strategy'])})"
    yield f"{WEIGHTS if done['strategy'] == 'direct' else ''}assistant: {' '.join(done['answer'].split())}"
    receipt = done["receipt"]
    withheld = ", ".join(f"{count} {kind}" for kind, count in sorted(receipt["withheld"].items())) or "nothing"
    yield f"receipt:   route {done['route']} ({done['reason']}); withheld {withheld}; {receipt['status']}"
    for body in receipt["sent"]:
        yield f"left here: {json.loads(body)['messages'][-1]['content']}"
    if not receipt["sent"]:
        yield "left here: nothing"


def _how(strategy: str) -> str:
    return {"retrieve": "looked up", "code": "computed by the LMulator"}.get(strategy, strategy)


def kitchen(folder: Path) -> Iterator[str]:
    """Two games of one player in a new folder: programs, the knowledge base, the plan, and what is remembered."""
    where = folder / "kitchen.db"
    with KnowledgeBase(where) as base:
        base.add_fact("marta", "portions", 2, source="a note on the fridge")
    yield "knowledge: portions(marta, 2), from a note on the fridge"
    minds = Minds(SlowMind(load_model(DEFAULT_SLOW)), FastMind(load_model(DEFAULT_FAST), fast_habits(DEFAULT_FAST)))
    for number, said in enumerate(GAMES):
        commands = folder / f"says-{number}.yaml"
        commands.write_text(json.dumps({"messages": [{"at": at, "say": text} for at, text in said]}), encoding="utf-8")
        record = folder / f"game-{number}.jsonl"
        spec = EpisodeSpec(
            "ring", "hla", f"commander:{commands}", seed=number, latency=LATENCY, duration=SECONDS[number],
            pace=5.0, player="ann", knowledge=str(where),
        )  # fmt: skip
        run_episode(spec, minds, record)
        yield ""
        yield f"game {number + 1} (ring, seed {number}; cook 1 is the agent, cook 2 the player ann)"
        yield from _story(record)
    yield ""
    with KnowledgeBase(where) as base:
        for fact in base.history("ann"):
            state = "taken back" if fact.retracted_at is not None else str(fact.status)
            mark = WEIGHTS if fact.predicate == PLAYED else ""
            yield f"{mark}kept of ann: {fact.predicate} {fact.object} ({fact.source}; {state})"


def _story(file: Path) -> Iterator[str]:
    record = read_record(file)
    for entry in record.entries:
        line = tell(entry, record.header["tick_seconds"])
        if line is None or (entry.get("cook") == 1 and entry["type"] in ("macro", "decision")):
            continue
        yield line if _is_settled(entry) else f"{WEIGHTS}{line[2:]}"
        for known in entry.get("worked_out", {}).get("known", ()):
            yield f"          by {entry['worked_out']['program']}: {known.partition(' [')[0]})"


def _is_settled(entry: dict[str, Any]) -> bool:
    """Whether an entry of a record is the same whatever the minds' weights are."""
    if entry["type"] == "message":
        return int(entry["cook"]) == 1
    if entry["type"] == "intent":
        return entry["by"] in ("lexicon", "memory") or bool(entry["worked_out"]["known"])
    return False
