"""How an adapter of the Slow Mind says it was made, and going on with an earlier training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from brigade.agents.cli import app
from brigade.agents.training.messages.card import commands
from typer.testing import CliRunner


def trained(folder: Path, **data: Any) -> Path:
    folder.mkdir()
    report = {"data": data, "recipe": {"epochs": 1.0}}
    (folder / "training.json").write_text(json.dumps(report), encoding="utf-8")
    return folder


def test_a_training_that_goes_on_names_the_command_of_the_one_before_first(tmp_path: Path) -> None:
    first = trained(tmp_path / "first", rows=16000, seed=0)
    second = trained(tmp_path / "second", rows=800, seed=1, start=str(first))
    assert commands(second) == [
        f"`brigade train slow --rows 16000 --epochs 1 --seed 0 --out {first}`",
        f"`brigade train slow --rows 800 --epochs 1 --seed 1 --start {first} --out {second}`",
    ]


def test_going_on_with_what_is_no_training_is_refused_in_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["train", "slow", "--start", str(tmp_path)])
    assert result.exit_code == 2
    assert f"{tmp_path}: no training to go on with" in " ".join(result.output.split())
