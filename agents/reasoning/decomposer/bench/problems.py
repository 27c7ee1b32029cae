"""The questions that are measured: families from seeds, and files of GSM8K or AQuA or the project's own form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from brigade.agents.reasoning.decomposer.families import EASY, FAMILIES, Item, items_of
from brigade.agents.reasoning.questions import is_correct
from pydantic import BaseModel, ConfigDict, ValidationError


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore")

    question: str
    answer: str | int | float | bool | None = None
    options: list[str] = []
    correct: str | None = None


def problems_of(families: Sequence[str], size: int, seed: int, files: Sequence[Path] = ()) -> list[Item]:
    """Test questions of each family, and the first ones of each file.

    Raises:
        ValueError: there is no such family, or a file is not what it should be.
        OSError: a file cannot be read.
    """
    made = [item for family in families for item in items_of(family, size, "test", seed)]
    return made + [item for file in files for item in problems_in(file)[:size]]


def known_families() -> tuple[str, ...]:
    """Every family that can be measured."""
    return (*FAMILIES, *EASY)


def problems_in(file: Path) -> list[Item]:
    """The questions of a file, a JSON object a line.

    `{"question", "answer"}`; the answer may follow `####`, as GSM8K has it; or `{"question", "options", "correct"}`
    with options like `A)12`, as AQuA has it.

    Raises:
        ValueError: a line is no question with a known answer, or there is none; says which.
        OSError: the file cannot be read.
    """
    items = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            items.append(_item(file, number, line))
    if not items:
        raise ValueError(f"{file}: there is no question in it")
    return items


def _item(file: Path, number: int, line: str) -> Item:
    try:
        problem = _Problem.model_validate(json.loads(line))
    except ValidationError as error:
        raise ValueError(f"{file}:{number}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from None
    except ValueError as error:
        raise ValueError(f"{file}:{number}: not JSON: {error}") from None
    gold = problem.correct if problem.options and problem.correct else problem.answer
    if gold is None:
        raise ValueError(f"{file}:{number}: there is no answer to compare with")
    known = str(gold).rpartition("####")[2].strip()
    text = problem.question + "".join(_options(problem.options))
    known = f"({known})" if problem.options else known
    return Item(file.stem, text, known, lambda said: is_correct(said, known), {})


def _options(options: Sequence[str]) -> list[str]:
    """AQuA's options in the form that questions have here."""
    if not options:
        return []
    pairs = [option.partition(")") for option in options]
    return ["\nOptions:", *(f"\n({letter.strip(' (')}) {text.strip()}" for letter, _, text in pairs)]
