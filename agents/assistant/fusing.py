"""The route `fuse`: token by token, the local model with the private context and the cloud without it.

The upstream must tell log-probabilities for a given beginning of an answer, as vLLM does
(`continue_final_message`). It is asked only while the beginning has nothing private in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from brigade.agents.assistant.office import Case, Office
from brigade.agents.assistant.shapes import ApiError, Json
from brigade.agents.models import Message, ModelError, OpenModel
from brigade.agents.privacy.decoding import Fused, Logs, Refused, decode, entropic, spread
from brigade.agents.privacy.gate import load_gate

TOLD = 20
"""Log-probabilities that are asked for; servers tell no more."""
SHARE = 0.25
"""The largest share of tokens about which the cloud is asked."""


async def fuse(office: Office, case: Case, model: OpenModel, messages: list[Message], limit: int) -> Fused:
    """Write the answer together with the cloud.

    Raises:
        ApiError: the cloud cannot be asked, or tells no log-probabilities.
    """
    loop = asyncio.get_running_loop()
    learned = load_gate()
    told_once = [replace(message, fixed=True) for message in messages]  # its state is kept from token to token

    @lru_cache(maxsize=1)
    def local(prefix: str) -> Logs:
        return model.next_token_logprobs(told_once, prefix)

    def other(prefix: str) -> Logs:
        try:
            told = asyncio.run_coroutine_threadsafe(_ask(office, case, prefix), loop).result()
        except ApiError as error:
            if error.code == "boundary_refused":
                raise Refused from None
            raise
        return spread(_numbered(told, model), local(prefix))

    def work() -> Fused:
        return decode(
            local,
            other,
            learned.fuse,
            model.spell,
            model.end,
            gate=entropic(),
            clean=lambda prefix: not office.redactor.spans(prefix),
            budget=SHARE,
            max_tokens=limit,
        )

    try:
        return await asyncio.to_thread(work)
    except ModelError:
        raise ApiError(503, "the local model cannot answer this", "local_failed", "server_error") from None


async def _ask(office: Office, case: Case, prefix: str) -> Mapping[str, float]:
    if office.upstream is None:
        raise AssertionError("the router takes no remote route without an upstream")
    body: Json = {
        "model": office.upstream.spec.model or str(case.prepared.body.get("model", "default")),
        "messages": [*case.prepared.body["messages"], *([{"role": "assistant", "content": prefix}] if prefix else [])],
        "max_tokens": 1,
        "temperature": 0,
        "logprobs": True,
        "top_logprobs": TOLD,
    }
    if prefix:
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    exchanged = await office.exchange(case, "/chat/completions", body)
    told, text = exchanged.body, exchanged.text
    case.receipt.received += text + "\n"
    usage = told.get("usage")
    case.receipt.prompt_tokens += int(usage.get("prompt_tokens") or 0) if isinstance(usage, dict) else 0
    try:
        first: Any = told["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        return {str(each["token"]): float(each["logprob"]) for each in first}
    except (KeyError, IndexError, TypeError, ValueError):
        raise ApiError(502, "the upstream tells no log-probabilities", "upstream_invalid", "upstream_error") from None


def _numbered(told: Mapping[str, float], model: OpenModel) -> dict[int, float]:
    """Log-probabilities by the local model's tokens; a foreign token counts for the first of ours in it."""
    numbered: dict[int, float] = {}
    for token, logprob in told.items():
        ids = model.token_ids(token)
        if ids and logprob > numbered.get(ids[0], float("-inf")):
            numbered[ids[0]] = logprob
    return numbered
