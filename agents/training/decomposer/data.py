"""What the decomposer's supervised start learns from: questions, an attempt, and a plan that leads to the answer.

Generated families at less than the measured difficulty (sums shorter by a term, fewer animals: the longest are left to
the later stages), steps derived from GSM8K's solutions, and StrategyQA's human decompositions. The latter two are read
from a folder that the user names; without it only the generated families are learned.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brigade.agents.reasoning.decomposer.families import Item, Split, stream_of
from brigade.agents.reasoning.decomposer.plans import labelled, read_plan
from brigade.agents.reasoning.decomposer.prompting import trained_turns
from brigade.agents.reasoning.decomposer.scripted import slip
from brigade.agents.training.batches import TextExample
from brigade.agents.training.decomposer.teachers import TEACHERS, teach
from brigade.agents.training.decomposer.worked import plan_of
from pydantic import BaseModel, ConfigDict, ValidationError

EASIER: Mapping[str, Mapping[str, Any]] = {
    "chain_sum": {"min_terms": 3, "max_terms": 5, "min_digits": 1, "max_digits": 4},
    "basic_arithmetic": {"min_terms": 2, "max_terms": 5, "max_digits": 3},
    "leg_counting": {"min_animals": 2, "max_animals": 4},
    "simple_geometry": {"min_sides": 3, "max_sides": 5},
    "calendar_arithmetic": {},
    "gsm_symbolic": {},
}
SHARES: Mapping[str, float] = {
    "chain_sum": 0.11, "basic_arithmetic": 0.32, "calendar_arithmetic": 0.12, "gsm_symbolic": 0.16,
    "leg_counting": 0.14, "simple_geometry": 0.12, "gsm8k": 0.02, "strategyqa": 0.01,
}  # fmt: skip
"""Part of the rows from each source; what a missing folder would give is left out."""
LONGEST = 420
"""Characters of a question; longer ones are slow to learn from and leave the plan far from what it copies.

At 320 a quarter of gsm_symbolic's templates was never taught, and word problems stayed at 0.
"""
NO_ATTEMPT = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its plan."""

    source: str
    question: str
    answer: str
    plan: str


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore")

    question: str
    answer: str | bool
    decomposition: list[str] = []


def rows(count: int, split: Split, seed: int = 0, folder: Path | None = None) -> list[Row]:
    """Rows from every source, shuffled.

    Args:
        count: how many, about.
        split: train or validation.
        seed: of the questions and the order.
        folder: where `gsm8k_train.jsonl` and `strategyqa_dev.json` are; None leaves both out.

    Raises:
        ValueError: a file is not what it should be.
        OSError: it cannot be read.
    """
    made: list[Row] = []
    for source, share in SHARES.items():
        if source in TEACHERS or folder is not None:
            made += _from(source, round(share * count), split, seed, folder)
    random.Random(seed).shuffle(made)
    return made


def _from(source: str, count: int, split: Split, seed: int, folder: Path | None) -> list[Row]:
    if source in TEACHERS:
        stream = _taught(source, count, split, seed)
    else:
        assert folder is not None
        stream = (_gsm8k if source == "gsm8k" else _strategyqa)(folder, split)
    found: list[Row] = []
    for row in stream:
        if len(row.question) <= LONGEST and not read_plan(row.plan, row.question).faults:
            found.append(row)
        if len(found) == count:
            break
    return found


def _taught(family: str, count: int, split: Split, seed: int) -> Iterator[Row]:
    for item in stream_of(family, 4 * count, split, seed, EASIER[family]):
        plan = teach(item)
        if plan:
            yield row_of(item, plan)


def row_of(item: Item, plan: str) -> Row:
    """A row from a question of a family."""
    return Row(item.family, item.question, item.answer, plan)


def _mine(number: int, split: Split) -> bool:
    """Every tenth problem of a file is for validation."""
    return (number % 10 == 0) == (split == "validation")


def _gsm8k(folder: Path, split: Split) -> Iterator[Row]:
    file = folder / "gsm8k_train.jsonl"
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        if _mine(number, split):
            problem = _problem(json.loads(line), f"{file}:{number + 1}")
            solution, _, answer = str(problem.answer).partition("####")
            plan = plan_of(problem.question, solution, answer.strip())
            if plan:
                yield Row("gsm8k", problem.question, answer.strip(), plan)


def _strategyqa(folder: Path, split: Split) -> Iterator[Row]:
    file = folder / "strategyqa_dev.json"
    for number, data in enumerate(json.loads(file.read_text(encoding="utf-8"))):
        if _mine(number, split):
            problem = _problem(data, f"{file}: number {number}")
            plan = "\n".join(f"ask {' '.join(step.split())}" for step in problem.decomposition)
            yield Row("strategyqa", problem.question, "Yes" if problem.answer else "No", plan)


def _problem(data: object, where: str) -> _Problem:
    try:
        return _Problem.model_validate(data)
    except ValidationError as error:
        raise ValueError(f"{where}: {error.errors()[0]['msg']}") from None


def as_examples(made: list[Row], seed: int = 0) -> list[TextExample]:
    """Rows as the decomposer is shown them: a wrong attempt at each, or none."""
    dice = random.Random(seed)
    return [
        TextExample(
            tuple(trained_turns(row.question, None if dice.random() < NO_ATTEMPT else slip(row.answer, dice))),
            labelled(row.plan),
        )
        for row in made
    ]
