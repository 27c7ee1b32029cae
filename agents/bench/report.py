"""What `brigade bench hla` shows and leaves behind: tables on a console; tables, figures and plots in a folder."""

from __future__ import annotations

import json
from pathlib import Path

from brigade.agents.bench.figures import to_json
from brigade.agents.bench.plots import plot_all
from brigade.agents.bench.tables import tables
from brigade.agents.bench.work import Outcome
from rich.console import Console

TABLES, SUMMARY = "tables.txt", "summary.json"
WIDTH = 170
"""Columns of the tables where there is no terminal."""


def show(outcome: Outcome, console: Console) -> None:
    """Print every table."""
    for table in tables(outcome):
        console.print(table)


def write(outcome: Outcome, folder: Path) -> list[Path]:
    """Write tables, figures and plots beside the results; returns the files.

    Raises:
        OSError: the folder cannot be written.
    """
    with (folder / TABLES).open("w", encoding="utf-8") as file:
        show(outcome, Console(file=file, width=WIDTH))
    (folder / SUMMARY).write_text(json.dumps(to_json(outcome), indent=2) + "\n", encoding="utf-8")
    return [folder / TABLES, folder / SUMMARY, *plot_all(outcome, folder)]
