"""From composed messages to the Slow Mind's adapter: rows, fine-tuning, and what ships with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from brigade.agents.hierarchy.intent import Intent
from brigade.agents.hierarchy.slow_mind.compact import in_compact
from brigade.agents.hierarchy.slow_mind.slow_mind import SlowHabits, trained_turns
from brigade.agents.models.weights import embedded_source
from brigade.agents.training.batches import TextExample
from brigade.agents.training.lora import OnStep, Recipe, Report, fine_tune, ship, write_report
from brigade.agents.training.messages.compose import compose
from brigade.agents.training.messages.rows import Row

HABITS = SlowHabits(trained=True, words_replies=False)
"""How the trained model is asked: it has learned to understand, and leaves replies to plain sentences."""
PRECISION = "float32"
"""What the adapter is served in. On 400 validation messages int8 understood 87.0 %, float32 89.5 (1 only int8, 11 only
float32), at 3.4 times the time."""
VALIDATED = 300
"""Rows that the validation loss is measured on."""
REPORT = "training.json"


@dataclass(frozen=True, slots=True)
class Data:
    """How many rows, from which seed, and what the model has learned before."""

    rows: int
    seed: int = 0
    start: str | None = None
    """Folder of an earlier training whose best adapter to go on with; a fresh one by default."""


def fit(
    folder: Path,
    target: Path,
    data: Data,
    recipe: Recipe,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
) -> Report:
    """Train on composed rows; the adapter and its facts end up in the target, the rest in `folder/fit`.

    The validation rows are the same whatever the seed of the training rows.

    Raises:
        ValueError: the phrases do not yield so many rows, or no such device.
        OSError: something cannot be read or written.
    """
    report = fine_tune(
        embedded_source(),
        as_examples(compose("train", data.rows, data.seed)),
        as_examples(compose("validation", VALIDATED)),
        folder / "fit",
        recipe,
        device=device,
        resume=resume,
        on_step=on_step,
        start=None if data.start is None else Path(data.start) / "fit" / "best",
    )
    ship(folder / "fit", target, embedded_source().label, {"slow_mind": HABITS.model_dump(), "precision": PRECISION})
    write_report(folder / REPORT, report, recipe, data=asdict(data))
    return report


def as_examples(rows: Iterable[Row]) -> list[TextExample]:
    """Rows as the trained Slow Mind is shown them, with its answer."""
    return [
        TextExample(
            tuple(trained_turns(row.message, row.orders, row.before)),
            json.dumps(in_compact(Intent.from_dict(row.intent))),
        )
        for row in rows
    ]
