"""How well messages were understood: whole intents, kinds, single demands, and each phenomenon by itself.

An intent is right when all of it is: kind, every demand with its count in its order, `standing`, `cancel`. Intervals
are 95 % percentile bootstrap intervals over phrases (2,000 resamples, fixed seed): rows made from one phrase stand or
fall together, so resampling rows would make the intervals too narrow. Knows no model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from brigade.agents.training.messages.rows import Row
from numpy.typing import NDArray

RESAMPLES = 2000
Demands = Counter[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what was made of its message."""

    row: Row
    intent: dict[str, Any]
    """What was understood, in the contract's form."""
    by: str
    """Who understood it: `lexicon` or `model`."""
    seconds: float
    certain: bool
    """Whether the lexicon was certain of its own reading."""

    @property
    def exact(self) -> bool:
        """Whether the whole intent is right."""
        return self.intent == self.row.intent


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share with its 95 % interval; the interval is None with fewer than two phrases."""

    value: float
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        interval = None if self.low is None or self.high is None else [round(self.low, 4), round(self.high, 4)]
        return {"value": round(self.value, 4), "ci95": interval}

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:.1%}"
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"


def demands_of(intent: dict[str, Any]) -> Demands:
    """The demands of an intent, each with how often it is there; their order does not matter here."""
    return Counter((demand["macro"], demand["count"]) for demand in intent["demands"])


def ratio(judged: Sequence[Judged], above: Callable[[Judged], float], below: Callable[[Judged], float]) -> Ratio | None:
    """The sum of one figure over the sum of another, with its interval over phrases; None if there is nothing below."""
    phrases = {name: i for i, name in enumerate(dict.fromkeys(each.row.template for each in judged))}
    sums = np.zeros((len(phrases), 2))
    for each in judged:
        sums[phrases[each.row.template]] += above(each), below(each)
    total_above, total_below = sums.sum(axis=0)
    if total_below == 0:
        return None
    value = float(total_above / total_below)
    if len(phrases) < 2:
        return Ratio(value, None, None)
    low, high = np.percentile(_resampled(sums), [2.5, 97.5])
    return Ratio(value, float(low), float(high))


def _resampled(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ratio in every resample of the phrases that has one."""
    drawn = np.random.RandomState(0).randint(len(sums), size=(RESAMPLES, len(sums)))
    above, below = sums[drawn].sum(axis=1).T
    kept = below > 0
    result: NDArray[np.float64] = above[kept] / below[kept]
    return result


def exact(judged: Sequence[Judged]) -> Ratio | None:
    """The share of intents that are right as a whole."""
    return ratio(judged, lambda each: each.exact, lambda each: 1)


def kinds(judged: Sequence[Judged]) -> Ratio | None:
    """The share of kinds that are right."""
    return ratio(judged, lambda each: each.intent["kind"] == each.row.kind, lambda each: 1)


def _found(each: Judged) -> int:
    return (demands_of(each.intent) & demands_of(each.row.intent)).total()


def precision(judged: Sequence[Judged]) -> Ratio | None:
    """Of the demands that were understood, the share that was meant, with their counts."""
    return ratio(judged, _found, lambda each: demands_of(each.intent).total())


def recall(judged: Sequence[Judged]) -> Ratio | None:
    """Of the demands that were meant, the share that was understood, with their counts."""
    return ratio(judged, _found, lambda each: demands_of(each.row.intent).total())


def sure_and_right(judged: Sequence[Judged]) -> Ratio | None:
    """Of the readings that the lexicon was certain of, the share that is right; only for what the lexicon read."""
    return exact([each for each in judged if each.certain and each.by == "lexicon"])


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Everything that is told of one way to understand messages, as plain data."""
    p50, p95 = np.percentile([each.seconds for each in judged] or [0.0], [50, 95])
    kinds_of = sorted({each.row.kind for each in judged})
    tags = sorted({tag for each in judged for tag in each.row.tags})
    return {
        "rows": len(judged),
        "exact": _plain(exact(judged)),
        "kind": _plain(kinds(judged)),
        "demand_precision": _plain(precision(judged)),
        "demand_recall": _plain(recall(judged)),
        "by_lexicon": _share(judged, lambda each: each.by == "lexicon"),
        "lexicon_certain": _share(judged, lambda each: each.certain),
        "lexicon_certain_and_right": _plain(sure_and_right(judged)),
        "lexicon_wrongly_certain": sum(each.certain and each.by == "lexicon" and not each.exact for each in judged),
        "seconds_p50": round(float(p50), 4),
        "seconds_p95": round(float(p95), 4),
        "kinds": {kind: _part([each for each in judged if each.row.kind == kind]) for kind in kinds_of},
        "tags": {tag: _part([each for each in judged if tag in each.row.tags]) for tag in tags},
    }


def _share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> float:
    return round(sum(map(holds, judged)) / max(len(judged), 1), 4)


def _part(judged: Sequence[Judged]) -> dict[str, Any]:
    return {"rows": len(judged), "exact": _plain(exact(judged))}


def _plain(value: Ratio | None) -> dict[str, Any] | None:
    return None if value is None else value.to_dict()
