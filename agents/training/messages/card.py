"""The test of a trained Slow Mind on the held-out split, and its model card."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from brigade.agents.hierarchy.intent import Kind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import load_model
from brigade.agents.training.lora import facts_of_training
from brigade.agents.training.messages.bench import Line, Progress, judge, to_json
from brigade.agents.training.messages.compose import compose
from brigade.agents.training.messages.fit import REPORT
from brigade.agents.training.messages.phrases import messages

TESTED, UNTRAINED_TESTED = 600, 100
"""Messages that the trained model reads, and of those the untrained one, which takes seconds for each."""
RESULTS = "test.json"


def examine(folder: Path, adapter: Path, progress: Progress) -> dict[str, Any]:
    """Test the adapter, the untrained model and the lexicon; write `folder/test.json` and the adapter's card.

    Returns:
        The figures, in the form of `brigade bench commands --json`.

    Raises:
        OSError: something cannot be read or written.
        ModelError: a model cannot be had.
    """
    rows = compose("test", TESTED)
    trained, untrained = load_model(f"embedded:{adapter}"), load_model("embedded")
    lines = [
        Line("lexicon", tuple(judge(SlowMind(None), rows, "lexicon", progress))),
        Line(
            "embedded", tuple(judge(SlowMind(untrained, lexicon=False), rows[:UNTRAINED_TESTED], "embedded", progress))
        ),
        Line("trained", tuple(judge(SlowMind(trained, lexicon=False), rows, "trained", progress))),
    ]
    figures = to_json(lines, "test", 0)
    (folder / RESULTS).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    (adapter / "README.md").write_text(_card(folder, figures), encoding="utf-8")
    return figures


def _card(folder: Path, figures: dict[str, Any]) -> str:
    training = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    data, lines = training["data"], figures["lines"]
    trained = lines[-1]
    template = (resources.files("brigade.agents.training.messages") / "card.txt").read_text(encoding="utf-8")
    return Template(template).substitute(
        table=_table(lines),
        commands=", then ".join(commands(folder)),
        rows=data["rows"],
        data_seed=data["seed"],
        phrases=sum(len(group.say) for group in messages("train").groups),
        **facts_of_training(training),
        p50=round(1000 * trained["seconds_p50"]),
        p95=round(1000 * trained["seconds_p95"]),
    )


def commands(folder: Path) -> list[str]:
    """The commands that train this adapter, the first round first."""
    training = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    data, epochs = training["data"], training["recipe"]["epochs"]
    command = f"`brigade train slow --rows {data['rows']} --epochs {epochs:g} --seed {data['seed']}"
    if data.get("start") is None:
        return [f"{command} --out {folder}`"]
    return [*commands(Path(data["start"])), f"{command} --start {data['start']} --out {folder}`"]


def _table(lines: list[dict[str, Any]]) -> str:
    rows = [["understood by", "messages", "whole intent", *map(str, Kind)]]
    rows.append(["---"] * len(rows[0]))
    for line in lines:
        parts = [line["kinds"].get(str(kind)) for kind in Kind]
        shares = ["-" if part is None else f"{part['exact']['value']:.3f} of {part['rows']}" for part in parts]
        low, high = line["exact"]["ci95"]
        rows.append(
            [line["name"], str(line["rows"]), f"{line['exact']['value']:.3f} ({low:.3f} to {high:.3f})", *shares]
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
