"""Every example runs as it stands, prints something, and is short enough to read at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))


STUDIES_AND_KITCHENS = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_an_example_runs(file: Path, tmp_path: Path) -> None:
    assert file.read_text(encoding="utf-8").count("\n") < 80
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("file", STUDIES_AND_KITCHENS, ids=lambda file: file.name)
def test_a_file_to_start_from_is_fine(file: Path) -> None:
    kind = "study" if "conditions:" in file.read_text(encoding="utf-8") else "kitchen"
    command = [sys.executable, "-m", "brigade.agents.cli", kind, "check", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
