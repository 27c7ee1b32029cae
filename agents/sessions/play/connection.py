"""One page at a game's socket: what it may send, and that it never holds anybody else up.

Frames go through a slot that the newest one takes; events through a queue. A page that does not keep up with events,
does not answer pings, sends too much or what the protocol does not have, is let go with a reason.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque

from brigade.agents.sessions.play.frames import kitchen
from brigade.agents.sessions.play.limits import Bucket
from brigade.agents.sessions.play.lobby import Opened
from brigade.agents.sessions.play.protocol import (
    VERSION,
    BadMessage,
    Chat,
    Input,
    Join,
    Leave,
    Pause,
    Ping,
    Pong,
    Ready,
    Refused,
    Welcome,
    read,
)
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

MESSAGES = 60.0, 120.0
"""Messages a second in the long run, and at once: a fast typist makes 15 a second."""
CHATS = 1.0, 6.0
JOIN_SECONDS = 10.0
PING_SECONDS = 1.0
SILENCE_SECONDS = 8.0
"""A page that has not answered a ping for so long is gone."""
MAX_EVENTS = 500
MAX_REASON = 120
"""Bytes of the longest reason; the websocket protocol allows 123."""

MALFORMED, UNKNOWN_SEAT, SILENT, ELSEWHERE, TOO_MUCH, LEFT = 4400, 4401, 4408, 4409, 4429, 4000
"""Codes with which a connection is closed."""


def fitting(reason: str) -> str:
    """As much of a reason as a closing frame can carry, which counts bytes."""
    return reason.encode("utf-8", "replace")[:MAX_REASON].decode("utf-8", "ignore")


class Goodbye(Exception):
    """The connection ends, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Connection:
    """A page that plays a cook."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._events: deque[str] = deque()
        self._frame: str | None = None
        self._wake = asyncio.Event()
        self._messages, self._chats = Bucket(*MESSAGES), Bucket(*CHATS)
        self._pings: dict[int, float] = {}
        self._heard = time.monotonic()
        self._goodbye: Goodbye | None = None

    # Listener

    def tell(self, message: str) -> None:
        """An event for the page."""
        self._events.append(message)
        if len(self._events) > MAX_EVENTS:
            self.dismiss(Goodbye(SILENT, "the page does not keep up"))
        self._wake.set()

    def show(self, frame: str) -> None:
        """The newest frame for the page."""
        self._frame = frame
        self._wake.set()

    def dismiss(self, goodbye: Goodbye) -> None:
        """End the connection soon."""
        self._goodbye = self._goodbye or goodbye
        self._wake.set()

    async def first(self) -> Join:
        """The message that says which seat.

        Raises:
            Goodbye: it did not come, or was something else.
        """
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                message = await self._read()
        except TimeoutError:
            raise Goodbye(SILENT, "no join") from None
        if not isinstance(message, Join):
            raise Goodbye(MALFORMED, "the first message is a join")
        return message

    async def play(self, opened: Opened, cook: int, invite: str | None = None) -> None:
        """Play until the page goes or is let go.

        Raises:
            Goodbye: it was let go, or left for good.
        """
        room = opened.room
        self.tell(
            Welcome(
                version=VERSION, room=room.name, cook=cook, game=room.facts(), kitchen=kitchen(room.spec.layout),
                looks=room.known_looks(), said=list(room.said), phase=room.phase,
                invite=invite,
            ).encode()
        )  # fmt: skip
        room.listeners.add(self)
        room.come(cook)
        self.show(room.frame)
        if room.over is not None:
            self.tell(room.over.encode())
        writer = asyncio.create_task(self._write_all())
        pinger = asyncio.create_task(self._ping())
        reader = asyncio.create_task(self._read_all(opened, cook))
        tasks = {writer, pinger, reader}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            room.listeners.discard(self)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self, goodbye: Goodbye) -> None:
        """Say why, and close."""
        if self._socket.client_state is WebSocketState.CONNECTED:
            try:
                await self._socket.send_text(Refused(goodbye.reason).encode())
                await self._socket.close(goodbye.code, fitting(goodbye.reason))
            except (WebSocketDisconnect, RuntimeError):
                return  # it went while we were saying so

    async def _read(self) -> Join | Input | Chat | Ready | Pause | Pong | Leave:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        if not self._messages.take():
            raise Goodbye(TOO_MUCH, "too many messages")
        text = message.get("text")
        if text is None:
            raise Goodbye(MALFORMED, "messages are text")
        try:
            return read(text)
        except BadMessage as error:
            raise Goodbye(MALFORMED, str(error)) from None

    async def _read_all(self, opened: Opened, cook: int) -> None:
        while True:
            self._take(await self._read(), opened, cook)

    def _take(self, message: Join | Input | Chat | Ready | Pause | Pong | Leave, opened: Opened, cook: int) -> None:
        room = opened.room
        person = room.people[cook]
        match message:
            case Input(seq=seq, press=press, hold=hold):
                if any(action is not None and not person.knows(action) for action in (press, hold)):
                    raise Goodbye(MALFORMED, f"the rule book {room.spec.layout.rules} has no such action")
                person.input(seq, press, hold)
            case Chat(text=text):
                if self._chats.take():
                    room.say(cook, text)
                else:
                    self.tell(Refused("You talk faster than anybody can listen; that was not sent.").encode())
            case Ready():
                room.is_ready(cook)
            case Pause(on=on):
                room.pause(cook, on=on)
            case Pong(n=n):
                sent = self._pings.pop(n, None)
                if sent is not None:
                    self._heard = time.monotonic()
                    person.rtt_ms = (time.perf_counter() - sent) * 1000
            case Leave():
                raise Goodbye(LEFT, "goodbye")
            case Join():
                raise Goodbye(MALFORMED, "joined already")

    async def _write_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._events:
                await self._socket.send_text(self._events.popleft())
            frame, self._frame = self._frame, None
            if frame is not None:
                await self._socket.send_text(frame)
            if self._goodbye is not None:
                raise self._goodbye

    async def _ping(self) -> None:
        n = 0
        while True:
            n += 1
            self._pings[n] = time.perf_counter()
            self.tell(Ping(n).encode())
            await asyncio.sleep(PING_SECONDS)
            if time.monotonic() - self._heard > SILENCE_SECONDS:
                raise Goodbye(SILENT, "the page does not answer")
