"""The benchmark of routes: what reached the cloud is what is counted, and its measures are what they are called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from brigade.agents.models import LanguageModel, Message, OpenModel
from brigade.agents.training.privacy import fuse_bench, usefulness
from brigade.agents.training.privacy.bench import protection
from brigade.agents.training.privacy.fuse_data import along, tasks


def test_tasks_of_the_test_are_not_trained_on_and_name_what_they_use() -> None:
    trained, held = tasks(40, 0), tasks(40, 1, test=True)
    assert not {each.instruction for each in trained} & {each.instruction for each in held}
    for task in [*trained, *held]:
        assert all(value in task.text for value in task.used)
        assert not any(value in task.plain for value in task.used)
        assert all(value in task.private[0].content for _, value in task.profile)
        assert all(value not in task.public[0].content for _, value in task.profile)
    assert any(task.used for task in held)


def test_rouge_counts_words_in_order() -> None:
    assert usefulness.rouge("the cat sat", "the cat sat") == 1.0
    assert usefulness.rouge("the cat sat", "sat cat the") == pytest.approx(1 / 3)
    assert usefulness.rouge("", "the cat") == 0.0


def test_every_way_is_measured_by_what_reached_the_cloud(
    embedded: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usefulness, "TOKENS", 10)
    assert isinstance(embedded, OpenModel)
    seen: list[str] = []
    outcomes = usefulness.bench(embedded, embedded, 1, on_task=lambda name, at, of: seen.append(name))
    found = {each.name: each for each in outcomes}
    assert list(found) == seen
    assert {"no protection", "patterns", "profile unknown", "local", "sketch", "fuse", "redact", "cloud"} <= set(found)
    assert found["no protection"].leaked == 1.0
    for route in ("local", "sketch", "fuse", "redact", "cloud"):
        assert (found[route].leaked, found[route].fuzzy, found[route].refused) == (0.0, 0.0, 0), route
    assert found["local"].remote_share == 0.0
    assert found["fuse"].remote_share <= 0.25
    assert usefulness.table(outcomes, "a", "b").row_count == len(outcomes)


def test_presidio_finds_what_it_is_known_for() -> None:
    pytest.importorskip("presidio_analyzer")
    text = "I am Marta Kowalczyk of Northwind Traders, bob@example.com"
    found = {
        name: {text[s.start : s.end] for s in protection(name)[0].find(text)} for name in ("presidio", "presidio-all")
    }
    assert "bob@example.com" in found["presidio"]
    assert "Marta Kowalczyk" in found["presidio"]
    assert found["presidio"] <= found["presidio-all"]


def test_an_answer_read_in_one_pass_has_the_distributions_of_one_read_token_by_token(embedded: LanguageModel) -> None:
    assert isinstance(embedded, OpenModel)
    messages = [Message("user", "Say hello.")]
    ids = embedded.token_ids("Hello, my friend!")
    told = along(embedded, messages, ids)
    assert told.shape[0] == len(ids)
    for at in (0, len(ids) - 1):
        one = embedded.next_token_logprobs(messages, embedded.spell(ids[:at]))
        assert np.allclose(told[at], one, atol=1e-3)


def test_the_budget_of_fusion_is_kept_and_only_uncertain_tokens_are_asked_about() -> None:
    from brigade.agents.privacy.decoding import normal
    from brigade.agents.privacy.gate import fixed
    from brigade.agents.training.privacy.fit_fuse import Step, step_of

    def step(*, sure: bool) -> Step:
        logs = np.full(30, 0.0, dtype=np.float32)
        logs[3] = 9.0 if sure else 0.1
        return step_of(normal(logs), normal(np.roll(logs, 1)), 3)

    texts: Sequence[list[Step]] = [[step(sure=at % 2 == 0) for at in range(20)] for _ in range(3)]
    ways = {way.name: way for way in fuse_bench.compare(texts, fixed(0.5))}
    for name, way in ways.items():
        if "at most 25%" in name:
            assert 0 < way.remote_share <= 0.25
    assert ways["local alone"].gain == 0.0
    assert ways["other alone"].loss > ways["local alone"].loss
