"""How names and values are written, in facts, rules and files: read from text, and written to be read.

spider  'praying mantis'     an entity; in single quotes where it is no plain word
"some text"                  a text, with JSON's escapes
8  -2.5  #inf  true          numbers (whole ones differ from others) and truth values
2024-02-29  2024-02-29T12:30:00Z
{"a": [1, null]}             data, as JSON
?x                           a variable, in rules
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from typing import NoReturn

from brigade.knowledge.values import Entity, Value, short, to_text


class SyntaxFault(ValueError):
    """A text that cannot be read: says what is wrong, and in which column."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a rule."""

    name: str

    def __str__(self) -> str:
        return f"?{self.name}"


_WORD = re.compile(r"[^\W\d_]\w*")
_VARIABLE = re.compile(r"\?(\w+)")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?(?![\w-])")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)")
_SPECIAL = re.compile(r"#(-?inf|nan)(?!\w)")
_BLANK = re.compile(r"\s*")
RESERVED = frozenset({"true", "false", "null", "not", "is"})
_JSON = json.JSONDecoder()


class Scanner:
    """Reads a text from left to right."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at

    def blank(self) -> None:
        """Pass over blanks."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    @property
    def done(self) -> bool:
        """Whether nothing but blanks is left."""
        self.blank()
        return self.at >= len(self.text)

    def has(self, sign: str) -> bool:
        """Whether a sign comes next."""
        self.blank()
        return self.text.startswith(sign, self.at)

    def take(self, sign: str) -> bool:
        """Pass over a sign, if it comes next."""
        if self.has(sign):
            self.at += len(sign)
            return True
        return False

    def need(self, sign: str) -> None:
        """Pass over a sign that must come next."""
        if not self.take(sign):
            self.fail(f"{sign!r} is missing before {short(self.text[self.at :], 30)}")

    def word(self) -> str | None:
        """The plain word that comes next, without passing over it."""
        self.blank()
        match = _WORD.match(self.text, self.at)
        return match.group() if match else None

    def fail(self, message: str) -> NoReturn:
        """Say that the text is wrong here."""
        raise SyntaxFault(message, self.at + 1)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Pass over what a pattern matches here."""
        self.blank()
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def name(self, what: str = "a name") -> str:
        """A name: a plain word, or anything in single quotes."""
        if (found := self.match(_QUOTED)) is not None:
            return _unquoted(found.group(1))
        if (found := self.match(_WORD)) is not None:
            return found.group()
        self.fail(f"{what} is missing before {short(self.text[self.at :], 30)}")

    def string(self, what: str = "a text") -> str:
        """A text in double quotes."""
        found = self.match(_STRING)
        if found is None:
            self.fail(f"{what} in double quotes is missing before {short(self.text[self.at :], 30)}")
        return self._json_string(found.group())

    def _json_string(self, quoted: str) -> str:
        try:
            return str(json.loads(quoted))
        except json.JSONDecodeError as error:
            self.fail(f"a text that JSON cannot read ({error.msg}): {short(quoted, 30)}")

    def json(self) -> object:
        """Data, as JSON."""
        self.blank()
        try:
            data, self.at = _JSON.raw_decode(self.text, self.at)
        except (json.JSONDecodeError, RecursionError) as error:
            where = error.pos + 1 if isinstance(error, json.JSONDecodeError) else self.at + 1
            raise SyntaxFault(f"data that JSON cannot read: {error}", where) from None
        return data

    def variable(self) -> Variable | None:
        """A variable, if one comes next."""
        found = self.match(_VARIABLE)
        return Variable(found.group(1)) if found else None

    def value(self) -> Value:
        """A value."""
        self.blank()
        start = self.text[self.at : self.at + 1]
        if start == '"':
            return self.string()
        if start == "'":
            return Entity(self.name())
        if start in ("{", "["):
            return self.json()  # type: ignore[return-value]  # an object or an array
        return self._plain_value()

    def _plain_value(self) -> Value:
        if (found := self.match(_TIME)) is not None:
            return self._time(found.group())
        if (found := self.match(_NUMBER)) is not None:
            return self._number(found.group())
        if (found := self.match(_SPECIAL)) is not None:
            return float(found.group(1))
        word = self.word()
        if word in ("true", "false", "null"):
            self.at += len(word)
            return {"true": True, "false": False, "null": None}[word]
        if word is None or word in RESERVED:
            self.fail(f"a value is missing before {short(self.text[self.at :], 30)}")
        return Entity(self.name())

    def _number(self, text: str) -> int | float:
        try:
            return float(text) if set(text) & set(".eE") else int(text)
        except ValueError as error:  # more digits than Python reads
            self.fail(str(error))

    def _time(self, text: str) -> Value:
        try:
            if "T" not in text:
                return datetime.date.fromisoformat(text)
            return datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)
        except (ValueError, OverflowError) as error:
            self.fail(f"{text} is no date or time: {error}")


def _unquoted(inner: str) -> str:
    return re.sub(r"\\(.)", r"\1", inner)


def written_name(name: str) -> str:
    """A name as it is read."""
    if _WORD.fullmatch(name) and name not in RESERVED:
        return name
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def written_string(text: str) -> str:
    """A text as it is read."""
    return _one_line(json.dumps(text, ensure_ascii=False))


def written(value: Value) -> str:
    """A value as it is read."""
    match value:
        case Entity(name):
            return written_name(name)
        case str():
            return written_string(value)
        case bool():
            return "true" if value else "false"
        case int():
            return to_text(value)
        case float():
            text = repr(value)
            return text if set(text) & set("0123456789") else f"#{text}"
        case datetime.datetime():
            text = value.astimezone(datetime.UTC).isoformat()
            return text.removesuffix("+00:00") + "Z"
        case None:
            return "null"
        case datetime.date():
            return value.isoformat()
        case _:
            return _one_line(to_text(value))


def _one_line(text: str) -> str:
    """JSON without what some editors take for line breaks."""
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def read_value(text: str) -> Value:
    """The value that a text writes.

    Raises:
        SyntaxFault: it writes none.
    """
    scanner = Scanner(text)
    value = scanner.value()
    if not scanner.done:
        scanner.fail(f"{short(text[scanner.at :], 30)} comes after the value")
    return value
