"""A cook's book of demands: what is open, what is being done for whom, what has been done, and what was told to stop.

Exact bookkeeping between what the partner wants (`Agenda`) and what the Executor reports. Knows no clock, no model and
no words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from brigade.agents.hierarchy.demands import (
    Verdict,
    cancels,
    needed_by_orders,
    next_towards,
    review,
    served_by,
    settle,
)
from brigade.agents.hierarchy.executor import Macro, MacroReport, Outcome, Surroundings, Verb, legal_macros, macro_of
from brigade.agents.hierarchy.intent import EVERYTHING, Agenda, Demand, Intent, OpenDemand
from brigade.agents.hierarchy.nearness import in_hand
from brigade.agents.hierarchy.situation import Situation
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import code
from brigade.envs.kitchen.view import Stage

BANNED_SECONDS = 20.0
"""How long what was told to stop is not begun again of the cook's own accord."""
HALTED_SECONDS = 5.0
"""The same for what was under way when everything was told to stop."""
SATED_SECONDS = 15.0
"""How long no more is chopped than was asked for, unless an order needs it."""


@dataclass
class Ledger:
    """The demands on one cook, and how far they are."""

    cook: int
    pace: float
    """Turns a second."""
    tick_seconds: float
    agenda: Agenda = field(default_factory=Agenda)
    purpose: OpenDemand | None = None
    """The demand that the macro action under way is for."""
    tally: Counter[Macro] = field(default_factory=Counter)
    """How often each macro action was finished."""
    fulfilled: list[Demand] = field(default_factory=list)
    """Demands that were done."""
    _banned: dict[Macro, int] = field(default_factory=dict)
    _sated: dict[Macro, int] = field(default_factory=dict)

    def understood(
        self,
        intent: Intent,
        view: HlaView,
        doing: Macro | None,
        avoid: Collection[Macro] = (),
        *,
        past_its_work: bool = False,
    ) -> tuple[tuple[Verdict, ...], bool]:
        """Take an intent into the agenda.

        Args:
            intent: what was understood.
            view: the kitchen now.
            doing: the macro action under way.
            avoid: macro actions that just failed.
            past_its_work: whether the macro action under way only has to put away what it made: then that was there
                before the intent, and counts for nothing that it asks for.

        Returns:
            What becomes of each of its demands, and whether the macro action under way has to stop for it.
        """
        here = Surroundings(view, self.cook)
        before = self.agenda
        self.agenda, verdicts = settle(self.agenda, intent, here, self.pace)
        wanted = {demand.macro for demand in intent.demands}
        self._ban([macro_of(name) for name in intent.cancel if name != EVERYTHING], view.tick, BANNED_SECONDS)
        if doing is not None and EVERYTHING in intent.cancel:
            self._ban([doing], view.tick, HALTED_SECONDS)
        for macro in wanted:
            self._banned.pop(macro, None)
            self._sated.pop(macro, None)
        if doing is not None and (not past_its_work or (doing in wanted and doing.name in intent.cancel)):
            self._serve_anew(doing, here)
        if doing is None or past_its_work or doing in wanted or (self.agenda == before and not intent.cancel):
            return verdicts, False
        return verdicts, cancels(intent, doing) or self._gives_way(doing, here, avoid)

    def _serve_anew(self, doing: Macro, here: Surroundings) -> None:
        """Let the macro action under way count for the demand whose turn it is now, if it is for that."""
        turn = next_towards(self.agenda, here, {*legal_macros(here), doing}).get(doing)
        if self.purpose not in self.agenda.open or (turn is not None and turn.left is not None):
            self.purpose = turn or (self._queued(doing) if under_the_knife(doing, here) else None)

    def _queued(self, macro: Macro) -> OpenDemand | None:
        """A counted demand for this macro action whose turn has not come."""
        return next((each for each in self.agenda.open if each.demand.macro == macro and each.left is not None), None)

    def calls_for_other_work(self, view: HlaView, doing: Macro, avoid: Collection[Macro]) -> bool:
        """Whether work of the cook's own accord has to stop, since a demand that could only wait can be worked on."""
        if self.purpose is not None or not self.agenda.open:
            return False
        return self._gives_way(doing, Surroundings(view, self.cook), avoid)

    def _gives_way(self, doing: Macro, here: Surroundings, avoid: Collection[Macro]) -> bool:
        """Whether this macro action stops for something that is wanted and can begin now."""
        if self.purpose is not None and self.purpose.left is not None:
            return False
        towards = next_towards(self.agenda, here, [macro for macro in legal_macros(here) if macro not in avoid])
        if not towards or doing in towards:
            return False
        # A soup in hand is served within seconds, and a fire left alone grows: these are finished first.
        return not (doing.verb is Verb.PUTOUT or (doing.verb is Verb.SERVE and in_hand(doing, here)))

    def _ban(self, macros: Collection[Macro], tick: int, seconds: float) -> None:
        self._banned |= dict.fromkeys(macros, tick + round(seconds / self.tick_seconds))

    def began(self, macro: Macro, view: HlaView) -> None:
        """Note what a macro action is begun for."""
        self.purpose = served_by(macro, self.agenda, Surroundings(view, self.cook))

    def ended(self, report: MacroReport) -> Demand | None:
        """Note the end of a macro action; returns the demand that is done with it, if one is."""
        purpose, self.purpose = self.purpose, None
        if report.outcome is not Outcome.DONE:
            return None
        self.tally[report.macro] += 1
        if purpose is None or purpose.demand.macro != report.macro:
            return None
        self.agenda = self.agenda.fulfil(purpose)
        if purpose.left is None or purpose.left > 1:
            return None
        self.fulfilled.append(purpose.demand)
        if report.macro.verb is Verb.CHOP:
            self._sated[report.macro] = report.ended + round(SATED_SECONDS / self.tick_seconds)
        return purpose.demand

    def review(self, view: HlaView) -> tuple[Verdict, ...]:
        """Give up what can no longer be done; returns that."""
        self.agenda, gone = review(self.agenda, Surroundings(view, self.cook), self.pace)
        return gone

    def unasked(self, view: HlaView) -> list[Macro]:
        """Macro actions not to be begun of the cook's own accord now."""
        banned = [macro for macro, until in self._banned.items() if until > view.tick]
        sated = [macro for macro, until in self._sated.items() if until > view.tick]
        if sated:
            needed = needed_by_orders(view)
            sated = [macro for macro in sated if macro not in needed]
        return sorted({*banned, *sated})

    def situation(self, view: HlaView, doing: Macro | None, partners: dict[int, Macro], seed: int) -> Situation:
        """All that the cook knows."""
        return Situation(
            view,
            self.cook,
            self.agenda,
            doing=doing,
            purpose=self.purpose if doing is not None else None,
            partners=partners,
            tally=dict(self.tally),
            fulfilled=tuple(self.fulfilled),
            seed=seed,
        )


def under_the_knife(macro: Macro, here: Surroundings) -> bool:
    """Whether this cook is chopping a piece right now: left half-chopped, it would take up a board."""
    layout = here.view.layout
    return macro.verb is Verb.CHOP and any(
        layout.tiles[cell] == Tile.BOARD and here.view.item(cell).code == code(macro.foods, Stage.CHOPPING)
        for cell in layout.neighbours(here.position)
    )
