"""Policy gradient and rejection sampling run from an adapter to an adapter, and go on after a break."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from brigade.agents.models.weights import Source, converted, embedded_source
from brigade.agents.training.batches import TextExample
from brigade.agents.training.decomposer import course
from brigade.agents.training.decomposer.data import as_examples, row_of
from brigade.agents.training.decomposer.gradient import Gradient, train
from brigade.agents.training.decomposer.practice import PRACTISED, practice, scripted_for
from brigade.agents.training.decomposer.rewards import Judge
from brigade.agents.training.decomposer.sampling import helpful
from brigade.agents.training.decomposer.teachers import teach
from brigade.agents.training.lora import Recipe, fine_tune
from safetensors.torch import load_file

pytestmark = pytest.mark.filterwarnings("ignore")  # trl and datasets warn of their own future
HABITS = Gradient(steps=2, questions=2, group=2, tokens=24, checkpoint_steps=1)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A random Llama of two narrow layers with the embedded model's tokenizer."""
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("tiny")
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        shutil.copy(converted(embedded_source()) / name, folder / name)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49152, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, tie_word_embeddings=True, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    return Source("tiny", str(folder))


@pytest.fixture(scope="module")
def start(tiny: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that has hardly learned anything, on the upper layer alone."""
    items = practice(4, families=("single_sums",)).items
    examples: list[TextExample] = as_examples([row_of(item, "calc 1 + 1") for item in items])
    recipe = Recipe(rank=2, epochs=1.0, batch_size=4, evaluations=1, top_layers=1)
    out = tmp_path_factory.mktemp("start")
    fine_tune(tiny, examples, examples[:2], out, recipe, device="cpu")
    assert not any(".layers.0." in name for name in load_file(out / "best" / "adapter_model.safetensors"))
    return out / "best"


@pytest.mark.parametrize("method", ["grpo", "rloo"])
def test_policy_gradient_goes_from_adapter_to_adapter_and_on_after_a_break(
    method: str, tiny: Source, start: Path, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    habits = replace(HABITS, method=method)  # type: ignore[arg-type]  # both are methods
    questions = practice(4, families=("single_sums",))
    done = train(
        start, questions, tmp_path, replace(habits, steps=1), device="cpu", source=tiny,
        on_step=lambda step, steps, reward: told.append((step, steps)),
    )  # fmt: skip
    assert done.steps == 1
    assert (tmp_path / "policy" / "adapter_model.safetensors").is_file()
    again = train(start, questions, tmp_path, habits, device="cpu", source=tiny)
    assert again.steps == 2
    rows = [json.loads(line) for line in (tmp_path / "rewards.jsonl").read_text().splitlines()]
    assert len(rows) == len(again.rewards) >= 2
    assert rows[0]["refused"] == 1.0  # a model that babbles writes no plan
    assert told[0] == (1, 1)


def test_a_stage_says_which_one_has_to_come_before(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--stage supervised"):
        course.before(tmp_path, "gradient")
    for stage in ("supervised", "sampling"):
        folder = course.adapter_of(tmp_path, stage)
        folder.mkdir(parents=True)
        (folder / "adapter_config.json").write_text("{}")
        assert course.before(tmp_path, "gradient") == folder


def test_rejection_keeps_plans_that_turn_wrong_into_right_by_themselves() -> None:
    questions = practice(10, families=("chain_sum",))
    judge = Judge(questions.solver)
    wrong = [item for item in questions.items if not item.score(judge.attempt(item.question).answer)]
    kept = [helpful(judge.judge(item.question, teach(item) or "", item.score)) for item in wrong]
    assert sum(kept) > 0.7 * len(wrong) > 0
    assert not any(helpful(judge.judge(item.question, f"calc {item.answer} + 0", item.score)) for item in wrong)


def test_practice_is_of_the_training_split_and_its_solver_knows_the_key() -> None:
    questions = practice(2)
    assert {item.family for item in questions.items} == set(PRACTISED)
    tireless = scripted_for(questions.items)
    assert any(tireless.attempt(item.question).right for item in questions.items)
