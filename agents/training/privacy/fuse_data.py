"""Texts for the gate of logit fusion: tasks, made-up profiles, and what a writer who knows the profile says.

Training and test draw different combinations of values, but the same tasks: what the gate reads are probabilities,
not words, so it cannot learn a text by heart.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from brigade.agents.models import Message, OpenModel
from brigade.agents.training.privacy.fit_fuse import Step, step_of
from brigade.agents.training.privacy.tagged import phrases


@dataclass(frozen=True, slots=True)
class Task:
    """Something to write, with and without its private context."""

    private: tuple[Message, ...]
    public: tuple[Message, ...]
    text: str


def tasks(count: int, seed: int) -> list[Task]:
    """Tasks with their private profiles and reference texts."""
    chance = random.Random(seed)
    return [_task(chance) for _ in range(count)]


def _task(chance: random.Random) -> Task:
    data = phrases()
    slots = {name: chance.choice(values) for name, values in data["fuse"]["slots"].items()}
    one = chance.choice(data["fuse"]["tasks"])
    profile = "\n".join(f"- {name}: {value}" for name, value in slots.items())
    system = Message("system", f"You are the user's personal assistant. What you know about the user:\n{profile}")
    asked = Message("user", one["ask"].format(**slots))
    return Task((system, asked), (asked,), one["text"].format(**slots))


def steps(local: OpenModel, other: OpenModel, some: list[Task], *, most: int = 60) -> list[Step]:
    """What the gate learns from: every token of the reference texts, teacher-forced."""
    found = []
    for task in some:
        ids = local.token_ids(task.text)[:most]
        for at, token in enumerate(ids):
            prefix = local.spell(ids[:at])
            mine = local.next_token_logprobs(task.private, prefix)
            found.append(step_of(mine, other.next_token_logprobs(task.public, prefix), token))
    return found
