"""The sketch adapter: its data tell nothing that should not be told, it is asked as it is trained, and is compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brigade.agents.assistant.writing import sketch_messages
from brigade.agents.models import Choice, Completion, Message
from brigade.agents.training.privacy.fit_sketch import REPORT, write_card
from brigade.agents.training.privacy.sketch_bench import better, measure
from brigade.agents.training.privacy.sketch_data import examples, follow_messages, requests, scenarios


def test_what_is_to_be_told_has_nothing_private_and_texts_use_what_is_known() -> None:
    some = requests(200, 0) + requests(60, 0, test=True)
    for one in some:
        assert all(value in one.text for value in one.private)
        assert not any(value.lower() in one.abstract.lower() for value in one.private)
        assert set(one.used) <= {*one.private, *(value for _, value in one.profile)}
        assert "{" not in one.text + one.answer + one.outline
        assert bool(one.answer) == bool(one.outline) or not one.outline
    assert sum(len(one.used) for one in some) > 300
    assert requests(5, 1) == requests(5, 1) != requests(5, 2)


def test_what_is_tested_on_is_not_trained_on() -> None:
    learned = {one.abstract for one in requests(400, 0)}
    assert len(learned) == len(scenarios()["tasks"]) + len(scenarios()["write_tasks"])
    assert not learned & {one.abstract for one in requests(60, 0, test=True)}
    assert not {one.text for one in requests(400, 0)} & {one.text for one in requests(60, 0, test=True)}


def test_it_is_asked_as_the_route_asks() -> None:
    (one,) = requests(1, 0, test=True)
    told, written = examples([one])
    assert told.messages == sketch_messages(one.text)
    assert told.answer == one.abstract
    assert list(written.messages) == follow_messages(one)
    assert one.outline in written.messages[-1].content
    assert all(f"- {key}: {value}" in written.messages[0].content for key, value in one.profile)


class Scripted:
    """A model that tells the whole request or nothing of it, and whose texts use all or nothing of the facts."""

    remote = False

    def __init__(self, name: str, *, good: bool) -> None:
        self.name, self._good = name, good

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        told = "\n".join(each.content for each in messages)
        asked_for_text = messages[0].role == "system"
        return Completion(told if asked_for_text == self._good else "Write a message. [Your Name]", 1, 1, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        raise NotImplementedError

    async def agenerate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        return self.generate(messages, max_tokens=max_tokens)

    async def achoose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        raise NotImplementedError


def test_models_are_compared_and_the_card_says_how(tmp_path: Path) -> None:
    seen: list[int] = []
    good, bad = (
        measure(Scripted(name, good=name == "good"), 12, 0, lambda *at: seen.append(at[1])) for name in ("good", "bad")
    )
    assert (good.leaked, good.facts_used, good.blanks) == (0.0, 1.0, 0)
    assert (bad.leaked, bad.facts_used, bad.blanks) == (1.0, 0.0, 12)
    assert better(good, bad)
    assert not better(bad, good)
    assert not better(good, good)
    assert len(seen) == 24
    recipe = {"rank": 16, "learning_rate": 0.001, "batch_size": 8, "epochs": 1.0, "seed": 0, "top_layers": 10}
    report = {
        "recipe": recipe,
        "steps": 9,
        "best_step": 9,
        "best_loss": 0.5,
        "seconds": 600.0,
        "requests": 440,
        "examples": 669,
    }
    (tmp_path / REPORT).write_text(json.dumps(report))
    write_card(tmp_path, tmp_path, [bad, good], 0)
    card = (tmp_path / "README.md").read_text()
    assert "| good | 0% (0% to 0%) |" in card
    assert "$" not in card
    assert len(json.loads((tmp_path / "compared.json").read_text())) == 2
