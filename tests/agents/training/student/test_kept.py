"""The student's lessons are records of the knowledge base: found, explained, reviewed and corrected like any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from brigade.agents.cli import app as cli
from brigade.agents.training.student.base import InMemoryBase, LessonBase, retire_losers
from brigade.agents.training.student.induce import SymbolicTeacher
from brigade.agents.training.student.kept import SqlLessons
from brigade.agents.training.student.lessons import LearnedFact, Lesson, Status, Tally, Trigger
from brigade.agents.training.student.loop import Loop, Plan
from brigade.agents.training.student.reasoner import ReasoningStudent
from brigade.knowledge import KnowledgeBase
from brigade.knowledge.changes import versions
from brigade.knowledge.retrieval.search import Search
from schooling import Listed, leg_lesson, legs
from typer.testing import CliRunner

KIN = Lesson("kin", Trigger("", ("married", "child", "relation")), ("Draw a tree.",), ("A father is a man.",), "x", ())


@pytest.fixture
def lessons(base: KnowledgeBase) -> SqlLessons:
    return SqlLessons(base, "a run")


@pytest.fixture(params=["memory", "sql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LessonBase]:
    """Both stores behave alike."""
    if request.param == "memory":
        yield InMemoryBase()
        return
    with KnowledgeBase(tmp_path / "k.db") as base:
        yield SqlLessons(base)


def test_lessons_are_found_superseded_counted_and_retired_alike(either: LessonBase) -> None:
    first, second = leg_lesson({"cat": 3}), leg_lesson({"cat": 4})
    either.add_lesson(first, Status.ACCEPTED, "helps")
    either.add_lesson(KIN, Status.ACCEPTED)
    either.add_lesson(second, Status.CANDIDATE, "no effect")
    assert [each.lesson for each in either.find("how many legs have 3 cats?")] == [first]
    assert [each.lesson for each in either.find("Ann is married to Bob and has a child.")] == [KIN]
    either.note(second.id, "win")
    either.add_lesson(second, Status.ACCEPTED)
    assert [(each.lesson, each.tally) for each in either.find("how many legs")] == [(second, Tally(1, 1, 0))]
    for outcome in ("use", "loss", "loss", "loss"):
        either.note(second.id, outcome)
    assert retire_losers(either) == [second]
    assert either.find("how many legs") == []
    kept = {each.lesson.id: (each.status, each.tally) for each in either.kept()}
    assert kept == {
        first.id: (Status.SUPERSEDED, Tally()),
        KIN.id: (Status.ACCEPTED, Tally()),
        second.id: (Status.RETIRED, Tally(5, 1, 3)),
    }
    with pytest.raises(KeyError):
        either.note("nothing", "win")


def test_facts_supersede_alike(either: LessonBase) -> None:
    old, new = (LearnedFact("legs", ("cat",), n, 0.9, ("q",), "x") for n in (3, 4))
    both = LearnedFact("related", ("Ann", "Bob"), "sister", 0.5, (), "x")
    for fact in (old, both, new):
        either.add_fact(fact)
    assert sorted(either.facts(), key=str) == [new, both]


def test_a_lesson_is_a_record_with_its_origin(lessons: SqlLessons, base: KnowledgeBase) -> None:
    lesson = leg_lesson({"cat": 4}, knowledge=("A cat has four legs.",))
    lessons.add_lesson(lesson, Status.ACCEPTED, "3 of 8 siblings turned right")
    (record,) = Search(base).lessons("how many legs does a cat have")
    assert (record.author, record.note["reason"]) == ("model:somebody", "3 of 8 siblings turned right")
    assert record.episode is not None
    assert [each.name for each in versions(base, record.name)] == [record.name]  # type: ignore[attr-defined]
    lessons.note(lesson.id, "win")
    assert base.statistics(record).wins == 1


def test_what_was_rejected_waits_for_a_person_whose_word_counts(lessons: SqlLessons, base: KnowledgeBase) -> None:
    lesson = leg_lesson({"cat": 4})
    lessons.add_lesson(lesson, Status.REJECTED, "2 of 8 siblings turned wrong")
    assert lessons.kept()[0].status is Status.REJECTED
    (waits,) = base.waiting()
    assert waits.note["reason"] == "2 of 8 siblings turned wrong"
    base.accept(waits)
    assert [each.lesson for each in lessons.find("how many legs")] == [lesson]
    assert [each.status for each in lessons.kept()] == [Status.ACCEPTED]


def test_a_person_corrects_a_fact_and_with_it_the_lesson(lessons: SqlLessons, base: KnowledgeBase) -> None:
    lesson = leg_lesson({"cat": 3, "hen": 2})
    lessons.add_lesson(lesson, Status.ACCEPTED)
    for fact in lesson.facts:
        lessons.add_fact(fact)
    base.add_fact("cat", "legs", 4)
    (found,) = lessons.find("how many legs")
    assert {fact.args[0]: fact.value for fact in found.lesson.facts} == {"cat": 4, "hen": 2}
    assert ReasoningStudent(None).attempt(legs("q", cat=1).question, [found.lesson]).answer == "4"
    lessons.note(found.lesson.id, "win")
    assert lessons.kept()[0].tally.wins == 1, "counted under either form"


def test_what_a_person_tells_is_found_by_the_student(lessons: SqlLessons, base: KnowledgeBase) -> None:
    base.add_lesson("relatives", trigger="married, child, relation", summary=["Draw a family tree."])
    (found,) = lessons.find("Ann is married to Bob and has a child. What is their relation?")
    assert found.lesson.summary == ("Draw a family tree.",)
    lessons.note(found.lesson.id, "use")


def test_the_loop_writes_into_the_base_and_every_command_shows_it(tmp_path: Path) -> None:
    course = Listed(
        {
            "train": [legs("a", cat=2, hen=3), legs("b", cat=1, hen=1), legs("c", ant=1, spider=2)],
            "siblings": [legs("d", cat=3, hen=1), legs("e", cat=1), legs("f", ant=2)],
        }
    )
    where = ["--base", str(tmp_path / "k.db")]
    with KnowledgeBase(tmp_path / "k.db") as base:
        loop = Loop(ReasoningStudent(None), [SymbolicTeacher()], course, Plan(10, 10, 1), base=SqlLessons(base))
        learned = loop.run()
        assert [each.status for each in learned.base.kept()].count(Status.ACCEPTED) == 1
        waiting = len(base.waiting())
        (lesson,) = base.lessons()
    run = CliRunner().invoke
    assert "legs" in run(cli, ["know", "search", "how many legs", *where]).output
    told = run(cli, ["know", "explain", "legs(cat, ?n)", *where]).output
    assert "told by model:" in told
    assert "a" in told
    assert "siblings turned right" in run(cli, ["know", "explain", lesson.name, *where]).output
    assert lesson.name in run(cli, ["know", "history", lesson.name, *where]).output
    assert len(run(cli, ["know", "review", *where]).output.split("lesson ")) - 1 == waiting
