"""`brigade train student` and `brigade bench student`, end to end on a file of questions, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.cli import app
from schooling import legs
from typer.testing import CliRunner

RUNNER = CliRunner()


def questions(file: Path) -> Path:
    animals = ("cat", "hen", "ant")
    rows = [legs(f"{a}{n}", **{a: n, "spider": 1}).question for a in animals for n in range(1, 9)]
    rows += [legs(f"only {n}", spider=n).question for n in range(1, 9)]
    lines = [json.dumps({"id": each.id, "question": each.text, "answer": each.answer}) for each in rows]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_a_student_learns_from_a_file_and_is_measured_on_the_rest_of_it(tmp_path: Path) -> None:
    file, out = questions(tmp_path / "zoo.jsonl"), tmp_path / "run"
    common = ["--file", str(file), "--student", "none"]
    learned = RUNNER.invoke(
        app, ["train", "student", *common, "--out", str(out), "--questions", "16", "--siblings", "8", "--rounds", "1"]
    )
    assert learned.exit_code == 0, learned.output
    measured = RUNNER.invoke(
        app, ["bench", "student", *common, "--run", str(out), "--json", str(tmp_path / "o.json"), "--feedback"]
    )
    assert measured.exit_code == 0, measured.output
    shares = {row["way"]: row for row in json.loads((tmp_path / "o.json").read_text())["shares"]}
    assert shares["student alone"]["right"] == 0
    assert shares["+ lessons"]["right"] == shares["+ lessons"]["n"] == 8
    tallies = [json.loads(line)["tally"] for line in (out / "lessons.jsonl").read_text().splitlines()]
    assert sum(tally["wins"] for tally in tallies) == 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "student", "--task", "chess"], "--task 'chess' is none of"),
        (["train", "student", "--task", "kitchen", "--stage", "fit"], "--task kitchen has no stage but learn"),
        (["train", "student", "--families", "nonsense"], "no data set 'nonsense'"),
        (["bench", "student", "--run", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_gets_one_line(arguments: list[str], words: str) -> None:
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
