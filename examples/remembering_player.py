"""What a player wants in one game holds in the next: candidates wait for review in the knowledge base.

python examples/remembering_player.py
"""

from __future__ import annotations

from brigade.agents.graph import PlayerMemory
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.knowledge import Fact, KnowledgeBase


def main() -> None:
    with KnowledgeBase(":memory:") as base:
        ann = PlayerMemory(base, "ann")
        for message in ("keep chopping onions", "I never touch the pots.", "cook a Bob soup"):
            new = ann.remember(message, read(message, None).intent, "game 1")
            print(f"{message!r}: {new} for review")
        ann.played("game 1: 40 points", "game 1")
        print("next game begins with:", [str(demand.macro) for demand in ann.standing().demands])
        for record in base.waiting():
            assert isinstance(record, Fact)
            print("a person may accept or reject:", record.predicate, record.object, "(private)" * record.private)
        ann.remember("stop chopping onions", read("stop chopping onions", None).intent, "game 2")
        print("after that is taken back:", ann.recall())


if __name__ == "__main__":
    main()
