"""What a mind that is alone works with: the moment, what people have said and it has not done yet, what it did since.

A lone mind has no typed intents: a message stays open, word for word, until the mind itself believes that it is
satisfied, or has been asked that often enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from brigade.agents.hierarchy.executor import Macro
from brigade.agents.hierarchy.fast_mind import Decision
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.models import LanguageModel, Message
from brigade.envs.kitchen import HlaView

MAX_JUDGED = 15
"""Published: a message is given up after it was judged unsatisfied so often."""
MAX_OPEN = 2
"""Messages that are kept in mind; older ones are forgotten."""
MAX_DONE = 12
"""Macro actions done since a message that are recalled, the latest."""
MAX_BYTES = 240
"""Of a message, shown to a model: a token is at least a byte, and prompts of small models are short."""
REPLY_TOKENS = 32
"""Published: a chat message of at most 20 words."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message that is still open."""

    text: str
    done: tuple[str, ...] = ()
    """Names of the macro actions finished since, in order."""
    judged: int = 0
    """How often it was judged unsatisfied."""

    def after(self, macro: Macro) -> Said:
        """The message once another macro action is done."""
        return replace(self, done=(*self.done, macro.name)[-MAX_DONE:])

    @property
    def since(self) -> str:
        """What was done since, in words."""
        counts = {name: self.done.count(name) for name in dict.fromkeys(self.done)}
        return ", ".join(name if count == 1 else f"{name} {count} times" for name, count in counts.items()) or "nothing"


@dataclass(frozen=True)
class Situation:
    """A moment as a lone mind decides on it."""

    view: HlaView
    cook: int
    legal: tuple[Macro, ...]
    """Macro actions that can begin and did not just fail."""
    said: tuple[Said, ...] = ()
    """Open messages, oldest first."""
    partners: Mapping[int, Belief] = field(default_factory=dict)
    """What each partner seems to be at."""


class LoneMind(Protocol):
    """A mind that does everything alone."""

    async def choose(self, situation: Situation) -> Decision | None:
        """The next macro action; None to wait."""

    async def satisfied(self, said: Said) -> bool:
        """Whether what was said has been done."""

    async def reply(self, text: str, situation: Situation) -> str:
        """What to say back to a message; empty for nothing."""


def cut(text: str) -> str:
    """As much of a message as a model is shown."""
    return text.encode()[:MAX_BYTES].decode(errors="ignore")


def about(said: Said) -> str:
    """A message and what was done since."""
    return f'Your partner said: "{cut(said.text)}"\nSince then you have done: {said.since}.'


def with_examples(name: str) -> list[Message]:
    """A prompt and its examples as fixed messages; the last line of an example is the answer."""
    turns = [Message("system", prompt(name), fixed=True)]
    for example in prompt(f"{name}_examples").split("\n\n"):
        shown, answer = example.rsplit("\n", 1)
        turns += [Message("user", shown, fixed=True), Message("assistant", answer, fixed=True)]
    return turns


async def yes(model: LanguageModel, turns: Sequence[Message]) -> bool:
    """Whether the model rather says Yes than No."""
    choice = await model.achoose(turns, ("Yes", "No"))
    return choice.best == 0


def first_line(text: str) -> str:
    """What a model said, without quotation marks and whatever it added below."""
    lines = [line.strip().strip('"') for line in text.splitlines() if line.strip()]
    return lines[0] if lines else ""
