"""Functions for dates and units that programs may call without defining them: computed, never guessed.

They are described to a model that writes programs by their heads and first lines. Dates are texts as ISO 8601 writes
them, so that they are plain values in a program's state. Knows no model.

Source of the units' sizes: the SI, and the international yard and pound agreement of 1959 (exact by definition);
gallons and their parts are those of the US.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from brigade.agents.reasoning.lmulator.stubs import Library, computed

_SIZES: Mapping[str, Mapping[str, float]] = {
    "length (m)": {
        "mm": 0.001, "millimeter": 0.001, "cm": 0.01, "centimeter": 0.01, "m": 1, "meter": 1, "km": 1000,
        "kilometer": 1000, "in": 0.0254, "inch": 0.0254, "ft": 0.3048, "foot": 0.3048, "yd": 0.9144, "yard": 0.9144,
        "mi": 1609.344, "mile": 1609.344,
    },
    "mass (kg)": {
        "mg": 1e-6, "milligram": 1e-6, "g": 0.001, "gram": 0.001, "kg": 1, "kilogram": 1, "t": 1000, "tonne": 1000,
        "oz": 0.028349523125, "ounce": 0.028349523125, "lb": 0.45359237, "pound": 0.45359237,
    },
    "time (s)": {
        "s": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "day": 86400, "week": 604800,
    },
    "volume (l)": {
        "ml": 0.001, "milliliter": 0.001, "cl": 0.01, "centiliter": 0.01, "l": 1, "liter": 1,
        "teaspoon": 0.00492892159375, "tablespoon": 0.01478676478125, "cup": 0.2365882365,
        "pint": 0.473176473, "quart": 0.946352946, "gallon": 3.785411784,
    },
}  # fmt: skip
_PLURALS = {"inches": "inch", "feet": "foot"}


def convert_units(amount: float, unit: str, to: str) -> float:
    """An amount in another unit of length, mass, time or volume, such as 3 "miles" in "km"."""
    one, other = _unit(unit), _unit(to)
    for sizes in _SIZES.values():
        if one in sizes and other in sizes:
            return float(f"{amount * sizes[one] / sizes[other]:.12g}")
    raise ValueError(f"no way from {unit!r} to {to!r}")


def _unit(name: str) -> str:
    text = name.strip().replace("metre", "meter").replace("litre", "liter")
    if any(text in sizes for sizes in _SIZES.values()):
        return text
    lower = text.lower()
    return _PLURALS.get(lower, lower.removesuffix("s"))


def days_between(first: str, last: str) -> int:
    """Days from one ISO date to another; negative if the second is earlier."""
    return (_date(last) - _date(first)).days


def add_days(date: str, days: int) -> str:
    """The ISO date so many days later; earlier if negative."""
    return (_date(date) + datetime.timedelta(days)).isoformat()


def weekday_of(date: str) -> str:
    """The English name of the day of the week of an ISO date."""
    return _date(date).strftime("%A")


def age_on(born: str, date: str) -> int:
    """Whole years between a birthday and another ISO date."""
    start, end = _date(born), _date(date)
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"not an ISO date such as 2024-02-29: {text!r}") from None


def common_library() -> Library:
    """All of these functions."""
    return Library(computed(each) for each in (convert_units, days_between, add_days, weekday_of, age_on))
