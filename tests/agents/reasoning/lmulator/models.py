"""Models of a test: answers by a function, and counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from brigade.agents.models import Choice, Completion, Message
from brigade.agents.models.protocol import Engine


class Told(Engine):
    """A model that answers with what a function of its last message gives; choices get all the probability.

    Args:
        say: the value, or for a choice the option (or its probability as the first option).
        name: how it is called.
    """

    def __init__(self, say: Callable[[str], object], name: str = "told") -> None:
        super().__init__(name, remote=False)
        self._say = say
        self.asked: list[str] = []
        self.schemas: list[Mapping[str, Any] | None] = []

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        self.asked.append(messages[-1].content)
        self.schemas.append(schema)
        said = self._say(messages[-1].content)
        text = said if isinstance(said, str) and said.startswith("{") else json.dumps({"value": said})
        return Completion(text, 10, 2, 0.01)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        self.asked.append(messages[-1].content)
        said = self._say(messages[-1].content)
        if isinstance(said, float):
            rest = (1 - said) / (len(options) - 1)
            return Choice((said, *(rest,) * (len(options) - 1)), 10, 0.01)
        return Choice(tuple(float(option == str(said)) for option in options), 10, 0.01)
