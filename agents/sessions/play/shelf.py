"""The minds that a server offers: loaded when first needed, shared by all rooms, never more than what was offered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from brigade.agents.graph import Minds
from brigade.agents.settings import DEFAULT_FAST, DEFAULT_SLOW

Load = Callable[[str, str], Minds]
"""Makes minds from the names of a slow and a fast model; may take its time and raise ModelError."""


class MindShelf:
    """Minds by the names of their models.

    Args:
        load: makes them.
        slow: names of models for the Slow Mind that people may choose; the first is the default.
        fast: the same for the Fast Mind.
    """

    def __init__(
        self, load: Load, slow: Sequence[str] = (DEFAULT_SLOW,), fast: Sequence[str] = (DEFAULT_FAST,)
    ) -> None:
        self._load = load
        self.slow, self.fast = tuple(slow), tuple(fast)
        self._loaded: dict[tuple[str, str], Minds] = {}
        self._one_at_a_time = asyncio.Lock()

    def check(self, slow: str, fast: str) -> None:
        """Raise ValueError unless both models are offered: names can stand for files and accounts of the server's."""
        for name, offered in ((slow, self.slow), (fast, self.fast)):
            if name not in offered:
                raise ValueError(f"the model {name!r} is not offered here (offered: {', '.join(offered)})")

    async def take(self, slow: str, fast: str) -> Minds:
        """The minds of these models.

        Raises:
            ModelError: they cannot be had.
        """
        async with self._one_at_a_time:
            minds = self._loaded.get((slow, fast))
            if minds is None:
                minds = await asyncio.to_thread(self._load, slow, fast)
                self._loaded[slow, fast] = minds
            return minds
