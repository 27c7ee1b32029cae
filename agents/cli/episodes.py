"""Commands about episodes: play them, look at them, ask what a message means."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import (
    WORK_FAILED,
    BaseUrlOption,
    EngineOption,
    JsonOption,
    MapOption,
    OrdersOption,
    SlowOption,
    bad_input,
    counting,
    engine_from,
    fail,
    load_minds,
    load_named,
    progress_bar,
    settings_from,
    stderr,
    work,
    write_json,
)

if TYPE_CHECKING:
    from brigade.agents.sessions.episode import EpisodeResult, EpisodeSpec
    from brigade.agents.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (run, intent, replay):
        app.command()(command)


def run(
    map: MapOption = "ring",
    agent: Annotated[
        str,
        typer.Option(help="hla[-plan], smoa, fmoa, nea, script, planner, random, idle, commander[:FILE]; or several."),
    ] = "hla",
    partner: Annotated[str, typer.Option(help="As agent; or several.")] = "commander",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes of each combination, with seeds one apart.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first episode.")] = 0,
    clock: Annotated[str, typer.Option(help="simulated or real.")] = "simulated",
    rules: Annotated[str | None, typer.Option(help="Rule book; the layout's own by default.")] = None,
    slow: SlowOption = None,
    fast: Annotated[str | None, typer.Option(help="Model of the Fast Mind (embedded:fast-mind).")] = None,
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
    knowledge: Annotated[
        str | None, typer.Option(metavar="BASE", help="Knowledge base: what is known, and remembered of the player.")
    ] = None,
    player: Annotated[str, typer.Option(help="Who the partner is, for what is remembered of them.")] = "player",
    workers: Annotated[int, typer.Option(min=1, help="Episodes at once, each in a process of its own.")] = 1,
    engine: EngineOption = "local",
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the scores, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """Play scripted episodes and compare the agents in a table."""
    settings = settings_from(
        slow=slow, fast=fast, base_url=base_url, latency=latency, duration=duration, pace=pace,
        tick_seconds=tick_seconds, max_calls=max_calls, max_tokens=max_tokens, timeout=timeout, retries=retries,
        knowledge=knowledge,
    )  # fmt: skip
    specs = _specs(settings, map, agent, partner, range(seed, seed + episodes), clock, rules, player)
    if workers == 1 and engine == "local":
        results = _play(specs, settings, record)
    else:
        results = _farm_out(specs, settings, record, workers, engine)
    from brigade.agents.sessions import report
    from rich.console import Console

    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 130).print(report.table(results))
    write_json(json_file, report.to_json(results))
    if plot is not None:
        with bad_input():
            report.plot(results, plot)


def _specs(
    settings: Settings,
    maps: str,
    agents: str,
    partners: str,
    seeds: range,
    clock: str,
    rules: str | None,
    player: str,
) -> list[EpisodeSpec]:
    from brigade.agents.sessions.episode import EpisodeSpec
    from brigade.agents.sessions.keeping import remembering

    specs = [
        EpisodeSpec(
            map=map_, agent=agent, partner=partner, seed=seed, rules=rules, clock=clock,
            latency=settings.latency, tick_seconds=settings.tick_seconds, pace=settings.pace,
            duration=settings.duration, slow=settings.slow, fast=settings.fast,
            player=player, knowledge=settings.knowledge,
        )
        for map_ in maps.split(",") for agent in agents.split(",") for partner in partners.split(",") for seed in seeds
    ]  # fmt: skip
    with bad_input():
        for spec in specs:
            spec.check()
        with remembering(player, settings.knowledge):
            pass  # it can be opened
    return specs


def _play(specs: list[EpisodeSpec], settings: Settings, record: Path | None) -> list[EpisodeResult]:
    from brigade.agents.sessions.episode import run_episode

    results = []
    with work(), progress_bar() as progress:
        minds = load_minds(settings, progress.console.print) if any(spec.thinks for spec in specs) else None
        bar = progress.add_task("", total=None)
        for spec in specs:
            label = f"{spec.map}, {spec.agent} with {spec.partner}, seed {spec.seed}"

            def show(tick: int, total: int, label: str = label) -> None:
                if tick % 10 == 0 or tick == total:
                    progress.update(bar, description=label, completed=tick, total=total)

            results.append(run_episode(spec, minds, _record_file(record, spec), show))
    return results


def _farm_out(
    specs: list[EpisodeSpec], settings: Settings, record: Path | None, workers: int, engine: str
) -> list[EpisodeResult]:
    from brigade.agents.sessions.farming import EpisodeTask, Reach, play_all

    farm = engine_from(engine)
    with bad_input():
        reach = Reach.of(settings)
    tasks = [EpisodeTask(spec, reach, _record_file(record, spec)) for spec in specs]
    results: dict[int, EpisodeResult] = {}
    with work(), counting() as show:
        show("episodes", 0, len(tasks))
        for number, result in play_all(tasks, farm, workers):
            results[number] = result
            show("episodes", len(results), len(tasks))
    return [results[number] for number in sorted(results)]


def _record_file(folder: Path | None, spec: EpisodeSpec) -> Path | None:
    if folder is None:
        return None
    parts = (spec.map, spec.agent, spec.partner)
    files = (Path(part).with_suffix("").name if Path(part).is_file() else part for part in parts)
    names = (Path(part.replace(":", "-")).name.removesuffix(".yaml") for part in files)
    return folder / f"{'-'.join(names)}-{spec.seed}.jsonl"


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
    from brigade.agents.sessions.understand import read_questions, understand_all

    settings = settings_from(slow=slow, base_url=base_url)
    with bad_input():
        questions = read_questions(message, orders, map, file)
    console = stderr()
    with work():
        intents = understand_all(questions, lambda: load_named(settings.slow, settings, console.print), lexicon=lexicon)
    if json_file is None:
        json_file = "-"
    if file is None:
        write_json(json_file, intents[0])
    else:
        write_json(json_file, iter(intents))


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
