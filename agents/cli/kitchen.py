"""Commands about the kitchen without agents: roll out actions, check and generate layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from brigade.agents.cli.console import BAD_INPUT, JsonOption, OrdersOption, bad_input, fail, write_json

kitchen_app = typer.Typer(no_args_is_help=True, help="The kitchen without agents: roll out actions, check layouts.")


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
    from brigade.agents.cli import layout_report
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
