"""A teacher that is a language model: it is shown failures and returns a lesson in a schema.

Where the student's program asks for facts, the teacher is asked for the same facts, each held to the type that the
program declares. What it says is believed by nobody before the acceptance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from brigade.agents.models import LanguageModel, Message, ModelError
from brigade.agents.reasoning.lmulator.returns import Returns
from brigade.agents.reasoning.lmulator.writing import family_of
from brigade.agents.training.student.lessons import Atom, LearnedFact, Lesson, Trigger
from brigade.agents.training.student.reasoner import prompt
from brigade.agents.training.student.said import Extent, NoLesson, Said, read_said, schema
from brigade.agents.training.student.teaching import Answered, telling_words
from brigade.agents.training.student.trials import Key, first_value, run_trial

TRUST = 0.7
"""Confidence of what a model says; models rarely know how sure they are."""


BRIEF = Extent(failures=2, asked=6, lines=1, characters=60, code=False, tokens=220)
"""For models of a few hundred million parameters, which say little that is true and take long."""


@dataclass
class ModelTeacher:
    """Asks a model for a lesson about the failures of a family."""

    model: LanguageModel
    extent: Extent = field(default_factory=Extent)
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
        calls = {call_of(key): returns for key, returns in asked.items()}
        try:
            answer = self.model.generate(
                self._messages(failures, asked), max_tokens=self.extent.tokens, schema=schema(self.extent, calls)
            )
            said, values = read_said(answer.text, self.extent, calls)
        except (ModelError, NoLesson) as error:
            self.troubles.append(f"{family}: {self.name}: {' '.join(str(error).split())}")
            return []
        lesson = self._lesson(
            family, failures, said, {key: values[call_of(key)] for key in asked if call_of(key) in values}
        )
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

    def _lesson(self, family: str, failures: Sequence[Answered], said: Said, values: Mapping[Key, Atom]) -> Lesson:
        sources = tuple(each.exercise.question.id for each in failures)
        facts = tuple(LearnedFact(*key, value, TRUST, sources, self.name) for key, value in values.items())
        texts = [each.exercise.question.text for each in failures]
        return Lesson(
            topic=family,
            trigger=Trigger(failures[0].pattern, telling_words(texts)),
            summary=_lines(said.learning_summary),
            knowledge=(*_lines(said.supplementary_knowledge), *map(str, facts)),
            author=self.name,
            sources=sources,
            facts=facts,
            check=said.check if said.check.strip() else "",
            program=_usable(said.program),
        )


def call_of(key: Key) -> str:
    """What is asked, as a program would write it."""
    return f"{key[0]}({', '.join(map(repr, key[1]))})"


def _lines(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def _usable(program: str) -> str:
    """The program, if its first line says which questions it is for."""
    if not program.strip():
        return ""
    try:
        family_of("a lesson's program", program)
    except (ValueError, re.error):
        return ""
    return program


def _data(text: str) -> str:
    return "«" + text.replace("«", "<").replace("»", ">") + "»"
