"""Contestants on the same questions: a solver alone, thinking aloud, and with each decomposer.

The solver's first attempt is made once and counted for every contestant that builds on it, so all see the same attempt.
What is measured is kept in a ledger, question by question.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from brigade.agents.reasoning.decomposer.bench.ledger import Key, Ledger
from brigade.agents.reasoning.decomposer.families import Item
from brigade.agents.reasoning.decomposer.pipeline import Decomposer, Habits
from brigade.agents.reasoning.decomposer.proposing import Proposer
from brigade.agents.reasoning.decomposer.solving import Attempt, Solver
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.questions import Question

Progress = Callable[[str, int, int], None]
DIRECT, THINKING = "direct", "chain of thought"
WAIT = 1.0
"""Seconds until it is looked again whether other processes are done."""


@dataclass(frozen=True)
class Team:
    """A solver and what it may use."""

    name: str
    solver: Solver
    thinking: Solver | None = None
    """The same, thinking step by step; None if it cannot."""
    lmulator: Lmulator | None = None
    """Computes and looks up for its sub-questions; None: it answers all of them itself."""
    mark: str = ""
    """Changes with what is behind the name: results of other weights are not taken for its own."""


@dataclass(frozen=True)
class Contestant:
    """A decomposer, and how it is used."""

    name: str
    proposer: Proposer
    habits: Habits = field(default_factory=Habits)
    mark: str = ""
    """See Team.mark."""


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
    answer: str | None = None
    confidence: float = 0.0

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
    ledger: Ledger | None = None,
) -> list[Result]:
    """Every team alone, thinking aloud (where it can), and with every decomposer, on all questions.

    Args:
        teams: solvers.
        contestants: decomposers.
        items: questions.
        progress: told how far it is.
        thinking: whether models also think aloud.
        ledger: what has been measured already; what is measured now is added.
    """
    entries = _Entries(ledger or Ledger(), contestants, thinking)
    left = [(team, item) for team in teams for item in _in_turn(items)]
    total = len(left)
    while left:
        busy = []
        for team, item in left:
            with entries.ledger.claimed((team.name, item.family, item.question)) as mine:
                if mine:
                    entries.answer(team, item)
                else:
                    busy.append((team, item))
            progress(f"{team.name}: {item.family}", total - len(left) + len(busy), total)
        if len(busy) == len(left):
            time.sleep(WAIT)
        left = busy
        entries.ledger.refresh()
    return [entries.result(team, name, item) for team in teams for name in entries.names(team) for item in items]


def _in_turn(items: Sequence[Item]) -> list[Item]:
    """The first question of each family, then the second of each: what breaks off is measured evenly."""
    rounds: dict[str, int] = {}
    numbered = []
    for item in items:
        numbered.append((rounds.get(item.family, 0), item))
        rounds[item.family] = rounds.get(item.family, 0) + 1
    return [item for _, item in sorted(numbered, key=lambda pair: pair[0])]


class _Entries:
    """The results of a contest, found in the ledger or made."""

    def __init__(self, ledger: Ledger, contestants: Sequence[Contestant], thinking: bool) -> None:
        self.ledger = ledger
        self._contestants = {each.name: each for each in contestants}
        self._thinking = thinking

    def names(self, team: Team) -> list[str]:
        """Who answers with a team, in the order of the tables."""
        aloud = [THINKING] if self._thinking and team.thinking is not None else []
        return [DIRECT, *aloud, *self._contestants]

    def answer(self, team: Team, item: Item) -> None:
        """Make what is not there yet for a question; another process may have been faster."""
        if all(self.ledger.get(self._key(team, name, item)) for name in self.names(team)):
            return
        self.ledger.refresh()
        for name in self.names(team):
            if self.ledger.get(self._key(team, name, item)) is None:
                self.ledger.add(self._key(team, name, item), asdict(self._made(team, name, item)))

    def result(self, team: Team, name: str, item: Item) -> Result:
        """A result that is there."""
        return Result(**(self.ledger.get(self._key(team, name, item)) or {}))

    def _key(self, team: Team, name: str, item: Item) -> Key:
        contestant = self._contestants.get(name)
        mark = contestant.mark if contestant is not None else ""
        return (team.name, team.mark, name, mark, item.family, item.question)

    def _made(self, team: Team, name: str, item: Item) -> Result:
        question, cost = Question(item.family, item.question), Cost()
        if name == THINKING and team.thinking is not None:
            return _result(team, name, item, team.thinking.attempt(question, cost), cost)
        if name == DIRECT:
            return _result(team, name, item, team.solver.attempt(question, cost), cost)
        return _decomposed(team, self._contestants[name], item, self.result(team, DIRECT, item))


def _decomposed(team: Team, contestant: Contestant, item: Item, first: Result) -> Result:
    """With a decomposer, which builds on the attempt that all see; the attempt's cost counts."""
    pipeline = Decomposer(team.solver, contestant.proposer, team.lmulator, contestant.habits)
    cost = Cost(first.calls, first.tokens, 0.0, {team.name: first.calls})
    attempt = Attempt(first.answer, first.confidence)
    outcome = pipeline.solve(Question(item.family, item.question), cost, attempt)
    asked = any(step["step"] == "plan" for step in outcome.steps)
    carried = any(step["step"] == "verification" for step in outcome.steps)
    row = _result(team, contestant.name, item, Attempt(outcome.answer, outcome.confidence), cost)
    return replace(row, by=outcome.by, sound=carried or not asked)


def _result(team: Team, contestant: str, item: Item, said: Attempt, cost: Cost) -> Result:
    return Result(
        team.name, contestant, item.family, item.question, item.score(said.answer), cost.calls, cost.tokens,
        "first attempt", answer=said.answer, confidence=said.confidence,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """A share of right answers."""

    right: int
    count: int
    calls: float
    """Model calls of a question."""
    tokens: float
    refused: float
    """Share of questions without a plan that could be carried out."""


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
            sum(not each.sound for each in rows) / len(rows),
        )
        for key, rows in groups.items()
    }
