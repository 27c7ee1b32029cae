"""Arithmetic and dates of sub-questions are computed exactly, and nothing else is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from brigade.agents.reasoning.decomposer.computing import Uncomputable, calculate, date_answer, operations
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", "14"), ("(2 + 3) * 4", "20"), ("0.1 + 0.2", "0.3"), ("1,200 / 7 * 7", "1200"),
        ("3 x 4", "12"), ("20%", "0.2"), ("50% * 30", "15"), ("-5 - -7", "2"), ("7 // 2", "3"), ("$5 + $6", "11"),
        ("2 ** 10", "1024"), ("007 + 1", "8"),
    ],
)  # fmt: skip
def test_arithmetic_is_computed(text: str, value: str) -> None:
    assert calculate(text) == value


@pytest.mark.parametrize(
    "text", ["", "2 +", "1 / 0", "x", "print(1)", "9 ** 9 ** 9", "2 ** 1000", "'a' * 3", "[1]", "True", "(" * 500, "#1"]
)
def test_what_is_not_arithmetic_or_too_large_is_refused(text: str) -> None:
    with pytest.raises(Uncomputable):
        calculate(text)


def test_operations_are_counted() -> None:
    assert operations("1 + 2 * 3 - 4") == 3
    assert operations("-7") == 0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("weekday of May 4, 2022", "Wednesday"), ("weekday of 05/04/2022", "Wednesday"),
        ("weekday of 2022-05-04", "Wednesday"), ("May 4, 2022 + 30 days", "2022-06-03"),
        ("Friday + 9 days", "Sunday"), ("Monday - 1 days", "Sunday"), ("days from January 1 to March 1", "59"),
        ("count Monday from May 1, 2022 to May 31, 2022", "5"),
        ("count business days from December 16, 2022 to January 2, 2022", "12"),
        ("last Friday of May 2022", "27"), ("fifth Friday of May 2022", "-1"),
        ("leap year 1900", "No"), ("leap year 2000", "Yes"),
    ],
)  # fmt: skip
def test_questions_about_dates_are_answered(text: str, answer: str) -> None:
    assert date_answer(text) == answer


@pytest.mark.parametrize("text", ["", "the day after", "weekday of May 32, 2022", "May 4, 2022 + 99999999 days"])
def test_what_is_no_question_about_dates_is_refused(text: str) -> None:
    with pytest.raises(Uncomputable):
        date_answer(text)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-5000, 5000))
def test_shifting_a_date_agrees_with_the_calendar(day: date, shift: int) -> None:
    sign = "-" if shift < 0 else "+"
    assert date_answer(f"{day.isoformat()} {sign} {abs(shift)} days") == (day + timedelta(shift)).isoformat()
