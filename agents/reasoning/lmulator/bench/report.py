"""The measurements as tables and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brigade.agents.reasoning.lmulator.bench.families import Score, SecondRun, wilson
from brigade.agents.reasoning.lmulator.bench.overhead import PEER, Timing
from rich.table import Table


def accuracy_table(scores: Sequence[Score], model: str, writer: str, seed: int) -> Table:
    """A row a variant, a column a family."""
    families = list(dict.fromkeys(score.family for score in scores))
    count = scores[0].count
    title = f"Share right, model {model}, programs of {writer}, {count} questions a family, seed {seed}"
    table = Table(title=title, title_justify="left")
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
    """A row a family, and one of all."""
    table = Table(title="Model calls of a second run: the same questions, and as many others", title_justify="left")
    for name in ("family", "questions", "first", "second", "saved", "same answers", "others alone", "others", "saved"):
        table.add_column(name, justify="left" if name == "family" else "right")
    for run in (*runs, _all(runs)):
        data = run.to_dict()
        table.add_row(
            run.family.replace("_", " "), str(run.count), str(run.first_calls), str(run.second_calls),
            f"{data['saved']:.0%}" if run.first_calls else "none asked", "yes" if run.same_answers else "no",
            str(run.other_alone), str(run.other_calls),
            f"{data['other_saved']:.0%}" if run.other_alone else "none asked",
        )  # fmt: skip
    return table


def _all(runs: Sequence[SecondRun]) -> SecondRun:
    return SecondRun(
        "all", sum(run.count for run in runs), sum(run.first_calls for run in runs),
        sum(run.second_calls for run in runs), all(run.same_answers for run in runs),
        sum(run.other_calls for run in runs), sum(run.other_alone for run in runs),
    )  # fmt: skip


def overhead_table(timings: Sequence[Timing]) -> Table:
    """A row a measurement; a program's also as a multiple of the peer's, if the peer is there."""
    peer = next((timing for timing in timings if timing.what == PEER), None)
    table = Table(title="Milliseconds, in turns in one process", title_justify="left")
    for name in ("what", "p50", "p95", "cpu", "n", "p50 / peer", "cpu / peer"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for timing in timings:
        cpu = "" if timing.cpu is None else f"{timing.cpu:.3f}"
        ratios = ("", "")
        if peer is not None and peer.cpu and timing.cpu is not None:
            ratios = (f"{timing.p50 / peer.p50:.2f}", f"{timing.cpu / peer.cpu:.2f}")
        table.add_row(timing.what, f"{timing.p50:.3f}", f"{timing.p95:.3f}", cpu, str(timing.count), *ratios)
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
