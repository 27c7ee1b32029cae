"""From open demands to macro actions: what to do next for the partner, what to refuse, and what goes before a habit.

What is decided here, as a person would expect it:

- Counted demands go in the order in which they were said; while one can only wait, the next one is worked on.
- A standing demand ("keep chopping onions") is what the cook does whenever it can and no counted demand is open. It
  yields to a fire within reach, and to a soup that is ready for its next step where no partner could take that step:
  else one habit would stop the whole kitchen. Several habits take turns.
- What is under way stops for a demand whose turn it is, but a soup in hand is served, a fire put out, and a piece under
  the knife that is wanted anyway chopped first.
- A demand that can never be done here is refused and not kept; one that can only wait is kept.
- A macro action counts for the demand that it was begun for: an onion chopped for a soup that was asked for is not one
  of the onions asked for.

Knows no model. What counts as done is what the Executor reports.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, can_begin, macro_of
from brigade.agents.hierarchy.intent import EVERYTHING, Agenda, Demand, Intent, OpenDemand
from brigade.agents.hierarchy.outlook import Outlook, Prospect, impossible, outlook
from brigade.agents.hierarchy.stock import Stock
from brigade.envs.kitchen import HlaView, Tile

TYPICAL_TURNS = {Verb.CHOP: 20, Verb.PREPARE: 8, Verb.COOK: 7, Verb.PLATE: 9, Verb.SERVE: 8}
"""Turns that a macro action usually takes (those by which the script planner judges deadlines)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of a demand that was just made."""

    demand: Demand
    outlook: Outlook
    feasible: int | None = None
    """How often there is time for it, where that is less often than was asked."""

    @property
    def kept(self) -> bool:
        """Whether it goes on the agenda."""
        return self.outlook.prospect is not Prospect.NEVER

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for graph states and records."""
        return {
            "macro": self.demand.macro.name,
            "count": self.demand.count,
            "prospect": str(self.outlook.prospect),
            "reason": self.outlook.reason,
            "remedy": self.outlook.remedy,
            "first": [macro.name for macro in self.outlook.first],
            "feasible": self.feasible,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """The verdict that `to_dict` described."""
        first = tuple(macro_of(name) for name in data["first"])
        found = Outlook(Prospect(data["prospect"]), data["reason"], data["remedy"], first)
        return cls(Demand(macro_of(data["macro"]), data["count"]), found, data["feasible"])


def settle(
    agenda: Agenda, intent: Intent, here: Surroundings, pace: float | None = None
) -> tuple[Agenda, tuple[Verdict, ...]]:
    """The agenda after an intent, without what can never be done, and what becomes of each new demand."""
    verdicts = tuple(_judge(demand, intent, here, pace) for demand in intent.demands)
    kept = tuple(verdict.demand for verdict in verdicts if verdict.kept)
    return agenda.after(replace(intent, demands=kept)), verdicts


def _judge(demand: Demand, intent: Intent, here: Surroundings, pace: float | None) -> Verdict:
    found = outlook(demand.macro, here, pace=pace, standing=demand.count is None)
    earlier = intent.demands[: intent.demands.index(demand)]
    if found.prospect is Prospect.NEVER and any(_leads_to(each.macro, demand.macro) for each in earlier):
        found = Outlook(Prospect.SOON)  # "put out the fire, then drop what is charred": judged when its turn comes
    if not found.prospect or demand.count is None or found.prospect is Prospect.NEVER:
        return Verdict(demand, found)
    left = here.view.duration - here.view.seconds
    turns = TYPICAL_TURNS.get(demand.macro.verb, 10)
    times = max(1, int(left * (pace or here.view.layout.pace) / turns))
    return Verdict(demand, found, times if times < demand.count else None)


def _leads_to(one: Macro, other: Macro) -> bool:
    """Whether doing one makes the other possible, so that the other cannot be judged before."""
    return (one.verb, other.verb) == (Verb.PUTOUT, Verb.DROP)


def review(agenda: Agenda, here: Surroundings, pace: float | None = None) -> tuple[Agenda, tuple[Verdict, ...]]:
    """The agenda without the demands that can no longer be done, and those, each with the reason."""
    verdicts = [
        Verdict(each.demand, outlook(each.demand.macro, here, pace=pace, standing=each.left is None))
        for each in agenda.open
    ]
    gone = [not verdict.kept and not _may_become_possible(agenda, verdict) for verdict in verdicts]
    kept = tuple(each for each, lost in zip(agenda.open, gone, strict=True) if not lost)
    return Agenda(kept), tuple(verdict for verdict, lost in zip(verdicts, gone, strict=True) if lost)


def _may_become_possible(agenda: Agenda, verdict: Verdict) -> bool:
    return any(_leads_to(each.demand.macro, verdict.demand.macro) for each in agenda.open)


def next_towards(agenda: Agenda, here: Surroundings, legal: Collection[Macro]) -> dict[Macro, OpenDemand]:
    """What can begin now towards the demands whose turn it is, each with the demand that it is for."""
    for each in agenda.open:
        if each.left is not None and (able := _able(each, here, legal)):
            return dict.fromkeys(able, each)
    habits = [(each, _able(each, here, legal)) for each in agenda.open if each.left is None]
    possible = [(each, able) for each, able in habits if able]
    least = min((each.done for each, _ in possible), default=0)
    found: dict[Macro, OpenDemand] = {}
    for each, able in possible:
        if each.done == least:
            found = dict.fromkeys(able, each) | found
    return found


def _able(each: OpenDemand, here: Surroundings, legal: Collection[Macro]) -> list[Macro]:
    if impossible(each.demand.macro, here, standing=each.left is None) is not None:
        return []
    return [macro for macro in able_towards([each.demand.macro], here) if macro in legal]


def able_towards(macros: Iterable[Macro], here: Surroundings) -> list[Macro]:
    """What can begin now towards these macro actions: themselves, or what they need first, or first for that."""
    able: list[Macro] = []
    pending, seen = list(macros), set[Macro]()
    while pending:
        macro = pending.pop(0)
        if macro in seen:
            continue
        seen.add(macro)
        begin = can_begin(macro, here)
        if begin.ok:
            able.append(macro)
        pending += begin.prerequisites
    return able


def allowed(
    legal: Collection[Macro],
    agenda: Agenda,
    here: Surroundings,
    *,
    unasked: Collection[Macro] = (),
    busy: Collection[Macro] = (),
) -> tuple[Macro, ...]:
    """The macro actions that a cook with this agenda may choose from.

    Args:
        legal: those that can begin, in order.
        agenda: what the partner wants.
        here: the kitchen as the cook sees it.
        unasked: those that it should not do of its own accord.
        busy: those that partners are at.
    """
    towards = next_towards(agenda, here, legal)
    if not towards:
        return tuple(macro for macro in legal if macro not in unasked)
    if all(each.left is None for each in towards.values()):
        duties = [macro for macro in legal if _is_duty(macro, here)]
        if duties:
            return tuple(duties)
    asked = [macro for macro, each in towards.items() if macro == each.demand.macro]
    first = [macro for macro in towards if macro not in busy] or list(towards)
    chosen = set(asked or first)
    return tuple(macro for macro in legal if macro in chosen)


_STATIONS = {Verb.COOK: Tile.POT, Verb.PLATE: Tile.POT, Verb.SERVE: Tile.DELIVERY}


def _is_duty(macro: Macro, here: Surroundings) -> bool:
    """Whether it goes before a habit: a fire, or a step of an open order whose station only this cook reaches."""
    if macro.verb is Verb.PUTOUT:
        return bool(here.reachable_fires)
    station = _STATIONS.get(macro.verb)
    if station is None or not any(order.recipe.foods == macro.foods for order in here.view.orders):
        return False
    layout = here.view.layout
    return not any(cell in layout.reach[other] for other in here.others for cell in layout.cells(station))


def served_by(macro: Macro, agenda: Agenda, here: Surroundings) -> OpenDemand | None:
    """The open demand that this macro action, begun now or under way, is for; None if it is for none."""
    found = next_towards(agenda, here, [macro]).get(macro)
    if found is not None:
        return found
    same = [each for each in agenda.open if each.demand.macro == macro]
    return next((each for each in same if each.left is not None), same[0] if same else None)


def cancels(intent: Intent, macro: Macro) -> bool:
    """Whether an intent says that this macro action must stop."""
    return EVERYTHING in intent.cancel or macro.name in intent.cancel


def needed_by_orders(view: HlaView) -> frozenset[Macro]:
    """What still has to be chopped for the open orders."""
    stock = Stock(view)
    orders = sorted(view.orders, key=lambda order: order.seconds_left)
    return frozenset(Macro(Verb.CHOP, food) for order in orders for food in stock.standing(order.recipe.foods).missing)
