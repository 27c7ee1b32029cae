"""Typed values of facts: what they are in Python, in SQL and in text.

An object of a fact is another entity, or a value: text, whole number, number, truth value, date, moment, or data (what
JSON has). Each has one canonical text, by which values are compared: 1, 1.0 and true differ. Knows no database.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

LONGEST_NAME = 500
"""Characters of the longest name of an entity or a predicate."""
LONGEST_KEY = 200
"""Characters from which on a value is compared by its start and its digest: PostgreSQL indexes no longer ones."""
LARGEST = 64 * 2**20
"""Characters of the longest value."""


class BadValue(ValueError):
    """A value or a name that cannot be kept: says which and why."""


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """Something that facts are about, by its name."""

    name: str

    def __str__(self) -> str:
        return self.name


class Kind(StrEnum):
    """Types of values."""

    ENTITY = "entity"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    DATA = "data"


Data: TypeAlias = dict[str, Any] | list[Any] | None
"""What JSON has, besides texts and numbers."""
Value: TypeAlias = Entity | str | int | float | datetime.date | datetime.datetime | Data


def kind_of(value: Value) -> Kind:
    """The type of a value.

    Raises:
        BadValue: it is of none.
    """
    match value:
        case Entity():
            return Kind.ENTITY
        case bool():
            return Kind.BOOLEAN
        case int():
            return Kind.INTEGER
        case float():
            return Kind.NUMBER
        case str():
            return Kind.TEXT
        case datetime.datetime():
            return Kind.MOMENT
        case datetime.date():
            return Kind.DATE
        case dict() | list() | None:
            return Kind.DATA
    raise BadValue(f"a value of type {type(value).__name__} cannot be kept")


def to_text(value: Value) -> str:
    """The canonical text of a value.

    Raises:
        BadValue: it cannot be kept.
    """
    match value:
        case Entity(name):
            return check_name(name)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return check_text(value)
        case datetime.datetime():
            return _moment_text(value)
        case datetime.date():
            return value.isoformat()
        case dict() | list() | None:
            return _data_text(value)
    raise BadValue(f"a value of type {type(value).__name__} cannot be kept")


def _moment_text(value: datetime.datetime) -> str:
    if value.tzinfo is None:
        raise BadValue(f"{value.isoformat()}: a moment needs its offset, such as +00:00")
    return value.astimezone(datetime.UTC).isoformat()


def _data_text(value: Data) -> str:
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadValue(f"data that JSON has no form for: {error}") from None
    return check_text(text)


_READERS: Mapping[Kind, Callable[[str], Value]] = {
    Kind.ENTITY: Entity,
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.BOOLEAN: lambda text: text == "true",
    Kind.DATE: datetime.date.fromisoformat,
    Kind.MOMENT: datetime.datetime.fromisoformat,
    Kind.DATA: json.loads,
}


def from_text(kind: str, text: str) -> Value:
    """The value of a type whose canonical text this is."""
    return _READERS[Kind(kind)](text)


def as_kind(value: Value, kind: Kind) -> Value:
    """The value as a predicate of this type takes it: a text may name an entity, an integer may be a number.

    Raises:
        BadValue: it is of another type.
    """
    given = kind_of(value)
    if given is kind:
        return value
    if kind is Kind.ENTITY and isinstance(value, str):
        return Entity(value)
    if kind is Kind.TEXT and isinstance(value, Entity):
        return value.name
    if kind is Kind.NUMBER and isinstance(value, int) and given is Kind.INTEGER:
        return float(value)
    raise BadValue(f"{short(value)} is of type {given}, and {kind} is wanted")


def key_of(text: str) -> str:
    """What stands for a canonical text in indexes: itself, or its start and digest."""
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[:100]}…{hashlib.sha256(text.encode()).hexdigest()}"


def number_of(value: Value) -> float | None:
    """The value as a number, for order; None if it has none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def check_text(text: str, what: str = "a text") -> str:
    """The text, if every database can keep it.

    Raises:
        BadValue: it cannot be kept.
    """
    if "\0" in text:
        raise BadValue(f"{what} with a NUL character in it: {short(text)}")
    if len(text) > LARGEST:
        raise BadValue(f"{what} of {len(text)} characters; at most {LARGEST} can be kept")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadValue(f"{what} with half of a character in it (a lone surrogate): {short(text)}") from None
    return text


def check_name(name: str, what: str = "a name") -> str:
    """The name, if it can be one.

    Raises:
        BadValue: it is empty, too long, or has a line break or an outer blank.
    """
    if not name or name.strip() != name:
        raise BadValue(f"{what} that is empty or begins or ends with a blank: {short(name)}")
    if len(name) > LONGEST_NAME:
        raise BadValue(f"{what} of {len(name)} characters; at most {LONGEST_NAME} are allowed: {short(name)}")
    if not name.isprintable():
        raise BadValue(f"{what} with a character that cannot be printed: {short(name)}")
    return check_text(name, what)


def short(value: object, longest: int = 60) -> str:
    """The value as Python writes it, cut where it is longer."""
    text = repr(value[: longest * 2]) if isinstance(value, str) else repr(value)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
