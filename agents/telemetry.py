"""OpenTelemetry and logs, off by default: how many decisions and requests, how long, by which route, what did not leak.

Nothing is measured until `enable` is called (or `BRIGADE_TELEMETRY=otlp|console` is set for the command line). What a
span or a metric may say is a closed list: numbers, and words of our own vocabulary. Whatever else is handed over, be
it a question, a name, a path or an error's text, is dropped here, so that no caller can let private text out.
"""

from __future__ import annotations

import functools
import logging
import os
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from brigade.agents import logs

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram, Meter, MeterProvider
    from opentelemetry.trace import Tracer, TracerProvider

VARIABLE = "BRIGADE_TELEMETRY"
Value = str | int | float | bool
P = ParamSpec("P")
R = TypeVar("R")

_WORDS: Mapping[str, frozenset[str]] = {
    "route": frozenset({"none", "local", "sketch", "fuse", "redact", "cloud"}),
    "status": frozenset({"open", "done", "refused", "failed", "cut"}),
    "event": frozenset({"message", "answer", "decide", "recall"}),
    "strategy": frozenset({"direct", "code", "decompose", "retrieve", "escalate", "auto"}),
    "direction": frozenset({"prompt", "completion", "remote"}),
    "by": frozenset({"lexicon", "model", "plain", "program", "memory"}),
}
"""Attributes that are words, and the words that they may be."""
_FORMS: Mapping[str, re.Pattern[str]] = {
    "kind": re.compile(r"[A-Z_]{2,24}"),
    "error": re.compile(r"[A-Za-z_]{1,48}"),
}
"""Attributes that are names in our sources: kinds of private things, codes and classes of errors."""
_NUMBERS = frozenset({"words", "recalled", "calls", "tokens", "remembered", "withheld", "overruled"})


class TelemetryMissing(ValueError):
    """OpenTelemetry is wanted and not installed, or in a way that there is not."""


@dataclass
class _Active:
    tracer: Tracer
    meter: Meter
    counters: dict[str, Counter] = field(default_factory=dict)
    histograms: dict[str, Histogram] = field(default_factory=dict)


_active: _Active | None = None


def enable(tracers: TracerProvider | None = None, meters: MeterProvider | None = None) -> None:
    """Measure from now on.

    Args:
        tracers: where spans go; OpenTelemetry's global provider by default.
        meters: where metrics go; likewise.

    Raises:
        TelemetryMissing: OpenTelemetry is not installed.
    """
    global _active
    try:
        from opentelemetry import metrics, trace
    except ImportError:
        raise TelemetryMissing("telemetry needs OpenTelemetry: pip install 'brigade-agents[telemetry]'") from None
    tracer = trace.get_tracer("brigade", tracer_provider=tracers)
    _active = _Active(tracer, metrics.get_meter("brigade", meter_provider=meters))


def disable() -> None:
    """Measure no more."""
    global _active
    _active = None


def enable_from_environment() -> None:
    """Measure, if the environment says so; the OTLP exporter finds its collector by `OTEL_EXPORTER_OTLP_ENDPOINT`.

    Raises:
        TelemetryMissing: what it names is not installed, or unknown.
    """
    wanted = os.environ.get(VARIABLE, "")
    if wanted in ("", "0", "off"):
        return
    if wanted not in ("otlp", "console"):
        raise TelemetryMissing(f"{VARIABLE}={wanted!r}: known are otlp, console, off")
    from brigade.agents.exporting import providers

    enable(*providers(wanted))


@contextmanager
def span(name: str, **attributes: Value | None) -> Iterator[None]:
    """What happens in here took this long; if it fails, the class of the error is told and nothing of its text."""
    active = _active
    logs.event(name, _named(attributes), logging.DEBUG)
    if active is None:
        yield
        return
    from opentelemetry.trace import Status, StatusCode

    with active.tracer.start_as_current_span(
        name, attributes=allowed(attributes), record_exception=False, set_status_on_exception=False
    ) as one:
        try:
            yield
        except Exception as error:
            one.set_status(Status(StatusCode.ERROR))
            one.set_attributes(allowed({"error": type(error).__name__}))
            raise


def traced(name: str) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """A coroutine function whose calls are spans."""

    def decorate(act: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @functools.wraps(act)
        async def measured(*args: P.args, **more: P.kwargs) -> R:
            with span(name):
                return await act(*args, **more)

        return measured

    return decorate


def count(name: str, value: float = 1, **attributes: Value | None) -> None:
    """So many more of them."""
    active = _active
    if active is None:
        return
    if name not in active.counters:
        active.counters[name] = active.meter.create_counter(name)
    active.counters[name].add(value, allowed(attributes))


def took(name: str, seconds: float, **attributes: Value | None) -> None:
    """One of them took so long."""
    active = _active
    logs.event(name, {"seconds": round(seconds, 4), **_named(attributes)})
    if active is None:
        return
    if name not in active.histograms:
        active.histograms[name] = active.meter.create_histogram(name, unit="s")
    active.histograms[name].record(seconds, allowed(attributes))


def allowed(attributes: Mapping[str, Value | None]) -> dict[str, Value]:
    """Those attributes that tell nothing private; the others are dropped."""
    return {f"brigade.{name}": value for name, value in attributes.items() if value is not None and _fits(name, value)}


def _named(attributes: Mapping[str, Value | None]) -> dict[str, Value]:
    """The same for logs, by their plain names."""
    return {name.removeprefix("brigade."): value for name, value in allowed(attributes).items()}


def _fits(name: str, value: Value) -> bool:
    if name in _NUMBERS:
        return isinstance(value, int | float)
    if not isinstance(value, str):
        return False
    return value in _WORDS.get(name, ()) or (name in _FORMS and _FORMS[name].fullmatch(value) is not None)
