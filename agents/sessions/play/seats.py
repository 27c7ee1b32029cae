"""A person at the kitchen: one slot for the newest key, and somebody who stands in while the person is away."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from brigade.agents.hierarchy.executor import Macro
from brigade.agents.sessions.cooks import Cook, Table
from brigade.envs.kitchen import HlaView

NAMES: Mapping[str, str] = {"north": "up", "south": "down", "east": "right", "west": "left"}
"""Other names of atomic actions, and what pages call them."""


def action_indices(actions: Sequence[str]) -> dict[str, int]:
    """The index of each atomic action by the name that pages use: up, down, left, right, stay, interact."""
    return {NAMES.get(name.lower(), name.lower()): index for index, name in enumerate(actions)}


class Person(Cook):
    """Somebody who plays.

    A press takes effect at the next tick and the newest one wins, so that input never queues up. A held key repeats
    at the pace of the hands.

    Args:
        index: which cook.
        table: what the cooks share.
        actions: the rule book's atomic actions.
        stand_in: cooks while the person is away.
        hands: actions a second of a held key.
    """

    def __init__(self, index: int, table: Table, actions: Sequence[str], stand_in: Cook, hands: float = 5.0) -> None:
        super().__init__(index, table)
        self._actions = action_indices(actions)
        self._stay = self._actions["stay"]
        self.stand_in = stand_in
        self._interval = table.ticks(1 / hands)
        self._pressed: int | None = None
        self._held: int | None = None
        self._repeats_at = 0
        self.seen = 0
        """Sequence number of the newest input."""
        self.acted = 0
        """Sequence number of the newest input that a tick has taken into account."""
        self.rtt_ms: float | None = None
        """Measured time from the server to the page and back."""
        self.left_at: float | None = time.monotonic()
        """When the person went away; None while they are here."""
        self.standing_in = False
        """Whether somebody cooks in the person's place."""

    @property
    def here(self) -> bool:
        """Whether the person is connected."""
        return self.left_at is None

    @property
    def doing(self) -> Macro | None:
        """What whoever stands in is about."""
        return self.stand_in.doing if self.standing_in else None

    def knows(self, action: str) -> bool:
        """Whether the rule book has an action of this name."""
        return action in self._actions

    def input(self, seq: int, press: str | None, hold: str | None) -> bool:
        """A key went down or up.

        Args:
            seq: number of the input, rising; an old one is ignored.
            press: the action of a key that just went down.
            hold: the action of the key that is held now.

        Returns:
            Whether it counts.

        Raises:
            KeyError: the rule book has no such action.
        """
        if seq <= self.seen:
            return False
        self.seen = seq
        self._held = None if hold is None else self._actions[hold]
        if press is not None:
            self._pressed = self._actions[press]
        return True

    def come(self) -> None:
        """The person is here."""
        self.left_at = None
        self.seen = self.acted = 0  # a page that was loaded again counts from 1

    def leave(self) -> None:
        """The person is gone; whatever was pressed is let go."""
        self._pressed = self._held = self.rtt_ms = None
        self.left_at = time.monotonic()

    async def act(self, view: HlaView) -> int:
        """What was pressed since the last tick, or what is held."""
        if self.standing_in:
            return await self.stand_in.act(view)
        self.acted = self.seen
        action = self._pressed
        if action is None and view.tick >= self._repeats_at:
            action = self._held
        self._pressed = None
        if action is None:
            return self._stay
        self._repeats_at = view.tick + self._interval
        return action

    def take_over(self) -> None:
        """Somebody else cooks in the person's place."""
        self.standing_in = True

    def give_back(self, view: HlaView) -> None:
        """The person cooks again."""
        self.standing_in = False
        self.stand_in.stop(view, "the person is back")

    def hear(self, text: str) -> None:
        """Whoever stands in hears it too."""
        self.stand_in.hear(text)

    def close(self) -> None:
        """The session is over."""
        self.stand_in.close()


class Idle(Cook):
    """Stands still, in any rule book."""

    def __init__(self, index: int, table: Table, actions: Sequence[str]) -> None:
        super().__init__(index, table)
        self._stay = action_indices(actions)["stay"]

    async def act(self, view: HlaView) -> int:
        """Stay."""
        return self._stay
