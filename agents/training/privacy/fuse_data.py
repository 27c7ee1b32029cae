"""Texts for logit fusion and the routes: tasks, made-up profiles, what a good writer says with and without them.

Training and test have different tasks and draw their profiles anew.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from brigade.agents.models import Message, OpenModel
from brigade.agents.privacy.decoding import Logs
from brigade.agents.training.privacy.fit_fuse import Step, step_of
from brigade.agents.training.privacy.tagged import phrases


@dataclass(frozen=True, slots=True)
class Task:
    """Something to write, with and without its private context."""

    profile: tuple[tuple[str, str], ...]
    """The private facts, each with its key."""
    instruction: str
    text: str
    """What a writer says who knows the profile."""
    plain: str
    """What a writer says who does not."""

    @property
    def public(self) -> tuple[Message, ...]:
        """What a model without the context is told."""
        return (Message("user", self.instruction),)

    @property
    def private(self) -> tuple[Message, ...]:
        """What a model with the context is told."""
        facts = "\n".join(f"- {key}: {value}" for key, value in self.profile)
        system = f"You are the user's personal assistant. What you know about the user:\n{facts}"
        return (Message("system", system), *self.public)

    @property
    def used(self) -> tuple[str, ...]:
        """The private facts that the text uses."""
        return tuple(value for _, value in self.profile if value in self.text)


@runtime_checkable
class Forced(Protocol):
    """A model that reads a given answer in one pass, as the embedded one does."""

    def logprobs_along(self, messages: Sequence[Message], ids: Sequence[int]) -> Logs:
        """Log-probabilities before each token of an answer, shape (tokens, V)."""


def tasks(count: int, seed: int, *, test: bool = False) -> list[Task]:
    """Tasks with their private profiles and reference texts; those of the test are not trained on."""
    chance = random.Random(seed)
    return [_task(chance, at, "test_tasks" if test else "tasks") for at in range(count)]


def _task(chance: random.Random, at: int, kind: str) -> Task:
    data = phrases()["fuse"]
    slots = {name: chance.choice(values) for name, values in data["slots"].items()}
    one = data[kind][at % len(data[kind])]
    return Task(tuple(slots.items()), one["ask"], one["text"].format(**slots), one["plain"].format(**slots))


def steps(local: OpenModel, other: OpenModel, some: Sequence[Task], *, most: int = 60) -> list[list[Step]]:
    """What the gate learns from: every token of each reference text, teacher-forced."""
    found = []
    for task in some:
        ids = local.token_ids(task.text)[:most]
        told = zip(along(local, task.private, ids), along(other, task.public, ids), ids, strict=True)
        found.append([step_of(mine, theirs, token) for mine, theirs, token in told])
    return found


def along(model: OpenModel, messages: Sequence[Message], ids: Sequence[int]) -> Logs:
    """What a model tells before each token of an answer, shape (tokens, V)."""
    if isinstance(model, Forced):
        return model.logprobs_along(messages, ids)
    rows = [model.next_token_logprobs(messages, model.spell(ids[:at])) for at in range(len(ids))]
    return np.stack(rows).astype(np.float32)
