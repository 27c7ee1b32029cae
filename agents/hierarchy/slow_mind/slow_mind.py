"""The Slow Mind: what did the partner mean, and what to say.

Source: HLA's intention reasoning (Ei) and chat (El). Differences: the answer is a typed intent by constrained
decoding instead of a rewritten sentence; messages that the lexicon accounts for word by word cost no model call;
whether a demand is satisfied is counted from what the Executor reports (`Agenda`) instead of asked of the model; the
facts for a reply are computed, and the model only words them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from brigade.agents.hierarchy.demands import Verdict
from brigade.agents.hierarchy.habits import habits_of
from brigade.agents.hierarchy.intent import Agenda, Intent, Kind, intent_schema
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind.compact import compact_schema, in_compact, read_answer
from brigade.agents.hierarchy.slow_mind.facts import compose_facts
from brigade.agents.hierarchy.slow_mind.faithful import is_faithful
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.agents.hierarchy.slow_mind.respelling import respelt
from brigade.agents.models import LanguageModel, Message
from brigade.envs.kitchen import HlaView
from pydantic import BaseModel, ConfigDict

MAX_MESSAGE = 400
"""Characters of a message that a model is shown."""
TIDY_LENGTH = 2000
"""Characters of a message that are looked at; more than anyone says."""
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
    topics: tuple[str, ...] = ()
    """What it is about."""
    by: str = "plain"
    """`model` if it is the model's wording."""


class SlowHabits(BaseModel):
    """How a model is asked: an untrained one by default; a fine-tuned one brings its own in `brigade.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trained: bool = False
    """Whether it has learned to answer in few words (`compact`), without rules, examples and a guess."""
    words_replies: bool = True
    """Whether it words replies; else the facts are said plainly."""


def slow_habits(model_name: str) -> SlowHabits:
    """How the model of this name is asked; raises ModelError if its adapter says nonsense."""
    return habits_of(model_name, "slow_mind", SlowHabits)


def trained_turns(message: str, orders: Sequence[str], previous: Intent | None) -> list[Message]:
    """What a trained model is shown of a message."""
    lines = [f"Orders: {', '.join(orders) or 'none'}"]
    if previous is not None and previous.demands:
        lines.append(f"Before: {in_compact(previous)}")
    lines.append(f"Message: {respelt(message[:MAX_MESSAGE])}")
    return [Message("system", prompt("intent_trained"), fixed=True), Message("user", "\n".join(lines))]


class SlowMind:
    """Understands and answers with a language model.

    Args:
        model: any model; None leaves everything to the lexicon.
        lexicon: whether messages that the lexicon is certain of skip the model.
        habits: how the model is asked; by default as its adapter says.

    Raises:
        ModelError: the adapter's `brigade.json` does not describe habits.
    """

    def __init__(self, model: LanguageModel | None, *, lexicon: bool = True, habits: SlowHabits | None = None) -> None:
        self.model = model
        self.habits = habits or (SlowHabits() if model is None else slow_habits(model.name))
        self._lexicon = lexicon
        self._intent_rules = _with_examples("intent")
        self._reply_rules = _with_examples("reply")

    async def interpret(
        self, message: str, *, orders: Sequence[str] = (), previous: Intent | None = None
    ) -> Understanding:
        """What a message means.

        Args:
            message: what was said.
            orders: names of the open orders, oldest first.
            previous: the intent of the message before.
        """
        start = time.perf_counter()
        reading = read(message, previous)
        if self.model is None or (self._lexicon and reading.certain):
            return Understanding(reading.intent, "lexicon", time.perf_counter() - start)
        if self.habits.trained:
            turns = trained_turns(message, orders, previous)
            answer = await self.model.agenerate(turns, max_tokens=INTENT_TOKENS, schema=compact_schema())
            return Understanding(read_answer(answer.text), "model", time.perf_counter() - start)
        lines = [f"Message: {message[:MAX_MESSAGE]}", f"Guess: {_compact(reading.intent)}"]
        if previous is not None and previous.demands:
            lines.insert(0, f"Before: {_compact(previous)}")
        if orders:
            lines.insert(0, f"Orders: {', '.join(orders)}")
        turns = [*self._intent_rules, Message("user", "\n".join(lines))]
        answer = await self.model.agenerate(turns, max_tokens=INTENT_TOKENS, schema=intent_schema())
        return Understanding(_parse(answer.text), "model", time.perf_counter() - start)

    async def reply(
        self,
        message: str,
        intent: Intent,
        view: HlaView,
        agenda: Agenda,
        *,
        situation: Situation | None = None,
        verdicts: Sequence[Verdict] | None = None,
    ) -> Reply:
        """A sentence for the partner about their message.

        The model words the facts; where it leaves one out or makes one up, they are said plainly.

        Args:
            message: what was said.
            intent: what it means.
            view: the kitchen now.
            agenda: the demands that are open, this message's among them.
            situation: all that the cook knows; cook 0 with empty hands and no history by default.
            verdicts: what becomes of this message's demands; judged here by default.
        """
        start = time.perf_counter()
        known = situation or Situation(view, 0, agenda)
        to_say = compose_facts(tidy(message), intent, known, verdicts)
        if self.model is None or not self.habits.words_replies:
            return Reply(to_say.plain, time.perf_counter() - start, to_say.topics)
        said = Message("user", f"Partner: {tidy(message)[:MAX_MESSAGE]}\nFacts: {to_say.facts}")
        answer = await self.model.agenerate([*self._reply_rules, said], max_tokens=REPLY_TOKENS, stop=("\n",))
        text = answer.text.strip().strip('"')
        trusted = answer.completion_tokens < REPLY_TOKENS and is_faithful(text, to_say.facts)
        spoken = text if trusted else to_say.plain
        return Reply(spoken, time.perf_counter() - start, to_say.topics, "model" if trusted else "plain")


def tidy(message: str) -> str:
    """A message as one line: control characters and runs of white space are one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in message[:TIDY_LENGTH]).split())


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
