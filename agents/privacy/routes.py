"""Routes: which way a request is answered, and the router, which says why.

The router is a list of rules in order; each rule that fits names the route and the reason. A request may ask for a
route itself. Whatever is chosen, the boundary has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Route = Literal["local", "sketch", "fuse", "redact", "cloud"]
ROUTES: tuple[Route, ...] = ("local", "sketch", "fuse", "redact", "cloud")
"""local: nothing leaves; sketch: the cloud writes an outline of the abstracted task, the local model the text; fuse:
both choose each token; redact: the cloud answers with placeholders, which are then replaced; cloud: as it is."""

DENSE = 0.35
"""Share of a request's words from which on placeholders leave too little to answer."""
EASY = 60
"""Words up to which a request that is mostly private is one for the local model."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the router knows of a request."""

    words: int
    """Of the last message of the user."""
    private_words: int
    """Those of them that placeholders stand for."""
    withheld: Mapping[str, int]
    """Private pieces in the whole request, by kind."""
    personal: bool
    """Whether it asks for something that depends on who the user is."""
    tools: bool
    upstream: bool
    local: bool
    profile: bool
    fusible: bool
    """Whether the upstream gives log-probabilities for a given beginning."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A route and why it was taken."""

    route: Route
    reason: str


class RouteError(ValueError):
    """A route that was asked for and cannot be taken; says why."""


def decide(facts: Facts, asked: Route | None = None) -> Decision:
    """The route of a request.

    Raises:
        RouteError: the route that was asked for cannot be taken, or there is none.
    """
    if asked is not None:
        why = _impossible(asked, facts)
        if why:
            raise RouteError(f"the route {asked!r} cannot be taken: {why}")
        return Decision(asked, "asked for")
    if not facts.upstream:
        if not facts.local:
            raise RouteError("there is neither an upstream nor a local model")
        return Decision("local", "there is no upstream")
    private = sum(facts.withheld.values())
    if facts.local and facts.profile and facts.personal and not facts.tools:
        return Decision("sketch", "the answer depends on the private profile")
    if not private:
        return Decision("cloud", "nothing private was found")
    if facts.local and not facts.tools and facts.words <= EASY and facts.private_words > DENSE * facts.words:
        return Decision("local", f"{facts.private_words} of {facts.words} words are private")
    kinds = ", ".join(sorted(facts.withheld))
    return Decision("redact", f"{private} private pieces ({kinds}) have placeholders")


def _impossible(route: Route, facts: Facts) -> str | None:
    if route != "local" and not facts.upstream:
        return "there is no upstream"
    if route in ("local", "sketch", "fuse"):
        if not facts.local:
            return "there is no local model"
        if facts.tools:
            return "the local model calls no tools"
    if route == "fuse" and not facts.fusible:
        return "the upstream gives no log-probabilities for a given beginning"
    if route == "cloud" and facts.withheld:
        return f"the request has something private ({', '.join(sorted(facts.withheld))})"
    return None


def named(text: str) -> Route:
    """The route of this name.

    Raises:
        RouteError: there is none.
    """
    for route in ROUTES:
        if route == text:
            return route
    raise RouteError(f"unknown route {text[:40]!r} (known: {', '.join(ROUTES)})")


_PERSONAL = re.compile(
    r"\b(?:in|with|match(?:es|ing)?|like|using|from|of|about|for|given|considering|based on|suits?|fits?|reflect\w*)\s+"
    r"(?:me|my|myself|mine)\b|\bmy\s+(?:own|style|voice|tone|profile|schedule|day|week|life|story|bio|family|job|work|"
    r"background|experience|hobb\w+|health|situation|preferences?|history|habits?|home|routine|calendar|career)\b|"
    r"\bas\s+me\b|\babout\s+myself\b|\bpersonali[sz]ed?\b",
    re.IGNORECASE,
)


def is_personal(text: str) -> bool:
    """Whether an instruction asks for something that depends on who the user is."""
    return _PERSONAL.search(text) is not None
