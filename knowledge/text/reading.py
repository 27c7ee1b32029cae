"""Text as records: the inverse of brigade.knowledge.text.writing. Says the line of everything that is wrong.

Only reads; what becomes of the records is for brigade.knowledge.text.exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from brigade.knowledge.moments import BadMoment, read_id, read_moment
from brigade.knowledge.records import (
    GENERAL,
    PERSON,
    Episode,
    Fact,
    Lesson,
    Predicate,
    Record,
    Resolution,
    Rule,
    Status,
)
from brigade.knowledge.rows import predicate_row, to_row
from brigade.knowledge.rules import RuleError, read_rule
from brigade.knowledge.syntax import Scanner, SyntaxFault, written_name
from brigade.knowledge.values import BadValue, Entity, Kind, short
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class TextError(ValueError):
    """A file that cannot be read: says where, and what is wrong."""


def _moment(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("a date or time in double quotes is needed")
    return read_moment(value)


def _identity(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("an identity in double quotes is needed")
    return read_id(value)


Moment: TypeAlias = Annotated[int, BeforeValidator(_moment)]
Identity: TypeAlias = Annotated[int, BeforeValidator(_identity)]


class Origin(BaseModel):
    """What stands in braces."""

    model_config = ConfigDict(extra="forbid", strict=True)

    source: str = ""
    author: str | None = None
    confidence: float = Field(1.0, ge=0, le=1)
    status: str = Status.ACCEPTED.value
    private: bool = False
    valid_from: Moment | None = Field(None, alias="from")
    valid_to: Moment | None = Field(None, alias="until")
    note: dict[str, Any] = {}
    uses: int = Field(0, ge=0)
    wins: int = Field(0, ge=0)
    losses: int = Field(0, ge=0)
    episode: Identity | None = None
    supersedes: Identity | None = None
    id: Identity = 0
    recorded_at: Moment = Field(0, alias="recorded")
    retracted_at: Moment | None = Field(None, alias="retracted")


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says, and in which line."""

    what: Record | Predicate
    line: int


def read_topic(text: str, name: str, author: str) -> Iterator[Said]:
    """What a file says, in order.

    Args:
        text: the file's.
        name: the file's, for errors.
        author: of records that name none.

    Raises:
        TextError: a line that cannot be read.
    """
    reader = _Reader(name, author)
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        block = _block(lines, at)
        yield from reader.read(block, at + 1)
        at += len(block)


def _block(lines: list[str], at: int) -> list[str]:
    """A line, and those after it that are set in: a lesson's."""
    end = at + 1
    if lines[at].startswith("lesson"):
        while end < len(lines) and lines[end].startswith("  "):
            end += 1
    return lines[at:end]


class _Reader:
    def __init__(self, name: str, author: str) -> None:
        self._name = name
        self._author = author
        self._topic = GENERAL

    def read(self, block: list[str], line: int) -> Iterator[Said]:
        head = block[0].strip("\r")
        if not head.strip() or head.lstrip().startswith("#"):
            return
        try:
            said = self._say(head, block, line)
        except (SyntaxFault, BadValue, RuleError, BadMoment) as error:
            column = f", column {error.column}" if isinstance(error, SyntaxFault) else ""
            raise TextError(f"{self._name}, line {line}{column}: {error}") from None
        if said is not None:
            yield Said(said, line)

    def _say(self, head: str, block: list[str], line: int) -> Record | Predicate | None:
        if head[:1].isspace():
            raise SyntaxFault("a line that is set in, and no lesson is above it", 1)
        scanner = Scanner(head)
        word = scanner.word() or ""
        if word in _READERS and not head[len(word) :].lstrip().startswith("("):
            scanner.take(word)
            return _READERS[word](self, scanner, block, line)
        return self._checked(self._fact(scanner))

    def _checked(self, record: Record) -> Record:
        to_row(record)
        return record

    def _topic_line(self, scanner: Scanner, _: list[str], __: int) -> None:
        self._topic = scanner.name("a topic")
        _end(scanner)

    def _predicate(self, scanner: Scanner, _: list[str], __: int) -> Predicate:
        name = scanner.name("a predicate")
        number = _one_of(scanner, ("single", "many"))
        kind = _one_of(scanner, ("any", *(each.value for each in Kind)))
        resolution = _one_of(scanner, tuple(each.value for each in Resolution))
        about = "" if scanner.done else scanner.string("what it means")
        _end(scanner)
        predicate = Predicate(
            name=name, single=number == "single", kind=None if kind == "any" else Kind(kind),
            resolution=Resolution(resolution), topic=self._topic, about=about,
        )  # fmt: skip
        predicate_row(predicate)
        return predicate

    def _fact(self, scanner: Scanner) -> Fact:
        predicate = scanner.name("a fact, or topic, predicate, rule, lesson or episode,")
        scanner.need("(")
        subject = scanner.value()
        if not isinstance(subject, Entity):
            scanner.fail(f"the subject must be a name: {short(subject)}; write it as {written_name(str(subject))}")
        value = scanner.value() if scanner.take(",") else True
        scanner.need(")")
        scanner.need(".")
        return Fact(subject=subject.name, predicate=predicate, object=value, **self._origin(scanner))

    def _rule(self, scanner: Scanner, _: list[str], __: int) -> Record:
        name = scanner.name("a rule's name")
        scanner.need(":")
        text, braces = _split_rule(scanner)
        clause = read_rule(name, text)
        return self._checked(Rule(name=name, text=str(clause), **self._origin(braces)))

    def _episode(self, scanner: Scanner, _: list[str], __: int) -> Record:
        name = scanner.name("an episode's name")
        about = scanner.string() if scanner.has('"') else ""
        return self._checked(Episode(name=name, about=about, **self._origin(scanner)))

    def _lesson(self, scanner: Scanner, block: list[str], line: int) -> Record:
        name = scanner.name("a lesson's name")
        origin = self._origin(scanner)
        parts: dict[str, list[str]] = {part: [] for part in _PARTS}
        program: list[str] | None = None
        for number, text in enumerate(block[1:], line + 1):
            if program is not None and text.startswith("  |"):
                program.append(text[4:])
                continue
            try:
                program = _part(Scanner(text), parts)
            except SyntaxFault as error:
                raise TextError(f"{self._name}, line {number}, column {error.column}: {error}") from None
            if program is not None:
                parts["check"] = program
        return self._checked(
            Lesson(
                name=name, task=_only("task", parts), trigger=_only("when", parts), summary=tuple(parts["do"]),
                knowledge=tuple(parts["know"]), tags=tuple(parts["tag"]), check="\n".join(parts["check"]), **origin,
            )
        )  # fmt: skip

    def _origin(self, scanner: Scanner) -> dict[str, Any]:
        """What stands in braces at the end of a line."""
        where = scanner.at + 1
        data = {} if scanner.done else scanner.json()
        _end(scanner)
        try:
            origin = Origin.model_validate(data).model_dump()
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the braces"
            raise SyntaxFault(f"{place}: {first['msg'].removeprefix('Value error, ')}", where) from None
        if origin["status"] not in [each.value for each in Status]:
            raise SyntaxFault(f"status: {origin['status']!r} is none of {', '.join(Status)}", where)
        origin["status"] = Status(origin["status"])
        origin["author"] = origin["author"] or (PERSON if origin["id"] else self._author)  # as it is written
        return {**origin, "topic": self._topic}


_PARTS = ("task", "when", "tag", "do", "know", "check")


def _part(scanner: Scanner, parts: dict[str, list[str]]) -> list[str] | None:
    """Read a line of a lesson; the lines of a program that follows, to be filled."""
    word, empty = scanner.word(), scanner.done
    if empty:
        return None
    if word not in _PARTS:
        scanner.fail(f"a lesson's line begins with {', '.join(_PARTS[:-1])} or check")
    scanner.take(word)
    if word == "check" and scanner.done:
        return []
    parts[word].append(scanner.name("a tag") if word == "tag" else scanner.string())
    _end(scanner)
    return None


def _only(name: str, parts: Mapping[str, list[str]]) -> str:
    if len(parts[name]) > 1:
        raise SyntaxFault(f"a lesson with {len(parts[name])} lines {name!r}; there may be one", 1)
    return "".join(parts[name])


def _one_of(scanner: Scanner, words: Iterable[str]) -> str:
    known = tuple(words)
    word = scanner.word()
    if word not in known:
        scanner.fail(f"one of {', '.join(known)} is needed")
    scanner.take(word)
    return word


def _end(scanner: Scanner) -> None:
    if not scanner.done:
        scanner.fail(f"nothing may follow, but there is {short(scanner.text[scanner.at :], 30)}")


def _split_rule(scanner: Scanner) -> tuple[str, Scanner]:
    """The text of a rule up to its full stop, and a scanner at what follows."""
    start, text = scanner.at, scanner.text
    quote, at = "", start
    while at < len(text):
        sign = text[at]
        if quote:
            at += 1 if sign == "\\" else 0
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "." and not text[at + 1 : at + 2].isdigit():
            return text[start : at + 1], Scanner(text, at + 1)
        at += 1
    scanner.fail("a rule ends with a full stop")


_READERS: Mapping[str, Callable[[_Reader, Scanner, list[str], int], Record | Predicate | None]] = {
    "topic": _Reader._topic_line,
    "predicate": _Reader._predicate,
    "rule": _Reader._rule,
    "lesson": _Reader._lesson,
    "episode": _Reader._episode,
}
