"""`brigade train gate` and `brigade bench retrieval`: when to look lessons up, and how well they are found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import JsonOption, bad_input, counting, work, write_json
from brigade.agents.cli.know import encoder_or_fail, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brigade.knowledge.bench.gating import Accuracy, Recall
    from rich.table import Table

DenseOption = Annotated[bool, typer.Option(help="Also search by meaning, with the small encoder.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of the halves, the lessons' histories and the questions.")]


def add_to(train: typer.Typer, bench: typer.Typer) -> None:
    """Add these commands."""
    train.command("gate")(train_gate)
    bench.command("retrieval")(bench_retrieval)


def train_gate(
    dense: DenseOption = False,
    out: Annotated[Path | None, typer.Option(metavar="F.json", help="Keep the weights here.")] = None,
    seed: SeedOption = 0,
    json_file: JsonOption = None,
) -> None:
    """Fit the gate of retrieval on labelled questions; its accuracy is on topics that it was not fitted on."""
    from dataclasses import asdict

    from brigade.knowledge.bench.gating import fit
    from brigade.knowledge.retrieval.dense import Remembering

    encoder = Remembering(encoder_or_fail()) if dense else None
    with work(), counting() as progress:
        fitted = fit(seed, encoder, progress)
    stdout(json_file).print(_accuracies(fitted.shares))
    shown = ", ".join(f"{weight:.3f}" for weight in fitted.gate.weights)
    stdout(json_file).print(f"weights ({shown}), bias {fitted.gate.bias:.3f}, fitted on {fitted.trained_on} questions")
    shares = [share.to_dict() for share in fitted.shares]
    write_json(json_file, {"gate": asdict(fitted.gate), "n": fitted.trained_on, "held_out": shares, "seed": seed})
    if out is not None:
        with bad_input():
            fitted.gate.save(out)


def _accuracies(shares: Sequence[Accuracy]) -> Table:
    from rich.table import Table

    table = Table("", "right", "95 %", "against by hand", "95 %", "lessons used", title="On topics not fitted on")
    for each in shares:
        table.add_row(
            each.way, f"{each.right / each.count:.1%}", f"{each.low:.1%} to {each.high:.1%}", f"{each.gain:+.1%}",
            f"{each.gain_low:+.1%} to {each.gain_high:+.1%}", f"{each.used} of {each.count}",
        )  # fmt: skip
    return table


def bench_retrieval(
    dense: DenseOption = False,
    beside: Annotated[int, typer.Option(min=0, help="Lessons about other things, among which they are found.")] = 2000,
    seed: SeedOption = 0,
    json_file: JsonOption = None,
) -> None:
    """How often paraphrased questions find their lesson: by words and tags, and by meaning too."""
    from brigade.knowledge.bench.gating import recall

    encoder = encoder_or_fail() if dense else None
    with work():
        found = recall(encoder, beside, seed=seed)
    stdout(json_file).print(_recalls(found, beside))
    rows = [{**each.to_dict(), "interval": _interval(each)} for each in found]
    write_json(json_file, {"beside": beside, "seed": seed, "recall": rows})


def _interval(each: Recall) -> tuple[float, float]:
    from brigade.agents.reasoning.lmulator.bench.families import wilson

    return wilson(each.found, each.count)


def _recalls(found: Sequence[Recall], beside: int) -> Table:
    from rich.table import Table

    table = Table("search", "among the first", "found", "95 % (Wilson)", title=f"Lessons found among {beside} others")
    for each in found:
        low, high = _interval(each)
        shown = f"{each.found} of {each.count}, {each.found / each.count:.0%}"
        table.add_row(each.way, str(each.at), shown, f"{low:.0%} to {high:.0%}")
    return table
