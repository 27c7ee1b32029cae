"""From questions with programs to the writer's adapter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from brigade.agents.models.weights import embedded_source
from brigade.agents.reasoning.lmulator.writing import trained_turns
from brigade.agents.training.batches import TextExample
from brigade.agents.training.lora import OnStep, Recipe, Report, fine_tune, ship, write_report
from brigade.agents.training.writer.asked import Pair
from brigade.agents.training.writer.data import Rows, pairs

VALIDATED = 40
"""Questions that the validation loss is measured on."""
REPORT = "training.json"


def fit(
    folder: Path,
    target: Path,
    rows: Rows,
    recipe: Recipe,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
) -> Report:
    """Train on questions and their programs; the adapter and its facts end up in the target, the rest in `folder/fit`.

    Raises:
        ValueError: reasoning-gym is not installed, or no such device.
        OSError: something cannot be read or written.
    """
    report = fine_tune(
        embedded_source(),
        as_examples(pairs(rows)),
        as_examples(pairs(Rows(VALIDATED), validation=True)),
        folder / "fit",
        recipe,
        device=device,
        resume=resume,
        on_step=on_step,
    )
    ship(folder / "fit", target, embedded_source().label, {"writer": {"trained": True}})
    write_report(folder / REPORT, report, recipe, data=asdict(rows))
    return report


def as_examples(made: Iterable[Pair]) -> list[TextExample]:
    """Pairs as the writer is shown them, with its program."""
    return [TextExample(trained_turns(pair.question), pair.program) for pair in made]
