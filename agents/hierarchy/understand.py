"""Many messages at once: the work of `brigade intent`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brigade.agents.hierarchy.intent import Intent
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.agents.models import LanguageModel
from brigade.envs.kitchen import load_layout, recipe_of
from pydantic import BaseModel, ConfigDict, ValidationError


@dataclass(frozen=True)
class Question:
    """A message, and what it was said into."""

    message: str
    orders: tuple[str, ...] = ()
    previous: Intent | None = None


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    message: str
    orders: list[str] = []
    previous: dict[str, Any] | None = None


def read_questions(message: str | None, orders: str | None, map_name: str, file: Path | None) -> list[Question]:
    """The messages to understand: the one given, or those in a file.

    Raises:
        ValueError: neither or both are given, or a line or order that cannot be; says which.
        OSError: the file cannot be read.
    """
    if (message is None) == (file is None):
        raise ValueError("give a message, or --file with one message a line")
    load_layout(map_name)
    if message is not None:
        return [Question(message, _orders(orders.split(",") if orders else []))]
    assert file is not None
    questions = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = _Line.model_validate(json.loads(line))
            previous = Intent.from_dict(entry.previous) if entry.previous else None
            questions.append(Question(entry.message, _orders(entry.orders), previous))
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{file}:{number}: {'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}") from None
        except ValueError as error:
            raise ValueError(f"{file}:{number}: {error}") from None
    return questions


def _orders(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(recipe_of(name).name for name in names)


def understand_all(
    questions: Sequence[Question], model: Callable[[], LanguageModel], *, lexicon: bool = True
) -> list[dict[str, Any]]:
    """The intent of each message, as JSON. The model is only loaded if a message needs it.

    Raises:
        ModelError: the model cannot be had or does not answer.
    """
    certain = lexicon and all(read(question.message, question.previous).certain for question in questions)
    mind = SlowMind(None if certain else model(), lexicon=lexicon)

    async def work() -> list[dict[str, Any]]:
        return [
            (await mind.interpret(q.message, orders=q.orders, previous=q.previous)).intent.to_dict() for q in questions
        ]

    return asyncio.run(work())
