"""Records and rows of the tables: each from the other. Knows tables, asks no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from brigade.knowledge import schema
from brigade.knowledge.records import Episode, Fact, Lesson, Predicate, Record, Resolution, Rule, Status
from brigade.knowledge.values import (
    BadValue,
    Kind,
    check_name,
    check_text,
    from_text,
    key_of,
    kind_of,
    number_of,
    to_text,
)
from sqlalchemy import Row as SqlRow
from sqlalchemy import RowMapping, Table

Row = dict[str, Any]
R = TypeVar("R", bound=Record)

_COMMON = tuple(field.name for field in fields(Record))


def to_row(record: Record) -> Row:
    """The row of a record.

    Raises:
        BadValue: a part of it cannot be kept; says which.
    """
    row: Row = {name: getattr(record, name) for name in _COMMON}
    _check_common(record)
    row["status"] = record.status.value
    row.update(_ROWS[type(record)](record))
    return row


def _check_common(record: Record) -> None:
    if not 0.0 <= record.confidence <= 1.0:
        raise BadValue(f"a confidence of {record.confidence}: it must be from 0 to 1")
    if record.valid_from is not None and record.valid_to is not None and record.valid_from >= record.valid_to:
        raise BadValue("a record that ends before it begins to be valid")
    check_name(record.topic, "a topic")
    check_name(record.author, "an author")
    if record.source:
        check_text(record.source, "a source")


def _fact_row(fact: Fact) -> Row:
    text = to_text(fact.object)
    return {
        "subject": check_name(fact.subject, "a subject"),
        "predicate": check_name(fact.predicate, "a predicate"),
        "object_kind": kind_of(fact.object).value,
        "object": text,
        "object_key": key_of(text),
        "object_number": number_of(fact.object),
    }


def _rule_row(rule: Rule) -> Row:
    return {"name": check_name(rule.name, "a rule's name"), "text": check_text(rule.text)}


def _lesson_row(lesson: Lesson) -> Row:
    for part in (lesson.task, lesson.trigger, lesson.check, *lesson.summary, *lesson.knowledge):
        check_text(part, "a part of a lesson")
    return {
        "name": check_name(lesson.name, "a lesson's name"),
        "task": lesson.task,
        "trigger": lesson.trigger,
        "summary": list(lesson.summary),
        "knowledge": list(lesson.knowledge),
        "tags": [check_name(tag, "a tag") for tag in lesson.tags],
        "check": lesson.check,
    }


def _episode_row(episode: Episode) -> Row:
    return {"name": check_name(episode.name, "an episode's name"), "about": check_text(episode.about)}


_ROWS: Mapping[type[Record], Callable[[Any], Row]] = {
    Fact: _fact_row,
    Rule: _rule_row,
    Lesson: _lesson_row,
    Episode: _episode_row,
}
TABLES: Mapping[type[Record], Table] = {
    Fact: schema.facts,
    Rule: schema.rules,
    Lesson: schema.lessons,
    Episode: schema.episodes,
}


def _common(row: RowMapping) -> Row:
    found = {name: row[name] for name in _COMMON}
    found["status"] = Status(found["status"])
    return found


def to_fact(row: SqlRow[Any]) -> Fact:
    """The fact of a row."""
    each = row._mapping
    value = from_text(each["object_kind"], each["object"])
    return Fact(**_common(each), subject=each["subject"], predicate=each["predicate"], object=value)


def to_rule(row: SqlRow[Any]) -> Rule:
    """The rule of a row."""
    each = row._mapping
    return Rule(**_common(each), name=each["name"], text=each["text"])


def to_lesson(row: SqlRow[Any]) -> Lesson:
    """The lesson of a row."""
    each = row._mapping
    lists: Row = {name: tuple(each[name]) for name in ("summary", "knowledge", "tags")}
    plain: Row = {name: each[name] for name in ("name", "task", "trigger", "check")}
    return Lesson(**_common(each), **lists, **plain)


def to_episode(row: SqlRow[Any]) -> Episode:
    """The episode of a row."""
    each = row._mapping
    return Episode(**_common(each), name=each["name"], about=each["about"])


READERS: Mapping[type[Record], Callable[[SqlRow[Any]], Any]] = {
    Fact: to_fact,
    Rule: to_rule,
    Lesson: to_lesson,
    Episode: to_episode,
}


def to_predicate(row: SqlRow[Any]) -> Predicate:
    """The declaration of a row."""
    each = dict(row._mapping)
    each["kind"] = Kind(each["kind"]) if each["kind"] else None
    each["resolution"] = Resolution(each["resolution"])
    return Predicate(**each)


def predicate_row(predicate: Predicate) -> Row:
    """The row of a declaration."""
    row = {field.name: getattr(predicate, field.name) for field in fields(predicate)}
    row["name"] = check_name(predicate.name, "a predicate")
    row["kind"] = predicate.kind.value if predicate.kind else None
    row["resolution"] = predicate.resolution.value
    return row


def body_of(record: Record) -> str:
    """What full-text search finds a record by."""
    match record:
        case Fact():
            words = " ".join((record.subject, record.predicate, to_text(record.object)))
            return words.replace("_", " ")[:_LONGEST_BODY]
        case Lesson():
            parts = (record.name, record.task, record.trigger, *record.summary, *record.knowledge, *record.tags)
            return "\n".join(parts).replace("_", " ")[:_LONGEST_BODY]
    return ""


_LONGEST_BODY = 100_000
"""Characters of a record that are searched; PostgreSQL takes at most a megabyte of them."""
