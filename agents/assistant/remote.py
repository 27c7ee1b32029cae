"""The routes `cloud` and `redact`: the upstream answers, and values come back in the place of placeholders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
from brigade.agents.assistant.office import Case, Office, usage_into
from brigade.agents.assistant.prepare import OWN
from brigade.agents.assistant.shapes import DONE, ApiError, Json, event, upstream_error
from brigade.agents.assistant.streaming import (
    ChunkRestorer,
    Events,
    StreamBroken,
    parse_chunk,
    restored_answer,
)

PATH = "/chat/completions"
KEPT = 1_000_000
"""Characters of an answer that a receipt keeps."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is complete."""

    body: Json
    headers: dict[str, str]


@asynccontextmanager
async def _posted(office: Office, case: Case) -> AsyncIterator[httpx2.Response]:
    if office.upstream is None:
        raise AssertionError("the router takes no remote route without an upstream")
    body = _outgoing(office, case)
    await office.may_send(case, body)
    try:
        async with office.upstream.post(PATH, body, case.prepared) as response:
            yield response
    except ApiError as error:
        if error.kind == "privacy_error":
            office.withdrawn(case)
        raise


def _outgoing(office: Office, case: Case) -> Json:
    return dict(case.prepared.body) | {"model": model_of(office, case)}


def model_of(office: Office, case: Case) -> str:
    """The name by which the upstream's model is asked for."""
    own = office.upstream.spec.model if office.upstream is not None else None
    wanted = own or case.prepared.body.get("model", "")
    return str(wanted).removeprefix(f"{OWN}:").removeprefix(OWN) or "default"


def restorer_of(case: Case, *, scrub: bool) -> ChunkRestorer:
    """What puts the values of a request back."""
    form = case.asked.body.get("response_format")
    is_json = isinstance(form, dict) and form.get("type") in ("json_object", "json_schema")
    supplied = str(case.asked.body) if scrub else None
    return ChunkRestorer(case.prepared.values, case.prepared.names, is_json, supplied)


async def answer(office: Office, case: Case, *, scrub: bool = False) -> Answer:
    """The whole answer of the upstream.

    Raises:
        ApiError: there is none.
    """
    told = await office.exchange(case, PATH, _outgoing(office, case))
    case.receipt.received = told.text[:KEPT]
    usage_into(case.receipt, told.body.get("usage"), remote=True)
    return Answer(restored_answer(told.body, restorer_of(case, scrub=scrub)), told.headers)


async def stream(office: Office, case: Case, *, scrub: bool = False) -> AsyncIterator[bytes]:
    """The upstream's answer as it comes, as server-sent events; the first thing given is empty, once it has begun.

    Raises:
        ApiError: the answer cannot begin, or has broken off.
    """
    restorer = restorer_of(case, scrub=scrub)
    async with _posted(office, case) as response:
        yield b""
        relay = _Relay(case, restorer)
        events = Events()
        try:
            async for piece in response.aiter_bytes():
                for data in events.feed(piece):
                    for out in relay.feed(data):
                        yield out
            for data in events.flush():
                for out in relay.feed(data):
                    yield out
            for out in relay.end():
                yield out
        except StreamBroken as error:
            raise upstream_error(502, f"the upstream's stream is broken: {error}", "upstream_invalid") from None


class _Relay:
    """Gives events on, restored."""

    def __init__(self, case: Case, restorer: ChunkRestorer) -> None:
        self._receipt = case.receipt
        self._restorer = restorer
        self._last: Json | None = None
        self._finished = False
        self._done = False

    def feed(self, data: str) -> list[bytes]:
        """What to give on for an event."""
        if self._done or not data:
            return []
        if len(self._receipt.received) < KEPT:
            self._receipt.received += data + "\n"
        if data == "[DONE]":
            return self.end()
        chunk = parse_chunk(data)
        self._last = chunk
        usage_into(self._receipt, chunk.get("usage"), remote=True)
        choices = chunk.get("choices")
        if isinstance(choices, list):
            self._finished |= any(isinstance(each, dict) and each.get("finish_reason") for each in choices)
        if self._restorer.idle:
            return [b"data: " + data.encode("utf-8") + b"\n\n"]
        return [event(each) for each in self._restorer.feed(chunk)]

    def end(self) -> list[bytes]:
        """What is left to give at the end.

        Raises:
            ApiError: the end came too early.
        """
        if self._done:
            return []
        if not self._finished and not (self._last and "error" in self._last):
            raise upstream_error(502, "the upstream's stream broke off", "upstream_cut")
        self._done = True
        return [*(event(each) for each in self._restorer.flush(self._last)), DONE]
