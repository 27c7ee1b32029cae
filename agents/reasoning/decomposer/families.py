"""Families of questions from reasoning-gym, at the difficulty that is measured, and the seeds that keep splits apart.

reasoning-gym makes item i of a data set from the seed and i, so seeds a million apart share no question. Two families
are held out: nothing is trained on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Split = Literal["train", "validation", "test"]
SEEDS: Mapping[str, int] = {"train": 1_000_000, "validation": 2_000_000, "test": 3_000_000}
"""First seed of each split; a user's own seed is added."""
FAMILIES: Mapping[str, Mapping[str, Any]] = {
    "chain_sum": {"min_terms": 4, "max_terms": 6, "min_digits": 2, "max_digits": 4},
    "basic_arithmetic": {"min_terms": 4, "max_terms": 6, "min_digits": 1, "max_digits": 3},
    "calendar_arithmetic": {},
    "gsm_symbolic": {},
    "leg_counting": {"min_animals": 3, "max_animals": 5},
    "simple_geometry": {"min_sides": 4, "max_sides": 6},
    "decimal_chain_sum": {"min_terms": 3, "max_terms": 5, "max_digits": 3, "max_decimal_places": 2},
    "products": {"min_terms": 3, "max_terms": 4, "max_digits": 3},
}
"""Name and configuration."""
HELD_OUT = ("decimal_chain_sum", "products")
EASY: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "single_sums": ("chain_sum", {"min_terms": 2, "max_terms": 2, "min_digits": 1, "max_digits": 3}),
    "single_products": ("products", {"min_terms": 2, "max_terms": 2, "max_digits": 2}),
}
"""Families of one step, which a solver that is good at one step answers alone: their base and configuration."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a family."""

    family: str
    question: str
    answer: str
    score: Callable[[str | None], bool]
    """Whether an answer is right, by reasoning-gym's own measure."""
    metadata: Mapping[str, Any]


def items_of(
    family: str, size: int, split: Split, seed: int = 0, easier: Mapping[str, Any] | None = None
) -> list[Item]:
    """Questions of a family; see stream_of."""
    return list(stream_of(family, size, split, seed, easier))


def stream_of(
    family: str, size: int, split: Split, seed: int = 0, easier: Mapping[str, Any] | None = None
) -> Iterator[Item]:
    """Questions of a family, made one by one.

    Args:
        family: of FAMILIES or EASY.
        size: how many.
        split: which of them.
        seed: added to the split's own; below half a million.
        easier: settings instead of the measured difficulty.

    Raises:
        ValueError: there is no such family, the seed is out of range, or reasoning-gym is not installed.
    """
    if family not in FAMILIES and family not in EASY:
        raise ValueError(f"unknown family {family!r} (known: {', '.join([*FAMILIES, *EASY])})")
    if not 0 <= seed < 500_000:
        raise ValueError(f"seed {seed} is not between 0 and 499999")
    base, settings = EASY[family] if family in EASY else (family, FAMILIES[family])
    try:
        import reasoning_gym
    except ImportError:
        raise ValueError("these families need reasoning-gym: pip install reasoning-gym") from None
    made = reasoning_gym.create_dataset(base, size=size, seed=SEEDS[split] + seed, **{**settings, **(easier or {})})

    def scorer(entry: Any) -> Callable[[str | None], bool]:
        return lambda said: said is not None and bool(made.score_answer(said, entry=entry) >= 0.99)

    for number in range(size):
        entry = made[number]
        yield Item(family, entry["question"], entry["answer"], scorer(entry), entry["metadata"])
