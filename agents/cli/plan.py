"""The command that shows a plan: who does what when, from a moment of an episode on."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from brigade.agents.cli.console import JsonOption, bad_input, write_json


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    map: Annotated[str, typer.Option("--map", help="Map or layout file.")] = "ring",
    partner: Annotated[str, typer.Option(help="script, chops, serves, blocks or idle.")] = "script",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the orders.")] = 0,
    at: Annotated[float, typer.Option(help="Seconds since the start.")] = 0.0,
    json_file: JsonOption = None,
) -> None:
    """Show the plan for all cooks at a moment: jobs of the open orders, and their schedule."""
    from brigade.agents.sessions import planned
    from rich.console import Console

    with bad_input():
        found = planned.plan_at(map, partner=partner, seed=seed, at=at)
    Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 100).print(planned.table(found))
    write_json(json_file, planned.to_json(found))
