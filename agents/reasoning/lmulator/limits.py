"""What a run may use, and the ways in which it can end: each has one clear line."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class End(StrEnum):
    """How a run ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no answer"
    """It ran to its end and set no `answer`."""
    ERROR = "error"
    """It raised what nobody caught."""
    SYNTAX = "syntax"
    """It is not Python, and could not be made so."""
    UNSUPPORTED = "unsupported"
    """It uses what the sandbox does not know."""
    REFUSED = "refused"
    """It asked for what is never given: files, processes, the interpreter's insides."""
    UNANSWERED = "unanswered"
    """Nobody could answer a call."""
    TIME = "time"
    MEMORY = "memory"
    DEPTH = "depth"
    CALLS = "calls"
    """The calls, tokens or suspensions that it may use are spent."""
    OUTPUT = "output"
    CRASHED = "crashed"
    """Its worker died and was replaced."""
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run of a program may use."""

    seconds: float = 5.0
    """Of the interpreter's own time; waiting for a model is not counted."""
    memory: int = 64 * 2**20
    """Bytes of the program's values."""
    depth: int = 150
    """Calls within calls."""
    suspensions: int = 2000
    """Times that the program may ask the outside for something."""
    output: int = 100_000
    """Characters that it may print."""
    source: int = 40_000
    """Characters of its text."""
    argument: int = 20_000
    """Characters of one call's arguments, written out."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ValueError(f"the limit {name!r} is {getattr(self, name)}, but must be above 0")


class CallsSpent(RuntimeError):
    """A model may not be asked again."""


@dataclass
class Allowance:
    """Model calls and tokens that may still be used, and seconds of waiting for models; shared by whoever holds it."""

    calls: float = 1000
    tokens: float = float("inf")
    seconds: float = float("inf")
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take_call(self) -> None:
        """Note a call before it is made.

        Raises:
            CallsSpent: no call, token or second is left; says which.
        """
        with self._lock:
            for name in ("calls", "tokens", "seconds"):
                if getattr(self, name) <= 0:
                    raise CallsSpent(f"the allowance of model {name} is spent")
            self.calls -= 1

    def take(self, tokens: int, seconds: float) -> None:
        """Note what a call used."""
        with self._lock:
            self.tokens -= tokens
            self.seconds -= seconds


ENDED_BY = {
    "TimeoutError": End.TIME,
    "MemoryError": End.MEMORY,
    "RecursionError": End.DEPTH,
    "PermissionError": End.REFUSED,
    "NotImplementedError": End.UNSUPPORTED,
    "ModuleNotFoundError": End.UNSUPPORTED,
    "SyntaxError": End.SYNTAX,
}
"""The end that an uncaught exception means; any other is an error of the program."""
