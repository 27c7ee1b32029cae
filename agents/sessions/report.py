"""What a set of episodes shows: the JSON of the command line's contract, a table, and a plot.

Intervals are 95 % percentile bootstrap intervals of the mean (10,000 resamples, fixed seed), which assume nothing
about how scores are distributed; with fewer than two episodes there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from brigade.agents.sessions.episode import EpisodeResult
from rich.table import Table

RESAMPLES = 10_000


def mean_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % bootstrap interval of the mean; None with fewer than two values."""
    if len(values) < 2:
        return None
    sample = np.asarray(values, dtype=float)
    drawn = np.random.RandomState(0).randint(len(sample), size=(RESAMPLES, len(sample)))
    low, high = np.percentile(sample[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def summary(results: Sequence[EpisodeResult]) -> dict[str, Any]:
    """Mean score with its interval, and percentiles of the macro latency over all decisions of minds."""
    scores = [float(result.score) for result in results]
    interval = mean_interval(scores)
    latencies = [1000 * seconds for result in results for seconds in result.macro_latencies] or [0.0]
    p50, p95 = np.percentile(latencies, [50, 95])
    return {
        "score_mean": round(float(np.mean(scores)), 3),
        "score_ci95": [round(bound, 3) for bound in interval] if interval else None,
        "macro_latency_ms_p50": round(float(p50), 3),
        "macro_latency_ms_p95": round(float(p95), 3),
    }


def to_json(results: Sequence[EpisodeResult]) -> dict[str, Any]:
    """Every episode, the summary of all, and of each group that was compared."""
    return {
        "episodes": [result.to_dict() for result in results],
        "summary": {
            **summary(results),
            "clock": results[0].clock,
            "groups": [
                {"map": key[0], "agent": key[1], "partner": key[2], "episodes": len(group), **summary(group)}
                for key, group in grouped(results).items()
            ],
        },
    }


def grouped(results: Sequence[EpisodeResult]) -> dict[tuple[str, str, str], list[EpisodeResult]]:
    """Episodes by map, agent and partner, in the order in which they were played."""
    groups: dict[tuple[str, str, str], list[EpisodeResult]] = {}
    for result in results:
        groups.setdefault((result.spec.map, result.spec.agent, result.spec.partner), []).append(result)
    return groups


def table(results: Sequence[EpisodeResult]) -> Table:
    """The table at the end of `brigade run`: a row a group, or a row an episode where there is only one group."""
    groups = grouped(results)
    spec = results[0].spec
    minds = f", slow mind {spec.slow}, fast mind {spec.fast}" if any(r.spec.thinks for r in results) else ""
    shown = Table(title=f"{len(results)} episodes; clock: {results[0].clock}{minds}")
    for name in ("map", "agent", "partner", "seeds"):
        shown.add_column(name)
    for name in ("score", "95 % interval", "served", "missed", "decision p50 / p95"):
        shown.add_column(name, justify="right")
    if len(groups) == 1 and len(results) > 1:
        for result in results:
            shown.add_row(*_row([result]))
        shown.add_section()
    for group in groups.values():
        shown.add_row(*_row(group))
    return shown


def _row(group: Sequence[EpisodeResult]) -> list[str]:
    facts, spec = summary(group), group[0].spec
    seeds = [result.spec.seed for result in group]
    low, high = facts["score_ci95"] or (None, None)
    latency = f"{facts['macro_latency_ms_p50']:.0f} / {facts['macro_latency_ms_p95']:.0f} ms"
    return [
        spec.map,
        spec.agent,
        spec.partner,
        str(seeds[0]) if len(seeds) == 1 else f"{min(seeds)}-{max(seeds)}",
        f"{facts['score_mean']:.1f}",
        f"{low:.1f} to {high:.1f}" if low is not None else "-",
        f"{np.mean([result.served for result in group]):.1f}",
        f"{np.mean([result.missed for result in group]):.1f}",
        latency if any(result.macro_latencies for result in group) else "-",
    ]


def plot(results: Sequence[EpisodeResult], file: Path) -> None:
    """Mean score by map, a bar for each agent and partner, with its interval, as a PNG."""
    from matplotlib.figure import Figure

    groups = grouped(results)
    maps = list(dict.fromkeys(key[0] for key in groups))
    pairs = list(dict.fromkeys(key[1:] for key in groups))
    figure = Figure(figsize=(2.2 + 1.4 * len(maps), 4), layout="constrained")
    axes = figure.subplots()
    width = 0.8 / len(pairs)
    for number, pair in enumerate(pairs):
        at, means, below, above = [], [], [], []
        for index, name in enumerate(maps):
            scores = [float(result.score) for result in groups.get((name, *pair), ())]
            if not scores:
                continue
            mean = float(np.mean(scores))
            low, high = mean_interval(scores) or (mean, mean)
            at.append(index + (number - (len(pairs) - 1) / 2) * width)
            means.append(mean)
            below.append(mean - low)
            above.append(high - mean)
        axes.bar(at, means, width * 0.9, yerr=[below, above], capsize=3, label=f"{pair[0]} with {pair[1]}")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(range(len(maps)), maps)
    axes.set_ylabel("score (mean, 95 % interval)")
    axes.set_title(f"{results[0].clock} clock", fontsize=10)
    axes.legend(fontsize=8)
    figure.savefig(file, dpi=120)
