"""What a page and the server tell each other over a game's socket: JSON objects with a `type`, a text frame each.

Pages number their inputs, the server its frames (by tick) and events, so that what is old or was sent twice is seen as
such. Everything from a page is validated here; whatever else it sends ends its connection with a reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

VERSION = 1
MAX_FRAME = 4096
"""Bytes of the longest message that a page may send."""
MAX_CHAT = 300
"""Characters of the longest thing that a person can say at once."""

Action = Literal["up", "down", "left", "right", "stay", "interact"]


class BadMessage(ValueError):
    """A message that the protocol does not have: says what is wrong with it."""


class _FromPage(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Join(_FromPage):
    """The first message: which seat, by its secret token."""

    type: Literal["join"]
    seat: str = Field(min_length=8, max_length=128)


class Input(_FromPage):
    """A key went down (`press`) or up; `hold` is what is held from now on."""

    type: Literal["input"]
    seq: int = Field(ge=1, lt=2**53)
    press: Action | None = None
    hold: Action | None = None


class Chat(_FromPage):
    """Something to say to the other cooks."""

    type: Literal["chat"]
    text: str = Field(min_length=1, max_length=MAX_CHAT)


class Ready(_FromPage):
    """Let the game begin."""

    type: Literal["ready"]


class Pause(_FromPage):
    """Stop the kitchen's clock, or let it run again."""

    type: Literal["pause"]
    on: bool


class Pong(_FromPage):
    """The answer to a ping, at once."""

    type: Literal["pong"]
    n: int = Field(ge=0, lt=2**53)


class Leave(_FromPage):
    """Give up the seat for good."""

    type: Literal["leave"]


FromPage = Annotated[Join | Input | Chat | Ready | Pause | Pong | Leave, Field(discriminator="type")]
_READER: TypeAdapter[Join | Input | Chat | Ready | Pause | Pong | Leave] = TypeAdapter(FromPage)


def read(text: str) -> Join | Input | Chat | Ready | Pause | Pong | Leave:
    """The message in a text frame.

    Raises:
        BadMessage: it is none; says why, in at most 100 characters.
    """
    try:
        return _READER.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "message"
        raise BadMessage(f"{where}: {first['msg']}"[:100]) from None


@dataclass(frozen=True, slots=True)
class ToPage:
    """A message to pages."""

    type: ClassVar[str]

    def encode(self) -> str:
        """JSON text."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps({"type": self.type, **data}, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Welcome(ToPage):
    """Everything about a game that does not change, and where it stands; after a join."""

    type: ClassVar[str] = "welcome"

    version: int
    room: str
    cook: int
    """Which cook the page plays, from 0."""
    game: dict[str, Any]
    """Map, rules, length, seats and options: see `Room.facts`."""
    kitchen: dict[str, Any]
    """How the empty kitchen looks: see `frames.kitchen`."""
    looks: dict[int, Any]
    """Drawings by number."""
    said: list[dict[str, Any]]
    """The last things said."""
    phase: str
    invite: str | None = None
    """Token of the seat that waits for somebody, for whoever may invite."""


@dataclass(frozen=True, slots=True)
class Said(ToPage):
    """Somebody said something. `text` is text: pages never read it as anything else."""

    type: ClassVar[str] = "said"

    seq: int
    tick: int
    cook: int
    text: str


@dataclass(frozen=True, slots=True)
class Note(ToPage):
    """Something that people should know."""

    type: ClassVar[str] = "note"

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class PhaseChange(ToPage):
    """The game waits, counts down, runs, is paused, or is over."""

    type: ClassVar[str] = "phase"

    seq: int
    phase: str
    seconds: float = 0.0
    """Until it runs, while it counts down."""
    ready: tuple[int, ...] = ()
    """Cooks that wait for the others."""
    away: tuple[int, ...] = ()
    """Cooks whose people have not come yet, or are gone."""


@dataclass(frozen=True, slots=True)
class Over(ToPage):
    """The game is over."""

    type: ClassVar[str] = "over"

    seq: int
    score: int
    served: int
    missed: int
    reason: str = ""
    """Why, if it was not the clock."""


@dataclass(frozen=True, slots=True)
class Ping(ToPage):
    """To be answered at once with a pong: how the round-trip time is measured."""

    type: ClassVar[str] = "ping"

    n: int


@dataclass(frozen=True, slots=True)
class Refused(ToPage):
    """Why the connection is being closed, or why something was not done."""

    type: ClassVar[str] = "refused"

    reason: str
