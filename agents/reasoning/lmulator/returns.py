"""What a function gives back: a type that constrains a model's answer, reads it, and says whether it fits.

Types are written as in Python: `bool`, `int`, `float`, `str`, `None`, `date`, `list[T]`, `set[T]`, `tuple[A, B]`,
`dict[str, T]`, `Literal["a", "b"]`, `A | B`, `Any`. Knows no model; a schema is plain JSON Schema.
"""

from __future__ import annotations

import ast
import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brigade.agents.reasoning.lmulator.values import Plain

MOST_ITEMS = 40
"""Items of a list that a model may answer with."""
MOST_CHARACTERS = 200
"""Characters of a text that a model may answer with."""

Schema = Mapping[str, Any]


class Unfit(ValueError):
    """A value that is not of the type that was asked for."""


class Returns(ABC):
    """A return type."""

    @abstractmethod
    def schema(self) -> Schema:
        """The JSON schema of the value's JSON form."""

    @abstractmethod
    def read(self, data: object) -> Plain:
        """The value that JSON data stands for.

        Raises:
            Unfit: it stands for none of this type.
        """

    def options(self) -> tuple[Plain, ...]:
        """The values, if they are few and known; else none. A model then chooses, with a probability for each."""
        return ()


@dataclass(frozen=True, slots=True)
class Anything(Returns):
    """No type is known: any JSON value that is not deeply nested."""

    def schema(self) -> Schema:
        """See Returns.schema."""
        simple = [_TEXT_SCHEMA, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]
        return {"anyOf": [*simple, {"type": "array", "items": {"anyOf": simple}, "maxItems": MOST_ITEMS}]}

    def read(self, data: object) -> Plain:
        """See Returns.read."""
        return data

    def __str__(self) -> str:
        return "Any"


_TEXT_SCHEMA: Schema = {"type": "string", "maxLength": MOST_CHARACTERS}


@dataclass(frozen=True, slots=True)
class Simple(Returns):
    """A number, a text, a truth value, a date, or None."""

    name: str

    def schema(self) -> Schema:
        """See Returns.schema."""
        return _SIMPLE_SCHEMAS[self.name]

    def options(self) -> tuple[Plain, ...]:
        """See Returns.options."""
        return (True, False) if self.name == "bool" else (None,) if self.name == "None" else ()

    def read(self, data: object) -> Plain:
        """See Returns.read."""
        match self.name, data:
            case ("bool", bool()) | ("str", str()) | ("None", None) | ("date", datetime.date()):
                return data
            case ("int" | "float", bool()):
                pass
            case "int", int():
                return data
            case "int", float() if data.is_integer():
                return int(data)
            case "float", int() | float():
                return float(data)
            case "date", str():
                return _date(data)
        raise Unfit(f"{data!r} is not of type {self.name}")

    def __str__(self) -> str:
        return self.name


_SIMPLE_SCHEMAS: Mapping[str, Schema] = {
    "bool": {"type": "boolean"},
    "int": {"type": "integer", "minimum": -(10**12), "maximum": 10**12},
    "float": {"type": "number"},
    "str": _TEXT_SCHEMA,
    "None": {"type": "null"},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise Unfit(f"{text!r} is not a date: {error}") from None


@dataclass(frozen=True, slots=True)
class OneOf(Returns):
    """One of a few given values (`Literal`)."""

    values: tuple[str | int | bool, ...]

    def schema(self) -> Schema:
        """See Returns.schema."""
        return {"enum": list(self.values)}

    def options(self) -> tuple[Plain, ...]:
        """See Returns.options."""
        return self.values

    def read(self, data: object) -> Plain:
        """See Returns.read."""
        for value in self.values:
            if type(value) is type(data) and value == data:
                return value
        raise Unfit(f"{data!r} is none of {', '.join(map(repr, self.values))}")

    def __str__(self) -> str:
        return f"Literal[{', '.join(map(repr, self.values))}]"


@dataclass(frozen=True, slots=True)
class Several(Returns):
    """A list, a set, or a tuple of any length, of one type."""

    kind: str
    item: Returns

    def schema(self) -> Schema:
        """See Returns.schema."""
        return {"type": "array", "items": self.item.schema(), "maxItems": MOST_ITEMS}

    def read(self, data: object) -> Plain:
        """See Returns.read."""
        if not isinstance(data, list | tuple | set):
            raise Unfit(f"{data!r} is not of type {self}")
        items = [self.item.read(each) for each in data]
        return items if self.kind == "list" else set(items) if self.kind == "set" else tuple(items)

    def __str__(self) -> str:
        return f"{self.kind}[{self.item}{', ...' if self.kind == 'tuple' else ''}]"


@dataclass(frozen=True, slots=True)
class Row(Returns):
    """A tuple of so many values, each of its own type."""

    items: tuple[Returns, ...]

    def schema(self) -> Schema:
        """See Returns.schema."""
        count = len(self.items)
        each = [item.schema() for item in self.items]
        return {"type": "array", "prefixItems": each, "items": False, "minItems": count, "maxItems": count}

    def read(self, data: object) -> Plain:
        """See Returns.read."""
        if not isinstance(data, list | tuple) or len(data) != len(self.items):
            raise Unfit(f"{data!r} is not of type {self}")
        return tuple(item.read(each) for item, each in zip(self.items, data, strict=True))

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class Table(Returns):
    """A dictionary from text to values of one type."""

    value: Returns

    def schema(self) -> Schema:
        """See Returns.schema."""
        return {"type": "object", "additionalProperties": self.value.schema()}

    def read(self, data: object) -> Plain:
        """See Returns.read."""
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            raise Unfit(f"{data!r} is not of type {self}")
        return {key: self.value.read(each) for key, each in data.items()}

    def __str__(self) -> str:
        return f"dict[str, {self.value}]"


@dataclass(frozen=True, slots=True)
class Either(Returns):
    """One of several types, tried in order."""

    types: tuple[Returns, ...]

    def schema(self) -> Schema:
        """See Returns.schema."""
        return {"anyOf": [each.schema() for each in self.types]}

    def options(self) -> tuple[Plain, ...]:
        """See Returns.options."""
        parts = [each.options() for each in self.types]
        return tuple(option for part in parts for option in part) if all(parts) else ()

    def read(self, data: object) -> Plain:
        """See Returns.read."""
        for each in self.types:
            try:
                return each.read(data)
            except Unfit:
                continue
        raise Unfit(f"{data!r} is not of type {self}")

    def __str__(self) -> str:
        return " | ".join(map(str, self.types))


ANY = Anything()
BOOL, INT, FLOAT, STR, NONE, DATE = (Simple(name) for name in ("bool", "int", "float", "str", "None", "date"))
_NAMES: Mapping[str, Returns] = {str(each): each for each in (BOOL, INT, FLOAT, STR, NONE, DATE)} | {
    "Any": ANY, "object": ANY, "list": Several("list", ANY), "List": Several("list", ANY), "set": Several("set", ANY),
    "dict": Table(ANY), "Dict": Table(ANY), "tuple": Several("tuple", ANY), "datetime.date": DATE,
}  # fmt: skip


def returns_of(annotation: ast.expr | None) -> Returns:
    """The type that an annotation names; no annotation is any type.

    Raises:
        ValueError: it names none that can be asked for; says which.
    """
    match annotation:
        case None:
            return ANY
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str(text)):
            return returns_from(text)
        case ast.Name() | ast.Attribute() if ast.unparse(annotation) in _NAMES:
            return _NAMES[ast.unparse(annotation)]
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return Either((returns_of(left), returns_of(right)))
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _subscripted(name, inner.elts if isinstance(inner, ast.Tuple) else [inner])
    raise ValueError(f"the type {ast.unparse(annotation)!r} cannot be asked of a model (known: {', '.join(_NAMES)})")


def _subscripted(name: str, inner: list[ast.expr]) -> Returns:
    match name.lower(), inner:
        case (("list" | "set" | "sequence" | "iterable"), [item]):
            return Several("set" if name.lower() == "set" else "list", returns_of(item))
        case "tuple", [item, ast.Constant(value=end)] if end is ...:
            return Several("tuple", returns_of(item))
        case "tuple", _:
            return Row(tuple(returns_of(each) for each in inner))
        case (("dict" | "mapping"), [_, value]):
            return Table(returns_of(value))
        case "optional", [item]:
            return Either((returns_of(item), NONE))
        case "union", _:
            return Either(tuple(returns_of(each) for each in inner))
        case "literal", _:
            values = [each.value for each in inner if isinstance(each, ast.Constant)]
            kept = tuple(value for value in values if isinstance(value, str | int))
            if kept and len(kept) == len(inner):
                return OneOf(kept)
    raise ValueError(f"the type {name}[{', '.join(ast.unparse(each) for each in inner)}] cannot be asked of a model")


def returns_from(text: str) -> Returns:
    """The type that a text names, such as `list[str]`.

    Raises:
        ValueError: it names none.
    """
    try:
        return returns_of(ast.parse(text, mode="eval").body)
    except SyntaxError:
        raise ValueError(f"{text!r} is not a type") from None
