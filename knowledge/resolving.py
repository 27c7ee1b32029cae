"""What becomes of believed facts when another is told: decided by the predicate's declaration, never by a model.

Where a predicate has many values, facts live beside each other and only the same one told again is a question. Where it
has a single one, facts of the same subject whose validity overlaps contradict each other: the declared resolution says
which stands, and what the weaker one says about other times is kept. Pure: records in, records out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from brigade.knowledge.records import INFERENCE, MODEL, Fact, Predicate, Resolution
from brigade.knowledge.values import kind_of, to_text

_RANKS = {MODEL: 0, INFERENCE: 1}
_EVER = 2**63


@dataclass(slots=True)
class Outcome:
    """What is to be done about one told fact."""

    stands: Fact | None = None
    """The believed fact that already says it, or that it lost against."""
    added: list[Fact] = field(default_factory=list)
    """To be stored: the told fact first, if it stands, then what remains of others."""
    closed: list[Fact] = field(default_factory=list)
    """To be believed no more."""


def resolve(told: Fact, believed: Iterable[Fact], declared: Predicate) -> Outcome:
    """What to do about a fact, given the believed ones of its subject and predicate."""
    rivals = [fact for fact in believed if overlap(fact, told)]
    same = [fact for fact in rivals if same_value(fact, told)]
    repeated = next((fact for fact in same if _covers(fact, told)), None)
    others = [fact for fact in rivals if fact not in same] if declared.single else []
    stronger = next((fact for fact in others if not beats(told, fact, declared.resolution)), None)
    if stronger is not None:
        return Outcome(stronger)
    if repeated is not None and not others and not _adds(told, repeated):
        return Outcome(repeated)
    return _stand(told, [*same, *others])


def _stand(told: Fact, losers: list[Fact]) -> Outcome:
    """The told fact, and of those it replaces what they say about other times."""
    first = losers[0].id if losers else told.supersedes
    outcome = Outcome(None, [replace(told, supersedes=first)], losers)
    for loser in losers:
        outcome.added += _remainders(loser, told)
    return outcome


def beats(told: Fact, old: Fact, resolution: Resolution) -> bool:
    """Whether the later one of two contradicting facts stands."""
    match resolution:
        case Resolution.LATEST:  # what was told is not overruled by what follows from something else
            return not told.author.startswith(INFERENCE) or old.author.startswith(INFERENCE)
        case Resolution.FIRST:
            return False
        case Resolution.CONFIDENT:
            return told.confidence >= old.confidence
        case Resolution.TRUSTED:
            return trust(told.author) >= trust(old.author)


def trust(author: str) -> int:
    """The rank of an author: 0 a model, 1 inference, 2 a person or anyone else."""
    return _RANKS.get(author.partition(":")[0], 2)


def same_value(one: Fact, other: Fact) -> bool:
    """Whether two facts have the same object, of the same type."""
    return kind_of(one.object) is kind_of(other.object) and to_text(one.object) == to_text(other.object)


def overlap(one: Fact, other: Fact) -> bool:
    """Whether there is a moment at which both hold."""
    return _start(one) < _end(other) and _start(other) < _end(one)


def _covers(fact: Fact, other: Fact) -> bool:
    return _start(fact) <= _start(other) and _end(fact) >= _end(other)


def _adds(told: Fact, known: Fact) -> bool:
    """Whether the same fact told again is worth a new version: it is surer, or more trusted."""
    return told.confidence > known.confidence or trust(told.author) > trust(known.author)


def _remainders(old: Fact, told: Fact) -> list[Fact]:
    """What an old fact says about the times before and after the told one."""
    rest = []
    if _start(old) < _start(told):
        rest.append(replace(old, id=0, valid_to=told.valid_from, supersedes=old.id))
    if _end(old) > _end(told):
        rest.append(replace(old, id=0, valid_from=told.valid_to, supersedes=old.id))
    return rest


def _start(fact: Fact) -> int:
    return -_EVER if fact.valid_from is None else fact.valid_from


def _end(fact: Fact) -> int:
    return _EVER if fact.valid_to is None else fact.valid_to
