"""The upstream as a language model, for programs and decompositions that ask it many small things.

It is told only what was redacted before, and what it says keeps its placeholders: whoever has the answer puts the
values back. Its calls are exchanges of one request: receipted, shown if that is wanted, and made once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from brigade.agents.assistant.office import Case, Office, usage_into
from brigade.agents.assistant.remote import PATH, model_of
from brigade.agents.assistant.shapes import ApiError, Json
from brigade.agents.models import Choice, Completion, Message, ModelError


class UpstreamModel:
    """A LanguageModel whose calls belong to one request.

    Args:
        office: makes the calls.
        case: the request.
        loop: where the office lives; the blocking methods are for other threads than its own.
    """

    remote = True

    def __init__(self, office: Office, case: Case, loop: asyncio.AbstractEventLoop) -> None:
        self.name = f"upstream:{model_of(office, case)}"
        self._office, self._case, self._loop = office, case, loop

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """See LanguageModel.generate."""
        asking = self.agenerate(messages, max_tokens=max_tokens, stop=stop, schema=schema)
        return asyncio.run_coroutine_threadsafe(asking, self._loop).result()

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """See LanguageModel.choose; from the text alone."""
        return asyncio.run_coroutine_threadsafe(self.achoose(messages, options), self._loop).result()

    async def agenerate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """See LanguageModel.agenerate.

        Raises:
            ApiError: nothing may be sent, or an earlier answer is lost; no other way of asking would help.
        """
        body: Json = {
            "model": model_of(self._office, self._case),
            "messages": [{"role": each.role, "content": each.content} for each in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
        }
        if stop:
            body["stop"] = list(stop)
        if schema is not None:
            form = {"name": "answer", "schema": dict(schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        started = time.perf_counter()
        try:
            told = await self._office.exchange(self._case, PATH, body)
        except ApiError as error:
            if error.kind == "privacy_error" or error.code == "answer_lost":
                raise
            raise ModelError(f"the model {self.name!r} did not answer: {error.message}") from None
        self._case.receipt.received += told.text + "\n"
        usage_into(self._case.receipt, told.body.get("usage"), remote=True)
        usage = told.body.get("usage") or {}
        return Completion(
            _text(told.body).strip(),
            int(usage.get("prompt_tokens") or 0),
            int(usage.get("completion_tokens") or 0),
            time.perf_counter() - started,
        )

    async def achoose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """See LanguageModel.achoose; from the text alone."""
        longest = max(len(option) for option in options)
        said = await self.agenerate(messages, max_tokens=4 + longest)
        plain = said.text.strip("\"'`. ").lower()
        named = [each for each in options if each.lower() == plain] or [
            each for each in options if each.lower() in plain
        ]
        chosen = named or list(options)
        shares = tuple(float(option in chosen) / len(chosen) for option in options)
        return Choice(shares, said.prompt_tokens, said.seconds)


def _text(body: Json) -> str:
    try:
        text = body["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        text = None
    if not isinstance(text, str):
        raise ModelError("the upstream's answer has no text")
    return text
