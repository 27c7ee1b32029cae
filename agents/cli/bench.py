"""The tables in the README, measured anew."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import (
    BAD_INPUT,
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

    from brigade.agents.reasoning.lmulator.bench.accuracy import Score
    from brigade.agents.reasoning.lmulator.bench.families import SecondRun
    from brigade.agents.reasoning.lmulator.bench.overhead import Timing
    from brigade.agents.reasoning.lmulator.writing import Writer
    from rich.console import Console

bench_app = typer.Typer(no_args_is_help=True, help="The tables in the README, measured anew.")


@bench_app.command("kitchen")
def bench_kitchen(
    rounds: Annotated[int, typer.Option(min=1, help="Times that each contestant is measured.")] = 7,
    size: Annotated[int, typer.Option(min=1, help="Kitchens of a batch.")] = 4096,
    json_file: JsonOption = None,
) -> None:
    """How fast kitchens are, beside the peers that are installed (overcooked, jaxmarl)."""
    from brigade.envs.kitchen.bench import bench, table
    from rich.console import Console
    from rich.progress import track

    with work():
        rates = bench(rounds, size, lambda numbers: track(numbers, "rounds", console=stderr(), transient=True))
    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 130).print(table(rates))
    write_json(json_file, {"rates": [rate.to_dict() for rate in rates]})


@bench_app.command("sizing")
def bench_sizing(
    rounds: Annotated[int, typer.Option(min=3, help="Times that each thing is measured.")] = 30,
    facts: Annotated[int, typer.Option(min=1000, help="Facts of the knowledge base that is made.")] = 20_000,
    json_file: JsonOption = None,
) -> None:
    """What one core of this machine does, and the arithmetic to a thousand kitchens and a hundred million facts."""
    from brigade.agents.bench.sizing import arithmetic, measure, table
    from rich.console import Console

    with work(), counting() as show:
        sizing = measure(rounds, facts, show)
    console = Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 130)
    console.print(table(sizing))
    for line in arithmetic(sizing):
        console.print(f"- {line}", highlight=False)
    write_json(json_file, sizing.to_dict())


@bench_app.command("commands")
def bench_commands(
    rows: Annotated[int, typer.Option(min=1, help="Messages that the lexicon reads.")] = 1500,
    model_rows: Annotated[int, typer.Option(min=0, help="Messages of those that each model reads; 0 for none.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the messages.")] = 0,
    split: Annotated[str, typer.Option(help="test, validation or train.")] = "test",
    slow: Annotated[
        str | None, typer.Option(help="Models, separated by commas; embedded and the trained ones.")
    ] = None,
    base_url: BaseUrlOption = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the shares, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """How well the Slow Mind understands messages: lexicon, untrained and trained models, on the same rows."""
    from brigade.agents.training.messages import SPLITS, report
    from brigade.agents.training.messages import bench as benching

    settings = settings_from(base_url=base_url)
    console = stderr()
    names = slow.split(",") if slow else ["embedded", *benching.trained_models()]
    known = next((each for each in SPLITS if each == split), None)
    if known is None:
        fail(f"--split {split!r} is none of {', '.join(SPLITS)}", BAD_INPUT)
    with bad_input(), work(), counting() as progress:
        lines = benching.bench(
            known, rows=rows, model_rows=model_rows, seed=seed, models=names, progress=progress,
            load=lambda name: load_named(name, settings, console.print),
        )  # fmt: skip
    data = benching.to_json(lines, known, seed)
    from rich.console import Console

    for table in report.tables(data):
        Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 150).print(table)
    write_json(json_file, data)
    if plot is not None:
        with bad_input():
            report.plot(data, plot)


_MAPS = "Maps, layout files, variation-N, separated by commas; `held-out` are those never trained on."
_AGENTS = (
    "Of script, planner, random, idle, teacher, hla[-plan][:FAST[+SLOW]], smoa[:SLOW], fmoa[:FAST], nea[:FAST[+SLOW]]; "
    "separated by commas. SLOW may be lexicon."
)
_OUT = "Keep results, tables and plots here; a second call goes on with the rest."


@bench_app.command("hla")
def bench_hla(
    maps: Annotated[str, typer.Option(help=_MAPS)] = "ring,bottleneck,partition,quick,held-out",
    agents: Annotated[str, typer.Option(help=_AGENTS)] = "script,random,idle,smoa,fmoa,nea,hla",
    partners: Annotated[str, typer.Option(help="As --partner of brigade run, separated by commas.")] = "script",
    seeds: Annotated[int, typer.Option(min=1, help="Episodes of each agent on each map with each partner.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="First seed.")] = 0,
    clock: Annotated[str, typer.Option(help="simulated, real, or both with a comma.")] = "simulated",
    latency: Annotated[str, typer.Option(help="As --latency of brigade run.")] = "fast=0.1,slow=1.5",
    demands: Annotated[int, typer.Option(min=0, help="Spoken demands for each agent that thinks.")] = 0,
    duration: Annotated[float | None, typer.Option(help="Seconds of an episode; the layout's by default.")] = None,
    fast: Annotated[str | None, typer.Option(help="Model of agents that name no FAST (embedded).")] = None,
    slow: Annotated[str | None, typer.Option(help="Model of agents that name no SLOW (embedded).")] = None,
    base_url: BaseUrlOption = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; on the real clock fewer.")] = os.cpu_count() or 1,
    engine: EngineOption = "local",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help=_OUT)] = None,
    json_file: JsonOption = None,
) -> None:
    """Compare agents on whole episodes with several partners, and on spoken demands that they have to fulfil."""
    from brigade.agents.bench import figures, report
    from brigade.agents.bench.contestants import Reach
    from brigade.agents.bench.plan import Plan
    from brigade.agents.bench.work import run
    from rich.console import Console

    given = settings_from(fast=fast, slow=slow, base_url=base_url)
    plan = Plan(
        maps=_names(maps), agents=_names(agents), partners=_names(partners), seeds=range(seed, seed + seeds),
        clocks=_names(clock), latency=latency, demands=demands, duration=duration,
        reach=Reach(given.fast, given.slow, given.base_url, given.api_key, given.timeout, given.retries),
    )  # fmt: skip
    farm = engine_from(engine)
    with bad_input():
        plan.check()
    with bad_input(), work(), counting() as progress:
        outcome = run(plan, workers, out, progress, farm)
    report.show(outcome, Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else report.WIDTH))
    write_json(json_file, figures.to_json(outcome))
    if out is not None:
        with bad_input():
            report.write(outcome, out)


def _names(text: str) -> tuple[str, ...]:
    """Names separated by commas, each once."""
    return tuple(dict.fromkeys(text.split(",")))


@bench_app.command("code")
def bench_code(
    model: Annotated[str, typer.Option(help="The model of all variants.")] = "embedded",
    base_url: BaseUrlOption = None,
    families: Annotated[
        str, typer.Option(help="Families of reasoning-gym or files of BIG-Bench Hard, by commas.")
    ] = "leg_counting,family_relationships,letter_counting,calendar_arithmetic,aiw",
    variants: Annotated[
        str, typer.Option(help="Of brigade's and the paper's variants, by commas; `all`; `none`.")
    ] = "all",
    size: Annotated[int, typer.Option(min=1, help="Questions of each family.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the questions.")] = 0,
    again: Annotated[bool, typer.Option(help="Also run the families twice, and count the model calls.")] = True,
    rounds: Annotated[int, typer.Option(min=0, help="Rounds of the overhead's measurement; 0 for none.")] = 200,
    writer: Annotated[
        str,
        typer.Option(help="Who writes programs: shipped, a model such as embedded:writer, or both by commas."),
    ] = "shipped",
    keep: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep each answer there, and go on from what it holds.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the shares, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Chain of Code: accuracy by variant, model calls of a second run, overhead beside smolagents (if installed)."""
    from brigade.agents.models.lazy import LazyModel
    from brigade.agents.reasoning.lmulator import Settings
    from brigade.agents.reasoning.lmulator.bench import overhead, report
    from brigade.agents.reasoning.lmulator.bench.accuracy import Contest, Kept, accuracy
    from brigade.agents.reasoning.lmulator.bench.families import second_runs
    from brigade.agents.reasoning.lmulator.variants import VARIANTS
    from rich.console import Console

    settings, console = settings_from(base_url=base_url), stderr()
    lazy = LazyModel(model, lambda: load_named(model, settings, console.print))
    chosen = list(VARIANTS) if variants == "all" else [] if variants == "none" else variants.split(",")
    habits = Settings(style="plain" if model.startswith("embedded") else "full")
    names = families.split(",")
    out = Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 170)
    with bad_input(), work(), counting() as progress:
        writers = {name: _writer(name, base_url) for name in writer.split(",")}
        contest = Contest(lazy, writers, habits, Kept(keep))
        measured = names if chosen else []
        scores = accuracy(contest, measured, chosen, size=size, seed=seed, progress=progress)
        runs = second_runs(
            names if again else [], lazy,
            writer=next(iter(writers.values())), size=size, seed=seed, settings=habits, progress=progress,
        )  # fmt: skip
    timings = overhead.overhead(rounds) if rounds else []
    _tell(scores, runs, timings, model, seed, out)
    if plot is not None and scores:
        with bad_input():
            report.plot(scores, plot)
    data = {
        "accuracy": [score.to_dict() for score in scores],
        "second_run": [run.to_dict() for run in runs],
        "overhead": [timing.to_dict() for timing in timings],
    }
    write_json(json_file, data)


def _tell(
    scores: Sequence[Score], runs: Sequence[SecondRun], timings: Sequence[Timing], model: str, seed: int, out: Console
) -> None:
    """The tables of what was measured."""
    from brigade.agents.reasoning.lmulator.bench import report

    tables = [report.accuracy_table(scores, model, seed)] if scores else []
    tables += [report.second_table(runs)] if runs else []
    tables += [report.overhead_table(timings)] if timings else []
    for table in tables:
        out.print(table)


def _writer(name: str, base_url: str | None) -> Writer:
    from brigade.agents.reasoning.lmulator.asking import Asker, Cost
    from brigade.agents.reasoning.lmulator.limits import Allowance
    from brigade.agents.reasoning.lmulator.writing import Collection, writer_of

    if name == "shipped":
        return Collection()
    model = load_named(name, settings_from(base_url=base_url), stderr().print)
    return writer_of(Asker(model, Allowance(math.inf), Cost()))


@bench_app.command("play")
def bench_play(
    rooms: Annotated[int, typer.Option(min=1, max=500, help="Rooms at a time, a person and a script in each.")] = 20,
    seconds: Annotated[float, typer.Option(min=5, max=1800, help="How long they play.")] = 300.0,
    fast: Annotated[bool, typer.Option(help="One more room with the embedded Fast Mind beside them.")] = True,
    json_file: Annotated[
        str | None, typer.Option("--json", metavar="FILE", help="Write JSON here; - for standard output.")
    ] = None,
) -> None:
    """Load the game's server: how late its ticks are, whether they drift, how long a key takes to the screen."""
    from brigade.agents.sessions.play.bench import bench, table
    from rich.console import Console

    with work():
        result = bench(rooms, seconds, fast=fast, tell=stderr().print)
    Console(stderr=json_file == "-").print(table(result))
    write_json(json_file, result.to_dict())
