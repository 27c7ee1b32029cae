"""The commands: how the server starts and ends, what it says when it cannot, and its load test."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from browser import Start

BRIGADE = [sys.executable, "-m", "brigade.agents.cli"]


def failed(status: int, words: str, *arguments: str) -> None:
    result = subprocess.run([*BRIGADE, *arguments], capture_output=True, text=True, timeout=60)
    assert result.returncode == status, result.stderr
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        failed(1, f"cannot listen on 127.0.0.1:{port}", "play", "--port", port, "--records", str(tmp_path))


def test_a_study_that_cannot_be_run_and_a_folder_without_one_are_one_clear_line(tmp_path: Path) -> None:
    failed(2, "cannot be read", "play", "--study", str(tmp_path / "none.yaml"))
    failed(2, "holds no participants", "study", "export", str(tmp_path), "--csv", str(tmp_path / "o.csv"))
    failed(2, "say where to", "study", "export", str(tmp_path))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_when_it_is_told_to(how: signal.Signals, play: Start) -> None:
    server = play()
    assert server.stop(how) == ""
    assert server.process.returncode in (0, -signal.SIGTERM)


def test_the_load_test_measures_rooms_at_real_sockets() -> None:
    command = [*BRIGADE, "bench", "play", "--rooms", "3", "--seconds", "8", "--no-fast", "--json", "-"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert data["ticks"] >= 3 * 80
    assert 0 <= data["lateness_p50"] <= data["lateness_p99"] <= data["lateness_max"]
    assert abs(data["drift"]) < 150
    assert 5 < data["input_p50"] < 150
    assert "tick lateness" in result.stderr
