"""Which way suits a question: chances of being right, learned from outcomes, against what each way costs.

For each strategy a logistic model tells how likely it is right, from features of the question and the solver's margin
at a first pass; the strategy with the most chance less its price is taken. A choice is explained by the features that
weighed most. Strategies that are not at hand are not considered. Knows no model.

Source of the labels: Orca 2's strategies (direct, recall, step by step), with code and decomposition beside them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from brigade.agents.reasoning.decomposer.computing import MONTHS
from brigade.agents.reasoning.decomposer.plans import numbers_in
from brigade.agents.reasoning.questions import Question

STRATEGIES = ("direct", "code", "decompose", "retrieve", "escalate")
WEIGHTS = "router.json"
UNKNOWN_MARGIN = 0.5
"""In the place of the margin before there is a first pass."""
LIKELY = 0.8
"""Chance from which a program or a fact is tried without a first pass."""
LOOKED_UP = re.compile(
    r"how many (\w+) (?:does|do|has|have) (?:an? |the |one )?([a-z][a-z ]*?)(?: have)?\s*\?", re.IGNORECASE
)
"""A question that asks for one fact."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a strategy costs, in chances of being right that it must make up for."""

    per_call: float = 0.01
    """One model call is worth one point of accuracy."""
    per_thousand_tokens: float = 0.01


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of a strategy."""

    bias: float
    weights: Mapping[str, float]
    """Of each feature, in log-odds."""
    calls: float
    """Model calls beyond the first pass, on average."""
    tokens: float

    def chance(self, features: Mapping[str, float]) -> float:
        """Of being right."""
        score = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))

    def price(self, price: Price) -> float:
        """In points of accuracy."""
        return price.per_call * self.calls + price.per_thousand_tokens * self.tokens / 1000


@dataclass(frozen=True)
class Routed:
    """A choice and its reasons."""

    strategy: str
    chances: Mapping[str, float]
    prices: Mapping[str, float]
    reasons: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "strategy": self.strategy,
            "chance": {name: round(value, 3) for name, value in self.chances.items()},
            "price": {name: round(value, 4) for name, value in self.prices.items()},
            "reasons": list(self.reasons),
        }


class Router:
    """Chooses strategies.

    Args:
        expected: what is known of each strategy.
        price: what costs are worth.
    """

    def __init__(self, expected: Mapping[str, Expected], price: Price | None = None) -> None:
        self.expected = expected
        self.price = price or Price()

    def choose(self, features: Mapping[str, float], at_hand: Sequence[str]) -> Routed:
        """The best of the strategies at hand.

        Raises:
            ValueError: none of them is known.
        """
        known = {name: self.expected[name] for name in at_hand if name in self.expected}
        if not known:
            raise ValueError(f"no strategy to choose from: {', '.join(at_hand)}")
        chances = {name: each.chance(features) for name, each in known.items()}
        prices = {name: each.price(self.price) for name, each in known.items()}
        best = max(known, key=lambda name: chances[name] - prices[name])
        return Routed(best, chances, prices, _reasons(known[best], features))

    def before(self, features: Mapping[str, float], at_hand: Sequence[str]) -> Routed | None:
        """The best of what is at hand without a model, if it is likely enough to be right to save the first pass."""
        if not any(name in self.expected for name in at_hand):
            return None
        routed = self.choose(features, at_hand)
        return routed if routed.chances[routed.strategy] >= LIKELY else None


def _reasons(expected: Expected, features: Mapping[str, float]) -> tuple[str, ...]:
    parts = {name: weight * features.get(name, 0.0) for name, weight in expected.weights.items()}
    strongest = sorted(parts, key=lambda name: -abs(parts[name]))[:3]
    return tuple(f"{name} {features.get(name, 0.0):.2f} ({parts[name]:+.2f})" for name in strongest if parts[name])


def features_of(question: Question, margin: float, *, has_program: bool, has_fact: bool) -> dict[str, float]:
    """Features of a question, each about 0 to 1.

    Args:
        question: the question.
        margin: the solver's confidence in its first attempt.
        has_program: whether the collection has a program for it.
        has_fact: whether knowledge answers it at once.
    """
    text = question.text
    numbers = numbers_in(text)
    return {
        "margin": margin,
        "program": float(has_program),
        "fact": float(has_fact),
        "numbers": min(len(numbers), 10) / 10,
        "one number": float(len(numbers) <= 1),
        "operators": min(len(re.findall(r"(?<=[\d)] )[-+*/](?= )", text)), 6) / 6,
        "brackets": float("( " in text),
        "date": float(any(month in text for month in MONTHS) or re.search(r"\d/\d", text) is not None),
        "words": min(len(text.split()), 100) / 100,
        "sentences": min(len(re.findall(r"[.?!](?:\s|$)", text)), 8) / 8,
        "how many": float("how many" in text.lower() or "how much" in text.lower()),
        "options": float(bool(question.options)),
    }


def load_router(text: str, price: Price | None = None) -> Router:
    """A router from what `to_text` wrote.

    Raises:
        ValueError: it is not that.
    """
    try:
        data = json.loads(text)
        return Router({name: Expected(**each) for name, each in data["strategies"].items()}, price)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no router: {error}") from None


def to_text(expected: Mapping[str, Expected], facts: Mapping[str, object]) -> str:
    """A router as JSON, with how it was made."""
    strategies = {
        name: {
            "bias": round(each.bias, 4),
            "weights": {feature: round(weight, 4) for feature, weight in each.weights.items()},
            "calls": round(each.calls, 3),
            "tokens": round(each.tokens, 1),
        }
        for name, each in expected.items()
    }
    return json.dumps({"made": dict(facts), "strategies": strategies}, indent=2) + "\n"


@cache
def shipped_router() -> Router:
    """The router that comes with this package."""
    folder = resources.files("brigade.agents.reasoning.decomposer")
    return load_router((folder / WEIGHTS).read_text(encoding="utf-8"))
