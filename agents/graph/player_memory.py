"""What a player told a cook, kept in the knowledge base from one game to the next.

Standing demands (`wants_always(ann, "Chop Onion")`) and what a player tells of themselves wait for a person's review
like everything that was only said; the player's own next game goes by them all the same, accepted or not, until they
are taken back or rejected. How a game ended was seen, not said, and needs no review. Knows no kitchen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brigade.agents.graph.memory import Candidate, told_facts
from brigade.agents.hierarchy.executor import MACROS
from brigade.agents.hierarchy.intent import EVERYTHING, Demand, Intent, Kind
from brigade.agents.reasoning.lmulator import Knowledge
from brigade.agents.reasoning.lmulator.known_base import BaseKnowledge
from brigade.agents.reasoning.lmulator.stubs import Stub, computed
from brigade.knowledge import Fact, KnowledgeBase, Status, When
from brigade.knowledge.values import to_text

WANTS, TOLD, PLAYED = "wants_always", "told", "played"
TOPIC = "kitchen"
GAMES = 3
"""Games whose ends are remembered aloud."""
_STANDING = When(status=None)
"""Believed or waiting; what was rejected or taken back is neither."""


@dataclass(frozen=True, slots=True)
class PlayerMemory:
    """What is kept of one player. Its methods block: call them on a thread.

    Attributes:
        base: where it is kept.
        player: their name, which is the thread of their games.
    """

    base: KnowledgeBase
    player: str

    @property
    def knowledge(self) -> Knowledge:
        """All that is known, for programs."""
        return BaseKnowledge(self.base)

    @property
    def functions(self) -> tuple[Stub, ...]:
        """What programs may ask of it."""

        def remembered() -> list[str]:
            """What is remembered of the player, a line each."""
            return self.recall()

        return (computed(remembered),)

    def standing(self) -> Intent:
        """The demands that hold from game to game, as an intent."""
        names = {to_text(fact.object) for fact in self.base.find(self.player, WANTS, when=_STANDING)}
        demands = tuple(Demand(macro, None) for macro in MACROS if macro.name in names)
        return Intent(Kind.LONG_TERM, demands, standing=True) if demands else Intent(Kind.NONE)

    def recall(self) -> list[str]:
        """What is remembered, a line each: wishes, what was told, and the last games."""
        wishes = [f"you want me to go on with: {demand.macro.name}" for demand in self.standing().demands]
        told = [f"you said: {to_text(fact.object)}" for fact in self.base.find(self.player, TOLD, when=_STANDING)]
        played = [to_text(fact.object) for fact in self.base.find(self.player, PLAYED)]
        return [*wishes, *told, *played[-GAMES:]]

    def remember(self, message: str, intent: Intent, said_in: str) -> int:
        """Keep what a message says for later games; how many candidates are new.

        Args:
            message: what was said.
            intent: what it was understood to mean.
            said_in: the game, for the source.
        """
        self._take_back(intent)
        wishes = [demand.macro.name for demand in intent.demands] if intent.standing else []
        new = [self._fact(WANTS, wish, said_in) for wish in wishes if not self._known(WANTS, wish)]
        told = [each.text for each in told_facts(message, said_in) if not self._known(TOLD, each.text)]
        new += [self._fact(TOLD, text, said_in) for text in told]
        if new:
            self.base.add_facts(new)
        return len(new)

    def played(self, how: str, said_in: str) -> None:
        """Keep how a game ended; the same game counts once."""
        if not any(fact.source == said_in for fact in self.base.find(self.player, PLAYED)):
            self.base.add_fact(self.player, PLAYED, how, source=said_in, topic=TOPIC, author="game")

    def _take_back(self, intent: Intent) -> None:
        for fact in self.base.find(self.player, WANTS, when=_STANDING):
            if EVERYTHING in intent.cancel or to_text(fact.object) in intent.cancel:
                self.base.retract(fact, why="the player took it back")

    def _known(self, predicate: str, text: str) -> bool:
        """Whether it is believed, waits, or was rejected by a person."""
        same: Sequence[Fact] = [
            fact
            for fact in self.base.history(self.player, predicate)
            if Candidate(to_text(fact.object), "").key == Candidate(text, "").key
        ]
        return any(fact.retracted_at is None or fact.status is Status.REJECTED for fact in same)

    def _fact(self, predicate: str, text: str, said_in: str) -> Fact:
        return Fact(
            subject=self.player, predicate=predicate, object=text, topic=TOPIC, source=said_in,
            status=Status.PROPOSED, private=predicate == TOLD,
        )  # fmt: skip
