"""Whether a demand was fulfilled, by what the record of its session shows.

Fulfilled means: done exactly, within the time that the script planner needs for it and GRACE seconds more.

- A demand with counts: everything is completed as often as asked by then, and not once more straight after, unless
  the open orders need it (a script that nobody talked to would do it, too).
- From now on: as often as the script planner does it in KEPT_FOR seconds.
- Given up: done as it should be until then, and from GRACE seconds after the word on not begun again, unless the open
  orders need it.
- A question: a reply within GRACE seconds that says something and nothing that is untrue.
- What is impossible: a reply within GRACE seconds that says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from brigade.agents.bench.demands import GRACE, Case
from brigade.agents.bench.observed import AGENT, Observed
from brigade.agents.hierarchy.executor import Macro, Verb, macro_of
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.items import SOUPS

_REFUSAL = re.compile(
    r"\b(?:can'?t|cannot|can not|couldn'?t|unable|impossible|not possible|won'?t be able|not able|out of (?:my )?reach"
    r"|(?:do not|don'?t|cannot) reach|no way|nothing (?:is |to |here |has )?(?:burn|on fire|charred|throw|put out|drop)"
    r"|there(?:'s| is| are|'re)? (?:no|nothing|isn'?t|aren'?t)|isn'?t (?:any|a|one|on)|aren'?t any|no (?:fire|charred)"
    r"|not (?:on fire|burning|within reach)|nowhere)",
    re.IGNORECASE,
)
_TO_THE_POINT = re.compile(
    r"\d|\b(?:yes|no|nope|yeah|i|i'm)\b|\b(?:onion|tomato|lettuce|soup|order|pot|stove|chop|cook|plate|serv|prepar|mix"
    r"|fire|burn|board|counter|bin|crate|deliver|extinguish|alice|bob|cathy|david|nothing|idle|point|score|second)",
    re.IGNORECASE,
)
_SOUP = re.compile(rf"\b({'|'.join(SOUPS.values())})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_CLOSE_SECONDS = 4
"""By how many seconds a time that is told may be off: it was true when it was thought of."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a demand went."""

    fulfilled: bool
    why: str
    """What was missing; `done` if nothing."""
    seconds: float | None = None
    """From the message until it was done, or answered."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def judge(case: Case, seen: Observed) -> Verdict:
    """Whether the demand of a case was fulfilled in a session."""
    match case.kind:
        case "question" | "order_question" | "impossible":
            return _answered(case, seen)
        case "long_term":
            return _kept(case, seen)
        case "cancel":
            return _given_up(case, seen)
        case _:
            return _counted(case, seen)


def _counted(case: Case, seen: Observed) -> Verdict:
    met = seen.met(case.counts, case.said_at)
    if met is None or met > case.due + 1e-9:
        return Verdict(False, "not done in time", None if met is None else met - case.said_at)
    seconds = met - case.said_at
    too_often = [name for name, count in case.counts.items() if seen.count(name, case.said_at, met) > count]
    if too_often and all(macro_of(name).verb is Verb.CHOP for name in case.counts):
        return Verdict(False, f"too often: {too_often[0]}", seconds)
    following = next((each for each in seen.deeds if each[0] > met + 1e-9), None)
    if following is not None and following[1].name in case.counts and not _is_needed(following[1], seen.view(met)):
        return Verdict(False, f"once more than asked: {following[1].name}", seconds)
    return Verdict(True, "done", seconds)


def _kept(case: Case, seen: Observed) -> Verdict:
    short = [name for name, count in case.counts.items() if seen.count(name, case.said_at, case.due) < count]
    return Verdict(not short, f"too seldom: {short[0]}" if short else "done")


def _given_up(case: Case, seen: Observed) -> Verdict:
    first, stop = case.spoken[0].at, case.spoken[-1].at
    short = [name for name, count in case.counts.items() if seen.count(name, first, stop) < count]
    if short:
        return Verdict(False, f"too seldom before: {short[0]}")
    for when, macro in seen.deeds:
        begun = seen.started(macro.name, when)
        if macro.name in case.counts and begun > stop + GRACE and not _is_needed(macro, seen.view(begun)):
            return Verdict(False, f"not given up: {macro.name}", when - stop)
    return Verdict(True, "done")


def _is_needed(macro: Macro, view: HlaView) -> bool:
    """Whether the script, wanted by nobody, finds it worth doing."""
    return macro in ScriptPlanner(AGENT, view.layout.pace).scores(view)


def _answered(case: Case, seen: Observed) -> Verdict:
    replies = [(when, text) for when, text in seen.said if case.said_at < when <= case.said_at + GRACE + 1e-9]
    if not replies:
        return Verdict(False, "no answer in time")
    when, text = replies[0]
    if case.kind == "impossible":
        said_so = any(_REFUSAL.search(each) for _, each in replies)
        return Verdict(said_so, "done" if said_so else f"does not say so: {text}", when - case.said_at)
    views = [seen.view(case.said_at + second) for second in range(int(GRACE) + 1)]
    wrong = untrue(text, views, of_orders=case.kind == "order_question")
    return Verdict(not wrong, wrong or "done", when - case.said_at)


def untrue(text: str, views: Sequence[HlaView], *, of_orders: bool = False) -> str:
    """What a reply says that was true at none of these moments; empty if nothing.

    It can be checked which soups and numbers are named, and no more: soups must be ordered or exist, and an answer
    about the orders must name one of them or a number; numbers must be a time or an amount that can be seen. Any answer
    must say something of the cook or the kitchen.
    """
    if not _TO_THE_POINT.search(text):
        return "not to the point"
    soups, numbers = {name.capitalize() for name in _SOUP.findall(text)}, {int(n) for n in _NUMBER.findall(text)}
    ordered = {order.recipe.name for view in views for order in view.orders}
    there = {name for view in views for item in _items(view) if (name := item.dish_name)}
    strange = soups - ordered if of_orders else soups - ordered - there
    if strange:
        return f"no such soup: {min(strange)}"
    wrong = [number for number in sorted(numbers) if not any(number in _numbers(view) for view in views)]
    if wrong:
        return f"no such number: {wrong[0]}"
    return "" if not of_orders or soups or numbers else "says nothing of the orders"


def _items(view: HlaView) -> list[Any]:
    return [square.item for square in view.squares] + [cook.item for cook in view.cooks]


def _numbers(view: HlaView) -> set[int]:
    """Every number that a true sentence about this moment may hold."""
    times = [order.seconds_left for order in view.orders] + [square.left for square in view.squares]
    times += [view.seconds, view.duration - view.seconds]
    close = {round(time) + off for time in times for off in range(-_CLOSE_SECONDS, _CLOSE_SECONDS + 1)}
    names = [item.name for item in _items(view)]
    amounts = {names.count(name) for name in names} | {0, len(view.orders), view.score, view.served, view.missed}
    points = {recipe.bonus for recipe in view.layout.menu}
    return close | amounts | points
