"""The doctor finds what is there and what is not, and says what to do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from brigade.agents.cli import app
from brigade.agents.doctor import Finding, examine
from brigade.agents.settings import load_settings
from typer.testing import CliRunner


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Finding]:
    blocked = tmp_path / "file"
    blocked.write_text("")
    profile = tmp_path / "profile.txt"
    profile.write_text("name: Marta Kowalczyk\n")
    monkeypatch.setenv("BRIGADE_DATA_DIR", str(blocked / "inside"))
    settings = load_settings(
        slow="embedded:nobody", profile=str(profile), upstream="https://me:secret@cloud.example/v1"
    )
    return {each.what: each for each in examine(settings)}


def test_what_is_there_is_ok(found: dict[str, Finding]) -> None:
    assert found["weights"].state == "ok"
    assert found["model embedded:fast-mind"].state == "ok"
    assert found["sandbox"].state == "ok"
    assert found["profile"].says == "1 facts are private"


def test_what_is_broken_comes_with_something_to_do(found: dict[str, Finding]) -> None:
    for what in ("data", "database", "model embedded:nobody"):
        assert found[what].state == "broken", what
        assert found[what].todo
    assert "no adapter is called 'nobody'" in found["model embedded:nobody"].says


def test_no_secret_is_told(found: dict[str, Finding]) -> None:
    assert "secret" not in found["upstream"].says


def test_the_command_fails_if_something_is_broken(tmp_path: Path) -> None:
    environment = {"BRIGADE_DATA_DIR": str(tmp_path), "BRIGADE_SLOW": "embedded:nobody"}
    told = CliRunner().invoke(app, ["doctor", "--json", str(tmp_path / "found.json")], env=os.environ | environment)
    assert told.exit_code == 1
    report = json.loads((tmp_path / "found.json").read_text())
    assert report["ok"] is False
    assert {"what", "state", "says", "todo"} == set(report["findings"][0])
