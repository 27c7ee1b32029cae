"""The model card of a decomposer, from what its stages left."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from brigade.agents.reasoning.lmulator.bench.families import wilson
from brigade.agents.training.decomposer.course import CHOICE
from brigade.agents.training.decomposer.supervised import REPORT
from brigade.agents.training.lora import facts_of_training

MEASURED = "bench.json"
"""What `brigade bench decompose --json OUT/bench.json` wrote; without it the card has no table of it."""


def write_card(out: Path, adapter: Path) -> None:
    """Write the adapter's card.

    Raises:
        OSError: something cannot be read or written.
    """
    template = (resources.files("brigade.agents.training.decomposer") / "card.txt").read_text(encoding="utf-8")
    training = _read(out / REPORT)
    choice = _read(out / CHOICE)
    facts = facts_of_training(training) if training else {}
    layers = training.get("recipe", {}).get("top_layers")
    text = Template(template).safe_substitute(
        rows=training.get("rows", "?"),
        layers="every layer" if layers is None else f"the uppermost {layers} layers",
        data_rows=training.get("data", {}).get("rows", "?"),
        with_files=", GSM8K and StrategyQA" if training.get("data", {}).get("folder") else "",
        sampling=_sampling(_read(out / "sampling" / "report.json")),
        gradient=_gradient(_read(out / "gradient" / "report.json")),
        shipped=choice.get("shipped", "supervised"),
        solved="; ".join(_solved(name, each) for name, each in choice.get("solved", {}).items()) or "not measured",
        table=_table(_read(out / MEASURED)),
        **facts,
    )
    (adapter / "README.md").write_text(text, encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _solved(stage: str, solved: dict[str, Any]) -> str:
    low, high = wilson(round(solved["planned"] * solved["count"]), solved["count"])
    return (
        f"`{stage}` {solved['planned']:.0%} ({low:.0%} to {high:.0%}) of {solved['count']}, "
        f"alone {solved['alone']:.0%}, plans refused {solved['refused']:.0%}"
    )


def _sampling(report: dict[str, Any]) -> str:
    if not report:
        return "none"
    return (
        f"{report['drawn']} plans drawn at the measured difficulty, {report['solved']:.0%} of them right; "
        f"{report['kept']} kept and learned in {report['steps']} steps"
    )


def _gradient(report: dict[str, Any]) -> str:
    if not report:
        return "none"
    habits = report["habits"]
    return (
        f"{habits['method'].upper()}, {report['steps']} steps of {habits['questions']} questions with "
        f"{habits['group']} plans each, learning rate {habits['learning_rate']}, {report['seconds'] / 60:.0f} minutes, "
        f"against the scripted solver; it began with the adapter of the stage `{report['start']}`"
    )


def _table(measured: dict[str, Any]) -> str:
    shares = measured.get("shares", [])
    if not shares:
        return "Not measured yet: `brigade bench decompose`."
    rows = ["| solver | family | n | " + " | ".join(_contestants(shares)) + " |"]
    rows.append("| " + " | ".join(["---"] * (3 + len(_contestants(shares)))) + " |")
    for solver, family in dict.fromkeys((row["solver"], row["family"]) for row in shares):
        own = {row["contestant"]: row for row in shares if (row["solver"], row["family"]) == (solver, family)}
        cells = [_cell(own.get(name)) for name in _contestants(shares)]
        rows.append(f"| {solver} | {family} | {next(iter(own.values()))['n']} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _contestants(shares: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["contestant"] for row in shares))


def _cell(row: dict[str, Any] | None) -> str:
    return "" if row is None else f"{row['accuracy']:.0%} ({row['low']:.0%} to {row['high']:.0%})"
