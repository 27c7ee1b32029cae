"""The Executor: turns a macro action into one atomic action per turn, without ever thinking long.

    executor.start(macro, view)
    action = executor.act(view)         # on each of the cook's turns
    report = executor.observe(view)     # any tick: has the macro action ended?

Source: HLA's three-level executor (high, mid, low tasks); here the levels are macro action, errand and step. It knows
no language model and no plan: which macro action to start is somebody else's decision.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from brigade.agents.hierarchy.executor.catalogue import Macro, can_begin
from brigade.agents.hierarchy.executor.errands import DONE, Errand, Stuck, next_errand
from brigade.agents.hierarchy.executor.surroundings import Surroundings
from brigade.agents.hierarchy.executor.walking import step_towards
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.kernel import STAY

BLOCKED = "the way is blocked"
"""Reason of a failure: somebody stood in the way for too long."""
COIN_SECONDS = 3.0
"""How long one cook keeps the right of way."""
ABANDONED_TURNS = 3.0
"""Turns without a chop after which a cutting board is taken for left, even with a cook beside it."""


class Outcome(StrEnum):
    """How a macro action ended."""

    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class MacroReport:
    """A macro action that ended."""

    macro: Macro
    outcome: Outcome
    reason: str
    begun: int
    """Tick at which it was started."""
    ended: int
    """Tick at which its end was seen."""


class IllegalMacro(ValueError):
    """A macro action that cannot begin."""


@dataclass
class Executor:
    """Carries out macro actions for one cook. Copy it (`copy.copy`) to try something out on a copied kitchen."""

    cook: int
    patience: int = 12
    """Turns lost to a partner in the way, during one errand, after which a macro action is given up."""
    max_errands: int = 40
    """Errands after which a macro action is given up: the kitchen keeps changing under it."""
    seed: int = 0
    macro: Macro | None = None
    """The macro action under way."""
    _stage: int = 0
    _errand: Errand | None = None
    _errands: int = 0
    _begun: int = 0
    _hindered: int = 0
    _steps_left: int = 0
    """Turns that the errand may still spend walking."""
    _walking_from: int = -1
    """Where the cook stood on its last turn if it was on its way; -1 if it was at work."""
    _last_action: int = STAY
    _last_seen: dict[int, int] = field(default_factory=dict)
    """Where each partner was on the last turn."""
    _boards: dict[int, tuple[int, float, float]] = field(default_factory=dict)
    """What was on each cutting board when the last errand was looked for, the chops left, and since when (seconds)."""

    @property
    def past_its_work(self) -> bool:
        """Whether the macro action under way has made what it was for, and only has to put it away."""
        return self.macro is not None and self._stage != 0

    def start(self, macro: Macro, view: HlaView) -> MacroReport | None:
        """Begin a macro action; returns the report of the one that it interrupts, if any.

        Raises:
            IllegalMacro: it cannot begin now; the message says why.
        """
        begin = can_begin(macro, Surroundings(view, self.cook))
        if not begin.ok:
            raise IllegalMacro(f"{macro} cannot begin: {begin.reason}")
        interrupted = self.interrupt(view, f"{macro} was started")
        self.macro, self._begun = macro, view.tick
        self._stage, self._errand, self._errands = 0, None, 0
        self._hindered, self._walking_from = 0, -1
        return interrupted

    def interrupt(self, view: HlaView, reason: str) -> MacroReport | None:
        """Stop the macro action under way, between two atomic actions."""
        return self._end(Outcome.INTERRUPTED, reason, view) if self.macro is not None else None

    def observe(self, view: HlaView) -> MacroReport | None:
        """The report of the macro action if it has ended; nothing is done in the kitchen.

        An action takes effect at the end of its tick, so the end is seen one tick after the last action.
        """
        if self.macro is None:
            return None
        errand = self._errand
        if errand is not None:
            if self._unchanged(errand, view):
                if self._hindered < self.patience and self._steps_left > 0:
                    return None
                return self._end(Outcome.FAILED, BLOCKED, view)
            if self._succeeded(errand, view):
                self._stage = errand.then
            self._errand = None
        if self._stage == DONE:
            return self._end(Outcome.DONE, "done", view)
        if self._errands >= self.max_errands:
            return self._end(Outcome.FAILED, "the kitchen keeps changing", view)
        here = Surroundings(view, self.cook, self._abandoned(view))
        following = next_errand(self.macro, self._stage, here)
        if following is None:
            return self._end(Outcome.DONE, "done", view)
        if isinstance(following, Stuck):
            return self._end(Outcome.FAILED, following.reason, view)
        self._errand, self._errands, self._hindered = following, self._errands + 1, 0
        self._steps_left = 2 * (here.distance(following.cell) + self.patience)
        return None

    def act(self, view: HlaView) -> int:
        """The atomic action of this turn; STAY when no macro action is under way."""
        if self.macro is None or self._errand is None:
            return STAY
        here = Surroundings(view, self.cook)
        hindered = self._walking_from == here.position
        self._hindered += hindered
        at_work = self._errand.cell in view.layout.neighbours(here.position)
        self._steps_left -= not at_work
        action = step_towards(
            here,
            self._errand.cell,
            first=self._has_right_of_way(here),
            collided=hindered and self._last_action != STAY,
            last_seen=self._last_seen,
        )
        self._walking_from = -1 if at_work else here.position
        self._last_action = action
        self._last_seen = {other: view.position(other) for other in here.others}
        return action

    def _abandoned(self, view: HlaView) -> frozenset[int]:
        """Boards that are as they were when this cook last looked for an errand, some turns ago or more."""
        boards = {s.cell: (s.item.code, s.left) for s in view.squares if s.tile == Tile.BOARD}
        before, now = self._boards, view.seconds
        self._boards = {
            cell: (*it, before[cell][2] if cell in before and before[cell][:2] == it else now)
            for cell, it in boards.items()
        }
        waits = ABANDONED_TURNS / view.layout.pace
        return frozenset(cell for cell, (_, _, since) in self._boards.items() if now - since >= waits)

    def _has_right_of_way(self, here: Surroundings) -> bool:
        """A coin that comes out alike for every cook with the same seed and changes every few seconds."""
        window = int(here.view.seconds / COIN_SECONDS)
        coin = blake2b(b"%d %d" % (self.seed, window), digest_size=1).digest()[0]
        return coin % here.view.layout.cooks == self.cook

    def _unchanged(self, errand: Errand, view: HlaView) -> bool:
        return view.held(self.cook).code == errand.held and view.item(errand.cell).code == errand.there

    def _succeeded(self, errand: Errand, view: HlaView) -> bool:
        hand_changed = view.held(self.cook).code != errand.held
        return hand_changed != errand.in_place

    def _end(self, outcome: Outcome, reason: str, view: HlaView) -> MacroReport:
        assert self.macro is not None
        report = MacroReport(self.macro, outcome, reason, self._begun, view.tick)
        self.macro = self._errand = None
        return report
