"""The contest as tables, JSON and a plot; differences are of the same questions, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from brigade.agents.reasoning.decomposer.bench.contest import DIRECT, Result, shares
from brigade.agents.reasoning.lmulator.bench.families import wilson
from rich.table import Table

DRAWS = 4000
SURE = 0.9
"""Share right from which a solver needs no help, and must not be harmed."""


def difference(
    results: Sequence[Result], team: str, one: str, other: str, family: str | None = None
) -> tuple[float, float, float] | None:
    """How much more often `one` is right than `other` on the same questions: mean, and a 95 % bootstrap interval.

    None where either did not answer there.
    """

    def rights(contestant: str) -> dict[tuple[str, str], bool]:
        return {
            (row.family, row.question): row.right
            for row in results
            if row.team == team and row.contestant == contestant and family in (None, row.family)
        }

    first, second = rights(one), rights(other)
    if not first or first.keys() != second.keys():
        return None
    gains = np.array([float(first[key]) - float(second[key]) for key in first])
    dice = np.random.default_rng(0)
    means = gains[dice.integers(0, len(gains), (DRAWS, len(gains)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(gains.mean()), float(low), float(high)


def tables(results: Sequence[Result], held_out: Sequence[str], title: str) -> list[Table]:
    """For each solver a table: a row a contestant, a column a family; then gains over the solver alone."""
    return [_table(results, team, held_out, title) for team in dict.fromkeys(row.team for row in results)]


def _table(results: Sequence[Result], team: str, held_out: Sequence[str], title: str) -> Table:
    own = [row for row in results if row.team == team]
    families = list(dict.fromkeys(row.family for row in own))
    count = len(own) // len(families) // len(dict.fromkeys(row.contestant for row in own))
    table = Table(title=f"Share right, solver {team}, {count} questions a family{title}", title_justify="left")
    table.add_column("contestant")
    for family in families:
        table.add_column(family.replace("_", " ") + ("*" if family in held_out else ""), justify="right")
    for name in ("all (95 %)", "over direct (95 %)", f"where direct is {SURE:.0%} right", "calls", "tokens", "refused"):
        table.add_column(name, justify="right")
    each = shares(own, lambda row: (row.contestant, row.family))
    whole = shares(own, lambda row: (row.contestant,))
    for (contestant,), share in whole.items():
        cells = [_percent(each, contestant, family) for family in families]
        low, high = wilson(share.right, share.count)
        gain = difference(own, team, contestant, DIRECT)
        over = f"{100 * gain[0]:+.0f} ({100 * gain[1]:+.0f} to {100 * gain[2]:+.0f})" if gain else ""
        total = f"{share.right / share.count:.0%} ({low:.0%} to {high:.0%})"
        costs = (f"{share.calls:.1f}", f"{share.tokens:.0f}", f"{share.refused:.0%}")
        table.add_row(contestant, *cells, total, over, _kept(own, team, contestant), *costs)
    return table


def _kept(results: Sequence[Result], team: str, contestant: str) -> str:
    """Points over the solver alone in families that it is good at by itself."""
    good = good_alone(results)
    rows = [row for row in results if row.family in good]
    gain = difference(rows, team, contestant, DIRECT) if rows else None
    return f"{100 * gain[0]:+.0f} ({100 * gain[1]:+.0f} to {100 * gain[2]:+.0f})" if gain else ""


def good_alone(results: Sequence[Result]) -> list[str]:
    """The families of which a solver alone solves at least nine tenths."""
    alone = shares([row for row in results if row.contestant == DIRECT], lambda row: (row.family,))
    return [family for (family,), share in alone.items() if share.right >= SURE * share.count]


def _percent(each: Any, contestant: str, family: str) -> str:
    share = each.get((contestant, family))
    return "" if share is None else f"{share.right / share.count:.0%}"


def to_json(results: Sequence[Result], pairs: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Every share with its interval, and the differences of pairs of contestants by family."""
    rows: list[dict[str, Any]] = []
    for (team, contestant, family), share in shares(
        results, lambda row: (row.team, row.contestant, row.family)
    ).items():
        low, high = wilson(share.right, share.count)
        row = {"solver": team, "contestant": contestant, "family": family, "right": share.right, "n": share.count}
        row |= {"accuracy": share.right / share.count, "low": low, "high": high}
        rows.append(row | {"calls": share.calls, "tokens": share.tokens, "refused": share.refused})
    return {"shares": rows, "differences": [row for pair in pairs for row in _differences(results, *pair)]}


def _differences(results: Sequence[Result], one: str, other: str) -> list[dict[str, Any]]:
    rows = []
    for team in dict.fromkeys(row.team for row in results):
        families: list[str | None] = [None, *dict.fromkeys(row.family for row in results if row.team == team)]
        for family in families:
            found = difference(results, team, one, other, family)
            if found is not None:
                names = {"solver": team, "of": one, "over": other, "family": family or "all"}
                rows.append(names | dict(zip(("mean", "low", "high"), found, strict=True)))
    return rows


def pairs_of(names: Sequence[str]) -> list[tuple[str, str]]:
    """Which decomposers are compared with which: each with itself before policy gradient."""
    pairs = [(name, "start" if name == "trained" else f"{name}-start") for name in names]
    return [pair for pair in pairs if pair[1] in names]


def difference_table(results: Sequence[Result], one: str, other: str) -> Table:
    """How much better one contestant is than another, by family."""
    table = Table(title=f"{one} over {other}, points (95 %)", title_justify="left")
    for name in ("solver", "family", "points"):
        table.add_column(name)
    for row in _differences(results, one, other):
        text = f"{100 * row['mean']:+.0f} ({100 * row['low']:+.0f} to {100 * row['high']:+.0f})"
        table.add_row(row["solver"], row["family"].replace("_", " "), text)
    return table


def plot(results: Sequence[Result], file: Path) -> None:
    """Share right of each contestant over all families, one panel a solver, as a PNG.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.figure import Figure

    teams = list(dict.fromkeys(row.team for row in results))
    figure = Figure(figsize=(7, 1.2 + 2 * len(teams)), layout="constrained")
    for axes, team in zip(np.atleast_1d(figure.subplots(len(teams), 1)), teams, strict=True):
        whole = shares([row for row in results if row.team == team], lambda row: (row.contestant,))
        names = [key[0] for key in whole][::-1]
        for place, name in enumerate(names):
            share = whole[(name,)]
            low, high = wilson(share.right, share.count)
            value = share.right / share.count
            axes.barh(place, value, color="tab:blue", alpha=0.8)
            axes.errorbar(value, place, xerr=[[value - low], [high - value]], color="black", capsize=3)
        axes.set_yticks(range(len(names)), names)
        axes.set_xlim(0, 1)
        axes.set_title(f"solver {team}", fontsize=9)
    figure.savefig(file, dpi=150)
