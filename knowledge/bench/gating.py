"""Fitting the gate of retrieval, and what it is worth on topics that it was not fitted on.

A base knows the lessons of half of some topics, among others that are about nothing here; some lessons have won before,
some have lost. Every question is asked: where the lesson that comes first is the question's own and has not lost, it is
right to use it, else it is right not to. Which topics are known, and with what history, is drawn several times.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.bench import contents
from brigade.knowledge.bench.labelled import Topic, halves, questions
from brigade.knowledge.loading import load
from brigade.knowledge.records import Lesson, Record
from brigade.knowledge.retrieval import dense
from brigade.knowledge.retrieval.gate import HAND, Features, Gate, features_of
from brigade.knowledge.retrieval.search import Search

DRAWS = 6
BESIDE = 200
"""Lessons about nothing that is asked."""
_TRIED = 6
"""Uses that made a difference, of lessons with a history."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as a gate sees it."""

    topic: str
    features: Features
    helps: bool
    """Whether it is right to use the lesson that comes first."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a way to decide is right, on topics that nothing was fitted on."""

    way: str
    right: int
    count: int
    low: float
    high: float
    """95 % interval: bootstrap over topics, since questions of one topic are alike."""
    used: int
    """Questions for which lessons were used."""
    gain: float
    """Share by which it is more often right than the gate set by hand."""
    gain_low: float
    gain_high: float

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"accuracy": self.right / self.count}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A gate, and how it and others did on held-out topics."""

    gate: Gate
    trained_on: int
    shares: tuple[Accuracy, ...]


def fit(seed: int = 0, encoder: dense.Encoder | None = None, progress: Progress = lambda *_: None) -> Fitted:
    """Fit a gate on half of the topics and judge it on the other half, then the other way round.

    The gate that is given back is fitted on all topics; the accuracies are of gates that had not seen the topic.
    """
    one, other = halves(seed)
    first, second = cases(one, seed, encoder, progress), cases(other, seed + 1, encoder, progress)
    held = [(_fitted(second), first), (_fitted(first), second)]
    every = [*first, *second]
    ways: list[tuple[str, list[tuple[Case, bool]]]] = [
        ("fitted", [(case, gate.probability(case.features) >= gate.threshold) for gate, some in held for case in some]),
        ("set by hand", [(case, HAND.probability(case.features) >= HAND.threshold) for case in every]),
        ("always", [(case, True) for case in every]),
        ("never", [(case, False) for case in every]),
    ]
    return Fitted(
        _fitted(every), len(every), tuple(_accuracy(name, decided, ways[1][1], seed) for name, decided in ways)
    )


def _fitted(some: Sequence[Case]) -> Gate:
    return Gate.fit([(case.features, case.helps) for case in some])


def cases(some: Sequence[Topic], seed: int, encoder: dense.Encoder | None, progress: Progress) -> list[Case]:
    """The cases of some topics, drawn several times; each topic is known in half of the draws."""
    found: list[Case] = []
    named = [topic for topic in some if topic.lesson is not None]
    draw = random.Random(seed)
    for number in range(DRAWS):
        if number % 2 == 0:
            draw.shuffle(named)
        known = named[: len(named) // 2] if number % 2 == 0 else named[len(named) // 2 :]
        with tempfile.TemporaryDirectory(prefix="brigade-gate-") as folder, KnowledgeBase(f"{folder}/k.db") as base:
            found += _cases(base, some, known, draw, encoder)
        progress("draws", number + 1, DRAWS)
    return found


def _cases(
    base: KnowledgeBase,
    some: Sequence[Topic],
    known: Sequence[Topic],
    draw: random.Random,
    encoder: dense.Encoder | None,
) -> list[Case]:
    told: list[Record] = [topic.lesson for topic in known if topic.lesson is not None]
    load(base, "lessons", [*told, *contents.lessons(BESIDE)])
    lost = {lesson.name for lesson in base.lessons() if lesson.name in {each.name for each in known}}
    lost = {name for name in sorted(lost) if _with_history(base, name, draw)}
    if encoder is not None:
        dense.index(base, encoder)
    search = Search(base, encoder)
    found = []
    for asked in questions(some, draw.randrange(10**6)):
        hits = search.search(asked.text, limit=2, kind="lessons")
        best = hits[0].record if hits else None
        helps = isinstance(best, Lesson) and best.name == asked.topic and best.name not in lost
        found.append(Case(asked.topic or "other", features_of(base, asked.text, hits), helps))
    return found


def _with_history(base: KnowledgeBase, name: str, draw: random.Random) -> bool:
    """Give a lesson a past: half have none, a quarter has won, a quarter has lost; whether it has lost."""
    lesson, kind = base.lesson(name), draw.randrange(4)
    assert lesson is not None
    if kind >= 2:
        won = kind == 2
        base.record_use(lesson, uses=_TRIED, wins=_TRIED * won, losses=_TRIED * (not won))
    return kind == 3


def _accuracy(
    way: str, decided: Sequence[tuple[Case, bool]], by_hand: Sequence[tuple[Case, bool]], seed: int
) -> Accuracy:
    by_topic: dict[str, list[tuple[bool, bool]]] = {}
    hand = {id(case): case.helps == used for case, used in by_hand}
    for case, used in decided:
        by_topic.setdefault(case.topic, []).append((case.helps == used, hand[id(case)]))
    draw, groups = random.Random(seed), list(by_topic.values())
    drawn = [_shares(draw.choices(groups, k=len(groups))) for _ in range(2000)]
    low, high = _middle([own for own, _ in drawn])
    gain_low, gain_high = _middle([own - other for own, other in drawn])
    own, other = _shares(groups)
    right = round(own * len(decided))
    times = sum(used for _, used in decided)
    return Accuracy(way, right, len(decided), low, high, times, own - other, gain_low, gain_high)


def _shares(groups: Sequence[Sequence[tuple[bool, bool]]]) -> tuple[float, float]:
    """How often right, and how often the gate set by hand is."""
    every = [pair for group in groups for pair in group]
    return sum(one for one, _ in every) / len(every), sum(other for _, other in every) / len(every)


def _middle(values: list[float]) -> tuple[float, float]:
    """The bounds of 95 of 100 values."""
    values.sort()
    return values[len(values) // 40], values[-1 - len(values) // 40]


@dataclass(frozen=True, slots=True)
class Recall:
    """How often a question's own lesson is among those that are found."""

    way: str
    at: int
    found: int
    count: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"recall": self.found / self.count}


def recall(
    encoder: dense.Encoder | None, beside: int = 2000, at: Sequence[int] = (1, 5), seed: int = 0
) -> list[Recall]:
    """Whether paraphrased questions find their lesson among many, by words, and by meaning too.

    Args:
        encoder: for meaning; None: only by words and tags.
        beside: lessons about nothing that is asked.
        at: how many of those found count.
        seed: of numbers, names and the other lessons.
    """
    every = [topic for topic in halves(seed)[0] + halves(seed)[1] if topic.lesson is not None]
    told: list[Record] = [topic.lesson for topic in every if topic.lesson is not None]
    made: list[Recall] = []
    with tempfile.TemporaryDirectory(prefix="brigade-recall-") as folder, KnowledgeBase(Path(folder) / "k.db") as base:
        load(base, "lessons", [*told, *contents.lessons(beside, seed)])
        ways: list[tuple[str, dense.Encoder | None]] = [("words and tags", None)]
        if encoder is not None:
            dense.index(base, encoder)
            ways.append(("words, tags and meaning", encoder))
        asked = questions(every, seed)
        for way, by in ways:
            search = Search(base, by)
            names = [[lesson.name for lesson in search.lessons(each.text, limit=max(at))] for each in asked]
            for most in at:
                found = sum(each.topic in some[:most] for each, some in zip(asked, names, strict=True))
                made.append(Recall(way, most, found, len(asked)))
    return made
