"""`brigade code` and `brigade solve`: what they print, and one clear line when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from test_cli import brigade, failed

PROGRAM = """\
def legs(animal: str) -> int: ...
total = 0
for each animal in ['dog', 'hen']:
    total += legs(animal)
answer = total
"""


def files(folder: Path) -> tuple[Path, str]:
    """A program, and a scripted model that knows legs."""
    program = folder / "legs.py"
    program.write_text(PROGRAM)
    rules = [{"when": "legs\\('dog'\\)» is$", "say": '{"value": 4}'}, {"when": "hen", "say": '{"value": 2}'}]
    (folder / "model.yaml").write_text(yaml.safe_dump(rules))
    return program, f"script:{folder / 'model.yaml'}"


def test_code_runs_a_program_with_a_model_and_writes_json_and_a_page(tmp_path: Path) -> None:
    program, model = files(tmp_path)
    page = tmp_path / "run.html"
    result = brigade("code", str(program), "--model", model, "--json", "-", "--html", str(page))
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert (data["answer"], data["model_calls"], data["producers"]) == (6, 2, {"model": 2})
    assert "legs(&#x27;dog&#x27;)" in page.read_text()
    shown = brigade("code", str(program), "--model", model)
    assert "answer: 6" in shown.stdout


def test_code_remembers_and_needs_no_model_the_second_time(tmp_path: Path) -> None:
    program, model = files(tmp_path)
    memo = str(tmp_path / "memo.jsonl")
    assert brigade("code", str(program), "--model", model, "--memo", memo).returncode == 0
    again = brigade("code", str(program), "--model", "none", "--memo", memo, "--json", "-")
    assert json.loads(again.stdout)["producers"] == {"memo": 2}


def test_code_pauses_when_its_calls_are_spent_and_goes_on(tmp_path: Path) -> None:
    program, model = files(tmp_path)
    paused = tmp_path / "paused"
    home = str(tmp_path / "data")
    arguments = ("code", str(program), "--model", model, "--max-calls", "1", "--paused", str(paused))
    first = brigade(*arguments, XDG_DATA_HOME=home)
    failed_line = first.stderr.strip()
    assert first.returncode == 1
    assert failed_line.startswith("brigade: paused: line 4: waits for legs('hen')")
    second = brigade("code", str(program), "--model", model, "--paused", str(paused), "--json", "-", XDG_DATA_HOME=home)
    assert json.loads(second.stdout)["answer"] == 6
    assert not paused.exists()
    paused.write_bytes(b"something else")
    failed(brigade("code", str(program), "--paused", str(paused), XDG_DATA_HOME=home), 2, "no paused run")


def test_code_says_what_is_wrong(tmp_path: Path) -> None:
    program, _ = files(tmp_path)
    failed(brigade("code", str(tmp_path / "none.py")), 2, "none.py")
    failed(brigade("code", str(program), "--model", "none"), 1, "line 4: nobody can answer legs('dog')")
    failed(brigade("code", str(program), "--model", "nothing", "--json", "-"), 1, "unknown model")
    program.write_text("answer = 1 / 0")
    failed(brigade("code", str(program), "--model", "none"), 1, "error: line 1: ZeroDivisionError: division by zero")
    program.write_text("x = " + "(" * 100)
    failed(brigade("code", str(program), "--model", "none"), 2, "nested too deeply")
    stubs = tmp_path / "stubs.py"
    stubs.write_text("x = 1")
    failed(brigade("code", str(program), "--stubs", str(stubs)), 2, "line 1: not a stub")


def test_solve_answers_a_file_of_questions(tmp_path: Path) -> None:
    _, model = files(tmp_path)
    questions = tmp_path / "q.jsonl"
    rows = [
        {"id": "a", "question": "Sort the following words alphabetically: List: pear apple", "answer": "apple pear"},
        {"id": "b", "question": "How many legs has a hen?", "answer": "3"},
    ]
    questions.write_text("\n".join(map(json.dumps, rows)))
    result = brigade("solve", str(questions), "--strategy", "auto", "--model", model)
    assert result.returncode == 0, result.stderr
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["answer"], first["strategy"], first["model_calls"], first["correct"]) == (
        "a",
        "apple pear",
        "code",
        0,
        True,
    )
    assert first["trace"]["written_by"] == "collection:word_sorting"
    assert second["correct"] is False
    assert "1 of 2 right" in result.stderr
    failed(brigade("solve", str(questions), "--strategy", "guess"), 2, "is none of direct, code, decompose")
    questions.write_text("{}")
    failed(brigade("solve", str(questions)), 2, "q.jsonl:1: question")
