"""The knowledge base from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from brigade.knowledge import KnowledgeBase


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BRIGADE_KNOWLEDGE", str(tmp_path / "base.db"))
    return tmp_path


def know(*words: str, status: int = 0) -> str:
    """A command's output; its one line of complaint where it fails."""
    from brigade.agents.cli import app
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, ["know", *words])
    assert result.exit_code == status, result.output
    if status:
        assert len(result.stderr.strip().splitlines()) == 1
        return result.stderr
    return result.stdout


def data(*words: str) -> Any:
    return json.loads(know(*words, "--json", "-"))


def test_what_is_told_is_found_and_has_a_history(base: Path) -> None:
    know("add", 'predicate legs single integer latest "How many."')
    know("add", "spider", "legs", "6", "--author", "model:x", "--confidence", "0.4")
    know("add", "legs(spider, 8).", "--source", "a zoo")
    versions = data("history", "spider")["versions"]
    assert [each["text"] for each in versions] == ["legs(spider, 6).", "legs(spider, 8)."]
    assert versions[0]["retracted"] == versions[1]["recorded"]
    hits = data("search", "How many legs does a spider have?")["hits"]
    assert [hit["text"] for hit in hits] == ["legs(spider, 8)."]
    assert hits[0]["by"] == ["words", "graph"]
    changes = data("diff", versions[0]["recorded"])
    assert [each["text"] for each in changes["gone"] + changes["come"]] == ["legs(spider, 6).", "legs(spider, 8)."]


def test_a_lesson_is_found_by_its_words_and_tags(base: Path) -> None:
    know("add", 'lesson "plating"', status=2)
    know("add", 'lesson early\n  when "soups finish"\n  tag plate\n  do "Fetch dishes early."')
    know("add", 'lesson other\n  when "pots burn"\n  do "Put the fire out."')
    (hit,) = data("search", "when should I take a plate", "--kind", "lessons")["hits"]
    assert hit["text"].startswith("lesson early\n")
    assert "tags" in hit["by"]
    (hit,) = data("search", "my soup has finished")["hits"]
    assert hit["by"] == ["words"]


def test_export_and_import_bring_a_base_back(base: Path) -> None:
    know("add", "spider", "legs", "8", "--topic", "animals")
    know("add", "rule big: big(?x) :- legs(?x, ?n), ?n > 6.")
    know("export", str(base / "out"))
    assert (base / "out" / "animals.kb").is_file()
    told = data("import", str(base / "out"), "--base", str(base / "other.db"))
    assert (told["added"], told["known"]) == (2, 0)
    assert "big(?x)" in know("history", "big", "--base", str(base / "other.db"))


def test_machines_propose_and_people_decide(base: Path) -> None:
    know("add", "crab", "legs", "8", "--propose", "--author", "model:x")
    know("add", "ant", "legs", "9", "--propose", "--author", "model:x")
    crab, ant = data("review")["waiting"]
    know("review", crab["id"], status=2)
    know("review", crab["id"], "--accept", "--author", "person:ann")
    assert data("review", ant["id"], "--reject")["waiting"] == []
    assert [hit["text"] for hit in data("search", "legs")["hits"]] == ["legs(crab, 8)."]
    (kept,) = data("search", "crab")["hits"]
    know("retract", kept["id"])
    assert data("search", "crab")["hits"] == []


def test_what_follows_explains_itself(base: Path) -> None:
    know("add", "parent(Ann, Bob).", "parent(Bob, Cy).", "rule g: grand(?x, ?z) :- parent(?x, ?y), parent(?y, ?z).")
    report = data("infer")
    assert (report["facts"], report["rules"], report["come"]) == (2, 1, 1)
    lines = know("explain", "grand(Ann, ?who)").splitlines()
    assert lines[0].startswith("grand(Ann, Cy).  by rule g: grand(?x, ?z) :- parent(?x, ?y), parent(?y, ?z).")
    assert [line.split(".")[0] for line in lines[1:]] == ["    parent(Ann, Bob)", "    parent(Bob, Cy)"]
    (tree,) = data("explain", "grand(Ann, Cy)")["explanations"]
    assert [part["fact"] for part in tree["parts"]] == ["parent(Ann, Bob).", "parent(Bob, Cy)."]
    know("add", "rule up: n(?x, ?j) :- n(?x, ?i), ?j = ?i + 1.", "n(a, 0).")
    assert "rule 'up': more than 100" in know("infer", "--limit", "100", status=1)


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("add", "legs(spider 8)."), 2, "column 13: ')' is missing"),
        (("add", "spider", "legs"), 2, "line 1"),
        (("add", "a", "b", "c", "--from", "soon"), 2, "'soon' is no date or time"),
        (("explain", "legs(spider, 9)"), 1, "is not believed"),
        (("explain", "legs(spider"), 2, "')' is missing"),
        (("history", "nobody"), 1, "nothing is known about 'nobody'"),
        (("retract", "0000000000000"), 1, "has no record"),
        (("retract", "?"), 2, "is no identity"),
        (("search", "x", "--kind", "both"), 2, "none of all, facts, lessons"),
        (("import", "missing.kb"), 2, "missing.kb"),
        (("search", "x", "--base", "/nowhere/x.db"), 2, "its folder does not exist"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(base: Path, words: tuple[str, ...], status: int, message: str) -> None:
    assert message in know(*words, status=status)


def test_help_does_not_wait_for_the_database(base: Path) -> None:
    code = (
        "import sys, brigade.agents.cli, brigade.knowledge; print('sqlalchemy' in sys.modules, 'clingo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_gate_shows_lessons_only_where_they_are_likely_to_help(base: Path) -> None:
    with KnowledgeBase(base / "base.db") as opened:
        opened.add_lesson("plating", trigger="The soup is nearly done", summary=["Fetch a plate early."])
    assert "plating" in know("search", "The soup is nearly done: what now?", "--gated")
    question = "Who found the soup letter in the attic of Harrow House in 1911, and when was it done?"
    assert "plating" in know("search", question)
    assert know("search", question, "--gated") == ""
