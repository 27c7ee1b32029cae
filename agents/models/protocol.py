"""What every language model offers, wherever it runs.

A model is text in, text out, with token counts and the time it took; and a choice between given options, with a
probability for each. Knows no engine, no prompt and no agent.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Role = Literal["system", "user", "assistant"]


class ModelError(RuntimeError):
    """A model that cannot be had or that did not answer: says which, why, and what to do."""


class BudgetSpent(ModelError):
    """The calls or tokens that were allowed are used up."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str
    fixed: bool = False
    """The same in every call: an engine may keep its state after the leading run of fixed messages."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A generated text and what it cost."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A probability for each option, in the order of the options, and what it cost."""

    probabilities: tuple[float, ...]
    prompt_tokens: int
    seconds: float

    @property
    def best(self) -> int:
        """Index of the most probable option."""
        return max(range(len(self.probabilities)), key=self.probabilities.__getitem__)


@runtime_checkable
class LanguageModel(Protocol):
    """A language model. Every method may raise ModelError."""

    @property
    def name(self) -> str:
        """The string by which it was asked for."""

    @property
    def remote(self) -> bool:
        """Whether what it is told leaves this machine."""

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """The answer to a conversation; with a JSON schema, JSON that the schema admits."""

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """How probable each option is as the answer, the options being the only answers allowed."""

    async def agenerate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """`generate` without blocking the event loop."""

    async def achoose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """`choose` without blocking the event loop."""


@runtime_checkable
class OpenModel(LanguageModel, Protocol):
    """A language model whose distribution over the next token can be seen."""

    def next_token_logprobs(self, messages: Sequence[Message], prefix: str) -> NDArray[np.float32]:
        """Log-probability of every token of the vocabulary after this beginning of an answer, shape (vocabulary,)."""

    @property
    def end(self) -> int:
        """The number of the token that ends an answer."""

    def token_ids(self, text: str) -> list[int]:
        """The numbers of a text's tokens."""

    def spell(self, ids: Sequence[int]) -> str:
        """The text of token numbers."""


@runtime_checkable
class SamplingModel(LanguageModel, Protocol):
    """A language model that can draw several answers at random."""

    def samples(
        self,
        prompts: Sequence[Sequence[Message]],
        *,
        count: int,
        max_tokens: int,
        temperature: float,
        begin: str = "",
    ) -> list[list[Completion]]:
        """So many answers to each conversation, drawn at a temperature; each goes on from `begin`, and includes it."""


class Engine(ABC):
    """A base for engines that block: their async twins run on a thread."""

    def __init__(self, name: str, *, remote: bool) -> None:
        self.name = name
        self.remote = remote

    @abstractmethod
    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """See LanguageModel.generate."""

    @abstractmethod
    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """See LanguageModel.choose."""

    async def agenerate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """See LanguageModel.agenerate."""
        return await asyncio.to_thread(self.generate, messages, max_tokens=max_tokens, stop=stop, schema=schema)

    async def achoose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """See LanguageModel.achoose."""
        return await asyncio.to_thread(self.choose, messages, options)
