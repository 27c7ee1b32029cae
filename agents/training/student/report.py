"""What was learned, and what it is worth, as tables and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brigade.agents.reasoning.lmulator.bench.families import wilson
from brigade.agents.training.student.loop import Learned
from brigade.agents.training.student.measuring import Share
from rich.table import Table


def rounds_table(learned: Learned) -> Table:
    """A row a round: how the student did before its lessons, and what became of the new ones."""
    table = Table(title="Rounds on questions to learn from", title_justify="left")
    for name in ("family", "round", "questions", "alone", "with lessons so far", "new lessons"):
        table.add_column(name, justify="left" if name in ("family", "new lessons") else "right")
    for each in learned.rounds:
        said = "\n".join(f"{author}: {status}, {reason}" for author, status, reason in each.verdicts) or "none needed"
        table.add_row(
            each.family, str(each.number + 1), str(each.questions), str(each.alone), str(each.helped), said
        )  # fmt: skip
    return table


def shares_table(shares: Sequence[Share], student: str) -> Table:
    """A row a way, a column a family."""
    families = list(dict.fromkeys(share.family for share in shares))
    title = f"Share right on held-out questions (95 % Wilson), student {student}"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for family in (*families, "all", "turned right / wrong", "looked up"):
        table.add_column(family.replace("_", " "), justify="right")
    for way in dict.fromkeys(share.way for share in shares):
        own = [share for share in shares if share.way == way]
        right, whole = sum(share.right for share in own), sum(share.count for share in own)
        changed = f"{sum(share.flips for share in own)} / {sum(share.breaks for share in own)}"
        looked_up = f"{sum(share.looked_up for share in own) / whole:.0%}"
        cells = [_cell(share.right, share.count) for share in own]
        table.add_row(way, *cells, _cell(right, whole), changed, looked_up)
    counts = {share.family: share.count for share in shares}
    table.add_row("n", *(str(counts[family]) for family in families), str(sum(counts.values())), "", "")
    return table


def _cell(right: int, count: int) -> str:
    low, high = wilson(right, count)
    return f"{right / count:.0%} ({low:.0%} to {high:.0%})"


def plot(shares: Sequence[Share], file: Path) -> None:
    """Share right of each way by family, with its interval, as a PNG. Raises OSError if it cannot be written."""
    from matplotlib.figure import Figure

    families = list(dict.fromkeys(share.family for share in shares))
    ways = list(dict.fromkeys(share.way for share in shares))
    figure = Figure(figsize=(2 + 1.7 * len(families), 4), layout="constrained")
    axes = figure.subplots()
    width = 0.84 / len(ways)
    for number, way in enumerate(ways):
        own = {share.family: share for share in shares if share.way == way}
        at = [index + (number - (len(ways) - 1) / 2) * width for index in range(len(families))]
        means = [own[family].right / own[family].count for family in families]
        errors = [own[family].interval for family in families]
        below = [max(0.0, mean - low) for mean, (low, _) in zip(means, errors, strict=True)]
        above = [max(0.0, high - mean) for mean, (_, high) in zip(means, errors, strict=True)]
        axes.bar(at, means, width * 0.9, yerr=[below, above], capsize=2, label=way)
    axes.set_xticks(range(len(families)), [family.replace("_", "\n") for family in families])
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("share right (95 % interval)")
    axes.legend(fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, 1.18))
    figure.savefig(file, dpi=120)
