"""Reads what a traced program tells, and keeps it apart from what it prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from brigade.agents.reasoning.lmulator.records import Event, LineRan, Printed
from brigade.agents.reasoning.lmulator.rewriting.tracing import BETWEEN, END, START, Place


class Listener:
    """Collects events in the order in which they happen.

    Args:
        mark: what starts each trace message of this run.
        places: what each message is about.
        events: what happened before.
    """

    def __init__(self, mark: str, places: Sequence[Place] = (), events: Iterable[Event] = ()) -> None:
        self.events: list[Event] = list(events)
        self._places = places
        self._start = START + mark
        self._rest = ""
        self._known: dict[tuple[str, str], str] = {}
        for event in self.events:
            if isinstance(event, LineRan):
                self._known.update({(event.scope, name): value for name, value in event.delta})

    def hear(self, text: str) -> None:
        """Take what was printed; a message may come in pieces."""
        self._rest += text
        while (at := self._rest.find(self._start)) >= 0:
            self._print(self._rest[:at])
            end = self._rest.find(END, at)
            if end < 0:
                self._rest = self._rest[at:]
                return
            self._tell(self._rest[at + len(self._start) : end])
            self._rest = self._rest[end + 1 :]
        if START not in self._rest:
            self._print(self._rest)
            self._rest = ""

    def finish(self) -> None:
        """Whatever is left was printed."""
        self._print(self._rest)
        self._rest = ""

    def printed(self) -> str:
        """All that the program printed."""
        return "".join(event.text for event in self.events if isinstance(event, Printed))

    def _print(self, text: str) -> None:
        if not text:
            return
        if self.events and isinstance(self.events[-1], Printed):
            text = self.events.pop().text + text  # type: ignore[union-attr]
        self.events.append(Printed(text))

    def _tell(self, message: str) -> None:
        number, *values = message.split(BETWEEN)
        if number.isascii() and number.isdigit() and int(number) < len(self._places):
            self._note(int(number), values)

    def _note(self, place: int, values: list[str]) -> None:
        line, scope, names = self._places[place]
        told = zip(names, values, strict=False)
        changed = tuple((name, value) for name, value in told if self._known.get((scope, name)) != value)
        self._known.update({(scope, name): value for name, value in changed})
        self.events.append(LineRan(line, scope, changed))
