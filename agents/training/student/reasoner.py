"""The student of reasoning questions: a program where there is one for the family, else the model's own answer.

Its general ability are the programs and the model. What lessons say reaches a program as facts that come before the
model, and a model as text in its prompt. Knows no teacher and no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from brigade.agents.models import LanguageModel, Message, ModelError
from brigade.agents.reasoning.lmulator import End, Lmulator, Memo, Result
from brigade.agents.reasoning.lmulator import Settings as RunSettings
from brigade.agents.reasoning.lmulator.asking import Asker, Cost, json_in
from brigade.agents.reasoning.lmulator.limits import Allowance, CallsSpent
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.writing import (
    Collection,
    Family,
    Written,
    family_of,
    shipped_families,
)
from brigade.agents.reasoning.questions import Question
from brigade.agents.training.student.checking import passes
from brigade.agents.training.student.knowing import facts_used, knowledge_of
from brigade.agents.training.student.lessons import Lesson
from brigade.agents.training.student.relevant import lines_for

ANSWER_TOKENS = 48
RUN = RunSettings(traced=False, repairs=0, calls=60, style="plain")
"""How programs run; small models answer best when asked for the expression alone."""
_ANSWER = {
    "type": "object",
    "properties": {"answer": {"type": "string", "maxLength": 60}},
    "required": ["answer"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Attempt:
    """An answer, how sure the student is of it, and on what it rests."""

    answer: str | None
    confidence: float | None = None
    """None where it cannot tell."""
    way: str = "none"
    """`program`, `model`, or `none`."""
    used: tuple[str, ...] = ()
    """Ids of the lessons it rested on."""
    facts: tuple[str, ...] = ()
    """The facts and rules of these lessons that it used, as they are written."""
    calls: int = 0
    """Model calls."""


@cache
def prompt(name: str) -> str:
    """The text of `prompts/NAME.txt`."""
    folder = resources.files("brigade.agents.training.student") / "prompts"
    return (folder / f"{name}.txt").read_text(encoding="utf-8").strip()


def turns_for(question: Question, lessons: Sequence[Lesson]) -> list[Message]:
    """What a model is shown that answers by itself."""
    told = lines_for(question.text, lessons)
    system = prompt("with_lessons") + "\n" + "\n".join(told) if told else prompt("alone")
    return [Message("system", system, fixed=not told), Message("user", f"Question: {question.text}")]


@cache
def student_families() -> tuple[Family, ...]:
    """The programs that the student has from the start: its own, and those of the LMulator."""
    folder = resources.files("brigade.agents.training.student") / "programs"
    texts = sorted((each.name.removesuffix(".txt"), each.read_text(encoding="utf-8")) for each in folder.iterdir())
    return (*(family_of(name, text) for name, text in texts), *shipped_families())


@dataclass
class ReasoningStudent:
    """Answers questions.

    The memo is kept between questions: the model is asked the same thing once, as it would answer the same again.
    """

    model: LanguageModel | None
    """None: what no program and no lesson knows stays unanswered."""
    families: tuple[Family, ...] = field(default_factory=student_families)
    memo: Memo = field(default_factory=Memo)
    speaks: bool = True
    """Whether the model answers by itself where there is no program."""

    def program_for(self, question: Question, lessons: Sequence[Lesson] = ()) -> Written | None:
        """The program that fits a question: its own, or that of a lesson."""
        learned = tuple(family_of(f"lesson {each.id}", each.program) for each in lessons if each.program)
        return Collection((*self.families, *learned)).write(question.text, Library())

    def attempt(self, question: Question, lessons: Sequence[Lesson] = ()) -> Attempt:
        """Answer a question with the help of these lessons.

        An answer that a lesson's check refuses is withdrawn, and the student answers without that lesson.
        """
        attempt = self._attempt(question, lessons)
        for lesson in lessons:
            checked = lesson.check and lesson.id in attempt.used and attempt.answer is not None
            if checked and passes(lesson.check, question.text, attempt.answer or "") is False:
                return self.attempt(question, [each for each in lessons if each is not lesson])
        return attempt

    def _attempt(self, question: Question, lessons: Sequence[Lesson]) -> Attempt:
        written = self.program_for(question, lessons)
        if written is not None:
            return self._run(question, written, lessons)
        if self.model is None or not self.speaks:
            return Attempt(None)
        return self._say(self.model, question, [each for each in lessons if each.summary or each.knowledge])

    def _run(self, question: Question, written: Written, lessons: Sequence[Lesson]) -> Attempt:
        runner = Lmulator(self.model, knowledge=knowledge_of(lessons), memo=self.memo, settings=RUN)
        result = runner.run(written.program, question=question.text, state=written.state)
        said = answer_text(result.answer) if result.end is End.ANSWERED else None
        return _attempt_of(said, result, written, lessons)

    @staticmethod
    def _say(model: LanguageModel, question: Question, lessons: Sequence[Lesson]) -> Attempt:
        cost = Cost()
        asker = Asker(model, Allowance(4), cost)
        turns = turns_for(question, lessons)
        used = tuple(each.id for each in lessons)
        try:
            if question.options:
                labels = list(question.options)
                shares = asker.shares(turns, labels)
                best = max(range(len(labels)), key=shares.__getitem__)
                return Attempt(labels[best], shares[best], "model", used, calls=cost.calls)
            data = json_in(asker.complete(turns, _ANSWER, ANSWER_TOKENS).text)
        except (ModelError, CallsSpent):
            return Attempt(None, None, "model", used, calls=cost.calls)
        said = data.get("answer") if isinstance(data, dict) else data
        return Attempt(str(said), None, "model", used, calls=cost.calls)


def _attempt_of(said: str | None, result: Result, written: Written, lessons: Sequence[Lesson]) -> Attempt:
    used = facts_used(result)
    by_lesson = [each.id for each in lessons if written.by == f"collection:lesson {each.id}"]
    return Attempt(
        said,
        result.confidence,
        "program",
        tuple(dict.fromkeys([*by_lesson, *(name for name, _ in used)])),
        tuple(fact for _, fact in used),
        int(result.cost.get("model_calls", 0)),
    )
