"""Games recorded from the published testbed replay without a difference, through the command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.cli import app
from typer.testing import CliRunner

TRACES = Path(__file__).parents[4] / "shared" / "data" / "hla_traces"


def traces() -> list[Any]:
    files = sorted(TRACES.glob("*.json.gz"))
    if not files:
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"the recorded games are not at {TRACES}"))]
    return [pytest.param(file, id=file.name.removesuffix(".json.gz")) for file in files]


@pytest.mark.parametrize("file", traces())
def test_a_recorded_game_replays_without_a_difference(file: Path, tmp_path: Path) -> None:
    with gzip.open(file) as packed:
        game = json.load(packed)
    actions, out = tmp_path / "actions.jsonl", tmp_path / "out.jsonl"
    actions.write_text("\n".join(map(json.dumps, game["actions"])))
    options = ["--layout", game["map"], "--rules", "hla", "--tick-seconds", str(game["tick_seconds"])]
    orders = ["--orders", ",".join(game["orders"]), "--actions", str(actions), "--json", str(out)]
    result = CliRunner().invoke(app, ["kitchen", "rollout", *options, *orders])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == len(game["states"])
    expected: dict[str, Any] = {}
    for tick, (row, changed) in enumerate(zip(rows, game["states"], strict=True)):
        expected.update(changed)
        assert row["summary"] == expected, f"tick {tick}"
