"""Commands about decomposing questions: measure it, train the decomposer, train the router."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import (
    BAD_INPUT,
    BaseUrlOption,
    JsonOption,
    bad_input,
    counting,
    fail,
    load_named,
    progress_bar,
    settings_from,
    stderr,
    work,
    write_json,
)

if TYPE_CHECKING:
    from brigade.agents.models import LanguageModel
    from brigade.agents.training.decomposer.course import Plan
    from brigade.agents.training.lora import OnStep

NAME = "decomposer"
_FAMILIES = "Families, separated by commas; `all`, `none`; those of one step are single_sums and single_products."
_SOLVERS = "Models that try and answer sub-questions, by commas; scripted:S errs with the number of steps, 0 < S < 1."
_WITH = "Of prompted, start, trained, once, always, guide, search, best, by commas; once-start: once, with --start."


def add_to(bench_app: typer.Typer, train_app: typer.Typer) -> None:
    """Add these commands."""
    bench_app.command("decompose")(bench_decompose)
    train_app.command("decomposer")(train_decomposer)
    train_app.command("router")(train_router)


def bench_decompose(
    solvers: Annotated[str, typer.Option(help=_SOLVERS)] = "embedded,scripted:0.7",
    decomposers: Annotated[str, typer.Option("--with", help=_WITH)] = "prompted,trained",
    families: Annotated[str, typer.Option(help=_FAMILIES)] = "all",
    files: Annotated[
        list[Path] | None, typer.Option("--file", metavar="F.jsonl", help="GSM8K, AQuA, or question and answer a line.")
    ] = None,
    size: Annotated[int, typer.Option(min=1, help="Questions of each family and file.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the questions; test questions whatever it is.")] = 0,
    decomposer: Annotated[str, typer.Option(help="The trained decomposer.")] = f"embedded:{NAME}",
    start: Annotated[
        str | None, typer.Option(help="The decomposer before policy gradient, such as embedded:runs/…/adapter.")
    ] = None,
    base_url: BaseUrlOption = None,
    thinking: Annotated[bool, typer.Option(help="Also let models think step by step without a decomposer.")] = True,
    tools: Annotated[bool, typer.Option(help="Models' sub-questions may be computed and looked up.")] = True,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep results there, question by question; goes on, also several at once."),
    ] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the shares, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Solvers alone, thinking aloud, and with decomposers: prompted, before and after policy gradient."""
    from brigade.agents.bench.contestants import mark
    from brigade.agents.reasoning.decomposer.bench import assembling, contest, problems, report
    from brigade.agents.reasoning.decomposer.bench.ledger import Ledger
    from brigade.agents.reasoning.decomposer.families import HELD_OUT
    from rich.console import Console

    settings, console = settings_from(base_url=base_url), stderr()

    def load(name: str) -> LanguageModel:
        from brigade.agents.models.lazy import LazyModel

        return LazyModel(name, lambda: load_named(name, settings, console.print))

    with bad_input():
        items = problems.problems_of(assembling.chosen_families(families), size, seed, files or [])
        names = assembling.Names(decomposer, start, "embedded")
        told = mark if out is not None else assembling.unmarked
        contestants = assembling.contestants(decomposers.split(","), names, load, told)
        teams = [assembling.team(name, items, load, tools=tools, seed=seed, mark=told) for name in solvers.split(",")]
    with bad_input(), work(), counting() as progress:
        results = contest.contest(teams, contestants, items, progress, thinking=thinking, ledger=Ledger(out))
    screen = Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 190)
    for table in report.tables(results, HELD_OUT, f", seed {seed}; * held out of training"):
        screen.print(table)
    pairs = report.pairs_of([each.name for each in contestants])
    for pair in pairs:
        screen.print(report.difference_table(results, *pair))
    write_json(json_file, report.to_json(results, pairs))
    if plot is not None:
        with bad_input():
            report.plot(results, plot)


def train_decomposer(
    stage: Annotated[
        str, typer.Option(help="supervised, sampling, gradient, test, or all of them in this order.")
    ] = "all",
    rows: Annotated[int, typer.Option(min=20, help="Taught plans to start with.")] = 4000,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with gsm8k_train.jsonl and strategyqa_dev.json.")
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Stages, checkpoints and figures; what is there is kept.")
    ] = Path("runs/decomposer"),
    adapter: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the adapter goes (embedded:decomposer).")
    ] = None,
    epochs: Annotated[float, typer.Option(min=0.01, help="Times that each taught plan is seen.")] = 1.0,
    rank: Annotated[int, typer.Option(min=1, help="Of the adapter.")] = 16,
    top_layers: Annotated[
        int, typer.Option(min=1, help="Only the uppermost so many layers learn; the model has 30.")
    ] = 16,
    batch: Annotated[int, typer.Option(min=1, help="Taught plans of a step; 8 need 4 GB of memory.")] = 4,
    drawn: Annotated[int, typer.Option(min=1, help="Questions of each family that plans are drawn for.")] = 30,
    method: Annotated[str, typer.Option(help="grpo or rloo.")] = "grpo",
    steps: Annotated[int, typer.Option(min=1, help="Of policy gradient.")] = 40,
    group: Annotated[int, typer.Option(min=2, help="Plans for each question.")] = 6,
    pool: Annotated[int, typer.Option(min=1, help="Questions of each family to find those that teach among.")] = 30,
    learning_rate: Annotated[float, typer.Option(min=0.0, help="Of policy gradient.")] = 1e-4,
    minutes: Annotated[float | None, typer.Option(min=0.1, help="Most minutes of policy gradient.")] = None,
    begin: Annotated[
        Path | None, typer.Option(metavar="ADAPTER", help="The supervised stage goes on with this adapter.")
    ] = None,
    without: Annotated[str, typer.Option(help="Reward terms that are left out, by commas.")] = "",
    validated: Annotated[int, typer.Option(min=1, help="Validation questions of each family.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of data, drawing and training.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    resume: Annotated[bool, typer.Option(help="Go on from what is there.")] = True,
) -> None:
    """Train the decomposer: taught plans, best of drawn ones, policy gradient; ship what solves most in validation."""
    from brigade.agents.models.adapters import adapters_folder
    from brigade.agents.training.decomposer import course
    from brigade.agents.training.decomposer.gradient import Gradient
    from brigade.agents.training.decomposer.supervised import Data

    if stage not in (*course.STAGES, "test", "all"):
        fail(f"unknown stage {stage!r} (known: {', '.join(course.STAGES)}, test, all)", BAD_INPUT)
    if method not in ("grpo", "rloo"):
        fail(f"--method {method!r} is neither grpo nor rloo", BAD_INPUT)
    left_out = tuple(name for name in without.split(",") if name)
    policy = Gradient(
        "grpo" if method == "grpo" else "rloo", steps, pool=pool, group=group, learning_rate=learning_rate, seed=seed,
        without=left_out, minutes=minutes,
    )  # fmt: skip
    plan = course.Plan(
        out, adapter or adapters_folder() / NAME, Data(rows, seed, data),
        course.recipe_of(rank, top_layers, batch, epochs, seed), course.Sampling(drawn), policy, device, resume,
        begin,
    )  # fmt: skip
    with work(), bad_input():
        _train(plan, course.STAGES if stage == "all" else (stage,))
        if stage in ("test", "all"):
            _choose(plan, validated)


def _train(plan: Plan, stages: Sequence[str]) -> None:
    from brigade.agents.training.decomposer import course

    if "supervised" in stages:
        with _steps("taught plans, loss") as show:
            course.supervised(plan, show)
    if "sampling" in stages:
        with counting() as progress, _steps("drawn plans, loss") as show:
            course.sampling(plan, progress, show)
    if "gradient" in stages:
        with counting() as progress, _steps("policy gradient, reward") as show:
            course.gradient(plan, progress, show)


def _choose(plan: Plan, validated: int) -> None:
    from brigade.agents.training.decomposer import course
    from brigade.agents.training.decomposer.card import write_card

    with counting() as progress:
        choice = course.choose(plan, validated, progress)
    write_card(plan.out, plan.target)
    for name, solved in choice["solved"].items():
        print(
            f"{name}: {solved['planned']:.1%} of {solved['count']} validation questions right with its plans, "
            f"{solved['alone']:.1%} without; {solved['refused']:.1%} of the plans refused"
        )
    print(f"{plan.target}: the adapter of the stage {choice['shipped']} ships")


@contextmanager
def _steps(what: str) -> Iterator[OnStep]:
    """A progress bar for steps, or a line now and then where there is no terminal."""
    with progress_bar() as bar:
        task = bar.add_task(what, total=None)

        def show(step: int, steps: int, value: float) -> None:
            bar.update(task, completed=step, total=steps, description=f"{what} {value:.3f}")
            if bar.disable and step % 10 == 0:
                print(f"step {step} of {steps}, {what} {value:.3f}", flush=True)

        yield show


def train_router(
    model: Annotated[str, typer.Option(help="The solver whose outcomes are learned.")] = "embedded",
    decomposer: Annotated[str, typer.Option(help="The decomposer.")] = f"embedded:{NAME}",
    size: Annotated[int, typer.Option(min=4, help="Training questions of each family.")] = 16,
    tested: Annotated[int, typer.Option(min=0, help="Test questions of each family to measure it on.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Of the questions.")] = 0,
    base_url: BaseUrlOption = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the router goes.")] = None,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep what was tried there, and go on from it.")
    ] = None,
    json_file: JsonOption = None,
) -> None:
    """Try every strategy on training questions, learn from the outcomes which suits when, measure it on test ones."""
    from brigade.agents.bench.contestants import mark
    from brigade.agents.models.lazy import LazyModel
    from brigade.agents.reasoning.decomposer.bench.ledger import Ledger
    from brigade.agents.training.decomposer import routes

    settings, console = settings_from(base_url=base_url), stderr()
    solver, planner = (
        LazyModel(name, partial(load_named, name, settings, console.print)) for name in (model, decomposer)
    )
    with bad_input(), work(), counting() as progress:
        weights = f"{mark(model)} {mark(decomposer)}" if keep is not None else ""
        made = routes.learn(solver, planner, size, seed, progress, tested=tested, ledger=Ledger(keep), mark=weights)
        routes.write(made, out)
    write_json(json_file, made.to_dict())
    for line in made.lines():
        print(line, file=sys.stderr if json_file == "-" else sys.stdout)
