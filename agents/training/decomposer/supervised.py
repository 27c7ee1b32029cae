"""The supervised start: fine-tune the embedded model on questions and their plans."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from brigade.agents.models.weights import embedded_source
from brigade.agents.training.decomposer.data import as_examples, rows
from brigade.agents.training.lora import OnStep, Recipe, Report, fine_tune, ship, write_report

FACTS = {"decomposer": {"trained": True}}
"""What the minds that use the adapter must know: it is asked as it was trained."""
REPORT = "supervised.json"
VALIDATED = 240
FIT = "supervised"


@dataclass(frozen=True, slots=True)
class Data:
    """How many rows, from which seed, with which folder of data sets."""

    rows: int = 5000
    seed: int = 0
    folder: Path | None = None


def fit(
    out: Path,
    target: Path,
    data: Data,
    recipe: Recipe,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
) -> Report:
    """Train on taught plans; the adapter ends up in the target, the rest in `out/supervised`.

    Raises:
        ValueError: a data file is not what it should be, or there is no such device.
        OSError: something cannot be read or written.
    """
    train = as_examples(rows(data.rows, "train", data.seed, data.folder), data.seed)
    validation = as_examples(rows(VALIDATED, "validation", data.seed, data.folder), data.seed)
    report = fine_tune(
        embedded_source(), train, validation, out / FIT, recipe, device=device, resume=resume, on_step=on_step
    )
    ship(out / FIT, target, embedded_source().label, FACTS)
    write_report(out / REPORT, report, recipe, rows=len(train), data=asdict(data) | {"folder": bool(data.folder)})
    return report
