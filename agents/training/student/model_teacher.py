"""A teacher that is a language model: it is shown failures and returns a lesson in a schema.

Where the student's program asks for facts, the teacher is asked for the same facts, each held to the type that the
program declares. What it says is believed by nobody before the acceptance.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brigade.agents.models import LanguageModel, Message, ModelError
from brigade.agents.reasoning.lmulator.returns import Returns, Unfit
from brigade.agents.reasoning.lmulator.writing import family_of
from brigade.agents.training.student.lessons import Atom, LearnedFact, Lesson, Trigger
from brigade.agents.training.student.reasoner import prompt
from brigade.agents.training.student.teaching import Answered, telling_words
from brigade.agents.training.student.trials import Key, first_value, run_trial

TRUST = 0.7
"""Confidence of what a model says; models rarely know how sure they are."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a teacher may say."""

    failures: int = 6
    """Failures that it is shown at a time."""
    asked: int = 16
    """Facts that it is asked for at a time."""
    lines: int = 5
    """Sentences of each section."""
    characters: int = 200
    """Of a sentence."""
    code: bool = True
    """Whether it may write a check and a program."""
    tokens: int = 1500


BRIEF = Extent(failures=2, asked=6, lines=1, characters=60, code=False, tokens=220)
"""For models of a few hundred million parameters, which say little that is true and take long."""


@dataclass
class ModelTeacher:
    """Asks a model for a lesson about the failures of a family."""

    model: LanguageModel
    extent: Extent = Extent()
    troubles: list[str] = field(default_factory=list)
    """What came instead of lessons, a line each."""

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def teach(self, family: str, answered: Sequence[Answered]) -> list[Lesson]:
        """See Teacher.teach; one lesson at most."""
        failures = [each for each in answered if not each.right][-self.extent.failures :]
        if not failures:
            return []
        asked = self._asked(failures)
        try:
            said = self.model.generate(
                self._messages(failures, asked), max_tokens=self.extent.tokens, schema=self._schema(asked)
            )
            data = json.loads(said.text)
        except (ModelError, ValueError) as error:
            self.troubles.append(f"{family}: {self.name}: {' '.join(str(error).split())}")
            return []
        lesson = self._lesson(family, failures, asked, data if isinstance(data, dict) else {})
        return [] if lesson.is_empty() else [lesson]

    def _asked(self, failures: Sequence[Answered]) -> dict[Key, Returns]:
        """What the student's programs ask for on these questions."""
        asked: dict[Key, Returns] = {}
        for each in failures:
            if each.written is not None:
                asked |= run_trial(each.written, each.exercise.question.text, {}, first_value).asked
        return dict(list(asked.items())[: self.extent.asked])

    def _messages(self, failures: Sequence[Answered], asked: Mapping[Key, Returns]) -> list[Message]:
        shown = [
            f"Question: {_data(each.exercise.question.text)}\n"
            f"The student said: {_data(each.attempt.answer or 'nothing')}\n"
            f"Right is: {_data(each.exercise.gold)}"
            for each in failures
        ]
        if asked:
            shown.append("In `facts`, say what these are: " + ", ".join(map(call_of, asked)))
        system = prompt("teach") + ("\n" + prompt("teach_code") if self.extent.code else "")
        return [Message("system", system, fixed=True), Message("user", "\n\n".join(shown))]

    def _schema(self, asked: Mapping[Key, Returns]) -> dict[str, Any]:
        line = {"type": "string", "maxLength": self.extent.characters}
        lines = {"type": "array", "items": line, "minItems": 1, "maxItems": self.extent.lines}
        properties: dict[str, Any] = {"learning_summary": lines, "supplementary_knowledge": lines}
        if asked:
            facts = {call_of(key): dict(returns.schema()) for key, returns in asked.items()}
            properties["facts"] = _object(facts)
        if self.extent.code:
            code = {"type": "string", "maxLength": 4000}
            properties |= {"check": code, "program": code}
        return _object(properties)

    def _lesson(
        self, family: str, failures: Sequence[Answered], asked: Mapping[Key, Returns], data: Mapping[str, Any]
    ) -> Lesson:
        sources = tuple(each.exercise.question.id for each in failures)
        values = data.get("facts")
        facts = _facts(values if isinstance(values, dict) else {}, asked, sources, self.name)
        texts = [each.exercise.question.text for each in failures]
        return Lesson(
            topic=family,
            trigger=Trigger(failures[0].pattern, telling_words(texts)),
            summary=_lines(data.get("learning_summary")),
            knowledge=(*_lines(data.get("supplementary_knowledge")), *map(str, facts)),
            author=self.name,
            sources=sources,
            facts=facts,
            check=_text(data.get("check")),
            program=_usable(_text(data.get("program"))),
        )


def call_of(key: Key) -> str:
    """What is asked, as a program would write it."""
    return f"{key[0]}({', '.join(map(repr, key[1]))})"


def _facts(
    values: Mapping[str, Any], asked: Mapping[Key, Returns], sources: tuple[str, ...], author: str
) -> tuple[LearnedFact, ...]:
    facts = []
    for key, returns in asked.items():
        try:
            value = returns.read(values.get(call_of(key)))
        except Unfit:
            continue
        if isinstance(value, Atom):
            facts.append(LearnedFact(*key, value, TRUST, sources, author))
    return tuple(facts)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _lines(value: object) -> tuple[str, ...]:
    lines = value if isinstance(value, list) else []
    return tuple(" ".join(str(line).split()) for line in lines if str(line).strip())


def _text(value: object) -> str:
    return value if isinstance(value, str) and value.strip() else ""


def _usable(program: str) -> str:
    """The program, if its first line says which questions it is for."""
    try:
        family_of("a lesson's program", program)
    except (ValueError, re.error):
        return ""
    return program


def _data(text: str) -> str:
    return "«" + text.replace("«", "<").replace("»", ">") + "»"
