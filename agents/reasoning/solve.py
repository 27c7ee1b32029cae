"""Answers questions, in one of several ways: directly, by a program, by decomposing, or whichever of them suits.

A way is a `Strategy`; `STRATEGIES` names those that there are, so that another is one entry more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from brigade.agents.models import LanguageModel, Message, ModelError
from brigade.agents.reasoning.choosing import Chooser, Signs, after, can_write
from brigade.agents.reasoning.decomposer import Attempt, Decomposer, Habits, ModelProposer, ModelSolver
from brigade.agents.reasoning.decomposer.knowing import call_of
from brigade.agents.reasoning.decomposer.routing import LOOKED_UP, Router
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
    decomposer: LanguageModel | None = None
    """Writes plans; None: the model itself does, with instructions."""
    habits: Habits = field(default_factory=Habits)
    """How questions are decomposed."""


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


class Decompose:
    """The model tries; where it is unsure, a decomposer splits the question."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def solve(self, question: Question) -> Solved:
        """See Strategy.solve."""
        return self.go_on(question, Cost(), None)

    def go_on(self, question: Question, cost: Cost, first: Attempt | None) -> Solved:
        """The answer, from an attempt that may have been made already."""
        solver = ModelSolver(self._means.model, calls=self._means.calls)
        proposer = ModelProposer(self._means.decomposer or self._means.model, calls=self._means.calls)
        outcome = Decomposer(solver, proposer, self._means.lmulator, self._means.habits).solve(question, cost, first)
        trace = {"by": outcome.by, "why": outcome.why, "steps": list(outcome.steps)}
        message = "" if outcome.answer is not None else outcome.why
        return Solved(outcome.answer, "decompose", cost, outcome.confidence, message, trace)


class Retrieve:
    """What is known answers, without a model."""

    def __init__(self, means: Means) -> None:
        self._known = means.lmulator.knowledge

    def solve(self, question: Question) -> Solved:
        """See Strategy.solve."""
        found = LOOKED_UP.search(question.text)
        fact = self._known.lookup(call_of(found[1], found[2])) if self._known is not None and found else None
        if fact is None:
            return Solved(None, "retrieve", Cost(), message="nothing is known of it")
        trace = {"provenance": fact.provenance}
        return Solved(answer_text(fact.value), "retrieve", Cost(), fact.confidence, trace=trace)


class Escalate:
    """The larger model answers."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def solve(self, question: Question) -> Solved:
        """See Strategy.solve."""
        larger = self._means.lmulator.larger
        if larger is None:
            return Solved(None, "escalate", Cost(), message="there is no larger model: name one with --larger")
        return replace(Direct(replace(self._means, model=larger)).solve(question), strategy="escalate")


def look(means: Means, question: Question) -> Signs:
    """What is known of a question before any model is asked."""
    collected = means.families.write(question.text, means.lmulator.library) is not None
    writer = (means.writer or means.model).name
    return Signs(
        question,
        program=collected or can_write(writer, question.text),
        fact=Retrieve(means).solve(question).answer is not None,
        larger=means.lmulator.larger is not None,
    )


class Auto:
    """Whichever way suits: what needs no model if that is likely right, else a first pass and the chooser's choice.

    Where the chosen way comes to no answer, the first attempt stands.
    """

    def __init__(self, means: Means, router: Router | None = None) -> None:
        self._means = means
        self._chooser = Chooser(router)

    def solve(self, question: Question) -> Solved:
        """See Strategy.solve."""
        signs, cost = look(self._means, question), Cost()
        early = self._chooser.early(signs)
        if early is not None:
            solved = follow(self._means, early.strategy, question, cost, None)
            if solved.answer is not None:
                return replace(solved, cost=cost, trace={"route": early.to_dict(), **solved.trace})
            signs = after(signs, early.strategy)
        first = first_pass(self._means, question, cost)
        routed = self._chooser.choose(signs, first.confidence)
        solved = follow(self._means, routed.strategy, question, cost, first)
        trace = {"route": routed.to_dict(), **solved.trace}
        if solved.answer is None and first.answer is not None:
            message = f"{routed.strategy}: {solved.message}"
            return Solved(first.answer, "direct", cost, first.confidence, message, trace)
        return replace(solved, cost=cost, trace=trace)


def first_pass(means: Means, question: Question, cost: Cost) -> Attempt:
    """The model's own attempt, and how sure it is."""
    return ModelSolver(means.model, calls=means.calls).attempt(question, cost)


def follow(means: Means, strategy: str, question: Question, cost: Cost, first: Attempt | None) -> Solved:
    """What a strategy comes to, after a first attempt if there was one; its cost is added."""
    if strategy == "direct" and first is not None:
        return Solved(first.answer, "direct", cost, first.confidence, first.message)
    if strategy == "decompose":
        return Decompose(means).go_on(question, cost, first)
    solved = STRATEGIES[strategy](means).solve(question)
    cost.add(solved.cost.to_dict())
    return solved


STRATEGIES: Mapping[str, Callable[[Means], Strategy]] = {
    "direct": Direct,
    "code": Code,
    "decompose": Decompose,
    "retrieve": Retrieve,
    "escalate": Escalate,
    "auto": Auto,
}
"""Every way to answer, by its name."""
