"""Paused runs as bytes: kept in a file, a database or a LangGraph checkpoint, and taken up again after a restart.

A snapshot of the sandbox is not authenticated by itself, so the bytes are sealed with a key of the user's
(HMAC-SHA256); bytes that this key did not seal are refused before anything of them is read.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brigade.agents.reasoning.lmulator.records import Noted, answer_from_dict, answer_to_dict, event_from_dict
from brigade.agents.reasoning.lmulator.rewriting import Options
from brigade.agents.reasoning.lmulator.worlds import World

_HEAD = b"brigade-paused-2\n"
"""Its number goes up when programs are rewritten in another way, since a snapshot is of the rewritten text."""
_SEAL_BYTES = 32


@dataclass(frozen=True)
class Signature:
    """A secret key that seals paused runs."""

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) < 16:
            raise ValueError("the key that seals paused runs must have at least 16 bytes")

    @classmethod
    def of_user(cls, folder: Path | None = None) -> Signature:
        """The key in the user's data folder, which only the user can read; made when first needed."""
        if folder is None:
            from platformdirs import user_data_path

            folder = user_data_path("brigade")
        file = folder / "paused.key"
        folder.mkdir(parents=True, exist_ok=True)
        if not file.is_file():
            with contextlib.suppress(FileExistsError), tempfile.TemporaryDirectory(dir=folder) as made:
                new = Path(made) / "key"
                new.touch(0o600)
                new.write_bytes(secrets.token_bytes(32))
                os.link(new, file)  # at once and whole, whoever else makes one at the same time
        return cls(file.read_bytes())

    def seal(self, body: bytes) -> bytes:
        """The bytes, sealed."""
        return _HEAD + self._mac(body) + body

    def open(self, sealed: bytes) -> bytes:
        """The bytes under the seal.

        Raises:
            ValueError: this key did not seal them.
        """
        start = len(_HEAD)
        if not sealed.startswith(_HEAD):
            raise ValueError("these bytes are no paused run, or one of another version")
        seal, body = sealed[start : start + _SEAL_BYTES], sealed[start + _SEAL_BYTES :]
        if not hmac.compare_digest(seal, self._mac(body)):
            raise ValueError("the paused run was changed, or sealed with another key")
        return body

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self.key, _HEAD + body, hashlib.sha256).digest()


def save_world(world: World, key: str, question: str, signature: Signature) -> bytes:
    """A paused world as sealed bytes."""
    if world.snapshot is None:
        raise ValueError("the run is not paused")
    data = {
        "program": world.program,
        "question": question,
        "waits_for": key,
        "mark": world.options.mark,
        "traced": world.options.traced,
        "guarded": sorted(world.options.guarded),
        "methods": sorted(world.options.methods),
        "state": [list(pair) for pair in world.options.state],
        "answers": {each: answer_to_dict(answer) for each, answer in world.answers.items()},
        "events": [event.to_dict() for event in world.events],
        "notes": [note.to_dict() for note in world.notes],
        "repairs": world.repairs,
        "snapshot": base64.b64encode(world.snapshot).decode("ascii"),
    }
    return signature.seal(json.dumps(data, separators=(",", ":")).encode())


def load_world(sealed: bytes, signature: Signature) -> tuple[World, str, str]:
    """The paused world, the question, and the key of what it waits for.

    Raises:
        ValueError: this key did not seal the bytes.
    """
    data: dict[str, Any] = json.loads(signature.open(sealed))
    options = Options(
        data["traced"],
        data["mark"],
        frozenset(data["guarded"]),
        frozenset(data["methods"]),
        tuple((name, value) for name, value in data["state"]),
    )
    notes = [note for each in data["notes"] if isinstance(note := event_from_dict(each), Noted)]
    world = World(
        program=data["program"],
        options=options,
        answers={key: answer_from_dict(answer) for key, answer in data["answers"].items()},
        events=[event_from_dict(each) for each in data["events"]],
        notes=notes,
        snapshot=base64.b64decode(data["snapshot"]),
        repairs=data["repairs"],
    )
    return world, data["question"], data["waits_for"]
