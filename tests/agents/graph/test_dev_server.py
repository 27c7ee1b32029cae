"""`langgraph dev` loads every graph of langgraph.json and runs them without a call that blocks its event loop."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.graph import snapshot
from scenes import arrange

pytest.importorskip("langgraph_api")

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[3]


def ask(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{url}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dev")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = json.loads((REPOSITORY / "langgraph.json").read_text())
    config["graphs"] = {name: str(REPOSITORY / target) for name, target in config["graphs"].items()}
    config["dependencies"] = [str(REPOSITORY)]
    (folder / "langgraph.json").write_text(json.dumps(config))  # elsewhere, since the server writes beside it
    command = "from langgraph_cli.cli import cli; cli()"
    options = [
        "dev",
        "--no-browser",
        "--no-reload",
        "--port",
        str(port),
        "--config",
        str(folder / "langgraph.json"),
    ]
    environment = os.environ | {
        "LANGSMITH_TRACING": "false",
        "BRIGADE_DATA_DIR": str(folder),
        "LANGGRAPH_NO_VERSION_CHECK": "1",
    }
    with (folder / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", command, *options], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            where = f"http://127.0.0.1:{port}"
            for _ in range(600):
                assert server.poll() is None, (folder / "log.txt").read_text()
                try:
                    ask(where, "/ok")
                    break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.5)
            yield where
        finally:
            server.terminate()
            server.wait(30)
    assert "BlockingError" not in (folder / "log.txt").read_text()


def run(url: str, graph: str, given: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    body = {"assistant_id": graph, "input": given, "context": context}
    done: dict[str, Any] = ask(url, "/runs/wait", body)
    return done


def test_every_graph_is_there(url: str) -> None:
    listed = ask(url, "/assistants/search", {"limit": 10})
    assert {each["graph_id"] for each in listed} == {"kitchen_team", "assistant", "solver"}


def test_every_graph_runs(url: str, tmp_path: Path) -> None:
    script = tmp_path / "says.yaml"
    script.write_text("- say: answer = 2 + 3\n  choose: C\n")
    model = f"script:{script}"
    solved = run(url, "solver", {"question": "What is the sum of two and three?"}, {"model": model})
    assert solved["answer"] == "5"
    told = run(url, "assistant", {"question": "hello there"}, {"local": model, "data": str(tmp_path)})
    assert (told["route"], told["receipt"]["status"]) == ("local", "done")
    moment = snapshot(arrange("ring").view(), 0.1)
    decided = run(
        url, "kitchen_team", {"event": "decide", "kitchen": moment, "cook": 0}, {"slow": model, "fast": model}
    )
    assert decided["macro"]
