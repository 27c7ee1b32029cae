"""Fine-tunes the student's model to answer by itself, once with lessons in its prompt and once without.

As in NesyCD's augmented distillation, the lesson is in the prompt of those questions only that the student had wrong;
what is learned is the answer. Both adapters see the same questions, so that what differs is the lessons.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from brigade.agents.models.weights import Source, embedded_source
from brigade.agents.training.batches import TextExample
from brigade.agents.training.lora import OnStep, Recipe, Report, fine_tune, ship, write_report
from brigade.agents.training.student.base import LessonBase
from brigade.agents.training.student.loop import LIMIT
from brigade.agents.training.student.reasoner import ReasoningStudent, turns_for
from brigade.agents.training.student.tasks import Course, Exercise

RECIPE = Recipe(epochs=1.0, evaluations=3, top_layers=8)
"""The uppermost 8 of 30 layers learn: answers are looked up there, and a step costs half as much."""
WITH, WITHOUT = "with-lessons", "without-lessons"
VALIDATED = 0.1
"""Share of the questions that the best adapter is chosen by."""


def gather(course: Course, size: int, progress: Callable[[str, int, int], None] = lambda *_: None) -> list[Exercise]:
    """Questions of the training part, of all families in turn."""
    by_family = [course.take(family, "train", size, 50) for family in course.families]
    progress("questions", 1, 1)
    longest = max(map(len, by_family), default=0)
    return [there[number] for number in range(longest) for there in by_family if number < len(there)]


def examples(exercises: Sequence[Exercise], student: ReasoningStudent, base: LessonBase | None) -> list[TextExample]:
    """What is learned: questions with lessons where the student was wrong, and their answers.

    Args:
        exercises: solved questions.
        student: asked first, by its programs without any model; who is right needs no lesson.
        base: where lessons are found; None: no lesson at all.
    """
    made = []
    for each in exercises:
        wrong = base is not None and not each.score(student.attempt(each.question).answer)
        found = base.find(each.question.text, LIMIT) if base is not None and wrong else ()
        messages = turns_for(each.question, [it.lesson for it in found])
        made.append(TextExample(tuple(messages), answer_json(each.gold)))
    return made


def answer_json(gold: str) -> str:
    """An answer in the form that serving holds the model to."""
    return json.dumps({"answer": gold}, separators=(", ", ": "))


def fit(
    exercises: Sequence[Exercise],
    base: LessonBase,
    out: Path,
    recipe: Recipe = RECIPE,
    *,
    source: Source | None = None,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
) -> dict[str, Report]:
    """Train both adapters; they end up in `out/with-lessons` and `out/without-lessons`, training in folders beside.

    Raises:
        ValueError: fewer than two questions, or no such device.
        OSError: something cannot be read or written.
    """
    source = source or embedded_source()
    held = max(1, round(VALIDATED * len(exercises)))
    reports = {}
    for name, lessons in ((WITHOUT, None), (WITH, base)):
        rows = examples(exercises, ReasoningStudent(None), lessons)
        folder = out / f"fit-{name}"
        reports[name] = fine_tune(
            source, rows[held:], rows[:held], folder, recipe, device=device, resume=resume, on_step=on_step
        )
        ship(folder, out / name, source.label, {})
        write_report(out / f"{name}.json", reports[name], recipe, examples=len(rows) - held)
    return reports
