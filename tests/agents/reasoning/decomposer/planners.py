"""Decomposers of a test: they say what they are told to say."""

from __future__ import annotations

from collections.abc import Callable

from brigade.agents.reasoning.lmulator.asking import Cost


class Says:
    """A decomposer that answers by a function of the question; it remembers the attempts that it saw."""

    def __init__(self, say: Callable[[str], str | list[str]]) -> None:
        self.name = "says"
        self.draws = False
        self.seen: list[tuple[str, str | None, str]] = []
        self._say = say

    def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
        self.seen.append((question, attempt, begin))
        cost.note(self.name, 10, 0.0)
        said = self._say(question)
        return [said] if isinstance(said, str) else said[:count]
