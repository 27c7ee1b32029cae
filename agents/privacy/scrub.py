"""Scrubbing replies: private-looking values that the user never supplied are taken out of what a model says.

Such a value is somebody else's (a model repeats what it was trained on), or a lure. Knows nothing of where text comes
from.
"""

from __future__ import annotations

from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.restore import Restorer
from brigade.agents.privacy.spans import HARD, merged
from brigade.agents.privacy.squeezed import squeeze

REMOVED = "[removed]"
HELD = 96
"""Characters that are held back, as a value may still be going on: more than an address or a key usually has."""
_DETECTOR = PatternDetector()


class Scrubber:
    """Scrubs one text that comes in pieces.

    Args:
        supplied: what the user sent; values in it may come back.
    """

    def __init__(self, supplied: str) -> None:
        self._supplied = squeeze(supplied)
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be given out once this piece has come."""
        return self._go(self._held + piece, keep=HELD)

    def flush(self) -> str:
        """What was held back, when nothing more comes."""
        return self._go(self._held, keep=0)

    def _go(self, text: str, keep: int) -> str:
        end = max(0, len(text) - keep)
        while keep and end > 0 and not text[end - 1].isspace() and len(text) - end < 2 * keep:
            end -= 1
        spans = [span for span in merged(_DETECTOR.find(text)) if span.kind in HARD]
        for span in spans:
            if span.start < end < span.end:
                end = span.start
        out: list[str] = []
        done = 0
        for span in spans:
            if span.end <= end and squeeze(text[span.start : span.end]) not in self._supplied:
                out += text[done : span.start], REMOVED
                done = span.end
        out.append(text[done:end])
        self._held = text[end:]
        return "".join(out)


class ScrubbedRestorer:
    """Restores, then scrubs: values that were put back are the user's own."""

    def __init__(self, restorer: Restorer, scrubber: Scrubber) -> None:
        self._restorer, self._scrubber = restorer, scrubber

    def feed(self, piece: str) -> str:
        """See Scrubber.feed."""
        return self._scrubber.feed(self._restorer.feed(piece))

    def flush(self) -> str:
        """See Scrubber.flush."""
        return self._scrubber.feed(self._restorer.flush()) + self._scrubber.flush()
