"""Fine-tuning of the tagger: LoRA on the encoder and a new head, cross entropy over tokens."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from brigade.agents.privacy.tagger import WINDOW
from brigade.agents.privacy.tagger_weights import LABELS, WHEEL, load_base
from brigade.agents.training.privacy.tagged import Tagged
from peft import LoraConfig, TaskType, get_peft_model

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

OnStep = Callable[[int, int, float], None]
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fine-tune."""

    epochs: float = 3.0
    batch: int = 8
    learning_rate: float = 1e-3
    rank: int = 8
    private_weight: float = 2.0
    """How much more a private token counts than another: what is missed leaks, what is masked only costs a word."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """How it went."""

    steps: int
    loss: float
    """Mean of the last tenth of the steps, nats a token."""
    seconds: float


def fit(examples: Sequence[Tagged], out: Path, recipe: Recipe | None = None, on_step: OnStep | None = None) -> Report:
    """Train an adapter and write it.

    Raises:
        ValueError: there are no examples.
        DetectorFailed: the encoder is not installed.
    """
    recipe = recipe or Recipe()
    if not examples:
        raise ValueError("the tagger needs texts to learn from")
    torch.manual_seed(recipe.seed)
    base, tokenizer = load_base()
    config = LoraConfig(
        task_type=TaskType.TOKEN_CLS,
        r=recipe.rank,
        lora_alpha=2 * recipe.rank,
        target_modules=["query", "key", "value", "dense"],
        modules_to_save=["classifier"],
    )
    model = get_peft_model(base, config)
    weights = torch.tensor([1.0] + [recipe.private_weight] * (len(LABELS) - 1))
    steps = max(1, int(recipe.epochs * len(examples) / recipe.batch))
    optimizer = torch.optim.AdamW(
        [each for each in model.parameters() if each.requires_grad], lr=recipe.learning_rate, weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps + 1, pct_start=0.1
    )
    start, losses = time.perf_counter(), []
    model.train()
    for step, batch in zip(range(steps), _batches(examples, tokenizer, recipe), strict=False):
        labels = batch.pop("labels")
        logits = model(**batch).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), weights, ignore_index=IGNORED)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if on_step is not None:
            on_step(step + 1, steps, losses[-1])
    model.save_pretrained(str(out))
    _without_paths(out)
    tail = losses[-max(1, steps // 10) :]
    return Report(steps, sum(tail) / len(tail), time.perf_counter() - start)


def _without_paths(out: Path) -> None:
    """PEFT writes where the encoder lies on this machine into the adapter, and a card full of blanks beside it."""
    file = out / "adapter_config.json"
    config = json.loads(file.read_text(encoding="utf-8")) | {"base_model_name_or_path": WHEEL}
    file.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (out / "README.md").unlink(missing_ok=True)


def _batches(
    examples: Sequence[Tagged], tokenizer: PreTrainedTokenizerBase, recipe: Recipe
) -> Iterator[dict[str, torch.Tensor]]:
    """Batches of texts of about the same length, in any order: padding would cost two thirds of the time."""
    chance = random.Random(recipe.seed)
    order = list(examples)
    while True:
        chance.shuffle(order)
        order.sort(key=lambda each: len(each.text) // 60)
        batches = [order[at : at + recipe.batch] for at in range(0, len(order), recipe.batch)]
        chance.shuffle(batches)
        for batch in batches:
            yield encode(batch, tokenizer)


def encode(examples: Sequence[Tagged], tokenizer: PreTrainedTokenizerBase) -> dict[str, Any]:
    """Token numbers, attention and labels, each of shape (batch, tokens); special tokens have no label."""
    encoded = tokenizer(
        [each.text for each in examples],
        truncation=True,
        max_length=WINDOW,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = encoded.pop("offset_mapping").tolist()
    labels = [
        [_label(start, end, each) for start, end in places] for places, each in zip(offsets, examples, strict=True)
    ]
    return {
        "input_ids": encoded["input_ids"],
        "attention_mask": encoded["attention_mask"],
        "labels": torch.tensor(labels),
    }


def _label(start: int, end: int, example: Tagged) -> int:
    if start == end:
        return IGNORED
    for first, last, kind in example.spans:
        if first < end and start < last:
            return LABELS.index(kind)
    return 0
