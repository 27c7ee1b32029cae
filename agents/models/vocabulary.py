"""Tokenizers of embedded models: read once per process, whichever models use them.

Reading one takes 70 ms and preparing it for grammars 230 ms, both without letting other threads run, so a server does
it before anybody plays (`embedded.read_early`). Models fine-tuned from the same weights share one.
"""

from __future__ import annotations

import threading
from hashlib import sha256
from pathlib import Path

from llguidance import LLTokenizer
from tokenizers import Tokenizer

FILE = "tokenizer.json"


class Vocabulary:
    """A tokenizer, and the same for grammars."""

    def __init__(self, text: str) -> None:
        self.tokenizer: Tokenizer = Tokenizer.from_str(text)
        self._text = text
        self._for_grammars: dict[int, LLTokenizer] = {}
        self._lock = threading.Lock()

    def for_grammars(self, end: int) -> LLTokenizer:
        """The tokenizer as grammars need it, with the number of the token that ends an answer."""
        with self._lock:
            if end not in self._for_grammars:
                self._for_grammars[end] = LLTokenizer(self._text, eos_token=end)
            return self._for_grammars[end]


_known: dict[bytes, Vocabulary] = {}
_lock = threading.Lock()


def vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary of the converted model in this folder; folders with the same one share it."""
    text = (folder / FILE).read_bytes()
    digest = sha256(text).digest()
    with _lock:
        if digest not in _known:
            _known[digest] = Vocabulary(text.decode())
        return _known[digest]
