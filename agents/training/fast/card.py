"""The test of a trained Fast Mind on held-out moments, and its model card."""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from brigade.agents.hierarchy.fast_mind import Habits, fast_habits
from brigade.agents.models import LanguageModel, load_model
from brigade.agents.training.fast.agreement import Chooser, agreement, by_model, by_plan, first_legal
from brigade.agents.training.fast.data import Moment, data_file, read_moments
from brigade.agents.training.fast.fit import REPORT, as_examples
from brigade.agents.training.fast.kitchens import TEST, TRAIN
from brigade.agents.training.lora import facts_of_training
from rich.table import Table

TESTED = 800
"""Held-out moments that models are tested on."""
RESULTS = "test.json"

OnProgress = Callable[[int, int], None]


def examine(folder: Path, adapter: Path, on_progress: OnProgress) -> Table:
    """Test the adapter, the untrained model and the script; write `folder/test.json` and the adapter's card.

    Raises:
        ValueError: no usable moments.
        OSError: something cannot be read or written.
        ModelError: a model cannot be had.
    """
    moments = read_moments(folder, TEST)
    moments = random.Random(0).sample(moments, min(TESTED, len(moments)))
    trained, untrained = load_model(f"embedded:{adapter}"), load_model("embedded")
    choosers: dict[str, Chooser] = {
        "trained": by_model(trained, fast_habits(trained.name)),
        "untrained": by_model(untrained, Habits()),
        "plan": by_plan,
        "first legal": first_legal,
    }
    results, done = {}, 0
    for name, choose in choosers.items():
        for kind, chosen in _kinds(moments).items():
            results[name, kind] = agreement(chosen, choose)
            done += len(chosen)
            on_progress(done, len(choosers) * len(moments))
    facts: dict[str, Any] = {
        "results": [{"chooser": who, "kind": kind, **asdict(it)} for (who, kind), it in results.items()],
        "latency_ms_p50": latency_ms(trained, moments[:60]),
    }
    (folder / RESULTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    (adapter / "README.md").write_text(_card(folder, facts), encoding="utf-8")
    return _table(facts["results"])


def latency_ms(model: LanguageModel, moments: Sequence[Moment]) -> float:
    """Median milliseconds of a choice, one after the other on this machine."""
    seconds = [model.choose(example.messages, example.options).seconds for example in as_examples(moments)]
    return round(1000 * statistics.median(seconds), 1)


def _kinds(moments: Sequence[Moment]) -> dict[str, list[Moment]]:
    return {
        "nothing wanted": [moment for moment in moments if moment.demand in ("none", "later")],
        "a demand to follow": [moment for moment in moments if moment.demand in ("counted", "standing")],
    }


def _row(facts: dict[str, Any]) -> list[str]:
    low, high = facts["top1_interval"] or (facts["top1"], facts["top1"])
    least, most = facts["value_loss_interval"] or (facts["value_loss"], facts["value_loss"])
    return [
        facts["chooser"],
        facts["kind"],
        str(facts["moments"]),
        f"{facts['top1']:.3f} ({low:.3f} to {high:.3f})",
        f"{facts['value_loss']:.2f} ({least:.2f} to {most:.2f})",
        f"{facts['followed']:.3f}",
        f"{facts['calibration_error']:.3f}",
    ]


_COLUMNS = ("chooser", "moments", "how many", "agrees with the teacher", "points lost", "allowed", "calibration error")


def _table(results: Sequence[dict[str, Any]]) -> Table:
    table = Table(title="Held-out moments")
    for name in _COLUMNS:
        table.add_column(name)
    for facts in results:
        table.add_row(*_row(facts))
    return table


def _card(folder: Path, facts: dict[str, Any]) -> str:
    """The model card, with the figures of this training."""
    training = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    with data_file(folder, TRAIN).open(encoding="utf-8") as lines:
        search = json.loads(next(lines))["search"]
    rows = [_row(each) for each in facts["results"]]
    table = "\n".join("| " + " | ".join(row) + " |" for row in [list(_COLUMNS), ["---"] * len(_COLUMNS), *rows])
    template = (resources.files("brigade.agents.training.fast") / "card.txt").read_text(encoding="utf-8")
    return Template(template).substitute(
        table=table,
        examples=training["examples"],
        horizon=f"{search['horizon']:g}",
        futures=search["futures"],
        caution=search["caution"],
        temperature=search["temperature"],
        **facts_of_training(training),
        latency=facts["latency_ms_p50"],
    )
