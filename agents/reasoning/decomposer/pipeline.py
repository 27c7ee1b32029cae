"""The solver tries; if it is unsure, a decomposer splits the question, the parts are answered, the whole is verified.

Every step is in the trace, and whatever goes wrong with a plan leaves the first attempt standing.

Source: DaSLaM (Juneja et al., EMNLP 2023). Differences: whether to decompose is told by the solver's own doubt, not by
the known answer; sub-questions form a graph and use earlier answers instead of being answered blindly; each is answered
by the strategy that fits; the result is verified and may lose to the first attempt. The decomposer sees the solver's
attempt, in training as in use. Source of the mode that only guides: SGFT (arXiv 2412.09906).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from brigade.agents.models import ModelError
from brigade.agents.reasoning.decomposer.answering import Answered, Tools
from brigade.agents.reasoning.decomposer.computing import Uncomputable, operations
from brigade.agents.reasoning.decomposer.plans import Kind, Plan, Step, is_story, numbers_in, read_plan, trimmed
from brigade.agents.reasoning.decomposer.proposing import Proposer
from brigade.agents.reasoning.decomposer.searching import beginning, search, step_value
from brigade.agents.reasoning.decomposer.solving import Attempt, Solver
from brigade.agents.reasoning.decomposer.verifying import MISFIT, Verdict, fits, only_repeats, verify
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.lmulator.limits import CallsSpent
from brigade.agents.reasoning.questions import Question, is_correct

Mode = Literal["answer", "guide"]


@dataclass(frozen=True, slots=True)
class Habits:
    """How questions are decomposed."""

    sure: float = 0.9
    """Confidence from which the first attempt stands without decomposing; above 1: never."""
    depth: int = 2
    """Plans within plans: 1 answers every sub-question at once."""
    mode: Mode = "answer"
    """`guide`: the plan is only shown to the solver, which answers in one go."""
    plans: int = 1
    """Plans that are tried; the one that verifies best counts."""
    redraws: int = 3
    """Plans that are drawn if the likeliest one has a fault or leaves something that is given unused (the soundest is
    carried out), or if it is for a story and looks nothing up (how often it comes again tells how far to believe it).
    0: none."""
    nodes: int = 0
    """Plans that a tree search over lines may draw; 0: no search. See searching."""


@dataclass(frozen=True)
class Outcome:
    """What came of a question."""

    answer: str | None
    confidence: float
    by: Literal["first attempt", "plan"]
    why: str
    steps: tuple[Mapping[str, Any], ...]
    """What happened, in order, as JSON."""


@dataclass(frozen=True)
class _Carried:
    """A plan that was carried out."""

    plan: Plan
    answer: str | None
    verdict: Verdict
    steps: tuple[Mapping[str, Any], ...]


class Decomposer:
    """Answers questions by decomposing those that the solver is unsure of.

    Args:
        solver: tries questions and answers sub-questions.
        proposer: writes plans.
        lmulator: computes and looks up; None: the solver answers every sub-question.
        habits: how.
    """

    def __init__(
        self, solver: Solver, proposer: Proposer, lmulator: Lmulator | None = None, habits: Habits | None = None
    ) -> None:
        self.habits = habits or Habits()
        self._solver = solver
        self._proposer = proposer
        self._lmulator = lmulator
        self._tools = Tools(solver, lmulator)

    def solve(self, question: Question, cost: Cost, first: Attempt | None = None) -> Outcome:
        """An answer; never raises for what models say.

        Args:
            question: the question.
            cost: what it costs is added here.
            first: the solver's attempt, if it has been made already.
        """
        return self._solve(question, cost, self.habits.depth, first)

    def _solve(self, question: Question, cost: Cost, depth: int, first: Attempt | None = None) -> Outcome:
        attempt = first if first is not None else self._solver.attempt(question, cost)
        answer = attempt.answer
        if answer is not None and (not fits(question, answer) or only_repeats(question, answer)):
            attempt = replace(attempt, confidence=attempt.confidence * MISFIT)
        said = {"step": "attempt", "answer": attempt.answer, "confidence": round(attempt.confidence, 4)}
        if attempt.answer is not None and attempt.confidence >= self.habits.sure:
            return _stands(attempt, "the solver is sure", (said,))
        try:
            plans = self._plans(question, attempt, cost)
        except (ModelError, CallsSpent) as error:
            return _stands(attempt, f"no plan: {error}", (said, {"step": "plan", "message": str(error)}))
        tried = [self._carry_out(question, plan, attempt, cost, depth) for plan in plans if plan.sound]
        refused = tuple(_told(plan) for plan in plans if not plan.sound)
        if not tried:
            return _stands(attempt, "no plan can be carried out", (said, *refused))
        best = max(tried, key=lambda each: each.verdict.score)
        return _judged(attempt, best, (said, *refused))

    def _plans(self, question: Question, attempt: Attempt, cost: Cost) -> list[Plan]:
        if self.habits.nodes:
            return search(self._proposer, question, attempt, cost, self.habits.nodes)
        texts = self._proposer.propose(question.text, attempt.answer, cost, self.habits.plans)
        plans = [_read(text, question) for text in dict.fromkeys(texts)]
        if self.habits.redraws and self.habits.plans == 1:
            flawless = [plan for plan in plans if _flawless(plan, question)]
            told = self._proposer.draws and is_story(question.text)
            if not any(_looks_up(plan) or not told for plan in flawless):
                return self._redrawn(plans, question, attempt, cost)
        return plans

    def _redrawn(self, plans: list[Plan], question: Question, attempt: Attempt, cost: Cost) -> list[Plan]:
        """The soundest of what was there and of what is drawn now, the earlier one of equals, and how often it came."""
        try:
            texts = self._proposer.propose(question.text, attempt.answer, cost, self.habits.redraws, beginning([]))
        except (ModelError, CallsSpent):
            return plans
        plans = [*plans, *(_read(text, question) for text in texts)]
        best = max(plans, key=lambda plan: (plan.sound, step_value(plan, question.text)))
        if self._proposer.draws:
            best = replace(best, share=sum(plan.meaning == best.meaning for plan in plans) / len(plans))
        return [best, *(plan for plan in plans if not plan.sound and plan is not best)]

    def _carry_out(self, question: Question, plan: Plan, attempt: Attempt, cost: Cost, depth: int) -> _Carried:
        told = _told(plan)
        if self.habits.mode == "guide":
            said = self._solver.guided(question, str(plan), cost)
            verdict = verify(question, plan, said.answer, attempt)
            return _Carried(plan, said.answer, verdict, (told, {"step": "guided", "answer": said.answer}))
        answers: dict[int, str] = {}
        rows: list[Mapping[str, Any]] = [told]
        for wave in plan.waves():
            for step in wave:
                answered, row = self._answer(plan, step, step.filled(answers), cost, depth)
                rows.append(row)
                if answered.answer is None:
                    return _Carried(plan, None, verify(question, plan, None, attempt), tuple(rows))
                answers[step.number] = answered.answer
        answer = composed(question, answers[plan.steps[-1].number])
        return _Carried(plan, answer, verify(question, plan, answer, attempt), tuple(rows))

    def _answer(self, plan: Plan, step: Step, text: str, cost: Cost, depth: int) -> tuple[Answered, Mapping[str, Any]]:
        """The answer to a sub-question, which is itself decomposed if it is still too much at once."""
        row: dict[str, Any] = {"step": "sub-question", "number": step.number, "asked": str(replace(step, text=text))}
        if depth > 1 and self._is_compound(step, text):
            whole = f"Calculate {text}." if step.kind is Kind.CALC else text
            inner = self._solve(Question(f"#{step.number}", whole), cost, depth - 1)
            answered = Answered(inner.answer, "decompose", inner.confidence, inner.why)
            row["steps"] = list(inner.steps)
        else:
            numeric = any(each.kind is Kind.CALC and step.number in each.uses for each in plan.steps)
            answered = self._tools.answer(step, text, cost, numeric=numeric)
        row |= {"answer": answered.answer, "strategy": answered.strategy}
        return answered, row | ({"message": answered.message} if answered.message else {})

    def _is_compound(self, step: Step, text: str) -> bool:
        """Whether a sub-question is worth a plan of its own: prose with several numbers, a long sum without tools."""
        if step.kind is Kind.ASK:
            return sum(character.isdigit() for character in text) > 1
        if step.kind is not Kind.CALC or self._lmulator is not None:
            return False
        try:
            return operations(text) > 1
        except Uncomputable:
            return False


def _read(text: str, question: Question) -> Plan:
    """The plan in a text; a poor one is cut where its beginning is a good one."""
    plan = read_plan(text, question.text)
    return plan if _flawless(plan, question) else trimmed(text, question.text) or plan


def _looks_up(plan: Plan) -> bool:
    """Whether it looks up what the question names: that says what its numbers stand for, which a story leaves open."""
    return any(step.kind is Kind.FACT for step in plan.steps)


def _flawless(plan: Plan, question: Question) -> bool:
    return plan.sound and step_value(plan, question.text) == 1.0


def composed(question: Question, answer: str) -> str:
    """The answer to the question from the answer to the last sub-question: among options, the one that says it."""
    for label, text in question.options.items():
        if is_correct(answer, label) or is_correct(answer, text) or numbers_in(text) == numbers_in(answer) != []:
            return label
    return answer


def _told(plan: Plan) -> Mapping[str, Any]:
    faults = [f"{fault}: {where}" if where else str(fault) for fault, where in plan.faults]
    return {"step": "plan", "text": str(plan), "edges": [list(edge) for edge in plan.graph.edges], "faults": faults}


def _stands(attempt: Attempt, why: str, steps: tuple[Mapping[str, Any], ...]) -> Outcome:
    return Outcome(attempt.answer, attempt.confidence, "first attempt", why, steps)


def _judged(attempt: Attempt, carried: _Carried, before: tuple[Mapping[str, Any], ...]) -> Outcome:
    score = carried.verdict.score
    steps = (*before, *carried.steps, {"step": "verification", **carried.verdict.to_dict()})
    if carried.answer is None or (attempt.answer is not None and score < attempt.confidence):
        return _stands(attempt, f"the plan is worth {score:.2f}, the first attempt {attempt.confidence:.2f}", steps)
    return Outcome(carried.answer, score, "plan", f"the plan is worth {score:.2f}", steps)
