"""`brigade bench commands`: how well the lexicon and the models understand the messages of a split.

Every line is judged on the same rows, as far as it goes: the lexicon reads all of them, a model only the first few
(rows are in random order, so the first are a fair sample), because an untrained small model takes seconds a message.
What the two together understand follows from what each did: SlowMind asks the model exactly when the lexicon is not
certain, and asks it the same, so no message is put to a model twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.agents.models import LanguageModel
from brigade.agents.training.messages.compose import compose
from brigade.agents.training.messages.evaluate import Judged, figures
from brigade.agents.training.messages.rows import Row
from brigade.agents.training.messages.vocabulary import Split

ADAPTER = "slow-mind"
"""The shipped adapter that is judged beside the untrained model, where there is one."""
Progress = Callable[[str, int, int], None]
"""Told what is being judged, how many rows are done, and of how many."""


@dataclass(frozen=True)
class Line:
    """One way to understand messages, and what it made of them."""

    name: str
    judged: tuple[Judged, ...]

    def to_dict(self) -> dict[str, Any]:
        """Its figures, for JSON."""
        return {"name": self.name, **figures(self.judged)}


def trained_models() -> tuple[str, ...]:
    """Names of the trained Slow Minds that are shipped."""
    folder = resources.files("brigade.agents.models") / "adapters" / ADAPTER
    return (f"embedded:{ADAPTER}",) if folder.is_dir() else ()


def bench(
    split: Split,
    *,
    rows: int,
    model_rows: int,
    seed: int,
    models: Sequence[str],
    load: Callable[[str], LanguageModel],
    progress: Progress,
) -> list[Line]:
    """Judge the lexicon, each model alone, and the lexicon with each model behind it.

    Args:
        split: which messages.
        rows: how many the lexicon reads.
        model_rows: how many of them each model reads.
        seed: of the rows.
        models: names of models, the first of them the untrained one.
        load: makes a model of a name.
        progress: told how far it is.

    Raises:
        ValueError: the split does not yield so many rows.
        ModelError: a model cannot be had or does not answer.
    """
    composed = compose(split, rows, seed)
    lexicon = Line("lexicon", tuple(judge(SlowMind(None), composed, "lexicon", progress)))
    sample = composed[: min(model_rows, rows)]
    lines = [lexicon]
    if models and sample:
        lines.append(replace(lexicon, judged=lexicon.judged[: len(sample)]))
    for name in models if sample else ():
        alone = Line(name, tuple(judge(SlowMind(load(name), lexicon=False), sample, name, progress)))
        lines += [alone, together(lexicon, alone)]
    return lines


def judge(mind: SlowMind, rows: Sequence[Row], name: str, progress: Progress) -> Iterator[Judged]:
    """What a mind makes of each row."""
    for number, row in enumerate(rows):
        progress(name, number, len(rows))
        understood = asyncio.run(mind.interpret(row.message, orders=row.orders, previous=row.before))
        certain = read(row.message, row.before).certain
        yield Judged(row, understood.intent.to_dict(), understood.by, understood.seconds, certain)
    progress(name, len(rows), len(rows))


def together(lexicon: Line, model: Line) -> Line:
    """The lexicon where it is certain, the model otherwise; on the rows that the model read."""
    pairs = zip(lexicon.judged, model.judged, strict=False)
    return Line(f"lexicon, then {model.name}", tuple(ours if ours.certain else theirs for ours, theirs in pairs))


def to_json(lines: Sequence[Line], split: Split, seed: int) -> dict[str, Any]:
    """Everything that was measured."""
    return {"split": split, "seed": seed, "lines": [line.to_dict() for line in lines]}
