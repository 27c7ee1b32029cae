"""Private pieces of a text, the kinds that there are, and how overlapping finds become one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

KINDS = (
    "PERSON", "EMAIL", "PHONE", "ADDRESS", "DATE_OF_BIRTH", "CARD", "IBAN", "SSN", "ID", "SECRET", "IP", "ACCOUNT",
    "URL", "ORG", "PLACE", "GROUP", "DETAIL",
)  # fmt: skip
"""DETAIL is anything else that the private set holds."""

HARD = frozenset({"EMAIL", "PHONE", "ADDRESS", "DATE_OF_BIRTH", "CARD", "IBAN", "SSN", "ID", "SECRET", "IP", "ACCOUNT"})
"""Kinds whose form tells: they never leave, whoever they belong to."""


class DetectorFailed(RuntimeError):
    """A detector that could not look at a text; what it should have looked at must then not be sent."""


@dataclass(frozen=True, slots=True)
class Span:
    """A private piece of a text."""

    start: int
    end: int
    kind: str
    source: str
    """Who found it: `pattern`, `private`, `overlap`, `fuzzy`, `entities`, `tagger`."""


class Detector(Protocol):
    """Finds private pieces."""

    @property
    def name(self) -> str:
        """What receipts call it."""

    def find(self, text: str) -> list[Span]:
        """The private pieces of a text.

        Raises:
            DetectorFailed: it could not look.
        """


_RANK = {"private": 0, "pattern": 1, "fuzzy": 2, "tagger": 3, "entities": 4, "overlap": 5}


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap, in order, and that cover all that the given ones cover.

    Overlapping spans become one, of the kind that the surest of them has: what the private set says, then a pattern,
    then the longest.
    """
    result: list[Span] = []
    surest: Span | None = None
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if span.start >= span.end:
            continue
        if result and surest is not None and span.start < result[-1].end:
            if _sureness(span) < _sureness(surest):
                surest = span
            last = result[-1]
            result[-1] = Span(last.start, max(last.end, span.end), surest.kind, surest.source)
        else:
            result.append(span)
            surest = span
    return result


def _sureness(span: Span) -> tuple[int, int]:
    return _RANK.get(span.source, 9), span.start - span.end


TOGETHER = 300
"""Characters from which on detectors look at a text at the same time."""


def found_by(detectors: Sequence[Detector], text: str) -> list[Span]:
    """What detectors find; in a longer text they look at the same time, which models outside of Python gain from.

    Raises:
        DetectorFailed: one of them could not look.
    """
    if len(detectors) < 2 or len(text) < TOGETHER:
        return [span for detector in detectors for span in detector.find(text)]
    first, *others = detectors
    looking = [_POOL.submit(detector.find, text) for detector in reversed(others)]
    found = first.find(text)
    return found + [span for each in looking for span in each.result()]


_POOL = ThreadPoolExecutor(max_workers=4, thread_name_prefix="detector")
