"""Answers questions, in one of several ways: directly, by a program, or whichever of them suits.

A way is a `Strategy`; `STRATEGIES` names those that there are, so that another (decomposing a question) is one entry
more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from brigade.agents.models import LanguageModel, Message, ModelError
from brigade.agents.reasoning.lmulator import End, Lmulator
from brigade.agents.reasoning.lmulator.asking import Asker, Cost, json_in, prompt
from brigade.agents.reasoning.lmulator.limits import Allowance, CallsSpent
from brigade.agents.reasoning.lmulator.queries import Unanswerable
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.reasoning.lmulator.writing import Collection, FirstOf, Writer, writer_of
from brigade.agents.reasoning.questions import Question

DIRECT_TOKENS = 96


@dataclass(frozen=True)
class Solved:
    """An answer to a question, and how it came about."""

    answer: str | None
    """None where there is none; then `message` says why."""
    strategy: str
    cost: Cost
    confidence: float | None = None
    message: str = ""
    trace: Mapping[str, Any] = field(default_factory=dict)


class Strategy(Protocol):
    """A way to answer."""

    def solve(self, question: Question) -> Solved:
        """The answer to a question."""


@dataclass(frozen=True)
class Means:
    """What strategies work with."""

    model: LanguageModel
    lmulator: Lmulator
    """Runs the programs; its model is the same."""
    families: Collection = field(default_factory=Collection)
    """Programs that are there already; where none fits, the model writes one."""
    calls: float = 200
    """Model calls for one question."""
    writer: LanguageModel | None = None
    """Writes programs; by default the model does."""


class Direct:
    """The model answers in one go; among given options it chooses."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def solve(self, question: Question) -> Solved:
        """See Strategy.solve."""
        cost = Cost()
        asker = Asker(self._means.model, Allowance(self._means.calls), cost)
        turns = [Message("system", prompt("direct"), fixed=True), Message("user", f"Question: {question.text}")]
        try:
            if question.options:
                labels = list(question.options)
                shares = asker.shares(turns, labels)
                best = max(range(len(labels)), key=shares.__getitem__)
                return Solved(labels[best], "direct", cost, shares[best])
            data = json_in(asker.complete(turns, _ANSWER, DIRECT_TOKENS).text)
        except (ModelError, CallsSpent) as error:
            return Solved(None, "direct", cost, message=str(error))
        said = data.get("answer") if isinstance(data, dict) else data
        return Solved(str(said), "direct", cost)


_ANSWER = {
    "type": "object",
    "properties": {"answer": {"type": "string", "maxLength": 120}},
    "required": ["answer"],
    "additionalProperties": False,
}


class Code:
    """A program answers, and the LMulator runs it."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def solve(self, question: Question) -> Solved:
        """See Strategy.solve."""
        cost = Cost()
        library = self._means.lmulator.library
        try:
            written = self._writer(cost).write(question.text, library)
        except (ModelError, CallsSpent, Unanswerable) as error:
            return Solved(None, "code", cost, message=str(error))
        if written is None:
            return Solved(None, "code", cost, message="nobody wrote a program for it")
        result = self._means.lmulator.run(written.program, question=question.text, state=written.state)
        cost.add(result.cost)
        said = answer_text(result.answer) if result.end is End.ANSWERED else None
        trace = {"written_by": written.by, **result.to_dict()}
        return Solved(said, "code", cost, result.confidence, result.message, trace)

    def _writer(self, cost: Cost) -> Writer:
        asker = Asker(self._means.writer or self._means.model, Allowance(self._means.calls), cost)
        return FirstOf(self._means.families, writer_of(asker))


class Auto:
    """By a program where there is one or the model can write it, directly where no program comes to an answer."""

    def __init__(self, means: Means) -> None:
        self._code = Code(means)
        self._direct = Direct(means)

    def solve(self, question: Question) -> Solved:
        """See Strategy.solve."""
        solved = self._code.solve(question)
        if solved.answer is not None:
            return solved
        direct = self._direct.solve(question)
        direct.cost.add(solved.cost.to_dict())
        reason = f"no program: {solved.message}"
        return Solved(direct.answer, "direct", direct.cost, direct.confidence, direct.message or reason, direct.trace)


STRATEGIES: Mapping[str, Callable[[Means], Strategy]] = {"direct": Direct, "code": Code, "auto": Auto}
"""Every way to answer, by its name."""
