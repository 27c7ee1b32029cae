"""The measurements: loading, point queries, search, and a step of inference after one new fact."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.bench import contents
from brigade.knowledge.inference.deriving import Inference
from brigade.knowledge.inference.engine import Limits
from brigade.knowledge.loading import load
from brigade.knowledge.retrieval import dense, pgvector
from brigade.knowledge.retrieval.search import Search
from brigade.knowledge.values import Entity
from pydantic import TypeAdapter

Progress = Callable[[str, int, int], None]
INFERRED = 100_000
"""Facts beyond which inference is not measured: it is done in memory, and 100,000 is what is asked of it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Times in milliseconds: by the clock, and of this process on a processor."""

    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} ({self.cpu_p50:.2f})"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one base of one size came to."""

    engine: str
    facts: int
    lessons: int
    load_s: float
    load_cpu_s: float
    megabytes: float | None
    point_ms: Spread
    search_ms: Spread
    lessons_ms: Spread
    add_ms: Spread
    """Telling one fact, with its commit."""
    infer_all_s: float | None
    derived: int | None
    step_ms: Spread | None
    """What follows from one new fact, from reading the change to the commit of what follows."""
    vectors: str | None = None
    """Where search by meaning looked: in memory, or in pgvector's index."""
    index_s: float | None = None
    """Making the vectors of all lessons and their index."""
    meaning_ms: Spread | None = None
    """Fused search that goes by meaning, too, with the vector of its question."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def read_figures(file: Path) -> list[Figures]:
    """The figures of an earlier benchmark.

    Raises:
        ValueError: the file holds none.
        OSError: it cannot be read.
    """
    try:
        return TypeAdapter(list[Figures]).validate_python(json.loads(file.read_text(encoding="utf-8"))["figures"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{file}: no figures of `brigade bench know --json`: {' '.join(str(error).split())}") from None


def measure(
    where: str,
    count: int,
    *,
    rounds: int = 200,
    seed: int = 0,
    encoder: dense.Encoder | None = None,
    progress: Progress = lambda *_: None,
) -> Figures:
    """Fill an empty base with facts and a tenth as many lessons, and measure it.

    Args:
        where: the base's file or URL.
        count: facts.
        rounds: queries of each kind.
        seed: of the contents and the queries.
        encoder: measures search by meaning, too.
        progress: hears what is being done.
    """
    with KnowledgeBase(where) as base:
        base.declare("described_as", single=True)
        began, began_cpu = time.perf_counter(), time.process_time()
        load(
            base,
            "bench",
            contents.records(count, seed),
            progress=lambda _, done, __: progress("load", done, count * 11 // 10),
        )
        loaded, loaded_cpu = time.perf_counter() - began, time.process_time() - began_cpu
        base.tidy()
        search, draw = Search(base), random.Random(seed)
        asked = list(contents.questions(count, rounds))
        entities = max(10, count // 10)
        points = spread(lambda _: base.find(contents.name(draw.randrange(entities)), "amount"), rounds)
        fused = spread(lambda number: search.search(asked[number]), rounds)
        only = spread(lambda number: search.lessons(asked[number]), rounds)
        meaning = _by_meaning(base, encoder, asked, progress) if encoder is not None else (None, None, None)
        inferred = _infer(base, count, min(rounds, 50), draw, progress) if count <= INFERRED else (None, None, None)
        added = spread(lambda number: base.add_fact(f"new {number}", "amount", number), min(rounds, 50))
        counts = base.count()
        return Figures(
            "SQLite" if base.database.sqlite else "PostgreSQL", counts["fact"] - (inferred[1] or 0), counts["lesson"],
            loaded, loaded_cpu, base.megabytes(), points, fused, only, added, *inferred, *meaning,
        )  # fmt: skip


def _by_meaning(
    base: KnowledgeBase, encoder: dense.Encoder, asked: Sequence[str], progress: Progress
) -> tuple[str, float, Spread]:
    began = time.perf_counter()
    dense.index(base, encoder, progress)
    encoder = encoder.encoder if isinstance(encoder, dense.Remembering) else encoder  # questions are new ones
    made = time.perf_counter() - began
    with base.database.reading() as connection:
        where = "pgvector" if pgvector.present(connection) else "memory"
    search = Search(base, encoder)
    search.search(asked[0])  # the vectors are read once
    return where, made, spread(lambda number: search.search(asked[number]), len(asked))


def _infer(
    base: KnowledgeBase, count: int, rounds: int, draw: random.Random, progress: Progress
) -> tuple[float, int, Spread]:
    for name, text in contents.rules():
        base.add_rule(name, text)
    inference = Inference(base, Limits(seconds=3600.0))  # a busy machine is slow, and no rule here is without end
    progress("infer", 0, 1)
    report = inference.infer()
    entities = max(10, count // 10)

    def change(_: int) -> None:
        one, other = (contents.name(draw.randrange(entities)) for _ in range(2))
        base.add_fact(one, f"relation_{draw.randrange(20)}", Entity(other))

    steps = spread(lambda _: inference.infer(), rounds, before=change)
    progress("infer", 1, 1)
    return report.seconds, inference.infer().derived, steps


def spread(do: Callable[[int], object], rounds: int, before: Callable[[int], None] = lambda _: None) -> Spread:
    """How long something takes, in the middle and for the slowest twentieth."""
    pairs = list(_times(do, rounds, before))
    clock, cpu = (sorted(times) for times in zip(*pairs, strict=True))
    middle, late = rounds // 2, min(rounds - 1, int(rounds * 0.95))
    return Spread(clock[middle] * 1000, clock[late] * 1000, cpu[middle] * 1000, cpu[late] * 1000)


def _times(do: Callable[[int], object], rounds: int, before: Callable[[int], None]) -> Iterator[tuple[float, float]]:
    for number in range(rounds):
        before(number)
        began, began_cpu = time.perf_counter(), time.process_time()
        do(number)
        yield time.perf_counter() - began, time.process_time() - began_cpu
