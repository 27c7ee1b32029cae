"""Whole episodes: reproducible, recorded, obeying, on both clocks."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import Choice, Completion, LanguageModel, Message, ModelError
from brigade.agents.models.protocol import Engine
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import Record, RecordError, read_record, replay


class FirstOption(Engine):
    """Chooses the first option after a nap, and has nothing to say; breaks after so many calls."""

    def __init__(self, nap: float = 0.0, calls: float = math.inf) -> None:
        super().__init__("first", remote=False)
        self.nap, self.calls = nap, calls

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        self.take_a_nap()
        return Completion("", 0, 0, self.nap)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        self.take_a_nap()
        return Choice((1.0, *(0.0,) * (len(options) - 1)), 0, self.nap)

    def take_a_nap(self) -> None:
        self.calls -= 1
        if self.calls < 0:
            raise ModelError("the model is worn out")
        time.sleep(self.nap)


def minds(model: LanguageModel | None = None) -> Minds:
    return Minds(SlowMind(None), FastMind(model or FirstOption()))


def commands(tmp_path: Path, *messages: tuple[float, str], cooks: bool = False) -> str:
    file = tmp_path / "commands.yaml"
    lines = [f"  - {{at: {at}, say: {json.dumps(say)}}}" for at, say in messages]
    file.write_text("\n".join([f"cooks: {str(cooks).lower()}", "messages:", *lines]))
    return f"commander:{file}"


def finished(record: Record, cook: int = 0) -> list[str]:
    return [e["macro"] for e in record.entries if e["type"] == "macro" and e["cook"] == cook and e["outcome"] == "done"]


@pytest.mark.parametrize("agent", ["script", "random", "idle", "hla"])
def test_an_episode_replays_to_the_identical_state_at_every_tick(agent: str, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    spec = EpisodeSpec("ring", agent, "commander", seed=5, latency="0.1")
    result = run_episode(spec, minds(), file)
    record = read_record(file)
    views = [view for view, _ in replay(record)]
    assert len(views) == result.ticks + 1 == 1001
    assert (views[-1].score, views[-1].served) == (result.score, result.served)
    assert record.end is not None
    assert record.end["score"] == result.score


@pytest.mark.parametrize("agents", [("script", "script"), ("hla", "commander"), ("random", "random")])
def test_the_same_seed_twice_gives_byte_identical_records(agents: tuple[str, str], tmp_path: Path) -> None:
    spec = EpisodeSpec("quick", *agents, seed=11, latency="fast=0.1,slow=1.5", duration=40)
    for name in ("one", "two"):
        run_episode(spec, minds(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    run_episode(
        EpisodeSpec("quick", *agents, seed=12, latency="fast=0.1,slow=1.5", duration=40), minds(), tmp_path / "three"
    )
    assert (tmp_path / "one").read_bytes() != (tmp_path / "three").read_bytes()


def test_the_embedded_model_too_gives_byte_identical_records(embedded: LanguageModel, tmp_path: Path) -> None:
    spec = EpisodeSpec("ring", "hla", "commander", seed=2, latency="fast=0.1,slow=1", duration=30)
    for name in ("one", "two"):
        run_episode(spec, Minds(SlowMind(embedded), FastMind(embedded)), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_changed_record_does_not_replay(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    run_episode(EpisodeSpec("ring", "script", "script", seed=1, duration=20), record=file)
    lines = file.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if '"actions":[3,0]' in line or '"actions":[3,' in line)
    lines[at] = lines[at].replace('"actions":[3,', '"actions":[4,')
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(RecordError, match="differs from the record at tick"):
        list(replay(read_record(file)))


def test_a_request_is_fulfilled_exactly_as_often_as_asked(tmp_path: Path) -> None:
    partner = commands(tmp_path, (1, "Chop three onions please"))
    spec = EpisodeSpec("ring", "hla", partner, latency="fast=0.1,slow=0.5", duration=60, pace=5)
    run_episode(spec, minds(), tmp_path / "r.jsonl")
    record = read_record(tmp_path / "r.jsonl")
    intent = next(e for e in record.entries if e["type"] == "intent")
    after = [e for e in record.entries if e["type"] == "macro" and e["tick"] > intent["lands"]]
    said = [e["text"] for e in record.entries if e["type"] == "message" and e["cook"] == 0]
    assert any("three onions chopped" in text for text in said)
    done_at = next(e["tick"] for e in record.entries if e["type"] == "demand" and e["became"] == "done")
    onions = [m for m in after if m["macro"] == "Chop Onion" and m["tick"] <= done_at and m["outcome"] == "done"]
    assert len(onions) == 3


def test_a_standing_demand_is_kept_until_it_is_cancelled(tmp_path: Path) -> None:
    partner = commands(tmp_path, (1, "keep chopping lettuce"), (30, "stop chopping lettuce"))
    spec = EpisodeSpec("ring", "hla", partner, latency="0.1", duration=60, pace=5)
    run_episode(spec, minds(), tmp_path / "r.jsonl")
    record = read_record(tmp_path / "r.jsonl")
    decisions = [e for e in record.entries if e["type"] == "decision" and e["cook"] == 0]
    during = {e["macro"] for e in decisions if 12 < e["tick"] < 300}
    after = {e["macro"] for e in decisions if e["tick"] > 302}
    assert during == {"Chop Lettuce"}
    assert after
    assert "Chop Lettuce" not in after


def test_a_message_waits_for_the_slow_mind_but_hands_do_not(tmp_path: Path) -> None:
    """With a Slow Mind that takes 20 s the cook goes on, and the intent lands 200 ticks later."""
    partner = commands(tmp_path, (1, "Chop two tomatoes"))
    spec = EpisodeSpec("ring", "hla", partner, latency="fast=0.1,slow=20", duration=40)
    run_episode(spec, minds(), tmp_path / "r.jsonl")
    record = read_record(tmp_path / "r.jsonl")
    intent = next(e for e in record.entries if e["type"] == "intent")
    assert intent["lands"] - intent["tick"] == 200
    meanwhile = [e for e in record.entries if e["type"] == "tick" and intent["tick"] < e["tick"] < intent["lands"]]
    assert sum(e["actions"][0] != 0 for e in meanwhile) >= 30
    assert any(e["type"] == "decision" and intent["tick"] < e["tick"] < intent["lands"] for e in record.entries)


def test_a_late_decision_is_made_again_if_it_no_longer_can_begin(tmp_path: Path) -> None:
    spec = EpisodeSpec("quick", "hla", "script", latency="fast=4,slow=1", duration=100)
    result = run_episode(spec, minds(), tmp_path / "r.jsonl")
    assert result.ticks == 1000
    assert result.decisions > 10


def test_in_real_time_a_slow_model_never_delays_a_tick(tmp_path: Path) -> None:
    spec = EpisodeSpec("ring", "hla", commands(tmp_path, (0.5, "hello")), clock="real", duration=3)
    start = time.perf_counter()
    result = run_episode(spec, minds(FirstOption(nap=1.0)), tmp_path / "r.jsonl")
    assert time.perf_counter() - start == pytest.approx(3, abs=0.7)
    assert result.ticks == 30
    decision = next(e for e in read_record(tmp_path / "r.jsonl").entries if e["type"] == "decision")
    assert 10 <= decision["lands"] <= 14


def test_an_episode_that_breaks_off_keeps_its_record_up_to_there(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    with pytest.raises(ModelError, match="worn out"):
        run_episode(EpisodeSpec("ring", "hla", "script", latency="0.1"), minds(FirstOption(calls=3)), file)
    record = read_record(file)
    assert record.end is not None
    assert (record.end["type"], record.end["reason"]) == ("broken", "the model is worn out")
    assert record.ticks > 50
    assert len(list(replay(record))) == record.ticks + 1


def test_a_record_cut_off_in_the_middle_of_a_line_is_read_up_to_there(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    run_episode(EpisodeSpec("ring", "script", "script", duration=10), record=file)
    file.write_text(file.read_text()[:-400])
    record = read_record(file)
    assert 90 <= record.ticks < 100
    assert len(list(replay(record))) == record.ticks + 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with a header"),
        ("{}\n", "no `type`"),
        ('{"type":"tick"}\n', "begins with a header"),
        ('{"type":"header","format":99}\n', "record format 99"),
        ('{"type":"header","format":1}\nnot json\n{}', ":2: not JSON"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(text)
    with pytest.raises(RecordError, match=words):
        read_record(file)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"map": "nowhere"}, "no map"),
        ({"agent": "robot"}, "unknown agent 'robot'"),
        ({"partner": "robot"}, "unknown partner 'robot'"),
        ({"partner": "commander:/nowhere.yaml"}, "cannot be read"),
        ({"clock": "sundial"}, "unknown clock 'sundial'"),
        ({"latency": "soon"}, "latency 'soon'"),
        ({"rules": "chess"}, "unknown rule book 'chess'"),
        ({"pace": -1.0}, "pace must be"),
        ({"tick_seconds": 9.0}, "a tick lasts"),
    ],
)
def test_an_impossible_episode_is_refused_before_it_begins(change: dict[str, Any], words: str) -> None:
    spec = dataclasses.replace(EpisodeSpec("ring", "script", "script"), **change)
    with pytest.raises(ValueError, match=words):
        spec.check()


def test_a_script_episode_takes_less_than_a_second() -> None:
    spec = EpisodeSpec("ring", "script", "script")
    run_episode(spec)
    start = time.perf_counter()
    run_episode(spec)
    assert time.perf_counter() - start < 1


def test_slow_and_fast_thinking_overlap_in_real_time(tmp_path: Path) -> None:
    """While the Slow Mind thinks for two seconds, Fast Mind decisions land."""

    class Ponderous(FirstOption):
        async def agenerate(self, *args: Any, **kwargs: Any) -> Completion:
            await asyncio.sleep(2)
            return Completion('{"kind":"none"}', 0, 0, 2)

    thinkers = Minds(SlowMind(Ponderous(), lexicon=False), FastMind(FirstOption(nap=0.05)))
    spec = EpisodeSpec("ring", "hla", commands(tmp_path, (0.2, "hm")), clock="real", duration=4, pace=10)
    run_episode(spec, thinkers, tmp_path / "r.jsonl")
    entries = read_record(tmp_path / "r.jsonl").entries
    intent = next(e for e in entries if e["type"] == "intent")
    assert intent["lands"] - intent["tick"] >= 19
    assert any(e["type"] == "decision" and intent["tick"] < e["lands"] < intent["lands"] for e in entries)
