"""The plots of `brigade bench hla`, as PNG: scores, latencies, demands fulfilled. Knows nothing but figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from brigade.agents.bench.demands import KINDS
from brigade.agents.bench.figures import ALL, DOING, asked, fulfilment, latency_values, score
from brigade.agents.bench.work import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST_LABEL = 36
"""Characters."""
Bars = Mapping[str, Sequence[Mapping[str, Any] | None]]
"""By agent: a mean with its interval for each group, or None."""


def plot_all(outcome: Outcome, folder: Path) -> list[Path]:
    """Write every plot that there is something for, one for each clock; returns the files."""
    written = []
    for clock in outcome.plan.clocks:
        for name, plot in (("scores", plot_scores), ("latency", plot_latencies), ("fulfilment", plot_fulfilment)):
            file = folder / (f"{name}.png" if len(outcome.plan.clocks) == 1 else f"{name}-{clock}.png")
            if plot(outcome, clock, file):
                written.append(file)
    return written


def plot_scores(outcome: Outcome, clock: str, file: Path) -> bool:
    """Mean score by map, a bar for each agent."""
    plan = outcome.plan
    names = (*plan.kitchens, ALL)
    bars = {agent: [score(outcome, clock, agent, map=name) for name in names] for agent in plan.agents}
    title = f"with {', '.join(plan.partners)}; {plan.label(clock)}"
    _save(_grouped(names, bars, "score (mean, 95 % interval)", title), file)
    return True


def plot_latencies(outcome: Outcome, clock: str, file: Path) -> bool:
    """The share of macro and atomic decisions that had come by a time, by agent; False if nobody thinks."""
    agents = [name for name, each in outcome.plan.contestants.items() if each.thinks]
    if not agents:
        return False
    figure = _figure(10, 4)
    for axes, (name, title) in zip(
        figure.subplots(1, 2), (("macro_ms", "a macro action"), ("atomic_ms", "an atomic action")), strict=True
    ):
        for number, agent in enumerate(agents):
            values = np.sort(latency_values(outcome, clock, agent, name))
            if len(values):
                axes.step(
                    np.maximum(values, 1e-3),
                    np.arange(1, len(values) + 1) / len(values),
                    label=_short(agent),
                    color=f"C{number}",
                )
        axes.set_xscale("log")
        axes.set_xlabel(f"milliseconds to {title}")
        axes.set_ylabel("share of decisions")
        axes.set_ylim(0, 1.02)
        if axes.lines:
            axes.legend(fontsize=8)
    figure.suptitle(outcome.plan.label(clock), fontsize=10)
    _save(figure, file)
    return True


def plot_fulfilment(outcome: Outcome, clock: str, file: Path) -> bool:
    """The share of demands fulfilled by kind, a bar for everybody who was asked; False if nobody was."""
    if not outcome.demands:
        return False
    rows = {(row["agent"], row["kind"]): row for row in fulfilment(outcome, clock)}
    kinds = [kind for kind in (*KINDS, DOING, ALL) if any(key[1] == kind for key in rows)]
    bars = {agent: [rows.get((agent, kind)) for kind in kinds] for agent in asked(outcome)}
    _save(_grouped(kinds, bars, "demands fulfilled (95 % interval)", outcome.plan.label(clock)), file)
    return True


def _grouped(names: Sequence[str], bars: Bars, label: str, title: str) -> Figure:
    figure = _figure(4.5 + len(names) * (0.4 + 0.13 * len(bars)), 4.2)
    axes = figure.subplots()
    width = 0.85 / len(bars)
    for number, (agent, facts) in enumerate(bars.items()):
        _one(axes, agent, facts, (number - (len(bars) - 1) / 2) * width, width)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(range(len(names)), names, fontsize=8)
    axes.set_ylabel(label)
    axes.set_title(title, fontsize=9)
    figure.legend(fontsize=7, loc="outside right upper")
    return figure


def _one(axes: Axes, agent: str, facts: Sequence[Mapping[str, Any] | None], offset: float, width: float) -> None:
    """The bars of one agent."""
    found = [(index, each) for index, each in enumerate(facts) if each is not None and each["n"]]
    at = [index + offset for index, _ in found]
    means = [each["mean"] for _, each in found]
    bounds = [each["ci95"] or (each["mean"], each["mean"]) for _, each in found]
    errors = [
        [max(mean - low, 0) for mean, (low, _) in zip(means, bounds, strict=True)],
        [max(high - mean, 0) for mean, (_, high) in zip(means, bounds, strict=True)],
    ]
    axes.bar(at, means, width * 0.92, yerr=errors if found else None, capsize=1.5, label=_short(agent))


def _short(agent: str) -> str:
    """A name that leaves the plot its room; names of models can be whole paths."""
    if len(agent) <= _LONGEST_LABEL:
        return agent
    return f"{agent[: _LONGEST_LABEL // 3]}…{agent[-_LONGEST_LABEL // 2 :]}"


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: Figure, file: Path) -> None:
    figure.savefig(file, dpi=120)
