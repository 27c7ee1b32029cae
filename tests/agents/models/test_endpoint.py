"""Models behind HTTP: answers, retries, time-outs, budgets, and what is remote; over a real socket."""

from __future__ import annotations

import math
import socket
import time

import pytest
from brigade.agents.models import BudgetSpent, LanguageModel, Message, ModelError, ModelOptions, load_model
from brigade.agents.models.egress import is_remote
from brigade.agents.models.endpoint import Budget, EndpointModel
from server import Behaviour, serving

HELLO = [Message("system", "Be kind."), Message("user", "Hi")]


def test_an_answer_comes_with_its_cost() -> None:
    behaviour = Behaviour(text=" Hello there ")
    with serving(behaviour) as url:
        model = load_model("openai:m", ModelOptions(base_url=url))
        completion = model.generate(HELLO, max_tokens=7, stop=["\n"])
    assert isinstance(model, LanguageModel)
    assert (completion.text, completion.prompt_tokens, completion.completion_tokens) == ("Hello there", 10, 5)
    assert completion.seconds > 0
    sent = behaviour.requests[0]
    assert [turn["role"] for turn in sent["messages"]] == ["system", "user"]
    assert sent["stop"] == ["\n"]


async def test_it_answers_without_blocking_the_loop() -> None:
    with serving(Behaviour(text="ok")) as url:
        model = load_model("openai:m", ModelOptions(base_url=url))
        assert (await model.agenerate(HELLO, max_tokens=4)).text == "ok"
        assert (await model.achoose(HELLO, ["ok", "no"])).probabilities == (1.0, 0.0)


def test_a_schema_is_passed_on() -> None:
    behaviour = Behaviour(text="{}")
    with serving(behaviour) as url:
        load_model("openai:m", ModelOptions(base_url=url)).generate(HELLO, max_tokens=9, schema={"type": "object"})
    assert behaviour.requests[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_choices_use_the_probabilities_that_the_server_tells() -> None:
    told = {"A": math.log(0.6), "B": math.log(0.3), "Z": math.log(0.1)}
    with serving(Behaviour(text="A", logprobs=told)) as url:
        choice = load_model("openai:m", ModelOptions(base_url=url)).choose(HELLO, ["A", "B", "C"])
    assert choice.probabilities == pytest.approx((2 / 3, 1 / 3, 0), abs=1e-6)


@pytest.mark.parametrize(("text", "expected"), [("The answer is B.", (0, 1, 0)), ("no idea", (1 / 3,) * 3)])
def test_choices_fall_back_to_the_text(text: str, expected: tuple[float, ...]) -> None:
    with serving(Behaviour(text=text)) as url:
        choice = load_model("openai:m", ModelOptions(base_url=url)).choose(HELLO, ["Alpha", "B", "Gamma"])
    assert choice.probabilities == pytest.approx(expected)


def test_passing_errors_are_tried_again_with_growing_pauses() -> None:
    behaviour = Behaviour(statuses=[500, 429, 200], text="at last")
    with serving(behaviour) as url:
        model = load_model("openai:m", ModelOptions(base_url=url, retries=2))
        assert model.generate(HELLO, max_tokens=5).text == "at last"
    assert len(behaviour.requests) == 3


def test_errors_that_stay_are_told_in_one_line() -> None:
    behaviour = Behaviour(statuses=[503])
    with serving(behaviour) as url:
        model = load_model("openai:m", ModelOptions(base_url=url, retries=1))
        with pytest.raises(ModelError, match=r"'openai:m' at http.* did not answer in 2 tries") as caught:
            model.generate(HELLO, max_tokens=5)
    assert "\n" not in str(caught.value)
    assert len(behaviour.requests) == 2


def test_refusals_are_not_tried_again() -> None:
    behaviour = Behaviour(statuses=[401])
    with serving(behaviour) as url, pytest.raises(ModelError, match=r"refused: .*status 401"):
        load_model("openai:m", ModelOptions(base_url=url, retries=5)).generate(HELLO, max_tokens=5)
    assert len(behaviour.requests) == 1


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ModelError, match="did not answer"):
        load_model("openai:m", ModelOptions(base_url=url, retries=0)).generate(HELLO, max_tokens=5)


def test_a_server_that_hangs_is_given_up() -> None:
    with serving(Behaviour(delay=1.5)) as url:
        model = load_model("openai:m", ModelOptions(base_url=url, timeout=0.2, retries=0))
        start = time.perf_counter()
        with pytest.raises(ModelError, match="did not answer"):
            model.generate(HELLO, max_tokens=5)
        assert time.perf_counter() - start < 1.2


def test_a_budget_of_calls_and_of_tokens_holds() -> None:
    behaviour = Behaviour()
    with serving(behaviour) as url:
        model = load_model("openai:m", ModelOptions(base_url=url, budget=Budget(calls=2)))
        model.generate(HELLO, max_tokens=5)
        model.generate(HELLO, max_tokens=5)
        with pytest.raises(BudgetSpent, match="calls"):
            model.generate(HELLO, max_tokens=5)
        thrifty = load_model("openai:m", ModelOptions(base_url=url, budget=Budget(tokens=20)))
        thrifty.generate(HELLO, max_tokens=5)
        thrifty.generate(HELLO, max_tokens=5)
        with pytest.raises(BudgetSpent, match="tokens"):
            thrifty.generate(HELLO, max_tokens=5)
    assert len(behaviour.requests) == 4


def test_a_key_of_the_provider_is_not_sent_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    behaviour = Behaviour()
    with serving(behaviour) as url:
        load_model("openai:m", ModelOptions(base_url=url)).generate(HELLO, max_tokens=5)
        load_model("openai:m", ModelOptions(base_url=url, api_key="mine")).generate(HELLO, max_tokens=5)
    assert behaviour.keys == ["Bearer none", "Bearer mine"]


@pytest.mark.parametrize(
    ("url", "remote"),
    [
        (None, True),
        ("http://localhost:8000/v1", False),
        ("http://127.0.0.1/v1", False),
        ("http://127.9.9.9:1", False),
        ("http://[::1]:8000/v1", False),
        ("http://10.0.0.1/v1", True),
        ("https://api.example.com/v1", True),
        ("http://localhost.example.com/v1", True),
        ("http://127.0.0.1@example.com/v1", True),
        ("http://127.0.0.1.example.com/v1", True),
        ("http://[::1/v1", True),
        ("http://0.0.0.0/v1", True),
    ],
)
def test_whatever_is_not_loopback_is_remote(url: str | None, remote: bool) -> None:
    assert is_remote(url) is remote


def test_a_missing_key_is_told_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match=r"cannot be used: .*OPENAI_API_KEY"):
        EndpointModel("openai:m")
