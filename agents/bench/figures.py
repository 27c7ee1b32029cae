"""What the results show, as plain data: means and shares with 95 % bootstrap intervals, differences, percentiles.

Differences are paired: of the same clock, map, partner and seed. Intervals resample episodes or demands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from brigade.agents.bench.demands import KINDS, WORDS
from brigade.agents.bench.plan import SCRIPT, TOLD
from brigade.agents.bench.work import Outcome, Result
from brigade.agents.sessions.report import mean_interval

ALL, DOING = "all", "doing"
_SINGLE = ("macro_ms", "atomic_ms")
"""Lists of single latencies, which the JSON leaves out."""


def to_json(outcome: Outcome) -> dict[str, Any]:
    """Every result without its single latencies, and all summaries."""
    clocks = outcome.plan.clocks
    return {
        "plan": outcome.plan.to_dict(),
        "summary": [row for clock in clocks for row in _groups(outcome, clock)],
        "latency": [row for clock in clocks for row in latencies(outcome, clock)],
        "fulfilment": [row for clock in clocks for row in fulfilment(outcome, clock)],
        "episodes": [{k: v for k, v in each.items() if k not in _SINGLE} for each in outcome.episodes],
        "demands": list(outcome.demands),
    }


def score(outcome: Outcome, clock: str, agent: str, *, map: str = ALL, partner: str = ALL) -> dict[str, Any]:
    """Score of an agent on a map and with a partner, or all of them, with the paired difference to the script."""
    own, base = (_chosen(outcome, clock, who, map, partner) for who in (agent, SCRIPT))
    pairs = [own[key]["score"] - base[key]["score"] for key in own if key in base]
    episodes = list(own.values())
    return {
        "clock": clock,
        "agent": agent,
        "map": map,
        "partner": partner,
        **_mean([each["score"] for each in episodes]),
        "minus_script": _mean(pairs) if pairs else None,
        "orders_served": round(_average([each["orders_served"] for each in episodes]), 3),
        "orders_missed": round(_average([each["orders_missed"] for each in episodes]), 3),
    }


def latencies(outcome: Outcome, clock: str) -> list[dict[str, Any]]:
    """Percentiles of the macro and the atomic latency of every agent, in milliseconds; None where there is none."""
    rows = []
    for agent in outcome.plan.agents:
        row: dict[str, Any] = {"clock": clock, "agent": agent}
        for name in ("macro_ms", "atomic_ms"):
            values = latency_values(outcome, clock, agent, name)
            row[name] = _percentiles(values)
        rows.append(row)
    return rows


def latency_values(outcome: Outcome, clock: str, agent: str, name: str) -> list[float]:
    """Every `macro_ms` or `atomic_ms` of an agent."""
    own = (each for each in outcome.episodes if each["clock"] == clock and each["agent"] == agent)
    return [value for each in own for value in each[name]]


def fulfilment(outcome: Outcome, clock: str) -> list[dict[str, Any]]:
    """The share of demands fulfilled, by kind and in all, of everybody who was asked.

    `doing` is all that takes hands; words are not asked of who is told what is meant.
    """
    rows = []
    for agent in asked(outcome):
        used = clock if agent not in (SCRIPT, TOLD) else "simulated"
        own = [each for each in outcome.demands if each["agent"] == agent and each["clock"] == used]
        for kind in (*KINDS, DOING, ALL):
            some = [each for each in own if _is_of(each, kind)]
            if some:
                rows.append(
                    {"clock": clock, "agent": agent, "kind": kind, **_mean([float(e["fulfilled"]) for e in some], 4)}
                )
    return rows


def asked(outcome: Outcome) -> list[str]:
    """Everybody who was given demands."""
    found = {each["agent"] for each in outcome.demands}
    return [name for name in dict.fromkeys((SCRIPT, TOLD, *outcome.plan.agents)) if name in found]


def _is_of(demand: Result, kind: str) -> bool:
    hands = demand["kind"] not in WORDS
    if demand["agent"] == TOLD and not hands:
        return False  # it has no words
    return kind == demand["kind"] or (kind == DOING and hands) or (kind == ALL and demand["agent"] != TOLD)


def _groups(outcome: Outcome, clock: str) -> list[dict[str, Any]]:
    plan = outcome.plan
    return [
        score(outcome, clock, agent, map=map_name, partner=partner)
        for map_name in (*plan.kitchens, ALL)
        for partner in (*plan.partners, ALL)
        for agent in plan.agents
    ]


def _chosen(outcome: Outcome, clock: str, agent: str, map_name: str, partner: str) -> dict[tuple[Any, ...], Result]:
    return {
        (each["map"], each["partner"], each["seed"]): each
        for each in outcome.episodes
        if each["clock"] == clock
        and each["agent"] == agent
        and map_name in (ALL, each["map"])
        and partner in (ALL, each["partner"])
    }


def _mean(values: Sequence[float], digits: int = 2) -> dict[str, Any]:
    interval = mean_interval(values)
    return {
        "n": len(values),
        "mean": round(_average(values), digits),
        "ci95": [round(bound, digits) for bound in interval] if interval else None,
    }


def _average(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _percentiles(values: Sequence[float]) -> dict[str, Any] | None:
    if not values:
        return None
    p50, p95 = np.percentile(values, [50, 95])
    return {"n": len(values), "p50": round(float(p50), 3), "p95": round(float(p95), 3)}
