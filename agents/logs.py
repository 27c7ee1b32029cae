"""Logs for machines and people, with one setup: `--log-format json|text`, or BRIGADE_LOG in the environment.

A line says what happened, how long it took, and by which route: the events of telemetry, with its closed vocabulary,
and the warnings of our own loggers, of which only names and numbers are kept. Of other libraries a line says who
warned and with which class of error, and nothing of the text, which may quote what somebody wrote.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TextIO

VARIABLE = "BRIGADE_LOG"
OWN, EVENTS = "brigade", "brigade.events"
LEVELS = ("debug", "info", "warning", "error")
FACTS = "brigade_facts"
"""Where a record of EVENTS carries its facts."""
_NAME = re.compile(r"[\w.]{1,48}")
_events = logging.getLogger(EVENTS)


class LogsUnusable(ValueError):
    """A format or level that there is not."""


def set_up(wanted: str, stream: TextIO | None = None) -> logging.Handler:
    """Write logs from now on; a second call replaces the first.

    Args:
        wanted: `json` or `text`, and perhaps a level: `json:debug`; `info` by default.
        stream: where to; standard error by default.

    Raises:
        LogsUnusable: it is something else.
    """
    form, _, level = wanted.partition(":")
    if form not in _FORMS or (level or "info") not in LEVELS:
        raise LogsUnusable(f"{VARIABLE}={wanted!r}: known are json and text, alone or with :{', :'.join(LEVELS)}")
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Discreet(form))
    root, own = logging.getLogger(), logging.getLogger(OWN)
    root.handlers = [each for each in root.handlers if not isinstance(each.formatter, _Discreet)]
    root.addHandler(handler)
    own.setLevel((level or "info").upper())
    return handler


def set_up_from_environment() -> None:
    """Write logs, if the environment says so.

    Raises:
        LogsUnusable: what it says is unknown.
    """
    if wanted := os.environ.get(VARIABLE, ""):
        set_up(wanted)


def event(name: str, facts: Mapping[str, str | int | float | bool], level: int = logging.INFO) -> None:
    """Something happened; the facts must be of telemetry's vocabulary, and are handed over by it alone."""
    if _events.isEnabledFor(level) and _events.hasHandlers():
        _events.log(level, name, extra={FACTS: dict(facts)})


def _as_text(said: Mapping[str, object]) -> str:
    first = ("time", "level", "logger", "event")
    rest = [f"{name}={value}" for name, value in said.items() if name not in first]
    return " ".join([*(str(said[name]) for name in first), *rest])


_FORMS: Mapping[str, Callable[[Mapping[str, object]], str]] = {"json": json.dumps, "text": _as_text}


class _Discreet(logging.Formatter):
    """Makes a line of what a record may say."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._line = _FORMS[form]

    def format(self, record: logging.LogRecord) -> str:
        return self._line(_said(record))


def _said(record: logging.LogRecord) -> dict[str, object]:
    own = record.name == OWN or record.name.startswith(f"{OWN}.")
    said: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _message(record) if own else "a library says something",
    }
    if record.exc_info and record.exc_info[0] is not None:
        said["error"] = record.exc_info[0].__name__
    facts = getattr(record, FACTS, None)
    return said | (facts if record.name == EVENTS and isinstance(facts, dict) else {})


def _message(record: logging.LogRecord) -> str:
    """Our own words, with names and numbers filled in, and of errors their class."""
    args = record.args if isinstance(record.args, tuple) else ()
    try:
        return str(record.msg) % tuple(_plain(each) for each in args) if args else str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


def _plain(value: object) -> object:
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, bool | int | float):
        return value
    return value if isinstance(value, str) and _NAME.fullmatch(value) else "..."
