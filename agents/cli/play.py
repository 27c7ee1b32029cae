"""Commands for people who cook: the game's server and studies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from brigade.agents.cli.console import BAD_INPUT, WORK_FAILED, bad_input, fail, load_minds, settings_from

if TYPE_CHECKING:
    from brigade.agents.graph import Minds
    from brigade.agents.sessions.play.serve import ServerSpec
    from brigade.agents.sessions.play.shelf import MindShelf

study_app = typer.Typer(no_args_is_help=True, help="Studies with people: check a study's file, export its results.")

RECORDS = Path("records/play")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(play)
    app.add_typer(study_app, name="study")


def play(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where pages are served; 0 for any free port.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for other machines too.")] = "127.0.0.1",
    origin: Annotated[
        list[str] | None, typer.Option(help="Address of the pages behind a proxy, such as https://kitchen.example.")
    ] = None,
    records: Annotated[Path, typer.Option(metavar="DIR", help="Where games are recorded.")] = RECORDS,
    study: Annotated[Path | None, typer.Option(metavar="FILE", help="Run the study in this YAML file.")] = None,
    slow: Annotated[str | None, typer.Option(help="Models offered for the Slow Mind, separated by commas.")] = None,
    fast: Annotated[str | None, typer.Option(help="Models offered for the Fast Mind, separated by commas.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Where the server of an openai: model is.")] = None,
    rooms: Annotated[int, typer.Option(min=1, max=1000, help="Games at a time.")] = 64,
    countdown: Annotated[float, typer.Option(min=0, max=60, help="Seconds before a game starts.")] = 3.0,
    knowledge: Annotated[
        str | None, typer.Option(metavar="BASE", help="Knowledge base: what is known, and remembered of the player.")
    ] = None,
    player: Annotated[str, typer.Option(help="Who plays here, for what is remembered.")] = "player",
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Keep agents' threads here: a file, or postgresql://...")
    ] = None,
    warm: Annotated[bool, typer.Option(help="Load the first models before anybody plays.")] = True,
) -> None:
    """Serve the game: cook with the agent, or with each other, in a browser."""
    from brigade.agents.sessions.play.serve import ServerSpec, names, serve
    from brigade.agents.sessions.play.shelf import MindShelf
    from brigade.agents.sessions.play.study.design import check, load_study
    from brigade.agents.sessions.web import listen

    settings = settings_from(slow=slow, fast=fast, base_url=base_url, knowledge=knowledge, database=database)
    shelf = MindShelf(_loader(settings), names(settings.slow), names(settings.fast))
    plan = None
    if study is not None:
        with bad_input():
            plan = load_study(study)
            _offer_models(shelf, plan)
            check(plan, shelf)
    spec = ServerSpec(
        host, port, tuple(origin or ()), records, plan, countdown, rooms, warm, settings.database, settings.knowledge,
        player,
    )  # fmt: skip
    with bad_input():
        records.mkdir(parents=True, exist_ok=True)
    try:
        listening = listen(host, port)
    except OSError as error:
        fail(error, WORK_FAILED)
    where = _address(spec, listening.getsockname()[1])
    with bad_input():
        serve(spec, shelf, listening, lambda: print(f"brigade: cooking at {where} (Ctrl-C ends)", flush=True))


def _loader(settings: Any) -> Any:
    """What loads minds by the names of their models, telling standard error what takes long."""

    def load(slow: str, fast: str) -> Minds:
        return load_minds(
            settings.model_copy(update={"slow": slow, "fast": fast}), lambda text: print(text, file=sys.stderr)
        )

    return load


def _offer_models(shelf: MindShelf, plan: Any) -> None:
    """Models that a study names are offered: its file is the operator's own."""
    for condition in plan.conditions:
        shelf.slow += (condition.slow,) if condition.slow and condition.slow not in shelf.slow else ()
        shelf.fast += (condition.fast,) if condition.fast and condition.fast not in shelf.fast else ()


def _address(spec: ServerSpec, port: int) -> str:
    host = "127.0.0.1" if spec.host in ("0.0.0.0", "") else spec.host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@study_app.command("check")
def study_check(file: Annotated[Path, typer.Argument(help="A study's YAML file.")]) -> None:
    """Check a study: says what is wrong, or what a participant goes through and in which orders."""
    from brigade.agents.sessions.play.shelf import MindShelf
    from brigade.agents.sessions.play.study.design import balanced, check, load_study, way

    with bad_input():
        plan = load_study(file)
        shelf = MindShelf(lambda slow, fast: _never())
        _offer_models(shelf, plan)
        check(plan, shelf)
    names = [condition.name for condition in plan.conditions]
    orders = balanced(len(names)) if plan.order == "balanced" else [tuple(range(len(names)))]
    for order in orders:
        print(" then ".join(names[index] for index in order))
    seconds = sum(game.duration for game in plan.games) * len(names) + (plan.practice.duration if plan.practice else 0)
    print(f"{file}: {len(way(plan, 0))} steps, {seconds:g} s of cooking, {len(orders)} orders of partners: fine")


def _never() -> Minds:
    raise AssertionError("checking a study loads no model")


@study_app.command("export")
def study_export(
    folder: Annotated[Path, typer.Argument(help="The --records folder of the study.")],
    jsonl: Annotated[Path | None, typer.Option(metavar="F", help="Everything, a JSON object a line.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="F", help="A line per game, with the answers about it.")] = None,
) -> None:
    """Export what participants did and answered."""
    from brigade.agents.sessions.play.study.export import to_csv, to_jsonl

    if jsonl is None and csv is None:
        fail("say where to: --jsonl F, --csv F, or both", BAD_INPUT)
    with bad_input():
        for file, write, what in ((jsonl, to_jsonl, "entries"), (csv, to_csv, "games")):
            if file is not None:
                with file.open("w", encoding="utf-8", newline="") as out:
                    print(f"{file}: {write(folder, out)} {what}")
