"""Arithmetic and dates as sub-questions write them, computed: what scripted solvers and checks answer with.

Only numbers, `+ - * / // % **` and brackets; numbers, exponents and texts are bounded. Dates are written in any of the
usual ways. Knows no model; the pipeline itself computes with the LMulator.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

DIGITS = 10
"""Decimals that are kept: 0.1 + 0.2 is 0.3."""
_MOST = 10**30
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}


class Uncomputable(ValueError):
    """Not what can be computed here."""


def calculate(expression: str) -> str:
    """The value of an arithmetic expression.

    Raises:
        Uncomputable: it is none, divides by zero, or is too large.
    """
    try:
        tree = ast.parse(tidy(expression), mode="eval")
        return written(_value(tree.body))
    except (SyntaxError, ZeroDivisionError, OverflowError, RecursionError, MemoryError) as error:
        raise Uncomputable(f"{expression!r}: {error}") from None


def tidy(expression: str) -> str:
    """An expression as Python writes it: `3 x 4`, `$1,200`, `20%`."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", expression.strip().rstrip("=?").replace("$", ""))
    text = re.sub(r"(?<=[\d)\s])[xX×·](?=[\d(\s-])", "*", text.replace("÷", "/").replace("−", "-"))
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%(?!\s*[\d(])", r"(\1/100)", text)
    return re.sub(r"(?<![\d.])0+(?=\d)", "", text)


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value  # type: ignore[return-value]  # the types were just compared
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _value(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow):
            if abs(right) > 64 or abs(left) > 10**6:
                raise Uncomputable("a power that is too large")
            return _bounded(left**right)
        if type(node.op) in _OPERATORS:
            return _bounded(_OPERATORS[type(node.op)](left, right))
    raise Uncomputable("not arithmetic")


def _bounded(value: float) -> float:
    if isinstance(value, complex) or abs(value) > _MOST:
        raise Uncomputable("a number that is too large")
    return value


def written(value: float) -> str:
    """A number as an answer: without the noise of floats, but exact enough to go on from (2/3 keeps 16 decimals)."""
    if isinstance(value, int):
        return str(value)
    rounded = round(value, DIGITS)
    if rounded == int(rounded):
        return str(int(rounded))
    same = abs(rounded - value) <= 1e-13 * max(1.0, abs(value))
    return f"{rounded if same else value:.{DIGITS if same else 16}f}".rstrip("0")


def operations(expression: str) -> int:
    """How many operations an expression asks for.

    Raises:
        Uncomputable: it is not arithmetic.
    """
    try:
        tree = ast.parse(tidy(expression), mode="eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise Uncomputable(f"{expression!r}: {error}") from None
    return sum(isinstance(node, ast.BinOp) for node in ast.walk(tree))


def read_date(text: str) -> date:
    """`May 4, 2022`, `Friday, May 4`, `05/04/2022` or `2022-05-04`; a year that never was leap where none is given.

    Raises:
        Uncomputable: it is no date.
    """
    if found := re.search(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.search(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return _date(int(found[3]), int(found[1]), int(found[2]))
    if found := re.search(rf"({'|'.join(MONTHS)})\s+(\d{{1,2}})(?:,?\s+(\d{{4}}))?", text):
        return _date(int(found[3] or 2022), MONTHS.index(found[1]) + 1, int(found[2]))
    raise Uncomputable(f"{text!r} is no date")


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Uncomputable(str(error)) from None


def date_answer(text: str) -> str:
    """The answer to a sub-question about dates.

    `weekday of DATE`; `DATE + 45 days` or `WEEKDAY + 45 days`; `days from DATE to DATE`; `count Monday from DATE to
    DATE`, `count business days from DATE to DATE` (both ends counted); `last Friday of May 2022` (the day of the month,
    -1 if there is none); `leap year 1936`.

    Raises:
        Uncomputable: it is none of these.
    """
    for pattern, answer in _DATE_QUESTIONS:
        found = re.fullmatch(pattern, text.strip().rstrip("?."), re.IGNORECASE)
        if found:
            return answer(found)
    raise Uncomputable(f"{text!r} is no question about dates")


def _weekday(found: re.Match[str]) -> str:
    return WEEKDAYS[read_date(found[1]).weekday()]


def _shift(found: re.Match[str]) -> str:
    days = int(found[3]) * (-1 if found[2] == "-" else 1)
    if abs(days) > 1_000_000:
        raise Uncomputable("too many days")
    for number, name in enumerate(WEEKDAYS):
        if found[1].strip().lower() == name.lower():
            return WEEKDAYS[(number + days) % 7]
    return (read_date(found[1]) + timedelta(days)).isoformat()


def _between(found: re.Match[str]) -> str:
    return str((read_date(found[2]) - read_date(found[1])).days)


def _count(found: re.Match[str]) -> str:
    start, end = _with_year(found[2], found[3]), read_date(found[3])
    if end < start:  # "from December 16 to January 27": into the next year
        end = end.replace(year=start.year + 1, day=min(end.day, 28) if end.month == 2 else end.day)
    if not 0 <= (end - start).days <= 40_000:
        raise Uncomputable("dates too far apart")
    days = [(start + timedelta(n)).weekday() for n in range((end - start).days + 1)]
    name = found[1].lower().removesuffix("s")
    if name in ("business day", "weekday"):
        return str(sum(day < 5 for day in days))
    return str(sum(WEEKDAYS[day].lower() == name for day in days))


def _with_year(text: str, other: str) -> date:
    """A date that may take its year from another one."""
    has_year = re.search(r"\d{4}", text)
    year = re.search(r"\d{4}", other)
    return read_date(text if has_year or not year else f"{text}, {year[0]}")


def _ordinal(found: re.Match[str]) -> str:
    month = next((n for n, name in enumerate(MONTHS, 1) if name.lower() == found[3].lower()), None)
    if month is None:
        raise Uncomputable(f"{found[3]!r} is no month")
    year = int(found[4])
    days = [day for day in range(1, 32) if _weekday_in(year, month, day) == found[2].lower()]
    place = _ORDINALS[found[1].lower()]
    return str(days[place]) if place < len(days) else "-1"


def _weekday_in(year: int, month: int, day: int) -> str | None:
    try:
        return WEEKDAYS[date(year, month, day).weekday()].lower()
    except ValueError:
        return None


def _leap(found: re.Match[str]) -> str:
    year = int(found[1])
    return "Yes" if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else "No"


_DATE_QUESTIONS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"weekday of (.+)", _weekday),
    (r"(.+?)\s*([+-])\s*\(?(-?\d+)\)? days?", _shift),
    (r"days from (.+) to (.+)", _between),
    (rf"count ((?:{'|'.join(WEEKDAYS)})s?|business days?|weekdays?) from (.+) to (.+)", _count),
    (rf"({'|'.join(_ORDINALS)}) ({'|'.join(WEEKDAYS)}) of (\w+) (\d{{4}})", _ordinal),
    (r"leap year (\d{1,4})", _leap),
)
