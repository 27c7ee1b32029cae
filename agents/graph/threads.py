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

_LOCK = 0x62726967_74687264
"""Who makes the tables of threads in PostgreSQL: `brig` `thrd`."""


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
        where: an SQLite file, or the URL of a PostgreSQL database.
        sealer: encrypts.

    Raises:
        ThreadsUnusable: the database cannot be reached, or is of another kind.
    """
    serde = _PlainOnly(_Sealed(sealer), JsonPlusSerializer(allowed_msgpack_modules=None))
    url = str(where)
    kind = url.partition("://")[0].partition("+")[0] if "://" in url else "sqlite"
    if kind in ("postgresql", "postgres"):
        async with _postgres(url, serde) as saver:
            yield saver
    elif kind == "sqlite":
        import aiosqlite
        from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

        async with aiosqlite.connect(url.removeprefix("sqlite:///")) as connection:
            yield AsyncSqliteSaver(connection, serde=serde)
    else:
        raise ThreadsUnusable(f"threads cannot be kept in {kind}: use a file (SQLite) or postgresql://...")


@asynccontextmanager
async def _postgres(url: str, serde: EncryptedSerializer) -> AsyncIterator[BaseCheckpointSaver[str]]:
    import psycopg
    from brigade.agents.graph.sealed_saver import SealedPostgresSaver
    from psycopg.rows import dict_row

    try:
        connection = await psycopg.AsyncConnection.connect(
            _of_libpq(url), autocommit=True, prepare_threshold=0, row_factory=dict_row
        )
    except psycopg.Error as error:
        raise ThreadsUnusable(f"threads cannot be kept there: {' '.join(str(error).split())}") from None
    async with connection:
        # Several processes may open a new database at once: its tables are made by one of them.
        await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
        try:
            saver = SealedPostgresSaver(connection, serde=serde)
            await saver.setup()
        finally:
            await connection.execute(f"SELECT pg_advisory_unlock({_LOCK})")
        yield saver


def _of_libpq(url: str) -> str:
    """An address without the driver that SQLAlchemy may want named: `postgresql+psycopg://...`."""
    kind, _, rest = url.partition("://")
    return f"{kind.partition('+')[0]}://{rest}"
