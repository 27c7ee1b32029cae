"""What outlives a game: the threads of its cooks, and what is remembered of the player. Empty unless asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brigade.envs.kitchen import KitchenView

if TYPE_CHECKING:
    from brigade.agents.graph import PlayerMemory
    from langgraph.checkpoint.base import BaseCheckpointSaver


@dataclass(frozen=True)
class Keeping:
    """Where it is kept."""

    threads: BaseCheckpointSaver[str] | None = None
    """What each cook knew, for a game that breaks off."""
    player: PlayerMemory | None = None
    """What the player told, for the games after this one."""

    def ended(self, game: str, view: KitchenView) -> None:
        """Keep how a game ended."""
        if self.player is not None:
            orders = f"{view.served} order{'' if view.served == 1 else 's'} served, {view.missed} missed"
            self.player.played(f"game {game}: {view.score} points, {orders}", game)


NOTHING = Keeping()


@contextmanager
def remembering(player: str, knowledge: str | None) -> Iterator[Keeping]:
    """The memory of a player in a knowledge base; nothing without a base.

    Raises:
        KnowledgeError: the base cannot be opened.
    """
    if knowledge is None:
        yield NOTHING
        return
    from brigade.agents.graph import PlayerMemory
    from brigade.knowledge import KnowledgeBase

    with KnowledgeBase(knowledge) as base:
        yield Keeping(player=PlayerMemory(base, player or "player"))
