"""Lessons are found by question, counted, superseded and retired, never deleted; files of them read back exactly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from brigade.agents.training.student.base import Found, InMemoryBase, retire_losers
from brigade.agents.training.student.gate import ALWAYS, NEVER, Gate, Seen, calibrated
from brigade.agents.training.student.lessons import (
    Advice,
    Condition,
    Kept,
    LearnedFact,
    LearnedRule,
    Lesson,
    Status,
    Tally,
    Trigger,
    read_lessons,
    write_lessons,
)
from brigade.agents.training.student.reasoner import Attempt
from schooling import leg_lesson

KIN = Lesson(
    "kin", Trigger("", ("married", "child", "relation")), ("Draw a tree.",), ("A father is a man.",), "x", ("k",)
)


def test_a_question_finds_the_lessons_that_are_about_it() -> None:
    base = InMemoryBase()
    base.add_lesson(leg_lesson({"cat": 4}), Status.ACCEPTED)
    base.add_lesson(KIN, Status.ACCEPTED)
    assert base.find("how many legs have 3 cats?")[0].fit == 1
    (found,) = base.find("Ann is married to Bob and has a child.")
    assert found.lesson is KIN
    assert 0.5 < found.fit < 1
    assert base.find("What is the capital of Peru?") == []


def test_only_accepted_lessons_are_found_and_a_later_one_supersedes() -> None:
    base = InMemoryBase()
    first, second = leg_lesson({"cat": 3}), leg_lesson({"cat": 4})
    base.add_lesson(first, Status.ACCEPTED)
    base.add_lesson(second, Status.CANDIDATE)
    assert [each.lesson for each in base.find("how many legs")] == [first]
    base.add_lesson(second, Status.ACCEPTED)
    assert [each.lesson for each in base.find("how many legs")] == [second]
    assert [each.status for each in base.kept()] == [Status.SUPERSEDED, Status.ACCEPTED]


def test_facts_supersede_and_keep_their_history() -> None:
    base = InMemoryBase()
    old, new = (LearnedFact("legs", ("cat",), n, 0.9, ("q",), "x") for n in (3, 4))
    base.add_fact(old)
    base.add_fact(new)
    assert base.facts() == [new]
    assert base.history("legs", ("cat",)) == [old, new]


def test_lessons_that_lose_more_than_they_win_are_retired() -> None:
    base, lesson = InMemoryBase(), leg_lesson({"cat": 4})
    base.add_lesson(lesson, Status.ACCEPTED)
    for outcome in ("win", "use", "loss", "loss", "loss"):
        base.note(lesson.id, outcome)
    assert base.kept()[0].tally == Tally(uses=5, wins=1, losses=3)
    assert retire_losers(base) == [lesson]
    assert base.find("how many legs") == []
    with pytest.raises(KeyError):
        base.note("nothing", "win")


def test_what_is_written_reads_back_exactly(tmp_path: Path) -> None:
    full = leg_lesson(
        {"käfer": 6},
        rules=(LearnedRule("angle_sum", 180.0, -360.0, 0.75, ("a", "b"), "x"),),
        advice=(Advice("Plate", "Chop"),),
        trigger=Trigger("p", ("w",), (Condition("own pots", ">=", 2.0),)),
        check="answer = True",
    )
    yes = LearnedFact("is_female", ("Ann",), True, 0.5, (), "x")
    kept = [Kept(full, Status.ACCEPTED, Tally(3, 2, 1), "because"), Kept(replace(full, facts=(yes,)), Status.REJECTED)]
    write_lessons(tmp_path / "l.jsonl", kept)
    again = read_lessons(tmp_path / "l.jsonl")
    assert again == kept
    assert again[1].lesson.facts[0].value is True


def test_a_line_that_is_no_lesson_is_named(tmp_path: Path) -> None:
    file = tmp_path / "l.jsonl"
    file.write_text('\n{"lesson": {"topic": 3}, "status": "accepted"}\n')
    with pytest.raises(ValueError, match=r"l\.jsonl:2: not a lesson: lesson\.topic"):
        read_lessons(file)


def test_the_gate_depends_on_the_question_the_student_s_certainty_and_what_became_of_the_lesson() -> None:
    gate, lesson = Gate(sure=0.8), leg_lesson({"cat": 4})
    found = [Found(lesson, 1.0, Tally())]
    assert gate.choose(Attempt("4", 0.95), found) == []
    assert gate.choose(Attempt("4", 0.5), found) == [lesson]
    assert gate.choose(Attempt("4", None), found) == [lesson]
    assert gate.choose(Attempt(None, 0.95), found) == [lesson]
    assert gate.choose(Attempt("4", 0.5), [Found(lesson, 0.1, Tally())]) == []
    assert gate.choose(Attempt("4", 0.5), [Found(lesson, 1.0, Tally(9, 1, 8))]) == []


def test_the_threshold_is_the_one_that_would_have_been_right_most_often() -> None:
    assert calibrated([]) == Gate()
    sure, unsure = Seen(0.9, alone=True, helped=False), Seen(0.4, alone=False, helped=True)
    assert calibrated([sure, unsure]).sure == 0.9
    assert calibrated([unsure, Seen(0.9, alone=False, helped=True)]).sure == ALWAYS
    assert calibrated([sure, Seen(0.4, alone=True, helped=False)]).sure in (NEVER, 0.4)
