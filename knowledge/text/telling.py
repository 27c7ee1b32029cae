"""Telling the base something in the readable form, a line or a block at a time, as people do on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brigade.knowledge import storing
from brigade.knowledge.base import KnowledgeBase, put_predicate
from brigade.knowledge.changes import record_of
from brigade.knowledge.database import Transaction
from brigade.knowledge.finding import ANYTHING
from brigade.knowledge.records import Fact, Predicate, Record, Rule
from brigade.knowledge.syntax import Scanner, SyntaxFault, Variable, read_value
from brigade.knowledge.text.reading import TextError, read_topic
from brigade.knowledge.text.writing import write_predicate, write_record
from brigade.knowledge.values import Entity, Value, to_text


@dataclass(frozen=True, slots=True)
class Told:
    """What became of what was told."""

    shown: str
    """What stands now, in the readable form."""
    stands: bool
    """Whether that is what was told."""


def tell(base: KnowledgeBase, words: Sequence[str], origin: Mapping[str, Any]) -> list[Told]:
    """Tell what is written, or a fact of three words.

    Args:
        base: the knowledge base.
        words: subject, predicate and value; or texts of the readable form, a record each.
        origin: fields of Record; what a text itself says comes before.

    Raises:
        TextError: it cannot be read.
        BadValue: it cannot be kept.
    """
    if len(words) == 3 and not any("(" in word for word in words[:2]):
        read: list[Record | Predicate] = [_fact(words, origin)]
    else:
        read = [said.what for text in words for said in read_topic(text, "the text", str(origin["author"]))]
        read = [replace(what, **_unsaid(what, origin)) if isinstance(what, Record) else what for what in read]
    if not read:
        raise TextError("nothing was said: give a fact such as 'legs(spider, 8).'")
    with base.database.writing(str(origin["author"]), f"tell {len(read)}") as transaction:
        return [_told(transaction, what) for what in read]


def _fact(words: Sequence[str], origin: Mapping[str, Any]) -> Fact:
    return Fact(subject=words[0], predicate=words[1], object=_value(words[2]), **origin)


def _value(word: str) -> Value:
    """The value that a word writes; whatever is not written as one is a name."""
    try:
        return read_value(word)
    except SyntaxFault:
        return Entity(word) if word.strip() == word and word and len(word) <= 100 else word


def _unsaid(record: Record, origin: Mapping[str, Any]) -> dict[str, Any]:
    """What is said apart from the text, where the text leaves it out."""
    usual = type(record).__dataclass_fields__
    given = {name: value for name, value in origin.items() if getattr(record, name) in (usual[name].default, None)}
    return {**given, "id": 0, "recorded_at": 0}


def _told(transaction: Transaction, what: Record | Predicate) -> Told:
    if isinstance(what, Predicate):
        put_predicate(transaction, what)
        return Told(write_predicate(what), True)
    if isinstance(what, Fact):
        (stands,) = storing.store_facts(transaction, [what]).facts
        return Told(write_record(stands), to_text(stands.object) == to_text(what.object))
    stored = storing.store_named(transaction, what)
    if isinstance(what, Rule):
        storing.check_rules(transaction)
    return Told(write_record(stored), True)


def facts_like(base: KnowledgeBase, text: str, most: int = 20) -> list[Fact]:
    """The believed facts that a text is about: an id, `legs(spider, 8)`, `legs(spider, ?n)`, or `legs(?x, 8)`.

    Raises:
        SyntaxFault: it is none of these.
    """
    scanner = Scanner(text)
    if len(text) == 13 and "(" not in text:
        return [record for record in [record_of(base, text)] if isinstance(record, Fact)]
    predicate = scanner.name("a predicate or an id")
    scanner.need("(")
    subject = scanner.variable() or scanner.value()
    value: Variable | Value = (scanner.variable() or scanner.value()) if scanner.take(",") else True
    scanner.need(")")
    scanner.take(".")
    if not scanner.done:
        scanner.fail("nothing may follow")
    name = None if isinstance(subject, Variable) else str(subject)
    wanted = ANYTHING if isinstance(value, Variable) else value
    found = base.find(name, predicate, wanted, limit=most)
    if not found and isinstance(wanted, Entity) and wanted is not ANYTHING:
        found = base.find(name, predicate, wanted.name, limit=most)
    return found
