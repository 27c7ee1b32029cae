"""What the student's model is fine-tuned on: answers, with lessons where it was wrong and only there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.models import Message
from brigade.agents.models.protocol import Choice, Completion, Engine
from brigade.agents.training.student.base import InMemoryBase
from brigade.agents.training.student.fit import WITH, WITHOUT, examples
from brigade.agents.training.student.fitted import measure_fitted
from brigade.agents.training.student.lessons import Status
from brigade.agents.training.student.reasoner import ReasoningStudent, prompt
from schooling import Listed, exercise, leg_lesson, legs


def test_lessons_are_in_the_prompts_of_what_was_wrong_and_the_answers_are_the_same() -> None:
    base = InMemoryBase()
    base.add_lesson(leg_lesson({"cat": 4}, knowledge=("legs(cat) is 4",)), Status.ACCEPTED)
    solved = exercise("s", 'How many times does the letter "a" appear in the text: "a cat"?', "2")
    rows = [legs("q", cat=3), solved]
    taught, plain = examples(rows, ReasoningStudent(None), base), examples(rows, ReasoningStudent(None), None)
    assert "legs(cat) is 4" in taught[0].messages[0].content
    assert taught[1].messages[0].content == prompt("alone")
    assert all(row.messages[0].content == prompt("alone") for row in plain)
    assert [row.answer for row in taught] == [row.answer for row in plain] == ['{"answer": "12"}', '{"answer": "2"}']


def test_the_model_is_measured_as_it_was_and_with_each_adapter(tmp_path: Path) -> None:
    course = Listed({"test": [legs("q", cat=3)]})
    base = InMemoryBase()
    base.add_lesson(leg_lesson({"cat": 4}, knowledge=("legs(cat) is 4",)), Status.ACCEPTED)
    with pytest.raises(ValueError, match=r"without-lessons: no adapter; run brigade train student --stage fit"):
        measure_fitted(tmp_path, base, course, 5, lambda name: Knowing(name))
    for name in (WITHOUT, WITH):
        (tmp_path / name).mkdir()
        (tmp_path / name / "adapter_config.json").write_text("{}")
    loaded: list[str] = []

    def load(name: str) -> Knowing:
        loaded.append(name)
        return Knowing(name)

    shares = {share.way: share.right for share in measure_fitted(tmp_path, base, course, 5, load)}
    assert shares == {
        "model alone": 0,
        "model + lessons": 1,
        "fine-tuned without lessons": 0,
        "fine-tuned with lessons, + lessons": 1,
    }
    assert loaded == ["embedded", f"embedded:{tmp_path / WITHOUT}", f"embedded:{tmp_path / WITH}"]


class Knowing(Engine):
    """A model that knows the answer when a lesson is in its prompt."""

    def __init__(self, name: str) -> None:
        super().__init__(name, remote=False)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        said = "12" if "legs(cat) is 4" in messages[0].content else "3"
        return Completion(json.dumps({"answer": said}), 1, 1, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        raise NotImplementedError("no question here has options")
