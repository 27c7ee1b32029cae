"""Commands that reason: run one program with gaps, answer a file of questions."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from brigade.agents.cli.console import (
    BAD_INPUT,
    WORK_FAILED,
    BaseUrlOption,
    EngineOption,
    JsonOption,
    bad_input,
    counting,
    engine_from,
    fail,
    load_named,
    settings_from,
    stderr,
    work,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brigade.agents.engines import Engine
    from brigade.agents.models import LanguageModel
    from brigade.agents.reasoning.farming import SolveSpec
    from brigade.agents.reasoning.lmulator import Lmulator, Result
    from brigade.agents.reasoning.questions import Question
    from brigade.agents.reasoning.solve import Solved

ModelOption = Annotated[str, typer.Option(help="Model that fills the gaps; `none` for nobody.")]
LargerOption = Annotated[str | None, typer.Option(help="Model that is asked where samples disagree.")]
SamplesOption = Annotated[int, typer.Option(min=1, max=9, help="Times that the model is asked the same thing.")]
FactsOption = Annotated[
    Path | None, typer.Option(metavar="F.json", help="Facts that come before the model: name, args, value.")
]
KnowledgeOption = Annotated[
    str | None,
    typer.Option(metavar="FILE|URL", help="Knowledge base to ask before the model; new answers wait there for review."),
]
MemoOption = Annotated[Path | None, typer.Option(metavar="F.jsonl", help="Earlier answers, read and added to.")]
CallsOption = Annotated[float, typer.Option(help="Model calls that one run may use.")]
TokensOption = Annotated[float, typer.Option(help="Tokens that one run may use.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(code)
    app.command()(solve)


def code(
    file: Annotated[Path, typer.Argument(help="A program; Python, or what is nearly Python.")],
    model: ModelOption = "embedded",
    larger: LargerOption = None,
    base_url: BaseUrlOption = None,
    question: Annotated[str, typer.Option(help="What the program is to answer; shown to the model.")] = "",
    stubs: Annotated[Path | None, typer.Option(metavar="F.py", help="Typed heads of functions it may call.")] = None,
    facts: FactsOption = None,
    knowledge: KnowledgeOption = None,
    memo: MemoOption = None,
    samples: SamplesOption = 1,
    max_calls: CallsOption = 200,
    max_tokens: TokensOption = math.inf,
    seconds: Annotated[float, typer.Option(min=0.01, help="Time for the program itself.")] = 5.0,
    memory: Annotated[float, typer.Option(min=1, help="Megabytes for its values.")] = 64,
    depth: Annotated[int, typer.Option(min=5, help="Calls within calls.")] = 150,
    repairs: Annotated[int, typer.Option(min=0, help="Times that the model may mend a line.")] = 2,
    paused: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Pause here when the calls are spent; go on from it."),
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="F.html", help="Write the run as a page to follow.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Run one program; what it does not define is looked up, remembered, or asked of a model."""
    from brigade.agents.reasoning.lmulator import Limits, Settings, Voting
    from brigade.agents.reasoning.lmulator.showing import show
    from rich.console import Console

    with bad_input():
        program = file.read_text(encoding="utf-8")
        limits = Limits(seconds=seconds, memory=int(memory * 2**20), depth=depth)
        habits = Settings(
            limits=limits, calls=max_calls, tokens=max_tokens, voting=Voting(samples), repairs=repairs,
            pause_when_spent=paused is not None,
        )  # fmt: skip
        runner = _lmulator(model, larger, base_url, stubs, facts, knowledge, memo, habits)
    with work():
        result = _run(runner, program, question, paused)
    if json_file is None:
        show(result, Console(width=None if sys.stdout.isatty() else 130))
    write_json(json_file, result.to_dict())
    _write_page(result, html, file.name)
    _finish(result)


def _run(runner: Lmulator, program: str, question: str, paused: Path | None) -> Result:
    """Run a program, or go on with it where it was paused; a run that is paused again is kept."""
    if paused is not None and paused.is_file():
        with bad_input():
            result = runner.resume(paused.read_bytes())
    else:
        result = runner.run(program, question=question)
    if paused is not None and result.paused is not None:
        with bad_input():
            paused.write_bytes(result.paused)
    elif paused is not None:
        paused.unlink(missing_ok=True)
    return result


def _write_page(result: Result, html: Path | None, title: str) -> None:
    from brigade.agents.reasoning.lmulator.page import to_page

    if html is not None:
        with bad_input():
            html.write_text(to_page(result, title), encoding="utf-8")


def _finish(result: Result) -> None:
    from brigade.agents.reasoning.lmulator import End

    if result.end is End.SYNTAX:
        fail(result.message, BAD_INPUT)
    if result.end is not End.ANSWERED:
        fail(f"{result.end}: {result.message}", WORK_FAILED)


def _lmulator(
    model: str,
    larger: str | None,
    base_url: str | None,
    stubs: Path | None,
    facts: Path | None,
    knowledge: str | None,
    memo: Path | None,
    habits: Any,
) -> Lmulator:
    """What runs programs, with the user's files. Models are loaded when they are first asked."""
    from brigade.agents.reasoning.lmulator import Lmulator, Memo, read_stubs
    from brigade.agents.reasoning.lmulator.common import common_library
    from brigade.agents.reasoning.lmulator.known_base import known

    return Lmulator(
        _lazy(model, base_url, knowledge),
        larger=_lazy(larger or "none", base_url, knowledge),
        library=common_library().plus(read_stubs(stubs.read_text(encoding="utf-8")) if stubs else ()),
        knowledge=known(facts, knowledge),
        memo=Memo(memo),
        settings=habits,
    )


def _lazy(name: str, base_url: str | None, knowledge: str | None = None) -> LanguageModel | None:
    from brigade.agents.models.lazy import LazyModel

    if name == "none":
        return None
    settings = settings_from(base_url=base_url, knowledge=knowledge)
    return LazyModel(name, lambda: load_named(name, settings, stderr().print))


def solve(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='A line each: {"id", "question", "answer"?}.')],
    strategy: Annotated[str, typer.Option(help="auto, direct, code, decompose, retrieve, escalate.")] = "auto",
    model: ModelOption = "embedded",
    larger: LargerOption = None,
    base_url: BaseUrlOption = None,
    programs: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Programs for families of questions, tried first."),
    ] = None,
    writer: Annotated[
        str | None,
        typer.Option(help="Model that writes programs; the model itself, for embedded the trained embedded:writer."),
    ] = None,
    facts: FactsOption = None,
    knowledge: KnowledgeOption = None,
    memo: MemoOption = None,
    samples: SamplesOption = 1,
    max_calls: CallsOption = 200,
    decomposer: Annotated[str, typer.Option(help="Model that splits questions; `none`: the model itself.")] = (
        "embedded:decomposer"
    ),
    sure: Annotated[float, typer.Option(min=0, help="Confidence from which a first attempt stands.")] = 0.9,
    guide: Annotated[bool, typer.Option(help="Only show the plan to the model, which answers in one go.")] = False,
    plans: Annotated[int, typer.Option(min=1, max=16, help="Plans that are tried; the best counts.")] = 1,
    search: Annotated[int, typer.Option(min=0, max=60, help="Plans that a tree search draws; 0: none.")] = 0,
    trace: Annotated[bool, typer.Option(help="Put every step into the JSON.")] = True,
    workers: Annotated[int, typer.Option(min=1, help="Questions at once, each in a process of its own.")] = 1,
    engine: EngineOption = "local",
    json_file: JsonOption = "-",
) -> None:
    """Answer questions; a JSON line each."""
    from brigade.agents.reasoning.decomposer import Habits
    from brigade.agents.reasoning.farming import SolveSpec
    from brigade.agents.reasoning.lmulator import Settings, Voting
    from brigade.agents.reasoning.questions import read_questions

    habits = Settings(calls=max_calls, voting=Voting(samples), traced=trace)
    splits = Habits(sure=sure, mode="guide" if guide else "answer", plans=plans, nodes=search)
    spec = SolveSpec(
        strategy, _Loader(base_url, knowledge), model, larger, programs, facts, memo, habits, writer, decomposer,
        splits, knowledge,
    )  # fmt: skip
    with bad_input():
        spec.check()
        if memo is not None and (workers > 1 or engine != "local"):
            raise ValueError("--memo is written by one process: not with --workers or --engine ray")
        questions = read_questions(file)
        spec.way()  # its files can be read
    rows = _answered(spec, questions, engine_from(engine), workers, trace)
    write_json(json_file, iter(rows))
    _tell_score(rows)


def _answered(
    spec: SolveSpec, questions: Sequence[Question], farm: Engine, workers: int, trace: bool
) -> list[dict[str, Any]]:
    """A row for each question, in their order."""
    from brigade.agents.reasoning.farming import SolveTask, answer

    rows: dict[int, dict[str, Any]] = {}
    with work(), counting() as show:
        show("questions", 0, len(questions))
        for number, solved in farm.map(answer, [SolveTask(spec, each) for each in questions], workers):
            rows[number] = _row(questions[number].id, solved, questions[number].answer, trace)
            show("questions", len(rows), len(questions))
    return [rows[number] for number in sorted(rows)]


@dataclass(frozen=True)
class _Loader:
    """Loads models where a question is answered."""

    base_url: str | None
    knowledge: str | None = None

    def __call__(self, name: str) -> LanguageModel:
        settings = settings_from(base_url=self.base_url, knowledge=self.knowledge)
        return load_named(name, settings, stderr().print)


def _row(name: str, solved: Solved, gold: str | None, trace: bool) -> dict[str, Any]:
    from brigade.agents.reasoning.questions import is_correct

    row: dict[str, Any] = {
        "id": name,
        "answer": solved.answer,
        "strategy": solved.strategy,
        "model_calls": solved.cost.calls,
        "tokens": solved.cost.tokens,
        "confidence": solved.confidence,
    }
    if gold is not None:
        row["correct"] = is_correct(solved.answer, gold)
    if solved.message:
        row["message"] = solved.message
    if trace and solved.trace:
        row["trace"] = json.loads(json.dumps(solved.trace))
    return row


def _tell_score(rows: list[dict[str, Any]]) -> None:
    known = [row["correct"] for row in rows if "correct" in row]
    calls = sum(row["model_calls"] for row in rows)
    right = f", {sum(known)} of {len(known)} right" if known else ""
    unanswered = sum(row["answer"] is None for row in rows)
    stderr().print(f"{len(rows)} questions{right}, {unanswered} without an answer, {calls} model calls")
    if rows and unanswered == len(rows):
        fail(f"no question was answered: {rows[0].get('message', '')}", WORK_FAILED)
