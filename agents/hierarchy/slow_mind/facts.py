"""What a reply must say: its facts, and the plain sentence for when no model says them, or none that can be trusted.

The facts are what a model is shown. The plain sentence is friendly, short and varied, and it promises nothing that will
not be done: what is refused is refused with the reason, and what can only wait is said to wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brigade.agents.hierarchy import wording as say
from brigade.agents.hierarchy.demands import Verdict, settle
from brigade.agents.hierarchy.describe import orders_in_words, pots_in_words
from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.intent import Agenda, Demand, Intent, Kind, OpenDemand
from brigade.agents.hierarchy.outlook import Prospect, outlook
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind import plain
from brigade.agents.hierarchy.slow_mind.answers import answer, topics
from brigade.agents.hierarchy.slow_mind.spelling import clean
from brigade.agents.hierarchy.slow_mind.words import CHATTER
from brigade.envs.kitchen import HlaView


@dataclass(frozen=True, slots=True)
class Facts:
    """What is to be said."""

    facts: str
    """For a model to word."""
    plain: str
    """The same as one would say it."""
    topics: tuple[str, ...]
    """What it is about, for records: of questions their topics, else the kind of message."""


def facts_for(intent: Intent, view: HlaView, agenda: Agenda) -> str:
    """What a reply must say, true and complete, as a plain sentence, where no more is known than this."""
    match intent.kind:
        case Kind.ORDER_QUESTION:
            return f"The orders are {orders_in_words(view)}."
        case Kind.QUESTION:
            return f"The orders are {orders_in_words(view)}; on the stove: {pots_in_words(view)}."
        case Kind.NONE:
            return "Good to have you here!"
        case _:
            pass
    if intent.cancel and not intent.demands:
        return "All right, I stop that." if agenda.open else "All right, I stop."
    stopped = "All right, I stop that. " if intent.cancel else ""
    if intent.standing:
        return f"{stopped}From now on: {', '.join(_in_words(demand) for demand in intent.demands)}."
    return f"{stopped}On it: {', '.join(_in_words(demand) for demand in intent.demands)}."


def _in_words(demand: Demand) -> str:
    """A demand by the name of its macro action, with its count if that is more than one."""
    said = {Verb.PUTOUT: "Put out the fire", Verb.DROP: "Drop the charred food"}
    words = said.get(demand.macro.verb, demand.macro.name)
    return words if demand.count in (None, 1) else f"{words} x{demand.count}"


def compose_facts(
    message: str, intent: Intent, situation: Situation, verdicts: Sequence[Verdict] | None = None
) -> Facts:
    """What to say to a message.

    Args:
        message: what was said.
        intent: what it was understood to mean.
        situation: what is known, the agenda already that after the intent.
        verdicts: what becomes of the demands; judged here if not given.
    """
    if intent.kind in (Kind.QUESTION, Kind.ORDER_QUESTION):
        orders = intent.kind is Kind.ORDER_QUESTION
        said = answer(message, situation, about_orders=orders)
        return Facts(said, said, tuple(topics(message, about_orders=orders)))
    if intent.kind is Kind.NONE:
        return _small_talk(message, situation)
    if verdicts is None:
        _, verdicts = settle(Agenda(), intent, situation.here)
    usual = all(each.outlook.prospect is Prospect.NOW and each.feasible is None for each in verdicts)
    spoken = _promise(intent, verdicts, situation)
    facts = facts_for(intent, situation.view, situation.agenda) if usual else spoken
    return Facts(facts, spoken, (str(intent.kind),))


def _seeds(situation: Situation) -> tuple[object, ...]:
    return situation.seed, situation.view.tick


def _small_talk(message: str, situation: Situation) -> Facts:
    """Thanks for thanks, a greeting for a greeting; and an honest word for what cannot be made out."""
    said = set(clean(message).replace(",", " ").split())
    kinds = (
        (_THANKS, plain.THANKS, "thanks"),
        (_FAREWELL, plain.FAREWELL, "farewell"),
        (_PRAISE, plain.PRAISE, "praise"),
        (_GREETING, plain.GREETING, "greeting"),
    )
    found = next(((lines, name) for words, lines, name in kinds if said & words), None)
    if found is None:
        known = bool(said) and len(said & CHATTER) * 2 >= len(said)
        found = (plain.CHATTER, "chatter") if known else (plain.PUZZLED, "unclear")
    lines, name = found
    sentence = plain.pick(lines, *_seeds(situation))
    return Facts("Good to have you here!" if name != "unclear" else sentence, sentence, (name,))


_THANKS = frozenset(["thanks", "thank", "thx", "ty", "cheers", "tysm"])
_GREETING = frozenset(["hello", "hi", "hey", "morning", "evening", "hiya", "howdy", "yo"])
_FAREWELL = frozenset(["bye", "goodbye", "cya"])
_PRAISE = frozenset(
    [
        "nice",
        "great",
        "awesome",
        "amazing",
        "perfect",
        "excellent",
        "super",
        "cool",
        "best",
        "well",
        "good",
        "love",
        "lovely",
        "brilliant",
        "gg",
    ]
)


def _promise(intent: Intent, verdicts: Sequence[Verdict], s: Situation) -> str:
    """What is said to demands, and to what must stop."""
    parts = []
    if intent.cancel and not _corrects(intent):
        parts.append(plain.pick(plain.STOP_THAT if intent.demands or s.agenda.open else plain.STOP, *_seeds(s)))
    for kept in (True, False):
        parts += _said_of([each for each in verdicts if each.kept is kept], s)
    return " ".join(parts) or plain.pick(plain.CHATTER, *_seeds(s))


def _corrects(intent: Intent) -> bool:
    """Whether what it cancels is asked for again or replaced by the like ("no wait, onions")."""
    verbs = {demand.macro.verb for demand in intent.demands}
    return bool(verbs) and all(name.split()[0] in verbs for name in intent.cancel)


def _said_of(verdicts: Sequence[Verdict], s: Situation) -> list[str]:
    """Sentences for demands: those that can be worked on in one, the others one by one."""
    able = [each for each in verdicts if each.kept and each.outlook.prospect is not Prospect.WAITING]
    said = []
    if able:
        habits = able[0].demand.count is None
        acts = say.listed(
            [say.to_do(macro, count) for macro, count in _added_up(able)], "and" if habits else "and then"
        )
        if habits:
            acting = say.listed([say.doing_often(each.demand.macro) for each in able])
            said.append(plain.pick(plain.HABIT, *_seeds(s)).format(act=acts, acting=acting))
        else:
            promise = plain.pick(plain.ACCEPT, *_seeds(s)).format(act=acts)
            said.append(_with_first(promise, able[0], _earlier(verdicts, s)))
        said += [_limit(each, s) for each in able if each.feasible is not None]
        if able[0].outlook.prospect is Prospect.SOON and able[0].outlook.remedy:
            said.append(say.sentence(able[0].outlook.why()))
    for each in verdicts:
        if each not in able:
            lines = plain.WAIT if each.kept else plain.REFUSE
            act = say.to_do(each.demand.macro, each.demand.count)
            said.append(plain.pick(lines, *_seeds(s)).format(act=act, why=each.outlook.why()))
    return said


def _added_up(verdicts: Sequence[Verdict]) -> list[tuple[Macro, int | None]]:
    """What is to be done how often, each macro action once."""
    counts: dict[Macro, int | None] = {}
    for each in verdicts:
        macro, count = each.demand.macro, each.demand.count
        counts[macro] = None if count is None else (counts.get(macro) or 0) + count
    return list(counts.items())


def _earlier(verdicts: Sequence[Verdict], s: Situation) -> OpenDemand | None:
    """A counted demand of an earlier message that is still open, and comes first."""
    new = [each.demand for each in verdicts]
    counted = [each for each in s.agenda.open if each.left is not None]
    able = [each for each in counted if outlook(each.demand.macro, s.here).prospect in _ABLE]
    return able[0] if able and able[0].demand not in new else None


_ABLE = (Prospect.NOW, Prospect.SOON)


def _with_first(promise: str, verdict: Verdict, earlier: OpenDemand | None) -> str:
    """A promise, and what is done first where that is something else."""
    if earlier is not None:
        return f"{promise[:-1]}, but first I {say.to_do(earlier.demand.macro, earlier.left)}."
    if verdict.outlook.prospect is not Prospect.SOON or len(verdict.outlook.first) != 1:
        return promise
    return f"{promise[:-1]}; first I {say.to_do(verdict.outlook.first[0])}."


def _limit(verdict: Verdict, s: Situation) -> str:
    assert verdict.feasible is not None
    return plain.pick(plain.LIMIT, *_seeds(s)).format(n=say.number(verdict.feasible))


def done_sentence(demand: Demand, seeds: tuple[object, ...]) -> str:
    """What is said when a demand is done; the seeds choose the words."""
    return plain.pick(plain.DONE, *seeds).format(what=say.is_done(demand.macro, demand.count or 1))


def blocked_sentence(macro: Macro, seeds: tuple[object, ...]) -> str:
    """What is said when somebody stands in the way of what was asked for."""
    return plain.pick(plain.BLOCKED, *seeds).format(act=say.to_do(macro))


def gave_up_sentence(verdict: Verdict, seeds: tuple[object, ...]) -> str:
    """What is said when a demand can no longer be done."""
    act = say.to_do(verdict.demand.macro, verdict.demand.count)
    return plain.pick(plain.GIVEN_UP, *seeds).format(act=act, why=verdict.outlook.why())
