"""What has been measured already: a line a result in a file, so that a contest goes on where it stopped.

Several processes may work on one file: each takes the questions that no other is busy with, and reads what the others
have done. A claim is a lock on one byte of a file beside the results; it ends with its process, however that ends.
Knows no solver.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RESULTS, CLAIMS = "results.jsonl", "claims"
Key = tuple[str, ...]
"""What a result is of; texts."""


class Ledger:
    """Results by their keys; without a folder they are only kept in mind.

    Args:
        folder: where `results.jsonl` is and goes on.

    Raises:
        ValueError: a line is no result of this bench; says which.
        OSError: the folder cannot be read or written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._results: dict[Key, Mapping[str, Any]] = {}
        self._read_to = 0
        self._file = folder / RESULTS if folder is not None else None
        self._claims = -1
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._claims = os.open(folder / CLAIMS, os.O_CREAT | os.O_RDWR)
        self.refresh()

    def refresh(self) -> None:
        """Read what other processes have added."""
        if self._file is None or not self._file.is_file():
            return
        with self._file.open("rb") as lines:
            lines.seek(self._read_to)
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # somebody is writing it, or was cut off
                self._read_to += len(line)
                self._note(line)

    def _note(self, line: bytes) -> None:
        try:
            data = json.loads(line)
        except ValueError:
            return  # cut off, and then gone on behind
        try:
            self._results.setdefault(tuple(data["key"]), data["result"])
        except (KeyError, TypeError):
            raise ValueError(f"{self._file}: {line[:60]!r} is no result of this bench: name another folder") from None

    def get(self, key: Key) -> Mapping[str, Any] | None:
        """A result, if it is there."""
        return self._results.get(key)

    def add(self, key: Key, result: Mapping[str, Any]) -> None:
        """Keep a result."""
        self._results[key] = result
        if self._file is not None:
            line = json.dumps({"key": list(key), "result": result}) + "\n"
            with self._file.open("ab+") as lines:
                lines.write((b"" if _ended(self._file) else b"\n") + line.encode())

    @contextmanager
    def claimed(self, key: Key) -> Iterator[bool]:
        """Whether this process may work on what the key says: no other does until it is left."""
        place = int.from_bytes(hashlib.sha256("\0".join(key).encode()).digest()[:3])
        mine = self._locked(place)
        try:
            yield mine
        finally:
            if mine:
                self._unlock(place)

    def _locked(self, place: int) -> bool:
        if self._claims < 0:
            return True
        try:
            import fcntl
        except ImportError:  # no such locks on this system: one process at a time
            return True
        try:
            fcntl.lockf(self._claims, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return False
        return True

    def _unlock(self, place: int) -> None:
        if self._claims >= 0:
            try:
                import fcntl
            except ImportError:
                return
            fcntl.lockf(self._claims, fcntl.LOCK_UN, 1, place)


def _ended(file: Path) -> bool:
    """Whether a file ends with a whole line."""
    with file.open("rb") as content:
        if content.seek(0, os.SEEK_END) == 0:
            return True
        content.seek(-1, os.SEEK_END)
        return content.read() == b"\n"
