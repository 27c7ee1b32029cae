"""A game: a kitchen on the wall clock, with seats for people and agents. Knows no socket and no page.

The loop never waits for a person or a mind. What happens goes to listeners as text, a frame per tick and events in
between, and into the record of every session.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from brigade.agents.graph import Minds
from brigade.agents.sessions.clock import RealClock
from brigade.agents.sessions.cooks import Cook, Table, script_cook
from brigade.agents.sessions.episode import seat_cook
from brigade.agents.sessions.hla import HlaCook
from brigade.agents.sessions.keeping import NOTHING, Keeping
from brigade.agents.sessions.play import frames
from brigade.agents.sessions.play.game import PERSON, GameSpec
from brigade.agents.sessions.play.guarded import GuardedCook, Patience
from brigade.agents.sessions.play.protocol import Note, Over, PhaseChange, Said, ToPage
from brigade.agents.sessions.play.recall import recollect
from brigade.agents.sessions.play.seats import Idle, Person, action_indices
from brigade.agents.sessions.record import Record, replay
from brigade.agents.sessions.turn import take_turn
from brigade.envs.kitchen import HlaKitchen, HlaLayout, HlaView, Kitchen, KitchenView
from brigade.envs.kitchen.render import Heading, turned

GRACE_SECONDS = 3.0
"""How long a person may be gone before somebody stands in."""
CATCH_UP_SECONDS = 1.0
"""A loop that is later than this (a laptop was shut) goes on from where it is instead of hurrying after the clock."""
COUNTDOWN_SECONDS = 3.0
REMEMBERED = 50
"""Things said that a page which comes late is told."""


class Listener(Protocol):
    """Somebody who follows a game."""

    def tell(self, message: str) -> None:
        """An event; all of them, in order."""

    def show(self, frame: str) -> None:
        """The newest frame; one that was not yet sent need not be any more."""


@dataclass
class _SpeakingTable(Table):
    """Tells a game at once what is said."""

    heard: Callable[[int, int, str], None] = field(default=lambda tick, cook, text: None)

    def say(self, tick: int, cook: int, text: str) -> None:
        super().say(tick, cook, text)
        self.heard(tick, cook, text)


def _allowed(keeping: Keeping, spec: GameSpec) -> Keeping:
    """What may outlive a game: nothing of studies; of players only where it is clear who plays."""
    if spec.label or not spec.keep_chat:
        return NOTHING
    return keeping if spec.seats.count(PERSON) == 1 else Keeping(keeping.threads)


class Room:
    """One game.

    Args:
        name: of the room.
        spec: what is played.
        minds: for agents that think; required if there is one.
        record: file to record to.
        phase: where in the process's ticks its deadlines lie, 0 to 1.
        earlier: the record that the game goes on from, if it broke off; `record` is then the same file.
        countdown: seconds between everybody being ready and the first tick.
        patience: with minds.
        keeping: what outlives the game; not of studies, nor where words are not to be kept.
    """

    def __init__(
        self,
        name: str,
        spec: GameSpec,
        minds: Minds | None = None,
        record: Path | None = None,
        *,
        looks: frames.Looks | None = None,
        phase: float | None = None,
        earlier: Record | None = None,
        countdown: float = COUNTDOWN_SECONDS,
        patience: Patience | None = None,
        keeping: Keeping = NOTHING,
    ) -> None:
        self.name, self.spec, self.countdown, self._patience = name, spec, countdown, patience
        self.looks = looks or frames.Looks()
        hla = isinstance(spec.layout, HlaLayout)
        make = HlaKitchen if hla else Kitchen
        self.kitchen: Kitchen = make(spec.layout, tick_seconds=spec.tick_seconds)
        self.kitchen.reset(spec.seed)
        if earlier is not None:
            self.kitchen.state = _last_state(earlier, self.kitchen)
        self.clock = RealClock(spec.tick_seconds, phase=phase, catch_up=CATCH_UP_SECONDS)
        people = {index for index, kind in enumerate(spec.seats) if kind == PERSON}
        self._out = spec.writer(record, people, go_on=earlier is not None)
        self.table = _SpeakingTable(
            self.clock, self._out, spec.seed, spec.pace, _allowed(keeping, spec), name, heard=self._heard
        )
        self.cooks = [self._seat(index, kind, minds) for index, kind in enumerate(spec.seats)]
        self.people = {cook.index: cook for cook in self.cooks if isinstance(cook, Person)}
        self.view: KitchenView = self.kitchen.view()
        self.ticks = round(spec.duration / spec.tick_seconds)
        self.phase = "waiting"
        self.ready: set[int] = set()
        self.listeners: set[Listener] = set()
        self.said: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.over: Over | None = None
        self.touched = time.monotonic()
        """When somebody last came, went or did something."""
        self._facing: dict[int, Heading] = {}
        self._pausers: set[int] = set()
        self._going = asyncio.Event()
        self._everybody = asyncio.Event()
        self._seq = 0
        self._known: set[int] = set()
        if earlier is not None:
            self._recall(earlier)
        if earlier is None:
            self._out.header(self.kitchen, seed=spec.seed, clock=self.clock.label, pace=spec.pace, **spec.facts())
        else:
            self._out.write("resumed", tick=self.view.tick)
        self.frame = self._frame()

    def _seat(self, index: int, kind: str, minds: Minds | None) -> Cook:
        rules = self.kitchen.rules
        if kind == PERSON:
            thinks = self.spec.away == "script" and rules.name == "hla"
            stand_in = script_cook(index, self.table) if thinks else Idle(index, self.table, rules.actions)
            return Person(index, self.table, rules.actions, stand_in, self.spec.hands)
        if kind == "hla":
            if minds is None:
                raise ValueError("a cook of kind hla needs minds")
            return GuardedCook(index, self.table, minds, self._mind_trouble, self._patience)
        if kind == "idle":
            return Idle(index, self.table, rules.actions)
        return seat_cook(kind, index, self.table, minds)

    def _recall(self, earlier: Record) -> None:
        """Go on with what was said, and with what agents had still to do."""
        for entry in earlier.entries:
            if entry["type"] == "message" and entry.get("text"):
                self.said.append({key: entry[key] for key in ("tick", "cook", "text")})
        for cook in self.cooks:
            if isinstance(cook, HlaCook):
                known = recollect(earlier, cook.index)
                cook.recall(known.agenda, known.previous, known.unheard)

    async def take_up_threads(self) -> None:
        """Let cooks go on with what their threads say, in a game that broke off."""
        for cook in self.cooks:
            if isinstance(cook, HlaCook):
                await cook.take_up_thread()

    async def run(self) -> None:
        """Play from when everybody is ready until the end."""
        await self._everybody.wait()
        if self.countdown:
            self._enter("countdown", self.countdown)
            await asyncio.sleep(self.countdown)
        if self.over is not None:
            return
        self._going.set()
        self._enter("running")
        while self.view.tick < self.ticks and self.over is None:
            await self._going.wait()
            await self.clock.wait(self.view.tick)
            if self._going.is_set() and self.over is None:
                await self._tick()
        self.finish()

    def finish(self, reason: str = "") -> None:
        """End the game: by the clock, or for a reason."""
        if self.over is not None:
            return
        view = self.view
        self.touched = time.monotonic()
        for cook in self.cooks:
            cook.close()
        facts = {"reason": reason} if reason else {}
        self._out.write("end", tick=view.tick, score=view.score, served=view.served, missed=view.missed, **facts)
        self.table.keeping.ended(self.name, view)
        self.over = Over(self._next(), view.score, view.served, view.missed, reason)
        self.phase = "over"
        self.tell(self.over)
        self._everybody.set()
        self._going.set()
        self.close()

    def close(self) -> None:
        """Close the record; without an end, the game can go on later."""
        self._out.close()

    # What people do

    def come(self, cook: int) -> None:
        """Somebody sits down at their seat."""
        self.touched = time.monotonic()
        self.people[cook].come()
        self.frame = self._frame()
        if self.phase == "waiting":
            self._enter("waiting")

    def leave(self, cook: int) -> None:
        """Somebody is gone; after a while somebody stands in."""
        self.touched = time.monotonic()
        self.people[cook].leave()
        self.pause(cook, on=False)
        if self.phase == "waiting":
            self.ready.discard(cook)
            self._enter("waiting")

    def is_ready(self, cook: int) -> None:
        """Somebody wants to begin; the game does when all do."""
        if self.phase != "waiting":
            return
        self.touched = time.monotonic()
        self.ready.add(cook)
        if self.ready == set(self.people):
            self._everybody.set()
        else:
            self._enter("waiting")

    def say(self, cook: int, text: str) -> None:
        """Somebody says something; characters that are no text are left out."""
        plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if plain and self.over is None:
            self.touched = time.monotonic()
            self.table.say(self.view.tick, cook, plain)

    def pause(self, cook: int, *, on: bool) -> None:
        """Stop the clock while somebody wants it stopped; only where one person plays."""
        if self.phase not in ("running", "paused") or (on and not self.spec.can_pause):
            return
        self.touched = time.monotonic()
        (self._pausers.add if on else self._pausers.discard)(cook)
        if self._pausers and self.phase == "running":
            self._going.clear()
            self.clock.pause()
            self._enter("paused")
        elif not self._pausers and self.phase == "paused":
            self.clock.go_on()
            self._going.set()
            self._enter("running")

    # What listeners are told

    def tell(self, event: ToPage) -> None:
        """Tell every listener of an event."""
        text = event.encode()
        for listener in tuple(self.listeners):
            listener.tell(text)

    def note(self, text: str) -> None:
        """Tell people something."""
        self.tell(Note(self._next(), text))

    def known_looks(self) -> dict[int, Any]:
        """Every drawing that was needed so far."""
        return self.looks.drawings(self._known)

    def facts(self) -> dict[str, Any]:
        """What pages are told of the game."""
        return self.spec.for_pages() | {"ticks": self.ticks, "away": [c for c, p in self.people.items() if not p.here]}

    async def _tick(self) -> None:
        view = self.view
        self._mind_seats(view)
        rtt = [None if p.rtt_ms is None else round(p.rtt_ms, 1) for p in self.people.values()]
        actions = await take_turn(self.kitchen, view, self.cooks, self.table, **({"rtt_ms": rtt} if rtt else {}))
        self._facing = turned(self._facing, self.kitchen.rules.actions, actions)
        self.view = self.kitchen.view()
        self.frame = self._frame(self._bumps(view, actions))
        for listener in tuple(self.listeners):
            listener.show(self.frame)

    def _mind_seats(self, view: KitchenView) -> None:
        now = time.monotonic()
        for person in self.people.values():
            who = self.spec.names[person.index]
            if person.left_at is not None and not person.standing_in and now - person.left_at > GRACE_SECONDS:
                person.take_over()
                self._out.write("seat", tick=view.tick, cook=person.index, present=False)
                self.note(f"{who} is away; {self.spec.stand_in} stands in.")
            elif person.here and person.standing_in:
                person.give_back(cast(HlaView, view))
                self._out.write("seat", tick=view.tick, cook=person.index, present=True)
                self.note(f"{who} is back.")

    def _bumps(self, before: KitchenView, actions: list[int]) -> list[int]:
        """Cooks that did something and stayed where they were."""
        stay = action_indices(self.kitchen.rules.actions)["stay"]
        pairs = zip(actions, before.cooks, self.view.cooks, strict=True)
        return [cook for cook, (action, old, new) in enumerate(pairs) if action != stay and old.cell == new.cell]

    def _frame(self, bumps: Collection[int] = ()) -> str:
        doing = [
            cook.stand_in.doing if isinstance(cook, Person) and cook.standing_in else cook.doing for cook in self.cooks
        ]
        seen, needed = frames.moment(self.view, self._facing, doing, self.looks, bumps)
        new = needed - self._known
        if new:
            self._known |= new
            message = frames.encode("looks", {"looks": self.looks.drawings(new)})
            for listener in tuple(self.listeners):
                listener.tell(message)
        seen["left"] = round(max(0.0, self.spec.duration - self.view.seconds), 2)
        seen["people"] = {
            cook: {"ack": p.acted, "here": p.here, "rtt": None if p.rtt_ms is None else round(p.rtt_ms)}
            for cook, p in self.people.items()
        }
        seen["script"] = [cook.index for cook in self.cooks if isinstance(cook, GuardedCook) and cook.on_script]
        return frames.encode("frame", seen)

    def _heard(self, tick: int, cook: int, text: str) -> None:
        said = Said(self._next(), tick, cook, text)
        self.said.append({"tick": tick, "cook": cook, "text": text})
        self.tell(said)

    def _mind_trouble(self, words: str, why: str) -> None:
        self._out.write("trouble", tick=self.view.tick, text=words, reason=why)
        self.note(words)

    def _enter(self, phase: str, seconds: float = 0.0) -> None:
        self.phase = phase
        away = tuple(cook for cook, person in self.people.items() if not person.here)
        self.tell(PhaseChange(self._next(), phase, seconds, tuple(sorted(self.ready)), away))

    def _next(self) -> int:
        self._seq += 1
        return self._seq


def _last_state(record: Record, kitchen: Kitchen) -> Any:
    """The state at the end of a record."""
    *_, (view, _) = replay(record)
    return kitchen.rules.from_dict(view.state_dict())
