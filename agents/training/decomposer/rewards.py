"""What a plan is worth in training: did it help the solver, and small bounded terms that shape its form.

The main part is solved after minus solved before: 1, 0 or -1. The terms together are worth at most SHAPING, so that no
form can outweigh it. A plan that cannot be carried out, or that brings in numbers it can only have by computing (such
as the answer itself), earns nothing for being right.

Source: DaSLaM's reward (entity coverage, consistency of answers, order of operations, closeness of the reasoning,
correctness). As coded there, shaping grows with length and outweighs correctness, which is worth 1; entity coverage
is a symmetric difference without a lower bound; order checks that operators occur. Here terms are between 0 and 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from brigade.agents.reasoning.decomposer.computing import Uncomputable, calculate
from brigade.agents.reasoning.decomposer.pipeline import Decomposer, Habits, Outcome
from brigade.agents.reasoning.decomposer.plans import Fault, Kind, Plan, numbers_in, read_plan, strangers
from brigade.agents.reasoning.decomposer.solving import Attempt, Solver
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.questions import Question

SHAPING = 0.3
"""What all terms together can add."""
REFUSED = -0.5
"""For a plan that cannot be carried out."""
FEWEST, MOST = 1, 14
"""Sub-questions that are not too few or too many."""
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")


@dataclass(frozen=True)
class Seen:
    """What a term may look at."""

    question: str
    plan: Plan
    outcome: Outcome


Term = Callable[[Seen], float]
"""Between 0 and 1."""


def coverage(seen: Seen) -> float:
    """Share of what the question names, numbers and proper names, that the plan uses; 1 if it names nothing."""
    named = set(numbers_in(seen.question)) or set(_NAME.findall(seen.question))
    text = str(seen.plan)
    used = set(numbers_in(text)) | set(_NAME.findall(f"a {text}"))
    return len(named & used) / len(named) if named else 1.0


def consistency(seen: Seen) -> float:
    """Share of sub-questions whose answer is of the kind that its kind and its users need."""
    answers = {row["number"]: row["answer"] for row in seen.outcome.steps if row["step"] == "sub-question"}
    needed = {number for step in seen.plan.steps if step.kind is Kind.CALC for number in step.uses}
    fits = [_is_number(answers.get(step.number)) for step in seen.plan.steps if step.number in needed]
    return sum(fits) / len(fits) if fits else 1.0


def _is_number(answer: object) -> bool:
    try:
        return bool(calculate(str(answer)))
    except Uncomputable:
        return False


def order(seen: Seen) -> float:
    """Share of sub-questions, but the last, whose answer a later one uses."""
    before = seen.plan.steps[:-1]
    unused = sum(fault is Fault.UNUSED for fault, _ in seen.plan.faults)
    return 1 - unused / len(before) if before else 1.0


def number(seen: Seen) -> float:
    """1 for a number of sub-questions that is neither too small nor too large, falling off outside."""
    count = len(seen.plan.steps)
    return 1.0 if FEWEST <= count <= MOST else max(0.0, 1 - 0.25 * (count - MOST)) if count > MOST else 0.0


def uncomputed(seen: Seen) -> float:
    """1 if every number is given or a constant, 0 otherwise."""
    return float(not strangers(seen.plan, seen.question))


TERMS: Mapping[str, Term] = {
    "coverage": coverage,
    "consistency": consistency,
    "order": order,
    "number": number,
    "uncomputed": uncomputed,
}
WEIGHTS: Mapping[str, float] = {
    "coverage": 0.3, "consistency": 0.1, "order": 0.3, "number": 0.1, "uncomputed": 0.2,
}  # fmt: skip
"""Parts of SHAPING; an ablation leaves one out."""


@dataclass(frozen=True)
class Reward:
    """What a plan earned, and for what."""

    gain: float
    """Solved after minus solved before."""
    solved: bool
    """Whether the solver came to the right answer with the plan, not given what it may not compute."""
    shaping: float
    refused: bool
    terms: Mapping[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """The sum."""
        return self.gain + self.shaping + (REFUSED if self.refused else 0.0)


class Judge:
    """Rewards plans against a solver.

    Args:
        solver: who tries and answers sub-questions; never the decomposer itself.
        without: terms that are left out.

    Raises:
        ValueError: there is no such term.
    """

    def __init__(self, solver: Solver, without: tuple[str, ...] = ()) -> None:
        unknown = [name for name in without if name not in TERMS]
        if unknown:
            raise ValueError(f"unknown reward term {unknown[0]!r} (known: {', '.join(TERMS)})")
        self._solver = solver
        self._terms = {name: term for name, term in TERMS.items() if name not in without}

    def attempt(self, question: str) -> Attempt:
        """What the solver says without a plan."""
        return self._solver.attempt(Question("", question), Cost())

    def judge(self, question: str, text: str, score: Callable[[str | None], bool]) -> Reward:
        """The reward of a plan for a question, with `score` telling whether an answer is right."""
        plan = read_plan(text, question)
        if not plan.sound:
            return Reward(0.0, False, 0.0, True)
        first = self.attempt(question)
        outcome = self._carried(question, text, Attempt(first.answer, 0.0))
        seen = Seen(question, plan, outcome)
        terms = {name: min(1.0, max(0.0, term(seen))) for name, term in self._terms.items()}
        shaping = SHAPING * sum(WEIGHTS[name] * value for name, value in terms.items())
        solved = outcome.by == "plan" and score(outcome.answer)
        gain = float(score(outcome.answer)) - float(score(first.answer))
        if strangers(plan, question):
            gain, solved = min(gain, 0.0), False
        return Reward(gain, solved, shaping, False, terms)

    def _carried(self, question: str, text: str, first: Attempt) -> Outcome:
        """What the plan comes to; the first attempt, held to be worth nothing, stands only where the plan fails."""
        pipeline = Decomposer(self._solver, _Given(text), None, Habits(sure=2.0, depth=1, redraws=0))
        return pipeline.solve(Question("", question), Cost(), first)


@dataclass(frozen=True)
class _Given:
    """A decomposer that has one plan."""

    text: str
    name: str = "given"
    draws: bool = False

    def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
        """The plan."""
        return [self.text]
