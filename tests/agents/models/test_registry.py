"""Models by name, and the scripted one."""

from __future__ import annotations

from pathlib import Path

import pytest
from brigade.agents.models import LanguageModel, Message, ModelError, load_model


@pytest.mark.parametrize("name", ["", "gpt", "embedded:nope", "nobody:model", "script:", "script:/nowhere.yaml"])
def test_an_unknown_model_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(name)
    assert "\n" not in str(caught.value)


def test_a_scripted_model_answers_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("- when: tomato\n  say: On my way!\n- when: orders\n  choose: B\n- say: Sorry?\n")
    model = load_model(f"script:{file}")
    assert isinstance(model, LanguageModel)
    assert model.name == f"script:{file}"
    assert model.generate([Message("user", "Tomatoes!")], max_tokens=5).text == "On my way!"
    assert model.generate([Message("user", "what?")], max_tokens=5).text == "Sorry?"
    assert model.choose([Message("user", "orders?")], ["A", "B"]).probabilities == (0.0, 1.0)
    assert model.choose([Message("user", "?")], ["A", "B"]).probabilities == (0.5, 0.5)


@pytest.mark.parametrize("text", ["just words", "- when: [", "- shout: hi", "- when: '('\n  say: x"])
def test_a_broken_script_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(text)
    with pytest.raises(ModelError, match="not a file of scripted answers") as caught:
        load_model(f"script:{file}")
    assert "\n" not in str(caught.value)
