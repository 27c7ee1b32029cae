"""The router's training: for each strategy a logistic model of when it is right, and what the whole is worth.

What calls and tokens are worth is stated, not learned (routing.Price). The router is compared with always answering
directly, always decomposing, and knowing afterwards what was best, on questions that it was not made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.decomposer.bench.ledger import Ledger
from brigade.agents.reasoning.decomposer.routing import STRATEGIES, UNKNOWN_MARGIN, WEIGHTS, Expected, Router, to_text
from brigade.agents.reasoning.lmulator.bench.families import wilson
from brigade.agents.training.decomposer.trials import Progress, Trial, Tried, questions, trials
from numpy.typing import NDArray

RIDGE = 0.3
"""Strength of the pull of weights towards 0."""
ESCALATED = Expected(2.2, {}, 5.0, 500.0)
"""A larger model is taken to be right nine times in ten and each of its calls to cost as much as five; not learned."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to choose among strategies, and what came of it."""

    name: str
    right: int
    count: int
    calls: float
    """Of a question, the first pass counted."""
    tokens: float
    choices: Mapping[str, int]
    """How often each strategy answered."""

    def line(self) -> str:
        """In words."""
        low, high = wilson(self.right, self.count)
        share = f"{self.right / self.count:.0%} ({low:.0%} to {high:.0%}) of {self.count} right"
        chosen = ", ".join(f"{name} {count}" for name, count in self.choices.items())
        return f"{self.name}: {share}, {self.calls:.1f} calls, {self.tokens:.0f} tokens each; {chosen}"


@dataclass(frozen=True)
class Learned:
    """A router, and what it is worth."""

    expected: Mapping[str, Expected]
    learned_from: Sequence[Trial]
    policies: tuple[Policy, ...]
    """On questions that it was not made from; empty if there are none."""
    facts: Mapping[str, object]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        outcomes = {
            name: {"n": len(rows), "right": sum(row.right for row in rows)}
            for name, rows in by_strategy(self.learned_from).items()
        }
        return {
            "made": dict(self.facts),
            "learned_from": outcomes,
            "policies": [asdict(each) for each in self.policies],
        }

    def lines(self) -> list[str]:
        """A line for each strategy, then for each policy."""
        learned = [
            f"{name}: right {sum(row.right for row in rows)} of {len(rows)}, {self.expected[name].calls:.1f} calls more"
            for name, rows in by_strategy(self.learned_from).items()
        ]
        return [*learned, *(policy.line() for policy in self.policies)]


def learn(
    solver: LanguageModel,
    decomposer: LanguageModel,
    size: int,
    seed: int,
    progress: Progress,
    *,
    tested: int = 0,
    ledger: Ledger | None = None,
    mark: str = "",
) -> Learned:
    """Try every strategy on training questions, learn when each is right, and measure on test questions.

    Args:
        solver: tries questions.
        decomposer: splits them.
        size: training questions of each family.
        seed: of the questions.
        progress: told how far it is.
        tested: test questions of each family.
        ledger: what has been tried already.
        mark: changes with the weights behind the models.

    Raises:
        ModelError: a model cannot be had.
    """
    ledger = ledger or Ledger()
    made = trials(solver, decomposer, questions(size, "train", seed), progress, ledger, mark)
    expected = {name: fit(rows) for name, rows in by_strategy(made).items()} | {"escalate": ESCALATED}
    held_out = trials(solver, decomposer, questions(tested, "test", seed), progress, ledger, mark) if tested else []
    policies = compare(Router(expected), held_out) if held_out else ()
    facts: dict[str, object] = {"solver": solver.name, "questions": len(made), "seed": seed}
    facts["held out"] = {each.name: [each.right, each.count, round(each.calls, 2)] for each in policies}
    return Learned(expected, made, policies, facts)


def by_strategy(made: Sequence[Trial]) -> dict[str, list[Tried]]:
    """What each strategy did, in the order of STRATEGIES."""
    return {
        name: [trial.tried[name] for trial in made if name in trial.tried]
        for name in STRATEGIES
        if any(name in trial.tried for trial in made)
    }


Choice = Callable[[Trial], tuple[str, bool]]
"""A strategy, and whether a first pass came before it."""


def compare(router: Router, held_out: Sequence[Trial]) -> tuple[Policy, ...]:
    """The router beside those that always choose the same, and beside the best there was."""
    choices: Mapping[str, Choice] = {
        "router": lambda trial: routed(router, trial),
        "always direct": lambda trial: ("direct", True),
        "always decompose": lambda trial: ("decompose", True),
        "best afterwards": _best,
    }
    return tuple(_policy(name, choose, held_out) for name, choose in choices.items())


def routed(router: Router, trial: Trial) -> tuple[str, bool]:
    """What `brigade solve --strategy auto` does with a question: see solve.Auto."""
    features = trial.tried["direct"].features
    cheap = [name for name in ("code", "retrieve") if name in trial.tried]
    early = router.before({**features, "margin": UNKNOWN_MARGIN}, cheap)
    if early is not None and trial.tried[early.strategy].answered:
        return early.strategy, False
    left = [name for name in trial.tried if early is None or name != early.strategy]
    chosen = router.choose(features, left).strategy
    return (chosen if trial.tried[chosen].answered else "direct"), True


def _best(trial: Trial) -> tuple[str, bool]:
    """The cheapest strategy that is right; what needs no first pass comes first."""
    right = [
        name for name in ("retrieve", "code", "direct", "decompose") if name in trial.tried and _right(trial, name)
    ]
    name = right[0] if right else "direct"
    return name, name in ("direct", "decompose")


def _right(trial: Trial, name: str) -> bool:
    return trial.tried[name].right


def _policy(name: str, choose: Choice, held_out: Sequence[Trial]) -> Policy:
    right, calls, tokens = 0, 0, 0
    choices: dict[str, int] = {}
    for trial in held_out:
        strategy, first = choose(trial)
        tried = trial.tried[strategy]
        right += tried.right
        calls += tried.calls + (trial.first_calls if first else 0)
        tokens += tried.tokens + (trial.first_tokens if first else 0)
        choices[strategy] = choices.get(strategy, 0) + 1
    count = len(held_out)
    return Policy(name, right, count, calls / count, tokens / count, choices)


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
