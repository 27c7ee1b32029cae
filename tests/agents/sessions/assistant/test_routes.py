"""Every route: which is taken and why, and that none lets anything of forty facts leave, over two hundred instructions."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openai
import pytest
from brigade.agents.assistant.opening import OfficeSpec
from brigade.agents.assistant.writing import abstract
from brigade.agents.models import Choice, Completion, LanguageModel, Message, ModelOptions, load_model
from brigade.agents.models.protocol import Engine
from brigade.agents.privacy.routes import ROUTES, Facts, Route, RouteError, decide, is_personal
from brigade.agents.privacy.squeezed import squeeze
from cloud import Stack, stack
from numpy.typing import NDArray
from people import FACTS, private_set

BASE = Facts(
    words=40,
    private_words=0,
    withheld={},
    personal=False,
    tools=False,
    upstream=True,
    local=True,
    profile=True,
    fusible=True,
)


def facts(**changes: Any) -> Facts:
    values = {name: getattr(BASE, name) for name in Facts.__slots__}
    return Facts(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "route"),
    [
        ({}, "cloud"),
        ({"upstream": False}, "local"),
        ({"withheld": {"PERSON": 2}}, "redact"),
        ({"personal": True}, "sketch"),
        ({"personal": True, "tools": True}, "cloud"),
        ({"personal": True, "local": False, "withheld": {"PERSON": 1}}, "redact"),
        ({"withheld": {"PERSON": 9}, "words": 12, "private_words": 9}, "local"),
        ({"withheld": {"PERSON": 9}, "words": 12, "private_words": 9, "tools": True}, "redact"),
    ],
)
def test_the_router_takes_a_route_and_says_why(changes: Mapping[str, Any], route: Route) -> None:
    decision = decide(facts(**changes))
    assert decision.route == route
    assert len(decision.reason) > 10


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"withheld": {"CARD": 1}}, "cloud"),
        ({"upstream": False}, "redact"),
        ({"upstream": False}, "sketch"),
        ({"local": False}, "local"),
        ({"local": False}, "fuse"),
        ({"tools": True}, "sketch"),
        ({"fusible": False}, "fuse"),
        ({"upstream": False, "local": False}, None),
    ],
)
def test_a_route_that_cannot_be_is_refused_with_its_reason(changes: Mapping[str, Any], asked: Route | None) -> None:
    with pytest.raises(RouteError) as caught:
        decide(facts(**changes), asked)
    assert len(str(caught.value)) > 20


def test_what_depends_on_the_user_is_noticed() -> None:
    assert is_personal("Write a poem about my day")
    assert is_personal("A bio in my own voice, please")
    assert not is_personal("Explain how magnets work")


def test_an_outline_is_asked_for_in_general_words() -> None:
    assert (
        abstract("Write to <PERSON_1> in <PLACE_2> about <DETAIL_1>") == "Write to someone in a place about something"
    )


class Blabber(Engine):
    """The worst local model there is: whatever it is asked, it recites the profile, and tells its probabilities."""

    def __init__(self) -> None:
        super().__init__("script:blabber", remote=False)
        self._words = [*["the", "a", ".", "hello"], *(word for value in FACTS.values() for word in value.split())]
        self._ids = {word: at for at, word in reversed(list(enumerate(self._words, 1)))}

    @property
    def end(self) -> int:
        return 0

    def token_ids(self, text: str) -> list[int]:
        return [self._ids.get(word, 1) for word in text.split()]

    def spell(self, ids: Sequence[int]) -> str:
        return " ".join(self._words[each - 1] for each in ids)

    def next_token_logprobs(self, messages: Sequence[Message], prefix: str) -> NDArray[np.float32]:
        said = len(prefix.split())
        logs = np.full(len(self._words) + 1, -3.0, dtype=np.float32)
        best = 4 if said < 3 else 5 + said % (len(self._words) - 5) if said < 9 else 0
        logs[best] = -2.0
        return np.asarray(logs - np.log(np.exp(logs).sum()), dtype=np.float32)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        return Completion("; ".join(FACTS.values()), 5, 9, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        raise NotImplementedError


def instructions(count: int = 200) -> list[str]:
    """Instructions that mention none, some or many of the facts, in the words of a user."""
    chance = random.Random(6)
    tasks = (
        "Write a short birthday poem", "Draft an email to the council", "Plan a quiet weekend", "Explain compound interest",
        "Summarise what I told you", "Make a packing list", "Write a bio in my style", "Suggest a present",
    )  # fmt: skip
    result = []
    for at in range(count):
        told = chance.sample(sorted(FACTS), (0, 0, 1, 2, 5)[at % 5])
        parts = [chance.choice((f"my {key} is {FACTS[key]}", f"({FACTS[key]})", f"about {FACTS[key]}")) for key in told]
        result.append(f"{chance.choice(tasks)}, number {chance.randint(2, 9)}. " + "; ".join(parts))
    return result


@pytest.fixture(scope="module")
def blabbing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    file = tmp_path_factory.mktemp("profile") / "profile.json"
    file.write_text(json.dumps(FACTS))
    spec = OfficeSpec(profile=file, local=Blabber, fusible=True)
    with stack(tmp_path_factory.mktemp("data"), spec=spec) as found:
        yield found


@pytest.mark.parametrize("route", ["auto", *ROUTES])
def test_none_of_forty_facts_leaves_in_two_hundred_instructions(blabbing: Stack, route: str) -> None:
    assert len(FACTS) == 40
    blabbing.cloud.told.clear()
    answered = 0
    for text in instructions():
        try:
            answer = blabbing.client.chat.completions.create(
                model="m",
                messages=[{"role": "user", "content": text}],
                extra_headers={"x-brigade-route": route},
                max_tokens=9,
            )
            answered += bool(answer.choices[0].message.content)
        except openai.BadRequestError:
            assert route == "cloud"  # asked for, with something private in it
    assert answered >= (60 if route == "cloud" else 200)
    for body in blabbing.cloud.bodies:
        for message in body["messages"]:
            assert private_set().find(message["content"]) == [], message
    left = squeeze(blabbing.left())
    for value in FACTS.values():
        assert squeeze(value) not in left
    assert (route == "local") == (not blabbing.cloud.told)


def test_the_cloud_is_asked_for_few_tokens_and_never_past_the_first_private_one(blabbing: Stack) -> None:
    blabbing.cloud.told.clear()
    blabbing.client.chat.completions.create(
        model="brigade:fuse", messages=[{"role": "user", "content": "Say something nice"}], max_tokens=9
    )
    prefixes = [body["messages"][-1] for body in blabbing.cloud.bodies]
    assert prefixes
    for message in prefixes:
        assert private_set().find(message["content"]) == []
    receipt = blabbing.receipts()[0]
    assert receipt["route"] == "fuse"
    assert receipt["remote_tokens"] == len(blabbing.cloud.bodies) <= 3


def test_what_the_boundary_refuses_is_answered_here(blabbing: Stack) -> None:
    blabbing.cloud.told.clear()
    messages: Any = [{"role": "user", "content": "Northw"}, {"role": "user", "content": "ind Traders"}]
    whole = blabbing.client.chat.completions.create(model="m", messages=messages)
    assert (whole.choices[0].message.content or "").startswith("Marta")
    stream = blabbing.client.chat.completions.create(model="m", messages=messages, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream).startswith("Marta")
    for receipt in blabbing.receipts()[:2]:
        assert (receipt["route"], receipt["status"], receipt["sent"]) == ("local", "done", [])
    assert blabbing.cloud.told == []


def test_a_sketch_tells_the_cloud_the_task_alone(blabbing: Stack) -> None:
    blabbing.cloud.told.clear()
    text = "Write a bio of me, Marta Kowalczyk of Leeds, as I would"
    blabbing.client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
    receipt = blabbing.receipts()[0]
    assert receipt["route"] == "sketch"
    sent = blabbing.cloud.bodies[0]["messages"][0]["content"]
    assert "Write a bio of me, someone of a place, as I would" in sent


def test_a_sketch_without_a_cloud_is_written_here(blabbing: Stack) -> None:
    blabbing.cloud.status = 500
    try:
        answer = blabbing.client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "A poem about me"}]
        )
        assert answer.choices[0].message.content
        assert blabbing.receipts()[0]["reason"] == "no outline could be had (some_code)"
    finally:
        blabbing.cloud.status = 200


def test_the_real_local_model_answers_when_there_is_no_cloud(tmp_path: Path, embedded: LanguageModel) -> None:
    from brigade.agents.sessions.assistant.gateway import GatewaySpec
    from brigade.agents.sessions.assistant.serve import open_gateway
    from cloud import running

    app = open_gateway(OfficeSpec(local=lambda: embedded, data=tmp_path), GatewaySpec())
    with running(app) as url, openai.OpenAI(base_url=url, api_key="x", max_retries=0) as client:
        answer = client.chat.completions.create(
            model="brigade", messages=[{"role": "user", "content": "Say hello."}], max_tokens=8
        )
        assert answer.choices[0].message.content
        assert answer.usage
        assert 0 < answer.usage.completion_tokens <= 8


def test_a_remote_model_is_no_local_model() -> None:
    assert load_model("openai:m", ModelOptions(base_url="http://10.0.0.1/v1")).remote
