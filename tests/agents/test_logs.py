"""Logs say what happened by numbers and words of ours, in lines of JSON, and never what anybody said."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from brigade.agents import logs, telemetry
from brigade.agents.assistant.opening import OfficeSpec
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.graph import AssistantContext, assistant
from brigade.agents.sessions.assistant.gateway import GatewaySpec
from brigade.agents.sessions.assistant.loopback import running
from brigade.agents.sessions.assistant.serve import open_gateway
from killing import office_in
from server import Behaviour, serving

QUESTION = "I am Marta Kowalczyk, write to bob@example.com about the flower show of next week, please"
PRIVATE = ("Marta", "Kowalczyk", "bob@", "flower", "PERSON_1")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged, at every level, of all libraries too."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.level, logging.getLogger(logs.OWN).level
    handler = logs.set_up("json:debug", stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    logging.getLogger(logs.OWN).setLevel(before[1])


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_the_assistant_logs_no_word_of_its_user(written: io.StringIO, tmp_path: Path) -> None:
    with serving(Behaviour(text="Dear <PERSON_1>")) as url:
        await assistant.ainvoke({"question": QUESTION}, context=AssistantContext(office=office_in(tmp_path, url)))
    (request,) = [each for each in lines(written) if each["event"] == "brigade.request.seconds"]
    assert (request["route"], request["status"], request["withheld"]) == ("redact", "done", 2)
    assert any(each["event"] == "brigade.assistant.answer" for each in lines(written))
    assert not [word for word in (*PRIVATE, str(tmp_path)) if word in written.getvalue()]


def test_the_gateway_logs_no_word_of_its_user(written: io.StringIO, tmp_path: Path) -> None:
    profile = tmp_path / "profile.txt"
    profile.write_text("name: Marta Kowalczyk\n", encoding="utf-8")
    with serving(Behaviour(statuses=[200, 500], text="Dear <PERSON_1>")) as url:
        app = open_gateway(OfficeSpec(UpstreamSpec(url, "m"), profile, data=tmp_path), GatewaySpec())
        with running(app) as here:
            for _ in range(2):
                body = {"model": "m", "messages": [{"role": "user", "content": QUESTION}]}
                httpx2.post(f"{here}/chat/completions", json=body, timeout=60)
    assert any(each["event"] == "brigade.request.seconds" for each in lines(written))
    assert not [word for word in PRIVATE if word in written.getvalue()]


def test_of_texts_only_names_and_numbers_are_kept(written: io.StringIO) -> None:
    own = logging.getLogger("brigade.web")
    own.error("a request failed: %s at %s:%s", "ValueError", "gateway.py", 12)
    own.warning("a model cannot be had: %s", ValueError("Marta's file"))
    own.warning("who: %s", "Marta Kowalczyk")
    try:
        raise ValueError("Marta Kowalczyk")
    except ValueError:
        logging.getLogger("another.library").exception("Marta %s", "Kowalczyk")
    telemetry.took("brigade.request.seconds", 0.5, route="Marta", question="Kowalczyk")
    said = lines(written)
    assert [each["event"] for each in said[:3]] == [
        "a request failed: ValueError at gateway.py:12", "a model cannot be had: ValueError", "who: ...",
    ]  # fmt: skip
    assert (said[3]["logger"], said[3]["error"]) == ("another.library", "ValueError")
    assert "Marta" not in written.getvalue()
    assert "Kowalczyk" not in written.getvalue()


def test_nothing_is_logged_unless_it_is_asked_for_and_an_unknown_format_is_told() -> None:
    for options, status, says in (((), 0, ""), (("--log-format", "xml"), 2, "known are json and text")):
        command = [sys.executable, "-m", "brigade.agents.cli", *options, "kitchen", "generate", "--seed", "1"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == status
        assert says in done.stderr
        assert status or not done.stderr
