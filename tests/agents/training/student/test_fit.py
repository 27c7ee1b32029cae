"""What the student's model is fine-tuned on: answers, with lessons where it was wrong and only there."""

from __future__ import annotations

from brigade.agents.training.student.base import InMemoryBase
from brigade.agents.training.student.fit import examples
from brigade.agents.training.student.lessons import Status
from brigade.agents.training.student.reasoner import ReasoningStudent, prompt
from schooling import exercise, leg_lesson, legs


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
