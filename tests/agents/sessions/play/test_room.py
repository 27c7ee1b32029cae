"""Games without a socket: ticks, keys, chat, drop-outs, models that fail, records and going on."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import Choice, Completion, Message, ModelError
from brigade.agents.models.protocol import Engine
from brigade.agents.sessions.play import room as rooms_module
from brigade.agents.sessions.play.game import GameSpec
from brigade.agents.sessions.play.guarded import GuardedCook, Patience
from brigade.agents.sessions.play.room import Room
from brigade.agents.sessions.record import read_record, replay
from rooms import Ear, begin, game, open_room, until


class Moody(Engine):
    """Answers, raises or sleeps, as its mood is."""

    def __init__(self, mood: str = "fine", nap: float = 0.0) -> None:
        super().__init__("moody", remote=False)
        self.mood, self.nap, self.woken = mood, nap, threading.Event()

    def feel(self) -> None:
        if self.mood == "broken":
            raise ModelError("worn out at /secret/path")
        if self.mood == "buggy":
            raise RuntimeError("a bug in somebody's engine")
        self.woken.wait(self.nap)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        self.feel()
        return Completion('{"kind":"none"}', 0, 0, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        self.feel()
        return Choice((1.0, *(0.0,) * (len(options) - 1)), 0, 0.0)


def minds(fast: Engine | None = None, slow: Engine | None = None) -> Minds:
    return Minds(SlowMind(slow, lexicon=slow is None), FastMind(fast or Moody()))


def place(room: Room) -> tuple[int, int]:
    return room.spec.layout.xy(room.view.cooks[0].cell)


async def test_a_press_takes_effect_at_the_next_tick_and_the_newest_wins() -> None:
    room, _ = open_room(game("person", "idle"))
    task = begin(room)
    await until(lambda: room.view.tick > 2)
    start = place(room)
    room.people[0].input(1, "right", None)
    room.people[0].input(2, "down", None)
    tick = room.view.tick
    await until(lambda: room.view.tick > tick + 3)
    assert place(room) == (start[0], start[1] + 1)
    assert room.people[0].acted == 2
    assert not room.people[0].input(2, "down", None), "an input that was seen does not count again"
    room.finish()
    await task


async def test_a_held_key_repeats_at_the_pace_of_the_hands_and_stops_when_let_go(tmp_path: Path) -> None:
    room, _ = open_room(game("person", "idle", hands=5.0), tmp_path / "r.jsonl")
    task = begin(room)
    await until(lambda: room.view.tick > 2)
    room.people[0].input(1, "down", "down")
    await until(lambda: room.view.tick > 45)
    room.people[0].input(2, None, None)
    await until(lambda: room.view.tick > 70)
    room.finish()
    await task
    ticks = [e for e in read_record(tmp_path / "r.jsonl").entries if e["type"] == "tick" and e["actions"][0] == 2]
    numbers = [e["tick"] for e in ticks]
    assert {b - a for a, b in itertools.pairwise(numbers)} == {10}  # 5 a second, 50 ticks a second
    assert numbers[-1] <= 48


async def test_a_hundred_presses_between_two_ticks_leave_no_backlog(tmp_path: Path) -> None:
    room, _ = open_room(game("person", "idle"), tmp_path / "r.jsonl")
    task = begin(room)
    await until(lambda: room.view.tick > 2)
    for seq in range(1, 101):
        room.people[0].input(seq, "down", None)
    await until(lambda: room.view.tick > 10)
    room.finish()
    await task
    entries = read_record(tmp_path / "r.jsonl").entries
    assert sum(e["type"] == "tick" and e["actions"][0] != 0 for e in entries) == 1


async def test_a_game_ends_on_time_and_its_record_replays(tmp_path: Path) -> None:
    room, ear = open_room(game("person", "script", duration=5.0), tmp_path / "r.jsonl")
    start = time.perf_counter()
    await begin(room)
    assert time.perf_counter() - start == pytest.approx(5.0, abs=0.3)
    assert [frame["tick"] for frame in ear.frames] == list(range(1, 251))
    record = read_record(tmp_path / "r.jsonl")
    *_, (view, _) = replay(record)
    assert (view.tick, view.score) == (250, room.view.score)
    assert record.end is not None
    assert record.end["type"] == "end"
    assert ear.of("over")[0]["served"] == view.served
    assert [cook["kind"] for cook in record.header["cooks"]] == ["person", "script"]


async def test_what_a_frame_needs_was_told_before_it() -> None:
    room, ear = open_room(game("person", "script", duration=5.0))
    known = set(room.known_looks())
    await begin(room)
    told = known | {int(number) for event in ear.of("looks") for number in event["looks"]}
    for frame in ear.frames:
        used = [row[0] for row in frame["things"]] + [cook["look"] for cook in frame["cooks"]]
        assert told.issuperset(used)
    assert max(len(json.dumps(frame)) for frame in ear.frames) < 4000


async def test_a_person_who_drops_out_is_stood_in_for_and_takes_over_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rooms_module, "GRACE_SECONDS", 0.2)
    room, ear = open_room(game("person", "idle", duration=10.0), tmp_path / "r.jsonl")
    task = begin(room)
    await until(lambda: room.view.tick > 5)
    room.people[0].input(1, "down", "down")
    room.leave(0)
    left = room.view.tick
    await until(lambda: room.people[0].standing_in)
    assert room.view.tick - left >= 9
    await until(lambda: ear.frames[-1]["cooks"][0]["doing"].startswith("chopping"))
    assert "stands in" in ear.of("note")[-1]["text"]
    room.come(0)
    await until(lambda: not room.people[0].standing_in)
    back = room.view.tick
    await until(lambda: room.view.tick > back + 20)
    room.finish()
    await task
    entries = read_record(tmp_path / "r.jsonl").entries
    assert not any(e["actions"][0] for e in entries if e["type"] == "tick" and e["tick"] > back + 1)
    assert [e["present"] for e in entries if e["type"] == "seat"] == [False, True]
    assert any(e["type"] == "macro" and e["reason"] == "the person is back" for e in entries)


async def test_a_model_that_sleeps_never_delays_a_tick_and_the_script_stands_in() -> None:
    """A Fast Mind that takes 30 s for each call; the kitchen goes on, and cook 2 works by the script."""
    patience = Patience(fast=0.5, slow=0.5)
    slow_model = Moody(nap=30)
    room, ear = open_room(game("person", "hla", duration=5.0), minds=minds(slow_model), patience=patience)
    await begin(room)
    slow_model.woken.set()
    assert max(room.clock.lateness) < 0.5  # a busy machine is late too, but not by a model's 30 s
    assert len(room.clock.lateness) == 250
    notes = [event["text"] for event in ear.of("note")]
    assert notes == ["The model of cook 2 does not answer; the script planner takes over."]
    assert any(frame["cooks"][1]["doing"] for frame in ear.frames)
    assert ear.frames[-1]["script"] == [1]


@pytest.mark.parametrize("mood", ["broken", "buggy"])
async def test_a_model_that_fails_is_replaced_and_gets_its_work_back(mood: str, tmp_path: Path) -> None:
    model = Moody(mood)
    room, ear = open_room(game("person", "hla", duration=8.0), tmp_path / "r.jsonl", minds(model), Patience(rest=0.5))
    task = begin(room)
    await until(lambda: ear.frames and ear.frames[-1]["cooks"][1]["doing"])
    assert ear.frames[-1]["script"] == [1]
    model.mood = "fine"
    await until(lambda: any("is back" in event["text"] for event in ear.of("note")))
    await task
    assert all("secret" not in event["text"] for event in ear.of("note")), "people are not told of paths"
    entries = read_record(tmp_path / "r.jsonl").entries
    assert {e["mind"] for e in entries if e["type"] == "decision"} == {"script", "fast"}
    assert next(e for e in entries if e["type"] == "trouble")["reason"]


@pytest.mark.parametrize("slow", [Moody("broken"), Moody(nap=20)], ids=["fails", "hangs"])
async def test_words_are_understood_by_rules_while_the_slow_mind_is_out(slow: Moody, tmp_path: Path) -> None:
    room, ear = open_room(
        game("person", "hla", duration=8.0), tmp_path / "r.jsonl", minds(slow=slow), Patience(slow=0.5)
    )
    task = begin(room)
    await until(lambda: room.view.tick > 2)
    room.say(0, "Chop two tomatoes please")
    await until(lambda: any(said["cook"] == 1 for said in ear.of("said")))
    assert "chop two tomatoes" in next(said["text"] for said in ear.of("said") if said["cook"] == 1)
    assert any("plain rules read instead" in note["text"] for note in ear.of("note"))
    await until(lambda: ear.frames[-1]["cooks"][1]["doing"] == "chopping tomato")
    room.finish()
    slow.woken.set()
    await task
    intent = next(e for e in read_record(tmp_path / "r.jsonl").entries if e["type"] == "intent")
    assert intent["by"] == "lexicon"


async def test_two_people_begin_when_both_are_ready_and_hear_each_other() -> None:
    room, ear = open_room(game("person", "person"))
    task = asyncio.create_task(room.run())
    room.come(0)
    room.is_ready(0)
    await asyncio.sleep(0.2)
    assert (room.phase, room.view.tick) == ("waiting", 0)
    assert ear.of("phase")[-1]["away"] == [1]
    room.come(1)
    room.is_ready(1)
    await until(lambda: room.view.tick > 3)
    room.say(1, "on\x00ions\nplease")
    assert ear.of("said")[-1] == {"type": "said", "seq": ear.events[-1]["seq"], "tick": room.view.tick, "cook": 1,
                                  "text": "on ions please"}  # fmt: skip
    numbers = [event["seq"] for event in ear.events if "seq" in event]
    assert numbers == sorted(set(numbers))
    room.finish()
    await task


async def test_typing_stops_the_clock_only_where_one_plays_and_asked_for_it() -> None:
    room, _ = open_room(game("person", "script", pause_typing=True))
    task = begin(room)
    await until(lambda: room.view.tick > 5)
    room.pause(0, on=True)
    stopped = room.view.tick
    await asyncio.sleep(0.4)
    assert room.view.tick <= stopped + 1
    room.pause(0, on=False)
    await asyncio.sleep(0.2)
    assert 5 <= room.view.tick - stopped <= 15, "the ticks of the pause are not made up for"
    room.finish()
    await task
    for spec in (game("person", "script"), game("person", "person", pause_typing=True)):
        room, _ = open_room(spec)
        task = begin(room)
        await until(lambda: room.view.tick > 2)  # noqa: B023
        room.pause(0, on=True)
        assert room.phase == "running"
        room.finish()
        await task


async def test_a_game_that_broke_off_goes_on_from_its_last_tick(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    spec = game("person", "script", duration=5.0)
    room, _ = open_room(spec, file)
    task = begin(room)
    await until(lambda: room.view.tick > 100)
    task.cancel()  # the server dies, in the middle of a line
    room.close()
    with file.open("a") as out:
        out.write('{"type":"tick","tick":1')
    before = read_record(file)
    again = Room("test", GameSpec.from_dict(json.loads(json.dumps(spec.to_dict()))), record=file, earlier=before)
    again.countdown = 0
    assert again.view.tick == before.ticks
    assert again.view.state_dict() == room.view.state_dict()
    await begin(again)
    record = read_record(file)
    assert record.ticks == 250
    assert len(list(replay(record))) == 251
    assert any(entry["type"] == "resumed" for entry in record.entries)


async def test_an_agent_still_knows_its_open_requests_when_a_game_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    spec = game("person", "hla", duration=60.0, pace=10.0)
    room, _ = open_room(spec, file, minds())
    task = begin(room)
    await until(lambda: room.view.tick > 2)
    room.say(0, "Chop three tomatoes please")
    await until(lambda: macros(file), 20)
    done = sum(e["macro"] == "Chop Tomato" for e in macros(file))
    task.cancel()
    room.say(0, "Then chop an onion")  # said, and the server dies before it is understood
    room.close()
    again = Room("test", spec, minds(), file, earlier=read_record(file), countdown=0)
    assert [said["text"] for said in again.said][::2][:1] == ["Chop three tomatoes please"]
    agent = again.cooks[1]
    assert isinstance(agent, GuardedCook)
    assert str(agent.agenda) == f"Chop Tomato x{3 - done}"
    listener = Ear()
    again.listeners.add(listener)
    task = begin(again)
    await until(lambda: any(e["type"] == "demand" and e["became"] == "done" for e in read_record(file).entries), 40)
    assert sum(e["macro"] == "Chop Tomato" for e in macros(file)) == 3
    assert any(e["type"] == "intent" and e["message"] == "Then chop an onion" for e in read_record(file).entries)
    again.finish()
    await task


def macros(file: Path) -> list[dict[str, Any]]:
    """What the agent has done."""
    found = read_record(file).entries
    return [e for e in found if e["type"] == "macro" and e["cook"] == 1 and e["outcome"] == "done"]


async def test_words_of_people_stay_out_of_a_discreet_record(tmp_path: Path) -> None:
    room, ear = open_room(game("person", "hla", keep_chat=False), tmp_path / "r.jsonl", minds(Moody(nap=0.05)))
    task = begin(room)
    await until(lambda: room.view.tick > 2)
    room.say(0, "I am Zebulon, chop an onion")
    await until(lambda: any(said["cook"] == 1 for said in ear.of("said")))
    room.finish()
    await task
    text = (tmp_path / "r.jsonl").read_text()
    assert "Zebulon" not in text
    assert '"type":"message"' in text
    assert "Zebulon" in ear.of("said")[0]["text"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seats": ("person",)}, "has 2 cooks, not 1"),
        ({"seats": ("script", "script")}, "at least one person"),
        ({"seats": ("person", "commander:/etc/passwd")}, "unknown kind of cook"),
        ({"duration": 1e9}, "duration must be from"),
        ({"pace": float("nan")}, "pace must be from"),
        ({"away": "nobody"}, "away must be one of"),
    ],
)
def test_an_impossible_game_is_refused(change: dict[str, Any], words: str) -> None:
    options = {"seats": ("person", "script"), **change}
    with pytest.raises(ValueError, match=words):
        game(*options.pop("seats"), **options)
