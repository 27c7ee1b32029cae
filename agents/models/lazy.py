"""A model that is loaded when it is first asked: for work that may need none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from brigade.agents.models.protocol import Choice, Completion, LanguageModel, Message


class LazyModel:
    """A language model behind a function that loads it; every method is LanguageModel's."""

    def __init__(self, name: str, load: Callable[[], LanguageModel]) -> None:
        self.name = name
        self._load = load
        self._lock = threading.Lock()
        self._model: LanguageModel | None = None

    @property
    def loaded(self) -> LanguageModel:
        """The model itself.

        Raises:
            ModelError: it cannot be had.
        """
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    @property
    def remote(self) -> bool:
        """See LanguageModel.remote."""
        return self.loaded.remote

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """See LanguageModel.generate."""
        return self.loaded.generate(messages, max_tokens=max_tokens, stop=stop, schema=schema)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """See LanguageModel.choose."""
        return self.loaded.choose(messages, options)

    async def agenerate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """See LanguageModel.agenerate."""
        return await self.loaded.agenerate(messages, max_tokens=max_tokens, stop=stop, schema=schema)

    async def achoose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """See LanguageModel.achoose."""
        return await self.loaded.achoose(messages, options)
