"""Plain values: what may cross between a program, a model, a file and a person.

Numbers, text, truth values, None, dates and spans of time, and lists, tuples, sets and dictionaries of those.
Everything has one JSON form that gives the same value back, and one short text. Knows no program and no model.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping
from typing import TypeAlias

Plain: TypeAlias = object
"""A plain value. The type checker cannot say so more exactly, since containers nest; `is_plain` tells."""

_SIMPLE = (float, str, type(None), bytes, datetime.date, datetime.timedelta, datetime.time)
_LONGEST_BITS = 14_000
"""Of a whole number that is plain: Python refuses to write out more than 4,300 digits."""
_MOST_DIGITS = 20_000
_MOST_PARTS = 200_000
"""Parts of a plain value."""
_CONTAINERS = (list, tuple, set, frozenset, dict)
_DEEPEST = 40
"""Nesting beyond which a value is not plain: enough for data, too little to exhaust the stack."""


def is_plain(value: object) -> bool:
    """Whether a value is made of plain parts only: 40 levels, 200,000 parts, whole numbers of 4,214 digits at most.

    A part that stands in several places counts in each, since it is written in each: a list of two lists of two lists
    and so on is small in memory and endless on paper.
    """
    if isinstance(value, _SIMPLE):  # most are
        return True
    left = _MOST_PARTS
    rest: list[tuple[object, int]] = [(value, 0)]
    while rest:
        each, depth = rest.pop()
        inner = _parts(each)
        left -= len(inner) + 1
        if depth > _DEEPEST or left < 0:
            return False
        if isinstance(each, int):
            if each.bit_length() > _LONGEST_BITS:
                return False
        elif not isinstance(each, (*_SIMPLE, *_CONTAINERS)):
            return False
        rest += [(part, depth + 1) for part in inner]
    return True


def _parts(value: object) -> list[object]:
    """What a container holds."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list | tuple | set | frozenset) else []


def to_data(value: Plain) -> object:
    """The JSON form of a value; what JSON has no form for is an object with one key that starts with `$`.

    Raises:
        TypeError: the value is not plain; says of which type it is.
    """
    match value:
        case float() if not math.isfinite(value):
            return {"$float": repr(value)}
        case bool() | int() | float() | str() | None:
            return value
        case list():
            return [to_data(each) for each in value]
        case tuple():
            return {"$tuple": [to_data(each) for each in value]}
        case set() | frozenset():
            return {"$set": [to_data(each) for each in sorted(value, key=repr)]}
        case dict():
            return _dictionary_data(value)
        case _:
            return _special_data(value)


def _dictionary_data(value: dict[object, object]) -> object:
    if all(isinstance(key, str) and not key.startswith("$") for key in value):
        return {str(key): to_data(each) for key, each in value.items()}
    return {"$dict": [[to_data(key), to_data(each)] for key, each in value.items()]}


def _special_data(value: object) -> object:
    match value:
        case bytes():
            return {"$bytes": value.hex()}
        case datetime.datetime():
            return {"$datetime": value.isoformat()}
        case datetime.date():
            return {"$date": value.isoformat()}
        case datetime.time():
            return {"$time": value.isoformat()}
        case datetime.timedelta():
            return {"$seconds": value.total_seconds()}
    raise TypeError(f"a value of type {type(value).__name__} has no plain form")


def from_data(data: object) -> Plain:
    """The value whose JSON form this is.

    Raises:
        ValueError: it is no such form.
    """
    if isinstance(data, list):
        return [from_data(each) for each in data]
    if not isinstance(data, dict):
        return data
    if len(data) == 1:
        (key, inner) = next(iter(data.items()))
        if isinstance(key, str) and key.startswith("$"):
            return _from_marked(key, inner)
    return {key: from_data(each) for key, each in data.items()}


def _from_marked(mark: str, inner: object) -> Plain:
    match mark, inner:
        case "$tuple", list():
            return tuple(from_data(each) for each in inner)
        case "$set", list():
            return {from_data(each) for each in inner}
        case "$dict", list():
            return {from_data(key): from_data(each) for key, each in inner}
        case "$float", str():
            return float(inner)
        case "$bytes", str():
            return bytes.fromhex(inner)
        case "$datetime", str():
            return datetime.datetime.fromisoformat(inner)
        case "$date", str():
            return datetime.date.fromisoformat(inner)
        case "$time", str():
            return datetime.time.fromisoformat(inner)
        case "$seconds", int() | float():
            return datetime.timedelta(seconds=inner)
    raise ValueError(f"{mark!r} marks no kind of value")


def key_of(value: Plain) -> str:
    """A text that two values share exactly if they are the same value; 1, 1.0 and True differ."""
    return json.dumps(to_data(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def short(value: object, longest: int = 200) -> str:
    """The value as Python writes it, cut in the middle where it is longer."""
    text = _written(value)
    if len(text) <= longest:
        return text
    half = (longest - 3) // 2
    return f"{text[:half]}...{text[-half:]}"


def _written(value: object) -> str:
    if isinstance(value, set) and value:  # a set prints in no fixed order
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    return repr(value)


def plain_or_text(value: object) -> Plain:
    """The value if it is plain, else what it prints as: for results that hold objects of the program's own classes."""
    if is_plain(value):
        return value
    if isinstance(value, int):
        return _digits(value)
    if not _writable(value):
        return f"<{type(value).__name__} with more than {_MOST_PARTS:,} parts>"
    try:
        return repr(value)
    except ValueError:  # a whole number inside that Python does not write out
        return f"<{type(value).__name__} with a number of more than 4,300 digits>"


def _writable(value: object) -> bool:
    """Whether a value has few enough parts to be written out, counted wherever they stand."""
    left, rest = _MOST_PARTS, [value]
    while rest and left >= 0:
        inner = _parts(rest.pop())
        left -= len(inner) + 1
        rest += inner
    return left >= 0


def _digits(value: int) -> str:
    """A long whole number, written out; one of more than 20,000 digits is only described."""
    if value.bit_length() > _MOST_DIGITS * 3.33:
        return f"<whole number of {value.bit_length():,} bits>"
    sign, rest, parts = "-" if value < 0 else "", abs(value), []
    while rest:
        rest, low = divmod(rest, 10**4000)
        parts.append(f"{low:04000d}")
    return sign + "".join(reversed(parts)).lstrip("0")


def plain_state(state: Mapping[str, object]) -> dict[str, Plain]:
    """The variables that hold plain values, without those that are the machinery's own."""
    return {name: value for name, value in state.items() if not name.startswith("__") and is_plain(value)}
