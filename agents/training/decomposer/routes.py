"""The router's training: every strategy on the same questions, and for each a logistic model of when it is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.decomposer.families import EASY, FAMILIES, HELD_OUT, items_of
from brigade.agents.reasoning.decomposer.routing import WEIGHTS, Expected, features_of, to_text
from brigade.agents.reasoning.decomposer.solving import ModelSolver
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.lmulator.bench.families import items_of as coded_items
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.writing import Collection
from brigade.agents.reasoning.questions import Question
from brigade.agents.reasoning.solve import Code, Decompose, Means, Retrieve
from numpy.typing import NDArray

Progress = Callable[[str, int, int], None]
CODED = ("letter_counting", "aiw", "family_relationships")
"""Families that the collection has programs for, beside the decomposer's own."""
FACTS = ("spider", "tiger", "hen", "ant", "crab", "snake", "horse", "bee", "duck", "octopus", "wolf", "lobster")
RIDGE = 0.3
"""Strength of the pull of weights towards 0."""
ESCALATED = Expected(2.2, {}, 5.0, 500.0)
"""A larger model is taken to be right nine times in ten and each of its calls to cost as much as five; not learned."""


@dataclass(frozen=True)
class Asked:
    """A question with a known answer, and how right answers are told."""

    question: Question
    score: Callable[[str | None], bool]


@dataclass(frozen=True)
class Tried:
    """What a strategy did with a question."""

    features: Mapping[str, float]
    right: bool
    calls: int
    tokens: int


@dataclass(frozen=True)
class Learned:
    """A router, and how well it fits what it was made from."""

    expected: Mapping[str, Expected]
    tried: Mapping[str, tuple[Tried, ...]]
    facts: Mapping[str, object]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {name: {"n": len(rows), "right": sum(row.right for row in rows)} for name, rows in self.tried.items()}

    def lines(self) -> list[str]:
        """A line for each strategy."""
        return [
            f"{name}: right {sum(row.right for row in rows)} of {len(rows)}, {self.expected[name].calls:.1f} calls each"
            for name, rows in self.tried.items()
        ]


def learn(solver: LanguageModel, decomposer: LanguageModel, size: int, seed: int, progress: Progress) -> Learned:
    """Try every strategy on training questions, and learn when each is right.

    Raises:
        ModelError: a model cannot be had.
    """
    means = Means(solver, Lmulator(solver, knowledge=common_knowledge()), Collection(), decomposer=decomposer)
    asked = questions(size, seed)
    tried: dict[str, list[Tried]] = {}
    for number, each in enumerate(asked, 1):
        for name, row in _tries(means, each).items():
            tried.setdefault(name, []).append(row)
        progress("trying every strategy", number, len(asked))
    kept = {name: tuple(rows) for name, rows in tried.items()}
    expected = {name: fit(rows) for name, rows in kept.items()} | {"escalate": ESCALATED}
    facts = {"solver": solver.name, "questions": len(asked), "seed": seed}
    return Learned(expected, kept, facts)


def questions(size: int, seed: int) -> list[Asked]:
    """Training questions: the decomposer's families, one-step ones, those with programs, and plain facts."""
    families = [family for family in (*FAMILIES, *EASY) if family not in HELD_OUT]
    asked = [
        Asked(Question(item.family, item.question), item.score)
        for family in families
        for item in items_of(family, size, "train", seed + 200_000)
    ]
    for family in CODED:
        coded = coded_items(family, size, seed + 1_200_000)
        asked += [Asked(Question(family, item.question), item.score) for item in coded]
    known = Retrieve(Means(_Nobody(), Lmulator(None, knowledge=common_knowledge())))
    for animal in FACTS[:size]:
        question = Question("facts", f"How many legs does a {animal} have?")
        right = known.solve(question).answer
        asked.append(Asked(question, partial(_says, right)))
    return asked


def _tries(means: Means, asked: Asked) -> dict[str, Tried]:
    cost = Cost()
    first = ModelSolver(means.model, calls=means.calls).attempt(asked.question, cost)
    program = means.families.write(asked.question.text, means.lmulator.library) is not None
    known = Retrieve(means).solve(asked.question)
    features = features_of(asked.question, first.confidence, has_program=program, has_fact=known.answer is not None)
    tried = {"direct": Tried(features, asked.score(first.answer), 0, 0)}
    spent = Cost()
    split = Decompose(means).go_on(asked.question, spent, first)
    tried["decompose"] = Tried(features, asked.score(split.answer), spent.calls, spent.tokens)
    if program:
        ran = Code(means).solve(asked.question)
        tried["code"] = Tried(features, asked.score(ran.answer), ran.cost.calls, ran.cost.tokens)
    if known.answer is not None:
        tried["retrieve"] = Tried(features, asked.score(known.answer), 0, 0)
    return tried


class _Nobody:
    """The model of means that ask none."""

    name = "none"
    remote = False

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no model is asked here: {name}")


def fit(rows: Sequence[Tried], steps: int = 400) -> Expected:
    """A logistic model with ridge, by gradient descent; the features are about 0 to 1."""
    names = list(rows[0].features)
    inputs = np.array([[row.features[name] for name in names] for row in rows])
    right = np.array([float(row.right) for row in rows])
    weights, bias = _descend(inputs, right, steps)
    return Expected(
        bias,
        {name: float(weight) for name, weight in zip(names, weights, strict=True) if abs(weight) > 1e-3},
        float(np.mean([row.calls for row in rows])),
        float(np.mean([row.tokens for row in rows])),
    )


def _descend(inputs: NDArray[np.float64], right: NDArray[np.float64], steps: int) -> tuple[NDArray[np.float64], float]:
    weights, bias = np.zeros(inputs.shape[1]), 0.0
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights + bias, -30, 30)))
        error = (chance - right) / len(right)
        weights -= 2.0 * (inputs.T @ error + RIDGE * weights / len(right))
        bias -= 2.0 * float(error.sum() + 0.02 * RIDGE * bias / len(right))
    return weights, bias


def write(learned: Learned, file: Path | None) -> None:
    """Write the router; where it ships, unless a file is named.

    Raises:
        OSError: it cannot be written.
    """
    target = file or Path(str(resources.files("brigade.agents.reasoning.decomposer"))) / WEIGHTS
    target.write_text(to_text(learned.expected, learned.facts), encoding="utf-8")


def _says(right: str | None, said: str | None) -> bool:
    return said is not None and said == right
