"""A scripted solver that errs with the number of steps: for tests, for cheap rewards, and as another solver.

It is right with one step nearly always and with each further step in its head a fixed share less often; so it needs
no model, and a good plan helps it as it helps people. It knows the answers to whole questions from a key, and computes
sub-questions. Its name says that it is scripted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from brigade.agents.reasoning.decomposer.computing import WEEKDAYS, Uncomputable, calculate, date_answer, operations
from brigade.agents.reasoning.decomposer.plans import Kind, Step, numbers_in


class Facts(Protocol):
    """What is known of things: `legs of a tiger`."""

    def about(self, text: str) -> str | None:
        """The fact, or None."""


@dataclass(frozen=True, slots=True)
class Skill:
    """How often a scripted solver is right."""

    one_step: float = 0.98
    per_step: float = 0.7
    """Factor for each further step that it has to do in its head."""

    def chance(self, steps: int) -> float:
        """Of being right with so many steps."""
        return self.one_step * self.per_step ** max(0, steps - 1)


@dataclass(frozen=True)
class ScriptedAnswer:
    """What it said, and how sure it is."""

    answer: str
    right: bool
    confidence: float


class ScriptedSolver:
    """Answers from a key and by computing, with slips.

    Args:
        key: the right answers to whole questions.
        skill: how often it slips.
        seed: the same seed slips at the same questions.
        facts: what it knows of things.
    """

    def __init__(
        self, key: Mapping[str, str], skill: Skill | None = None, *, seed: int = 0, facts: Facts | None = None
    ) -> None:
        self.skill = skill or Skill()
        self._key = key
        self._seed = seed
        self._facts = facts

    def attempt(self, question: str) -> ScriptedAnswer:
        """An answer to a whole question; one that is not in the key gets none that is right."""
        return self._say(question, self._key.get(question), steps_in(question))

    def answer(self, step: Step, text: str) -> ScriptedAnswer:
        """An answer to a sub-question with earlier answers put in."""
        right, steps = self._computed(step.kind, text)
        return self._say(f"{step.kind} {text}", right, steps)

    def _computed(self, kind: Kind, text: str) -> tuple[str | None, int]:
        try:
            if kind is Kind.CALC:
                return calculate(text), operations(text)
            if kind is Kind.DATE:
                return date_answer(text), 1
        except Uncomputable:
            return None, 1
        known = self._facts.about(text) if self._facts is not None else None
        return known, 1

    def _say(self, question: str, right: str | None, steps: int) -> ScriptedAnswer:
        dice = random.Random(f"{self._seed}|{question}")
        chance = self.skill.chance(steps)
        lucky = dice.random() < chance
        sure = min(1.0, max(0.0, chance + dice.uniform(-0.1, 0.1)))
        if right is None:
            return ScriptedAnswer("unknown", False, 0.1)
        return ScriptedAnswer(right if lucky else slip(right, dice), lucky, sure)


def steps_in(question: str) -> int:
    """How many steps a whole question takes: about one less than the numbers it gives."""
    return max(1, len(numbers_in(question)) - 1)


def slip(answer: str, dice: random.Random) -> str:
    """A wrong answer of the same kind."""
    if answer in WEEKDAYS:
        return WEEKDAYS[(WEEKDAYS.index(answer) + dice.randint(1, 6)) % 7]
    if answer in ("Yes", "No"):
        return "No" if answer == "Yes" else "Yes"
    if re.fullmatch(r"-?\d+(?:\.\d+)?", answer.replace(",", "")):
        value = float(answer.replace(",", ""))
        off = dice.choice([-10, -2, -1, 1, 2, 10, 100]) * (1 if abs(value) < 1000 else 10)
        return f"{value + off:.10f}".rstrip("0").rstrip(".")
    return f"not {answer}"
