"""The measurements as tables and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brigade.agents.reasoning.lmulator.bench.families import Score, SecondRun, wilson
from brigade.agents.reasoning.lmulator.bench.overhead import Timing
from rich.table import Table


def accuracy_table(scores: Sequence[Score], model: str, seed: int) -> Table:
    """A row a variant, a column a family."""
    families = list(dict.fromkeys(score.family for score in scores))
    count = scores[0].count
    table = Table(title=f"Share right, model {model}, {count} questions a family, seed {seed}", title_justify="left")
    table.add_column("variant")
    for family in (*families, "all (95 %)", "calls"):
        table.add_column(family.replace("_", " "), justify="right")
    for variant in dict.fromkeys(score.variant for score in scores):
        own = [score for score in scores if score.variant == variant]
        right, whole = sum(score.right for score in own), sum(score.count for score in own)
        low, high = wilson(right, whole)
        cells = [f"{score.right / score.count:.0%}" for score in own]
        total = f"{right / whole:.0%} ({low:.0%} to {high:.0%})"
        table.add_row(variant, *cells, total, str(sum(score.calls for score in own)))
    return table


def second_table(runs: Sequence[SecondRun]) -> Table:
    """A row a family."""
    table = Table(title="Model calls of a second run", title_justify="left")
    for name in ("family", "questions", "first", "second", "saved", "same answers"):
        table.add_column(name, justify="left" if name == "family" else "right")
    for run in runs:
        data = run.to_dict()
        table.add_row(
            run.family.replace("_", " "), str(run.count), str(run.first_calls), str(run.second_calls),
            f"{data['saved']:.0%}" if run.first_calls else "none asked", "yes" if run.same_answers else "no",
        )  # fmt: skip
    return table


def overhead_table(timings: Sequence[Timing]) -> Table:
    """A row a measurement."""
    table = Table(title="Milliseconds, in turns in one process", title_justify="left")
    for name in ("what", "p50", "p95", "cpu", "n"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for timing in timings:
        cpu = "" if timing.cpu is None else f"{timing.cpu:.3f}"
        table.add_row(timing.what, f"{timing.p50:.3f}", f"{timing.p95:.3f}", cpu, str(timing.count))
    return table


def plot(scores: Sequence[Score], file: Path) -> None:
    """Share right of each variant over all families, with its interval, as a PNG.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    variants = list(dict.fromkeys(score.variant for score in scores))[::-1]
    for row, variant in enumerate(variants):
        right = sum(score.right for score in scores if score.variant == variant)
        whole = sum(score.count for score in scores if score.variant == variant)
        low, high = wilson(right, whole)
        share = right / whole
        axes.barh(row, share, color="tab:blue", alpha=0.8)
        axes.errorbar(share, row, xerr=[[share - low], [high - share]], color="black", capsize=3)
    axes.set_yticks(range(len(variants)), variants)
    axes.set_xlim(0, 1)
    axes.set_xlabel("share right (95 % interval)")
    figure.savefig(file, dpi=150)
