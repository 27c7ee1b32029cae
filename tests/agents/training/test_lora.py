"""Fine-tuning learns choices and answers, goes on after a break, and what it makes is served as it was trained."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from brigade.agents.models import Message, ModelError, load_model
from brigade.agents.models.adapters import WEIGHTS, adapter_facts, find_adapter
from brigade.agents.models.embedded import EmbeddedModel
from brigade.agents.models.weights import Source, converted, embedded_source, load_transformers
from brigade.agents.training.batches import ChoiceExample, Example, TextExample, encode
from brigade.agents.training.lora import Recipe, export, fine_tune, write_facts
from safetensors.torch import load_file

RECIPE = Recipe(rank=4, learning_rate=5e-3, epochs=24, batch_size=8, evaluations=4, patience=4)
SMALL = "ignore::FutureWarning", "ignore::UserWarning"
pytestmark = [pytest.mark.filterwarnings(each) for each in SMALL]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A random Llama of two narrow layers with the embedded model's tokenizer and chat template.

    Its embeddings are tied and frozen, so they must be large enough for a logit to stand out among 49,152, and it has
    no padding token: its embedding would stay zero, and it is also the end of an answer.
    """
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("tiny")
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        shutil.copy(converted(embedded_source()) / name, folder / name)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49152, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, tie_word_embeddings=True, bos_token_id=1, eos_token_id=2,
        initializer_range=0.2,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    return Source("tiny", str(folder))


def ask(text: str) -> tuple[Message, ...]:
    return Message("system", "Answer.", fixed=True), Message("user", text)


def choices() -> list[Example]:
    wanted = {"red": (0.9, 0.1, 0.0), "green": (0.0, 0.1, 0.9)}
    pair: list[Example] = [ChoiceExample(ask(word), ("A", "B", "C"), shares) for word, shares in wanted.items()]
    return pair * 12


def in_torch(source: Source, turns: tuple[Message, ...], options: tuple[str, ...]) -> list[float]:
    """The probability of each option, each one token, as the weights have it in torch."""
    model, tokenizer = load_transformers(source)
    row = encode(ChoiceExample(turns, options, (1.0,) * len(options)), tokenizer)
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([row["input_ids"]])).logits[0, -1]
    chances: list[float] = logits[row["options"]].softmax(0).tolist()
    return chances


@pytest.fixture(scope="module")
def trained(tiny: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    report = fine_tune(tiny, choices(), choices()[:2], out, RECIPE, device="cpu")
    assert report.best_loss < 0.6  # the labels' own entropy is 0.33 nats, chance is 1.1
    return out


def test_choices_are_learned_and_the_best_adapter_is_kept(trained: Path) -> None:
    assert (trained / "losses.png").stat().st_size > 1000
    assert (trained / "best" / WEIGHTS).is_file()


def test_an_exported_adapter_is_in_half_precision_and_names_no_path(trained: Path, tmp_path: Path) -> None:
    export(trained / "best", tmp_path, "tiny")
    assert {tensor.dtype for tensor in load_file(tmp_path / WEIGHTS).values()} == {torch.float16}
    config = json.loads((tmp_path / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "tiny"


def test_what_is_served_is_what_was_trained(trained: Path, tiny: Source, tmp_path: Path) -> None:
    export(trained / "best", tmp_path / "colours", "tiny")
    model = EmbeddedModel("tiny", tiny.adapted(tmp_path / "colours"))
    red, green = (model.choose(ask(word), ["A", "B", "C"]).probabilities for word in ("red", "green"))
    assert red == pytest.approx((0.9, 0.1, 0.0), abs=0.3)
    assert green == pytest.approx((0.0, 0.1, 0.9), abs=0.3)


def test_another_adapter_is_converted_anew(trained: Path, tiny: Source, tmp_path: Path) -> None:
    export(trained / "best", tmp_path / "a", "tiny")
    before = tiny.adapted(tmp_path / "a").fingerprint
    assert before != tiny.fingerprint
    config = tmp_path / "a" / "adapter_config.json"
    config.write_text(config.read_text().replace('"r": 4', '"r": 8'))
    assert tiny.adapted(tmp_path / "a").fingerprint != before


def test_an_adapter_is_served_in_the_precision_that_it_asks_for(trained: Path, tiny: Source, tmp_path: Path) -> None:
    probabilities = []
    for precision in ("int8", "float32"):
        export(trained / "best", tmp_path / precision, "tiny")
        write_facts(tmp_path / precision, {"precision": precision})
        model = EmbeddedModel("tiny", tiny.adapted(tmp_path / precision))
        probabilities.append(model.choose(ask("red"), ["A", "B", "C"]).probabilities)
    exact = in_torch(tiny.adapted(tmp_path / "float32"), ask("red"), ("A", "B", "C"))
    rough, fine = (max(abs(p - q) for p, q in zip(each, exact, strict=True)) for each in probabilities)
    assert fine < 1e-3 < rough
    write_facts(tmp_path / "int8", {"precision": "int3"})
    with pytest.raises(ModelError, match=r"no precision 'int3' \(known: int8, float32\)"):
        tiny.adapted(tmp_path / "int8")


def test_after_a_break_training_goes_on_from_the_checkpoint(tiny: Source, tmp_path: Path) -> None:
    seen: list[int] = []
    for epochs in (2.0, 4.0):  # an epoch is one step: eight triples, each read as one sequence
        recipe = replace(RECIPE, epochs=epochs, checkpoint_minutes=0)
        fine_tune(
            tiny, choices(), choices()[:2], tmp_path, recipe, device="cpu", on_step=lambda step, *_: seen.append(step)
        )
    assert seen == [1, 2, 3, 4]
    fine_tune(
        tiny, choices(), choices()[:2], tmp_path, recipe, device="cpu", resume=False,
        on_step=lambda step, *_: seen.append(step),
    )  # fmt: skip
    assert seen[4:] == [1, 2, 3, 4]


def test_texts_are_learned_on_the_answer_only(tiny: Source, tmp_path: Path) -> None:
    texts: list[Example] = [TextExample(ask("Say it."), "onions"), TextExample(ask("Say more."), "onions, please")] * 4
    report = fine_tune(tiny, texts, texts[:2], tmp_path, replace(RECIPE, epochs=48), device="cpu")
    assert report.best_loss < 1
    export(tmp_path / "best", tmp_path / "says", "tiny")
    model = EmbeddedModel("tiny", tiny.adapted(tmp_path / "says"))
    said = [model.generate(ask(text), max_tokens=8).text for text in ("Say it.", "Say more.")]
    assert said == ["onions", "onions, please"]


def test_options_that_begin_alike_cannot_be_learned() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(converted(embedded_source())))
    with pytest.raises(ValueError, match="different tokens"):
        encode(ChoiceExample(ask("?"), ("Serve", "Serve Bob"), (0.5, 0.5)), tokenizer)


def test_an_adapter_that_is_not_there_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ModelError, match=r"no adapter is called 'nope'.*known: ") as caught:
        load_model("embedded:nope")
    assert "\n" not in str(caught.value)
    assert adapter_facts("openai:gpt") == {}


def test_an_adapter_of_another_model_is_refused(trained: Path, tmp_path: Path) -> None:
    export(trained / "best", tmp_path / "odd", "tiny")
    assert find_adapter(str(tmp_path / "odd")) == tmp_path / "odd"
    with pytest.raises(ModelError, match="does not fit the weights"):
        load_model(f"embedded:{tmp_path / 'odd'}")


def test_there_must_be_examples_and_a_known_device(tiny: Source, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="examples"):
        fine_tune(tiny, [], choices(), tmp_path)
    with pytest.raises(ValueError, match="unknown device 'abacus'"):
        fine_tune(tiny, choices(), choices(), tmp_path, device="abacus")
