"""Questions as pieces of work: how to answer and a question in, an answer out; models loaded once in each worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from brigade.agents.models import LanguageModel, ModelError
from brigade.agents.models.adapters import known_adapters
from brigade.agents.models.lazy import LazyModel
from brigade.agents.reasoning.decomposer import Habits
from brigade.agents.reasoning.lmulator import Knowledge, Lmulator, Memo, Settings
from brigade.agents.reasoning.lmulator.common import common_library
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.writing import Collection, families_in, shipped_families
from brigade.agents.reasoning.questions import Question
from brigade.agents.reasoning.solve import STRATEGIES, Means, Solved, Strategy


@dataclass(frozen=True)
class SolveSpec:
    """How questions are answered: plain data."""

    strategy: str
    load: Callable[[str], LanguageModel]
    """Loads a model by its name; can be pickled, and two that load alike are equal."""
    model: str
    larger: str | None = None
    programs: Path | None = None
    facts: Path | None = None
    memo: Path | None = None
    settings: Settings = field(default_factory=Settings)
    writer: str | None = None
    """Model that writes programs; by default the shipped writer beside the embedded model, else the model itself."""
    decomposer: str = "none"
    """Model that splits questions; `none`: the model itself."""
    splits: Habits = field(default_factory=Habits)
    """How questions are split."""
    knowledge: str | None = None
    """A knowledge base, in place of a file of facts."""

    def check(self) -> None:
        """Raise ValueError, in one clear line, if nothing can be answered in this way."""
        if self.strategy not in STRATEGIES:
            raise ValueError(f"--strategy {self.strategy!r} is none of {', '.join(STRATEGIES)}")
        if self.model == "none":
            raise ValueError("--model none answers no question: name a model")

    def way(self) -> Strategy:
        """The strategy, with what it works with.

        Raises:
            ValueError: a file of programs or facts is none.
            OSError: it cannot be read.
        """
        model, larger = self._lazy(self.model), self._lazy(self.larger or "none")
        if model is None:
            raise ModelError("there is no model")
        knowledge = self._knowledge()
        runner = Lmulator(
            model,
            larger=larger,
            library=common_library(),
            knowledge=knowledge,
            memo=Memo(self.memo),
            settings=self.settings,
        )
        families = (*(families_in(self.programs) if self.programs else ()), *shipped_families())
        writes = self._lazy(self.writer or _writer_beside(self.model))
        means = Means(
            model, runner, families=Collection(families), calls=self.settings.calls, writer=writes,
            decomposer=self._lazy(self.decomposer), habits=self.splits,
        )  # fmt: skip
        return STRATEGIES[self.strategy](means)

    def _knowledge(self) -> Knowledge | None:
        """What is looked up: the user's facts, else what is commonly known; a program alone is told nothing unasked."""
        if self.facts is not None or self.knowledge is not None:
            from brigade.agents.reasoning.lmulator.known_base import known

            return known(self.facts, self.knowledge)
        return None if self.strategy == "code" else common_knowledge()

    def _lazy(self, name: str) -> LanguageModel | None:
        return None if name == "none" else LazyModel(name, lambda: self.load(name))


def _writer_beside(model: str) -> str:
    """Who writes programs for a model: for the embedded one the trained writer, if there is one; else the model."""
    return "embedded:writer" if model == "embedded" and "writer" in known_adapters() else model


@dataclass(frozen=True)
class SolveTask:
    """One question and how it is answered."""

    spec: SolveSpec
    question: Question


def answer(task: SolveTask) -> Solved:
    """Answer it."""
    return _way(task.spec).solve(task.question)


@lru_cache(maxsize=2)
def _way(spec: SolveSpec) -> Strategy:
    return spec.way()
