"""The whole loop: failures become lessons, the good ones are kept and counted, a broken-off run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from brigade.agents.models.scripted import ScriptedModel
from brigade.agents.training.student.base import InMemoryBase
from brigade.agents.training.student.gate import Gate
from brigade.agents.training.student.induce import AUTHOR, GUESSER, SymbolicTeacher
from brigade.agents.training.student.lessons import Status
from brigade.agents.training.student.loop import Learned, Loop, Plan
from brigade.agents.training.student.measuring import (
    ALONE,
    GATED,
    LESSONS,
    UNFILTERED,
    UNFILTERED_GATED,
    Judged,
    measure,
)
from brigade.agents.training.student.model_teacher import ModelTeacher
from brigade.agents.training.student.reasoner import ReasoningStudent
from brigade.agents.training.student.runs import read_run, write_run
from brigade.agents.training.student.said import Extent
from brigade.agents.training.student.tasks import FileCourse, GymCourse
from schooling import Listed, answered, exercise, leg_lesson, legs

COURSE = Listed(
    {
        "train": [legs("a", cat=2, hen=3), legs("b", cat=1, hen=1), legs("c", ant=1, spider=2)],
        "siblings": [legs("d", cat=3, hen=1), legs("e", cat=1), legs("f", ant=2)],
        "test": [legs("g", cat=5, hen=2), legs("h", hen=7), legs("i", spider=1)],
    }
)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return Loop(ReasoningStudent(None), [SymbolicTeacher()], COURSE, Plan(10, 10, 2)).run()


def test_what_is_induced_is_accepted_and_what_is_guessed_wrongly_is_not(learned: Learned) -> None:
    statuses = {(each.lesson.author, each.status) for each in learned.base.kept()}
    assert (AUTHOR, Status.ACCEPTED) in statuses
    assert (GUESSER, Status.ACCEPTED) not in statuses
    assert {fact.args[0]: fact.value for fact in learned.base.facts()} == {"cat": 4, "hen": 2}
    assert len(learned.unfiltered.kept()) == 2
    assert {each.status for each in learned.unfiltered.kept()} == {Status.ACCEPTED}


def test_what_came_of_a_lesson_is_counted_in_the_next_round(learned: Learned) -> None:
    first, second = learned.rounds
    assert (first.alone, first.helped) == (0, 0)
    assert (second.alone, second.helped) == (0, 2)
    (kept,) = [each for each in learned.base.kept() if each.status is Status.ACCEPTED]
    assert (kept.tally.wins, kept.tally.losses) == (2, 0)


def test_every_way_is_measured_on_the_same_questions_and_pair_by_pair(learned: Learned) -> None:
    judged = Judged(ReasoningStudent(None), learned.base, learned.unfiltered, learned.gate)
    shares = {share.way: share for share in measure(judged, COURSE, 10)}
    assert [shares[way].right for way in (ALONE, LESSONS, GATED)] == [0, 2, 2]
    assert (shares[LESSONS].flips, shares[LESSONS].breaks, shares[LESSONS].count) == (2, 0, 3)
    assert shares[UNFILTERED].right == shares[UNFILTERED_GATED].right == 2


def test_a_gate_keeps_what_the_student_is_sure_of_from_a_wrong_lesson() -> None:
    wrong = InMemoryBase()
    wrong.add_lesson(leg_lesson({"cat": 3}), Status.ACCEPTED)
    sure = ReasoningStudent(None, ())
    judged = Judged(sure, wrong, wrong, Gate(sure=0.5))
    question = legs("q", cat=1).question
    judged._attempts[question.id, ()] = ReasoningStudent(None).attempt(question, [leg_lesson({"cat": 4})])
    assert judged.by(GATED, question)[0].answer == "4"
    assert not judged.by(GATED, question)[1]
    assert judged.by(LESSONS, question)[1]


def test_a_run_reads_back_and_goes_on_after_the_families_that_are_done(learned: Learned, tmp_path: Path) -> None:
    write_run(tmp_path, learned.base, learned.unfiltered, learned.to_dict())
    again = read_run(tmp_path).learned()
    assert again.base.kept() == learned.base.kept()
    assert (again.rounds, again.gate, again.seen) == (learned.rounds, learned.gate, learned.seen)
    after = Loop(ReasoningStudent(None), [SymbolicTeacher()], COURSE, Plan(10, 10, 2)).run(again)
    assert after.rounds == learned.rounds
    with pytest.raises(ValueError, match="kitchen"):
        read_run(tmp_path).margin()
    (tmp_path / "learned.json").write_text("[]")
    with pytest.raises(ValueError, match=r"learned\.json: no run about questions"):
        read_run(tmp_path).learned()


def scripted(tmp_path: Path, lesson: object) -> ScriptedModel:
    said = lesson if isinstance(lesson, str) else json.dumps(lesson)
    (tmp_path / "answers.yaml").write_text(yaml.safe_dump([{"say": said}]))
    return ScriptedModel("script:answers", tmp_path / "answers.yaml")


LESSON = {
    "learning_summary": ["Count animal by animal."],
    "supplementary_knowledge": ["Birds have two legs."],
    "facts": {"legs('cat')": 4, "legs('hen')": 2},
    "check": "answer = said.isdigit()",
    "program": "no program",
}


def test_a_model_s_lesson_holds_what_was_asked_for_and_is_usable(tmp_path: Path) -> None:
    failures = answered([legs("a", cat=2, hen=3)])
    (lesson,) = ModelTeacher(scripted(tmp_path, LESSON)).teach("legs", failures)
    assert {str(fact) for fact in lesson.facts} == {"legs(cat) is 4", "legs(hen) is 2"}
    assert lesson.sources == ("a",)
    assert lesson.check
    assert not lesson.program
    assert ReasoningStudent(None).attempt(failures[0].exercise.question, [lesson]).answer == "14"


def test_a_teacher_s_program_answers_where_the_student_has_none(tmp_path: Path) -> None:
    program = "# match: twice the number\nimport re\nanswer = 2 * int(re.search(r'\\d+', question).group(0))"
    double = exercise("d", "What is twice the number 21?", "42", "doubling")
    plain = {key: value for key, value in LESSON.items() if key != "facts"}
    (lesson,) = ModelTeacher(scripted(tmp_path, plain | {"program": program})).teach("doubling", answered([double]))
    assert ReasoningStudent(None).attempt(double.question).answer is None
    told = ReasoningStudent(None).attempt(double.question, [lesson])
    assert (told.answer, told.used) == ("42", (lesson.id,))


def test_a_teacher_that_talks_nonsense_gives_no_lesson_and_that_is_said(tmp_path: Path) -> None:
    teacher = ModelTeacher(scripted(tmp_path, "I would rather not."), Extent())
    assert teacher.teach("legs", answered([legs("a", cat=2)])) == []
    assert teacher.troubles[0].startswith("legs: script:answers: it is no JSON")


def test_lessons_reach_a_model_as_the_sentences_that_the_question_calls_for(tmp_path: Path) -> None:
    from brigade.agents.training.student.reasoner import turns_for

    facts = leg_lesson({"cat": 4, "ant": 6}).facts
    full = leg_lesson({"cat": 4, "ant": 6}, knowledge=("An odd number is odd.", *map(str, facts)))
    system = turns_for(legs("q", cat=2).question, [full])[0].content
    assert "legs(cat) is 4" in system
    assert "An odd number is odd." in system
    assert "legs(ant) is 6" not in system


def test_parts_of_a_course_share_no_question() -> None:
    course = GymCourse(("base_conversion",))
    parts = [course.take("base_conversion", part, 25, 0) for part in ("train", "siblings", "test")]
    texts = [{each.question.text for each in part} for part in parts]
    assert all(texts)
    assert sum(map(len, texts)) == len(set.union(*texts))
    assert all(each.score(each.gold) for part in parts for each in part)
    with pytest.raises(ValueError, match="no data set 'nonsense'"):
        GymCourse(("nonsense",))


def test_a_file_of_solved_questions_is_a_course_of_three_parts(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps({"id": n, "question": f"{n}?", "answer": n}) + "\n" for n in range(8)))
    course = FileCourse(file)
    parts = [[each.question.id for each in course.take("mine", part, 9)] for part in ("train", "siblings", "test")]
    assert [len(part) for part in parts] == [4, 2, 2]
    assert sorted(name for part in parts for name in part) == [str(n) for n in range(8)]
    file.write_text('{"id": "open", "question": "Why?"}\n')
    with pytest.raises(ValueError, match="question open has no answer"):
        FileCourse(file)
