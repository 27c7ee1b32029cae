"""Moments and identities: whole microseconds since 1970 in UTC, and numbers that grow with time.

Microseconds as integers are exact and compare alike in every database; text has them as ISO 8601.
"""

from __future__ import annotations

import datetime
import time

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICRO = datetime.timedelta(microseconds=1)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 13


class BadMoment(ValueError):
    """A text that says no moment, or no identity."""


def now() -> int:
    """This moment."""
    return time.time_ns() // 1000


def moment_of(when: datetime.datetime | datetime.date) -> int:
    """A date's first moment, or a moment; one without an offset is taken as UTC."""
    if not isinstance(when, datetime.datetime):
        when = datetime.datetime(when.year, when.month, when.day)
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.UTC)
    return (when - _EPOCH) // _MICRO


def read_moment(text: str) -> int:
    """The moment that an ISO 8601 date or time says.

    Raises:
        BadMoment: it says none.
    """
    try:
        return moment_of(datetime.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise BadMoment(f"{text!r} is no date or time such as 2026-11-24 or 2026-11-24T10:30:00+00:00") from None


def written_moment(moment: int) -> str:
    """A moment as ISO 8601, exactly."""
    when = _EPOCH + moment * _MICRO
    if when.time() == datetime.time(0):
        return when.date().isoformat()
    return when.isoformat().removesuffix("+00:00") + "Z"


def new_id(last: int, at: int) -> int:
    """The first of a row of identities that are above `last`: 42 bits of milliseconds, 21 below them.

    Bases that grew apart can be merged, since their identities come from their times.
    """
    return max(last + 1, (at // 1000) << 21)


def written_id(identity: int) -> str:
    """An identity as people see it: 13 letters and digits, which sort by age."""
    digits = []
    for _ in range(_LENGTH):
        identity, digit = divmod(identity, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def read_id(text: str) -> int:
    """The identity that is written so.

    Raises:
        BadMoment: it is none.
    """
    try:
        digits = [_ALPHABET.index(letter) for letter in text.lower()]
    except ValueError:
        raise BadMoment(f"{text!r} is no identity") from None
    identity = 0
    for digit in digits:
        identity = identity * 32 + digit
    if len(digits) != _LENGTH or identity >= 2**63:
        raise BadMoment(f"{text!r} is no identity of {_LENGTH} letters and digits")
    return identity
