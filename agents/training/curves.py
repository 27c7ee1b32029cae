"""Loss curves as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


def plot_losses(history: Sequence[Mapping[str, float]], file: Path) -> None:
    """Training and validation loss by step, from a trainer's log, as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    for key, label in (("loss", "training"), ("eval_loss", "validation")):
        points = [(entry["step"], entry[key]) for entry in history if key in entry]
        if points:
            axes.plot(*zip(*points, strict=True), marker="o" if key == "eval_loss" else None, markersize=3, label=label)
    axes.set_xlabel("step")
    axes.set_ylabel("loss (nats)")
    axes.legend()
    figure.savefig(file, dpi=120)


def plot_rewards(rows: Sequence[Mapping[str, float]], file: Path, window: int = 5) -> None:
    """Mean reward, gain, terms and share of refused plans by step of policy gradient, as a PNG.

    Args:
        rows: a mapping a step, with `step` and what to plot.
        file: where the picture goes.
        window: steps that are averaged, since a step has few plans.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.8), layout="constrained")
    axes = figure.subplots()
    for key in dict.fromkeys(key for row in rows for key in row if key != "step"):
        points = [(row["step"], row[key]) for row in rows if key in row]
        smooth = [
            (
                points[end][0],
                sum(value for _, value in points[max(0, end - window + 1) : end + 1]) / min(window, end + 1),
            )
            for end in range(len(points))
        ]
        axes.plot(*zip(*smooth, strict=True), linewidth=2 if key in ("reward", "gain") else 1, label=key)
    axes.set_xlabel("step")
    axes.set_ylabel(f"mean over {window} steps")
    axes.legend(fontsize=7, ncols=2)
    figure.savefig(file, dpi=120)
