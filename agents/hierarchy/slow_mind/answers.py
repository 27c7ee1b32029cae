"""Answers to questions about oneself and the work: true sentences drawn from a situation.

Every answer is computed from the state; what is only likely is said to be so. Those about the kitchen: kitchen_answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from brigade.agents.hierarchy import wording as say
from brigade.agents.hierarchy.executor import MACROS, Macro, Surroundings, Verb, can_begin
from brigade.agents.hierarchy.intent import OpenDemand
from brigade.agents.hierarchy.outlook import Prospect, impossible, outlook
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind import kitchen_answers as kitchen
from brigade.agents.hierarchy.slow_mind.plain import pick
from brigade.agents.hierarchy.slow_mind.questions import Question, Topic, read_questions


def answer(message: str, situation: Situation, *, about_orders: bool = False) -> str:
    """The answer to every question of a message, as plain sentences.

    Args:
        message: what was asked.
        situation: what is known.
        about_orders: whether it is known to be about the orders.
    """
    said = [ANSWERS[question.topic](question, situation) for question in _questions(message, about_orders)]
    return " ".join(say.sentence(each) for each in dict.fromkeys(said))


def topics(message: str, *, about_orders: bool = False) -> list[str]:
    """What a message asks about, for records."""
    return [str(question.topic) for question in _questions(message, about_orders)]


_OF_ORDERS = (Topic.ORDERS, Topic.FIRST, Topic.ORDER_TIME, Topic.SCORE)


def _questions(message: str, about_orders: bool) -> tuple[Question, ...]:
    questions = read_questions(message)
    if about_orders and not any(question.topic in _OF_ORDERS for question in questions):
        return (replace(questions[0], topic=Topic.ORDERS),)
    return questions


def _doing(_: Question, s: Situation) -> str:
    if s.doing is None:
        return f"I'm not doing anything right now; {_waiting_for(s)}"
    asked = f", as you asked: {_still(s.purpose)}" if s.purpose is not None else ""
    return f"I'm {say.doing(s.doing)}{asked}"


def _waiting_for(s: Situation) -> str:
    for each in s.agenda.open:
        found = outlook(each.demand.macro, s.here, standing=each.left is None)
        if found.prospect is Prospect.WAITING:
            return f"I'm waiting to {say.to_do(each.demand.macro, each.left)}: {found.why()}"
    return "I'm looking for something useful"


def _still(each: OpenDemand) -> str:
    """What is still open of a demand, as a clause."""
    if each.left is None:
        return f"I keep {say.doing_often(each.demand.macro)}"
    if each.done == 0:
        return f"I'm to {say.to_do(each.demand.macro, each.left)}"
    return f"{say.number(each.done)} done, {say.number(each.left)} to go"


def _holding(_: Question, s: Situation) -> str:
    held = s.here.held
    return f"I'm holding {say.item(held)}" if held.code else "I'm holding nothing, my hands are free"


def _plan(_: Question, s: Situation) -> str:
    following = s.likely_next()
    now = f"I'm {say.doing(s.doing)} now" if s.doing is not None else "Nothing is in my hands to finish right now"
    if following is None:
        return f"{now}; after that I'll look for what is needed"
    if s.agenda.open:
        still = say.listed([to_do_of(each) for each in s.agenda.open])
        return f"{now}; what you asked for comes first: {still}"
    return f"{now}; after that I'd probably {say.to_do(following)}"


def to_do_of(each: OpenDemand) -> str:
    """An open demand: "chop two more onions", "keep chopping onions"."""
    if each.left is None:
        return f"keep {say.doing_often(each.demand.macro)}"
    return say.to_do(each.demand.macro, each.left)


def _why(question: Question, s: Situation) -> str:
    if _idle_asked(question, s):
        return _doing(question, s)
    macro = question.macro
    words = set(question.text.split())
    if not words & {"you", "you're"} and words & {"pot", "pots", "soup"}:
        return kitchen.pots(question, s)
    if "not" in question.text or "n't" in question.text or "dont" in question.text:
        return _why_not(macro, s) if macro is not None and macro != s.doing else _why_doing(s)
    return _why_doing(s)


def _idle_asked(question: Question, s: Situation) -> bool:
    """Whether the question is why nothing is done, and nothing is."""
    return s.doing is None and question.macro is None


def _why_not(macro: Macro, s: Situation) -> str:
    found = outlook(macro, s.here)
    if found.prospect in (Prospect.NEVER, Prospect.WAITING):
        return f"I can't {say.to_do(macro)} now: {found.why()}"
    now = f"I'm {say.doing(s.doing)}" if s.doing is not None else "I've only looked for work so far"
    return f"I could {say.to_do(macro)}, but {now}; tell me if you want it"


def _why_doing(s: Situation) -> str:
    if s.doing is None:
        return f"I'm not doing anything right now; {_waiting_for(s)}"
    return f"I'm {say.doing(s.doing)} {reason_for(s)}"


def reason_for(s: Situation) -> str:
    """Why the cook does what it is at: the demand that it is for, or the order that needs it."""
    assert s.doing is not None
    if s.purpose is not None:
        wanted = s.purpose.demand
        if wanted.macro == s.doing:
            return "because you asked me to"
        return f"because you asked me to {say.to_do(wanted.macro, wanted.count)}"
    order = s.order_behind(s.doing)
    match s.doing.verb:
        case Verb.PUTOUT:
            return "because something is on fire"
        case Verb.DROP:
            return "because it blocks a place that we need"
        case Verb.PLATE if order is None:
            return "so that it does not burn"
        case _ if order is not None:
            return f"for the {order.name} order, which has {say.seconds(order.seconds_left)} left"
        case Verb.CHOP:
            return "to have some ready for later orders"
        case _:
            return "because it is begun, though no open order needs it now"


def _advice(question: Question, s: Situation) -> str:
    other = s.partner
    for each in s.agenda.open:
        found = outlook(each.demand.macro, s.here, standing=each.left is None)
        if other is not None and "I need you to" in found.remedy:
            return f"You could help me to {say.to_do(each.demand.macro, each.left)}: {found.why()}"
    if other is None:
        tasks = _tasks(s, s.cook)
        return f"The most useful thing now is to {say.to_do(tasks[0])}" if tasks else "Nothing is urgent right now"
    tasks = [macro for macro in _tasks(s, other) if macro != s.doing] or _tasks(s, other)
    if question.macro is not None and question.macro in tasks:
        return f"Yes, you could {say.to_do(question.macro)}"
    if not tasks:
        return "There is nothing urgent for you right now"
    why = s.order_behind(tasks[0])
    reason = f", for the {why.name} order" if why is not None else ""
    return f"You could {say.to_do(tasks[0])}{reason}"


def _tasks(s: Situation, cook: int) -> list[Macro]:
    there = Surroundings(s.view, cook)
    found = [task.macro for task in ScriptPlanner(cook).tasks(there)]
    return [macro for macro in dict.fromkeys(found) if can_begin(macro, there).ok]


def _partner(question: Question, s: Situation) -> str:
    if s.partner is None:
        return kitchen.who_holds(s)
    held = f"You're holding {say.item(s.view.held(s.partner))}"
    if "hold" in question.text or "hand" in question.text or "carry" in question.text:
        return held
    seen = s.partners.get(s.partner)
    seems = f"it looks as if you're {say.doing(seen)}" if seen is not None else "you seem to be standing still"
    return f"{held}; {seems}"


def _agenda(_: Question, s: Situation) -> str:
    if not s.agenda.open:
        if s.fulfilled:
            last = s.fulfilled[-1]
            return f"Nothing is left of what you asked for; the last was: {say.is_done(last.macro, last.count or 1)}"
        return "Nothing: there is no request of yours open"
    return f"I still have to {say.listed([_with_progress(each) for each in s.agenda.open])}"


def _with_progress(each: OpenDemand) -> str:
    done = f" ({say.number(each.done)} done)" if each.left is not None and each.done else ""
    return to_do_of(each) + done


def _did(question: Question, s: Situation) -> str:
    macro = question.macro
    open_ones = [each for each in s.agenda.open if macro is None or each.demand.macro == macro]
    counted = next((each for each in open_ones if each.left is not None), None)
    if counted is not None:
        return f"Not yet: {_unfinished(counted, s)}"
    if macro is not None and s.tally.get(macro):
        return f"Yes, I've {say.have_done(macro, s.tally[macro])} so far"
    if macro is not None:
        return f"No, I haven't {say.have_done(macro, 1)} yet"
    if open_ones:
        each = open_ones[0]
        return f"I keep {say.doing_often(each.demand.macro)}, {say.number(each.done)} so far"
    if s.fulfilled:
        last = s.fulfilled[-1]
        return f"Yes: {say.is_done(last.macro, last.count or 1)}"
    return "There is no request of yours that I would have to finish"


def _unfinished(each: OpenDemand, s: Situation) -> str:
    assert each.left is not None
    if each.done:
        return f"{say.is_done(each.demand.macro, each.done)}, {say.number(each.left)} to go"
    if s.purpose == each and s.doing is not None:
        return f"I'm {say.doing(s.doing)}" + ("" if s.doing == each.demand.macro else " for it")
    found = outlook(each.demand.macro, s.here)
    if found.prospect is Prospect.WAITING:
        return f"I'm waiting to {say.to_do(each.demand.macro, each.left)}, {found.why()}"
    return f"I still have to {say.to_do(each.demand.macro, each.left)}"


def _count_done(question: Question, s: Situation) -> str:
    named = [Macro(verb, thing) for verb in question.verbs for thing in _things(question, verb)]
    if not named and question.foods:
        named = [Macro(Verb.CHOP, food) for food in question.foods]
    named = [macro for macro in named if macro in MACROS]
    verb = question.verbs[0] if question.verbs else None
    if not named:
        named = [macro for macro in MACROS if s.tally.get(macro) and (verb is None or macro.verb is verb)]
        if not named:
            return (
                f"I haven't {_PAST.get(verb, 'finished')} anything yet" if verb else "I haven't finished anything yet"
            )
    open_one = next((each for each in s.agenda.open if each.demand.macro in named and each.left is not None), None)
    done = [say.have_done(macro, s.tally.get(macro, 0)) for macro in named if s.tally.get(macro, 0)]
    if not done:
        return f"I haven't {say.have_done(named[0], 1)} yet"
    left = f"; {say.number(open_one.left)} of those you asked for to go" if open_one and open_one.left else ""
    return f"I've {say.listed(done)} so far{left}"


_PAST: Mapping[Verb | None, str] = {
    Verb.CHOP: "chopped",
    Verb.COOK: "cooked",
    Verb.PLATE: "plated",
    Verb.SERVE: "served",
    Verb.PREPARE: "prepared",
}


def _things(question: Question, verb: Verb) -> tuple[int, ...]:
    if verb in (Verb.PUTOUT, Verb.DROP):
        return (0,)
    return question.foods if verb is Verb.CHOP else question.soups


def _reach(question: Question, s: Situation) -> str:
    macro = question.macro
    if macro is None or re.search(r"\b(?:reach|access|get to|get at)", question.text):
        return kitchen.reach(question, s)
    partner_asks = s.partner is not None and (" i " in f" {question.text} " or "who" in question.text)
    mine = impossible(macro, s.here, standing=True)
    me = f"I can {say.to_do(macro)}" if mine is None else f"I can't {say.to_do(macro)}: {mine[0]}"
    if not partner_asks or s.partner is None:
        found = outlook(macro, s.here)
        if mine is None and found.prospect is Prospect.WAITING:
            return f"I can {say.to_do(macro)}, but only later: {found.why()}"
        return me
    theirs = impossible(macro, Surroundings(s.view, s.partner), standing=True)
    you = f"you can {say.to_do(macro)}" if theirs is None else f"you can't {say.to_do(macro)}"
    return f"{you} from your side, and {me}" if theirs is None else f"{you} from your side; {me}"


def _identity(_: Question, s: Situation) -> str:
    return "I'm an AI cook, your partner in this kitchen"


def _wellbeing(question: Question, s: Situation) -> str:
    well = pick(("I'm fine, thanks", "All good here", "Doing well, thanks"), s.seed, s.view.tick)
    return f"{well}. {say.sentence(_doing(question, s))}"


def _heard(_: Question, s: Situation) -> str:
    if not s.agenda.open:
        return "Yes, I'm listening; there is no request of yours open"
    return f"Yes, I'm listening, and I still have to {say.listed([_with_progress(each) for each in s.agenda.open])}"


def _anything(question: Question, s: Situation) -> str:
    unsure = pick(
        (
            "I'm not sure that I understood, but here is how it stands",
            "I can't say for certain what you mean; so much I know",
        ),
        s.seed,
        s.view.tick,
    )
    return f"{unsure}. {say.sentence(_doing(question, s))} {say.sentence(kitchen.orders(question, s))}"


ANSWERS: Mapping[Topic, Callable[[Question, Situation], str]] = {
    Topic.DOING: _doing,
    Topic.HOLDING: _holding,
    Topic.PLAN: _plan,
    Topic.WHY: _why,
    Topic.ADVICE: _advice,
    Topic.PARTNER: _partner,
    Topic.WHERE: kitchen.where,
    Topic.CHOPPED: kitchen.chopped,
    Topic.SOUP: kitchen.soup,
    Topic.POTS: kitchen.pots,
    Topic.FIRE: kitchen.fire,
    Topic.CHARRED: kitchen.charred,
    Topic.ORDERS: kitchen.orders,
    Topic.FIRST: kitchen.first,
    Topic.ORDER_TIME: kitchen.order_time,
    Topic.SCORE: kitchen.score,
    Topic.TIME: kitchen.time_left,
    Topic.RECIPE: kitchen.recipe,
    Topic.MENU: kitchen.menu,
    Topic.HOWTO: kitchen.howto,
    Topic.REACH: _reach,
    Topic.AGENDA: _agenda,
    Topic.DID: _did,
    Topic.COUNT_DONE: _count_done,
    Topic.PLATES: kitchen.plates,
    Topic.IDENTITY: _identity,
    Topic.WELLBEING: _wellbeing,
    Topic.HEARD: _heard,
    Topic.ANYTHING: _anything,
}
