"""What a model teacher must say: the two sections, the facts it was asked for, and a check and a program if it may.

Constrained decoding holds models to the same schema where an engine can; where it cannot, what does not fit is refused
here, whole, with a line that says why. Believed is none of it before siblings have judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brigade.agents.reasoning.lmulator.returns import Returns, Unfit
from brigade.agents.training.student.lessons import Atom
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

CODE = 4000
"""Characters of a check or a program."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a teacher may say."""

    failures: int = 6
    """Failures that it is shown at a time."""
    asked: int = 16
    """Facts that it is asked for at a time."""
    lines: int = 5
    """Sentences of each section."""
    characters: int = 200
    """Of a sentence."""
    code: bool = True
    """Whether it may write a check and a program."""
    tokens: int = 1500


class NoLesson(ValueError):
    """What a teacher said is no lesson: says why, in a line."""


class Said(BaseModel):
    """A teacher's answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    learning_summary: list[str]
    supplementary_knowledge: list[str]
    facts: dict[str, JsonValue] = {}
    check: str = ""
    program: str = ""


def schema(extent: Extent, asked: Mapping[str, Returns]) -> dict[str, Any]:
    """The JSON schema of an answer, given the calls that are asked for and what they return."""
    line = {"type": "string", "maxLength": extent.characters}
    lines = {"type": "array", "items": line, "minItems": 1, "maxItems": extent.lines}
    properties: dict[str, Any] = {"learning_summary": lines, "supplementary_knowledge": lines}
    if asked:
        properties["facts"] = _object({call: dict(returns.schema()) for call, returns in asked.items()})
    if extent.code:
        code = {"type": "string", "maxLength": CODE}
        properties |= {"check": code, "program": code}
    return _object(properties)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read_said(text: str, extent: Extent, asked: Mapping[str, Returns]) -> tuple[Said, dict[str, Atom]]:
    """What a teacher said, and the values of the calls that it was asked for.

    Raises:
        NoLesson: it does not fit the schema.
    """
    try:
        said = Said.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise NoLesson(f"it is no JSON: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise NoLesson(f"{'.'.join(map(str, first['loc'])) or 'the answer'}: {first['msg']}") from None
    _check_extent(said, extent)
    return said, _values(said, asked)


def _check_extent(said: Said, extent: Extent) -> None:
    for name, lines in (
        ("learning_summary", said.learning_summary),
        ("supplementary_knowledge", said.supplementary_knowledge),
    ):
        if not 1 <= len(lines) <= extent.lines:
            raise NoLesson(f"{name}: {len(lines)} sentences, not 1 to {extent.lines}")
        if any(len(line) > extent.characters for line in lines):
            raise NoLesson(f"{name}: a sentence of more than {extent.characters} characters")
    most = CODE if extent.code else 0
    for name, code in (("check", said.check), ("program", said.program)):
        if len(code) > most:
            raise NoLesson(f"{name}: {len(code)} characters, where at most {most} may be")


def _values(said: Said, asked: Mapping[str, Returns]) -> dict[str, Atom]:
    unknown = [call for call in said.facts if call not in asked]
    if unknown:
        raise NoLesson(f"facts: {unknown[0]!r} was not asked for")
    missing = [call for call in asked if call not in said.facts]
    if missing:
        raise NoLesson(f"facts: {missing[0]!r} is missing")
    values: dict[str, Atom] = {}
    for call, returns in asked.items():
        try:
            value = returns.read(said.facts[call])
        except Unfit as error:
            raise NoLesson(f"facts: {call}: {error}") from None
        if isinstance(value, Atom):
            values[call] = value
    return values
