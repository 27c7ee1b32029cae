"""Rooms and seats: how many, whose, and what becomes of them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from brigade.agents.graph import Minds
from brigade.agents.models import ModelError
from brigade.agents.sessions.play import lobby as lobby_module
from brigade.agents.sessions.play.lobby import MAX_ROOMS_EACH, Full, Lobby
from brigade.agents.sessions.play.shelf import MindShelf
from brigade.agents.sessions.record import read_record
from rooms import game, until


def no_minds(slow: str, fast: str) -> Minds:
    raise ModelError(f"{slow} cannot be had")


def lobby(folder: Path | None = None, most: int = 3) -> Lobby:
    return Lobby(MindShelf(no_minds), folder, countdown=0, most=most)


async def test_there_are_only_so_many_rooms_and_forgotten_ones_make_place(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = lobby(most=2)
    first, _ = await rooms.open(game("person", "idle"))
    await rooms.open(game("person", "idle"))
    with pytest.raises(Full):
        await rooms.open(game("person", "idle"))
    monkeypatch.setattr(lobby_module, "FORGET_SECONDS", 0.0)
    first.room.come(0)
    await asyncio.sleep(0.01)
    await rooms.open(game("person", "idle"))
    assert first.room.name in rooms.rooms, "a room with somebody in it is not forgotten"
    await rooms.close()


async def test_a_game_that_nobody_begins_is_ended_but_a_participant_may_take_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rooms = lobby(most=9)
    opened = [(await rooms.open(game("person", "idle", label=label)))[0] for label in ("", "Basil")]
    running, _ = await rooms.open(game("person", "idle", duration=60.0))
    for each in (*opened, running):
        each.room.come(0)
    running.room.is_ready(0)
    await until(lambda: running.room.phase == "running")
    rooms.sweep()
    assert all(each.room.over is None for each in opened), "not at once"
    monkeypatch.setattr(lobby_module, "IDLE_SECONDS", 0.0)
    await asyncio.sleep(0.01)
    rooms.sweep()
    assert opened[0].room.over is not None
    assert opened[0].room.over.reason == "nobody went on"
    assert opened[1].room.over is None
    assert running.room.over is None
    monkeypatch.setattr(lobby_module, "FORGET_SECONDS", 0.0)
    await asyncio.sleep(0.01)
    rooms.sweep()
    assert opened[0].room.name not in rooms.rooms, "a page that still shows it keeps no room"
    await rooms.close()


async def test_a_guest_may_have_only_so_many_rooms_at_a_time() -> None:
    rooms = lobby(most=20)
    mine = [await rooms.open(game("person", "idle"), "203.0.113.9") for _ in range(MAX_ROOMS_EACH)]
    with pytest.raises(Full, match="you have 6 kitchens open"):
        await rooms.open(game("person", "idle"), "203.0.113.9")
    await rooms.open(game("person", "idle"), "203.0.113.10")
    for _ in range(MAX_ROOMS_EACH + 1):
        await rooms.open(game("person", "idle"))  # whoever runs the server
    mine[0][0].room.finish()
    await rooms.open(game("person", "idle"), "203.0.113.9")
    await rooms.close()


async def test_an_invitation_is_for_one_seat_and_only_until_it_is_taken() -> None:
    rooms = lobby()
    opened, mine = await rooms.open(game("person", "person"))
    invite = rooms.invitation(opened, mine)
    assert invite is not None
    assert await rooms.find(invite) is None, "an invitation is no seat"
    claimed = await rooms.claim(invite)
    assert claimed is not None
    theirs = claimed[1]
    assert await rooms.claim(invite) is None
    assert await rooms.claim("x" * 32) is None
    assert await rooms.claim(mine) is None, "a seat is no invitation"
    assert rooms.invitation(opened, mine) is None, "nobody is missing any more"
    found = [await rooms.find(token) for token in (mine, theirs, "x" * 43)]
    assert [each and each[1] for each in found] == [0, 1, None]
    await rooms.close()


async def test_a_game_goes_on_after_a_restart_for_those_who_have_its_seats_and_for_nobody_else(tmp_path: Path) -> None:
    before = lobby(tmp_path)
    opened, token = await before.open(game("person", "script", duration=20.0))
    opened.room.come(0)
    opened.room.is_ready(0)
    await until(lambda: opened.room.view.tick > 30)
    await before.close()
    tick = opened.room.view.tick
    after = lobby(tmp_path)
    state = after.state_of(token)
    assert state is not None
    assert (state["state"], state["map"]) == ("broken off", "ring")
    assert after.state_of("x" * 43) is None
    found = await after.find(token)
    assert found is not None
    assert found[0].room.view.tick == tick
    assert await after.find(token) == found, "it is taken up once"
    await after.close()


async def test_an_invitation_that_nobody_took_survives_a_restart(tmp_path: Path) -> None:
    before = lobby(tmp_path)
    opened, mine = await before.open(game("person", "person"))
    invite = before.invitation(opened, mine)
    assert invite is not None
    await before.close()
    after = lobby(tmp_path)
    claimed = await after.claim(invite)
    assert claimed is not None
    theirs = claimed[1]
    assert await after.claim(invite) is None, "it is for one seat"
    found = [await after.find(token) for token in (mine, theirs)]
    assert [each and each[1] for each in found] == [0, 1]
    await after.close()
    again = lobby(tmp_path)
    assert await again.claim(invite) is None, "that it was taken is not forgotten either"
    assert await again.find(theirs) is not None
    await again.close()


async def test_whoever_invited_sees_their_link_again_after_a_restart_as_long_as_somebody_is_missing(
    tmp_path: Path,
) -> None:
    before = lobby(tmp_path)
    opened, mine = await before.open(game("person", "person"))
    invite = before.invitation(opened, mine)
    await before.close()
    kept = "".join(file.read_text() for file in tmp_path.iterdir())
    assert invite is not None
    assert invite not in kept
    after = lobby(tmp_path)
    found = await after.find(mine)
    assert found is not None
    assert after.invitation(found[0], mine) == invite
    claimed = await after.claim(invite)
    assert claimed is not None
    assert after.invitation(found[0], claimed[1]) is None, "only the first seat invites"
    await after.close()


async def test_a_finished_game_can_be_looked_at_but_not_played(tmp_path: Path) -> None:
    before = lobby(tmp_path)
    opened, token = await before.open(game("person", "idle"))
    opened.room.finish()
    await before.close()
    after = lobby(tmp_path)
    assert await after.find(token) is None
    state, record = after.state_of(token), after.record_of(token)
    assert state is not None
    assert state["state"] == "over"
    assert record is not None
    assert read_record(record).end is not None


async def test_a_room_whose_model_cannot_be_had_is_not_opened() -> None:
    rooms = lobby()
    with pytest.raises(ModelError):
        await rooms.open(game("person", "hla"))
    assert not rooms.rooms


async def test_rooms_take_turns_within_a_tick() -> None:
    rooms = lobby(most=20)
    for _ in range(10):
        opened, _ = await rooms.open(game("person", "idle", tick_seconds=0.1))
        opened.room.come(0)
        opened.room.is_ready(0)
    seen: dict[str, list[float]] = {}
    end = time.perf_counter() + 1.5
    ticks = dict.fromkeys(rooms.rooms, 0)
    while time.perf_counter() < end:
        for name, each in rooms.rooms.items():
            if each.room.view.tick != ticks[name]:
                ticks[name] = each.room.view.tick
                seen.setdefault(name, []).append(time.perf_counter() / 0.1 % 1.0)
        await asyncio.sleep(0.001)
    phases = sorted(sorted(values)[len(values) // 2] for values in seen.values())
    gaps = [b - a for a, b in zip(phases, [*phases[1:], phases[0] + 1.0], strict=True)]
    assert len(phases) == 10
    assert max(gaps) < 0.35
    await rooms.close()
