"""What was learned in the kitchen, and what it is worth, as tables and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from brigade.agents.sessions.report import mean_interval
from brigade.agents.training.student.kitchen.loop import KitchenLearned
from brigade.agents.training.student.kitchen.measuring import KitchenScores
from brigade.agents.training.student.measuring import ALONE
from rich.table import Table


def verdicts_table(learned: KitchenLearned) -> Table:
    """A row a lesson that was proposed."""
    title = f"Lessons from {learned.comparisons} compared decisions"
    table = Table(title=title, title_justify="left")
    for name in ("lesson", "became", "in kitchens of the validation split"):
        table.add_column(name)
    for said, status, reason in learned.verdicts:
        table.add_row(said, status, reason)
    return table


def scores_table(scores: Sequence[KitchenScores]) -> Table:
    """A row a way."""
    count = len(scores[0].scores)
    table = Table(
        title=f"Score of an episode in unseen kitchens, {count} episodes (95 % bootstrap)", title_justify="left"
    )
    for name in ("", "lessons", "score", "gain over alone", "better / worse", "decisions changed"):
        table.add_column(name, justify="right" if name else "left")
    for each in scores:
        data = each.to_dict()
        low, high = data["score_ci95"] or (0.0, 0.0)
        down, up = data["gain_ci95"] or (0.0, 0.0)
        gain = "" if each.way == ALONE else f"{data['gain_mean']:+.2f} ({down:+.2f} to {up:+.2f})"
        table.add_row(
            each.way, str(each.lessons), f"{data['score_mean']:.1f} ({low:.1f} to {high:.1f})", gain,
            f"{data['better']} / {data['worse']}", str(each.changed),
        )  # fmt: skip
    return table


def plot(scores: Sequence[KitchenScores], file: Path) -> None:
    """Gains over the student alone, with their intervals, as a PNG. Raises OSError if it cannot be written."""
    from matplotlib.figure import Figure

    others = [each for each in scores if each.way != ALONE][::-1]
    figure = Figure(figsize=(6, 2.6), layout="constrained")
    axes = figure.subplots()
    for row, each in enumerate(others):
        mean = float(np.mean(each.differences))
        low, high = mean_interval(each.differences) or (mean, mean)
        axes.errorbar(mean, row, xerr=[[mean - low], [high - mean]], fmt="o", color="tab:blue", capsize=3)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(others)), [each.way for each in others])
    axes.set_xlabel("points an episode over the student alone (95 % interval)")
    figure.savefig(file, dpi=120)
