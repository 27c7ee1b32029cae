"""The gateway as people start it, `brigade serve`: the official client, many streams at once, and what it costs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openai
import pytest
from brigade.agents.sessions.assistant import load
from brigade.agents.sessions.assistant.loopback import Cloud, running
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

MAIL: ChatCompletionToolParam = {
    "type": "function",
    "function": {"name": "mail", "parameters": {"type": "object", "properties": {"to": {"type": "string"}}}},
}


def test_the_command_serves_the_official_client_and_tells_nothing_private() -> None:
    cloud = Cloud()
    said = f"I am {load.PROFILE['name']}; mail {load.PROFILE['manager']} at p.z@example.com about Everard Quill."
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": said}]
    with (
        running(cloud.app()) as upstream,
        load.gateway(upstream, "none") as (url, _),
        openai.OpenAI(base_url=url, api_key="unused", max_retries=0) as client,
    ):
        whole = client.chat.completions.create(model="m", messages=messages, tools=[MAIL])
        stream = client.chat.completions.create(model="m", messages=messages, tools=[MAIL], stream=True)
        streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
        assert whole.choices[0].message.content == streamed == said
        assert "brigade:redact" in [model.id for model in client.models.list()]
        receipts = client.get("/receipts", cast_to=object)["data"]  # type: ignore[index]
        assert [each["status"] for each in receipts] == ["done", "done"]
    bodies = [json.loads(each) for each in cloud.told]
    assert [each["messages"][0]["content"] for each in bodies] == [
        "I am <PERSON_1>; mail <PERSON_2> at <EMAIL_1> about <PERSON_3>."
    ] * 2
    assert bodies[0]["tools"] == [MAIL]


def test_a_command_that_cannot_serve_says_why_in_a_line(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "brigade.agents.cli",
        "serve",
        "--port",
        "0",
        "--profile",
        str(tmp_path / "no.yaml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no.yaml" in done.stderr
    with (
        pytest.raises(load.GatewayDidNotStart, match="unknown detector"),
        load.gateway("http://127.0.0.1:1/v1", "magic"),
    ):
        pass


def test_many_streams_at_once_are_each_their_own() -> None:
    result = load.bench(["none"], requests=1, streams=24, pause=0.0, tell=lambda text: None)
    (streams,) = result.streams
    assert (streams.streams, streams.mixed_up, streams.broken) == (24, 0, 0)
    assert len(load.tables(result)) == 2


def test_texts_of_the_load_test_differ_and_are_private() -> None:
    texts = {load.text(load.SIZE, seed) for seed in range(50)}
    assert len(texts) == 50
    assert all(2 * load.SIZE // 3 < len(each) <= load.SIZE for each in texts)
    assert any(load.PROFILE["name"] in each for each in texts)


@pytest.mark.slow
def test_the_gateway_costs_few_milliseconds_and_holds_a_hundred_streams() -> None:
    """On an idle machine of two cores; the figures of issue and README."""
    result = load.bench(["none", "entities,unfamiliar,tagger"], tell=lambda text: None)
    plain, full = result.overheads
    assert plain.overhead_p50 <= 15
    assert full.overhead_p50 <= 60
    for streams in result.streams:
        assert (streams.streams, streams.mixed_up, streams.broken) == (100, 0, 0)
        assert streams.seconds < 2 * streams.seconds_direct + 5


@pytest.mark.slow
def test_the_first_text_of_a_stream_is_not_held_back() -> None:
    """Text that can be no placeholder goes on as it comes: one stream, on an idle machine."""
    result = load.bench(["none"], requests=5, streams=1, pause=0.2, tell=lambda text: None)
    (stream,) = result.streams
    assert stream.first_p50 - stream.first_direct_p50 < 50
