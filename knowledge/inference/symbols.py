"""Names and values as small integers, so that joins compare integers.

A text and an entity of the same name are one symbol: `parent(Ann, "Bob")` and `parent(Bob, Cy)` meet. 1, 1.0 and true
are three.
"""

from __future__ import annotations

from brigade.knowledge.values import BadValue, Entity, Kind, Value, kind_of, to_text

_NAME = "name"


class Symbols:
    """Gives symbols, and takes them back."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._values: list[Value] = []

    def of(self, value: Value) -> int:
        """The symbol of a value."""
        kind = kind_of(value)
        if kind is Kind.ENTITY or kind is Kind.TEXT:
            return self._of_name(value.name if isinstance(value, Entity) else str(value), value)
        return self._of((kind.value, to_text(value)), value)

    def _of_name(self, name: str, value: Value) -> int:
        number = self._of((_NAME, name), value)
        if isinstance(value, Entity):  # whatever once is an entity is one
            self._values[number] = value
        return number

    def _of(self, key: tuple[str, str], value: Value) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._values)
            self._values.append(value)
        return number

    def value(self, symbol: int) -> Value:
        """The value of a symbol."""
        return self._values[symbol]

    def name(self, symbol: int) -> str | None:
        """The value as a subject: a name; None if it cannot be one."""
        value = self._values[symbol]
        if isinstance(value, Entity):
            return value.name
        if isinstance(value, str) and value:
            try:
                return to_text(Entity(value))
            except BadValue:
                return None
        return None
