"""Memory as the graphs see it: what is known about a question, and what a turn might have taught.

`Memory` is the place where a knowledge base goes in. `StoreMemory` is one over any LangGraph store, such as the one
that `langgraph dev` brings: facts under ("facts",), what people have yet to look at under ("review",). Nothing that was
only said becomes a fact by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, runtime_checkable

from langgraph.store.base import BaseStore

FACTS, REVIEW = ("facts",), ("review",)
RECALLED = 5
"""Facts that a question is given."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """Something that is known."""

    text: str
    source: str = ""
    """Where it is from, for the receipt."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be worth knowing; a person decides."""

    text: str
    said_in: str
    """The receipt of the turn."""

    @property
    def key(self) -> str:
        """The same for the same words, so that a turn that is taken again leaves one candidate."""
        return sha256(" ".join(self.text.casefold().split()).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@runtime_checkable
class Memory(Protocol):
    """A knowledge base as the graphs need it. Its methods must not block the event loop."""

    async def recall(self, question: str, limit: int = RECALLED) -> Sequence[Recalled]:
        """What is known that bears on a question, best first."""

    async def remember(self, candidates: Sequence[Candidate]) -> int:
        """Put candidates where people look at them; how many are new. The same ones twice change nothing."""


class NoMemory:
    """Knows nothing and keeps nothing."""

    async def recall(self, question: str, limit: int = RECALLED) -> Sequence[Recalled]:
        """See Memory.recall."""
        return ()

    async def remember(self, candidates: Sequence[Candidate]) -> int:
        """See Memory.remember."""
        return 0


class StoreMemory:
    """Memory in a LangGraph store.

    Args:
        store: holds facts as `{"text": ..., "source"?: ...}`; one with an index finds them by meaning, one without
            gives all, of which those that share most words with the question are taken.
    """

    def __init__(self, store: BaseStore) -> None:
        self._store = store

    async def recall(self, question: str, limit: int = RECALLED) -> Sequence[Recalled]:
        """See Memory.recall."""
        found = await self._store.asearch(FACTS, query=question, limit=200)
        wanted = _words(question)
        known = [
            (each.score or 0.0, len(wanted & _words(str(each.value["text"]))), each.value)
            for each in found
            if isinstance(each.value.get("text"), str)
        ]
        fitting = sorted((each for each in known if each[0] or each[1]), key=lambda each: each[:2], reverse=True)
        return [Recalled(value["text"], str(value.get("source", ""))) for _, _, value in fitting[:limit]]

    async def remember(self, candidates: Sequence[Candidate]) -> int:
        """See Memory.remember."""
        new = 0
        for each in candidates:
            if await self._store.aget(REVIEW, each.key) is None:
                await self._store.aput(REVIEW, each.key, {"text": each.text, "said_in": each.said_in}, index=False)
                new += 1
        return new


_SMALL = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "what",
        "who",
        "when",
        "where",
        "how",
        "are",
        "was",
        "were",
        "you",
        "your",
        "this",
        "that",
        "from",
        "have",
        "has",
        "had",
    ]
)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w{3,}", text.casefold()) if word not in _SMALL}


_TELLS = re.compile(
    r"^(?:please\s+)?(?:remember|note|keep in mind)\b(?:\s+that)?[:,]?\s+(?P<told>.{4,200})$|"
    r"^(?P<self>(?:my|our)\s+[\w' -]{2,60}\s+(?:is|are|was|were|has|have|likes?|loves?|hates?|needs?|lives?|works?)"
    r"\s+.{2,160}|(?:i|we)(?:'m|'ve| am| have| live| work| like| love| hate| prefer| need| never| always| cannot)"
    r"\s+.{3,160})$",
    re.IGNORECASE,
)


def told_facts(text: str, said_in: str) -> list[Candidate]:
    """What a person tells of themselves or asks to be remembered, sentence by sentence; questions tell nothing."""
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", text.strip()):
        match = None if sentence.endswith("?") else _TELLS.match(sentence.strip())
        if match:
            found.append(Candidate((match["told"] or match["self"]).strip(" .!"), said_in))
    return found
