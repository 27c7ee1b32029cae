"""Linear equations with exact numbers, solved as they come, each solution with the equations that it rests on.

Gaussian elimination over fractions that carries along which equations every row was made of: that is the provenance
of what is found. Equations that contradict the others are found by vote and left out. Knows no question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np

Unknown = TypeVar("Unknown", bound=Hashable)


@dataclass(frozen=True)
class Equation(Generic[Unknown]):
    """The sum of coefficients times unknowns is the total."""

    source: str
    """Where it comes from."""
    coefficients: Mapping[Unknown, Fraction]
    total: Fraction


@dataclass(frozen=True)
class Solution(Generic[Unknown]):
    """What the equations determine."""

    values: Mapping[Unknown, Fraction]
    sources: Mapping[Unknown, tuple[str, ...]]
    """The equations that each value rests on."""
    contradicting: tuple[str, ...]
    """Equations that were left out, as they contradict the rest."""


@dataclass
class _Row(Generic[Unknown]):
    coefficients: dict[Unknown, Fraction]
    total: Fraction
    parts: dict[str, Fraction]
    """How often each equation is in it; what cancels out is no part."""

    def less(self, other: _Row[Unknown], times: Fraction) -> _Row[Unknown]:
        """This row less so many times another one."""
        return _Row(
            _less(self.coefficients, other.coefficients, times),
            self.total - times * other.total,
            _less(self.parts, other.parts, times),
        )

    def divided(self, by: Fraction) -> _Row[Unknown]:
        """This row, scaled down."""
        terms = {name: value / by for name, value in self.coefficients.items()}
        return _Row(terms, self.total / by, {name: value / by for name, value in self.parts.items()})


Name = TypeVar("Name", bound=Hashable)


def _less(terms: Mapping[Name, Fraction], others: Mapping[Name, Fraction], times: Fraction) -> dict[Name, Fraction]:
    result = dict(terms)
    for name, value in others.items():
        result[name] = result.get(name, Fraction(0)) - times * value
    return {name: value for name, value in result.items() if value}


def solve(equations: Sequence[Equation[Unknown]], most_left_out: float = 0.2) -> Solution[Unknown]:
    """Every unknown that the equations determine.

    Args:
        equations: in any order.
        most_left_out: share of the equations that may be left out as contradicting; if more would have to be, nothing
            is determined.
    """
    left_out: list[str] = []
    while len(left_out) <= most_left_out * len(equations):
        rows, suspects = _eliminated([each for each in equations if each.source not in left_out])
        if not suspects:
            found = {pivot: row for pivot, row in rows.items() if len(row.coefficients) == 1}
            values = {pivot: row.total for pivot, row in found.items()}
            sources = {pivot: tuple(sorted(row.parts)) for pivot, row in found.items()}
            return Solution(values, sources, tuple(left_out))
        left_out.append(suspects.most_common(1)[0][0])
    return Solution({}, {}, tuple(left_out))


def guess(equations: Sequence[Equation[Unknown]], known: Mapping[Unknown, Fraction]) -> dict[Unknown, float]:
    """The smallest values, in the sense of least squares, that the equations admit for what they do not determine."""
    unknowns = list(dict.fromkeys(name for each in equations for name in each.coefficients if name not in known))
    if not unknowns:
        return {}
    column = {name: number for number, name in enumerate(unknowns)}
    matrix, totals = np.zeros((len(equations), len(unknowns))), np.zeros(len(equations))
    for number, each in enumerate(equations):
        totals[number] = float(each.total)
        for name, coefficient in each.coefficients.items():
            if name in known:
                totals[number] -= float(coefficient * known[name])
            else:
                matrix[number, column[name]] = float(coefficient)
    values = np.linalg.lstsq(matrix, totals, rcond=None)[0]
    return {name: float(values[column[name]]) for name in unknowns}


def line_through(points: Mapping[Fraction, Fraction], least: int = 3) -> tuple[Fraction, Fraction] | None:
    """Slope and offset of the line on which all points lie exactly; None if there is none, or with too few points."""
    if len(points) < least:
        return None
    (x0, y0), (x1, y1), *_ = sorted(points.items())
    slope = (y1 - y0) / (x1 - x0)
    offset = y0 - slope * x0
    return (slope, offset) if all(slope * x + offset == y for x, y in points.items()) else None


def _eliminated(equations: Sequence[Equation[Unknown]]) -> tuple[dict[Unknown, _Row[Unknown]], Counter[str]]:
    """The reduced rows by their pivots, and how often each equation takes part in a contradiction."""
    rows: dict[Unknown, _Row[Unknown]] = {}
    suspects: Counter[str] = Counter()
    for each in equations:
        row = _Row({name: c for name, c in each.coefficients.items() if c}, each.total, {each.source: Fraction(1)})
        for pivot in [name for name in row.coefficients if name in rows]:
            row = row.less(rows[pivot], row.coefficients[pivot])
        if not row.coefficients:
            if row.total:
                suspects.update(row.parts.keys())
                suspects[each.source] += 1  # the newest is the likeliest where all else is equal
            continue
        pivot, scale = next(iter(row.coefficients.items()))
        row = row.divided(scale)
        for other, there in rows.items():
            if pivot in there.coefficients:
                rows[other] = there.less(row, there.coefficients[pivot])
        rows[pivot] = row
    return rows, suspects
