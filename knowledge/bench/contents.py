"""What the benchmark's bases hold: facts and lessons from a seed, with the skew of real ones."""

from __future__ import annotations

import random
from collections.abc import Iterator

from brigade.knowledge.records import Fact, Lesson, Record
from brigade.knowledge.values import Entity

_SOUNDS = [
    "ba",
    "ko",
    "ri",
    "tu",
    "me",
    "sal",
    "von",
    "lin",
    "gar",
    "pe",
    "zu",
    "dra",
    "fi",
    "hol",
    "nes",
    "quo",
    "wi",
    "xa",
]
_RELATIONS = [f"relation_{number}" for number in range(20)]
_TOPICS = ["percentages", "rounding", "plating", "fire", "orders", "fractions", "speed", "dates", "letters", "legs"]


def name(number: int) -> str:
    """A pronounceable name; each number has its own."""
    sounds = []
    number += len(_SOUNDS) ** 2
    while number:
        number, rest = divmod(number, len(_SOUNDS))
        sounds.append(_SOUNDS[rest])
    return "".join(sounds)


def facts(count: int, seed: int = 0) -> Iterator[Fact]:
    """Facts about a tenth as many entities: half relations, the rest numbers and texts."""
    draw = random.Random(seed)
    entities = max(10, count // 10)
    for number in range(count):
        subject = name(number % entities if number < entities else draw.randrange(entities))
        kind = draw.random()
        if kind < 0.5:
            other = min(int(draw.paretovariate(0.6)), entities) - 1  # a few are in very many facts
            yield Fact(subject=subject, predicate=draw.choice(_RELATIONS), object=Entity(name(other)), source="bench")
        elif kind < 0.8:
            yield Fact(subject=subject, predicate="amount", object=draw.randrange(1000), source="bench")
        else:
            said = f"{name(draw.randrange(entities))} and {name(draw.randrange(5000))} near the {draw.choice(_TOPICS)}"
            yield Fact(subject=subject, predicate="described_as", object=said, source="bench")


def lessons(count: int, seed: int = 0) -> Iterator[Lesson]:
    """Lessons about topics, each with some rare words."""
    draw = random.Random(seed + 1)
    for number in range(count):
        topic, rare = draw.choice(_TOPICS), [name(draw.randrange(max(100, count // 5))) for _ in range(4)]
        yield Lesson(
            name=f"lesson {number}", task=topic, trigger=f"A question about {topic} with {rare[0]} and {rare[1]}.",
            summary=(f"Work out the {rare[2]} first.", "Check the result against the question."),
            knowledge=(f"The {rare[3]} of {topic} is constant.",), tags=(topic, rare[0]), author="model:bench",
            confidence=0.8,
        )  # fmt: skip


def records(count: int, seed: int = 0) -> Iterator[Record]:
    """Facts, and a tenth as many lessons."""
    yield from facts(count, seed)
    yield from lessons(count // 10, seed)


def questions(count: int, amount: int, seed: int = 7) -> Iterator[str]:
    """Questions about what is there, in words of every rarity."""
    draw = random.Random(seed)
    entities = max(10, count // 10)
    for _ in range(amount):
        one, other = name(draw.randrange(entities)), name(draw.randrange(max(100, count // 50)))
        yield f"What is the amount of {one}, described as near the {draw.choice(_TOPICS)} with {other}?"


def rules(count: int = 50) -> list[tuple[str, str]]:
    """Rules that join, negate, compare, add up and build on each other."""
    made = []
    for number in range(count):
        one, other = _RELATIONS[number % 20], _RELATIONS[(number + 1) % 20]
        text = (
            f"far_{number}(?x, ?z) :- {one}(?x, ?y), {other}(?y, ?z), amount(?z, ?n), ?n > 990.",
            f"alone_{number}(?x, ?y) :- {one}(?x, ?y), amount(?x, ?n), ?n > 900, not {other}(?y, ?x).",
            f"large_{number}(?x) :- amount(?x, ?n), ?n > {900 + number}.",
            f"sum_{number}(?x, ?t) :- {one}(?x, ?y), amount(?x, ?n), amount(?y, ?m), ?t = ?n + ?m, ?t > 1950.",
            f"chosen_{number}(?x, ?y) :- far_{number - 4}(?x, ?y), large_{number - 2}(?x).",
        )[number % 5]
        made.append((f"rule {number}", text))
    return made
