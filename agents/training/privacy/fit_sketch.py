"""The sketch adapter: fine-tune the embedded model to say what is to be written, and to write it along an outline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from string import Template

from brigade.agents.models.weights import embedded_source
from brigade.agents.training.lora import OnStep, Recipe, Report, facts_of_training, fine_tune, ship, write_report
from brigade.agents.training.privacy.sketch_bench import SketchOutcome, cells
from brigade.agents.training.privacy.sketch_data import examples, requests

FACTS = {"sketch": {"trained": True}}
"""What the route `sketch` must know: the adapter says itself what may be told."""
VALIDATED = 24
REPORT = "report.json"
RECIPE = Recipe(epochs=1.0, top_layers=10, evaluations=3, learning_rate=1e-3)
"""For twenty minutes of one CPU core with 440 requests; the adapter has 3 MB."""


def fit(
    out: Path,
    target: Path,
    count: int,
    recipe: Recipe = RECIPE,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
) -> Report:
    """Train on so many requests; the adapter ends up in the target, the rest in `out`.

    Raises:
        ValueError: there is no such device.
        OSError: something cannot be read or written.
    """
    train = examples(requests(count, recipe.seed))
    validation = examples(requests(VALIDATED, recipe.seed + 1000))
    source = embedded_source()
    report = fine_tune(source, train, validation, out, recipe, device=device, resume=resume, on_step=on_step)
    ship(out, target, source.label, FACTS)
    write_report(out / REPORT, report, recipe, requests=count, examples=len(train))
    return report


def write_card(out: Path, adapter: Path, outcomes: Sequence[SketchOutcome], seed: int) -> None:
    """Write the adapter's model card, with the comparison.

    Raises:
        OSError: something cannot be read or written.
    """
    template = (resources.files("brigade.agents.training.privacy") / "sketch_card.txt").read_text(encoding="utf-8")
    report = json.loads((out / REPORT).read_text(encoding="utf-8"))
    head = ("model", "values told", "requests told cleanly", "like reference", "facts used", "like text", "blanks")
    rows = [head, tuple("---" for _ in head), *map(cells, outcomes)]
    text = Template(template).safe_substitute(
        facts_of_training(report),
        requests=report["requests"],
        examples=report["examples"],
        layers=report["recipe"]["top_layers"],
        minutes=round(report["seconds"] / 60),
        count=outcomes[0].requests if outcomes else 0,
        seed=seed,
        table="\n".join(f"| {' | '.join(row)} |" for row in rows),
    )
    (adapter / "README.md").write_text(text, encoding="utf-8")
    told = [asdict(each) for each in outcomes]
    (out / "compared.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
