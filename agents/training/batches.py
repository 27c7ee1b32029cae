"""Examples as tensors, and the loss over them: choices between options, or answers as text.

Batches are padded on the left, so that what is predicted from ends at the same position in every row and the
vocabulary's logits are only computed there. Neighbouring choices whose prompts begin alike are read as one sequence
with a branch for each, the beginning once: two demands at one moment cost 120 tokens instead of 210.
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


def bundled(rows: Sequence[dict[str, Any]], most: int = 3) -> list[dict[str, Any]]:
    """Encoded choices as bundles: `prefix` ids, and `branches` that go on from it, at most so many.

    Neighbours are bundled if they share at least half of their tokens.
    """
    bundles: list[dict[str, Any]] = []
    for row in rows:
        last = bundles[-1] if bundles else None
        if last is not None and len(last["rows"]) < most:
            shared = _common(last["rows"][0]["input_ids"], row["input_ids"], last["shared"])
            if 2 * shared >= len(row["input_ids"]):
                last["rows"].append(row)
                last["shared"] = shared
                continue
        bundles.append({"rows": [row], "shared": len(row["input_ids"]) - 1})
    return [_bundle(each["rows"], each["shared"]) for each in bundles]


def _common(one: Sequence[int], other: Sequence[int], most: int) -> int:
    limit = min(most, len(one) - 1, len(other) - 1)
    return next((i for i in range(limit) if one[i] != other[i]), limit)


def _bundle(rows: Sequence[Mapping[str, Any]], shared: int) -> dict[str, Any]:
    branches = [{**row, "input_ids": row["input_ids"][shared:]} for row in rows]
    prefix = rows[0]["input_ids"][:shared]
    return {"prefix": prefix, "branches": branches, "input_ids": prefix}  # the trainer sorts by `input_ids`


@dataclass(frozen=True)
class ChoiceBatches:
    """Batches of bundled choices."""

    padding: int
    """Token id to pad with."""

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        """Tensors of a batch of bundles, each segment (prefix, branches) padded on the left to the same length.

        `input_ids`, `position_ids` (batch, length); `visible` (batch, 1, length, length), whether a position sees
        another; `ends` (branches,), where each branch ends; `options`, `labels` (batch, branches, most options).
        """
        count = max(len(row["branches"]) for row in rows)
        most = max(len(branch["options"]) for row in rows for branch in row["branches"])
        longest = max(len(branch["input_ids"]) for row in rows for branch in row["branches"])
        first = max(len(row["prefix"]) for row in rows)
        length = first + count * longest
        ids = torch.full((len(rows), length), self.padding)
        positions = torch.zeros((len(rows), length), dtype=torch.long)
        segments = torch.full((len(rows), length), -1)  # 0 prefix, then the branches; -1 padding
        options = torch.full((len(rows), count, most), -1)
        targets = torch.zeros((len(rows), count, most))
        for index, row in enumerate(rows):
            start = len(row["prefix"])
            parts = [(first, row["prefix"], 0)]
            parts += [(first + (n + 1) * longest, each["input_ids"], start) for n, each in enumerate(row["branches"])]
            for segment, (end, tokens, begin) in enumerate(parts):
                at = slice(end - len(tokens), end)
                ids[index, at] = torch.tensor(tokens, dtype=torch.long)
                positions[index, at] = torch.arange(begin, begin + len(tokens))
                segments[index, at] = segment
            for n, each in enumerate(row["branches"]):
                options[index, n, : len(each["options"])] = torch.tensor(each["options"])
                targets[index, n, : len(each["probabilities"])] = torch.tensor(each["probabilities"])
        own = segments[:, :, None] == segments[:, None, :]
        readable = own | (segments[:, None, :] == 0)
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        return {
            "input_ids": ids,
            "position_ids": positions,
            "visible": (readable & causal & (segments[:, None, :] >= 0)).unsqueeze(1),
            "ends": torch.tensor([first + (n + 1) * longest - 1 for n in range(count)]),
            "options": options,
            "labels": targets,
        }

    @staticmethod
    def loss(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """Mean cross entropy, in nats, between the targets and the distribution over the options."""
        options, targets = batch["options"], batch["labels"]
        dtype = torch.bfloat16 if torch.is_autocast_enabled(options.device.type) else torch.float32
        mask = torch.zeros(batch["visible"].shape, dtype=dtype, device=options.device)
        logits = model(
            input_ids=batch["input_ids"],
            position_ids=batch["position_ids"],
            attention_mask=mask.masked_fill(~batch["visible"], torch.finfo(dtype).min),
            logits_to_keep=batch["ends"],
            use_cache=False,
        ).logits
        chosen = logits.float().gather(2, options.clamp(min=0)).masked_fill(options < 0, -1e9)
        losses = -(targets * log_softmax(chosen, dim=-1)).sum(dim=-1)
        there = (options >= 0).any(dim=-1)
        return losses[there].mean()


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
        """Mean cross entropy of the answers' tokens, in nats.

        The positions are named, not sliced: over a slice, torch copies the vocabulary's weights for every row, which
        was half of the time of a step of 8 rows of 60 tokens.
        """
        labels = batch["labels"]
        end = batch["input_ids"].shape[1] - 1  # nothing is predicted from the last token
        logits = model(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            logits_to_keep=torch.arange(end - labels.shape[1], end, device=labels.device),
            use_cache=False,
        ).logits
        return cross_entropy(logits.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED)


def _left_padded(prompts: Sequence[Sequence[int]], padding: int) -> dict[str, torch.Tensor]:
    longest = max(map(len, prompts))
    ids = torch.full((len(prompts), longest), padding)
    mask = torch.zeros((len(prompts), longest), dtype=torch.long)
    for index, prompt in enumerate(prompts):
        ids[index, longest - len(prompt) :] = torch.tensor(prompt)
        mask[index, longest - len(prompt) :] = 1
    return {"input_ids": ids, "attention_mask": mask}
