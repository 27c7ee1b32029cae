"""The fine-tuned tagger: a token classifier on a small encoder that finds private words. For its weights see there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from brigade.agents.privacy.spans import DetectorFailed, Span
from brigade.agents.privacy.tagger_weights import HEAD, LABELS, adapter_folder, encoder_folder, served
from numpy.typing import NDArray

if TYPE_CHECKING:
    import ctranslate2
    from tokenizers import Encoding, Tokenizer

WINDOW, OVERLAP = 256, 32
"""Tokens of one look, and those that two looks share. With 128 and 16 a token costs a fifth less; of PUPA's second half
as much leaks, and 0.2 % fewer of its other words are kept."""
THRESHOLD = 0.5
"""Probability of being private from which on a token counts as such; a word counts if one of its tokens does."""


class TaggerDetector:
    """Finds private words.

    Args:
        folder: the adapter.
        threshold: see THRESHOLD.

    Raises:
        DetectorFailed: there is no adapter, or no encoder.
    """

    name = "tagger"

    def __init__(self, folder: Path | None = None, threshold: float = THRESHOLD) -> None:
        where = folder or adapter_folder()
        if not (where / "adapter_config.json").is_file():
            raise DetectorFailed(f"no trained tagger in {where}; run: brigade train tagger")
        self._threshold = threshold
        self._served = _load(where)
        self._lock = threading.Lock()

    def find(self, text: str) -> list[Span]:
        """See Detector.find."""
        if not text.strip():
            return []
        try:
            with self._lock:
                windows = self._served.probabilities(text)
        except (RuntimeError, ValueError) as error:
            raise DetectorFailed(f"the tagger failed ({type(error).__name__})") from None
        return [span for offsets, told in windows for span in self._spans(offsets, told)]

    def _spans(self, offsets: Sequence[tuple[int, int]], told: NDArray[np.float32]) -> list[Span]:
        """Runs of private tokens; each of the kind that has most of the probability."""
        spans: list[Span] = []
        for (start, end), each in zip(offsets, told, strict=True):
            if start == end or 1 - each[0] < self._threshold:
                continue
            kind = LABELS[1 + int(each[1:].argmax())]
            if spans and start - spans[-1].end <= 1:
                spans[-1] = Span(spans[-1].start, end, spans[-1].kind, self.name)
            else:
                spans.append(Span(start, end, kind, self.name))
        return spans


class _Served:
    """The converted encoder, its tokenizer, and the head."""

    def __init__(self, encoder: ctranslate2.Encoder, tokenizer: Tokenizer, folder: Path) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        with np.load(folder / HEAD) as head:
            self._weight, self._bias = head["weight"], head["bias"]

    def probabilities(self, text: str) -> list[tuple[list[tuple[int, int]], NDArray[np.float32]]]:
        """For each window the places of its tokens and the probabilities of their labels, shape (tokens, labels)."""
        whole = self._tokenizer.encode(text)
        windows = [whole, *whole.overflowing]
        full = [each for each in windows if len(each.ids) == WINDOW]
        rest = windows[len(full) :]  # the last one by itself: padding costs as much as words
        return [told for batch in (full, rest) if batch for told in self._batch(batch)]

    def _batch(self, windows: Sequence[Encoding]) -> Iterator[tuple[list[tuple[int, int]], NDArray[np.float32]]]:
        states = np.array(self._encoder.forward_batch([each.ids for each in windows]).last_hidden_state)
        for window, state in zip(windows, states, strict=True):
            scores = state @ self._weight.T + self._bias
            shifted = np.exp(scores - scores.max(-1, keepdims=True))
            yield window.offsets, (shifted / shifted.sum(-1, keepdims=True)).astype(np.float32)


@lru_cache(maxsize=2)
def _load(adapter: Path) -> _Served:
    import ctranslate2
    from tokenizers import Tokenizer

    folder = served(adapter)
    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=WINDOW, stride=OVERLAP)
    return _Served(ctranslate2.Encoder(str(folder), compute_type="int8", intra_threads=1), tokenizer, folder)
