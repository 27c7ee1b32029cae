"""Threads that outlive the process: checkpoints in SQLite or PostgreSQL, encrypted.

A conversation is private, and so are its checkpoints: they are encrypted with the key of the receipts, and only plain
data is read back from them, whatever somebody has written into the database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from brigade.agents.privacy.keys import Sealer
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer


class ThreadsUnusable(ValueError):
    """A place where threads cannot be kept: says why and what to do."""


class _Sealed:
    """Checkpoints' cipher: the key of receipts and vaults."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def encrypt(self, plaintext: bytes) -> tuple[str, bytes]:
        return "brigade", self._sealer.seal(plaintext.decode("latin-1"))

    def decrypt(self, ciphername: str, ciphertext: bytes) -> bytes:
        if ciphername != "brigade":
            raise ThreadsUnusable(f"a checkpoint is encrypted in another way: {ciphername!r}")
        return self._sealer.open(ciphertext).encode("latin-1")


class _PlainOnly(EncryptedSerializer):
    """Nothing is read that was not encrypted with the key."""

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        if "+" not in data[0] and data[0] != "null":
            raise ThreadsUnusable("a checkpoint is not encrypted, so it is not ours")
        return super().loads_typed(data)


@asynccontextmanager
async def open_threads(where: str | Path, sealer: Sealer) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The checkpointer of threads kept here.

    Args:
        where: an SQLite file, or the URL of a PostgreSQL database (extra `postgres`).
        sealer: encrypts.

    Raises:
        ThreadsUnusable: the database's driver is missing.
    """
    serde = _PlainOnly(_Sealed(sealer), JsonPlusSerializer(allowed_msgpack_modules=None))
    url = str(where)
    if url.startswith(("postgresql://", "postgres://")):
        try:
            from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
        except ImportError:
            raise ThreadsUnusable(
                "threads in PostgreSQL need the extra `postgres`: pip install 'brigade-agents[postgres]'"
            ) from None
        async with AsyncPostgresSaver.from_conn_string(url, serde=serde) as saver:
            await saver.setup()
            yield saver
        return
    import aiosqlite
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    async with aiosqlite.connect(url.removeprefix("sqlite:///")) as connection:
        yield AsyncSqliteSaver(connection, serde=serde)
