"""Best-of-k rejection sampling: plans are drawn, those with which the solver comes to the right answer are learned.

Each question gives at most one row, the best rewarded plan; questions that the first draw already solves at once in
every sample teach nothing new and are kept only now and then. Drawing is done by the served int8 weights, in batches.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from brigade.agents.models import ModelError, SamplingModel, load_model
from brigade.agents.reasoning.decomposer.families import Item
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


@dataclass(frozen=True)
class Drawn:
    """Plans for a question, each with what it earned."""

    item: Item
    plans: tuple[tuple[str, Reward], ...]

    @property
    def solved(self) -> float:
        """Share of the plans with which the right answer was reached."""
        return sum(reward.solved for _, reward in self.plans) / len(self.plans)


def draw(
    adapter: Path,
    practice: Practice,
    *,
    count: int,
    temperature: float,
    progress: Progress | None = None,
    what: str = "drawing plans",
) -> Iterator[Drawn]:
    """So many plans for each question, by the served adapter.

    Raises:
        ModelError: the adapter cannot be served, or does not draw samples.
    """
    model = load_model(f"embedded:{adapter}")
    if not isinstance(model, SamplingModel):
        raise ModelError(f"{model.name} cannot draw samples")
    judge = Judge(practice.solver)
    for start in range(0, len(practice.items), AT_ONCE):
        items = practice.items[start : start + AT_ONCE]
        prompts = [trained_turns(item.question, judge.attempt(item.question).answer) for item in items]
        drawn = model.samples(prompts, count=count, max_tokens=PLAN_TOKENS, temperature=temperature)
        for item, plans in zip(items, drawn, strict=True):
            texts = [plan.text for plan in plans]
            yield Drawn(item, tuple((text, judge.judge(item.question, text, item.score)) for text in texts))
        if progress is not None:
            progress(what, min(start + AT_ONCE, len(practice.items)), len(practice.items))


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
        ModelError: see draw.
    """
    dice = random.Random(seed)
    rows: list[Row] = []
    solved = reached = 0.0
    for drawn in draw(adapter, practice, count=count, temperature=temperature, progress=progress):
        right = [pair for pair in drawn.plans if helpful(pair[1])]
        solved += drawn.solved
        reached += bool(right)
        if right and (drawn.solved < 1 or dice.random() < EASY_KEPT):
            best = max(right, key=lambda pair: (pair[1].total, -len(pair[0])))[0]
            rows.append(Row(drawn.item.family, drawn.item.question, drawn.item.answer, best))
    total = len(practice.items)
    return Harvest(tuple(rows), total, total * count, solved / total, reached / total)


def helpful(reward: Reward) -> bool:
    """Whether a plan solves its question, computes nothing itself, and uses all of itself."""
    return reward.solved and all(reward.terms.get(name, 1.0) == 1.0 for name in ("uncomputed", "order"))


def undecided(
    adapter: Path, practice: Practice, *, count: int, temperature: float, progress: Progress | None = None
) -> Practice:
    """The questions that some drawn plans solve and others do not: all others teach a group of plans nothing.

    Source: the dynamic sampling of DAPO (Yu et al., 2025), here once and before training.

    Raises:
        ModelError: see draw.
    """
    what = "looking for questions that teach"
    drawn = draw(adapter, practice, count=count, temperature=temperature, progress=progress, what=what)
    return replace(practice, items=tuple(each.item for each in drawn if 0 < each.solved < 1))


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
        ModelError: see draw.
    """
    alone = planned = refused = 0
    judge = Judge(practice.solver)
    for drawn in draw(adapter, practice, count=1, temperature=COLD, progress=progress, what="validating"):
        reward = drawn.plans[0][1]
        before = drawn.item.score(judge.attempt(drawn.item.question).answer)
        alone += before
        planned += before + reward.gain > 0
        refused += reward.refused
    count = len(practice.items)
    return Solved(alone / count, planned / count, refused / count, count)


def rewards_of(judge: Judge, texts: Sequence[str], practice: Practice, questions: Sequence[str]) -> list[Reward]:
    """The rewards of plans, each for its question."""
    return [
        judge.judge(question, text, practice.item(question).score)
        for question, text in zip(questions, texts, strict=True)
    ]
