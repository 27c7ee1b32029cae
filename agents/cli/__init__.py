"""The command line: parse, call, print. What the commands do lives elsewhere and is imported when it is needed."""

import os
import sys
from typing import Annotated

import typer
from brigade.agents.cli import (
    assistant,
    decomposing,
    doctor,
    episodes,
    know,
    know_gate,
    know_graph,
    plan,
    play,
    privacy,
    reasoning,
    student,
    transcript,
)
from brigade.agents.cli.bench import bench_app
from brigade.agents.cli.kitchen import kitchen_app
from brigade.agents.cli.train import train_app

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Agents that cook beside you."
)
episodes.add_to(app)
play.add_to(app)
assistant.add_to(app)
privacy.add_to(bench_app, train_app)
plan.add_to(app)
student.add_to(train_app, bench_app)
reasoning.add_to(app)
decomposing.add_to(bench_app, train_app)
doctor.add_to(app)
transcript.add_to(app)
bench_app.command("know")(know.bench)
know.know_app.command("graph")(know_graph.graph)
know_gate.add_to(train_app, bench_app)
app.add_typer(kitchen_app, name="kitchen")
app.add_typer(know.know_app, name="know")
app.add_typer(train_app, name="train")
app.add_typer(bench_app, name="bench")


@app.callback()
def _options(
    log_format: Annotated[
        str | None, typer.Option(metavar="json|text[:LEVEL]", help="Log what happens, without anybody's words.")
    ] = None,
) -> None:
    if log_format is not None:
        from brigade.agents.logs import LogsUnusable, set_up

        try:
            set_up(log_format)
        except LogsUnusable as error:
            print(f"brigade: --log-format: {error}", file=sys.stderr)
            raise typer.Exit(2) from None


def main() -> None:
    """Run the command line."""
    if os.environ.get("BRIGADE_LOG"):
        from brigade.agents.logs import LogsUnusable, set_up_from_environment

        try:
            set_up_from_environment()
        except LogsUnusable as error:
            print(f"brigade: {error}", file=sys.stderr)
            sys.exit(2)
    if os.environ.get("BRIGADE_TELEMETRY"):
        from brigade.agents.telemetry import TelemetryMissing, enable_from_environment

        try:
            enable_from_environment()
        except TelemetryMissing as error:
            print(f"brigade: {error}", file=sys.stderr)
            sys.exit(2)
    app()
