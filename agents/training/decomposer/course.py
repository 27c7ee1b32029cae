"""The stages in order: supervised start, rejection sampling, policy gradient, and which adapter ships.

Each stage begins with the adapter of the one before and leaves its own in `out/STAGE`. The one that ships is the one
that solves most validation questions; a later stage that is no better does not replace an earlier one.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brigade.agents.models import ModelError
from brigade.agents.models.weights import embedded_source
from brigade.agents.training.curves import plot_rewards
from brigade.agents.training.decomposer.data import Row, as_examples
from brigade.agents.training.decomposer.gradient import Gradient, train, write_course
from brigade.agents.training.decomposer.practice import practice
from brigade.agents.training.decomposer.sampling import harvest, share_solved, undecided
from brigade.agents.training.decomposer.supervised import FACTS, Data, fit, make_data
from brigade.agents.training.lora import OnStep, Recipe, export, fine_tune, ship, write_facts, write_report

STAGES = ("supervised", "sampling", "gradient")
"""In order; `test` chooses and measures."""
ADAPTER = "adapter"
CHOICE = "choice.json"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How plans are drawn and learned."""

    questions: int = 30
    """Of each family."""
    count: int = 6
    temperature: float = 0.8
    rehearsed: float = 0.5
    """Supervised rows that are mixed in, for each drawn one."""
    epochs: float = 1.0
    learning_rate: float = 3e-4


@dataclass(frozen=True)
class Plan:
    """What to do, where."""

    out: Path
    target: Path
    data: Data
    recipe: Recipe
    sampling: Sampling
    gradient: Gradient
    device: str = "auto"
    resume: bool = True
    start: Path | None = None
    """An adapter that the first stage goes on with."""


def recipe_of(rank: int, top_layers: int, batch: int, epochs: float, seed: int) -> Recipe:
    """How the supervised start learns: few validations, since each costs as much as a dozen steps."""
    return Recipe(
        rank=rank, alpha=2 * rank, epochs=epochs, batch_size=batch, seed=seed, top_layers=top_layers, evaluations=3
    )


def adapter_of(out: Path, stage: str) -> Path:
    """Where a stage leaves its adapter."""
    return out / stage / ADAPTER


def before(out: Path, stage: str) -> Path:
    """The adapter that a stage begins with: the latest of the stages before it.

    Raises:
        ValueError: there is none.
    """
    for earlier in reversed(STAGES[: STAGES.index(stage)]):
        if (adapter_of(out, earlier) / "adapter_config.json").is_file():
            return adapter_of(out, earlier)
    raise ValueError(f"{out} holds no adapter to begin with: run `brigade train decomposer --stage supervised` first")


def supervised(plan: Plan, on_step: OnStep | None = None) -> None:
    """The first stage."""
    fit(
        plan.out, adapter_of(plan.out, "supervised"), plan.data, plan.recipe,
        device=plan.device, resume=plan.resume, on_step=on_step, start=plan.start,
    )  # fmt: skip


def sampling(plan: Plan, progress: Progress, on_step: OnStep | None = None) -> None:
    """The second stage: draw, keep what is right, learn it."""
    start, habits, folder = before(plan.out, "sampling"), plan.sampling, plan.out / "sampling"
    drawn = harvest(
        start, practice(habits.questions, seed=plan.data.seed), count=habits.count, temperature=habits.temperature,
        seed=plan.data.seed, progress=progress,
    )  # fmt: skip
    if not drawn.rows:
        raise ModelError("no drawn plan led to a right answer: train the supervised start longer")
    taught, validation = make_data(plan.out, plan.data, resume=plan.resume)
    rows: list[Row] = [*drawn.rows, *taught[: round(habits.rehearsed * len(drawn.rows))]]
    recipe = Recipe(
        rank=plan.recipe.rank, alpha=plan.recipe.alpha, learning_rate=habits.learning_rate, epochs=habits.epochs,
        batch_size=plan.recipe.batch_size, top_layers=plan.recipe.top_layers, evaluations=2,
    )  # fmt: skip
    report = fine_tune(
        embedded_source(), as_examples(rows, 1), as_examples(validation, 1), folder / "fit", recipe,
        device=plan.device, resume=plan.resume, on_step=on_step, start=start,
    )  # fmt: skip
    ship(folder / "fit", adapter_of(plan.out, "sampling"), embedded_source().label, FACTS)
    facts = {"kept": len(drawn.rows), "drawn": drawn.drawn, "solved": drawn.solved, "reached": drawn.reached}
    write_report(folder / "report.json", report, recipe, **facts)


def gradient(plan: Plan, progress: Progress, on_step: OnStep | None = None) -> None:
    """The third stage: look for questions that teach, then practise with them.

    Raises:
        ModelError: there are too few.
    """
    start, folder, habits = before(plan.out, "gradient"), plan.out / "gradient", plan.gradient
    looked = practice(habits.pool, seed=plan.data.seed + 5000)
    taken = undecided(start, looked, count=habits.group, temperature=habits.temperature, progress=progress)
    if len(taken.items) < habits.questions:
        raise ModelError(
            f"{len(taken.items)} of {len(looked.items)} questions are solved by some plans and not by others, too few "
            f"for policy gradient: look through more with --pool"
        )
    course = train(start, taken, folder, habits, device=plan.device, resume=plan.resume, on_step=on_step)
    target = adapter_of(plan.out, "gradient")
    export(folder / "policy", target, embedded_source().label)
    write_facts(target, FACTS)
    families = dict(Counter(item.family for item in taken.items).most_common())
    write_course(folder / "report.json", course, habits, start=start.parent.name, families=families)
    plot_rewards(course.rewards, folder / "rewards.png")


def choose(plan: Plan, each: int, progress: Progress) -> Mapping[str, Any]:
    """Measure every stage's adapter on validation questions and ship the best, with its curves.

    Raises:
        ValueError: there is no adapter.
        ModelError: one cannot be served.
    """
    there = [stage for stage in STAGES if (adapter_of(plan.out, stage) / "adapter_config.json").is_file()]
    if not there:
        raise ValueError(f"{plan.out} holds no trained adapter")
    questions = practice(each, "validation", plan.data.seed)
    solved = {stage: share_solved(adapter_of(plan.out, stage), questions, progress) for stage in there}
    best = max(there, key=lambda stage: solved[stage].planned)  # the earliest of equals
    plan.target.mkdir(parents=True, exist_ok=True)
    for file in adapter_of(plan.out, best).iterdir():
        shutil.copy(file, plan.target / file.name)
    curves = {
        "losses.png": plan.out / "supervised" / "losses.png",
        "rewards.png": plan.out / "gradient" / "rewards.png",
    }
    for name, file in curves.items():
        if file.is_file():
            shutil.copy(file, plan.target / name)
    choice = {"solved": {stage: asdict(each) for stage, each in solved.items()}, "shipped": best}
    (plan.out / CHOICE).write_text(json.dumps(choice, indent=2) + "\n", encoding="utf-8")
    return choice
