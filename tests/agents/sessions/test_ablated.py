"""Cooks with a part of HLA missing, and the one that is told what is meant, in whole sessions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import Choice, Completion, Message
from brigade.agents.models.protocol import Engine
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import Record, read_record, replay
from brigade.agents.sessions.told import load_meant


class Onions(Engine):
    """Chops onions where it can, believes nothing done, and has one thing to say."""

    def __init__(self) -> None:
        super().__init__("onions", remote=False)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        return Completion("Onions it is.", 0, 0, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        best = next((option for option in ("Chop Onion", "No", "up") if option in options), options[0])
        return Choice(tuple(float(option == best) for option in options), 0, 0.0)


def record_of(agent: str, folder: Path, say: str = "go", **facts: Any) -> Record:
    commands = folder / "commands.yaml"
    commands.write_text(json.dumps({"cooks": False, "messages": [{"at": 4, "say": say}]}))
    plain = EpisodeSpec("ring", agent, f"commander:{commands}", latency="fast=0.1,slow=1", duration=30)
    spec = replace(plain, **facts)
    run_episode(spec, Minds(SlowMind(Onions()), FastMind(Onions())), folder / "r.jsonl")
    return read_record(folder / "r.jsonl")


def of_agent(record: Record, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in record.entries if entry["type"] == kind and entry.get("cook") == 0]


@pytest.mark.parametrize("agent", ["smoa", "fmoa", "nea"])
def test_an_ablated_agent_gives_byte_identical_records_that_replay(agent: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (record_of(agent, tmp_path / name) for name in ("one", "two"))
    assert one.entries == two.entries
    assert len(list(replay(one))) == 301


def test_the_slow_mind_alone_pays_its_latency_for_every_macro_action(tmp_path: Path) -> None:
    record = record_of("smoa", tmp_path)
    decisions = of_agent(record, "decision")
    assert {each["macro"] for each in decisions} == {"Chop Onion"}
    assert {each["mind"] for each in decisions} == {"slow"}
    assert all(each["lands"] - each["tick"] >= 10 for each in decisions)


def test_a_lone_mind_thinks_again_when_somebody_speaks_and_then_answers(tmp_path: Path) -> None:
    record = record_of("smoa", tmp_path, say="anything at all")
    (reply,) = of_agent(record, "message")
    assert reply["text"] == "Onions it is."
    assert reply["tick"] >= 41 + 20, "one thought to decide, one to answer"
    assert not of_agent(record, "intent"), "nothing understands"
    shown = [each["saw"] for each in of_agent(record, "decision") if each["tick"] > 42]
    assert shown
    assert all("anything at all" in each for each in shown)


def test_a_message_is_given_up_after_it_was_judged_unsatisfied_often_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brigade.agents.sessions.ablated.MAX_JUDGED", 2)
    record = record_of("smoa", tmp_path, say="for ever", duration=60)
    shown = ["for ever" in each["saw"] for each in of_agent(record, "decision") if each["tick"] > 42]
    assert shown[0]
    assert not shown[-1]


def test_without_an_executor_every_step_is_a_thought(tmp_path: Path) -> None:
    record = record_of("nea", tmp_path)
    steps = of_agent(record, "step")
    moved = [entry["actions"][0] for entry in record.entries if entry["type"] == "tick"]
    assert sum(action != 0 for action in moved) == sum(each["action"] != 0 for each in steps) > 20
    assert not of_agent(record, "decision")


def test_a_slow_fast_mind_makes_fewer_steps(tmp_path: Path) -> None:
    for name in ("quick", "slow"):
        (tmp_path / name).mkdir()
    quick = record_of("nea", tmp_path / "quick", latency="fast=0.1,slow=1")
    slow = record_of("nea", tmp_path / "slow", latency="fast=1,slow=1")
    assert len(of_agent(slow, "step")) < len(of_agent(quick, "step")) / 2


def test_an_ablated_agent_without_its_model_is_refused() -> None:
    with pytest.raises(ValueError, match="smoa needs a model"):
        run_episode(EpisodeSpec("ring", "smoa", "idle"), Minds(SlowMind(None), FastMind(Onions())))


def test_who_is_told_what_is_meant_does_it_exactly_and_then_cooks_on(tmp_path: Path) -> None:
    meant = tmp_path / "meant.json"
    demand = {"kind": "short_term", "demands": [{"macro": "Chop Lettuce", "count": 3}]}
    meant.write_text(json.dumps([{"at": 2.0, "intent": demand}]))
    run_episode(EpisodeSpec("ring", f"told:{meant}", "idle", duration=60), record=tmp_path / "r.jsonl")
    done = [e["macro"] for e in of_agent(read_record(tmp_path / "r.jsonl"), "macro") if e["outcome"] == "done"]
    assert done[:3] == ["Chop Lettuce"] * 3
    assert set(done[3:]) - {"Chop Lettuce"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "Invalid JSON"),
        ('[{"at": -1, "intent": {}}]', "0.at"),
        ('[{"at": 1, "intent": {"kind": "wish"}}]', "kind"),
    ],
)
def test_what_is_meant_must_be_readable(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(ValueError, match=words):
        load_meant(str(tmp_path / "m.json"))


def test_an_episode_begins_from_a_given_state(tmp_path: Path) -> None:
    run_episode(EpisodeSpec("ring", "script", "script", duration=20), record=tmp_path / "r.jsonl")
    *_, (view, _) = replay(read_record(tmp_path / "r.jsonl"))
    state = tmp_path / "state.json"
    state.write_text(json.dumps(view.state_dict()))
    run_episode(EpisodeSpec("ring", "idle", "idle", duration=1, start=str(state)), record=tmp_path / "s.jsonl")
    first, _ = next(replay(read_record(tmp_path / "s.jsonl")))
    assert first.state_dict() == view.state_dict()
    state.write_text("[1]")
    with pytest.raises(ValueError, match="not a state"):
        run_episode(EpisodeSpec("ring", "idle", "idle", start=str(state)))
