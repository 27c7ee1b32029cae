"""What a player tells in one game holds in their next: reviewed by people, taken back by the player, others' never."""

from __future__ import annotations

from pathlib import Path

from brigade.agents.graph import PlayerMemory
from brigade.agents.hierarchy.executor import macro_of
from brigade.agents.hierarchy.intent import Demand, Intent, Kind
from brigade.knowledge import KnowledgeBase, Status

ALWAYS = Intent(Kind.LONG_TERM, (Demand(macro_of("Chop Onion"), None),), standing=True)


def wishes(memory: PlayerMemory) -> list[str]:
    return [demand.macro.name for demand in memory.standing().demands]


def test_a_standing_demand_waits_for_review_and_holds_for_its_player(lite: KnowledgeBase) -> None:
    ann, bo = PlayerMemory(lite, "ann"), PlayerMemory(lite, "bo")
    assert ann.remember("keep chopping onions", ALWAYS, "game 1") == 1
    assert ann.remember("always chop onions", ALWAYS, "game 1") == 0
    assert (wishes(ann), wishes(bo)) == (["Chop Onion"], [])
    (waiting,) = lite.waiting()
    assert (waiting.status, waiting.source, waiting.private) == (Status.PROPOSED, "game 1", False)
    lite.accept(waiting)
    assert wishes(ann) == ["Chop Onion"]
    assert ann.remember("keep chopping onions", ALWAYS, "game 2") == 0


def test_what_is_taken_back_or_rejected_holds_no_more(lite: KnowledgeBase) -> None:
    ann = PlayerMemory(lite, "ann")
    ann.remember("keep chopping onions", ALWAYS, "game 1")
    ann.remember("stop that", Intent(Kind.SHORT_TERM, cancel=("*",)), "game 1")
    assert wishes(ann) == []
    assert ann.remember("keep chopping onions", ALWAYS, "game 2") == 1
    lite.reject(lite.waiting()[0])
    assert wishes(ann) == []
    assert ann.remember("keep chopping onions", ALWAYS, "game 3") == 0


def test_what_a_player_tells_of_themselves_is_private(lite: KnowledgeBase) -> None:
    ann = PlayerMemory(lite, "ann")
    assert ann.remember("I never touch onions. Chop one!", Intent(Kind.NONE), "game 1") == 1
    ann.played("game 1: 40 points", "game 1")
    ann.played("game 1: 40 points", "game 1")
    assert ann.recall() == ["you said: I never touch onions", "game 1: 40 points"]
    assert lite.waiting()[0].private


def test_memory_is_there_for_another_process(tmp_path: Path) -> None:
    with KnowledgeBase(tmp_path / "base.db") as base:
        PlayerMemory(base, "ann").remember("keep chopping onions", ALWAYS, "game 1")
    with KnowledgeBase(tmp_path / "base.db") as base:
        assert wishes(PlayerMemory(base, "ann")) == ["Chop Onion"]
