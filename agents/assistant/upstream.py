"""The cloud model behind the gateway, reached through the boundary and no other way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
from brigade.agents.assistant.prepare import Prepared
from brigade.agents.assistant.shapes import ApiError, Json, privacy_error, upstream_error
from brigade.agents.models.egress import WITHHELD, AsyncGuardedTransport, EgressRefused, Gate

MAX_ANSWER = 32 * 1024 * 1024
"""Bytes of a whole answer."""
KEPT_ALIVE = 2.0
"""Seconds that an idle connection is kept: many servers close it after five, and no request may meet that moment."""
_PASSED = ("retry-after", "x-request-id", "openai-processing-ms")
_PREFIXES = ("x-ratelimit-",)


class UpstreamAddressError(ValueError):
    """An address that cannot be an upstream."""


@dataclass(frozen=True, slots=True)
class UpstreamSpec:
    """Where the cloud model is."""

    url: str
    model: str | None = None
    """Asked for instead of what the client names."""
    key: str | None = None
    timeout: float = 60.0
    """Seconds without a byte until it is given up."""
    connections: int = 256


class Upstream:
    """An OpenAI-compatible server.

    What is sent there is always checked, on loopback too: a server there may forward it to another machine.

    Raises:
        UpstreamAddressError: the address is no HTTP URL.
    """

    def __init__(self, spec: UpstreamSpec, gate: Gate) -> None:
        parts = urlsplit(spec.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise UpstreamAddressError(f"--upstream: {spec.url.split('@')[-1]!r} is no address such as https://HOST/v1")
        self.spec = spec
        self._base = spec.url.rstrip("/")
        limits = httpx2.Limits(
            max_connections=spec.connections, max_keepalive_connections=64, keepalive_expiry=KEPT_ALIVE
        )
        self._client = httpx2.AsyncClient(
            transport=AsyncGuardedTransport(gate, credential=spec.key, everywhere=True, limits=limits),
            timeout=httpx2.Timeout(spec.timeout, connect=min(10.0, spec.timeout)),
            headers={"User-Agent": "brigade"} | ({"Authorization": f"Bearer {spec.key}"} if spec.key else {}),
        )

    @asynccontextmanager
    async def post(
        self, path: str, body: Json, prepared: Prepared, *, again: bool = True
    ) -> AsyncIterator[httpx2.Response]:
        """An answer whose body has not been read.

        Args:
            path: of the request, below the base URL.
            body: what is sent.
            prepared: what the boundary is told of it.
            again: whether it may be sent a second time where an idle connection turns out to be closed.

        Raises:
            ApiError: the boundary refused, or the upstream cannot be reached or answered with an error.
        """
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            response = await self._send(f"{self._base}{path}", content, prepared, 2 if again else 1)
        except EgressRefused as error:
            raise privacy_error(str(error)) from None
        except httpx2.TimeoutException:
            raise upstream_error(504, "the upstream did not answer in time", "upstream_timeout") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise upstream_error(
                502, f"the upstream cannot be reached ({type(error).__name__})", "upstream_unreachable"
            ) from None
        try:
            if response.status_code != 200:
                raise await _error_of(response)
            yield response
        except httpx2.TimeoutException:
            raise upstream_error(504, "the upstream stopped answering", "upstream_timeout") from None
        except httpx2.HTTPError as error:
            raise upstream_error(
                502, f"the upstream's answer broke off ({type(error).__name__})", "upstream_cut"
            ) from None
        finally:
            await response.aclose()

    async def _send(self, url: str, content: bytes, prepared: Prepared, attempts: int) -> httpx2.Response:
        """An answer of which only the head has been read.

        A server may close an idle connection at the moment at which a request goes into it. One that broke before any
        answer came, on a connection that had served before, is sent again (and checked again) on another one, as
        browsers do; at most once, and never after a fresh connection broke.
        """
        for attempt in range(1, attempts + 1):
            opened: list[str] = []

            async def trace(event: str, info: object, opened: list[str] = opened) -> None:
                if event.startswith("connection.connect") and event.endswith(".started"):
                    opened.append(event)

            extensions = {"timeout": self._client.timeout.as_dict(), WITHHELD: prepared.withheld, "trace": trace}
            headers = {"Content-Type": "application/json"}
            request = self._client.build_request("POST", url, content=content, headers=headers, extensions=extensions)
            try:
                return await self._client.send(request, stream=True)
            except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
                if attempt == attempts or opened:
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()


async def whole(response: httpx2.Response) -> tuple[Json, str]:
    """The JSON object of an answer, and its text.

    Raises:
        ApiError: it is too large, or no JSON object.
    """
    pieces = []
    size = 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > MAX_ANSWER:
            raise upstream_error(502, "the upstream's answer is too large", "upstream_too_large")
        pieces.append(piece)
    raw = b"".join(pieces)
    return json_of(raw), raw.decode("utf-8", "replace")


def json_of(raw: bytes | str) -> Json:
    """The JSON object of an answer's text.

    Raises:
        ApiError: it is none.
    """
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise upstream_error(502, "the upstream's answer is not JSON", "upstream_invalid") from None
    if not isinstance(answer, dict):
        raise upstream_error(502, "the upstream's answer is not a JSON object", "upstream_invalid")
    return answer


def passed_headers(response: httpx2.Response) -> dict[str, str]:
    """Headers of the upstream that clients read."""
    return {k: v for k, v in response.headers.items() if k in _PASSED or k.startswith(_PREFIXES)}


async def _error_of(response: httpx2.Response) -> ApiError:
    """The upstream's error in OpenAI's shape; of another shape only the status is told."""
    status = response.status_code if response.status_code >= 400 else 502
    message, code, kind = f"the upstream answered {response.status_code}", "upstream_error", "upstream_error"
    try:
        answer, _ = await whole(response)
        told = answer.get("error")
        if isinstance(told, dict) and isinstance(told.get("message"), str):
            message = told["message"][:2000]
            code, kind = str(told.get("code") or code), str(told.get("type") or kind)
    except (ApiError, httpx2.HTTPError):
        pass  # an error without a readable text is told by its status
    return ApiError(status, message, code, kind, passed_headers(response))
