"""Each sub-question by the strategy that fits: a program for sums and dates, knowledge for facts, the solver else.

Programs run in the LMulator; what it does not know of a fact it asks its model. Without tools the solver answers
everything itself.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from brigade.agents.reasoning.decomposer.computing import date_answer, tidy, written
from brigade.agents.reasoning.decomposer.knowing import FACT
from brigade.agents.reasoning.decomposer.plans import Kind, Step
from brigade.agents.reasoning.decomposer.solving import Solver
from brigade.agents.reasoning.lmulator import End, Lmulator, computed
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.lmulator.records import answer_text


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a sub-question, by which strategy."""

    answer: str | None
    strategy: str
    confidence: float
    message: str = ""


class Tools:
    """Answers sub-questions.

    Args:
        solver: for what no tool can do.
        lmulator: runs the programs; None: the solver answers everything.
    """

    def __init__(self, solver: Solver, lmulator: Lmulator | None) -> None:
        self._solver = solver
        self._lmulator = _with_dates(lmulator) if lmulator is not None else None

    def answer(self, step: Step, text: str, cost: Cost, *, numeric: bool = False) -> Answered:
        """The answer to a sub-question.

        Args:
            step: the sub-question.
            text: with earlier answers put in.
            cost: what it costs is added here.
            numeric: whether arithmetic goes on from the answer.
        """
        if self._lmulator is not None and step.kind in _PROGRAMS:
            answered = self._computed(self._lmulator, step, _PROGRAMS[step.kind](text, numeric), cost)
            if answered is not None:
                return answered
        said = self._solver.answer(step, text, cost)
        return Answered(said.answer, "direct", said.confidence, said.message)

    @staticmethod
    def _computed(lmulator: Lmulator, step: Step, program: str | None, cost: Cost) -> Answered | None:
        if program is None:
            return None
        result = lmulator.run(program, question=str(step))
        cost.add(result.cost)
        if result.end is not End.ANSWERED:
            return None
        value = result.answer
        if isinstance(value, int | float) and not isinstance(value, bool):
            answer = written(value)
        else:
            answer = answer_text(value)
        strategy = "retrieve" if step.kind is Kind.FACT and not result.cost["model_calls"] else "code"
        return Answered(answer, strategy, result.confidence if result.confidence is not None else 1.0)


def _with_dates(lmulator: Lmulator) -> Lmulator:
    return Lmulator(
        lmulator.model,
        larger=lmulator.larger,
        library=lmulator.library.plus([computed(_dates, "date_answer")]),
        knowledge=lmulator.knowledge,
        memo=lmulator.memo,
        settings=replace(lmulator.settings, traced=False, repairs=0, emulate=False),
    )


def _dates(question: str) -> str:
    """The answer to a question about dates."""
    return date_answer(question)


def _fact_program(text: str, numeric: bool) -> str | None:
    """`legs of a tiger` as the call `legs("tiger")`, which knowledge answers if it can."""
    found = FACT.fullmatch(text.strip().rstrip("?."))
    if found is None:
        return None
    name = re.sub(r"\W", "_", found[1].strip().lower())
    if keyword.iskeyword(name) or hasattr(builtins, name):
        return None
    returns = "float" if numeric else "str"
    return f"def {name}(thing: str) -> {returns}: ...\nanswer = {name}({found[2]!r})"


_PROGRAMS: Mapping[Kind, Callable[[str, bool], str | None]] = {
    Kind.CALC: lambda text, _: f"answer = {tidy(text)}",
    Kind.DATE: lambda text, _: f"answer = date_answer({text!r})",
    Kind.FACT: _fact_program,
}
"""The program for a kind of sub-question; None if there is none for this text."""
