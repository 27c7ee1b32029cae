"""Models that answer over HTTP, through LangChain: OpenAI-compatible servers (vLLM, Ollama, …) and cloud providers.

Time-outs, retries with back-off, and a budget of calls and tokens. A server on this machine's loopback is local,
everything else is remote and is reached only through a gate (`egress`): the HTTP client itself asks it, so that there
is no way around it, whichever method of the model or of what it holds is called. Knows no prompt and no agent.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai
from brigade.agents.models.egress import AsyncGuardedTransport, EgressRefused, Gate, GuardedTransport, is_remote
from brigade.agents.models.protocol import BudgetSpent, Choice, Completion, Engine, Message, ModelError
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langsmith import tracing_context
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

_PASSING = (
    openai.APIConnectionError,  # also its time-out
    openai.InternalServerError,
    openai.RateLimitError,
    ConnectionError,
    TimeoutError,
)
"""Errors that may pass when tried again."""
_FINAL = (openai.OpenAIError, OSError, ValueError, TypeError, KeyError, NotImplementedError)
"""Errors of a provider that will not pass: a refused key, an unknown model, an option it does not know."""

_GUARDED = {"openai": "OPENAI_API_KEY", "azure_openai": "AZURE_OPENAI_API_KEY"}
"""Providers whose HTTP client is ours, and where their keys are."""

_MIN_LOGPROB = -20.0
"""For an option that is not among the tokens whose probability the server tells."""


@dataclass
class Budget:
    """Calls and tokens that may still be spent; shared by every model that is given it."""

    calls: float = math.inf
    tokens: float = math.inf
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take_call(self) -> None:
        """Note a call before it is made.

        Raises:
            BudgetSpent: no call or token is left.
        """
        with self._lock:
            if self.calls < 1:
                raise BudgetSpent("the budget of model calls is spent (--max-calls)")
            if self.tokens <= 0:
                raise BudgetSpent("the budget of model tokens is spent (--max-tokens)")
            self.calls -= 1

    def take_tokens(self, count: int) -> None:
        """Note the tokens of an answer."""
        with self._lock:
            self.tokens -= count


class EndpointModel(Engine):
    """A model that answers over HTTP.

    Args:
        name: a name that `init_chat_model` knows, such as `openai:NAME`.
        base_url: where the server is; the provider's own address by default.
        api_key: the key for it, if it asks for one.
        timeout: seconds until a call is given up.
        retries: further tries after an error that may pass.
        budget: what may be spent.
        egress: decides what may be sent to a remote server; None: nothing.
        remote: whether what is sent there leaves this machine; by default, whether the address is not loopback. True
            for a server on loopback that forwards to another machine.

    Raises:
        ModelError: the provider is unknown, its package or key is missing, or it cannot be held to the boundary.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
        budget: Budget | None = None,
        egress: Gate | None = None,
        remote: bool | None = None,
    ) -> None:
        super().__init__(name, remote=is_remote(base_url) or bool(remote))
        self._where = base_url or "its provider"
        self._timeout = timeout
        self._retries = retries
        self._budget = budget or Budget()
        self._model = self._make(name, base_url, api_key, egress)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """See LanguageModel.generate; with a schema the server is asked for JSON of that schema."""
        extra: dict[str, Any] = {"max_tokens": max_tokens}
        if stop:
            extra["stop"] = list(stop)
        if schema is not None:
            form = {"name": "answer", "schema": dict(schema), "strict": True}
            extra["response_format"] = {"type": "json_schema", "json_schema": form}
        start = time.perf_counter()
        answer = self._call(messages, extra)
        usage = answer.usage_metadata
        return Completion(
            answer.text.strip(),
            usage["input_tokens"] if usage else 0,
            usage["output_tokens"] if usage else 0,
            time.perf_counter() - start,
        )

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """See LanguageModel.choose.

        From the log-probabilities of the first token where the server tells them, else from the text: the option that
        the answer names has all the probability, or all options share it when the answer names none.
        """
        start = time.perf_counter()
        longest = max(len(option) for option in options)
        answer = self._call(messages, {"max_tokens": 4 + longest, "logprobs": True, "top_logprobs": 20})
        usage = answer.usage_metadata
        probabilities = _from_logprobs(answer, options) or _from_text(answer.text, options)
        return Choice(probabilities, usage["input_tokens"] if usage else 0, time.perf_counter() - start)

    def _make(self, name: str, base_url: str | None, api_key: str | None, egress: Gate | None) -> BaseChatModel:
        provider = name.partition(":")[0]
        if provider not in _GUARDED:
            raise ModelError(
                f"the model {name!r} cannot be used: {provider!r} is not reached through the privacy boundary; use its "
                "OpenAI-compatible address (openai:NAME with --base-url)"
            )
        extra: dict[str, Any] = {"base_url": base_url} if base_url else {}
        if api_key or base_url:
            # Servers of one's own seldom ask for a key, but the client insists on one; a key not meant for them
            # is never sent there.
            extra["api_key"] = api_key or "none"
        key = extra.get("api_key") or os.environ.get(_GUARDED[provider])
        timeout = httpx2.Timeout(self._timeout)
        extra["http_client"] = httpx2.Client(
            transport=GuardedTransport(egress, credential=key, everywhere=self.remote), timeout=timeout
        )
        extra["http_async_client"] = httpx2.AsyncClient(
            transport=AsyncGuardedTransport(egress, credential=key, everywhere=self.remote), timeout=timeout
        )
        try:
            model: BaseChatModel = init_chat_model(name, timeout=self._timeout, max_retries=0, temperature=0, **extra)
        except (*_FINAL, ImportError) as error:
            raise ModelError(f"the model {name!r} cannot be used: {_line(error)}") from error
        return model

    def _call(self, messages: Sequence[Message], extra: Mapping[str, Any]) -> AIMessage:
        turns = [_TURNS[message.role](message.content) for message in messages]
        attempts = Retrying(
            retry=retry_if_exception_type(_PASSING),
            stop=stop_after_attempt(self._retries + 1),
            wait=wait_random_exponential(multiplier=0.5, max=20),
            reraise=True,
        )
        try:
            return attempts(self._try_once, turns, extra)
        except EgressRefused as error:
            raise EgressRefused(f"the model {self.name!r}: {error}") from None
        except _PASSING as error:
            tries = self._retries + 1
            raise ModelError(
                f"the model {self.name!r} at {self._where} did not answer in {tries} tries: {_line(error)}"
            ) from error
        except _FINAL as error:
            raise ModelError(f"the model {self.name!r} at {self._where} refused: {_line(error)}") from error

    def _try_once(self, turns: list[BaseMessage], extra: Mapping[str, Any]) -> AIMessage:
        self._budget.take_call()
        try:
            with tracing_context(enabled=False):  # traces would leave by another way
                answer = self._model.invoke(turns, **extra)
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, EgressRefused):
                raise error.__cause__ from None
            raise
        if answer.usage_metadata:
            self._budget.take_tokens(answer.usage_metadata["total_tokens"])
        return answer


_TURNS: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}


def _from_logprobs(answer: AIMessage, options: Sequence[str]) -> tuple[float, ...] | None:
    """Probabilities from the first token's alternatives; None if the server tells none or options begin alike."""
    content = (answer.response_metadata.get("logprobs") or {}).get("content") or []
    if not content:
        return None
    known: dict[str, float] = {}
    for alternative in content[0].get("top_logprobs") or ():
        token = alternative["token"].strip()
        known[token] = max(known.get(token, -math.inf), alternative["logprob"])
    logs = []
    for option in options:
        starts = [log for token, log in known.items() if token and option.startswith(token)]
        logs.append(max(starts, default=_MIN_LOGPROB))
    heads = {token: [o for o in options if o.startswith(token)] for token in known if token}
    if any(len(matching) > 1 for matching in heads.values()) or max(logs) == _MIN_LOGPROB:
        return None
    weights = [math.exp(log - max(logs)) for log in logs]
    return tuple(weight / sum(weights) for weight in weights)


def _from_text(text: str, options: Sequence[str]) -> tuple[float, ...]:
    answer = text.strip().strip("\"'`.").lower()
    named = [option for option in options if option.lower() == answer] or [
        option for option in options if option.lower() in answer
    ]
    chosen = named or list(options)
    return tuple(float(option in chosen) / len(chosen) for option in options)


def _line(error: Exception) -> str:
    """The error as one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 else text[:299] + "…"
