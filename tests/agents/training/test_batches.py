"""Batches give every token the place and the sight that it has when it is served."""

from __future__ import annotations

import pytest
import torch
from brigade.agents.models import Message
from brigade.agents.models.weights import converted, embedded_source
from brigade.agents.training.batches import (
    IGNORED,
    ChoiceBatches,
    ChoiceExample,
    TextBatches,
    TextExample,
    bundled,
    encode,
)
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerBase


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerBase:
    found = AutoTokenizer.from_pretrained(str(converted(embedded_source())))
    assert isinstance(found, PreTrainedTokenizerBase)
    return found


@pytest.fixture(scope="module")
def model() -> LlamaForCausalLM:
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=49152, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, initializer_range=0.5, bos_token_id=1, eos_token_id=2, pad_token_id=2,
    )  # fmt: skip
    made = LlamaForCausalLM(config)
    made.set_attn_implementation("eager")
    made.train(False)
    return made


def ask(text: str) -> tuple[Message, ...]:
    return Message("system", "Answer.", fixed=True), Message("user", text)


def choice(text: str, *shares: float) -> ChoiceExample:
    return ChoiceExample(ask(text), tuple("ABCDE"[: len(shares)]), shares)


EXAMPLES = [
    choice("A kitchen with two pots and a plate. Wanted: nothing.", 0.2, 0.8),
    choice("A kitchen with two pots and a plate. Wanted: Chop Onion x2.", 1.0, 0.0),
    choice("Short.", 0.1, 0.2, 0.7),
    choice("Nothing in common with that, and much longer than it is.", 0.5, 0.5),
    choice("Nothing in common with that, and much longer than it was.", 0.4, 0.6),
]


def test_bundled_choices_have_the_loss_that_each_has_alone(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerBase
) -> None:
    rows = [encode(example, tokenizer) for example in EXAMPLES]
    bundles = bundled(rows, most=2)
    assert [len(bundle["branches"]) for bundle in bundles] == [2, 1, 2]
    alone = []
    with torch.no_grad():
        for row in rows:
            logits = model(input_ids=torch.tensor([row["input_ids"]])).logits[0, -1]
            shares = logits[torch.tensor(row["options"])].log_softmax(0)
            alone.append(-(torch.tensor(row["probabilities"]) * shares).sum())
        together = ChoiceBatches.loss(model, ChoiceBatches(2)(bundles))
    assert together.item() == pytest.approx(torch.stack(alone).mean().item(), abs=1e-4)


def test_texts_have_the_loss_of_their_answers_alone(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerBase
) -> None:
    rows = [encode(TextExample(ask(text), answer), tokenizer) for text, answer in (("a", "one, two"), ("b c d e", "x"))]
    batch = TextBatches(2)(rows)
    assert batch["labels"][1].tolist().count(IGNORED) == rows[0]["answer"] - rows[1]["answer"]
    total, tokens = 0.0, 0
    with torch.no_grad():
        for row in rows:
            ids = torch.tensor([row["input_ids"]])
            labels = ids.clone()
            labels[0, : -row["answer"]] = IGNORED
            total += row["answer"] * model(input_ids=ids, labels=labels).loss.item()
            tokens += row["answer"]
        together = TextBatches.loss(model, batch)
    assert together.item() == pytest.approx(total / tokens, abs=1e-4)
