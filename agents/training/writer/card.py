"""The test of a trained writer on questions that it has not seen, and its model card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from string import Template

from brigade.agents.models import load_model
from brigade.agents.reasoning.lmulator.bench.accuracy import Kept
from brigade.agents.training.lora import facts_of_training
from brigade.agents.training.writer.data import OWN_SHARE, Progress
from brigade.agents.training.writer.fit import REPORT
from brigade.agents.training.writer.judging import Candidate, Test, judged, together
from brigade.agents.training.writer.programs import MAKERS
from brigade.agents.training.writer.report import share

RESULTS, TESTED = "test.json", "tested.jsonl"
SEED = 300


def examine(folder: Path, adapter: Path, size: int, progress: Progress) -> tuple[list[Test], list[Test]]:
    """Test the adapter, and on the first quarter of the questions the model without it, which is shown examples.

    Writes `folder/test.json` and the adapter's card; what was tested is kept, so that a test can be cut short.

    Raises:
        OSError: something cannot be read or written.
        ModelError: the model cannot be had.
        ValueError: reasoning-gym is not installed.
    """
    kept = Kept(folder / TESTED)
    done = judged(Candidate("trained", load_model(f"embedded:{adapter}"), True), size, SEED, progress, kept)
    few = max(1, size // 4)
    untrained = judged(Candidate("untrained", load_model("embedded"), False), few, SEED, progress, kept)
    data = {name: [test.to_dict() for test in tests] for name, tests in (("trained", done), ("untrained", untrained))}
    (folder / RESULTS).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    (adapter / "README.md").write_text(_card(folder, done, untrained), encoding="utf-8")
    return done, untrained


def _card(folder: Path, done: Sequence[Test], untrained: Sequence[Test]) -> str:
    training = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    template = (resources.files("brigade.agents.training.writer") / "card.txt").read_text(encoding="utf-8")
    return Template(template).substitute(
        rows=training["data"]["count"],
        data_seed=training["data"]["seed"],
        families=len(MAKERS),
        own=f"{OWN_SHARE:.0%}",
        parts=_table(together(done), together(untrained)),
        table=_table(done, untrained),
        seed=SEED,
        examples=_examples(done),
        layers=training["recipe"]["top_layers"] or "all",
        **{name: value for name, value in facts_of_training(training).items() if name != "seed"},
        train_seed=training["recipe"]["seed"],
    )


def _table(done: Sequence[Test], untrained: Sequence[Test]) -> str:
    rows = ["| part | family | n | right | n | right without the adapter |", "| --- | --- | --- | --- | --- | --- |"]
    rows += [
        f"| {test.part} | {test.family} | {test.count} | {share(test)} | {bare.count} | {share(bare)} |"
        for test, bare in zip(done, untrained, strict=True)
    ]
    return "\n".join(rows)


def _examples(done: Sequence[Test]) -> str:
    """What it writes for families that it has not seen."""
    return "\n".join(f"```text\n{test.example}\n```" for test in done if test.part == "held out")
