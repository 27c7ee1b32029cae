"""A player's next game begins with what they wanted in the last one, and programs know what the base knows."""

from __future__ import annotations

from pathlib import Path

from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.sessions.clock import SimulatedClock, latency_of
from brigade.agents.sessions.cooks import Table
from brigade.agents.sessions.hla import HlaCook
from brigade.agents.sessions.keeping import Keeping
from brigade.agents.sessions.record import RecordWriter
from brigade.envs.kitchen import HlaKitchen
from brigade.knowledge import KnowledgeBase
from langgraph.checkpoint.memory import InMemorySaver
from talks import LATENCY, TakesOption, entries, heard, talk


def test_a_standing_demand_is_taken_up_in_the_next_game_of_the_same_player(tmp_path: Path) -> None:
    base = str(tmp_path / "base.db")
    first = talk("ring", (1, "keep chopping onions"), duration=12, player="ann", knowledge=base)
    assert entries(first, "intent")[0]["remembered"] == 1
    again = talk("ring", duration=25, seed=1, player="ann", knowledge=base)
    (intent,) = entries(again, "intent")
    assert (intent["by"], intent["agenda"][0]["macro"]) == ("memory", "Chop Onion")
    assert heard(again)[0].startswith("As you wanted last time: ")
    assert entries(again, "macro", cook=0, outcome="done")[0]["macro"] == "Chop Onion"
    other = talk("ring", duration=3, seed=1, player="bo", knowledge=base)
    assert not entries(other, "intent")
    with KnowledgeBase(base) as known:
        assert [each.source for each in known.find("ann", "played")] == ["ring, seed 0", "ring, seed 1"]


def test_a_demand_goes_through_a_program_the_base_and_the_plan(tmp_path: Path) -> None:
    base = str(tmp_path / "base.db")
    with KnowledgeBase(base) as known:
        known.add_fact("marta", "portions", 2, source="a note on the fridge")
    said = "Chop as many onions as Marta eats, please"
    record = talk("ring", (1, said), (30, "What do you remember?"), duration=40, pace=5, player="ann", knowledge=base)
    intent = entries(record, "intent")[0]
    assert intent["worked_out"]["program"] == "known_portions"
    assert "a note on the fridge" in intent["worked_out"]["known"][0]
    assert [each["macro"] for each in entries(record, "demand", became="done")] == ["Chop Onion"]
    assert any(text == "I remember nothing of earlier games." for text in heard(record))


async def test_a_cook_takes_up_the_thread_of_a_game_that_broke_off() -> None:
    keeping = Keeping(threads=InMemorySaver())

    def seated() -> HlaCook:
        table = Table(SimulatedClock(0.1, latency_of(LATENCY)), RecordWriter(None), 0, 5.0, keeping, "game")
        return HlaCook(0, table, Minds(SlowMind(None), FastMind(TakesOption(0))))

    kitchen = HlaKitchen("ring", tick_seconds=0.1)
    kitchen.reset(0)
    first = seated()
    first.hear("keep chopping onions")
    for _ in range(12):
        kitchen.step([await first.act(kitchen.view()), 0])
    again = seated()
    await again.take_up_thread()
    assert str(again.agenda) == str(first.agenda) == "always Chop Onion"
