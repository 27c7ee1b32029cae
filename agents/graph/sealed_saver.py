"""A PostgreSQL checkpointer of which everything that people said passes the serializer, and so is encrypted.

`AsyncPostgresSaver` writes texts and numbers of a state into its table as they are, past the serializer (found by
looking for a name in the tables). Here each is put into a box first, which goes the way of all other values. Knows no
key. Source: langgraph-checkpoint-postgres 3.2, `aput`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

_BOX = "brigade.sealed"


class OpenValue(ValueError):
    """A checkpoint holds a value that was not encrypted, so it is not ours."""


class SealedPostgresSaver(AsyncPostgresSaver):
    """Checkpoints in PostgreSQL; see AsyncPostgresSaver. Its asynchronous methods alone are sealed, and used."""

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """See BaseCheckpointSaver.aput."""
        values = {name: _boxed(value) for name, value in checkpoint["channel_values"].items()}
        boxed: Checkpoint = {**checkpoint, "channel_values": values}
        return await super().aput(config, boxed, metadata, new_versions)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """See BaseCheckpointSaver.aget_tuple.

        Raises:
            OpenValue: somebody else wrote it.
        """
        found = await super().aget_tuple(config)
        return None if found is None else _opened(found)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """See BaseCheckpointSaver.alist, and aget_tuple."""
        async for each in super().alist(config, filter=filter, before=before, limit=limit):
            yield _opened(each)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _boxed(value: object) -> object:
    return {_BOX: value} if _is_plain(value) else value


def _opened(found: CheckpointTuple) -> CheckpointTuple:
    values = {name: _unboxed(value) for name, value in found.checkpoint["channel_values"].items()}
    return found._replace(checkpoint={**found.checkpoint, "channel_values": values})


def _unboxed(value: object) -> object:
    if _is_plain(value):
        raise OpenValue("a checkpoint holds a value that is not encrypted, so it is not ours")
    return value[_BOX] if isinstance(value, dict) and value.keys() == {_BOX} else value
