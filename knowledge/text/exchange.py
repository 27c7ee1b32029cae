"""Exporting a knowledge base into files, and importing them back.

One file per topic for what is believed or waits for review, and one beside it for what once was; together they make the
same base again. A record that was changed in a file supersedes the one it was exported from; one that has been
superseded in the base meanwhile is not overwritten but reported. Everything is read before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from brigade.knowledge import finding, storing
from brigade.knowledge.base import KnowledgeBase, put_predicate
from brigade.knowledge.database import Transaction
from brigade.knowledge.records import Episode, Fact, Lesson, Predicate, Record, Rule, Status
from brigade.knowledge.resolving import overlap, same_value
from brigade.knowledge.rows import TABLES
from brigade.knowledge.text.reading import Said, TextError, read_topic
from brigade.knowledge.text.writing import write_topic
from sqlalchemy import select

KINDS: tuple[type[Record], ...] = (Episode, Rule, Lesson, Fact)
ENDING, OLD_ENDING = ".kb", ".history.kb"
PORTION = 5000
"""Records of one transaction."""
LARGEST = 2**30


def export(base: KnowledgeBase, folder: Path, *, history: bool = True) -> list[Path]:
    """Write the base into a folder; the files. Files of topics that are no more are removed.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    predicates = base.predicates().values()
    topics = sorted({*_topics(base), *(each.topic for each in predicates)})
    files = []
    for topic, stem in zip(topics, _stems(topics), strict=True):
        live, old = _of_topic(base, topic)
        declared = [each for each in predicates if each.topic == topic]
        if live or declared:
            files.append(_write(folder / f"{stem}{ENDING}", topic, declared, live))
        if old and history:
            files.append(_write(folder / f"{stem}{OLD_ENDING}", topic, [], old))
    for left in set(folder.glob(f"*{ENDING}")) - set(files):
        left.unlink()
    return files


def _topics(base: KnowledgeBase) -> set[str]:
    with base.database.reading() as connection:
        return {
            topic for kind in KINDS for topic in connection.execute(select(TABLES[kind].c.topic).distinct()).scalars()
        }


def _stems(topics: Sequence[str]) -> list[str]:
    """File names for topics: letters, digits and `-`; alike ones are numbered."""
    seen: dict[str, int] = {}
    stems = []
    for topic in topics:
        stem = re.sub(r"[^\w-]+", "-", topic).strip("-")[:80] or "topic"
        seen[stem.casefold()] = number = seen.get(stem.casefold(), 0) + 1
        stems.append(stem if number == 1 else f"{stem}-{number}")
    return stems


def _of_topic(base: KnowledgeBase, topic: str) -> tuple[list[Record], list[Record]]:
    live: list[Record] = []
    old: list[Record] = []
    with base.database.reading() as connection:
        for kind in KINDS:
            for record in finding.all_of(connection, kind, None, topic=topic):
                (live if record.retracted_at is None else old).append(record)
    return live, old


def _write(file: Path, topic: str, predicates: Sequence[Predicate], records: Sequence[Record]) -> Path:
    """A file that is written whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(write_topic(topic, predicates, records))
    part.replace(file)
    return file


@dataclass(slots=True)
class Imported:
    """What became of the records of files."""

    added: int = 0
    changed: int = 0
    """Those that supersede what they were exported from."""
    known: int = 0
    retracted: int = 0
    stale: list[str] = field(default_factory=list)
    """Changes to records that have been superseded meanwhile; they were not made."""


def files_in(paths: Sequence[Path]) -> list[Path]:
    """These files, and those of these folders; histories first, so that they come before what supersedes them."""
    found = [file for path in paths for file in (sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path])]
    return sorted(found, key=lambda file: not file.name.endswith(OLD_ENDING))


def import_files(
    base: KnowledgeBase,
    files: Sequence[Path],
    *,
    author: str = "person",
    replace_topics: bool = False,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Imported:
    """Bring what files say into the base.

    Args:
        base: the knowledge base.
        files: to be read.
        author: of records that name none, and of changes.
        replace_topics: whether believed records of the files' topics that no file has are retracted.
        progress: hears what is being done, how much of it, of how much.

    Raises:
        TextError: a line that cannot be read; nothing was written then.
        OSError: a file that cannot be read.
    """
    read = [(file, list(_read(file, author))) for file in files]
    total = sum(len(said) for _, said in read)
    result, done, named = Imported(), 0, set[int]()
    for file, said in read:
        for start in range(0, max(len(said), 1), PORTION):
            portion = said[start : start + PORTION]
            with base.database.writing(author, f"import {file.name}") as transaction:
                named |= _Import(transaction, result, file.name, author).bring(portion)
            done += len(portion)
            progress(file.name, done, total)
    if replace_topics:
        topics = {each.what.topic for _, said in read for each in said}
        result.retracted = _retract_others(base, topics, named, author)
    return result


def _read(file: Path, author: str) -> Iterator[Said]:
    try:
        if file.stat().st_size > LARGEST:
            raise TextError(f"{file}: more than {LARGEST} bytes; split it")
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TextError(f"{file}, line {line}: not UTF-8") from None
    return read_topic(text, str(file), author)


class _Import:
    """One portion, in one transaction."""

    def __init__(self, transaction: Transaction, result: Imported, name: str, author: str) -> None:
        self._transaction = transaction
        self._result = result
        self._name = name
        self._author = author

    def bring(self, portion: Sequence[Said]) -> set[int]:
        """Store what is said; the identities of what now stands for it."""
        for said in portion:
            if isinstance(said.what, Predicate):
                put_predicate(self._transaction, said.what)
        records = [(said.what, said.line) for said in portion if isinstance(said.what, Record)]
        named = set[int]()
        for kind in KINDS:
            named |= self._bring_kind(kind, [(each, line) for each, line in records if type(each) is kind])
        return named

    def _bring_kind(self, kind: type[Record], records: Sequence[tuple[Record, int]]) -> set[int]:
        known = finding.by_ids(self._transaction.connection, kind, [each.id for each, _ in records if each.id])
        told: list[Record] = []
        restored: list[Record] = []
        named: set[int] = set()
        for record, line in records:
            old = known.get(record.id)
            if old is None:
                (restored if record.id and record.recorded_at else told).append(record)
            elif _says_the_same(record, old):
                self._result.known += 1
                named.add(old.id)
            elif old.retracted_at is not None:
                self._result.stale.append(f"{self._name}, line {line}: superseded since it was exported")
            else:
                told.append(self._change(record, old))
        named |= self._restore(kind, restored, told)
        return named | self._tell(kind, told)

    def _change(self, record: Record, old: Record) -> Record:
        """A record that was edited: new, by the editor, in the place of the old one."""
        storing.close(self._transaction, type(old), [old.id])
        self._result.changed += 1
        self._result.added -= 1
        author = self._author if record.author == old.author else record.author
        return _fresh(replace(record, supersedes=old.id, author=author))

    def _restore(self, kind: type[Record], restored: Sequence[Record], told: list[Record]) -> set[int]:
        """Put exported records back as they were; those that contradict what is believed are told instead."""
        contested = self._contested(kind, restored)
        kept = [record for record in restored if record.id not in contested]
        told += [_fresh(record) for record in restored if record.id in contested]
        storing.insert_records(self._transaction, kept)
        for record in kept:
            self._transaction.seen_id(record.id)
        self._result.added += len(kept)
        return {record.id for record in kept}

    def _contested(self, kind: type[Record], restored: Sequence[Record]) -> set[int]:
        """The records that do not fit beside what is believed."""
        live = [record for record in restored if record.believed]
        if kind is not Fact:
            connection = self._transaction.connection
            return {each.id for each in live if finding.by_name(connection, kind, each.name)}  # type: ignore[attr-defined]
        facts = [record for record in live if isinstance(record, Fact)]
        believed = storing.believed(self._transaction, facts)
        single = {name for name, each in storing.declarations(self._transaction).items() if each.single}
        return {
            fact.id
            for fact in facts
            for rival in believed.get((fact.subject, fact.predicate), ())
            if overlap(fact, rival) and (fact.predicate in single or same_value(fact, rival))
        }

    def _tell(self, kind: type[Record], told: Sequence[Record]) -> set[int]:
        if kind is Fact:
            stored = storing.store_facts(self._transaction, [record for record in told if isinstance(record, Fact)])
            self._result.added += stored.added
            self._result.known += stored.known
            return {fact.id for fact in stored.facts}
        self._result.added += len(told)
        stored_ids = {storing.store_named(self._transaction, record).id for record in told}
        if kind is Rule:
            storing.check_rules(self._transaction)
        return stored_ids


def _fresh(record: Record) -> Record:
    """A record that is told anew."""
    return replace(record, id=0, recorded_at=0, uses=0, wins=0, losses=0)


_PASSING: dict[str, Any] = {"uses": 0, "wins": 0, "losses": 0, "recorded_at": 0, "retracted_at": None}


def _says_the_same(record: Record, old: Record) -> bool:
    """Whether two records say the same, whatever became of them since."""
    one, other = replace(record, **_PASSING), replace(old, **_PASSING)
    return one == other and repr(one) == repr(other)


def _retract_others(base: KnowledgeBase, topics: set[str], named: set[int], author: str) -> int:
    """Retract what is believed of these topics and is in no file."""
    count = 0
    with base.database.writing(author, "retract what the files no longer have") as transaction:
        for kind in KINDS:
            for topic in sorted(topics):
                live = finding.all_of(transaction.connection, kind, finding.When(status=None), topic=topic)
                gone = [each.id for each in live if each.id not in named and each.status is not Status.REJECTED]
                storing.close(transaction, kind, gone)
                count += len(gone)
    return count
