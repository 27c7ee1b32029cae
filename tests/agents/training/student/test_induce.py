"""The symbolic teacher finds facts in solved examples, says where they come from, and marks what it only guesses."""

from __future__ import annotations

from brigade.agents.training.student.induce import AUTHOR, GUESSER, SymbolicTeacher
from brigade.agents.training.student.lessons import Lesson
from brigade.agents.training.student.reasoner import ReasoningStudent
from schooling import answered, exercise, leg_lesson, legs


def taught(lessons: list[Lesson], author: str = AUTHOR) -> dict[str, object]:
    return {str(fact.args[0]): fact.value for each in lessons if each.author == author for fact in each.facts}


def test_the_legs_of_each_animal_follow_from_totals() -> None:
    exercises = [
        legs("a", cat=2, hen=3, ant=1),
        legs("b", cat=1, hen=1),
        legs("c", hen=5),
        legs("d", spider=1, snake=2),
    ]
    lessons = SymbolicTeacher().teach("legs", answered(exercises))
    assert taught(lessons) == {"cat": 4, "hen": 2, "ant": 6}
    (induced,) = [each for each in lessons if each.author == AUTHOR]
    assert {str(fact.args[0]): fact.sources for fact in induced.facts}["hen"] == ("c",)
    assert set(taught(lessons, GUESSER)) == {"spider", "snake"}
    assert all(fact.confidence < 0.5 for each in lessons if each.author == GUESSER for fact in each.facts)


def test_a_teacher_that_may_not_guess_does_not() -> None:
    lessons = SymbolicTeacher(guesses=False).teach("legs", answered([legs("a", cat=2, hen=3)]))
    assert lessons == []


def test_a_function_of_numbers_on_a_line_becomes_a_rule_for_numbers_never_seen() -> None:
    def polygon(sides: int) -> str:
        return f"A convex polygon has {sides} sides. The measures of the first {sides - 1} interior angles are: 10.0°."

    exercises = [exercise(str(n), polygon(n), str(180 * n - 370), "polygons") for n in (3, 4, 5)]
    (lesson,) = SymbolicTeacher().teach("polygons", answered(exercises))
    student = ReasoningStudent(None)
    far = exercise("far", polygon(11), str(180 * 11 - 370))
    assert student.attempt(far.question).answer is None
    assert far.score(student.attempt(far.question, [lesson]).answer)


def test_values_from_a_few_are_found_by_elimination_and_outvote_a_wrong_label() -> None:
    def family(name: str) -> str:
        return (
            f"John is married to {name}. They have a child called Zion.\n\n"
            f"What is {name} to Zion? Respond only with the word that describes their relationship."
        )

    names = {"Mary": "mother", "Bea": "mother"}
    rows = [exercise(f"{name} {n}", family(name), said, "kin") for name, said in names.items() for n in range(6)]
    rows.append(exercise("wrong label", family("Bea"), "father", "kin"))
    lessons = SymbolicTeacher().teach("kin", answered(rows))
    assert taught(lessons) == {"Mary": True, "Bea": True}
    (bea,) = [fact for fact in lessons[0].facts if fact.args == ("Bea",)]
    (mary,) = [fact for fact in lessons[0].facts if fact.args == ("Mary",)]
    assert bea.confidence < mary.confidence


def test_an_answer_that_depends_on_a_fact_in_another_way_is_searched_for() -> None:
    text = "Now, convert the binary number 1101 to base-10"
    (lesson,) = SymbolicTeacher().teach("bases", answered([exercise("a", text, "13", "bases")]))
    assert [(fact.args, fact.value) for fact in lesson.facts] == [(("binary",), 2)]


def test_facts_change_the_answers_that_rest_on_them_only() -> None:
    student = ReasoningStudent(None)
    question = legs("q", cat=1, hen=1).question
    told = student.attempt(question, [leg_lesson({"cat": 4, "hen": 2, "ant": 6})])
    assert told.answer == "6"
    assert set(told.facts) == {"legs(cat) is 4", "legs(hen) is 2"}
