"""Many messages at once: the work of `brigade intent`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brigade.agents.graph.kitchen_solving import Background, work_out
from brigade.agents.hierarchy.intent import Intent
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.hierarchy.slow_mind.counting import is_about_quantities
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.agents.models import LanguageModel
from brigade.envs.kitchen import HlaKitchen, HlaView, load_layout, recipe_of
from brigade.envs.kitchen.hla.view import HlaOrderView
from pydantic import BaseModel, ConfigDict, ValidationError


@dataclass(frozen=True)
class Question:
    """A message, and what it was said into."""

    message: str
    orders: tuple[str, ...] = ()
    previous: Intent | None = None
    map: str = "ring"


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
        return [Question(message, _orders(orders.split(",") if orders else []), map=map_name)]
    assert file is not None
    questions = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = _Line.model_validate(json.loads(line))
            previous = Intent.from_dict(entry.previous) if entry.previous else None
            questions.append(Question(entry.message, _orders(entry.orders), previous, map_name))
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
        return [(await _understood(mind, question)).to_dict() for question in questions]

    return asyncio.run(work())


async def _understood(mind: SlowMind, question: Question) -> Intent:
    """The intent; demands that only counting can tell are counted over a kitchen that has just got these orders."""
    found = (await mind.interpret(question.message, orders=question.orders, previous=question.previous)).intent
    if found.demands or not question.orders or not is_about_quantities(question.message):
        return found
    counted = await work_out(question.message, _Opening(question.map, question.orders), Background(mind.model))
    return counted.intent if counted is not None and counted.intent.demands else found


class _Opening(HlaView):
    """A kitchen that has just opened, with these orders only: the rules would fill them up to three."""

    def __init__(self, map_name: str, orders: Sequence[str]) -> None:
        kitchen = HlaKitchen(map_name)
        kitchen.reset(orders=list(orders))
        super().__init__(kitchen.rules, kitchen.state)
        self._count = len(orders)

    @property
    def orders(self) -> tuple[HlaOrderView, ...]:
        """See HlaView.orders."""
        return super().orders[: self._count]
