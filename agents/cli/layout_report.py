"""An analysis of a kitchen as a person reads it on a terminal."""

from __future__ import annotations

from brigade.envs.kitchen import Layout
from brigade.envs.kitchen.authoring import Analysis, Finding
from rich.console import Console
from rich.markup import escape
from rich.table import Table

COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def show(analysis: Analysis, layout: Layout, console: Console) -> None:
    """Print the grid, who reaches what, what can be served, and the findings."""
    marked = {finding.line for finding in analysis.findings if finding.column is not None}
    for line, row in enumerate(layout.grid.splitlines(), layout.first_line):
        console.print(f"{line:5} {'>' if line in marked else ' '} {row}", highlight=False, markup=False)
    console.print(_stations(analysis), _dishes(analysis))
    for group in analysis.chokepoints:
        console.print("chokepoint: " + ", ".join(f"row {each.row} column {each.column}" for each in group))
    if analysis.walking is not None:
        console.print(f"a dish takes {analysis.walking:.1f} squares of walking and {analysis.turns:.0f} turns in all")
    for finding in analysis.findings:
        colour = COLOURS[finding.level]
        where = place(analysis, finding)
        text = f"{escape(where)}: [{colour}]{finding.level}[/]: {escape(finding.text)} ({finding.kind})"
        console.print(text, highlight=False, soft_wrap=True)


def place(analysis: Analysis, finding: Finding) -> str:
    """Where a finding is: file, line, column of the grid."""
    column = f": column {finding.column}" if finding.column is not None else ""
    return f"{analysis.source}:{finding.line}{column}"


def _stations(analysis: Analysis) -> Table:
    """How many of each station there are, and how many of them each cook reaches."""
    table = Table("station", "in all", *(f"cook {number + 1}" for number in range(analysis.cooks)))
    kinds = dict.fromkeys(each.what for each in analysis.stations)
    rows = [(kind, [each for each in analysis.stations if each.what == kind]) for kind in kinds]
    for kind, places in [*rows, ("hand-over counter", list(analysis.hand_overs))]:
        reached = (sum(number + 1 in each.cooks for each in places) for number in range(analysis.cooks))
        table.add_row(kind, str(len(places)), *map(str, reached))
    table.add_row("floor", "", *map(str, analysis.floor))
    return table


def _dishes(analysis: Analysis) -> Table:
    table = Table("dish", "of", "can be served by")
    for dish in analysis.dishes:
        alone = " or ".join(f"cook {number}" for number in dish.alone)
        who = (alone or "all together") if dish.served else f"nobody: {dish.reason}"
        table.add_row(escape(dish.name), ", ".join(dish.pieces), escape(who))
    return table
