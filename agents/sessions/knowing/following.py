"""What follows from a correction: inferred at once, change by change, and shown beside what was told.

The first correction reads the whole base (seconds, for 100,000 facts); from then on each costs what it changes.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from html import escape

from brigade.knowledge import KnowledgeBase
from brigade.knowledge.changes import changed
from brigade.knowledge.inference.deriving import Inference
from brigade.knowledge.inference.engine import InferenceLimit, Limits
from brigade.knowledge.moments import now
from brigade.knowledge.records import INFERENCE, Record
from brigade.knowledge.rules import RuleError
from brigade.knowledge.text.writing import write_record

SHOWN = 100
"""Facts that are listed of those that came, and of those that went."""
PATIENCE = 60.0
"""Seconds that what follows may take."""


class Following:
    """Keeps what follows from a base up to date. Several threads may use one."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._inference = Inference(base, Limits(seconds=PATIENCE))
        self._lock = threading.Lock()

    def follow(self, since: int) -> str:
        """Infer what follows now; what has come and gone since a moment, as HTML."""
        with self._lock:
            if not self._base.rules() and not self._base.find(limit=1):
                return ""
            try:
                report = self._inference.infer()
            except (InferenceLimit, RuleError) as error:
                return f'<p class="failed">What follows was not inferred: {escape(str(error))}</p>'
        troubles = "".join(f"<p>Contradiction: {escape(each)}</p>" for each in report.contradictions)
        return self.shown(since) + troubles

    def shown(self, since: int) -> str:
        """What inference has changed since a moment, as HTML."""
        gone, come = ([each for each in some if _inferred(each)] for some in changed(self._base, since, now()))
        return _listed("Follows now", come) + _listed("Follows no more", gone)


def _inferred(record: Record) -> bool:
    return record.author.startswith(INFERENCE)


def _listed(title: str, records: Sequence[Record]) -> str:
    if not records:
        return ""
    lines = "".join(f"<li><code>{escape(write_record(each, bare=True))}</code></li>" for each in records[:SHOWN])
    more = f"<li>and {len(records) - SHOWN} more</li>" if len(records) > SHOWN else ""
    return f"<h2>{title}</h2><ul>{lines}{more}</ul>"
