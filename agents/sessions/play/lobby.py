"""The rooms of a server and who sits in them: opening, joining, going on after a restart, forgetting.

A seat belongs to whoever has its token: 256 random bits, of which only a hash is kept. Beside each record lies a file
with what was played and the hashes, so that seats are still theirs after a restart.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from brigade.agents.sessions.keeping import NOTHING, Keeping
from brigade.agents.sessions.play.frames import Looks
from brigade.agents.sessions.play.game import PERSON, GameSpec
from brigade.agents.sessions.play.room import COUNTDOWN_SECONDS, Room
from brigade.agents.sessions.play.shelf import MindShelf
from brigade.agents.sessions.record import Record, RecordError, read_record

MAX_ROOMS = 64
MAX_ROOMS_EACH = 6
"""Rooms at a time that one guest's address may have opened."""
FORGET_SECONDS = 900.0
"""A room that is over, or where nobody came, is forgotten after this time; its record is not."""
IDLE_SECONDS = 1800.0
"""A game that was not begun in this time, though somebody is there, is ended."""
SWEEP_SECONDS = 60.0
GOLDEN = 0.6180339887
"""Rooms' deadlines are this share of a tick apart, which spreads any number of them evenly."""


class Full(RuntimeError):
    """All rooms are taken."""


@dataclass
class Opened:
    """A room and the secrets of its seats."""

    room: Room
    invite: str | None
    """Hash of what lets somebody take the next free seat for people; None if there is only one."""
    seats: dict[str, int] = field(default_factory=dict)
    """Hash of a token -> which cook."""
    task: asyncio.Task[None] | None = None
    opener: str = ""
    """The address of the guest who opened it; never written down."""

    @property
    def free(self) -> list[int]:
        """Seats for people that nobody has taken."""
        return sorted(set(self.room.people) - set(self.seats.values()))


@dataclass(frozen=True, slots=True)
class Stored:
    """A game of which there is a record."""

    name: str
    spec: GameSpec
    seats: dict[str, int]
    invite: str | None


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def invitation(token: str) -> str:
    """The invitation that whoever has the first seat can give: follows from its token, which does not follow from it.

    So nobody has to keep it, and it is the same after a restart.
    """
    return urlsafe_b64encode(sha256(b"invitation " + token.encode()).digest()[:24]).decode()


class Lobby:
    """All rooms.

    Args:
        shelf: the minds of agents.
        folder: where records go; None to keep none.
        countdown: see Room.
        most: rooms at a time.
        keeping: what outlives games.
    """

    def __init__(
        self,
        shelf: MindShelf,
        folder: Path | None,
        *,
        countdown: float = COUNTDOWN_SECONDS,
        most: int = MAX_ROOMS,
        keeping: Keeping = NOTHING,
    ) -> None:
        self._keeping = keeping
        self.shelf, self.folder, self._countdown, self._most = shelf, folder, countdown, most
        self.looks = Looks()
        self.rooms: dict[str, Opened] = {}
        self._by_token: dict[str, str] = {}
        """Hash of a seat's token or an invitation -> name of the room."""
        self._stored = {stored.name: stored for stored in _stored_games(folder)}
        for stored in self._stored.values():
            self._index(stored.name, stored.seats, stored.invite)
        self._opened = 0
        self._resuming = asyncio.Lock()

    async def open(self, spec: GameSpec, opener: str = "") -> tuple[Opened, str]:
        """A new room; returns it and the token of its first seat for a person.

        Args:
            spec: what is played.
            opener: the address of whoever opens it, if they are a guest.

        Raises:
            Full: there is no room for it, or this guest has too many.
            ModelError: a model cannot be had.
        """
        self.sweep()
        if len(self.rooms) >= self._most:
            raise Full("all kitchens are taken; try again in a few minutes")
        mine = sum(other.opener == opener and other.room.phase != "over" for other in self.rooms.values())
        if opener and mine >= MAX_ROOMS_EACH:
            raise Full(f"you have {mine} kitchens open already; finish or leave one first")
        if spec.thinks:
            minds = await self.shelf.take(spec.slow, spec.fast)
        else:
            minds = None
        name = secrets.token_hex(8)
        # On a thread: the first kitchen of a process compiles its rules.
        room = await asyncio.to_thread(
            lambda: Room(
                name, spec, minds, self._file(name), looks=self.looks, phase=self._phase(), countdown=self._countdown,
                keeping=self._keeping,
            )
        )  # fmt: skip
        people = [index for index, kind in enumerate(spec.seats) if kind == PERSON]
        token = secrets.token_urlsafe(32)
        opened = Opened(room, digest(invitation(token)) if len(people) > 1 else None, opener=opener)
        self._take_seat(opened, people[0], token)
        self._begin(opened)
        return opened, token

    async def claim(self, invite: str) -> tuple[Opened, str] | None:
        """Take the next free seat of whoever gave this invitation; None if there is none."""
        key = digest(invite)
        opened = await self._at(self._by_token.get(key, ""))
        if opened is None or opened.invite != key or not opened.free:
            return None
        token = secrets.token_urlsafe(32)
        self._take_seat(opened, opened.free[0], token)
        return opened, token

    def invitation(self, opened: Opened, token: str) -> str | None:
        """What whoever has this seat can send to others; None if nobody is missing, or others invite."""
        invite = invitation(token)
        return invite if opened.free and opened.invite == digest(invite) else None

    async def find(self, token: str) -> tuple[Opened, int] | None:
        """The room and cook of a seat; a game that broke off with the server is taken up again."""
        key = digest(token)
        opened = await self._at(self._by_token.get(key, ""))
        if opened is None or key not in opened.seats:
            return None
        return opened, opened.seats[key]

    async def _at(self, name: str) -> Opened | None:
        if not name:
            return None
        async with self._resuming:
            return self.rooms.get(name) or await self._resume(name)

    def record_of(self, token: str) -> Path | None:
        """The record of the game in which this seat is or was."""
        name = self._by_token.get(digest(token))
        file = self._file(name) if name else None
        return file if file is not None and file.is_file() else None

    def state_of(self, token: str) -> dict[str, Any] | None:
        """What there is to say of a seat, in a lobby; None if there is no such seat."""
        key = digest(token)
        name = self._by_token.get(key, "")
        opened, stored = self.rooms.get(name), self._stored.get(name)
        if opened is not None and key in opened.seats:
            room = opened.room
            left = round(room.spec.duration - room.view.seconds)
            return {"state": room.phase, "map": room.spec.layout.name, "left": left, "label": room.spec.label}
        if stored is None or key not in stored.seats:
            return None
        record = self._unfinished(stored.name)
        if record is None:
            return {"state": "over", "map": stored.spec.layout.name, "left": 0, "label": stored.spec.label}
        left = round(stored.spec.duration - record.ticks * stored.spec.tick_seconds)
        return {"state": "broken off", "map": stored.spec.layout.name, "left": left, "label": stored.spec.label}

    def sweep(self) -> None:
        """End games that nobody begins, and forget rooms that nobody needs any more."""
        now = time.monotonic()
        for name, opened in list(self.rooms.items()):
            room, idle = opened.room, now - opened.room.touched
            left_alone = room.phase in ("waiting", "paused") and not room.spec.label  # participants may take their time
            if left_alone and idle > IDLE_SECONDS:
                room.finish("nobody went on")
            nobody = not any(person.here for person in room.people.values())
            if idle > FORGET_SECONDS and (room.phase == "over" or (nobody and room.phase == "waiting")):
                self._forget(name, opened)

    async def keep_tidy(self) -> None:
        """Sweep now and then, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()

    async def close(self) -> None:
        """Stop all games; those that are not over can go on after a restart."""
        for opened in self.rooms.values():
            if opened.task is not None:
                opened.task.cancel()
            for cook in opened.room.cooks:
                cook.close()
            opened.room.close()
        await asyncio.sleep(0)

    def _begin(self, opened: Opened) -> None:
        self.rooms[opened.room.name] = opened
        opened.task = asyncio.create_task(opened.room.run(), name=f"room {opened.room.name}")
        opened.task.add_done_callback(lambda task: _ended(task, opened.room))
        self._keep(opened)

    def _take_seat(self, opened: Opened, cook: int, token: str) -> None:
        opened.seats[digest(token)] = cook
        self._index(opened.room.name, opened.seats, opened.invite)
        self._keep(opened)

    def _index(self, name: str, seats: dict[str, int], invite: str | None) -> None:
        for key in (*seats, *([invite] if invite else [])):
            self._by_token[key] = name

    def _keep(self, opened: Opened) -> None:
        """Write down whose seats these are."""
        room = opened.room
        file = self._file(room.name)
        if file is None:
            return
        data = {"game": room.spec.to_dict(), "seats": opened.seats, "invite": opened.invite}
        draft = file.with_suffix(".game.tmp")
        draft.write_text(json.dumps(data), encoding="utf-8")
        draft.replace(file.with_suffix(".game.json"))
        self._stored[room.name] = Stored(room.name, room.spec, opened.seats, opened.invite)

    async def _resume(self, name: str) -> Opened | None:
        stored, file = self._stored.get(name), self._file(name)
        if stored is None or file is None or len(self.rooms) >= self._most:
            return None
        record = self._unfinished(name)
        if record is None:
            return None
        minds = await self.shelf.take(stored.spec.slow, stored.spec.fast) if stored.spec.thinks else None
        room = await asyncio.to_thread(
            lambda: Room(
                name, stored.spec, minds, file, looks=self.looks, phase=self._phase(), earlier=record,
                countdown=self._countdown, keeping=self._keeping,
            )
        )  # fmt: skip
        await room.take_up_threads()
        opened = Opened(room, stored.invite, dict(stored.seats))
        self._begin(opened)
        return opened

    def _unfinished(self, name: str) -> Record | None:
        """The record of a game that broke off, if it did and can go on."""
        file = self._file(name)
        try:
            record = read_record(file) if file is not None else None
        except RecordError:
            return None
        return record if record is not None and record.end is None else None

    def _forget(self, name: str, opened: Opened) -> None:
        if opened.task is not None:
            opened.task.cancel()
        opened.room.close()
        del self.rooms[name]

    def _file(self, name: str) -> Path | None:
        return None if self.folder is None else self.folder / f"{name}.jsonl"

    def _phase(self) -> float:
        self._opened += 1
        return self._opened * GOLDEN % 1.0


def _ended(task: asyncio.Task[None], room: Room) -> None:
    """A room that fails tells its people and leaves its record as it is."""
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        room.finish("the kitchen broke down")
        raise error  # the loop's exception handler logs it with its traceback


def _stored_games(folder: Path | None) -> Iterator[Stored]:
    for file in sorted(folder.glob("*.game.json")) if folder is not None and folder.is_dir() else ():
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            spec = GameSpec.from_dict(data["game"])
            yield Stored(file.name.removesuffix(".game.json"), spec, data["seats"], data["invite"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # cut off while it was written, or of another version: its record can still be looked at
