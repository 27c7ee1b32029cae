"""What strangers may do: how much, how often, and from which pages.

A page of another site must not be able to play, or even look, with the browser of somebody who runs a game: requests
have to name a host that is ours, and sockets and posts have to come from a page of that host. Names that resolve to
this machine without being ours (DNS rebinding) are no such hosts.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass
class Bucket:
    """So many at once, and so many a second in the long run."""

    rate: float
    burst: float
    _level: float = field(default=-1.0, init=False)
    _at: float = field(default=0.0, init=False)

    def take(self, now: float | None = None) -> bool:
        """Whether one more is allowed."""
        now = time.monotonic() if now is None else now
        level = self.burst if self._level < 0 else min(self.burst, self._level + (now - self._at) * self.rate)
        self._at, self._level = now, level
        if level < 1:
            return False
        self._level = level - 1
        return True


class Buckets:
    """A bucket for each of many strangers; the one that was used longest ago is forgotten first."""

    def __init__(self, rate: float, burst: float, most: int = 1024) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._buckets: dict[str, Bucket] = {}

    def take(self, who: str) -> bool:
        """Whether this one may once more."""
        bucket = self._buckets.pop(who, None) or Bucket(self._rate, self._burst)
        self._buckets[who] = bucket
        if len(self._buckets) > self._most:
            del self._buckets[next(iter(self._buckets))]
        return bucket.take()


def is_guest(address: str) -> bool:
    """Whether somebody comes from elsewhere: whoever runs the server, and what runs beside it, is not limited."""
    try:
        return not ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True


class Doors:
    """Which hosts and pages are ours.

    Args:
        host: what the server listens on.
        origins: further pages from which people play, such as `https://kitchen.example`, where a proxy is in front.
    """

    def __init__(self, host: str, origins: Iterable[str] = ()) -> None:
        self._origins = {origin.rstrip("/").lower() for origin in origins}
        self._hosts = {*LOCAL, host.lower(), *(urlsplit(origin).hostname or "" for origin in self._origins)}

    def knows_host(self, headers: Mapping[str, str]) -> bool:
        """Whether a request is for us: by our name, or by a number, which cannot be rebound."""
        name = _host_of(headers.get("host", ""))
        return name in self._hosts or _is_address(name)

    def knows_page(self, headers: Mapping[str, str]) -> bool:
        """Whether a request comes from one of our own pages."""
        origin = headers.get("origin", "").lower()
        if origin in self._origins:
            return True
        parts = urlsplit(origin)
        return parts.scheme in ("http", "https") and parts.netloc == headers.get("host", "").lower() != ""


def _host_of(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
