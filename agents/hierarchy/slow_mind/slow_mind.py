"""The Slow Mind: what did the partner mean, and what to say.

Source: HLA's intention reasoning (Ei) and chat (El). Differences: the answer is a typed intent by constrained
decoding instead of a rewritten sentence; messages that the lexicon accounts for word by word cost no model call;
whether a demand is satisfied is counted from what the Executor reports (`Agenda`) instead of asked of the model; the
facts for a reply are computed, and the model only words them.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from brigade.agents.hierarchy.describe import orders_in_words, pots_in_words
from brigade.agents.hierarchy.executor import Verb
from brigade.agents.hierarchy.intent import Agenda, Demand, Intent, Kind, intent_schema
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.agents.models import LanguageModel, Message
from brigade.envs.kitchen import HlaView

MAX_MESSAGE = 400
"""Characters of a message that a model is shown."""
INTENT_TOKENS = 160
REPLY_TOKENS = 96


@dataclass(frozen=True, slots=True)
class Understanding:
    """An intent, who found it, and how long it took."""

    intent: Intent
    by: str
    """`lexicon`, `model`, or `program`."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said back."""

    text: str
    seconds: float


class SlowMind:
    """Understands and answers with a language model.

    Args:
        model: any model; None leaves everything to the lexicon.
        lexicon: whether messages that the lexicon is certain of skip the model.
    """

    def __init__(self, model: LanguageModel | None, *, lexicon: bool = True) -> None:
        self.model = model
        self._lexicon = lexicon
        self._intent_rules = _with_examples("intent")
        self._reply_rules = _with_examples("reply")

    async def interpret(
        self, message: str, *, orders: Sequence[str] = (), previous: Intent | None = None, view: HlaView | None = None
    ) -> Understanding:
        """What a message means.

        Args:
            message: what was said.
            orders: names of the open orders, oldest first.
            previous: the intent of the message before.
            view: the kitchen now, if messages about quantities and conditions are to be counted out.
        """
        start = time.perf_counter()
        counted = await asyncio.to_thread(_by_program, message, view, self.model) if view is not None else None
        if counted is not None:
            return Understanding(counted, "program", time.perf_counter() - start)
        reading = read(message, previous)
        if self.model is None or (self._lexicon and reading.certain):
            return Understanding(reading.intent, "lexicon", time.perf_counter() - start)
        lines = [f"Message: {message[:MAX_MESSAGE]}", f"Guess: {_compact(reading.intent)}"]
        if previous is not None and previous.demands:
            lines.insert(0, f"Before: {_compact(previous)}")
        if orders:
            lines.insert(0, f"Orders: {', '.join(orders)}")
        turns = [*self._intent_rules, Message("user", "\n".join(lines))]
        answer = await self.model.agenerate(turns, max_tokens=INTENT_TOKENS, schema=intent_schema())
        return Understanding(_parse(answer.text), "model", time.perf_counter() - start)

    async def reply(self, message: str, intent: Intent, view: HlaView, agenda: Agenda) -> Reply:
        """A sentence for the partner about their message.

        The model words the facts; where it leaves one out or makes one up, they are said plainly.
        """
        start = time.perf_counter()
        facts = facts_for(intent, view, agenda)
        if self.model is None:
            return Reply(facts, time.perf_counter() - start)
        said = Message("user", f"Partner: {message[:MAX_MESSAGE]}\nFacts: {facts}")
        answer = await self.model.agenerate([*self._reply_rules, said], max_tokens=REPLY_TOKENS, stop=("\n",))
        text = answer.text.strip('"')
        whole = answer.completion_tokens < REPLY_TOKENS
        return Reply(text if whole and is_faithful(text, facts) else facts, time.perf_counter() - start)


def _by_program(message: str, view: HlaView, model: LanguageModel | None) -> Intent | None:
    """The intent of a message about quantities or conditions; None for others. Reads files when first called."""
    from brigade.agents.hierarchy.slow_mind.counting import demands_by_program

    return demands_by_program(message, view, model)


def facts_for(intent: Intent, view: HlaView, agenda: Agenda) -> str:
    """What a reply must say, true and complete, as a plain sentence."""
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


_FACT = re.compile(r"\d+|\b(?:alice|bob|cathy|david|tomato|lettuce|onion|fire|plat|serv|cook|chop|drop|prepar|stop)")


def is_faithful(reply: str, facts: str) -> bool:
    """Whether a reply says something, and names exactly the numbers, foods, soups and actions of the facts."""
    return bool(reply) and set(_FACT.findall(reply.lower())) == set(_FACT.findall(facts.lower()))


def _with_examples(name: str) -> list[Message]:
    """A prompt and its examples as fixed messages; the last line of an example is the answer."""
    messages = [Message("system", prompt(name), fixed=True)]
    for example in prompt(f"{name}_examples").split("\n\n"):
        said, answer = example.rsplit("\n", 1)
        messages += [Message("user", said, fixed=True), Message("assistant", answer, fixed=True)]
    return messages


def _compact(intent: Intent) -> str:
    return json.dumps(intent.to_dict(), separators=(",", ":"))


def _parse(text: str) -> Intent:
    """The intent in a model's answer; nothing to do if there is none."""
    start, end = text.find("{"), text.rfind("}")
    try:
        return Intent.from_dict(json.loads(text[start : end + 1]))
    except ValueError:
        return Intent(Kind.NONE)
