"""Why a fact is believed: as a tree, from the base alone, down to what was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from brigade.knowledge import finding
from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.moments import read_id, written_id, written_moment
from brigade.knowledge.records import INFERENCE, Episode, Fact, Lesson, Rule
from brigade.knowledge.text.writing import origin_of, write_fact, write_lesson, write_rule
from sqlalchemy import Connection

DEEPEST = 60
"""Levels of the deepest tree that is shown."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A fact, and what it stands on."""

    fact: Fact
    rule: Rule | None = None
    """The rule that it follows by; None: it was told."""
    parts: tuple[Explanation, ...] = ()
    absent: tuple[str, ...] = ()
    """What must not be there, and is not."""
    cut: bool = False
    """Whether it is explained further elsewhere in the tree, or too deep to go on."""

    def lines(self, indent: str = "") -> Iterator[str]:
        """The tree as text, a line for each fact."""
        yield f"{indent}{write_fact(self.fact, bare=True)}  {self.reason}"
        for part in self.parts:
            yield from part.lines(f"{indent}    ")
        for each in self.absent:
            yield f"{indent}    not {each}  (nothing says so)"

    @property
    def reason(self) -> str:
        """Why it is believed, in a few words."""
        if self.rule is not None:
            return f"by {write_rule(self.rule, bare=True)}{' (as above)' if self.cut else ''}"
        sure = f", {self.fact.confidence:g}" if self.fact.confidence != 1 else ""
        source = f", {self.fact.source}" if self.fact.source else ""
        return f"told by {self.fact.author}{source}{sure} [{written_id(self.fact.id)}]"

    def to_dict(self) -> dict[str, Any]:
        """The tree, as JSON has it."""
        found: dict[str, Any] = {"fact": write_fact(self.fact, bare=True), **origin_of(self.fact)}
        if self.rule is not None:
            found["rule"] = write_rule(self.rule, bare=True)
            found["parts"] = [part.to_dict() for part in self.parts]
            found["absent"] = list(self.absent)
        return found


def explain(base: KnowledgeBase, fact: Fact) -> Explanation:
    """Why a fact is believed."""
    with base.database.reading() as connection:
        return _explain(connection, fact, set(), 0)


def explain_lesson(base: KnowledgeBase, lesson: Lesson) -> Iterator[str]:
    """Why a lesson is relied upon, a line each: who says so, from what, how it was judged, and how its use went."""
    yield write_lesson(lesson, bare=True)
    source = f", {lesson.source}" if lesson.source else ""
    yield f"    told by {lesson.author}{source} [{written_id(lesson.id)}]"
    for name in ("became", "reason", "reviewed by"):
        if lesson.note.get(name):
            yield f"    {name}: {lesson.note[name]}"
    episode = base.get(Episode, lesson.episode) if lesson.episode is not None else None
    if episode is not None:
        yield f"    from the episode {episode.name} of {written_moment(episode.recorded_at)}"
    yield f"    used {lesson.uses} times: {lesson.wins} answers turned right, {lesson.losses} turned wrong"


def _explain(connection: Connection, fact: Fact, seen: set[int], depth: int) -> Explanation:
    if fact.author != INFERENCE or "from" not in fact.note:
        return Explanation(fact)
    rule = finding.by_ids(connection, Rule, [read_id(str(fact.note["rule"]))]).get(read_id(str(fact.note["rule"])))
    if fact.id in seen or depth >= DEEPEST:
        return Explanation(fact, rule, cut=True)
    seen.add(fact.id)
    found = _current(connection, [read_id(str(each)) for each in fact.note["from"]])
    parts = tuple(_explain(connection, each, seen, depth + 1) for each in found)
    return Explanation(fact, rule, parts, tuple(map(str, fact.note.get("not", ()))))


def _current(connection: Connection, identities: Sequence[int]) -> list[Fact]:
    """The facts of these records; in place of one that was superseded by the same one told anew, that."""
    facts = finding.by_ids(connection, Fact, identities)
    found = []
    for each in (facts[identity] for identity in identities if identity in facts):
        newer = finding.find_facts(connection, each.subject, each.predicate, each.object) if each.retracted_at else []
        found.append(newer[-1] if newer else each)
    return found
