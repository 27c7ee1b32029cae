"""Whether the answer that a plan came to is to be believed: by form, by what it used, by agreement. No gold is needed.

Each check gives a factor and says why; their product is compared with how sure the solver was of its first attempt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from brigade.agents.reasoning.decomposer.computing import WEEKDAYS
from brigade.agents.reasoning.decomposer.plans import Fault, Plan, is_expression, is_story, numbers_in, used_of
from brigade.agents.reasoning.decomposer.solving import Attempt
from brigade.agents.reasoning.questions import Question, is_correct

MISFIT = 0.1
"""What an answer of the wrong kind is worth."""
_DAY = re.compile(r"\bwhat (?:day of the week|weekday)|which weekday|day of the week", re.IGNORECASE)
_TRUTH = re.compile(r"yes or no|^(?:is|are|was|were|did|does|do|can|could|would|will|has|have)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bhow (?:many|much|old|long|far|tall)\b|calculate|problem:|multiplication", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found."""

    name: str
    factor: float
    """1 for nothing to object to, 0 for impossible."""
    why: str


@dataclass(frozen=True)
class Verdict:
    """All checks of an answer."""

    checks: tuple[Check, ...]

    @property
    def score(self) -> float:
        """How far the answer is to be believed, 0 to 1."""
        score = 1.0
        for check in self.checks:
            score *= check.factor
        return score

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "score": round(self.score, 4),
            "checks": [
                {"name": check.name, "factor": round(check.factor, 4), "why": check.why} for check in self.checks
            ],
        }


def verify(question: Question, plan: Plan, answer: str | None, first: Attempt) -> Verdict:
    """What speaks for and against the answer of a plan."""
    if answer is None:
        return Verdict((Check("answered", 0.0, "a sub-question has no answer"),))
    return Verdict(
        (_form(question, answer), *(check(question, plan) for check in _OF_PLANS), _agreement(answer, first))
    )


def fits(question: Question, answer: str) -> bool:
    """Whether an answer is of the kind that is asked for."""
    return _wanted(question, answer)[1]


def only_repeats(question: Question, answer: str) -> bool:
    """Whether the answer to a sum is a number of the sum: small models agree with themselves on the last one."""
    return (
        is_expression(question.text)
        and numbers_in(answer) != []
        and set(numbers_in(answer)) <= set(numbers_in(question.text))
    )


def _form(question: Question, answer: str) -> Check:
    """Whether it is the kind of answer that is asked for."""
    wanted, good = _wanted(question, answer)
    return Check("form", 1.0 if good else MISFIT, f"{answer!r} is {'' if good else 'not '}{wanted}")


def _wanted(question: Question, answer: str) -> tuple[str, bool]:
    text = question.text
    if question.options:
        return "one of the options", any(is_correct(answer, label) for label in question.options)
    if _DAY.search(text) and "day of the month" not in text:
        return "a day of the week", answer in WEEKDAYS
    if _TRUTH.search(text.strip()):
        return "yes or no", answer.lower() in ("yes", "no", "true", "false")
    if _COUNT.search(text):
        return "a number", re.fullmatch(r"-?\d+(?:\.\d+)?", answer) is not None
    return "an answer", bool(answer.strip())


def _coverage(question: Question, plan: Plan) -> Check:
    """Whether the plan uses what the question gives: a sum without one is wrong, a story may tell too much."""
    used, given = used_of(plan, question.text)
    if not given:
        return Check("coverage", 1.0, "the question gives no numbers")
    left_out = MISFIT if is_expression(question.text) else used / given
    return Check("coverage", 1.0 if used == given else left_out, f"{used} of {given} numbers used")


def _soundness(question: Question, plan: Plan) -> Check:
    """Whether every step is used and nothing was computed in the plan."""
    unused = sum(fault is Fault.UNUSED for fault, _ in plan.faults)
    computed = sum(fault in (Fault.COMPUTED, Fault.ELSEWHERE) for fault, _ in plan.faults)
    misread = any(fault is Fault.MISREAD for fault, _ in plan.faults)
    why = f"{unused} steps unused, {computed} numbers or things from nowhere"
    factor = 0.7**unused * 0.5**computed * (MISFIT if misread else 1.0)
    return Check("soundness", factor, f"{why}, an operation misread" if misread else why)


def _steadiness(question: Question, plan: Plan) -> Check:
    """Whether the decomposer comes to the same plan again: of word problems it often writes another one each time."""
    if plan.share is None or not is_story(question.text):
        return Check("steadiness", 1.0, "not asked")
    return Check("steadiness", plan.share, f"{plan.share:.0%} of the drawn plans")


def _agreement(answer: str, first: Attempt) -> Check:
    same = first.answer is not None and is_correct(answer, first.answer)
    return Check("agreement", 1.0 if same else 0.9, "as the first attempt" if same else "other than the first attempt")


_OF_PLANS: tuple[Callable[[Question, Plan], Check], ...] = (_coverage, _soundness, _steadiness)
