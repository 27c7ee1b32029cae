"""The command line: parse, call, print. What the commands do lives elsewhere and is imported when it is needed.

Exit status: 0 done, 1 the work failed, 2 bad usage or input; a failure is one line on standard error, without a
traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from brigade.agents.training.fast.commands import bench_hla, train_fast

if TYPE_CHECKING:
    from brigade.agents.graph import Minds
    from brigade.agents.models import LanguageModel
    from brigade.agents.sessions.episode import EpisodeResult, EpisodeSpec
    from brigade.agents.settings import Settings

WORK_FAILED, BAD_INPUT = 1, 2

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Agents that cook beside you."
)
kitchen_app = typer.Typer(no_args_is_help=True, help="The kitchen without agents: roll out actions, check layouts.")
app.add_typer(kitchen_app, name="kitchen")
train_app = typer.Typer(no_args_is_help=True, help="Rebuild a learned part.")
app.add_typer(train_app, name="train")
train_app.command("fast")(train_fast)
bench_app = typer.Typer(no_args_is_help=True, help="The tables in the README, measured anew.")
app.add_typer(bench_app, name="bench")
bench_app.command("hla")(bench_hla)

JsonOption = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Write JSON here; - for standard output.")
]
MapOption = Annotated[str, typer.Option("--map", help="Map or layout file; several, separated by commas.")]
BaseUrlOption = Annotated[str | None, typer.Option(help="Where the server of an openai: model is.")]
SlowOption = Annotated[str | None, typer.Option(help="Model of the Slow Mind (embedded).")]
OrdersOption = Annotated[str | None, typer.Option(help="Orders, separated by commas, such as bob,alice.")]


def main() -> None:
    """Run the command line."""
    app()


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


@app.command()
def run(
    map: MapOption = "ring",
    agent: Annotated[str, typer.Option(help="hla, script, random, idle, commander[:FILE]; or several.")] = "hla",
    partner: Annotated[str, typer.Option(help="As agent; or several.")] = "commander",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes of each combination, with seeds one apart.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first episode.")] = 0,
    clock: Annotated[str, typer.Option(help="simulated or real.")] = "simulated",
    rules: Annotated[str | None, typer.Option(help="Rule book; the layout's own by default.")] = None,
    slow: SlowOption = None,
    fast: Annotated[str | None, typer.Option(help="Model of the Fast Mind (embedded).")] = None,
    base_url: BaseUrlOption = None,
    latency: Annotated[
        str | None,
        typer.Option(help="On the simulated clock: measured, seconds, fast=S,slow=S, or a record to take them from."),
    ] = None,
    duration: Annotated[float | None, typer.Option(help="Seconds of an episode; the layout's by default.")] = None,
    pace: Annotated[float | None, typer.Option(help="Actions a second of every cook; the layout's by default.")] = None,
    tick_seconds: Annotated[float | None, typer.Option(help="Length of a tick (0.1).")] = None,
    max_calls: Annotated[float | None, typer.Option(help="Calls that endpoint models may be asked.")] = None,
    max_tokens: Annotated[float | None, typer.Option(help="Tokens that endpoint models may use.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds until a call of an endpoint is given up (60).")] = None,
    retries: Annotated[int | None, typer.Option(help="Further tries of a failed call (2).")] = None,
    record: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep a record of every episode here.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the scores, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Play scripted episodes and compare the agents in a table."""
    settings = settings_from(
        slow=slow, fast=fast, base_url=base_url, latency=latency, duration=duration, pace=pace,
        tick_seconds=tick_seconds, max_calls=max_calls, max_tokens=max_tokens, timeout=timeout, retries=retries,
    )  # fmt: skip
    specs = _specs(settings, map, agent, partner, range(seed, seed + episodes), clock, rules)
    results = _play(specs, settings, record)
    from brigade.agents.sessions import report
    from rich.console import Console

    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 130).print(report.table(results))
    write_json(json_file, report.to_json(results))
    if plot is not None:
        with bad_input():
            report.plot(results, plot)


def settings_from(**flags: Any) -> Settings:
    """The settings, with these flags on top."""
    from brigade.agents.settings import load_settings

    with bad_input():
        return load_settings(**flags)


def _specs(
    settings: Settings, maps: str, agents: str, partners: str, seeds: range, clock: str, rules: str | None
) -> list[EpisodeSpec]:
    from brigade.agents.sessions.episode import EpisodeSpec

    specs = [
        EpisodeSpec(
            map=map_, agent=agent, partner=partner, seed=seed, rules=rules, clock=clock,
            latency=settings.latency, tick_seconds=settings.tick_seconds, pace=settings.pace,
            duration=settings.duration, slow=settings.slow, fast=settings.fast,
        )
        for map_ in maps.split(",") for agent in agents.split(",") for partner in partners.split(",") for seed in seeds
    ]  # fmt: skip
    with bad_input():
        for spec in specs:
            spec.check()
    return specs


def _play(specs: list[EpisodeSpec], settings: Settings, record: Path | None) -> list[EpisodeResult]:
    from brigade.agents.sessions.episode import run_episode
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    results = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    console = _stderr()
    with work(), Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        minds = _minds(settings, console.print) if any(spec.thinks for spec in specs) else None
        bar = progress.add_task("", total=None)
        for spec in specs:
            label = f"{spec.map}, {spec.agent} with {spec.partner}, seed {spec.seed}"

            def show(tick: int, total: int, label: str = label) -> None:
                if tick % 10 == 0 or tick == total:
                    progress.update(bar, description=label, completed=tick, total=total)

            results.append(run_episode(spec, minds, _record_file(record, spec), show))
    return results


def _stderr() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _record_file(folder: Path | None, spec: EpisodeSpec) -> Path | None:
    if folder is None:
        return None
    parts = (spec.map, spec.agent, spec.partner)
    files = (Path(part).with_suffix("").name if Path(part).is_file() else part for part in parts)
    names = (Path(part.replace(":", "-")).name.removesuffix(".yaml") for part in files)
    return folder / f"{'-'.join(names)}-{spec.seed}.jsonl"


def _minds(settings: Settings, tell: Any) -> Minds:
    """Both minds, each with a model of its own, so that slow thinking never holds up fast acting."""
    from brigade.agents.graph import Minds
    from brigade.agents.hierarchy.fast_mind import FastMind, habits_of
    from brigade.agents.hierarchy.slow_mind import SlowMind
    from brigade.agents.models.endpoint import Budget

    budget = Budget(settings.max_calls, settings.max_tokens)
    fast = FastMind(_model(settings.fast, settings, tell, budget), habits_of(settings.fast))
    minds = Minds(SlowMind(_model(settings.slow, settings, tell, budget)), fast)
    minds.fast.warm()
    return minds


def _model(name: str, settings: Settings, tell: Any, budget: Any = None) -> LanguageModel:
    from brigade.agents.models import ModelOptions, load_model

    options = ModelOptions(
        base_url=settings.base_url,
        api_key=settings.api_key,
        timeout=settings.timeout,
        retries=settings.retries,
        budget=budget,
        progress=tell,
    )
    return load_model(name, options)


@app.command()
def intent(
    message: Annotated[str | None, typer.Argument(help="What the partner said.")] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="F.jsonl", help='Messages, one {"message","orders"?,"previous"?} a line.')
    ] = None,
    map: Annotated[str, typer.Option("--map", help="Map or layout file.")] = "ring",
    orders: OrdersOption = None,
    slow: SlowOption = None,
    base_url: BaseUrlOption = None,
    lexicon: Annotated[
        bool, typer.Option(help="Whether messages that the lexicon is certain of skip the model.")
    ] = True,
    json_file: JsonOption = None,
) -> None:
    """What the Slow Mind understands of a message."""
    from brigade.agents.hierarchy.understand import read_questions, understand_all

    settings = settings_from(slow=slow, base_url=base_url)
    with bad_input():
        questions = read_questions(message, orders, map, file)
    console = _stderr()
    with work():
        intents = understand_all(questions, lambda: _model(settings.slow, settings, console.print), lexicon=lexicon)
    if json_file is None:
        json_file = "-"
    if file is None:
        write_json(json_file, intents[0])
    else:
        write_json(json_file, iter(intents))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A record.")],
    gif: Annotated[Path | None, typer.Option(metavar="F", help="Write the session as a GIF.")] = None,
    mp4: Annotated[Path | None, typer.Option(metavar="F", help="Write the session as a video (extra `video`).")] = None,
    png: Annotated[Path | None, typer.Option(metavar="F", help="Write the moment given by --at as a picture.")] = None,
    at: Annotated[float, typer.Option(min=0, help="Seconds after the start.")] = 0.0,
    window: Annotated[bool, typer.Option("--window", help="Play it in a window (extra `human`).")] = False,
    square: Annotated[int, typer.Option(min=8, max=256, help="Pixels of a square of the kitchen.")] = 48,
    speed: Annotated[float, typer.Option(min=0.1, help="Times faster than it was.")] = 4.0,
    watch: Annotated[bool | None, typer.Option(help="Play it in the terminal; by default if there is one.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Look at a session, and check that it replays to the same state at every tick."""
    from brigade.agents.sessions import playback
    from brigade.agents.sessions.record import RecordError, read_record
    from brigade.agents.sessions.record import replay as replay_record
    from brigade.envs.kitchen.render import ViewerError
    from rich.console import Console

    with bad_input():
        session = read_record(file)
    console = Console(stderr=json_file == "-")
    try:
        with bad_input():
            if gif is not None:
                console.print(f"{gif}: {playback.to_gif(session, gif, speed=speed, square=square)} frames")
            if mp4 is not None:
                console.print(f"{mp4}: {playback.to_mp4(session, mp4, speed=speed, square=square)} frames")
            if png is not None:
                playback.to_png(session, png, at, square=square)
                console.print(f"{png}: the moment after {at:g} s")
            if window:
                playback.watch(session, speed=speed, square=square)
        shown = window or any(each is not None for each in (gif, mp4, png))
        if not shown and (watch or (watch is None and sys.stdout.isatty() and json_file is None)):
            playback.animate(session, console, speed=speed)
        elif not shown:
            for line in playback.narrate(session):
                console.print(line, highlight=False, soft_wrap=True)
        *_, (view, _) = replay_record(session)
    except (RecordError, ViewerError) as error:
        fail(error, WORK_FAILED)
    console.print(f"{file}: {session.ticks} ticks replay to the recorded state at every tick")
    write_json(
        json_file,
        {"ticks": session.ticks, "score": view.score, "served": view.served, "missed": view.missed, "identical": True},
    )


@kitchen_app.command()
def rollout(
    layout: Annotated[str, typer.Option(help="Map or layout file.")],
    actions: Annotated[Path, typer.Option(metavar="F.jsonl", help="A list of action indices a line, one per cook.")],
    rules: Annotated[str | None, typer.Option(help="Rule book; the layout's own by default.")] = None,
    orders: OrdersOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the orders if none are given.")] = 0,
    tick_seconds: Annotated[float, typer.Option(help="Length of a tick.")] = 0.1,
    json_file: JsonOption = "-",
) -> None:
    """Play a file of joint actions; a JSON line for the start and for each action."""
    from brigade.envs.kitchen.rollout import read_actions, roll_out

    with bad_input():
        script = read_actions(actions)
        rows = roll_out(layout, script, rules=rules, orders=orders, seed=seed, tick_seconds=tick_seconds)
    write_json(json_file, rows)


@kitchen_app.command()
def check(
    file: Annotated[str, typer.Argument(help="A layout file, or the name of a map.")],
    json_file: JsonOption = None,
) -> None:
    """Check a layout: what is wrong and in which line, who reaches what, which dishes can be served."""
    from brigade.agents import layout_report
    from brigade.envs.kitchen import load_layout
    from brigade.envs.kitchen.authoring import analyse
    from rich.console import Console

    with bad_input():
        layout = load_layout(file)
        analysis = analyse(layout)
    layout_report.show(analysis, layout, Console(stderr=json_file == "-" or analysis.error is not None))
    write_json(json_file, analysis.to_dict())
    if analysis.error is not None:
        fail(f"{layout_report.place(analysis, analysis.error)}: {analysis.error.text}", BAD_INPUT)
    if json_file != "-":
        print(f"{layout.name}: {layout.width}x{layout.height}, {layout.cooks} cooks, rules {layout.rules}: fine")


@kitchen_app.command()
def generate(
    seed: Annotated[int, typer.Option(help="Another seed, another kitchen.")] = 0,
    difficulty: Annotated[float, typer.Option(help="From 0 to 1.")] = 0.5,
    cooks: Annotated[int, typer.Option(help="How many cook in it.")] = 2,
    rules: Annotated[str, typer.Option(help="Rule book.")] = "hla",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here instead of printing it.")] = None,
) -> None:
    """Make a layout of some difficulty; `--map generated:SEED:DIFFICULTY` plays it without a file."""
    from brigade.envs.kitchen.authoring.generate import generate as make
    from brigade.envs.kitchen.authoring.generate import head
    from brigade.envs.kitchen.authoring.written import as_yaml

    with bad_input():
        layout = make(seed, difficulty, cooks=cooks, rules=rules)
        text = as_yaml(layout, head(seed, difficulty, cooks, rules))
        if out is None:
            print(text, end="")
        else:
            out.write_text(text, encoding="utf-8")


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
        rates = bench(rounds, size, lambda numbers: track(numbers, "rounds", console=_stderr(), transient=True))
    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 130).print(table(rates))
    write_json(json_file, {"rates": [rate.to_dict() for rate in rates]})


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
    console = _stderr()
    names = slow.split(",") if slow else ["embedded", *benching.trained_models()]
    known = next((each for each in SPLITS if each == split), None)
    if known is None:
        fail(f"--split {split!r} is none of {', '.join(SPLITS)}", BAD_INPUT)
    with bad_input(), work(), _counting(console) as progress:
        lines = benching.bench(
            known, rows=rows, model_rows=model_rows, seed=seed, models=names, progress=progress,
            load=lambda name: _model(name, settings, console.print),
        )  # fmt: skip
    data = benching.to_json(lines, known, seed)
    from rich.console import Console

    for table in report.tables(data):
        Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 150).print(table)
    write_json(json_file, data)
    if plot is not None:
        with bad_input():
            report.plot(data, plot)


@contextmanager
def _counting(console: Any) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar, and what moves it: what is being done, how much is done, of how much."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        bar = progress.add_task("", total=None)

        def show(what: str, done: int, total: int) -> None:
            progress.update(bar, description=what, completed=done, total=total)

        yield show


from brigade.agents import cli_play  # noqa: E402  it uses what is defined above

cli_play.add_to(app, bench_app)

if __name__ == "__main__":
    main()
