"""A message with its meaning, as a record and as a line of JSON. Knows not where messages come from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brigade.agents.hierarchy.intent import Intent
from pydantic import BaseModel, ConfigDict, ValidationError


@dataclass(frozen=True, slots=True)
class Row:
    """What was said into what, and what it means. One line of `brigade intent --file` and its right answer."""

    message: str
    orders: tuple[str, ...]
    """Names of the open orders, oldest first."""
    previous: dict[str, Any] | None
    """The intent of the message before, in the contract's form."""
    intent: dict[str, Any]
    """The right answer, in the contract's form."""
    tags: tuple[str, ...] = ()
    """What is hard about it: count, several, typo, ...; sorted."""
    template: str = ""
    """The phrase it was made from: rows of one phrase are not independent."""

    @property
    def kind(self) -> str:
        """The kind of its intent."""
        return str(self.intent["kind"])

    @property
    def before(self) -> Intent | None:
        """The previous intent, as the minds take it."""
        return None if self.previous is None else Intent.from_dict(self.previous)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self) | {"orders": list(self.orders), "tags": list(self.tags)}


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    message: str
    orders: list[str] = []
    previous: dict[str, Any] | None = None
    intent: dict[str, Any]
    tags: list[str] = []
    template: str = ""


def write_rows(rows: Iterable[Row], file: Path) -> None:
    """Write one JSON line a row; `brigade intent --file` reads them."""
    text = "".join(json.dumps(row.to_dict(), ensure_ascii=False) + "\n" for row in rows)
    file.write_text(text, encoding="utf-8")


def read_rows(file: Path) -> list[Row]:
    """Read what `write_rows` wrote, or rows of one's own; intents are made canonical.

    Raises:
        ValueError: a line that is no row; says which and why.
        OSError: the file cannot be read.
    """
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                rows.append(_row(_Line.model_validate_json(line)))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"])) or "line"
                raise ValueError(f"{file}:{number}: {where}: {first['msg']}") from None
            except ValueError as error:
                raise ValueError(f"{file}:{number}: {error}") from None
    return rows


def _row(line: _Line) -> Row:
    previous = None if line.previous is None else Intent.from_dict(line.previous).to_dict()
    intent = Intent.from_dict(line.intent).to_dict()
    return Row(line.message, tuple(line.orders), previous, intent, tuple(sorted(line.tags)), line.template)
