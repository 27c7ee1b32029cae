"""Search by what is near: the entities that a question names, and the facts around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from brigade.knowledge import schema
from brigade.knowledge.finding import NOW, in_state
from brigade.knowledge.values import Kind
from sqlalchemy import Connection, select

LONGEST = 5
"""Words of the longest name that is looked for."""
AROUND = 60
"""Facts that are taken around one entity."""
_WORD = re.compile(r"[\w'-]+")
_ENDINGS = {"ies": "y", "ches": "ch", "shes": "sh", "xes": "x", "ses": "s", "s": ""}


def named(connection: Connection, question: str) -> list[str]:
    """The entities that a question names, longer names first."""
    wanted = list(dict.fromkeys(_names(_WORD.findall(question)[:64])))
    found: set[str] = set()
    for start in range(0, len(wanted), 400):
        some = wanted[start : start + 400]
        found |= set(
            connection.execute(select(schema.entities.c.name).where(schema.entities.c.name.in_(some))).scalars()
        )
    return [name for name in wanted if name in found]


def _names(words: Sequence[str]) -> Iterator[str]:
    """Every run of words that may be a name: as it stands, in small letters, capitalised, in the singular."""
    for length in range(min(LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            for joiner in (" ", "_") if length > 1 else (" ",):
                name = joiner.join(run)
                yield from (name, name.lower(), name.title(), singular(name), singular(name.lower()))


def singular(name: str) -> str:
    """The singular of an English plural, as far as its ending tells."""
    for ending, instead in _ENDINGS.items():
        if len(name) > len(ending) + 2 and name.endswith(ending) and not name.endswith("ss"):
            return name[: -len(ending)] + instead
    return name


def around(connection: Connection, entities: Sequence[str], limit: int) -> list[int]:
    """Facts about these entities, then facts about what those lead to; nearest first."""
    seen: dict[int, None] = {}
    edge = list(entities)
    for _ in range(2):
        reached: dict[str, None] = {}
        for name in edge[:8]:
            for identity, others in _touching(connection, name):
                seen.setdefault(identity)
                reached.update(dict.fromkeys(others))
                if len(seen) >= limit:  # at once: each entity costs two queries
                    return list(seen)
        edge = [name for name in reached if name not in entities]
    return list(seen)


def _touching(connection: Connection, name: str) -> Iterator[tuple[int, list[str]]]:
    """Facts that have an entity as their subject or object, with the entity at their other end."""
    facts = schema.facts
    columns = (facts.c.id, facts.c.subject, facts.c.object, facts.c.object_kind)
    for there in (facts.c.subject == name, facts.c.object_key == name):
        query = select(*columns).where(there, in_state(facts, NOW)).limit(AROUND)
        for identity, subject, value, kind in connection.execute(query):
            ends = [subject, value] if kind == Kind.ENTITY.value else [subject]
            yield identity, [each for each in ends if each != name]
