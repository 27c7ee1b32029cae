"""Commands of the student that learns from lessons: learn, fine-tune, measure."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    from collections.abc import Sequence

    from brigade.agents.models import LanguageModel
    from brigade.agents.training.student.base import LessonBase
    from brigade.agents.training.student.loop import Learned, Plan
    from brigade.agents.training.student.reasoner import ReasoningStudent
    from brigade.agents.training.student.runs import Run
    from brigade.agents.training.student.tasks import Course
    from brigade.agents.training.student.teaching import Teacher
    from rich.table import Table

REASONING, KITCHEN = "reasoning", "kitchen"
TASKS = (REASONING, KITCHEN)
STAGES = ("learn", "fit", "all")
SYMBOLIC = "symbolic"
TaskOption = Annotated[str, typer.Option(help="reasoning or kitchen.")]

FamiliesOption = Annotated[
    str | None, typer.Option(help="Data sets of reasoning-gym, separated by commas; by default those with programs.")
]
FileOption = Annotated[
    Path | None, typer.Option("--file", metavar="F.jsonl", help='Solved questions instead: {"question", "answer"}.')
]
StudentOption = Annotated[str, typer.Option(help="The student's model; `none` for programs alone.")]
RunOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Lessons, gate and report of the run.")]


def add_to(train: typer.Typer, bench: typer.Typer) -> None:
    """Add these commands."""
    train.command("student")(train_student)
    bench.command("student")(bench_student)


def train_student(
    task: TaskOption = REASONING,
    out: RunOption = Path("runs/student"),
    families: FamiliesOption = None,
    file: FileOption = None,
    student: StudentOption = "embedded",
    teacher: Annotated[
        str,
        typer.Option(help="Teachers, by commas: symbolic, or any model such as openai:NAME. In the kitchen: search."),
    ] = SYMBOLIC,
    base_url: BaseUrlOption = None,
    questions: Annotated[
        int | None,
        typer.Option(min=1, help="New questions of each family in each round (40); decisions compared (400)."),
    ] = None,
    siblings: Annotated[
        int | None, typer.Option(min=1, help="Held-out questions (30) or episodes (120) that judge a lesson.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of answering and teaching.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Shifts the seeds of everything.")] = 0,
    stage: Annotated[
        str, typer.Option(help="learn lessons, fit (fine-tune the embedded model with and without them), or all.")
    ] = "learn",
    examples: Annotated[int, typer.Option(min=2, help="Questions of each family to fine-tune on.")] = 200,
    device: Annotated[str, typer.Option(help="Where to fine-tune: auto, cpu or cuda.")] = "auto",
    knowledge: Annotated[
        str | None,
        typer.Option(metavar="FILE|URL", help="The knowledge base that lessons go into; by default DIR/knowledge.db."),
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on with what is not done in --out.")] = True,
    json_file: JsonOption = None,
) -> None:
    """The student answers or cooks, teachers explain the failures, and lessons that help elsewhere are kept."""
    from brigade.agents.training.student import report
    from brigade.agents.training.student.loop import Plan

    _check_task(task)
    _check_stage(stage, task)
    if task == KITCHEN:
        _train_kitchen(_lessons(out, knowledge), out, questions or 400, siblings or 120, seed, json_file)
        return
    with bad_input():
        course, teachers = _course(families, file, seed), _teachers(teacher, base_url)
    if stage in ("learn", "all"):
        plan = Plan(questions or 40, siblings or 30, rounds)
        base = _lessons(out, knowledge, resume)
        learned = _learn_questions(base, course, teachers, _model(student, base_url), plan, out, resume)
        _show(report.rounds_table(learned), json_file)
        write_json(json_file, learned.to_dict())
    if stage in ("fit", "all"):
        _fit(course, out, examples, device, resume)


def _lessons(out: Path, knowledge: str | None, resume: bool = False) -> LessonBase:
    """Where lessons are kept; a run that is begun anew begins with an empty base of its own."""
    from brigade.agents.training.student.runs import KNOWLEDGE, lessons_of

    with bad_input():
        out.mkdir(parents=True, exist_ok=True)
        own = out / KNOWLEDGE
        if knowledge is None and not resume:
            for file in own.parent.glob(f"{KNOWLEDGE}*"):
                file.unlink()
        return lessons_of(knowledge or str(own), out)


def _train_kitchen(
    base: LessonBase, out: Path, comparisons: int, episodes: int, seed: int, json_file: str | None
) -> None:
    from brigade.agents.training.student.kitchen.loop import KitchenPlan, learn
    from brigade.agents.training.student.kitchen.report import verdicts_table
    from brigade.agents.training.student.runs import write_run

    with work(), counting() as progress:
        learned = learn(KitchenPlan(comparisons, episodes=episodes, seed=seed), progress, base)
        write_run(out, learned.base, learned.unfiltered, learned.to_dict())
    _show(verdicts_table(learned), json_file)
    write_json(json_file, learned.to_dict())


def _fit(course: Course, out: Path, size: int, device: str, resume: bool) -> None:
    from brigade.agents.cli.train import _fine_tuning
    from brigade.agents.training.student.fit import fit, gather
    from brigade.agents.training.student.runs import read_run

    with bad_input():
        base = read_run(out).base
    with work(), bad_input(), _fine_tuning() as show:
        reports = fit(gather(course, size), base, out, device=device, resume=resume, on_step=show)
    for name, each in reports.items():
        print(
            f"{out / name}: validation loss {each.best_loss:.3f} nats a token at step {each.best_step} of "
            f"{each.steps}, {each.seconds / 60:.0f} min on {each.device}"
        )


def _show(table: Table, json_file: str | None, width: int = 150) -> None:
    from rich.console import Console

    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else width).print(table)


def bench_student(
    task: TaskOption = REASONING,
    run: Annotated[Path, typer.Option("--run", metavar="DIR", help="What `train student` left.")] = Path(
        "runs/student"
    ),
    families: FamiliesOption = None,
    file: FileOption = None,
    student: StudentOption = "embedded",
    base_url: BaseUrlOption = None,
    size: Annotated[int, typer.Option(min=1, help="Held-out questions of each family; episodes in the kitchen.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Shifts the seeds of everything; as in training.")] = 0,
    programs: Annotated[
        bool, typer.Option(help="Whether the student has programs; without, its model answers.")
    ] = True,
    fitted: Annotated[
        bool, typer.Option(help="Measure the model by itself instead, as it was and as `--stage fit` left it.")
    ] = False,
    feedback: Annotated[bool, typer.Option(help="Count uses, wins and losses in the run's lessons.")] = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the gains, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Gains on what nobody learned from: student alone, with lessons, with a gate, with everything unjudged."""
    from brigade.agents.training.student.runs import read_run

    _check_task(task)
    with bad_input():
        left = read_run(run)
    if task == KITCHEN:
        data, table = _bench_kitchen(left, size, seed, plot)
    elif fitted:
        data, table = _bench_fitted(left, families, file, size, seed, plot)
    else:
        with bad_input():
            course = _course(families, file, seed)
        asked = _student(_model(student, base_url), run, programs)
        data, table = _bench_questions(left, course, asked, size, feedback, plot)
        data["student"] = student
    _show(table, json_file, 200)
    write_json(json_file, data | {"task": task, "seed": seed})


def _learn_questions(
    base: LessonBase,
    course: Course,
    teachers: Sequence[Teacher],
    model: LanguageModel | None,
    plan: Plan,
    out: Path,
    resume: bool,
) -> Learned:
    from brigade.agents.training.student.loop import Loop
    from brigade.agents.training.student.runs import REPORT, read_run, write_run

    def keep(learned: Learned) -> None:
        write_run(out, learned.base, learned.unfiltered, learned.to_dict())

    with bad_input():
        before = read_run(out).learned() if resume and (out / REPORT).is_file() else None
        student = _student(model, out)
    with work(), counting() as progress:
        learned = Loop(student, teachers, course, plan, progress, base).run(before, keep)
    for line in learned.troubles:
        print(f"brigade: no lesson: {line}", file=sys.stderr)
    if not learned.rounds:
        fail("there were no questions to learn from", WORK_FAILED)
    return learned


def _student(model: LanguageModel | None, run: Path, programs: bool = True) -> ReasoningStudent:
    """The student, who remembers in the run's folder what its model said; without programs the model answers."""
    from brigade.agents.reasoning.lmulator import Memo
    from brigade.agents.training.student.reasoner import ReasoningStudent
    from brigade.agents.training.student.runs import MEMO

    run.mkdir(parents=True, exist_ok=True)
    memo = Memo(run / MEMO if model is not None else None)
    return ReasoningStudent(model, memo=memo) if programs else ReasoningStudent(model, (), memo)


def _bench_questions(
    left: Run,
    course: Course,
    student: ReasoningStudent,
    size: int,
    feedback: bool,
    plot: Path | None,
) -> tuple[dict[str, Any], Table]:
    from brigade.agents.training.student import report
    from brigade.agents.training.student.lessons import write_lessons
    from brigade.agents.training.student.measuring import Judged, measure
    from brigade.agents.training.student.runs import LESSONS

    with bad_input():
        gate = left.question_gate()
    with work(), counting() as progress:
        judged = Judged(student, left.base, left.unfiltered, gate)
        shares = measure(judged, course, size, feedback=feedback, progress=progress)
    if not shares:
        fail("there were no questions to test with", WORK_FAILED)
    with bad_input():
        if feedback:
            write_lessons(left.file.parent / LESSONS, left.base.kept())
        if plot is not None:
            report.plot(shares, plot)
    name = student.model.name if student.model is not None else "without a model"
    return {"shares": [share.to_dict() for share in shares]}, report.shares_table(shares, name)


def _bench_fitted(
    left: Run, families: str | None, file: Path | None, size: int, seed: int, plot: Path | None
) -> tuple[dict[str, Any], Table]:
    from brigade.agents.training.student import report
    from brigade.agents.training.student.fitted import EMBEDDED, measure_fitted

    settings = settings_from()
    with bad_input():
        course = _course(families, file, seed)
    with work(), bad_input(), counting() as progress:
        shares = measure_fitted(
            left.file.parent, left.base, course, size, lambda name: load_named(name, settings, stderr().print), progress
        )
        if plot is not None:
            report.plot(shares, plot)
    data = {"student": EMBEDDED, "shares": [share.to_dict() for share in shares]}
    return data, report.shares_table(shares, f"{EMBEDDED}, without programs")


def _bench_kitchen(left: Run, size: int, seed: int, plot: Path | None) -> tuple[dict[str, Any], Table]:
    from brigade.agents.training.student.kitchen import report
    from brigade.agents.training.student.kitchen.measuring import measure

    with bad_input():
        margin = left.margin()
    with work(), counting() as progress:
        scores = measure(left.base, left.unfiltered, margin, size, seed, progress)
    if plot is not None:
        with bad_input():
            report.plot(scores, plot)
    data = {"student": "script", "margin": margin, "scores": [each.to_dict() for each in scores]}
    return data, report.scores_table(scores)


def _check_stage(stage: str, task: str) -> None:
    if stage not in STAGES:
        fail(f"--stage {stage!r} is none of {', '.join(STAGES)}", BAD_INPUT)
    if stage != "learn" and task == KITCHEN:
        fail("--task kitchen has no stage but learn: the Fast Mind is fine-tuned by `brigade train fast`", BAD_INPUT)


def _check_task(task: str) -> None:
    if task not in TASKS:
        fail(f"--task {task!r} is none of {', '.join(TASKS)}", BAD_INPUT)


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
    from brigade.agents.training.student.model_teacher import BRIEF, ModelTeacher
    from brigade.agents.training.student.said import Extent

    teachers: list[Teacher] = []
    for name in dict.fromkeys(names.split(",")):
        if name == SYMBOLIC:
            teachers.append(SymbolicTeacher())
        elif (model := _model(name, base_url)) is not None:
            teachers.append(ModelTeacher(model, BRIEF if name.startswith("embedded") else Extent()))
    if not teachers:
        fail("--teacher none teaches nothing: name symbolic or a model", BAD_INPUT)
    return teachers
