"""A player's next game begins with what they wanted in the last one, and programs know what the base knows."""

from __future__ import annotations

from pathlib import Path

from brigade.knowledge import KnowledgeBase
from talks import entries, heard, talk


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
