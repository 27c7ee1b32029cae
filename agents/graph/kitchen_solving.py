"""What a cook is asked that has to be counted out: a program for it, run by the solver's graph over the kitchen.

The programs see the kitchen's functions, the knowledge base and what is remembered of the player. Messages that no
program reads are nobody's business here. Knows no agenda.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from brigade.agents.graph.solving import SolverContext, solver
from brigade.agents.hierarchy.intent import Intent, Kind
from brigade.agents.hierarchy.slow_mind.counting import LONGEST, family_for, intent_of, runner_for
from brigade.agents.models import LanguageModel, ModelError
from brigade.agents.models.lazy import LazyModel
from brigade.agents.reasoning.lmulator import Knowledge
from brigade.agents.reasoning.lmulator.stubs import Stub
from brigade.agents.reasoning.lmulator.values import from_data
from brigade.agents.reasoning.lmulator.writing import Collection, Family
from brigade.agents.reasoning.solve import Means
from brigade.envs.kitchen import HlaView

CALLS = 8
"""Model calls for one message."""


@dataclass(frozen=True)
class Background:
    """What programs may use besides the kitchen."""

    model: LanguageModel | None = None
    """Judges clauses that counting cannot settle."""
    knowledge: Knowledge | None = None
    functions: tuple[Stub, ...] = ()


@dataclass(frozen=True)
class WorkedOut:
    """What came of a message's program."""

    intent: Intent
    """Demands, or a question that is answered."""
    says: str
    """The answer to a question; empty for demands."""
    how: dict[str, Any] = field(default_factory=dict)
    """For records: the program, what it looked up and what was guessed."""


async def work_out(message: str, view: HlaView, background: Background) -> WorkedOut | None:
    """What a message about quantities or conditions comes to; None for others, or if its program has no answer.

    Args:
        message: what was said.
        view: the kitchen now.
        background: what programs may use besides.
    """
    for kind in ("questions", "demands"):
        family = await asyncio.to_thread(family_for, message, kind)
        if family is not None:
            return _read(kind, await _solve(family, message, view, background))
    return None


async def _solve(family: Family, message: str, view: HlaView, background: Background) -> dict[str, Any]:
    runner = runner_for(family, view, background.model, background.knowledge, background.functions)
    model = background.model or LazyModel("none", _nobody)
    means = Means(model, runner, Collection([family]), CALLS)
    done: dict[str, Any] = await solver.ainvoke(
        {"question": message[:LONGEST], "strategy": "code"}, context=SolverContext(means=means)
    )
    return done


def _nobody() -> LanguageModel:
    raise ModelError("there is no model")


def _read(kind: str, solved: dict[str, Any]) -> WorkedOut | None:
    trace = solved.get("trace") or {}
    if solved.get("answer") is None:
        return None
    answer = from_data(trace["answer"])
    how = {
        "program": str(trace["written_by"]).removeprefix("collection:"),
        "answer": solved["answer"],
        "known": list(_parts(trace["parts"], "fact")),
        "judged": list(_parts(trace["parts"], "model")),
    }
    if kind == "questions":
        return WorkedOut(Intent(Kind.QUESTION), answer, how) if isinstance(answer, str) else None
    intent = intent_of(answer) if isinstance(answer, list) else None
    return WorkedOut(intent, "", how) if intent is not None else None


def _parts(parts: Iterable[dict[str, Any]], source: str) -> Iterable[str]:
    """What a run rests on that comes from somewhere, each as a line."""
    for part in parts:
        if part["by"] == source:
            yield f"{part['asked']} = {part['value']} ({part['provenance']})"
