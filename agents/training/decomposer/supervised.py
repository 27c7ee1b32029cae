"""The supervised start: fine-tune the embedded model on questions and their plans."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from brigade.agents.models.weights import embedded_source
from brigade.agents.training.decomposer.data import Row, as_examples, rows
from brigade.agents.training.lora import OnStep, Recipe, Report, fine_tune, ship, write_report

FACTS = {"decomposer": {"trained": True}}
"""What the minds that use the adapter must know: it is asked as it was trained."""
REPORT = "supervised.json"
VALIDATED = 48
FIT = "supervised"
ROWS = "rows.json"


@dataclass(frozen=True, slots=True)
class Data:
    """How many rows, from which seed, with which folder of data sets."""

    rows: int = 5000
    seed: int = 0
    folder: Path | None = None


def make_data(out: Path, data: Data, *, resume: bool = True) -> tuple[list[Row], list[Row]]:
    """Rows to learn from and to validate with, kept in `out`; made anew if other ones are asked for.

    Raises:
        ValueError: a data file is not what it should be.
        OSError: something cannot be read or written.
    """
    asked = json.dumps({"rows": data.rows, "seed": data.seed, "folder": data.folder is not None})
    file = out / ROWS
    if resume and file.is_file():
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["asked"] == asked:
            train, validation = ([Row(**row) for row in kept[name]] for name in ("train", "validation"))
            return train, validation
    train = rows(data.rows, "train", data.seed, data.folder)
    validation = rows(VALIDATED, "validation", data.seed, data.folder)
    out.mkdir(parents=True, exist_ok=True)
    made = {"asked": asked, "train": [asdict(row) for row in train], "validation": [asdict(row) for row in validation]}
    file.write_text(json.dumps(made), encoding="utf-8")
    return train, validation


def fit(
    out: Path,
    target: Path,
    data: Data,
    recipe: Recipe,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
    start: Path | None = None,
) -> Report:
    """Train on taught plans; the adapter ends up in the target, the rest in `out/supervised`.

    Args:
        out: folder of the whole course.
        target: where the adapter goes.
        data: what to learn from.
        recipe: how.
        device: `auto`, `cpu` or `cuda`.
        resume: go on from what is there.
        on_step: told of progress.
        start: an adapter to go on with; a fresh one by default.

    Raises:
        ValueError: a data file is not what it should be, or there is no such device.
        OSError: something cannot be read or written.
    """
    train, validation = (as_examples(made, data.seed) for made in make_data(out, data, resume=resume))
    report = fine_tune(
        embedded_source(), train, validation, out / FIT, recipe, device=device, resume=resume, on_step=on_step,
        start=start,
    )  # fmt: skip
    ship(out / FIT, target, embedded_source().label, FACTS)
    told = asdict(data) | {"folder": bool(data.folder)}
    write_report(out / REPORT, report, recipe, rows=len(train), data=told, went_on=start is not None)
    return report
