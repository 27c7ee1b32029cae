"""Reading a message with a lexicon: the scripted baseline of understanding, and the Slow Mind's first look.

There is always a reading, the likeliest that the words admit. It is *certain* only if the whole message has a shape
that the lexicon is known to read rightly (shapes.py); every other message should be read by a model, which is shown
the reading as a guess. Of 20,000 messages in phrasings of the validation split it is certain of 273 and wrong in none
of those; of the train split, more varied than what it was made for, it is certain of 9 %.

English only. Knows nothing of the kitchen's state and of the open orders.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.intent import Demand, Intent, Kind
from brigade.agents.hierarchy.slow_mind import words as w
from brigade.agents.hierarchy.slow_mind.reader import read_request
from brigade.agents.hierarchy.slow_mind.shapes import letters, plain_request
from brigade.agents.hierarchy.slow_mind.spelling import Word, clean, polite, reduce
from brigade.envs.kitchen.hla.recipes import BY_FOODS


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lexicon made of a message."""

    intent: Intent
    certain: bool
    """Whether the whole message has a shape that is read rightly."""


def read(message: str, previous: Intent | None = None) -> Reading:
    """The meaning of a message as far as its words tell.

    Args:
        message: what was said.
        previous: the intent of the message before, for "another one" and "plate it".
    """
    text = clean(message)
    said = [word for word in text.split() if word != ","]
    asked = "?" in message
    if not said or (set(said) <= w.CHATTER and not asked):
        turned = re.search(r"\b(?:are|is) (?:you|we|this|there|the)\b", text)  # "are you there" without its mark
        return Reading(Intent(Kind.QUESTION if turned else Kind.NONE), certain=turned is None)
    known = " ".join(word.text for word in reduce(text))
    question = _question(known, asked=asked)
    if question is not None:
        open_to_doubt = question is Kind.QUESTION and re.search(w.MAYBE_MORE, known)
        return Reading(Intent(question), certain=_plain_question(known) and not open_to_doubt)
    request = reduce(polite(text))
    situation = _plain_situation(request)
    if situation is not None and not asked:
        return Reading(situation, certain=True)
    if plain_request(request, referring=previous is not None and bool(previous.demands)):
        intent = read_request(request, previous)
        macros = [demand.macro for demand in intent.demands]
        plain = len(set(macros)) == len(macros) and intent.kind is not Kind.NONE
        if re.search(w.TO_CUSTOMERS, text) and not any(macro.verb is Verb.SERVE for macro in macros):
            plain = False
        return Reading(intent, certain=plain and not re.search(w.ODD_SIGNS, message))
    return Reading(_likeliest(text, known, request, previous), certain=False)


def _likeliest(text: str, known: str, request: Sequence[Word], previous: Intent | None) -> Intent:
    """What a message of no plain shape is likeliest to mean."""
    found = _corrected(text, request, previous) or _situation(known, previous)
    return found or (Intent(Kind.NONE) if _only_tells(request) else read_request(request, previous))


def _only_tells(words: Sequence[Word]) -> bool:
    """Whether it names no action, and says more than a request would ("onions are my favourite")."""
    known = letters(words)
    acts = any(letter in "CPKLRUDcpklrudEXHAJQng" for letter in known)
    return not acts and "?" in known and not known.startswith("y")


def _corrected(text: str, words: Sequence[Word], previous: Intent | None) -> Intent | None:
    """The previous intent with another thing, if the message is a correction of it ("no wait, onions")."""
    if previous is None or not previous.demands or not re.match(w.CORRECTS, text):
        return None
    old = previous.demands[-1]
    named = [w.FOODS.get(word.text) or w.SOUPS.get(word.text, 0) for word in words]
    things = [thing for thing in named if thing and thing != old.macro.foods]
    if len(things) != 1 or (things[0] in w.FOODS.values()) != (old.macro.verb is Verb.CHOP) or old.macro.foods == 0:
        return None
    new = Demand(Macro(old.macro.verb, things[0]), old.count)
    return Intent(previous.kind, (new,), previous.standing, (old.macro.name,))


def _question(text: str, *, asked: bool) -> Kind | None:
    if re.search(w.NOT_ASKED, text):
        return None
    starts = re.search(w.QUESTION_START, text)
    names_action = any(word in w.VERBS for word in text.split())
    if not starts and (not asked or names_action):
        return None
    return Kind.ORDER_QUESTION if re.search(w.ABOUT_ORDERS, text) else Kind.QUESTION


def _plain_question(text: str) -> bool:
    """Whether it is a question all through: one sentence, of which the beginning says so."""
    start = re.match(w.PLAIN_QUESTION, text)
    known = w.ASKING | w.FILLER | w.COUNTS.keys() | w.VERBS.keys() | w.FOODS.keys() | w.SOUPS.keys()
    if start is None or not set(text.replace(",", "").split()) <= known:
        return False
    after = set(text[start.end() :].partition(",")[2].split())
    return not after & (w.VERBS.keys() | w.FOODS.keys() | w.SOUPS.keys() | w.COUNTS.keys())


def _plain_situation(words: Sequence[Word]) -> Intent | None:
    """The intent of a statement that is written down as calling for an action."""
    text = " ".join(word.text for word in words if word.text not in (",", "please"))
    for pattern, verb in w.SITUATIONS:
        match = re.fullmatch(pattern, text)
        if match:
            named = match.groupdict()
            soup, food = named.get("soup"), named.get("food")
            if verb in (Verb.PUTOUT, Verb.DROP):
                return _calls_for(Macro(verb))
            return _calls_for(Macro(verb, w.SOUPS[soup] if soup else w.FOODS[food or ""]))
    return None


def _situation(text: str, previous: Intent | None) -> Intent | None:
    """What a statement is likeliest to call for; None if the message says itself what to do, or nothing."""
    named = text.split()
    soups = [w.SOUPS[word] for word in named if word in w.SOUPS]
    foods = [w.FOODS[word] for word in named if word in w.FOODS]
    if not soups and previous is not None and previous.demands and {"it", "soup"} & set(named):
        soups = [demand.macro.foods for demand in previous.demands if demand.macro.foods in BY_FOODS]
    if any(word in w.MYSELF or word in w.STANDING or word in w.STOP - {"dont", "enough"} for word in named):
        return None
    if any(word in w.VERBS and w.VERBS[word] is not Verb.COOK for word in named):
        return None
    if foods and not soups and re.search(w.SHORT_OF, text):
        return _calls_for(*(Macro(Verb.CHOP, bit) for bit in dict.fromkeys(foods)))
    return _about_food(text) or (_about_soup(text, soups[0]) if soups else None)


def _about_food(text: str) -> Intent | None:
    if re.search(w.FIRE, text) and not re.search(w.NO_FIRE, text):
        return _calls_for(Macro(Verb.PUTOUT))
    if re.search(w.SPOILT, text) and not re.search(w.ALMOST, text):
        return _calls_for(Macro(Verb.DROP))
    return None


def _about_soup(text: str, soup: int) -> Intent | None:
    told = (
        (w.ALL_CHOPPED, Verb.PREPARE),
        (w.ALL_MIXED, Verb.COOK),
        (w.NEW_ORDER, Verb.COOK),
        (w.EXPIRING, Verb.SERVE),
        (w.WANTED, Verb.SERVE),
        (w.DONE_COOKING, Verb.PLATE),
    )
    verb = next((verb for pattern, verb in told if re.search(pattern, text)), None)
    return None if verb is None else _calls_for(Macro(verb, soup))


def _calls_for(*macros: Macro) -> Intent:
    return Intent(Kind.IMPLICIT, tuple(Demand(macro, 1) for macro in macros))
