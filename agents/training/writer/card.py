"""The test of a trained writer on questions that it has not seen, and its model card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from string import Template

from brigade.agents.models import load_model
from brigade.agents.training.lora import facts_of_training
from brigade.agents.training.writer.data import OWN_SHARE, Progress
from brigade.agents.training.writer.fit import REPORT
from brigade.agents.training.writer.judging import Test, judged
from brigade.agents.training.writer.programs import MAKERS
from brigade.agents.training.writer.report import share

RESULTS = "test.json"
SEED = 300


def examine(folder: Path, adapter: Path, size: int, progress: Progress) -> list[Test]:
    """Test the adapter; write `folder/test.json` and the adapter's card.

    Raises:
        OSError: something cannot be read or written.
        ModelError: the model cannot be had.
        ValueError: reasoning-gym is not installed.
    """
    done = judged(load_model(f"embedded:{adapter}"), size, SEED, progress)
    (folder / RESULTS).write_text(json.dumps([test.to_dict() for test in done], indent=2) + "\n", encoding="utf-8")
    (adapter / "README.md").write_text(_card(folder, done), encoding="utf-8")
    return done


def _card(folder: Path, done: Sequence[Test]) -> str:
    training = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    template = (resources.files("brigade.agents.training.writer") / "card.txt").read_text(encoding="utf-8")
    return Template(template).substitute(
        rows=training["data"]["count"],
        data_seed=training["data"]["seed"],
        families=len(MAKERS),
        own=f"{OWN_SHARE:.0%}",
        table=_table(done),
        seed=SEED,
        examples=_examples(done),
        **{name: value for name, value in facts_of_training(training).items() if name != "seed"},
        train_seed=training["recipe"]["seed"],
    )


def _table(done: Sequence[Test]) -> str:
    rows = ["| part | family | n | programs right |", "| --- | --- | --- | --- |"]
    rows += [f"| {test.part} | {test.family} | {test.count} | {share(test)} |" for test in done]
    return "\n".join(rows)


def _examples(done: Sequence[Test]) -> str:
    """What it writes for families that it has not seen."""
    return "\n".join(f"```python\n{test.example}\n```" for test in done if test.part == "held out")
