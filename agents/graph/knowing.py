"""The knowledge base as the assistant's memory: facts are recalled, what was told waits for a person's review.

What people tell in a conversation is kept as private: it joins what must not leave this machine as soon as it is
known, accepted or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from brigade.agents.graph.memory import RECALLED, Candidate, Recalled
from brigade.knowledge import Fact, KnowledgeBase, Status
from brigade.knowledge.retrieval.search import Search
from brigade.knowledge.values import to_text

SPEAKER, TOLD = "user", "told"
"""Subject and predicate of what was told in so many words."""
TOPIC = "conversations"


@dataclass(frozen=True, slots=True)
class KnowledgeMemory:
    """Memory in a knowledge base."""

    base: KnowledgeBase

    @classmethod
    def open(cls, where: str) -> Self:
        """A knowledge base as memory; it is made if it is not there.

        Raises:
            KnowledgeError: it cannot be opened.
        """
        return cls(KnowledgeBase(where))

    async def recall(self, question: str, limit: int = RECALLED) -> Sequence[Recalled]:
        """See Memory.recall; a fact that is shown counts as used."""
        return await asyncio.to_thread(self._recall, question, limit)

    def _recall(self, question: str, limit: int) -> list[Recalled]:
        hits = Search(self.base).search(question, limit=limit, kind="facts")
        facts = [hit.record for hit in hits if isinstance(hit.record, Fact)]
        for fact in facts:
            self.base.record_use(fact)
        return [Recalled(in_words(fact), fact.source or f"fact {fact.id}") for fact in facts]

    async def remember(self, candidates: Sequence[Candidate]) -> int:
        """See Memory.remember."""
        return await asyncio.to_thread(self._remember, candidates)

    def _remember(self, candidates: Sequence[Candidate]) -> int:
        new = [each for each in candidates if not self._known(each)]
        self.base.add_facts(
            Fact(
                subject=SPEAKER, predicate=TOLD, object=each.text, topic=TOPIC, source=f"receipt {each.said_in}",
                status=Status.PROPOSED, private=True,
            )
            for each in new
        )  # fmt: skip
        return len(new)

    def _known(self, candidate: Candidate) -> bool:
        """Whether it was told before: believed, waiting, refused or forgotten."""
        told = self.base.history(SPEAKER, TOLD)
        return any(isinstance(fact.object, str) and _same(fact.object, candidate) for fact in told)


def in_words(fact: Fact) -> str:
    """A fact as a model reads it: what was told as it was told, others as subject, predicate and object."""
    said = to_text(fact.object)
    if (fact.subject, fact.predicate) == (SPEAKER, TOLD):
        return said
    return f"{fact.subject} {fact.predicate.replace('_', ' ')}: {said}"


def _same(text: str, candidate: Candidate) -> bool:
    return Candidate(text, "").key == candidate.key
