"""The plan that each generated family asks for, read off the question as a person would; checked by carrying it out.

Only families that are trained on have a teacher; the held-out ones have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from brigade.agents.reasoning.decomposer.computing import MONTHS, WEEKDAYS, Uncomputable
from brigade.agents.reasoning.decomposer.families import Item
from brigade.agents.training.decomposer.worked import plan_of, split

_MONTH = "|".join(MONTHS)
_DAY = "|".join(WEEKDAYS)
_DATE = re.compile(rf"(?:(?:{_MONTH}) \d{{1,2}}(?:, \d{{4}})?)|\d\d/\d\d/\d{{4}}")


def teach(item: Item) -> str | None:
    """The plan for a question, or None if its wording is not known."""
    try:
        return TEACHERS[item.family](item)
    except Uncomputable:
        return None


def _sum(item: Item) -> str:
    found = re.search(r"(?:problem:|Calculate)\s*(.+?)\s*(?:=|\.)?\s*$", item.question.strip())
    if found is None:
        raise Uncomputable(item.question)
    return split(found[1])


def _legs(item: Item) -> str:
    """Animal after animal, with a running total: each line uses only the lines just before it."""
    lines: list[str] = []
    total = ""
    for count, name in re.findall(r"(\d+) ([a-z ]+?)(?=,|\?)", item.question.split("if you have")[-1]):
        lines.append(f"fact legs of {name if count == '1' else name.removesuffix('s')}")
        lines.append(f"calc {count} * #{len(lines)}")
        if total:
            lines.append(f"calc {total} + #{len(lines)}")
        total = f"#{len(lines)}"
    return "\n".join(lines)


def _geometry(item: Item) -> str:
    sides = re.search(r"(\d+)(?: sides|-gon)", item.question)
    angles = [angle.removesuffix(".0") for angle in re.findall(r"(\d+(?:\.\d+)?)°", item.question)]
    if sides is None or not angles:
        raise Uncomputable(item.question)
    taken = [f"calc #{number} - {angle}" for number, angle in enumerate(angles, 2)]
    return "\n".join([f"calc {sides[1]} - 2", "calc 180 * #1", *taken])


def _calendar(item: Item) -> str:
    text = item.question
    dates = _DATE.findall(text)
    if (
        found := re.search(r"year (\d{1,4}) is a leap|[Ii]s (\d{1,4}) a leap|(\d{3,4})", text)
        if "leap" in text
        else None
    ):
        return f"date leap year {next(each for each in found.groups() if each)}"
    if found := re.search(rf"(first|second|third|fourth|last) ({_DAY})", text):
        month = re.search(rf"({_MONTH}) (\d{{4}})", text)
        return f"date {found[1]} {found[2]} of {month[1]} {month[2]}" if month else ""
    if len(dates) == 2 and ("business" in text or "weekends" in text or "weekdays" in text.lower()):
        return f"date count business days from {dates[0]} to {dates[1]}"
    if len(dates) == 2 and "first day" not in text and "January 1" not in dates:
        day = re.search(rf"({_DAY})(?!,)", text)
        return f"date count {day[1]} from {dates[0]} to {dates[1]}" if day else ""
    return _one_date(text, dates)


def _one_date(text: str, dates: Sequence[str]) -> str:
    shift = re.search(r"(\d+)[ -]days?", text)
    first = re.search(rf"first day of the year was a ({_DAY})|fell on a ({_DAY})|where ({_DAY}) is January", text)
    if first:
        day = next(each for each in first.groups() if each)
        return f"date days from January 1 to {dates[-1]}\ndate {day} + #1 days"
    if shift and dates:
        back = re.search(r"ago|backward|before", text)
        return f"date {dates[0]} {'-' if back else '+'} {shift[1]} days\ndate weekday of #1"
    if dates:
        return f"date weekday of {dates[0]}"
    raise Uncomputable(text)


def _words(item: Item) -> str | None:
    plan = plan_of(item.question, str(item.metadata.get("answer_cot", "")), item.answer)
    if plan is None:
        raise Uncomputable(item.question)
    return plan


TEACHERS: Mapping[str, Callable[[Item], str | None]] = {
    "chain_sum": _sum,
    "basic_arithmetic": _sum,
    "calendar_arithmetic": _calendar,
    "gsm_symbolic": _words,
    "leg_counting": _legs,
    "simple_geometry": _geometry,
}
"""Each family's teacher."""
