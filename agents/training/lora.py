"""Fine-tuning of small language models with LoRA, on examples of choices or of texts.

A choice is learned from a distribution over options: cross entropy between it and the model's distribution over the
options' tokens at the last position, which is exactly what serving reads. A text is learned token by token, the answer
only. The loop, its checkpoints and its schedule are transformers' Trainer; the adapter is PEFT's. Knows no mind.

Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021), on every linear layer.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from brigade.agents.models.adapters import FACTS
from brigade.agents.models.weights import Source, load_transformers
from brigade.agents.training.batches import ChoiceBatches, ChoiceExample, Example, TextBatches, bundled, encode
from brigade.agents.training.curves import plot_losses
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fine-tune; the defaults suit 135 million parameters on two CPU cores."""

    rank: int = 16
    alpha: int = 32
    learning_rate: float = 1e-3
    warmup_share: float = 0.04
    epochs: float = 2.0
    batch_size: int = 8
    """Rows of a batch; choices that are read as one sequence are one row."""
    seed: int = 0
    evaluations: int = 6
    """Times that the validation loss is measured."""
    patience: int = 3
    """Evaluations without an improvement after which training ends."""
    checkpoint_minutes: float = 3.0
    top_layers: int | None = None
    """Only the uppermost so many layers learn; all by default. Half of them cost two thirds of the time."""


@dataclass(frozen=True, slots=True)
class Report:
    """How fine-tuning went."""

    steps: int
    best_step: int
    best_loss: float
    """Validation loss, nats an example (or a token, for texts)."""
    seconds: float
    device: str
    history: tuple[dict[str, float], ...]
    """The trainer's log."""


OnStep = Callable[[int, int, float], None]
"""Told the step, the number of steps, and the last training loss."""


def fine_tune(
    source: Source,
    train: Sequence[Example],
    validation: Sequence[Example],
    out: Path,
    recipe: Recipe | None = None,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
    start: Path | None = None,
) -> Report:
    """Train an adapter; the best one by validation loss ends up in `out/best`, loss curves in `out/losses.png`.

    Args:
        source: the weights to adapt.
        train: what to learn from; all choices or all texts.
        validation: what to choose the best adapter by.
        out: folder for checkpoints and results.
        recipe: how to train.
        device: `auto`, `cpu` or `cuda`.
        resume: go on from the last checkpoint in `out`, if there is one.
        on_step: told of progress.
        start: an adapter to go on with; a fresh one by default.

    Raises:
        ValueError: no examples, or no such device.
    """
    recipe = recipe or Recipe()
    if not train or not validation:
        raise ValueError("fine-tuning needs examples to learn from and examples to validate with")
    checkpoint = _last_checkpoint(out, resume)
    cuda = on_cuda(device)
    model, tokenizer = _adapted(source, recipe, cuda, start)
    rows = [_rows(examples, tokenizer) for examples in (train, validation)]
    arguments = _arguments(out / "checkpoints", recipe, len(rows[0]), cuda)
    batches = (ChoiceBatches if isinstance(train[0], ChoiceExample) else TextBatches)(_padding(tokenizer))
    keeper = _Keeper(out / "best", recipe, on_step)
    trainer = _LossTrainer(
        model=model,
        args=arguments,
        data_collator=batches,
        train_dataset=rows[0],
        eval_dataset=rows[1],
        callbacks=[keeper],
    )
    trainer.batches = batches
    trainer.remove_callback(PrinterCallback)
    begun = time.perf_counter()
    trainer.train(resume_from_checkpoint=checkpoint)
    history = tuple(trainer.state.log_history)
    plot_losses(history, out / "losses.png")
    seconds = time.perf_counter() - begun
    return Report(trainer.state.global_step, keeper.best_step, keeper.best, seconds, str(arguments.device), history)


def ship(fit: Path, target: Path, base: str, facts: Mapping[str, Any]) -> None:
    """Put the best adapter of a training folder there, with its loss curves and what its minds must know."""
    export(fit / "best", target, base)
    write_facts(target, facts)
    (target / "losses.png").write_bytes((fit / "losses.png").read_bytes())


def write_facts(target: Path, facts: Mapping[str, Any]) -> None:
    """Write what the minds that use an adapter must know of it."""
    (target / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def write_report(file: Path, report: Report, recipe: Recipe, **data: Any) -> None:
    """Keep how a training went, without its log, for the model card."""
    facts = asdict(report) | {"history": None, "recipe": asdict(recipe)} | data
    file.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def facts_of_training(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a model card says of a training, from what `write_report` kept."""
    recipe = {name: report["recipe"][name] for name in ("rank", "learning_rate", "batch_size", "epochs", "seed")}
    steps = {name: report[name] for name in ("steps", "best_step")}
    return recipe | steps | {"best_loss": f"{report['best_loss']:.3f}"}


def export(best: Path, target: Path, base: str) -> None:
    """Write an adapter in half precision, half as large, with the label of the weights that it is for."""
    from safetensors.torch import load_file, save_file

    target.mkdir(parents=True, exist_ok=True)
    tensors = load_file(best / "adapter_model.safetensors")
    halves = {name: tensor.to(torch.float16).contiguous() for name, tensor in tensors.items()}
    save_file(halves, target / "adapter_model.safetensors", metadata={"format": "pt"})
    config = json.loads((best / "adapter_config.json").read_text(encoding="utf-8")) | {"base_model_name_or_path": base}
    (target / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


class _LossTrainer(Trainer):
    """Transformers' trainer with the loss of our batches."""

    batches: ChoiceBatches | TextBatches

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, torch.Tensor | Any],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor | tuple[torch.Tensor, Any]:
        """See Trainer.compute_loss."""
        loss = self.batches.loss(model, inputs)
        return (loss, {}) if return_outputs else loss


class _Keeper(TrainerCallback):
    """Keeps the best adapter, saves checkpoints by the clock, stops when nothing improves any more."""

    def __init__(self, best: Path, recipe: Recipe, on_step: OnStep | None) -> None:
        self.folder = best
        self.best, self.best_step = float("inf"), 0
        self._recipe = recipe
        self._on_step = on_step
        self._loss = float("nan")
        self._saved = time.monotonic()

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """After a break, the best so far is in the log."""
        for entry in state.log_history:
            if entry.get("eval_loss", self.best) < self.best:
                self.best, self.best_step = entry["eval_loss"], int(entry["step"])

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Save if it is time."""
        control.should_save = time.monotonic() - self._saved > 60 * self._recipe.checkpoint_minutes
        if control.should_save:
            self._saved = time.monotonic()
        if self._on_step is not None:
            self._on_step(state.global_step, state.max_steps, self._loss)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        """Remember the loss."""
        self._loss = (logs or {}).get("loss", self._loss)

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, float] | None = None,
        model: PeftModel | None = None,
        **_: Any,
    ) -> None:
        """Keep the adapter if it is the best, stop if the best is long ago."""
        loss = (metrics or {})["eval_loss"]
        if loss < self.best and model is not None:
            self.best, self.best_step = loss, state.global_step
            model.save_pretrained(str(self.folder))
        losses = [entry["eval_loss"] for entry in state.log_history if "eval_loss" in entry]
        if len(losses) > self._recipe.patience and min(losses[-self._recipe.patience :]) > min(losses):
            control.should_training_stop = True


def _rows(examples: Sequence[Example], tokenizer: PreTrainedTokenizerBase) -> list[dict[str, Any]]:
    encoded = [encode(example, tokenizer) for example in examples]
    return bundled(encoded) if isinstance(examples[0], ChoiceExample) else encoded


def on_cuda(device: str) -> bool:
    """Whether a device by name is a GPU.

    Raises:
        ValueError: no such device.
    """
    if device not in DEVICES:
        raise ValueError(f"unknown device {device!r} (known: {', '.join(DEVICES)})")
    cuda = torch.cuda.is_available() and device != "cpu"
    if device == "cuda" and not cuda:
        raise ValueError("there is no CUDA device; use --device cpu or auto")
    return cuda


def _arguments(folder: Path, recipe: Recipe, rows: int, cuda: bool) -> TrainingArguments:
    steps = max(1, round(recipe.epochs * rows / recipe.batch_size))
    every = max(1, steps // recipe.evaluations)
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=2 * recipe.batch_size,
        max_steps=steps,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=round(recipe.warmup_share * steps),
        bf16=half_precision(cuda),
        use_cpu=not cuda,
        eval_strategy="steps",
        eval_steps=every,
        logging_steps=min(every, 10),
        save_strategy="no",  # by the clock instead: see _Keeper
        save_total_limit=1,
        seed=recipe.seed,
        train_sampling_strategy="group_by_length",
        remove_unused_columns=False,
        prediction_loss_only=True,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        log_level="error",
        report_to=[],
    )


def half_precision(cuda: bool) -> bool:
    """Whether bfloat16 is faster here: on GPUs that know it, and on CPUs with matrix units (1.4 times on 2 cores)."""
    if cuda:
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_amx_tile_supported())


def _last_checkpoint(out: Path, resume: bool) -> str | None:
    folder = out / "checkpoints"
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(out / "best", ignore_errors=True)
    saved = sorted(folder.glob("checkpoint-*"), key=lambda each: int(each.name.rpartition("-")[2]))
    return str(saved[-1]) if saved else None


def _adapted(
    source: Source, recipe: Recipe, cuda: bool, start: Path | None = None
) -> tuple[PeftModel, PreTrainedTokenizerBase]:
    """The model with an adapter on every linear layer, a fresh one or the one to go on with, and its tokenizer."""
    from peft import LoraConfig, PeftModel, get_peft_model

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.manual_seed(recipe.seed)
    with redirect_stderr(StringIO()):  # the readers' own progress bars
        model, tokenizer = load_transformers(source)
    if not cuda:
        model.set_attn_implementation("eager")  # its backward pass is 4 times as fast as the fused one for 100 tokens
    if half_precision(cuda):
        model.to(torch.bfloat16)  # type: ignore[arg-type]  # the adapter stays in float32
    config = LoraConfig(
        r=recipe.rank, lora_alpha=recipe.alpha, task_type="CAUSAL_LM", target_modules=_targets(model, recipe.top_layers)
    )
    adapted = (
        PeftModel.from_pretrained(model, str(start), is_trainable=True) if start else get_peft_model(model, config)
    )
    assert isinstance(adapted, PeftModel)
    adapted.peft_config["default"].base_model_name_or_path = None  # no path of this machine, and no look-up on a hub
    return adapted, tokenizer


def _targets(model: PreTrainedModel, top: int | None) -> str:
    """Which modules learn: all linear ones, or as a regular expression those of the uppermost layers."""
    if top is None:
        return "all-linear"
    count = int(model.config.num_hidden_layers)
    return rf".*layers\.(?:{'|'.join(map(str, range(max(0, count - top), count)))})\..*_proj"


def _padding(tokenizer: PreTrainedTokenizerBase) -> int:
    token = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    assert isinstance(token, int)
    return token
