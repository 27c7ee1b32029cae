"""Best-of-k rejection sampling: plans are drawn, those with which the solver comes to the right answer are learned.

Each question gives at most one row, the best rewarded plan; questions that the first draw already solves at once in
every sample teach nothing new and are kept only now and then. Drawing is done by the served int8 weights, in batches.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from brigade.agents.models import ModelError, SamplingModel, load_model
from brigade.agents.reasoning.decomposer.prompting import trained_turns
from brigade.agents.reasoning.decomposer.proposing import PLAN_TOKENS
from brigade.agents.training.decomposer.data import Row
from brigade.agents.training.decomposer.practice import Practice
from brigade.agents.training.decomposer.rewards import Judge, Reward

Progress = Callable[[str, int, int], None]
AT_ONCE = 8
"""Questions that plans are drawn for in one batch."""
EASY_KEPT = 0.25
COLD = 0.01
"""A temperature at which the likeliest plan is drawn."""


@dataclass(frozen=True)
class Harvest:
    """What came of drawing."""

    rows: tuple[Row, ...]
    questions: int
    drawn: int
    solved: float
    """Share of drawn plans with which the right answer was reached."""
    reached: float
    """Share of questions for which at least one plan did."""


def harvest(
    adapter: Path,
    practice: Practice,
    *,
    count: int,
    temperature: float,
    seed: int = 0,
    progress: Progress | None = None,
) -> Harvest:
    """Draw plans with an adapter and keep the best ones that lead to the right answer.

    Raises:
        ModelError: the adapter cannot be served, or does not draw samples.
    """
    model = load_model(f"embedded:{adapter}")
    if not isinstance(model, SamplingModel):
        raise ModelError(f"{model.name} cannot draw samples")
    judge, dice = Judge(practice.solver), random.Random(seed)
    rows: list[Row] = []
    solved = reached = 0
    for start in range(0, len(practice.items), AT_ONCE):
        items = practice.items[start : start + AT_ONCE]
        prompts = [trained_turns(item.question, judge.attempt(item.question).answer) for item in items]
        drawn = model.samples(prompts, count=count, max_tokens=PLAN_TOKENS, temperature=temperature)
        for item, plans in zip(items, drawn, strict=True):
            judged = [(plan.text, judge.judge(item.question, plan.text, item.score)) for plan in plans]
            right = [pair for pair in judged if helpful(pair[1])]
            solved += len(right)
            reached += bool(right)
            if right and (len(right) < len(judged) or dice.random() < EASY_KEPT):
                best = max(right, key=lambda pair: (pair[1].total, -len(pair[0])))[0]
                rows.append(Row(item.family, item.question, item.answer, best))
        if progress is not None:
            progress("drawing plans", min(start + AT_ONCE, len(practice.items)), len(practice.items))
    total = len(practice.items)
    return Harvest(tuple(rows), total, total * count, solved / (total * count), reached / total)


def helpful(reward: Reward) -> bool:
    """Whether a plan can be carried out, computes nothing itself, uses all of itself, and turned wrong into right."""
    return not reward.refused and reward.gain > 0 and reward.terms.get("uncomputed", 1.0) == 1.0


@dataclass(frozen=True, slots=True)
class Solved:
    """How many questions were solved."""

    alone: float
    """Share that the solver gets right by itself."""
    planned: float
    """Share right with the likeliest plans; where one cannot be carried out, the first attempt counts."""
    refused: float
    """Share of plans that could not be carried out."""
    count: int


def share_solved(adapter: Path, practice: Practice, progress: Progress | None = None) -> Solved:
    """What an adapter is chosen by: right answers with its likeliest plans.

    Raises:
        ModelError: the adapter cannot be served, or does not draw samples.
    """
    model = load_model(f"embedded:{adapter}")
    if not isinstance(model, SamplingModel):
        raise ModelError(f"{model.name} cannot draw samples")
    judge = Judge(practice.solver)
    alone = planned = refused = 0
    for start in range(0, len(practice.items), AT_ONCE):
        items = practice.items[start : start + AT_ONCE]
        firsts = [judge.attempt(item.question).answer for item in items]
        prompts = [trained_turns(item.question, first) for item, first in zip(items, firsts, strict=True)]
        drawn = model.samples(prompts, count=1, max_tokens=PLAN_TOKENS, temperature=COLD)
        for item, first, plans in zip(items, firsts, drawn, strict=True):
            reward = judge.judge(item.question, plans[0].text, item.score)
            before = item.score(first)
            alone += before
            planned += before + reward.gain > 0
            refused += reward.refused
        if progress is not None:
            progress("validating", min(start + AT_ONCE, len(practice.items)), len(practice.items))
    count = len(practice.items)
    return Solved(alone / count, planned / count, refused / count, count)


def rewards_of(judge: Judge, texts: Sequence[str], practice: Practice, questions: Sequence[str]) -> list[Reward]:
    """The rewards of plans, each for its question."""
    return [
        judge.judge(question, text, practice.item(question).score)
        for question, text in zip(questions, texts, strict=True)
    ]
