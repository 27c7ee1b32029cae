"""Accuracy by variant: every variant answers the same questions, with the programs of one or several writers.

Each result is kept by what it depends on, so that a measurement that is cut short goes on where it stopped. Every
question starts without a memo; what a memo saves is measured by `second_runs`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator.bench.families import Item, Progress, items_of, wilson
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.lmulator import Settings
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.variants import VARIANTS, Bench
from brigade.agents.reasoning.lmulator.writing import Writer, Written

RUNNING = ("code + knowledge", "interweave", "Python only")
"""Variants that run the program: the only ones in which a second writer can differ at no model's cost but its own."""
PROGRAMLESS = ("chain of thought", "direct")
ELSE = {"try Python except LM state": "LM state", "try Python except LM": "LM"}
"""What these variants do where Python alone comes to no answer; what was told there is taken over, not asked again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a variant answered to one question, and what it cost."""

    answer: str | None
    right: bool
    calls: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Score:
    """How one variant did on one family."""

    family: str
    variant: str
    writer: str
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
            "family": self.family, "variant": self.variant, "writer": self.writer, "right": self.right,
            "n": self.count, "accuracy": self.right / self.count, "low": low, "high": high,
            "model_calls": self.calls, "tokens": self.tokens,
        }  # fmt: skip


class Kept:
    """Results and programs by what they depend on; appended to a file if one is named.

    Raises:
        ValueError: a line of the file is no result; says which.
        OSError: the file cannot be read.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._rows: dict[str, Mapping[str, Any]] = {}
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines() if file and file.is_file() else ()):
            try:
                row = json.loads(line)
                self._rows[row["key"]] = row["kept"]
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{file}:{number + 1}: not a kept result: {error!r}") from None

    def have(self, key: Sequence[str], make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """What is kept under a key; made and kept if there is nothing."""
        text = json.dumps(key)
        if text not in self._rows:
            self._rows[text] = make()
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps({"key": text, "kept": self._rows[text]}) + "\n")
        return self._rows[text]


@dataclass(frozen=True)
class Contest:
    """What all variants share.

    Args:
        model: the model of all variants.
        writers: who writes the programs, by name; those after the first only for variants that run them.
        settings: how programs run.
        kept: results of an earlier run.
    """

    model: LanguageModel
    writers: Mapping[str, Writer]
    settings: Settings
    kept: Kept

    def told(self, variant: str, writer: str, item: Item) -> Told:
        """What a variant answers to a question."""
        if variant in ELSE:
            alone = self.told("Python only", writer, item)
            return alone if alone.answer is not None else self.told(ELSE[variant], writer, item)
        by = "" if variant in PROGRAMLESS else writer
        return Told(
            **self.kept.have(
                ["told", variant, self.model.name, by, item.question], lambda: self._ask(variant, by, item)
            )
        )

    def _ask(self, variant: str, writer: str, item: Item) -> Mapping[str, Any]:
        bench = Bench(self.model, replace(self.settings, traced=False), common_knowledge())
        said = VARIANTS[variant](bench, item.question, self._program(writer, item) if writer else None)
        return asdict(Told(said.answer, item.score(said.answer), said.cost.calls, said.cost.tokens))

    def _program(self, writer: str, item: Item) -> Written | None:
        def written() -> Mapping[str, Any]:
            made = self.writers[writer].write(item.question, Library())
            return {"written": made and {"program": made.program, "by": made.by, "state": dict(made.state)}}

        data = self.kept.have(("program", writer, item.question), written)["written"]
        return Written(**data) if data else None


def accuracy(
    contest: Contest, families: Sequence[str], variants: Sequence[str], *, size: int, seed: int, progress: Progress
) -> list[Score]:
    """Every variant on the same questions and the same programs.

    Args:
        contest: what they share.
        families: of reasoning-gym.
        variants: of VARIANTS.
        size: questions of each family.
        seed: of the questions.
        progress: told how far it is.

    Raises:
        ValueError: there is no such family or variant.
    """
    unknown = [each for each in variants if each not in VARIANTS]
    if unknown:
        raise ValueError(f"unknown variant {unknown[0]!r} (known: {', '.join(VARIANTS)})")
    questions = {family: items_of(family, size, seed) for family in families}
    first, *others = contest.writers
    lines = [(variant, first) for variant in variants]
    lines += [(variant, writer) for writer in others for variant in variants if variant in RUNNING]
    return [
        _score(contest, variant, writer, items, progress) for variant, writer in lines for items in questions.values()
    ]


def _score(contest: Contest, variant: str, writer: str, items: Sequence[Item], progress: Progress) -> Score:
    told = []
    for number, item in enumerate(items, 1):
        told.append(contest.told(variant, writer, item))
        progress(f"{variant}: {item.family}", number, len(items))
    return Score(
        items[0].family, variant, writer, sum(each.right for each in told), len(told),
        sum(each.calls for each in told), sum(each.tokens for each in told),
    )  # fmt: skip
