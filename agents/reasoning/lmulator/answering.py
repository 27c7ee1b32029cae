"""Answers what a program asks for: from the library, the knowledge base, the memo, or a model.

They come in this order. A value that is not of the type that the program needs is passed over. Answers of models are
remembered, and those worth keeping are proposed as facts. Knows no sandbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from brigade.agents.reasoning.lmulator.asking import Asker, Sample, combine
from brigade.agents.reasoning.lmulator.facts import Candidate, Knowledge
from brigade.agents.reasoning.lmulator.memo import Memo
from brigade.agents.reasoning.lmulator.queries import Answer, Query, Source, Unanswerable
from brigade.agents.reasoning.lmulator.returns import Unfit
from brigade.agents.reasoning.lmulator.values import is_plain, short

Person = Callable[[Query], Answer | None]
"""Somebody besides models who may answer; raises AskLater to pause the program until there is an answer."""


@dataclass(frozen=True, slots=True)
class Voting:
    """How often a model is asked the same thing, and what then counts as agreement."""

    samples: int = 1
    agree: float = 0.6
    """Share of the samples from which a value stands; below, the run is forked and the larger model asked."""
    worth: float = 0.8
    """Confidence from which an answer is proposed as a fact."""

    def __post_init__(self) -> None:
        if not 1 <= self.samples <= 9 or not 0 < self.agree <= 1:
            raise ValueError("samples must be 1 to 9, and agree above 0 and at most 1")


@dataclass
class Answering:
    """Who answers. Every part may be missing."""

    knowledge: Knowledge | None = None
    memo: Memo = field(default_factory=Memo)
    asker: Asker | None = None
    larger: Asker | None = None
    person: Person | None = None
    voting: Voting = field(default_factory=Voting)

    def answer(self, query: Query) -> Answer:
        """The answer.

        Raises:
            Unanswerable: nobody can answer.
            CallsSpent: a model would have to be asked and may not be.
            AskLater: the program must wait.
        """
        found = self.known(query) or (self.person(query) if self.person else None)
        if found is not None:
            if found.source is Source.PERSON:
                self.memo.keep(query, self.checked(query, found))
            return found
        if self.asker is None and self.larger is None:
            raise Unanswerable(f"line {query.line}: nobody can answer {query.written()}: give a model or a fact")
        return self.ask(query)

    @staticmethod
    def checked(query: Query, answer: Answer) -> Answer:
        """A person's answer, if it is of the type that is needed.

        Raises:
            Unanswerable: it is not.
        """
        if not _fits(query, answer.value):
            raise Unanswerable(f"line {query.line}: {query.written()}: {short(answer.value)} is not {query.returns}")
        return answer

    def known(self, query: Query) -> Answer | None:
        """The answer of the library, the knowledge base or the memo."""
        if query.stub.body is not None:
            return Answer(query.stub.body(*query.args, **query.kwargs), Source.COMPUTED, 1.0, query.stub.name)
        fact = self.knowledge.lookup(query) if self.knowledge is not None else None
        if fact is not None and _fits(query, fact.value):
            return Answer(query.returns.read(fact.value), Source.FACT, fact.confidence, fact.provenance)
        kept = self.memo.get(query)
        return kept if kept is not None and _fits(query, kept.value) else None

    def ask(self, query: Query) -> Answer:
        """The model's answer, from as many samples as are wanted; remembered only where the samples agree."""
        asker = self.asker or self.larger
        assert asker is not None
        source = Source.MODEL if self.asker else Source.LARGER
        answer = self._voted(query, asker, source, self.voting.samples)
        if not self.is_contested(answer):
            self.remember(query, answer)
        return answer

    def ask_larger(self, query: Query) -> Answer | None:
        """The larger model's answer; None if there is none."""
        if self.larger is None or self.larger is self.asker:
            return None
        answer = self._voted(query, self.larger, Source.LARGER, 1)
        self.remember(query, answer)
        return answer

    def is_contested(self, answer: Answer) -> bool:
        """Whether the samples of an answer disagree too much for it to stand."""
        return len(answer.votes) > 1 and answer.votes[0][1] < self.voting.agree

    def remember(self, query: Query, answer: Answer) -> None:
        """Keep a model's answer, and propose it as a fact if it is worth that."""
        self.memo.keep(query, answer)
        worth = query.context_free and answer.confidence is not None and answer.confidence >= self.voting.worth
        if worth and self.knowledge is not None and all(map(is_plain, query.args)) and not query.kwargs:
            provenance = f"{answer.provenance}, asked for {query.question or query.source_line}"
            assert answer.confidence is not None
            self.knowledge.propose(Candidate(query.stub.name, query.args, answer.value, provenance, answer.confidence))

    def _voted(self, query: Query, asker: Asker, source: Source, count: int) -> Answer:
        samples: list[Sample] = []
        failure: Unanswerable | None = None
        for number in range(count if count > 1 else 2):
            try:
                samples.append(asker.sample(query, number))
            except Unanswerable as error:
                failure = error
            if count == 1 and samples:  # a second try only where the first failed
                break
        if not samples:
            raise failure or Unanswerable(query.written())
        votes = combine(samples)
        told = votes[0][1] if len(samples) > 1 or samples[0].sure else None
        return Answer(votes[0][0], source, told, asker.model.name, votes if len(samples) > 1 or told else ())


def _fits(query: Query, value: object) -> bool:
    try:
        query.returns.read(value)
    except Unfit:
        return False
    return True
