"""The events of a cook's game on a thread that outlives the process: what it knew when it was killed is read off it.

Every kind of event has a thread of its own, since a cook decides while it listens. Checkpoints are written before a
mind begins to think, so that a message whose understanding was broken off is heard again. The kitchen itself goes on
from the game's record. Knows no clock and no room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from brigade.agents.graph.team import Event, TeamContext, TeamState, build_kitchen_team
from brigade.agents.hierarchy.intent import Agenda
from langgraph.checkpoint.base import BaseCheckpointSaver

KINDS: tuple[Event, ...] = ("message", "answer", "decide", "recall")


@dataclass(frozen=True)
class Recollection:
    """What an agent goes on with."""

    agenda: Agenda = field(default_factory=Agenda)
    previous: dict[str, Any] | None = None
    """The last intent that asked for something."""
    unheard: tuple[str, ...] = ()
    """Messages that were not yet understood, oldest first."""


class GameThread:
    """The thread of one cook in one game.

    Args:
        saver: keeps it; see `open_threads`.
        name: of the game and the cook.
    """

    def __init__(self, saver: BaseCheckpointSaver[str], name: str) -> None:
        self._graph = build_kitchen_team().compile(checkpointer=saver)
        self._name = name

    async def run(self, moment: TeamState, context: TeamContext) -> TeamState:
        """What comes of an event."""
        done: TeamState = await self._graph.ainvoke(  # type: ignore[assignment]
            moment, self._config(moment["event"]), context=context, durability="sync"
        )
        return done

    async def recollect(self) -> Recollection | None:
        """What the cook knew at its last event; None if there was none."""
        states = {kind: await self._graph.aget_state(self._config(kind)) for kind in KINDS}
        known = {kind: state.values for kind, state in states.items() if "kitchen" in state.values}
        if not known:
            return None
        last = max(known.values(), key=lambda state: state["kitchen"]["state"]["tick"])
        said = known.get("message", {})
        broken = bool(states["message"].next)
        previous = last.get("previous")
        if not broken and said.get("intent", {}).get("demands"):
            previous = said["intent"]
        return Recollection(Agenda.from_list(last.get("agenda", [])), previous, (said["message"],) if broken else ())

    def _config(self, event: Event) -> Any:
        return {"configurable": {"thread_id": f"{self._name}/{event}"}}
