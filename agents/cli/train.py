"""Rebuild a learned part."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import (
    BAD_INPUT,
    WORK_FAILED,
    EngineOption,
    JsonOption,
    bad_input,
    counting,
    engine_from,
    fail,
    progress_bar,
    work,
    write_json,
)

if TYPE_CHECKING:
    from brigade.agents.engines import Engine
    from brigade.agents.training.lora import OnStep, Report
    from brigade.agents.training.messages.fit import Data

train_app = typer.Typer(no_args_is_help=True, help="Rebuild a learned part.")

NAME, SLOW_NAME, WRITER_NAME = "fast-mind", "slow-mind", "writer"
"""The adapters that are made."""
STAGES = ("data", "fit", "test", "all")


@train_app.command("fast")
def train_fast(
    stage: Annotated[str, typer.Option(help="data, fit, test, or all of them in this order.")] = "all",
    examples: Annotated[int, typer.Option(min=10, help="Labelled moments to train on.")] = 6000,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Data, checkpoints and figures; what is there is kept.")
    ] = Path("runs/fast"),
    adapter: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the adapter goes (embedded:fast-mind)."),
    ] = None,
    epochs: Annotated[float, typer.Option(min=0.01, help="Times that each moment is seen.")] = 1.5,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    workers: Annotated[int, typer.Option(min=1, help="Processes that make data.")] = os.cpu_count() or 1,
    engine: EngineOption = "local",
    resume: Annotated[bool, typer.Option(help="Go on from the last checkpoint.")] = True,
    data: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="Further moments to train on, from `train games`.")
    ] = None,
) -> None:
    """Make the Fast Mind's data with the teacher, fine-tune the embedded model on it, and test it."""
    from brigade.agents.models.adapters import adapters_folder

    if stage not in STAGES:
        fail(f"unknown stage {stage!r} (known: {', '.join(STAGES)})", BAD_INPUT)
    target, farm = adapter or adapters_folder() / NAME, engine_from(engine)
    with work(), bad_input():
        if stage in ("data", "all"):
            _data(out, examples, workers, farm)
        if stage in ("fit", "all"):
            _fit(out, target, epochs, device, resume, data or [])
        if stage in ("test", "all"):
            _test(out, target)


@train_app.command("games")
def train_games(
    sources: Annotated[list[Path], typer.Argument(metavar="DIR|FILES", help="Records, or folders of records.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the moments go.")] = Path("runs/games"),
    cooks: Annotated[str, typer.Option(help="Kinds of cook to learn from, separated by commas.")] = "person",
    each_a_stranger: Annotated[
        bool, typer.Option(help="Take each game without a participant's code for somebody else's.")
    ] = False,
    json_file: JsonOption = None,
) -> None:
    """Make recorded games into moments that `train fast --data DIR` adds to its own."""
    from brigade.agents.training.fast.gathering import make_games

    kinds = [kind.strip() for kind in cooks.split(",") if kind.strip()]
    with bad_input(), counting() as show:
        report = make_games(sources, out, kinds=kinds, each_a_stranger=each_a_stranger, on_progress=show)
    for line in report.refused:
        print(f"brigade: left out: {line}", file=sys.stderr)
    write_json(json_file, report.to_dict())
    if json_file != "-":
        print("\n".join(report.lines(out)))
    if not report.moments.total():
        fail("no moments: nobody of these kinds achieved anything in these records", WORK_FAILED)


def _data(out: Path, examples: int, workers: int, engine: Engine) -> None:
    from brigade.agents.training.fast.data import make_data

    with progress_bar() as bar:
        tasks = {name: bar.add_task(name, total=None) for name in ("test", "validation", "train")}

        def show(split: str, have: int, wanted: int) -> None:
            bar.update(tasks[split], completed=min(have, wanted), total=wanted)

        make_data(out, examples, workers=workers, on_progress=show, engine=engine)


def _fit(out: Path, target: Path, epochs: float, device: str, resume: bool, more: list[Path]) -> None:
    from brigade.agents.training.fast.fit import fit
    from brigade.agents.training.lora import Recipe

    with _fine_tuning() as show:
        report = fit(out, target, Recipe(epochs=epochs), device=device, resume=resume, on_step=show, more=more)
    _tell(report, target)


@contextmanager
def _fine_tuning() -> Iterator[OnStep]:
    """A progress bar for fine-tuning, or a line now and then where there is no terminal."""
    with progress_bar() as bar:
        task = bar.add_task("fine-tuning", total=None)

        def show(step: int, steps: int, loss: float) -> None:
            bar.update(task, completed=step, total=steps, description=f"fine-tuning, loss {loss:.3f}")
            if bar.disable and step % 20 == 0:
                print(f"step {step} of {steps}, loss {loss:.3f}", flush=True)

        yield show


def _tell(report: Report, target: Path) -> None:
    print(
        f"{target}: validation loss {report.best_loss:.3f} nats at step {report.best_step} of {report.steps}, "
        f"{report.seconds / 60:.0f} min on {report.device}"
    )


def _test(out: Path, target: Path) -> None:
    from brigade.agents.training.fast.card import examine
    from rich.console import Console

    with progress_bar() as bar:
        task = bar.add_task("testing", total=None)
        table = examine(out, target, lambda done, total: bar.update(task, completed=done, total=total))
    Console().print(table)


@train_app.command("slow")
def train_slow(
    stage: Annotated[str, typer.Option(help="fit, test, or all of them in this order.")] = "all",
    rows: Annotated[int, typer.Option(min=10, help="Messages to train on.")] = 20_000,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Checkpoints and figures; what is there is kept.")] = Path(
        "runs/slow"
    ),
    adapter: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the adapter goes (embedded:slow-mind).")
    ] = None,
    epochs: Annotated[float, typer.Option(min=0.01, help="Times that each message is seen.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the messages to train on.")] = 0,
    start: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="An earlier training (--out) to go on with, at half the learning rate."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    resume: Annotated[bool, typer.Option(help="Go on from the last checkpoint.")] = True,
) -> None:
    """Compose the Slow Mind's messages, fine-tune the embedded model on them, and test it on held-out ones."""
    from brigade.agents.models.adapters import adapters_folder
    from brigade.agents.training.messages.fit import Data

    if stage not in ("fit", "test", "all"):
        fail(f"unknown stage {stage!r} (known: fit, test, all)", BAD_INPUT)
    if start is not None and not (start / "fit" / "best").is_dir():
        fail(f"{start}: no training to go on with; --start takes the --out of an earlier `train slow`", BAD_INPUT)
    target = adapter or adapters_folder() / SLOW_NAME
    with work(), bad_input():
        if stage in ("fit", "all"):
            _fit_slow(out, target, Data(rows, seed, None if start is None else str(start)), epochs, device, resume)
        if stage in ("test", "all"):
            _test_slow(out, target)


def _fit_slow(out: Path, target: Path, data: Data, epochs: float, device: str, resume: bool) -> None:
    from brigade.agents.training.lora import Recipe
    from brigade.agents.training.messages.fit import fit

    with _fine_tuning() as show:
        recipe = Recipe(epochs=epochs, batch_size=16, learning_rate=1e-3 if data.start is None else 5e-4)
        report = fit(out, target, data, recipe, device=device, resume=resume, on_step=show)
    _tell(report, target)


def _test_slow(out: Path, target: Path) -> None:
    from brigade.agents.training.messages.card import examine
    from brigade.agents.training.messages.report import tables
    from rich.console import Console

    with counting() as progress:
        figures = examine(out, target, progress)
    for table in tables(figures):
        Console(width=None if sys.stdout.isatty() else 150).print(table)


@train_app.command("writer")
def train_writer(
    stage: Annotated[str, typer.Option(help="fit, test, or all of them in this order.")] = "all",
    rows: Annotated[int, typer.Option(min=40, help="Questions with programs to train on.")] = 2400,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Checkpoints and figures; what is there is kept.")] = Path(
        "runs/writer"
    ),
    adapter: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the adapter goes (embedded:writer).")
    ] = None,
    epochs: Annotated[float, typer.Option(min=0.01, help="Times that each question is seen.")] = 1.0,
    top_layers: Annotated[int, typer.Option(min=1, max=30, help="Only the uppermost so many layers learn.")] = 15,
    size: Annotated[int, typer.Option(min=1, help="Test questions of each family.")] = 30,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    resume: Annotated[bool, typer.Option(help="Go on from the last checkpoint.")] = True,
) -> None:
    """Fine-tune the embedded model to write short programs for families of questions, and test it on held-out ones."""
    from brigade.agents.models.adapters import adapters_folder

    if stage not in ("fit", "test", "all"):
        fail(f"unknown stage {stage!r} (known: fit, test, all)", BAD_INPUT)
    target = adapter or adapters_folder() / WRITER_NAME
    with work(), bad_input():
        if stage in ("fit", "all"):
            _fit_writer(out, target, rows, epochs, top_layers, device, resume)
        if stage in ("test", "all"):
            _test_writer(out, target, size)


def _fit_writer(out: Path, target: Path, rows: int, epochs: float, top_layers: int, device: str, resume: bool) -> None:
    from brigade.agents.training.lora import Recipe
    from brigade.agents.training.writer.data import Rows
    from brigade.agents.training.writer.fit import fit

    with _fine_tuning() as show:
        recipe = Recipe(epochs=epochs, batch_size=8, evaluations=4, top_layers=top_layers)
        report = fit(out, target, Rows(rows), recipe, device=device, resume=resume, on_step=show)
    _tell(report, target)


def _test_writer(out: Path, target: Path, size: int) -> None:
    from brigade.agents.training.writer.card import examine
    from brigade.agents.training.writer.report import table
    from rich.console import Console

    with counting() as progress:
        tests, untrained = examine(out, target, size, progress)
    Console(width=None if sys.stdout.isatty() else 150).print(table(tests, untrained))
