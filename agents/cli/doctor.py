"""The command that looks a machine over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import WORK_FAILED, JsonOption, settings_from, write_json

if TYPE_CHECKING:
    from brigade.agents.doctor import Finding

_MARKS = {"ok": "[green]ok[/]", "missing": "[yellow]missing[/]", "broken": "[red]broken[/]"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    think: Annotated[bool, typer.Option("--think", help="Also load the minds' models and time them.")] = False,
    json_file: JsonOption = None,
) -> None:
    """Check this machine: models, weights, database, browser, GPU; says what to do. Exit status 1 if one is broken."""
    from brigade.agents.doctor import examine
    from rich.console import Console
    from rich.table import Table

    settings = settings_from()
    found = list(examine(settings, think=think))
    table = Table("what", "state", "says", "to do", box=None)
    for each in found:
        table.add_row(each.what, _MARKS[each.state], _plain(each.says), _plain(each.todo))
    Console(stderr=json_file == "-").print(table)
    write_json(json_file, {"findings": [each.to_dict() for each in found], "ok": _sound(found)})
    if not _sound(found):
        raise typer.Exit(WORK_FAILED)


def _sound(found: list[Finding]) -> bool:
    return all(each.state != "broken" for each in found)


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
