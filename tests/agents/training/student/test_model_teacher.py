"""A teacher behind an endpoint, over a real socket: its lesson helps, and what does not fit the schema is refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from brigade.agents.models import ModelOptions, load_model
from brigade.agents.training.student.base import InMemoryBase
from brigade.agents.training.student.lessons import Status
from brigade.agents.training.student.loop import Loop, Plan
from brigade.agents.training.student.model_teacher import ModelTeacher
from brigade.agents.training.student.reasoner import ReasoningStudent
from schooling import Listed, answered, legs
from server import Behaviour, serving

GOOD: dict[str, Any] = {
    "learning_summary": ["Count animal by animal."],
    "supplementary_knowledge": ["Birds have two legs."],
    "facts": {"legs('cat')": 4, "legs('hen')": 2},
    "check": "answer = said.isdigit()",
    "program": "",
}
COURSE = Listed(
    {
        "train": [legs("a", cat=2, hen=3), legs("b", cat=1, hen=1)],
        "siblings": [legs("d", cat=3, hen=1), legs("e", cat=1)],
    }
)


def teacher_at(url: str) -> ModelTeacher:
    return ModelTeacher(load_model("openai:teacher", ModelOptions(base_url=url, retries=0)))


def learn(behaviour: Behaviour) -> tuple[InMemoryBase, ModelTeacher]:
    base = InMemoryBase()
    with serving(behaviour) as url:
        teacher = teacher_at(url)
        Loop(ReasoningStudent(None), [teacher], COURSE, Plan(10, 10, 1), base=base).run()
    return base, teacher


def test_its_lesson_is_judged_and_helps() -> None:
    behaviour = Behaviour(text=json.dumps(GOOD))
    base, teacher = learn(behaviour)
    (kept,) = base.kept()
    assert (kept.status, kept.reason) == (Status.ACCEPTED, "2 of 2 siblings turned right, 0 wrong")
    assert (kept.lesson.author, teacher.troubles) == ("openai:teacher", [])
    (sent,) = behaviour.requests
    assert "2 cats" in sent["messages"][1]["content"]
    schema = sent["response_format"]["json_schema"]["schema"]
    assert set(schema["properties"]["facts"]["required"]) == set(GOOD["facts"])


def test_a_teacher_that_is_wrong_is_believed_by_nobody() -> None:
    base, _ = learn(Behaviour(text=json.dumps(GOOD | {"facts": dict.fromkeys(GOOD["facts"], 7)})))
    assert [each.status for each in base.kept()] == [Status.CANDIDATE]
    assert base.facts() == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"facts": {"legs('cat')": "many", "legs('hen')": 2}}, r"facts: legs\('cat'\): "),
        ({"facts": {"legs('cat')": 4}}, r"""facts: "legs\('hen'\)" is missing"""),
        ({"facts": {"legs('cat')": 4, "legs('hen')": 2, "legs('unicorn')": 4}}, "was not asked for"),
        ({"learning_summary": 3}, "learning_summary: Input should be a valid list"),
        ({"learning_summary": []}, "learning_summary: 0 sentences, not 1 to 5"),
        ({"supplementary_knowledge": ["x" * 201]}, "a sentence of more than 200 characters"),
        ({"program": "x" * 4001}, "program: 4001 characters"),
        ({"mood": "good"}, "mood: Extra inputs are not permitted"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused_with_a_line(change: dict[str, Any], why: str) -> None:
    with serving(Behaviour(text=json.dumps(GOOD | change))) as url:
        teacher = teacher_at(url)
        assert teacher.teach("legs", answered([legs("a", cat=2, hen=3)])) == []
    (trouble,) = teacher.troubles
    assert trouble.startswith("legs: openai:teacher: ")
    assert re.search(why, trouble)


def test_an_endpoint_that_fails_is_a_line_and_no_lesson() -> None:
    teacher = teacher_at("http://127.0.0.1:9/v1")
    assert teacher.teach("legs", answered([legs("a", cat=2)])) == []
    assert len(teacher.troubles) == 1
