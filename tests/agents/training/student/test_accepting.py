"""A lesson is kept only if it turns siblings right and breaks none; what misleads is taken out of it."""

from __future__ import annotations

from collections.abc import Sequence

from brigade.agents.reasoning.questions import Question
from brigade.agents.training.student.accepting import judge
from brigade.agents.training.student.checking import passes
from brigade.agents.training.student.lessons import Lesson
from brigade.agents.training.student.reasoner import ReasoningStudent
from schooling import leg_lesson, legs

STUDENT = ReasoningStudent(None)
SIBLINGS = [legs("a", cat=2, hen=1), legs("b", hen=2), legs("c", ant=1, hen=2)]


def nothing(question: Question) -> Sequence[Lesson]:
    return ()


def test_a_lesson_that_helps_is_accepted() -> None:
    verdict = judge(STUDENT, nothing, leg_lesson({"cat": 4, "hen": 2}), lambda _: SIBLINGS)
    assert verdict.accepted
    assert (verdict.flips, verdict.breaks) == (2, 0)


def test_a_lesson_that_changes_nothing_is_not() -> None:
    assert not judge(STUDENT, nothing, leg_lesson({"spider": 8}), lambda _: SIBLINGS).accepted


def test_a_lesson_that_breaks_what_was_right_is_not_even_if_it_helps_elsewhere() -> None:
    known = leg_lesson({"hen": 2}, "an earlier teacher")
    bad = leg_lesson({"cat": 4, "hen": 3, "ant": 4}, "another")
    verdict = judge(STUDENT, lambda _: [known], bad, lambda _: SIBLINGS, rounds=1)
    assert verdict.breaks == 1
    assert not verdict.accepted


def test_facts_that_only_lead_to_wrong_answers_are_taken_out_and_the_rest_judged_anew() -> None:
    mixed = leg_lesson({"cat": 4, "hen": 2, "ant": 5})
    known = leg_lesson({"ant": 6}, "an earlier teacher")
    verdict = judge(STUDENT, lambda _: [known], mixed, lambda _: [*SIBLINGS, legs("d", ant=2)])
    assert verdict.accepted
    assert verdict.taken_out == ("legs(ant) is 5",)
    assert {fact.args[0] for fact in verdict.lesson.facts} == {"cat", "hen"}


def test_a_lesson_takes_the_place_of_its_author_s_earlier_one() -> None:
    earlier, later = leg_lesson({"hen": 3}), leg_lesson({"hen": 2})
    verdict = judge(STUDENT, lambda _: [earlier], later, lambda _: [SIBLINGS[1]])
    assert (verdict.flips, verdict.breaks) == (1, 0)


def test_a_check_withdraws_an_answer_that_cannot_be() -> None:
    check = "answer = int(said) % 2 == 0"
    assert passes(check, "How many?", "6") is True
    assert passes(check, "How many?", "5") is False
    assert passes("answer = undefined_thing(said)", "How many?", "5") is None
    odd = leg_lesson({"hen": 3}, check=check)
    question = legs("q", hen=1).question
    assert STUDENT.attempt(question, [leg_lesson({"hen": 3})]).answer == "3"
    assert STUDENT.attempt(question, [odd]).answer is None
