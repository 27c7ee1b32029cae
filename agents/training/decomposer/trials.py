"""What the router learns from and is measured by: every strategy on the same questions.

Training questions are of the training split; the measured ones of the test split, with the two families that nothing
is trained on. Each question's outcomes are kept in a ledger, so that a broken-off run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.decomposer.bench.ledger import Ledger
from brigade.agents.reasoning.decomposer.families import EASY, FAMILIES, HELD_OUT, Split, items_of
from brigade.agents.reasoning.decomposer.routing import features_of
from brigade.agents.reasoning.decomposer.solving import ModelSolver
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.lmulator.bench.families import items_of as coded_items
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.writing import Collection
from brigade.agents.reasoning.questions import Question
from brigade.agents.reasoning.solve import Code, Decompose, Means, Retrieve

Progress = Callable[[str, int, int], None]
CODED = ("letter_counting", "aiw", "family_relationships")
"""Families that the collection has programs for, beside the decomposer's own."""
CODED_SEEDS: Mapping[str, int] = {"train": 1_200_000, "validation": 1_400_000, "test": 1_600_000}
FACTS: Mapping[str, tuple[str, ...]] = {
    "train": ("spider", "tiger", "hen", "ant", "crab", "snake", "horse", "bee", "duck"),
    "validation": ("octopus", "wolf"),
    "test": ("lobster", "cow", "sheep", "butterfly", "scorpion", "goat"),
}


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
    """Beyond the first pass."""
    tokens: int
    answered: bool = True


@dataclass(frozen=True)
class Trial:
    """Every strategy on one question."""

    family: str
    first_calls: int
    """Of the first pass."""
    first_tokens: int
    tried: Mapping[str, Tried]
    """By strategy; those that are not at hand are left out."""


def questions(size: int, split: Split, seed: int) -> list[Asked]:
    """The decomposer's families, one-step ones, those with programs, and plain facts.

    Raises:
        ValueError: see families.items_of.
    """
    kept_out = HELD_OUT if split == "train" else ()
    families = [family for family in (*FAMILIES, *EASY) if family not in kept_out]
    asked = [
        Asked(Question(item.family, item.question), item.score)
        for family in families
        for item in items_of(family, size, split, seed + 200_000)
    ]
    for family in CODED:
        coded = coded_items(family, size, seed + CODED_SEEDS[split])
        asked += [Asked(Question(family, item.question), item.score) for item in coded]
    known = common_knowledge()
    for animal in FACTS[split][:size]:
        question = Question("facts", f"How many legs does a {animal} have?")
        means = Means(_Nobody(), Lmulator(None, knowledge=known))
        right = Retrieve(means).solve(question).answer
        if right is not None:
            asked.append(Asked(question, partial(_says, right)))
    return asked


def trials(
    solver: LanguageModel, decomposer: LanguageModel, asked: Sequence[Asked], progress: Progress, ledger: Ledger,
    mark: str = "",
) -> list[Trial]:  # fmt: skip
    """Try every strategy on every question, but for what the ledger has.

    Raises:
        ModelError: a model cannot be had.
    """
    means = Means(solver, Lmulator(solver, knowledge=common_knowledge()), Collection(), decomposer=decomposer)
    made = []
    for number, each in enumerate(asked, 1):
        key = ("route", solver.name, decomposer.name, mark, each.question.id, each.question.text)
        known = ledger.get(key)
        if known is None:
            known = asdict(_trial(means, each))
            ledger.add(key, known)
        made.append(_read(known))
        progress("trying every strategy", number, len(asked))
    return made


def _read(row: Mapping[str, Any]) -> Trial:
    tried = {name: Tried(**each) for name, each in row["tried"].items()}
    return Trial(row["family"], row["first_calls"], row["first_tokens"], tried)


def _trial(means: Means, asked: Asked) -> Trial:
    cost = Cost()
    first = ModelSolver(means.model, calls=means.calls).attempt(asked.question, cost)
    program = means.families.write(asked.question.text, means.lmulator.library) is not None
    known = Retrieve(means).solve(asked.question)
    features = features_of(asked.question, first.confidence, has_program=program, has_fact=known.answer is not None)

    def tried(answer: str | None, spent: Cost) -> Tried:
        return Tried(features, asked.score(answer), spent.calls, spent.tokens, answer is not None)

    made = {"direct": tried(first.answer, Cost())}
    spent = Cost()
    split = Decompose(means).go_on(asked.question, spent, first)
    made["decompose"] = tried(split.answer, spent)
    if program:
        ran = Code(means).solve(asked.question)
        made["code"] = tried(ran.answer, ran.cost)
    if known.answer is not None:
        made["retrieve"] = tried(known.answer, Cost())
    return Trial(asked.question.id, cost.calls, cost.tokens, made)


class _Nobody:
    """The model of means that ask none."""

    name = "none"
    remote = False

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no model is asked here: {name}")


def _says(right: str | None, said: str | None) -> bool:
    return said is not None and said == right
