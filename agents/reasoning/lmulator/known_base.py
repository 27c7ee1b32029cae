"""A knowledge base as a program sees it: it answers undefined calls, and keeps models' answers for people to review.

`legs("spider")` is the object of `legs(spider, ?)`. Several arguments are one subject, written as a program writes
them: `distance("Leeds", "York")` is `distance('"Leeds", "York"', ?)`. What follows by rules counts as what was told,
after `brigade know infer`. Knows no model.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from brigade.agents.reasoning.lmulator.facts import Candidate, Fact, Knowledge, KnownFacts, singular
from brigade.agents.reasoning.lmulator.queries import Query
from brigade.agents.reasoning.lmulator.values import Plain, is_plain
from brigade.knowledge import BadValue, Entity, KnowledgeBase, Status, Value, When
from brigade.knowledge import Fact as Known
from brigade.knowledge.moments import now, written_id
from brigade.knowledge.syntax import written

TOPIC = "answers of models"
_ARTICLES = ("a ", "an ", "the ")


@dataclass(frozen=True, slots=True)
class BaseKnowledge:
    """A knowledge base behind the LMulator's protocol (`facts.Knowledge`).

    Attributes:
        base: the knowledge base. Where it cannot be read or written, its KnowledgeError says so.
        least: the confidence below which a fact answers nothing.
    """

    base: KnowledgeBase
    least: float = 0.5

    def lookup(self, query: Query) -> Fact | None:
        """See Knowledge.lookup. Where several values are believed at once, none answers."""
        if query.kind not in ("call", "name") or query.stub.contextual:
            return None
        args = (*query.args, *(query.kwargs[name] for name in sorted(query.kwargs)))
        for subject in subjects_of(args):
            found = self.base.find(subject, query.stub.name, when=When(valid_at=now()))
            sure = [fact for fact in found if fact.confidence >= self.least]
            if len(sure) == 1:
                self.base.record_use(sure[0])
                return Fact(_plain(sure[0].object), _origin(sure[0]), sure[0].confidence)
        return None

    def propose(self, candidate: Candidate) -> None:
        """See Knowledge.propose: put the answer up for review, unless it is known or waits already."""
        subject, value = next(iter(subjects_of(candidate.args)), None), _value(candidate.value)
        if subject is None or value is ...:
            return
        told = Known(
            subject=subject, predicate=candidate.name, object=value, confidence=candidate.confidence,  # type: ignore[arg-type]
            source=candidate.provenance, author="model", status=Status.PROPOSED, topic=TOPIC,
        )  # fmt: skip
        try:
            if not self.base.find(subject, candidate.name, told.object, when=When(status=None)):
                self.base.add_facts([told])
        except BadValue:  # a name or value that no base can keep is worth no fact
            return


def subjects_of(args: Sequence[Plain]) -> list[str]:
    """The subjects under which a fact about these arguments may be known: as they are, and in their plain forms."""
    if not args:
        return ["it"]
    if len(args) > 1 or not isinstance(args[0], str):
        return [", ".join(_written(arg) for arg in args)] if all(map(is_plain, args)) else []
    text = " ".join(args[0].split())
    lower = text.casefold()
    bare = next((lower.removeprefix(each) for each in _ARTICLES if lower.startswith(each)), lower)
    forms = [text, lower, bare, singular(bare)]
    return list(dict.fromkeys(form for form in forms if isinstance(form, str) and form))


def _written(arg: Plain) -> str:
    value = _value(arg)
    return repr(arg) if value is ... else written(value)  # type: ignore[arg-type]


def _value(plain: Plain) -> object:
    """A plain value as the base has it; ... if it has none like it."""
    match plain:
        case None | bool() | int() | float() | str() | datetime.datetime() | datetime.date():
            return plain
        case list() | dict() if _is_data(plain):
            return plain
    return ...


def _is_data(plain: Plain) -> bool:
    if isinstance(plain, list):
        return all(map(_is_data, plain))
    if isinstance(plain, dict):
        return all(isinstance(key, str) and _is_data(value) for key, value in plain.items())
    return isinstance(plain, bool | int | float | str | None)


def _plain(value: Value) -> Plain:
    return value.name if isinstance(value, Entity) else value


def _origin(fact: Known) -> str:
    source = f", {fact.source}" if fact.source else ""
    return f"{fact.author}{source} [{written_id(fact.id)}]"


def known(facts: Path | None, base: str | None) -> Knowledge | None:
    """What is known before a model is asked: a file of facts or a knowledge base; None if neither is given.

    Raises:
        ValueError: both are given, or the file holds no facts.
        OSError: the file cannot be read.
        KnowledgeError: the base cannot be opened.
    """
    if facts and base:
        raise ValueError("--facts and --knowledge: give one; `brigade know import` brings facts into a base")
    if base is not None:
        return BaseKnowledge(KnowledgeBase(base))
    return KnownFacts.load(facts) if facts else None
