"""The tables of `brigade bench hla`, a set for each clock. Knows nothing but figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brigade.agents.bench.demands import GRACE, KINDS
from brigade.agents.bench.figures import ALL, DOING, asked, fulfilment, latencies, score
from brigade.agents.bench.work import Outcome
from rich.table import Table


def tables(outcome: Outcome) -> Iterator[Table]:
    """Scores by map, scores by partner, agents as a whole, and demands fulfilled."""
    for clock in outcome.plan.clocks:
        yield _scores(outcome, clock, "map")
        if len(outcome.plan.partners) > 1:
            yield _scores(outcome, clock, "partner")
        yield _agents(outcome, clock)
        if outcome.demands:
            yield _fulfilment(outcome, clock)


def _scores(outcome: Outcome, clock: str, by: str) -> Table:
    plan = outcome.plan
    names = plan.kitchens if by == "map" else plan.partners
    shown = Table(title=f"score by {by}, mean and 95 % interval; {_title(outcome, clock)}")
    shown.add_column(by)
    shown.add_column("n", justify="right")
    for agent in plan.agents:
        shown.add_column(agent, justify="right")
    for name in (*names, ALL):
        found = [
            score(outcome, clock, agent, map=name) if by == "map" else score(outcome, clock, agent, partner=name)
            for agent in plan.agents
        ]
        shown.add_row(name, str(found[0]["n"]), *map(_interval, found))
    return shown


def _agents(outcome: Outcome, clock: str) -> Table:
    shown = Table(title=f"agents, all maps and partners; {_title(outcome, clock)}")
    shown.add_column("agent")
    for name in ("n", "score", "minus script", "served", "missed", "macro p50 / p95 ms", "atomic p50 / p95 ms"):
        shown.add_column(name, justify="right")
    for agent, latency in zip(outcome.plan.agents, latencies(outcome, clock), strict=True):
        facts = score(outcome, clock, agent)
        shown.add_row(
            agent,
            str(facts["n"]),
            _interval(facts),
            _interval(facts["minus_script"]) if facts["minus_script"] else "-",
            f"{facts['orders_served']:.1f}",
            f"{facts['orders_missed']:.1f}",
            _percentiles(latency["macro_ms"], 0),
            _percentiles(latency["atomic_ms"], 2),
        )
    return shown


def _fulfilment(outcome: Outcome, clock: str) -> Table:
    rows = {(row["agent"], row["kind"]): row for row in fulfilment(outcome, clock)}
    agents = asked(outcome)
    shown = Table(
        title=f"demands fulfilled within the script planner's time and {GRACE:g} s; {outcome.plan.label(clock)}"
    )
    shown.add_column("kind")
    shown.add_column("n", justify="right")
    for agent in agents:
        shown.add_column(agent, justify="right")
    for kind in (*KINDS, DOING, ALL):
        found = [rows.get((agent, kind)) for agent in agents]
        counts = [row["n"] for row in found if row]
        if counts:
            shown.add_row(kind, str(max(counts)), *("-" if row is None else _share(row) for row in found))
    shown.caption = "script: does not listen; told: the script planner, told what is meant; doing: all that takes hands"
    return shown


def _title(outcome: Outcome, clock: str) -> str:
    plan = outcome.plan
    return f"with {', '.join(plan.partners)}; seeds {plan.seeds[0]}-{plan.seeds[-1]}; {plan.label(clock)}"


def _interval(facts: dict[str, Any]) -> str:
    low, high = facts["ci95"] or (facts["mean"], facts["mean"])
    return f"{facts['mean']:.1f} ({low:.1f} to {high:.1f})"


def _share(facts: dict[str, Any]) -> str:
    low, high = facts["ci95"] or (facts["mean"], facts["mean"])
    return f"{facts['mean']:.0%} ({low:.0%} to {high:.0%})"


def _percentiles(facts: dict[str, Any] | None, digits: int) -> str:
    return "-" if facts is None else f"{facts['p50']:.{digits}f} / {facts['p95']:.{digits}f}"
