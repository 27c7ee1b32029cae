"""Records as text, in a stable order: a fact a line, a rule a line, a lesson as a block.

    topic animals
    predicate legs single integer latest "How many legs it has."
    legs(spider, 8). {"source": "a zoo's guide", "id": "…", "recorded": "2026-11-24T10:30:00Z"}
    rule grandparent: grandparent(?x, ?z) :- parent(?x, ?y), parent(?y, ?z). {…}
    lesson 'plate early' {…}
      task "soup"
      when "The soup is nearly done."
      tag plating
      do "Fetch a plate first."
      know "Cooking takes 20 s."
      check
      | def check(answer): ...

What stands in braces is where a record is from and how it fared; only what is not usual is written, and a record that
a person adds needs none of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from brigade.knowledge.moments import written_id, written_moment
from brigade.knowledge.records import GENERAL, PERSON, Episode, Fact, Lesson, Predicate, Record, Rule, Status
from brigade.knowledge.syntax import written, written_name, written_string

FIRST_LINE = "# brigade knowledge 1"


def origin_of(record: Record) -> dict[str, Any]:
    """What stands in braces: everything about a record that is not usual."""
    found: dict[str, Any] = {}
    if record.source:
        found["source"] = record.source
    if record.author != PERSON:
        found["author"] = record.author
    if record.confidence != 1.0:
        found["confidence"] = record.confidence
    if record.status is not Status.ACCEPTED:
        found["status"] = record.status.value
    if record.private:
        found["private"] = True
    for name, moment in (("from", record.valid_from), ("until", record.valid_to)):
        if moment is not None:
            found[name] = written_moment(moment)
    if record.note:
        found["note"] = record.note
    return found | _identity(record)


def _identity(record: Record) -> dict[str, Any]:
    """Which record it is, and its place in the history: the end of what stands in braces."""
    found: dict[str, Any] = {}
    for name in ("uses", "wins", "losses"):
        if getattr(record, name):
            found[name] = getattr(record, name)
    for name, identity in (("episode", record.episode), ("supersedes", record.supersedes), ("id", record.id)):
        if identity:
            found[name] = written_id(identity)
    for name, moment in (("recorded", record.recorded_at), ("retracted", record.retracted_at)):
        if moment:
            found[name] = written_moment(moment)
    return found


def _braces(record: Record, bare: bool) -> str:
    origin = {} if bare else origin_of(record)
    if not origin:
        return ""
    text = json.dumps(origin, ensure_ascii=False)
    for sign in "\u2028\u2029\x85":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f" {text}"


def write_fact(fact: Fact, bare: bool = False) -> str:
    """A fact's line; bare: only what it says."""
    inner = written_name(fact.subject)
    if fact.object is not True:
        inner += f", {written(fact.object)}"
    return f"{written_name(fact.predicate)}({inner}).{_braces(fact, bare)}"


def write_rule(rule: Rule, bare: bool = False) -> str:
    """A rule's line."""
    return f"rule {written_name(rule.name)}: {rule.text}{_braces(rule, bare)}"


def write_episode(episode: Episode, bare: bool = False) -> str:
    """An episode's line."""
    about = f" {written_string(episode.about)}" if episode.about else ""
    return f"episode {written_name(episode.name)}{about}{_braces(episode, bare)}"


def write_lesson(lesson: Lesson, bare: bool = False) -> str:
    """A lesson's block."""
    lines = [f"lesson {written_name(lesson.name)}{_braces(lesson, bare)}"]
    lines += [f"  task {written_string(lesson.task)}"] if lesson.task else []
    lines += [f"  when {written_string(lesson.trigger)}"] if lesson.trigger else []
    lines += [f"  tag {written_name(tag)}" for tag in lesson.tags]
    lines += [f"  do {written_string(line)}" for line in lesson.summary]
    lines += [f"  know {written_string(line)}" for line in lesson.knowledge]
    if lesson.check:
        lines += _check_lines(lesson.check)
    return "\n".join(lines)


def _check_lines(check: str) -> list[str]:
    """A program as it is, or as one text where its line breaks are not plain ones."""
    if len(check.splitlines()) != len(check.rstrip("\n").split("\n")) or "\r" in check or not check.strip("\n"):
        return [f"  check {written_string(check)}"]
    return ["  check", *(f"  | {line}" for line in check.split("\n"))]


def write_predicate(predicate: Predicate) -> str:
    """A declaration's line."""
    parts = ["predicate", written_name(predicate.name), "single" if predicate.single else "many"]
    parts += [predicate.kind.value if predicate.kind else "any", predicate.resolution.value]
    parts += [written_string(predicate.about)] if predicate.about else []
    return " ".join(parts)


def write_record(record: Record, bare: bool = False) -> str:
    """A record's line or block."""
    match record:
        case Fact():
            return write_fact(record, bare)
        case Rule():
            return write_rule(record, bare)
        case Lesson():
            return write_lesson(record, bare)
        case Episode():
            return write_episode(record, bare)
    raise TypeError(f"{type(record).__name__} has no readable form")


def sort_key(record: Record) -> tuple[str, ...]:
    """What the order in a file goes by: what a record is about, then its age."""
    match record:
        case Fact():
            return ("4", record.subject, record.predicate, written(record.object), written_id(record.id))
        case Episode():
            return ("1", record.name, written_id(record.id))
        case Rule():
            return ("2", record.name, written_id(record.id))
        case Lesson():
            return ("3", record.name, written_id(record.id))
    return ("5",)


def write_topic(topic: str, predicates: Iterable[Predicate], records: Iterable[Record]) -> Iterator[str]:
    """The lines of a topic's file, each with its end."""
    yield f"{FIRST_LINE}\n"
    if topic != GENERAL:
        yield f"topic {written_name(topic)}\n"
    kind: object = None
    for predicate in sorted(predicates, key=lambda each: each.name):
        kind = Predicate
        yield f"{write_predicate(predicate)}\n"
    for record in sorted(records, key=sort_key):
        if type(record) is not kind or isinstance(record, Lesson):
            yield "\n"
        kind = type(record)
        yield f"{write_record(record)}\n"
