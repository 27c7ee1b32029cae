"""Questions of which is known what lesson helps: for how well lessons are found, and for fitting and judging the gate.

Two dozen topics, a lesson each, with questions that say the same in other words; and questions that no lesson is about.
Numbers and names in them are drawn from a seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from brigade.knowledge.records import Lesson

OTHER = "other"
_NAMES = ("Ada", "Ben", "Chiara", "Dmitri", "Esra", "Farah", "Goran", "Hana")
_PARTS = {"when": "trigger", "do": "summary", "tag": "tags"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A lesson, and questions that it helps with."""

    name: str
    lesson: Lesson | None
    """None: the questions that no lesson is about."""
    templates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the topic whose lesson helps; None: none does."""

    text: str
    topic: str | None


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of the file."""
    text = (resources.files("brigade.knowledge.bench") / "topics.txt").read_text(encoding="utf-8")
    return tuple(_topic(block.splitlines()) for block in text.strip().split("\n\n"))


def _topic(lines: Sequence[str]) -> Topic:
    name = lines[0].removeprefix("topic ")
    parts: dict[str, list[str]] = {key: [] for key in ("when", "do", "tag", "?")}
    for line in lines[1:]:
        key, _, rest = line.partition(" ")
        parts[key].append(rest)
    lesson = Lesson(
        name=name, task=name, trigger=" ".join(parts["when"]), summary=tuple(parts["do"]), tags=tuple(parts["tag"]),
        author="model:bench", confidence=0.8,
    )  # fmt: skip
    return Topic(name, None if name == OTHER else lesson, tuple(parts["?"]))


def questions(some: Iterable[Topic], seed: int = 0) -> list[Asked]:
    """Every question of some topics, with numbers and names from a seed."""
    draw = random.Random(seed)
    return [
        Asked(_filled(template, draw), topic.name if topic.lesson is not None else None)
        for topic in some
        for template in topic.templates
    ]


def _filled(template: str, draw: random.Random) -> str:
    values = {
        "n": str(draw.randrange(11, 96)),
        "m": str(draw.randrange(3, 10)),
        "year": str(draw.randrange(1900, 2100)),
        "name": draw.choice(_NAMES),
    }
    return re.sub(r"\{(\w+)\}", lambda found: values[found.group(1)], template)


def halves(seed: int = 0) -> tuple[list[Topic], list[Topic]]:
    """Two halves of the topics without a topic in common, each with half of the questions that no lesson is about."""
    *own, other = topics()
    mixed = list(own)
    random.Random(seed).shuffle(mixed)
    middle, cut = len(mixed) // 2, len(other.templates) // 2
    return (
        [*mixed[:middle], Topic(OTHER, None, other.templates[:cut])],
        [*mixed[middle:], Topic(OTHER, None, other.templates[cut:])],
    )
