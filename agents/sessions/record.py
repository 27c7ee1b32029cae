"""The one record of a session: a JSON object a line, the same for scripted episodes and human games.

The first line is the header: layout, rules, seed, the state at the start, who cooks. After it come ticks (the joint
action and a digest of the state after it), decisions, messages, intents and ended macro actions as they happen, and at
the end the result, or why the session broke off. A record replays bit for bit: the digest of every tick is compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from brigade.envs.kitchen import Kitchen, KitchenView, LayoutError, parse_layout

FORMAT = 1
"""Version of the record's form."""
DISTRIBUTION = "brigade-agents"


class RecordError(ValueError):
    """A record that cannot be read or does not replay: says which line and why."""


class RecordWriter:
    """Appends entries to a record as they happen; what is written stays written. With no file it does nothing.

    Args:
        file: the record.
        go_on: whether to go on with the record that is there; a last line that was cut off half-way is dropped.
    """

    def __init__(self, file: Path | None, *, go_on: bool = False) -> None:
        self._out: TextIO | None = None
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            if go_on:
                _drop_cut_off_line(file)
            self._out = file.open("a" if go_on else "w", encoding="utf-8", buffering=1)

    def write(self, kind: str, **entry: Any) -> None:
        """Append an entry of this kind."""
        if self._out is not None:
            line = json.dumps({"type": kind, **entry}, separators=(",", ":"), ensure_ascii=False)
            self._out.write(line + "\n")

    def header(self, kitchen: Kitchen, **facts: Any) -> None:
        """Write the header: all that a replay needs, and who takes part."""
        self.write(
            "header",
            format=FORMAT,
            brigade=version(DISTRIBUTION),
            layout=kitchen.layout.source_text(),
            rules=kitchen.rules.name,
            tick_seconds=kitchen.rules.tick_seconds,
            state=kitchen.rules.to_dict(kitchen.state),
            digest=kitchen.state.digest(),
            **facts,
        )

    def close(self) -> None:
        """Close the file; what is written from now on is dropped."""
        if self._out is not None:
            self._out.close()
            self._out = None

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Record:
    """A record that has been read."""

    source: str
    header: dict[str, Any]
    entries: tuple[dict[str, Any], ...]
    """Everything after the header, in order."""

    @property
    def ticks(self) -> int:
        """Number of ticks."""
        return sum(entry["type"] == "tick" for entry in self.entries)

    @property
    def end(self) -> dict[str, Any] | None:
        """The last line, if the session came to its end or said why it broke off."""
        last = self.entries[-1] if self.entries else None
        return last if last is not None and last["type"] in ("end", "broken") else None


def read_record(file: Path) -> Record:
    """The record in a file. A last line that was cut off half-way is left out.

    Raises:
        RecordError: it is not a record; says which line.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{file}: cannot be read: {error}") from None
    return parse_record(text, str(file))


def parse_record(text: str, source: str = "record") -> Record:
    """The record in a text; see read_record.

    Raises:
        RecordError: it is not a record; says which line.
    """
    lines = text.split("\n")
    entries: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            entry = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            if number == len(lines):  # no newline after it: the writer was cut off
                break
            raise RecordError(f"{source}:{number}: not JSON: {error}") from None
        if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
            raise RecordError(f"{source}:{number}: not an entry of a record: no `type`")
        entries.append(entry)
    if not entries or entries[0]["type"] != "header":
        raise RecordError(f"{source}:1: a record begins with a header")
    if entries[0].get("format") != FORMAT:
        raise RecordError(f"{source}:1: record format {entries[0].get('format')!r}, this version reads {FORMAT}")
    return Record(source, entries[0], tuple(entries[1:]))


def replay(record: Record) -> Iterator[tuple[KitchenView, list[dict[str, Any]]]]:
    """The view at the start and after every tick, each with the other entries noted since the one before.

    Raises:
        RecordError: the record is broken, or a state differs from the one recorded.
    """
    header = record.header
    try:
        layout = parse_layout(json.dumps(header["layout"]), source=record.source)
        kitchen = Kitchen(layout, rules=header["rules"], tick_seconds=header["tick_seconds"])
        kitchen.state = kitchen.rules.from_dict(header["state"])
    except (KeyError, TypeError, LayoutError, ValueError) as error:
        raise RecordError(f"{record.source}:1: the header does not describe a kitchen: {error}") from None
    _compare(record, kitchen, header.get("digest"), "at the start")
    yield kitchen.view(), []
    noted: list[dict[str, Any]] = []
    for entry in record.entries:
        if entry["type"] != "tick":
            noted.append(entry)
            continue
        try:
            kitchen.step(entry["actions"])
        except (KeyError, TypeError, ValueError) as error:
            raise RecordError(f"{record.source}: tick {entry.get('tick')}: {error}") from None
        _compare(record, kitchen, entry.get("digest"), f"at tick {entry.get('tick')}")
        yield kitchen.view(), noted
        noted = []


def _drop_cut_off_line(file: Path) -> None:
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with file.open("r+b") as out:
            out.truncate(whole)


def _compare(record: Record, kitchen: Kitchen, digest: str | None, when: str) -> None:
    if kitchen.state.digest() != digest:
        raise RecordError(f"{record.source}: the replay differs from the record {when}")
