"""What a question is about: a topic and the things named, read off its words.

A lexical reader: rules (`topics.yaml`) are tried in order, the first that fits a clause gives its topic. A question
that none fits has the topic ANYTHING, which gets an honest general answer.

English only. Knows nothing of the kitchen's state.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

import yaml
from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.slow_mind import words as w
from brigade.agents.hierarchy.slow_mind.spelling import clean, reduce


class Topic(StrEnum):
    """What can be asked."""

    DOING = "doing"
    """What the cook does now."""
    HOLDING = "holding"
    PLAN = "plan"
    WHY = "why"
    ADVICE = "advice"
    """What the partner should do."""
    PARTNER = "partner"
    """What the partner does or holds."""
    WHERE = "where"
    CHOPPED = "chopped"
    """Whether and how many of a food are chopped."""
    SOUP = "soup"
    """How far a soup is."""
    POTS = "pots"
    FIRE = "fire"
    CHARRED = "charred"
    ORDERS = "orders"
    FIRST = "first"
    """Which order to do first."""
    ORDER_TIME = "order_time"
    """How long an order lasts."""
    SCORE = "score"
    TIME = "time"
    RECIPE = "recipe"
    MENU = "menu"
    REACH = "reach"
    """Who can reach or do what."""
    AGENDA = "agenda"
    """What is still to be done for the partner."""
    DID = "did"
    """Whether it is done."""
    COUNT_DONE = "count_done"
    """How many have been done."""
    PLATES = "plates"
    IDENTITY = "identity"
    WELLBEING = "wellbeing"
    HEARD = "heard"
    """Whether the cook listens and understands."""
    HOWTO = "howto"
    """How something is done, and how long it takes."""
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Question:
    """A clause of a question."""

    topic: Topic
    foods: tuple[int, ...] = ()
    """Food bits of single foods that are named."""
    soups: tuple[int, ...] = ()
    """Food bits of soups that are named."""
    verbs: tuple[Verb, ...] = ()
    """Actions that are named."""
    text: str = ""
    """The clause, cleaned."""

    @property
    def macro(self) -> Macro | None:
        """The macro action that is named; None if none is, or not completely."""
        if not self.verbs:
            return None
        verb = self.verbs[0]
        things = self.foods if verb is Verb.CHOP else self.soups
        if verb in (Verb.PUTOUT, Verb.DROP):
            return Macro(verb)
        return Macro(verb, things[0]) if things else None


MOST = 3
"""Clauses of one message that are answered."""

_SHORT_FORMS = {"u": "you", "ya": "you", "yu": "you", "r": "are", "wat": "what", "wut": "what", "doin": "doing"}
_CLAUSES = re.compile(
    r" , |(?:,| )?\b(?:and|also|then|plus)\b"
    r"(?= (?:what|where|who|why|how|when|which|is|are|do|does|did|have|can|should|shall|any|tell)\b)"
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Topic], ...]:
    """The patterns of `topics.yaml` in order, each with its topic. `'s` before a word and "is" are one there."""
    file = resources.files("brigade.agents.hierarchy.slow_mind") / "topics.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))

    def filled(pattern: str) -> str:
        for name, words in data["named"].items():
            pattern = pattern.replace(f"{{{name}}}", words)
        return pattern

    return tuple((re.compile("|".join(map(filled, rule["any"]))), Topic(rule["topic"])) for rule in data["rules"])


def read_questions(message: str) -> tuple[Question, ...]:
    """The questions in a message, one to MOST, in the order asked; clauses that ask nothing known are left out."""
    text = re.sub(r"\b(what|where|who|how|when)'?s\b", r"\1 is", message.lower().replace("\u2019", "'"))
    text = re.sub(r" ?\b(?:at (?:this point|the moment)|right now|in the kitchen)\b", "", clean(text))
    text = " ".join(_SHORT_FORMS.get(word, word) for word in text.split())
    found = [_question(clause) for clause in _CLAUSES.split(text) if clause.strip(" ,")]
    known = [question for question in found if question.topic is not Topic.ANYTHING]
    different = {(question.topic, question.foods, question.soups): question for question in known}
    whole = _question(text) if len(found) != 1 or not known else found[0]
    return tuple(different.values())[:MOST] or (whole,)


def _question(clause: str) -> Question:
    clause = clause.strip(" ,")
    known = [word.text for word in reduce(clause)]
    return Question(
        topic=next((topic for pattern, topic in _rules() if pattern.search(clause)), None) or _by_words(known),
        foods=tuple(dict.fromkeys(w.FOODS[word] for word in known if word in w.FOODS)),
        soups=tuple(dict.fromkeys(w.SOUPS[word] for word in known if word in w.SOUPS)),
        verbs=tuple(dict.fromkeys(_VERBS[word] for word in known if word in _VERBS)),
        text=clause,
    )


_VERBS = {**w.VERBS, **{past: verb for verb, past in w.PARTICIPLES.items() if past != "gone"}}


def _by_words(known: list[str]) -> Topic:
    """The topic of a clause that only its (respelt) words tell."""
    text = " ".join(known)
    return next((topic for pattern, topic in _rules() if pattern.search(text)), Topic.ANYTHING)
