"""Asks a language model for the value at a gap, held to the type that the program needs.

A choice among few values is one forward pass with a probability for each; anything else is JSON that the type's schema
admits. Several samples are drawn by asking in several ways, since models answer greedily. Knows no program but the text
in the query.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from brigade.agents.models import Completion, LanguageModel, Message, ModelError
from brigade.agents.reasoning.lmulator.limits import Allowance
from brigade.agents.reasoning.lmulator.queries import Query, Unanswerable
from brigade.agents.reasoning.lmulator.returns import Unfit
from brigade.agents.reasoning.lmulator.values import Plain, key_of, short

MOST_TOKENS = 256
PROGRAM_LINES = 40
"""Lines of a program that a model is shown, around the one in question."""
STATE_CHARACTERS = 600
Style = Literal["full", "plain", "quiz"]
STYLES: tuple[Style, ...] = ("full", "plain", "quiz")
"""Ways to ask: with question, program and state; the expression alone; as a quiz. Samples take them in turn."""


@cache
def prompt(name: str) -> str:
    """The text of `prompts/NAME.txt`."""
    folder = resources.files("brigade.agents.reasoning.lmulator") / "prompts"
    return (folder / f"{name}.txt").read_text(encoding="utf-8").strip()


@dataclass
class Cost:
    """What was spent on models."""

    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0
    by_model: dict[str, int] = field(default_factory=dict)
    """Calls of each."""

    def note(self, model: str, tokens: int, seconds: float) -> None:
        """Add a call."""
        self.calls += 1
        self.tokens += tokens
        self.seconds += seconds
        self.by_model[model] = self.by_model.get(model, 0) + 1

    def add(self, spent: Mapping[str, Any]) -> None:
        """Add what `to_dict` of another one says."""
        self.calls += spent["model_calls"]
        self.tokens += spent["tokens"]
        self.seconds += spent["model_seconds"]
        for model, calls in spent["by_model"].items():
            self.by_model[model] = self.by_model.get(model, 0) + calls

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "model_calls": self.calls,
            "tokens": self.tokens,
            "model_seconds": round(self.seconds, 4),
            "by_model": dict(self.by_model),
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """Values and their shares, from one way of asking."""

    shares: tuple[tuple[Plain, float], ...]
    sure: bool
    """Whether the shares are the model's own probabilities; a single generated value has none."""


class Asker:
    """A model, what it may cost, and what it has cost."""

    def __init__(self, model: LanguageModel, allowance: Allowance, cost: Cost, first: Style = "full") -> None:
        self.model = model
        self._allowance = allowance
        self._cost = cost
        self._styles = (first, *(style for style in STYLES if style != first))

    def sample(self, query: Query, number: int = 0) -> Sample:
        """One sample of the value.

        Raises:
            Unanswerable: what the model said is not of the type, or it did not answer.
            CallsSpent: it may not be asked.
        """
        style = self._styles[number % len(self._styles)]
        options = query.returns.options()
        try:
            if len(options) == 1:
                return Sample(((options[0], 1.0),), sure=True)
            if options:
                shares = self.shares(messages_for(query, style), [option_text(option) for option in options])
                return Sample(tuple(zip(options, shares, strict=True)), sure=True)
            value = self._generate(query, style)
        except ModelError as error:
            raise Unanswerable(f"line {query.line}: {query.written()}: {error}") from error
        return Sample(((value, 1.0),), sure=False)

    def _generate(self, query: Query, style: Style) -> Plain:
        answer = self.complete(messages_for(query, style), value_schema(query), MOST_TOKENS)
        data = json_in(answer.text)
        try:
            return query.returns.read(data["value"] if isinstance(data, dict) and "value" in data else data)
        except Unfit as error:
            raise Unanswerable(f"line {query.line}: {query.written()}: {self.model.name} said {error}") from None

    def complete(self, messages: Sequence[Message], schema: Mapping[str, object] | None, tokens: int) -> Completion:
        """Ask for a text; counted."""
        self._allowance.take_call()
        answer = self.model.generate(messages, max_tokens=tokens, schema=schema)
        self._note(answer.prompt_tokens + answer.completion_tokens, answer.seconds)
        return answer

    def shares(self, messages: Sequence[Message], options: Sequence[str]) -> tuple[float, ...]:
        """How probable each option is as the answer; counted."""
        self._allowance.take_call()
        choice = self.model.choose(messages, options)
        self._note(choice.prompt_tokens, choice.seconds)
        return choice.probabilities

    def _note(self, tokens: int, seconds: float) -> None:
        self._allowance.take(tokens, seconds)
        self._cost.note(self.model.name, tokens, seconds)


def option_text(value: Plain) -> str:
    """A value as an option that a model chooses: as Python writes it, texts without quotation marks."""
    return value if isinstance(value, str) else repr(value)


def value_schema(query: Query) -> Mapping[str, object]:
    """The schema of `{"value": ...}`."""
    return {
        "type": "object",
        "properties": {"value": query.returns.schema()},
        "required": ["value"],
        "additionalProperties": False,
    }


def json_in(text: str) -> object:
    """The JSON in a model's answer; the text itself if there is none."""
    start, end = text.find("{"), text.rfind("}")
    for part in (text, text[start : end + 1] if start >= 0 else ""):
        try:
            return json.loads(part)
        except ValueError:
            continue
    return text.strip()


def messages_for(query: Query, style: Style) -> list[Message]:
    """The conversation that asks for a value."""
    if style != "full":
        system = Message("system", prompt(f"ask_{style}"), fixed=True)
        return [system, Message("user", _brief(query))]
    return [*_fixed_turns(), Message("user", _full(query))]


@cache
def _fixed_turns() -> tuple[Message, ...]:
    turns = [Message("system", prompt("ask"), fixed=True)]
    for example in prompt("ask_examples").split("\n\n"):
        asked, answer = example.rsplit("\n", 1)
        turns += [Message("user", asked, fixed=True), Message("assistant", answer, fixed=True)]
    return tuple(turns)


def _full(query: Query) -> str:
    lines = [f"Question: {_data(query.question)}"] if query.question else []
    lines += [f"Program:\n{_data(program_around(query.program, query.line))}"]
    lines += [f"Line {query.line}: {_data(query.source_line)}", f"State: {_data(state_text(query.state))}"]
    return "\n".join([*lines, _brief(query)])


def _brief(query: Query) -> str:
    """The function and the expression, or the prose."""
    if query.kind == "gap":
        return f"{_data(query.text)} is, as {query.returns}"
    if query.kind == "fill":
        failed = f"Python cannot: {_data(query.error)}"
        return f"{failed}\nWhat {_data(query.text)} was meant to set ({query.returns}) is"
    if query.kind == "name":
        return f"The value of {_data(query.stub.name)} is, as {query.returns}"
    doc = f": {query.stub.doc}" if query.stub.doc else ""
    return f"{query.stub.head or query.stub.name}{doc}\n{_data(query.written())} is"


def _data(text: str) -> str:
    """Text as data: it cannot end its own quotation."""
    return "«" + text.replace("«", "<").replace("»", ">") + "»"


def program_around(program: str, line: int) -> str:
    """The program, or the lines around the one in question."""
    lines = program.splitlines()
    if len(lines) <= PROGRAM_LINES:
        return program
    first = max(0, min(line - PROGRAM_LINES // 2, len(lines) - PROGRAM_LINES))
    return "\n".join(["...", *lines[first : first + PROGRAM_LINES], "..."])


def state_text(state: Mapping[str, Plain]) -> str:
    """Variables and values, cut short; the last ones are the most telling and are kept."""
    parts: list[str] = []
    length = 0
    for name, value in reversed(list(state.items())):
        part = f"{name!r}: {short(value, 120)}"
        length += len(part) + 2
        if length > STATE_CHARACTERS:
            break
        parts.append(part)
    return "{" + ", ".join(reversed(parts)) + "}"


def combine(samples: Sequence[Sample]) -> tuple[tuple[Plain, float], ...]:
    """Each value with its share over all samples, most first."""
    shares: dict[str, float] = {}
    values: dict[str, Plain] = {}
    for sample in samples:
        for value, share in sample.shares:
            key = key_of(value)
            values.setdefault(key, value)
            shares[key] = shares.get(key, 0.0) + share / len(samples)
    return tuple(sorted(((values[key], share) for key, share in shares.items()), key=lambda pair: -pair[1]))
