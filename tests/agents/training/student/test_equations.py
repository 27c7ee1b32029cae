"""Equations determine what they determine, say why, and leave out what contradicts the rest."""

from __future__ import annotations

from fractions import Fraction

import pytest
from brigade.agents.training.student.equations import Equation, guess, line_through, solve


def equation(source: str, total: int, **coefficients: int) -> Equation[str]:
    return Equation(source, {name: Fraction(value) for name, value in coefficients.items()}, Fraction(total))


def test_what_is_determined_is_found_and_names_the_equations_it_rests_on() -> None:
    rows = [equation("one", 14, cat=2, hen=3), equation("two", 10, cat=1, hen=3), equation("three", 26, ant=3, bee=4)]
    found = solve(rows)
    assert found.values == {"cat": 4, "hen": 2}
    assert found.sources["cat"] == found.sources["hen"] == ("one", "two")


def test_a_wrong_equation_is_found_by_those_that_contradict_it() -> None:
    rows = [equation(str(n), 4 * n + 2 * (n * n), cat=n, hen=n * n) for n in range(1, 9)]
    rows.insert(2, equation("wrong", 99, cat=1, hen=1))
    found = solve(rows)
    assert found.contradicting == ("wrong",)
    assert found.values == {"cat": 4, "hen": 2}


def test_nothing_is_determined_where_too_many_contradict_each_other() -> None:
    assert not solve([equation(str(n), n * n, cat=1) for n in range(6)]).values


def test_guesses_satisfy_the_equations_without_being_determined() -> None:
    rows = [equation("one", 12, ant=1, bee=1)]
    assert not solve(rows).values
    assert guess(rows, {}) == pytest.approx({"ant": 6.0, "bee": 6.0})


def test_a_line_needs_three_points_that_lie_on_it_exactly() -> None:
    points = {Fraction(n): Fraction(180 * n - 360) for n in (3, 4, 6)}
    assert line_through(points) == (Fraction(180), Fraction(-360))
    assert line_through(points | {Fraction(7): Fraction(901)}) is None
    assert line_through({Fraction(3): Fraction(180), Fraction(4): Fraction(360)}) is None
