"""Solvers: whoever tries a question and answers sub-questions. A language model is a black box here.

A model is unsure of an answer if asking it in another way gives another answer (self-consistency), or, among options,
if its probability is low; no known answer is needed. Source of self-consistency: Wang et al., 2022; models here answer
greedily, so the samples are ways to ask instead of draws.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from brigade.agents.models import LanguageModel, Message, ModelError
from brigade.agents.reasoning.decomposer.computing import WEEKDAYS
from brigade.agents.reasoning.decomposer.plans import Kind, Step
from brigade.agents.reasoning.decomposer.prompting import prompt
from brigade.agents.reasoning.decomposer.scripted import ScriptedAnswer, ScriptedSolver
from brigade.agents.reasoning.lmulator.asking import Asker, Cost
from brigade.agents.reasoning.lmulator.limits import Allowance, CallsSpent
from brigade.agents.reasoning.questions import Question

ANSWER_TOKENS = 20
THINKING_TOKENS = 160
ONE_WAY = 0.5
"""Confidence in an answer that was asked for in one way only."""
_NUMBER = re.compile(r"-?\$?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a solver answered, and how sure it is."""

    answer: str | None
    confidence: float
    """Share of the ways of asking that gave this answer, or the probability of an option."""
    message: str = ""


class Solver(Protocol):
    """Tries questions."""

    @property
    def name(self) -> str:
        """Who it is."""

    def attempt(self, question: Question, cost: Cost) -> Attempt:
        """Answer a whole question."""

    def answer(self, step: Step, text: str, cost: Cost) -> Attempt:
        """Answer a sub-question; `text` has earlier answers put in."""

    def guided(self, question: Question, plan: str, cost: Cost) -> Attempt:
        """Answer a whole question with a plan at hand."""


class ModelSolver:
    """A language model that tries.

    Args:
        model: the model.
        ways: how many ways of asking, 1 to 3.
        thinking: whether it thinks step by step before it answers.
        calls: model calls for one question.
    """

    def __init__(self, model: LanguageModel, *, ways: int = 3, thinking: bool = False, calls: float = 200) -> None:
        self.name = model.name
        self._model = model
        self._ways = ways
        self._thinking = thinking
        self._calls = calls

    def attempt(self, question: Question, cost: Cost) -> Attempt:
        """See Solver.attempt."""
        asker = self._asker(cost)
        try:
            if question.options:
                return _chosen(asker, question)
            if self._thinking:
                return Attempt(_concluded(self._complete(asker, _thinking(question.text), THINKING_TOKENS)), ONE_WAY)
            said = [
                final_answer(self._complete(asker, turns, ANSWER_TOKENS))
                for turns in _ways(question.text)[: self._ways]
            ]
        except (ModelError, CallsSpent) as error:
            return Attempt(None, 0.0, str(error))
        return _agreed(said)

    def answer(self, step: Step, text: str, cost: Cost) -> Attempt:
        """See Solver.answer."""
        try:
            turns = _ways(spoken(step.kind, text))[0]
            return Attempt(final_answer(self._complete(self._asker(cost), turns, ANSWER_TOKENS)), ONE_WAY)
        except (ModelError, CallsSpent) as error:
            return Attempt(None, 0.0, str(error))

    def guided(self, question: Question, plan: str, cost: Cost) -> Attempt:
        """See Solver.guided."""
        turns = [
            Message("system", prompt("guided"), fixed=True),
            Message("user", f"{question.text}\nSteps:\n{plan}"),
        ]
        try:
            return Attempt(_concluded(self._complete(self._asker(cost), turns, THINKING_TOKENS)), ONE_WAY)
        except (ModelError, CallsSpent) as error:
            return Attempt(None, 0.0, str(error))

    def _asker(self, cost: Cost) -> Asker:
        return Asker(self._model, Allowance(self._calls - cost.calls), cost)

    @staticmethod
    def _complete(asker: Asker, turns: Sequence[Message], tokens: int) -> str:
        return asker.complete(turns, None, tokens).text


class Scripted:
    """A scripted solver in the place of a model; a call that it saves is counted like a model's."""

    def __init__(self, solver: ScriptedSolver, name: str = "scripted") -> None:
        self.name = name
        self._solver = solver

    def attempt(self, question: Question, cost: Cost) -> Attempt:
        """See Solver.attempt."""
        return self._noted(self._solver.attempt(question.text), cost)

    def answer(self, step: Step, text: str, cost: Cost) -> Attempt:
        """See Solver.answer."""
        return self._noted(self._solver.answer(step, text), cost)

    def guided(self, question: Question, plan: str, cost: Cost) -> Attempt:
        """See Solver.guided: it has to do all steps in its head all the same."""
        return self._noted(self._solver.attempt(question.text), cost)

    def _noted(self, said: ScriptedAnswer, cost: Cost) -> Attempt:
        cost.note(self.name, 0, 0.0)
        return Attempt(said.answer, said.confidence)


def spoken(kind: Kind, text: str) -> str:
    """A sub-question as a person would ask it."""
    if kind is Kind.CALC:
        return f"What is {text}?"
    if kind is Kind.FACT:
        return f"What is the number of {text}?" if " of " in text else f"What is {text}?"
    if kind is Kind.DATE:
        return f"What is {text}?" if not text.lower().startswith(("count", "leap")) else f"{text[0].upper()}{text[1:]}?"
    return text


def _ways(question: str) -> list[list[Message]]:
    """Ways to ask the same thing."""
    examples = []
    for example in prompt("direct_examples").split("\n\n"):
        asked, answer = example.split("\n")
        examples += [Message("user", asked, fixed=True), Message("assistant", answer, fixed=True)]
    system = Message("system", prompt("direct"), fixed=True)
    return [
        [system, *examples, Message("user", question)],
        [system, Message("user", question)],
        [Message("user", prompt("plain").replace("{question}", question))],
    ]


def _thinking(question: str) -> list[Message]:
    return [Message("system", prompt("think"), fixed=True), Message("user", question)]


def _chosen(asker: Asker, question: Question) -> Attempt:
    labels = list(question.options)
    shares = asker.shares([Message("system", prompt("direct"), fixed=True), Message("user", question.text)], labels)
    best = max(range(len(labels)), key=shares.__getitem__)
    return Attempt(labels[best], shares[best])


def _agreed(said: Sequence[str]) -> Attempt:
    counted = Counter(said)
    answer, count = counted.most_common(1)[0]
    return Attempt(answer, count / len(said) if len(said) > 1 else ONE_WAY)


def final_answer(text: str) -> str:
    """The answer in a short reply: the last number, the last day of the week, yes or no, or the first line."""
    numbers: list[str] = _NUMBER.findall(text)
    if numbers:
        return numbers[-1].replace(",", "").replace("$", "")
    days = [word for word in map(str, re.findall(r"[A-Za-z]+", text)) if word.capitalize() in WEEKDAYS]
    if days:
        return days[-1].capitalize()
    truth = re.match(r"\W*(yes|no)\b", text, re.IGNORECASE)
    if truth:
        return truth[1].capitalize()
    return (text.strip().splitlines() or [""])[0].strip(" .*\"'")


def _concluded(text: str) -> str:
    """What follows the last "Answer:"; the last number where nothing is marked so."""
    return final_answer(re.split(r"[Aa]nswer\s*(?:is|:)", text)[-1])
