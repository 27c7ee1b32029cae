"""`brigade bench commands`: lexicon and models on the same rows."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import LanguageModel, load_model
from brigade.agents.training.messages import compose
from brigade.agents.training.messages.bench import Line, bench, judge, to_json, together
from brigade.agents.training.messages.report import plot, tables
from rich.console import Console


def quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def scripted(tmp_path: Path) -> LanguageModel:
    """A model that always answers that nothing is to be done."""
    answer = {"kind": "none", "demands": [], "standing": False, "cancel": []}
    file = tmp_path / "model.yaml"
    file.write_text(json.dumps([{"say": json.dumps(answer)}]))
    return load_model(f"script:{file}")


def test_the_lexicon_reads_all_rows_and_a_model_the_first_of_them(scripted: LanguageModel) -> None:
    lines = bench(
        "validation", rows=120, model_rows=40, seed=1, models=["x"], load=lambda name: scripted, progress=quiet
    )
    assert [line.name for line in lines] == ["lexicon", "lexicon", "x", "lexicon, then x"]
    assert [len(line.judged) for line in lines] == [120, 40, 40, 40]
    for line in lines:
        assert [each.row for each in line.judged] == [each.row for each in lines[0].judged][: len(line.judged)]
    assert all((each.intent["kind"] == "none") for each in lines[2].judged)


def test_lexicon_then_model_is_what_the_slow_mind_does(scripted: LanguageModel) -> None:
    rows = compose("train", 60, 5)
    lexicon = Line("lexicon", tuple(judge(SlowMind(None), rows, "", quiet)))
    model = Line("m", tuple(judge(SlowMind(scripted, lexicon=False), rows, "", quiet)))
    both = together(lexicon, model)
    mind = SlowMind(scripted)
    for row, each in zip(rows, both.judged, strict=True):
        understood = asyncio.run(mind.interpret(row.message, orders=row.orders, previous=row.before))
        assert (understood.intent.to_dict(), understood.by) == (each.intent, each.by)
    assert {each.by for each in both.judged} == {"lexicon", "model"}


def test_figures_become_tables_and_a_plot(scripted: LanguageModel, tmp_path: Path) -> None:
    lines = bench("test", rows=80, model_rows=20, seed=0, models=["x"], load=lambda name: scripted, progress=quiet)
    data = to_json(lines, "test", 0)
    assert json.loads(json.dumps(data)) == data
    console = Console(width=150, record=True, file=StringIO())
    for table in tables(data):
        console.print(table)
    shown = console.export_text()
    assert "lexicon, then x" in shown
    assert "order_question" in shown
    plot(data, tmp_path / "p.png")
    assert (tmp_path / "p.png").stat().st_size > 5000


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "brigade.agents.cli", "bench", "commands", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_the_command_prints_tables_and_json(tmp_path: Path) -> None:
    result = run(
        "--rows", "60", "--model-rows", "0", "--json", str(tmp_path / "o.json"), "--plot", str(tmp_path / "p.png")
    )
    assert result.returncode == 0, result.stderr
    assert "whole intent" in result.stdout
    data = json.loads((tmp_path / "o.json").read_text())
    assert data["split"] == "test"
    assert data["lines"][0]["rows"] == 60
    assert (tmp_path / "p.png").is_file()


def test_a_split_that_is_none_is_said_in_one_line() -> None:
    result = run("--split", "exam")
    assert result.returncode == 2
    assert result.stderr == "brigade: --split 'exam' is none of train, validation, test\n"


def test_the_embedded_model_can_be_judged(embedded: LanguageModel) -> None:
    lines = bench("test", rows=3, model_rows=1, seed=0, models=["embedded"], load=lambda name: embedded, progress=quiet)
    assert lines[2].judged[0].by == "model"
    assert lines[2].judged[0].seconds > 0
