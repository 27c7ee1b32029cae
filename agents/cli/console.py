"""What every command shares: options, settings, models, how it fails, how it writes JSON and shows progress.

Exit status: 0 done, 1 the work failed, 2 bad usage or input; a failure is one line on standard error, without a
traceback. Libraries are imported where they are needed, so that help is quick.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from brigade.agents.engines import Engine
    from brigade.agents.graph import Minds
    from brigade.agents.models import LanguageModel
    from brigade.agents.privacy import Boundary
    from brigade.agents.privacy.values import Fact
    from brigade.agents.settings import Settings
    from rich.console import Console
    from rich.progress import Progress

WORK_FAILED, BAD_INPUT = 1, 2

JsonOption = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Write JSON here; - for standard output.")
]
MapOption = Annotated[str, typer.Option("--map", help="Map or layout file; several, separated by commas.")]
BaseUrlOption = Annotated[str | None, typer.Option(help="Where the server of an openai: model is.")]
SlowOption = Annotated[str | None, typer.Option(help="Model of the Slow Mind (embedded:slow-mind).")]
EngineOption = Annotated[str, typer.Option(help="Where pieces of the work are done: local, or ray (many machines).")]
OrdersOption = Annotated[str | None, typer.Option(help="Orders, separated by commas, such as bob,alice.")]


def fail(message: object, status: int) -> NoReturn:
    """One line on standard error, and out."""
    print(f"brigade: {' '.join(str(message).split())}", file=sys.stderr)
    raise typer.Exit(status)


@contextmanager
def bad_input() -> Iterator[None]:
    """What is wrong in here is the user's input."""
    try:
        yield
    except (ValueError, OSError) as error:
        fail(error, BAD_INPUT)


@contextmanager
def work() -> Iterator[None]:
    """What goes wrong in here is work that failed."""
    from brigade.agents.models import ModelError

    try:
        yield
    except (ModelError, OSError) as error:
        fail(error, WORK_FAILED)


def write_json(target: str | None, rows: Iterable[Any] | dict[str, Any]) -> None:
    """Write one JSON document, or one JSON line per row, to a file or standard output."""
    if target is None:
        return
    lines = [json.dumps(rows, indent=2)] if isinstance(rows, dict) else [json.dumps(row) for row in rows]
    text = "\n".join(lines) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    with bad_input():
        Path(target).write_text(text, encoding="utf-8")


def settings_from(**flags: Any) -> Settings:
    """The settings, with these flags on top."""
    from brigade.agents.settings import load_settings

    with bad_input():
        return load_settings(**flags)


def engine_from(name: str) -> Engine:
    """The engine of this name."""
    from brigade.agents.engines import engine_named

    with bad_input():
        return engine_named(name)


def stderr() -> Console:
    """A rich console on standard error."""
    from rich.console import Console

    return Console(stderr=True)


def load_minds(settings: Settings, tell: Any) -> Minds:
    """Both minds, each with a model of its own, so that slow thinking never holds up fast acting."""
    from brigade.agents.graph import Minds
    from brigade.agents.hierarchy.fast_mind import FastMind, fast_habits
    from brigade.agents.hierarchy.slow_mind import SlowMind
    from brigade.agents.models.endpoint import Budget

    budget = Budget(settings.max_calls, settings.max_tokens)
    fast = FastMind(load_named(settings.fast, settings, tell, budget), fast_habits(settings.fast))
    minds = Minds(SlowMind(load_named(settings.slow, settings, tell, budget)), fast)
    minds.fast.warm()
    return minds


def load_named(name: str, settings: Settings, tell: Any, budget: Any = None) -> LanguageModel:
    """The model of this name, as the settings say how to reach it; `tell` hears what takes long."""
    from brigade.agents.models import ModelOptions, load_model

    options = ModelOptions(
        base_url=settings.base_url,
        api_key=settings.api_key,
        timeout=settings.timeout,
        retries=settings.retries,
        budget=budget,
        progress=tell,
        egress=boundary_from(settings),
    )
    return load_model(name, options)


def boundary_from(settings: Settings) -> Boundary:
    """The privacy boundary, with what the settings' profile and knowledge base say is private."""
    from brigade.agents.privacy.boundary import Boundary
    from brigade.agents.privacy.private_set import PrivateSet
    from brigade.agents.privacy.profile import read_parts

    if settings.profile is None and settings.knowledge is None:
        return Boundary()
    with bad_input():
        facts, texts, allow = read_parts(Path(settings.profile)) if settings.profile else ([], [], [])
        known = private_known(settings)
    return Boundary(PrivateSet([*facts, *known[0]], [*texts, *known[1]], allow))


def private_known(settings: Settings) -> tuple[list[Fact], list[str]]:
    """Facts and longer texts that the settings' knowledge base marks as private."""
    if settings.knowledge is None:
        return [], []
    from brigade.agents.cli.private_records import private_parts

    with bad_input():
        return private_parts(settings.knowledge)


def progress_bar() -> Progress:
    """The bar of long work, on standard error, on a terminal only: a description, a count, the time gone and left."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = stderr()
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def counting() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar, and what moves it: what is being done, how much is done, of how much."""
    with progress_bar() as progress:
        bar = progress.add_task("", total=None)

        def show(what: str, done: int, total: int) -> None:
            progress.update(bar, description=what, completed=done, total=total)

        yield show
