"""Commands of the student that learns from lessons: learn, fine-tune, measure."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import (
    BAD_INPUT,
    WORK_FAILED,
    BaseUrlOption,
    JsonOption,
    bad_input,
    counting,
    fail,
    load_named,
    settings_from,
    stderr,
    work,
    write_json,
)

if TYPE_CHECKING:
    from brigade.agents.models import LanguageModel
    from brigade.agents.training.student.tasks import Course
    from brigade.agents.training.student.teaching import Teacher

FamiliesOption = Annotated[
    str | None, typer.Option(help="Data sets of reasoning-gym, separated by commas; by default those with programs.")
]
FileOption = Annotated[
    Path | None, typer.Option("--file", metavar="F.jsonl", help='Solved questions instead: {"question", "answer"}.')
]
StudentOption = Annotated[str, typer.Option(help="The student's model; `none` for programs alone.")]
RunOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Lessons, gate and report of the run.")]
SYMBOLIC = "symbolic"


def add_to(train: typer.Typer, bench: typer.Typer) -> None:
    """Add these commands."""
    train.command("student")(train_student)
    bench.command("student")(bench_student)


def train_student(
    out: RunOption = Path("runs/student"),
    families: FamiliesOption = None,
    file: FileOption = None,
    student: StudentOption = "embedded",
    teacher: Annotated[
        str, typer.Option(help="Teachers, separated by commas: symbolic, or any model such as openai:NAME.")
    ] = SYMBOLIC,
    base_url: BaseUrlOption = None,
    questions: Annotated[int, typer.Option(min=1, help="New questions of each family in each round.")] = 40,
    siblings: Annotated[int, typer.Option(min=1, help="Held-out questions that judge a lesson.")] = 30,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of answering and teaching.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Shifts the seeds of all questions.")] = 0,
    json_file: JsonOption = None,
) -> None:
    """Answer questions, let teachers explain the failures, keep the lessons that help held-out siblings."""
    from brigade.agents.training.student.loop import Loop, Plan
    from brigade.agents.training.student.reasoner import ReasoningStudent
    from brigade.agents.training.student.report import rounds_table
    from brigade.agents.training.student.runs import write_run
    from rich.console import Console

    with bad_input():
        course = _course(families, file, seed)
        teachers = _teachers(teacher, base_url)
    with work(), counting() as progress:
        plan = Plan(questions, siblings, rounds)
        loop = Loop(ReasoningStudent(_model(student, base_url)), teachers, course, plan, progress)
        learned = loop.run()
        write_run(out, learned)
    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 150).print(rounds_table(learned))
    for line in learned.troubles:
        print(f"brigade: no lesson: {line}", file=sys.stderr)
    write_json(json_file, learned.to_dict())
    if not learned.rounds:
        fail("there were no questions to learn from", WORK_FAILED)


def bench_student(
    run: Annotated[Path, typer.Option("--run", metavar="DIR", help="What `train student` left.")] = Path(
        "runs/student"
    ),
    families: FamiliesOption = None,
    file: FileOption = None,
    student: StudentOption = "embedded",
    base_url: BaseUrlOption = None,
    size: Annotated[int, typer.Option(min=1, help="Held-out questions of each family.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Shifts the seeds of all questions; as in training.")] = 0,
    feedback: Annotated[bool, typer.Option(help="Count uses, wins and losses in the run's lessons.")] = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the shares, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Lessons' gains on held-out questions: student alone, with lessons, with a gate, with everything unjudged."""
    from brigade.agents.training.student import report
    from brigade.agents.training.student.lessons import write_lessons
    from brigade.agents.training.student.measuring import Judged, measure
    from brigade.agents.training.student.reasoner import ReasoningStudent
    from brigade.agents.training.student.runs import LESSONS, read_run
    from rich.console import Console

    with bad_input():
        left = read_run(run)
        course = _course(families, file, seed)
    with work(), counting() as progress:
        judged = Judged(ReasoningStudent(_model(student, base_url)), left.base, left.unfiltered, left.gate)
        shares = measure(judged, course, size, feedback=feedback, progress=progress)
    if not shares:
        fail("there were no questions to test with", WORK_FAILED)
    table = report.shares_table(shares, student, seed)
    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 200).print(table)
    with bad_input():
        if feedback:
            write_lessons(run / LESSONS, left.base.kept())
        if plot is not None:
            report.plot(shares, plot)
    write_json(json_file, {"student": student, "seed": seed, "shares": [share.to_dict() for share in shares]})


def _course(families: str | None, file: Path | None, seed: int) -> Course:
    from brigade.agents.training.student.tasks import FAMILIES, FileCourse, GymCourse

    if file is not None:
        if families is not None:
            fail("--families and --file exclude each other", BAD_INPUT)
        return FileCourse(file, seed)
    return GymCourse(tuple(families.split(",")) if families else FAMILIES, seed)


def _model(name: str, base_url: str | None) -> LanguageModel | None:
    from brigade.agents.models.lazy import LazyModel

    if name == "none":
        return None
    settings = settings_from(base_url=base_url)
    return LazyModel(name, lambda: load_named(name, settings, stderr().print))


def _teachers(names: str, base_url: str | None) -> list[Teacher]:
    from brigade.agents.training.student.induce import SymbolicTeacher
    from brigade.agents.training.student.model_teacher import BRIEF, Extent, ModelTeacher

    teachers: list[Teacher] = []
    for name in dict.fromkeys(names.split(",")):
        if name == SYMBOLIC:
            teachers.append(SymbolicTeacher())
        elif (model := _model(name, base_url)) is not None:
            teachers.append(ModelTeacher(model, BRIEF if name.startswith("embedded") else Extent()))
    if not teachers:
        fail("--teacher none teaches nothing: name symbolic or a model", BAD_INPUT)
    return teachers
