"""The command line: parse, call, print. What the commands do lives elsewhere and is imported when it is needed.

Exit status: 0 done, 1 the work failed, 2 bad usage or input; a failure is one line on standard error, without a
traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

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
    names = (Path(part.replace(":", "-")).stem for part in (spec.map, spec.agent, spec.partner))
    return folder / f"{'-'.join(names)}-{spec.seed}.jsonl"


def _minds(settings: Settings, tell: Any) -> Minds:
    """Both minds, each with a model of its own, so that slow thinking never holds up fast acting."""
    from brigade.agents.graph import Minds
    from brigade.agents.hierarchy.fast_mind import FastMind
    from brigade.agents.hierarchy.slow_mind import SlowMind
    from brigade.agents.models.endpoint import Budget

    budget = Budget(settings.max_calls, settings.max_tokens)
    minds = Minds(
        SlowMind(_model(settings.slow, settings, tell, budget)), FastMind(_model(settings.fast, settings, tell, budget))
    )
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
    speed: Annotated[float, typer.Option(min=0.1, help="Times faster than it was.")] = 4.0,
    watch: Annotated[bool | None, typer.Option(help="Play it in the terminal; by default if there is one.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Look at a session, and check that it replays to the same state at every tick."""
    from brigade.agents.sessions.playback import animate, narrate, to_gif
    from brigade.agents.sessions.record import RecordError, read_record
    from brigade.agents.sessions.record import replay as replay_record
    from rich.console import Console

    with bad_input():
        session = read_record(file)
    console = Console(stderr=json_file == "-")
    try:
        if gif is not None:
            with bad_input():
                frames = to_gif(session, gif, speed=speed)
            console.print(f"{gif}: {frames} frames")
        elif watch or (watch is None and sys.stdout.isatty() and json_file is None):
            animate(session, console, speed=speed)
        else:
            for line in narrate(session):
                console.print(line, highlight=False, soft_wrap=True)
        *_, (view, _) = replay_record(session)
    except RecordError as error:
        fail(error, WORK_FAILED)
    console.print(f"{file}: {session.ticks} ticks replay to the recorded state at every tick")
    write_json(
        json_file,
        {"ticks": session.ticks, "score": view.score, "served": view.served, "missed": view.missed, "identical": True},
    )


@kitchen_app.command()
def rollout(
    layout: Annotated[str, typer.Option(help="Map, layout file, or overcooked:NAME.")],
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
def check(file: Annotated[str, typer.Argument(help="A layout file, the name of a map, or overcooked:NAME.")]) -> None:
    """Check a layout: says what is wrong and in which line, or what it holds."""
    from brigade.envs.kitchen import load_layout

    with bad_input():
        layout = load_layout(file)
    for number, reach in enumerate(layout.reach, 1):
        print(f"cook {number} can walk to or use {len(reach)} of {layout.width * layout.height} squares")
    print(f"{layout.name}: {layout.width}x{layout.height}, {layout.cooks} cooks, rules {layout.rules}: fine")


if __name__ == "__main__":
    main()
