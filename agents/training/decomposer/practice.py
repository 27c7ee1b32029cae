"""The questions and the solver that the later stages practise with: no model is asked for a reward.

Questions of the training split at the measured difficulty, from the families that are not held out, and a scripted
solver that errs with the number of steps. Evaluation uses other questions and other solvers.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from brigade.agents.reasoning.decomposer.families import FAMILIES, HELD_OUT, Item, Split, items_of
from brigade.agents.reasoning.decomposer.knowing import Common
from brigade.agents.reasoning.decomposer.scripted import ScriptedSolver, Skill
from brigade.agents.reasoning.decomposer.solving import Scripted

PRACTISED = tuple(family for family in FAMILIES if family not in HELD_OUT)
AFTER = 100_000
"""Seeds of the practice questions begin here, so that none is one of the supervised rows."""


@dataclass(frozen=True)
class Practice:
    """Questions, and a solver that knows their key."""

    items: tuple[Item, ...]
    solver: Scripted

    def item(self, question: str) -> Item:
        """The item with this question."""
        return self._by_question()[question]

    def _by_question(self) -> dict[str, Item]:
        return {item.question: item for item in self.items}


def practice(
    each: int, split: Split = "train", seed: int = 0, families: Sequence[str] = PRACTISED, skill: Skill | None = None
) -> Practice:
    """So many questions of each family, shuffled.

    Raises:
        ValueError: see families.items_of.
    """
    start = AFTER if split == "train" else 0
    items = [item for family in families for item in items_of(family, each, split, start + seed)]
    random.Random(seed).shuffle(items)
    return Practice(tuple(items), Scripted(scripted_for(items, skill, seed)))


def scripted_for(items: Sequence[Item], skill: Skill | None = None, seed: int = 0) -> ScriptedSolver:
    """A scripted solver that knows the answers to these questions."""
    return ScriptedSolver({item.question: item.answer for item in items}, skill, seed=seed, facts=Common())
