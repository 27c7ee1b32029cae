"""The transcript that the README shows is what `brigade transcript` prints, as far as no model's weights word it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from brigade.agents.sessions.transcript import WEIGHTS

REPOSITORY = Path(__file__).parents[3]
SHOWN = re.compile(r"^```transcript\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def printed() -> list[str]:
    command = [sys.executable, "-m", "brigade.agents.cli", "transcript"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=400).stdout.splitlines()


@pytest.mark.parametrize("page", ["README.md", "docs/transcript.md"])
def test_what_is_shown_is_what_is_printed(page: str, printed: list[str]) -> None:
    shown = "".join(SHOWN.findall((REPOSITORY / page).read_text(encoding="utf-8"))).splitlines()
    settled = [line for line in shown if line and not line.startswith((WEIGHTS, "..."))]
    assert len(settled) >= 15
    rest = iter(printed)
    for line in settled:  # in this order, perhaps with others between
        assert line in rest, line


def test_the_question_is_answered_from_memory_and_nothing_private_leaves(printed: list[str]) -> None:
    assert "assistant: 32" in printed
    assert "the cloud was sent 1 request, with 0 private words in it" in printed
    assert any(line.startswith("kept of ann: wants_always Chop Lettuce") for line in printed)
