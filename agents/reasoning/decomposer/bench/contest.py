"""Contestants on the same questions: a solver alone, thinking aloud, and with each decomposer.

The solver's first attempt is made once and counted for every contestant that builds on it, so all see the same attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from brigade.agents.reasoning.decomposer.families import Item
from brigade.agents.reasoning.decomposer.pipeline import Decomposer, Habits
from brigade.agents.reasoning.decomposer.proposing import Proposer
from brigade.agents.reasoning.decomposer.solving import Attempt, Solver
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.questions import Question

Progress = Callable[[str, int, int], None]
DIRECT, THINKING = "direct", "chain of thought"


@dataclass(frozen=True)
class Team:
    """A solver and what it may use."""

    name: str
    solver: Solver
    thinking: Solver | None = None
    """The same, thinking step by step; None if it cannot."""
    lmulator: Lmulator | None = None
    """Computes and looks up for its sub-questions; None: it answers all of them itself."""


@dataclass(frozen=True)
class Contestant:
    """A decomposer, and how it is used."""

    name: str
    proposer: Proposer
    habits: Habits = field(default_factory=Habits)


@dataclass(frozen=True, slots=True)
class Result:
    """What a contestant did with a question."""

    team: str
    contestant: str
    family: str
    question: str
    right: bool
    calls: int
    tokens: int
    by: str
    """Whose answer it was: `first attempt` or `plan`."""
    sound: bool = True
    """Whether there was a plan that could be carried out, where one was asked for."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "solver": self.team, "contestant": self.contestant, "family": self.family, "right": self.right,
            "model_calls": self.calls, "tokens": self.tokens, "by": self.by, "sound": self.sound,
        }  # fmt: skip


def contest(
    teams: Sequence[Team],
    contestants: Sequence[Contestant],
    items: Sequence[Item],
    progress: Progress,
    *,
    thinking: bool = True,
) -> list[Result]:
    """Every team alone, thinking aloud (where it can), and with every decomposer, on all questions."""
    results: list[Result] = []
    for team in teams:
        firsts = [_first(team, item) for item in items]
        results += [_result(team, DIRECT, item, first.answer, cost) for item, (first, cost) in _zip(items, firsts)]
        if thinking and team.thinking is not None:
            results += _thought(team, team.thinking, items, progress)
        for contestant in contestants:
            results += _decomposed(team, contestant, items, firsts, progress)
    return results


def _zip(items: Sequence[Item], firsts: Sequence[tuple[Attempt, Cost]]) -> zip[tuple[Item, tuple[Attempt, Cost]]]:
    return zip(items, firsts, strict=True)


def _first(team: Team, item: Item) -> tuple[Attempt, Cost]:
    cost = Cost()
    return team.solver.attempt(Question(item.family, item.question), cost), cost


def _thought(team: Team, solver: Solver, items: Sequence[Item], progress: Progress) -> list[Result]:
    results = []
    for number, item in enumerate(items, 1):
        cost = Cost()
        said = solver.attempt(Question(item.family, item.question), cost)
        results.append(_result(team, THINKING, item, said.answer, cost))
        progress(f"{team.name}: {THINKING}", number, len(items))
    return results


def _decomposed(
    team: Team,
    contestant: Contestant,
    items: Sequence[Item],
    firsts: Sequence[tuple[Attempt, Cost]],
    progress: Progress,
) -> list[Result]:
    pipeline = Decomposer(team.solver, contestant.proposer, team.lmulator, contestant.habits)
    results = []
    for number, (item, (first, spent)) in enumerate(_zip(items, firsts), 1):
        cost = Cost()
        cost.add(spent.to_dict())
        outcome = pipeline.solve(Question(item.family, item.question), cost, first)
        asked = any(step["step"] == "plan" for step in outcome.steps)
        carried = any(step["step"] == "verification" for step in outcome.steps)
        row = _result(team, contestant.name, item, outcome.answer, cost)
        results.append(replace(row, by=outcome.by, sound=carried or not asked))
        progress(f"{team.name}: {contestant.name}", number, len(items))
    return results


def _result(team: Team, contestant: str, item: Item, answer: str | None, cost: Cost) -> Result:
    return Result(
        team.name, contestant, item.family, item.question, item.score(answer), cost.calls, cost.tokens, "first attempt"
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A share of right answers."""

    right: int
    count: int
    calls: float
    """Model calls of a question."""
    tokens: float


def shares(results: Sequence[Result], by: Callable[[Result], tuple[str, ...]]) -> Mapping[tuple[str, ...], Share]:
    """The share of right answers of each group, groups in the order in which they first occur."""
    groups: dict[tuple[str, ...], list[Result]] = {}
    for result in results:
        groups.setdefault(by(result), []).append(result)
    return {
        key: Share(
            sum(each.right for each in rows),
            len(rows),
            sum(each.calls for each in rows) / len(rows),
            sum(each.tokens for each in rows) / len(rows),
        )
        for key, rows in groups.items()
    }
