"""Examples as tensors, and the loss over them: choices between options, or answers as text.

Batches are padded on the left, so that what is predicted from ends at the last position and the vocabulary's logits
are only computed where they are needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from brigade.agents.models import Message
from torch.nn.functional import cross_entropy, log_softmax

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

IGNORED = -100
"""Label of a token that is not learned."""


@dataclass(frozen=True, slots=True)
class ChoiceExample:
    """A question, the options to answer it with, and how probable each should be."""

    messages: tuple[Message, ...]
    options: tuple[str, ...]
    """Each begins with a token of its own."""
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TextExample:
    """A conversation and its answer."""

    messages: tuple[Message, ...]
    answer: str


Example = ChoiceExample | TextExample


def encode(example: Example, tokenizer: PreTrainedTokenizerBase) -> dict[str, Any]:
    """An example as token ids, with the chat template that serving uses.

    Raises:
        ValueError: two options begin with the same token.
    """
    turns = [{"role": message.role, "content": message.content} for message in example.messages]
    text = tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False)
    assert isinstance(text, str)
    prompt = tokenizer.encode(text, add_special_tokens=False)
    if isinstance(example, TextExample):
        answer = [*tokenizer.encode(example.answer, add_special_tokens=False), tokenizer.eos_token_id]
        return {"input_ids": prompt + answer, "answer": len(answer)}
    options = [tokenizer.encode(option, add_special_tokens=False)[0] for option in example.options]
    if len(set(options)) != len(options):
        raise ValueError(f"options must begin with different tokens: {', '.join(example.options)}")
    return {"input_ids": prompt, "options": options, "probabilities": list(example.probabilities)}


@dataclass(frozen=True)
class ChoiceBatches:
    """Batches of choices."""

    padding: int
    """Token id to pad with."""

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        """Tensors of a batch: prompts (batch, length), options and targets (batch, most options)."""
        batch = _left_padded([row["input_ids"] for row in rows], self.padding)
        most = max(len(row["options"]) for row in rows)
        options = torch.full((len(rows), most), -1)
        targets = torch.zeros((len(rows), most))
        for index, row in enumerate(rows):
            options[index, : len(row["options"])] = torch.tensor(row["options"])
            targets[index, : len(row["probabilities"])] = torch.tensor(row["probabilities"])
        return batch | {"options": options, "labels": targets}

    @staticmethod
    def loss(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """Mean cross entropy, in nats, between the targets and the distribution over the options."""
        options, targets = batch["options"], batch["labels"]
        logits = model(
            input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], logits_to_keep=1, use_cache=False
        ).logits[:, -1]
        chosen = logits.float().gather(1, options.clamp(min=0)).masked_fill(options < 0, -1e9)
        return -(targets * log_softmax(chosen, dim=-1)).sum(dim=-1).mean()


@dataclass(frozen=True)
class TextBatches:
    """Batches of conversations with their answers."""

    padding: int
    """Token id to pad with."""

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        """Tensors of a batch, (batch, length); labels cover the longest answer, IGNORED before shorter ones."""
        batch = _left_padded([row["input_ids"] for row in rows], self.padding)
        longest = max(row["answer"] for row in rows)
        labels = torch.full((len(rows), longest), IGNORED)
        for index, row in enumerate(rows):
            labels[index, longest - row["answer"] :] = torch.tensor(row["input_ids"][-row["answer"] :])
        return batch | {"labels": labels}

    @staticmethod
    def loss(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """Mean cross entropy of the answers' tokens, in nats."""
        labels = batch["labels"]
        logits = model(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            logits_to_keep=labels.shape[1] + 1,
            use_cache=False,
        ).logits[:, :-1]
        return cross_entropy(logits.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED)


def _left_padded(prompts: Sequence[Sequence[int]], padding: int) -> dict[str, torch.Tensor]:
    longest = max(map(len, prompts))
    ids = torch.full((len(prompts), longest), padding)
    mask = torch.zeros((len(prompts), longest), dtype=torch.long)
    for index, prompt in enumerate(prompts):
        ids[index, longest - len(prompt) :] = torch.tensor(prompt)
        mask[index, longest - len(prompt) :] = 1
    return {"input_ids": ids, "attention_mask": mask}
