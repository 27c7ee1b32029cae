"""Lessons from comparisons: in which moments is doing something else than the plan worth points, and how surely?

For every pair of kinds of macro action (the plan's, and another one) the conditions are sought, two features at most,
under which the advantage of the other one adds up to most, less one standard error. What has been found by looking at
many possible conditions looks better than it is; that is for the acceptance to find out, on other kitchens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from brigade.agents.training.student.kitchen.searching import Comparison
from brigade.agents.training.student.lessons import Advice, Condition, Lesson, Trigger
from numpy.typing import NDArray

AUTHOR = "search"
LEAST_MOMENTS, LEAST_MAPS = 12, 4
"""Moments and kitchens that a lesson must rest on."""
BEAM = 12
"""First conditions to which a second one is tried."""
MOST_LESSONS = 12
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class _Pair:
    """All moments at which the plan does one thing and another one could begin."""

    usual: str
    other: str
    moments: Sequence[Comparison]
    advantages: Values

    def promise(self, mask: Mask) -> float:
        """Points that the advice would have gained in these moments, less a standard error of the sum."""
        chosen = self.advantages[mask]
        maps = {each.map for each, here in zip(self.moments, mask, strict=True) if here}
        if len(chosen) < LEAST_MOMENTS or len(maps) < LEAST_MAPS:
            return -np.inf
        return float(chosen.sum() - chosen.std(ddof=1) * np.sqrt(len(chosen)))


def lessons_from(comparisons: Sequence[Comparison]) -> list[Lesson]:
    """The most promising lesson of each pair that has one, the most promising pairs first."""
    found = [best for pair in _pairs(comparisons) if (best := _best(pair)) is not None]
    ranked = sorted(found, key=lambda each: -each[0])
    return [lesson for _, lesson in ranked[:MOST_LESSONS]]


def _pairs(comparisons: Sequence[Comparison]) -> Iterator[_Pair]:
    kinds = sorted({(each.usual, other.verb) for each in comparisons for other in each.alternatives})
    for usual, verb in kinds:
        rows = [
            (each, other.advantage)
            for each in comparisons
            for other in each.alternatives
            if (each.usual, other.verb) == (usual, verb)
        ]
        yield _Pair(usual, verb, [each for each, _ in rows], np.array([advantage for _, advantage in rows]))


def _best(pair: _Pair) -> tuple[float, Lesson] | None:
    everywhere = np.ones(len(pair.moments), dtype=bool)
    single = [((condition,), mask) for condition, mask in _conditions(pair)]
    beam = sorted(single, key=lambda each: -pair.promise(each[1]))[:BEAM]
    double = [
        ((*conditions, further), mask & more)
        for conditions, mask in beam
        for further, more in _conditions(pair)
        if further.feature != conditions[0].feature
    ]
    candidates: list[tuple[tuple[Condition, ...], Mask]] = [((), everywhere), *single, *double]
    conditions, mask = max(candidates, key=lambda each: (pair.promise(each[1]), -len(each[0])))
    promise = pair.promise(mask)
    return (promise, _lesson(pair, conditions, mask)) if promise > 0 else None


def _conditions(pair: _Pair) -> Iterator[tuple[Condition, Mask]]:
    for feature in sorted(pair.moments[0].features):
        values = np.array([each.features[feature] for each in pair.moments])
        for bound in np.unique(np.quantile(values, QUANTILES)):
            edge = float(bound)
            either = Condition(feature, ">=", edge), Condition(feature, "<=", edge)
            for condition, mask in zip(either, (values >= edge, values <= edge), strict=True):
                if not mask.all() and mask.sum() >= LEAST_MOMENTS:
                    yield condition, mask


def _lesson(pair: _Pair, conditions: tuple[Condition, ...], mask: Mask) -> Lesson:
    moments = [each for each, here in zip(pair.moments, mask, strict=True) if here]
    gain = float(pair.advantages[mask].mean())
    when = " and ".join(map(str, conditions)) or "always"
    maps = len({each.map for each in moments})
    return Lesson(
        topic=f"{pair.other} rather than {pair.usual}",
        trigger=Trigger(words=(pair.other.casefold(), pair.usual.casefold()), conditions=conditions),
        summary=(f"When the plan is to {pair.usual}, rather {pair.other}: {when}.",),
        knowledge=(f"In {len(moments)} moments in {maps} kitchens that was worth {gain:+.2f} points on average.",),
        author=AUTHOR,
        sources=tuple(each.id for each in moments),
        advice=(Advice(pair.other, pair.usual),),
    )
