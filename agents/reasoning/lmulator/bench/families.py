"""Accuracy by variant on families of questions that reasoning-gym makes, and what a second run still asks.

The questions come from seeds, so everybody can make the same ones. An answer counts if reasoning-gym scores it 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.lmulator import Settings
from brigade.agents.reasoning.lmulator.memo import Memo
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.variants import VARIANTS, Bench
from brigade.agents.reasoning.lmulator.writing import Collection

FAMILIES = ("leg_counting", "family_relationships", "letter_counting", "calendar_arithmetic", "aiw", "needle_haystack")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a family."""

    family: str
    question: str
    score: Callable[[str | None], bool]


@dataclass(frozen=True, slots=True)
class Score:
    """How one variant did on one family."""

    family: str
    variant: str
    right: int
    count: int
    calls: int
    tokens: int

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share (Wilson)."""
        return wilson(self.right, self.count)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        low, high = self.interval
        return {
            "family": self.family, "variant": self.variant, "right": self.right, "n": self.count,
            "accuracy": self.right / self.count, "low": low, "high": high, "model_calls": self.calls,
            "tokens": self.tokens,
        }  # fmt: skip


def wilson(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    share = right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def items_of(family: str, size: int, seed: int) -> list[Item]:
    """The questions of a family.

    Raises:
        ValueError: there is no such family, or reasoning-gym is not installed.
    """
    if family not in FAMILIES:
        raise ValueError(f"unknown family {family!r} (known: {', '.join(FAMILIES)})")
    try:
        import reasoning_gym
    except ImportError:
        raise ValueError("the families need reasoning-gym: pip install reasoning-gym") from None
    made = reasoning_gym.create_dataset(family, size=size, seed=seed)

    def scorer(entry: Any) -> Callable[[str | None], bool]:
        return lambda said: bool(made.score_answer(said, entry=entry) == 1.0)

    return [Item(family, entry["question"], scorer(entry)) for entry in made]


def accuracy(
    families: Sequence[str],
    variants: Sequence[str],
    model: LanguageModel,
    *,
    size: int,
    seed: int,
    settings: Settings,
    progress: Progress,
) -> list[Score]:
    """Every variant on the same questions; each variant starts without a memo.

    Raises:
        ValueError: there is no such family or variant.
    """
    unknown = [each for each in variants if each not in VARIANTS]
    if unknown:
        raise ValueError(f"unknown variant {unknown[0]!r} (known: {', '.join(VARIANTS)})")
    questions = {family: items_of(family, size, seed) for family in families}
    scores = []
    for variant in variants:
        for family, items in questions.items():
            bench = Bench(model, replace(settings, traced=False), common_knowledge(), Memo())
            scores.append(_score(bench, family, variant, items, progress))
    return scores


def _score(bench: Bench, family: str, variant: str, items: Sequence[Item], progress: Progress) -> Score:
    right = calls = tokens = 0
    collection = Collection()
    for number, item in enumerate(items, 1):
        said = VARIANTS[variant](bench, item.question, collection.write(item.question, Library()))
        right += item.score(said.answer)
        calls += said.cost.calls
        tokens += said.cost.tokens
        progress(f"{variant}: {family}", number, len(items))
    return Score(family, variant, right, len(items), calls, tokens)


@dataclass(frozen=True, slots=True)
class SecondRun:
    """Model calls of a first and a second run over the same questions of a family, and whether the answers agree."""

    family: str
    count: int
    first_calls: int
    second_calls: int
    same_answers: bool

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        saved = 1 - self.second_calls / self.first_calls if self.first_calls else 0.0
        return {
            "family": self.family, "n": self.count, "first_calls": self.first_calls,
            "second_calls": self.second_calls, "saved": saved, "same_answers": self.same_answers,
        }  # fmt: skip


def second_runs(
    families: Sequence[str],
    model: LanguageModel,
    *,
    size: int,
    seed: int,
    settings: Settings,
    progress: Progress,
    fresh: bool = False,
) -> list[SecondRun]:
    """What a second run asks, with the memo and the facts that the first one left.

    Args:
        families: which families.
        model: the model.
        size: questions of each.
        seed: of the first run; with `fresh`, the second run has other questions, of the next seed.
        settings: how programs run.
        progress: told how far it is.
        fresh: whether the second run has other questions of the same family.
    """
    runs = []
    for family in families:
        bench = Bench(model, replace(settings, traced=False), None, Memo())
        first, told = _pass(bench, items_of(family, size, seed), family, progress)
        again, retold = _pass(bench, items_of(family, size, seed + (1000 if fresh else 0)), family, progress)
        runs.append(SecondRun(family, size, first, again, fresh or told == retold))
    return runs


def _pass(bench: Bench, items: Sequence[Item], family: str, progress: Progress) -> tuple[int, list[str | None]]:
    calls, told = 0, []
    for number, item in enumerate(items, 1):
        said = VARIANTS["interweave"](bench, item.question, Collection().write(item.question, Library()))
        calls += said.cost.calls
        told.append(said.answer)
        progress(f"second run: {family}", number, len(items))
    return calls, told
