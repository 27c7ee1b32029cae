"""A model whose answers come from a file: for tests and demonstrations. Its name, `script:FILE`, shows in every output.

- when: tomato            # a regular expression, looked for in the last message; left out: always
  say: On my way!
- when: orders
  choose: Chop Tomato     # the option to choose
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from brigade.agents.models.protocol import Choice, Completion, Engine, Message, ModelError
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    when: str = ""
    say: str | None = None
    choose: str | None = None


class ScriptedModel(Engine):
    """Answers with the first rule that fits.

    Raises:
        ModelError: the file cannot be read, or is not a list of rules.
    """

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(name, remote=False)
        try:
            data = yaml.safe_load(file.read_text(encoding="utf-8"))
            self._rules = TypeAdapter(list[_Rule]).validate_python(data)
            for rule in self._rules:
                re.compile(rule.when)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, re.error) as error:
            raise ModelError(f"{file}: not a file of scripted answers: {' '.join(str(error).split())}") from None
        self._file = file

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """What the first fitting `say` rule says."""
        for rule in self._fitting(messages):
            if rule.say is not None:
                return Completion(rule.say, 0, 0, 0.0)
        raise ModelError(f"{self._file}: no `say` rule fits {messages[-1].content!r}")

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """Certainty for the first fitting `choose` rule that names an option; else all options alike."""
        for rule in self._fitting(messages):
            if rule.choose in options:
                return Choice(tuple(float(option == rule.choose) for option in options), 0, 0.0)
        return Choice((1 / len(options),) * len(options), 0, 0.0)

    def _fitting(self, messages: Sequence[Message]) -> list[_Rule]:
        return [rule for rule in self._rules if re.search(rule.when, messages[-1].content, re.IGNORECASE)]
