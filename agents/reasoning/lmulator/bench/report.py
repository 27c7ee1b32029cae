"""The measurements as tables and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brigade.agents.reasoning.lmulator.bench.accuracy import Score
from brigade.agents.reasoning.lmulator.bench.families import SecondRun, wilson
from brigade.agents.reasoning.lmulator.bench.overhead import PEER, Timing
from rich.table import Table


def accuracy_table(scores: Sequence[Score], model: str, seed: int) -> Table:
    """A row a variant (and a writer of programs), a column a family."""
    families = list(dict.fromkeys(score.family for score in scores))
    count = scores[0].count
    title = f"Share right, model {model}, programs {scores[0].writer}, {count} questions a family, seed {seed}"
    table = Table(title=title, title_justify="left")
    table.add_column("variant")
    for family in (*families, "all (95 %)", "calls", "tokens"):
        table.add_column(family.replace("_", " "), justify="right")
    for name, own in _lines(scores).items():
        cells = [f"{score.right / score.count:.0%}" for score in own]
        right, whole, low, high = _whole(own)
        sums = (sum(score.calls for score in own), sum(score.tokens for score in own))
        table.add_row(name, *cells, f"{right / whole:.0%} ({low:.0%} to {high:.0%})", *map(str, sums))
    return table


def _lines(scores: Sequence[Score]) -> dict[str, list[Score]]:
    """The scores of each variant with each writer, by a name that tells them apart."""
    lines: dict[str, list[Score]] = {}
    for score in scores:
        by = "" if score.writer == scores[0].writer else f", programs {score.writer}"
        lines.setdefault(f"{score.variant}{by}", []).append(score)
    return lines


def _whole(scores: Sequence[Score]) -> tuple[int, int, float, float]:
    """Right and counted over all families, with the interval of the share."""
    right, whole = sum(score.right for score in scores), sum(score.count for score in scores)
    return right, whole, *wilson(right, whole)


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
    lines = dict(reversed(_lines(scores).items()))
    for row, own in enumerate(lines.values()):
        right, whole, low, high = _whole(own)
        share = right / whole
        axes.barh(row, share, color="tab:blue", alpha=0.8)
        axes.errorbar(share, row, xerr=[[share - low], [high - share]], color="black", capsize=3)
    axes.set_yticks(range(len(lines)), list(lines))
    axes.set_xlim(0, 1)
    axes.set_xlabel("share right (95 % interval)")
    figure.savefig(file, dpi=150)
