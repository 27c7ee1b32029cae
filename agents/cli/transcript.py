"""The command that shows two whole sessions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from brigade.agents.cli.console import BAD_INPUT, fail, work

PARTS = ("assistant", "kitchen")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(transcript)


def transcript(
    part: Annotated[list[str] | None, typer.Argument(help="assistant or kitchen; both by default.")] = None,
) -> None:
    """Show a conversation with the assistant and two kitchen games from end to end, with real parts and fixed seeds."""
    import tempfile

    unknown = [name for name in part or () if name not in PARTS]
    if unknown:
        fail(f"transcript has no part {unknown[0]!r} (parts: {', '.join(PARTS)})", BAD_INPUT)
    from brigade.agents.sessions import transcript as sessions

    with work(), tempfile.TemporaryDirectory() as folder:
        for name in part or PARTS:
            print(f"## {name}\n", flush=True)
            for line in getattr(sessions, name)(Path(folder)):
                print(line.rstrip(), flush=True)
            print()
    sys.stdout.flush()
