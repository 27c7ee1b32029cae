"""The only way off this machine: transports that hand every request to a gate before it is sent.

A request is shown to the gate as it will be sent (address, headers, body), and is sent only if the gate returns. A
gate that raises anything, or none at all, means that nothing is sent. Knows nothing of what is private: the gate does
(`brigade.agents.privacy`).
"""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from urllib.parse import urlsplit

import httpx2
from brigade.agents.models.protocol import ModelError

MAX_BODY = 32 * 1024 * 1024
"""Bytes of a request; more cannot be checked in reasonable time."""
WITHHELD = "brigade.withheld"
"""The extension of a request that holds what Outgoing.withheld does."""
_KEY_HEADERS = frozenset({"authorization", "api-key", "x-api-key"})
_MECHANICAL = frozenset({"host", "content-length", "accept-encoding", "connection", "transfer-encoding"})
"""Headers that the HTTP library writes from what is checked anyway."""


class EgressRefused(ModelError):
    """Something was not sent, because the privacy boundary did not let it pass; nothing private is in the message."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it would leave this machine, less the credential that its receiver itself handed out."""

    host: str
    target: str
    """Path and query."""
    headers: tuple[tuple[str, str], ...]
    body: bytes
    withheld: tuple[tuple[str, str], ...] = ()
    """What the sender knows to be private in this conversation besides all else, each with its kind."""


class Gate(Protocol):
    """Decides what may leave."""

    def check(self, outgoing: Outgoing) -> None:
        """Return if this may leave.

        Raises:
            EgressRefused: it may not; says what kind of thing was found and where, never the thing.
        """


class NoBoundary:
    """The gate of those who have none: nothing passes."""

    def check(self, outgoing: Outgoing) -> None:
        """Refuse."""
        raise EgressRefused(
            f"a request to {outgoing.host} was not sent: remote models are reached only through the privacy boundary "
            "(give ModelOptions an egress, such as brigade.agents.privacy.Boundary)"
        )


def is_remote(base_url: str | None) -> bool:
    """Whether a URL leads off this machine; no URL is a provider's own."""
    try:
        host = urlsplit(base_url).hostname if base_url else None
    except ValueError:
        return True
    return host is None or not is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class GuardedTransport(httpx2.HTTPTransport):
    """Sends what the gate lets pass.

    Args:
        gate: decides; None lets nothing pass.
        credential: the key that the receiver itself handed out; it may stand in the headers made for keys.
        everywhere: whether loopback addresses are checked too, as for a server there that forwards to another machine.
    """

    def __init__(self, gate: Gate | None, *, credential: str | None = None, everywhere: bool = False) -> None:
        super().__init__(trust_env=False, verify=_certificates())
        self._guard = _Guard(gate or NoBoundary(), credential, everywhere)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Check, then send."""
        request.read()
        self._guard.check(request)
        return super().handle_request(request)


class AsyncGuardedTransport(httpx2.AsyncHTTPTransport):
    """GuardedTransport for the event loop; see there."""

    def __init__(
        self,
        gate: Gate | None,
        *,
        credential: str | None = None,
        everywhere: bool = False,
        limits: httpx2.Limits | None = None,
    ) -> None:
        super().__init__(trust_env=False, verify=_certificates(), limits=limits or httpx2.Limits())
        self._guard = _Guard(gate or NoBoundary(), credential, everywhere)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Check, then send."""
        await request.aread()
        self._guard.check(request)
        return await super().handle_async_request(request)


@cache
def _certificates() -> ssl.SSLContext:
    """What TLS is checked with; made once, which takes 40 ms."""
    return httpx2.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class _Guard:
    gate: Gate
    credential: str | None
    everywhere: bool

    def check(self, request: httpx2.Request) -> None:
        host = request.url.host
        if not self.everywhere and is_loopback(host):
            return
        if request.headers.get("content-encoding", "identity") != "identity":
            raise EgressRefused(f"a request to {host} was not sent: its body is compressed and cannot be checked")
        body = request.content
        if len(body) > MAX_BODY:
            raise EgressRefused(f"a request to {host} was not sent: {len(body)} bytes cannot be checked ({MAX_BODY})")
        target = request.url.raw_path.decode("ascii", "replace")
        withheld = tuple(request.extensions.get(WITHHELD, ()))
        self.gate.check(Outgoing(host, target, self._headers(request), body, withheld))

    def _headers(self, request: httpx2.Request) -> tuple[tuple[str, str], ...]:
        seen = []
        for name, value in request.headers.items():
            own = self.credential and name in _KEY_HEADERS and value.removeprefix("Bearer ") == self.credential
            if name not in _MECHANICAL and not own:
                seen.append((name, value))
        return tuple(seen)
