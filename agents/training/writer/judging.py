"""How often the writer's program is right: on learned families with new seeds, in other words, on families never seen.

Only what it wrote is judged: what a program asks for is answered rightly, whoever asks.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator import Answer, End, Lmulator, Query, Settings, Source
from brigade.agents.reasoning.lmulator.asking import Asker, Cost
from brigade.agents.reasoning.lmulator.bench.accuracy import Kept
from brigade.agents.reasoning.lmulator.bench.families import wilson
from brigade.agents.reasoning.lmulator.completing import completed
from brigade.agents.reasoning.lmulator.limits import Allowance
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.writing import ModelWriter, TrainedWriter
from brigade.agents.training.writer.asked import WAYS, asked
from brigade.agents.training.writer.data import Progress, is_right, reasoning_gym
from brigade.agents.training.writer.programs import HELD_OUT, MAKERS

Part = Literal["learned", "other words", "held out"]
MOST_TOKENS = 120
"""Of a program by a model that was not trained; the longest program that the trained one learned has 117."""


@dataclass(frozen=True, slots=True)
class Task:
    """A question and who judges the program for it."""

    question: str
    judge: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Test:
    """How the writer did on one family."""

    part: Part
    family: str
    right: int
    count: int
    length: float
    """Characters of a program, at the mean."""
    seconds: float
    """For a program, at the mean."""
    example: str
    """The first program that was wrong, or the first one."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        low, high = wilson(self.right, self.count)
        return {
            "part": self.part, "family": self.family, "right": self.right, "n": self.count,
            "share": self.right / self.count, "low": low, "high": high,
            "length": round(self.length), "seconds": round(self.seconds, 3), "example": self.example,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that writes, and how it is asked."""

    name: str
    model: LanguageModel
    trained: bool
    """One that was not trained to write is shown three examples."""

    def write(self, question: str) -> str:
        """Its program for a question; empty if it writes none."""
        asker = Asker(self.model, Allowance(), Cost())
        writer = TrainedWriter(asker) if self.trained else ModelWriter(asker, MOST_TOKENS)
        written = writer.write(question, Library())
        return completed(written.program) if written else ""


def judged(candidate: Candidate, size: int, seed: int, progress: Progress, kept: Kept | None = None) -> list[Test]:
    """All tests.

    Args:
        candidate: the writer.
        size: questions of each family.
        seed: of the questions; below 600 less the size, so that none was learned from.
        progress: told how far it is.
        kept: what was tested before.

    Raises:
        ValueError: reasoning-gym is not installed.
    """
    parts: list[tuple[Part, str, list[Task]]] = [("learned", family, _gym(family, size, seed)) for family in MAKERS]
    parts += [("other words", family, list(_own(family, size, seed))) for family in WAYS]
    parts += [("held out", family, _gym(family, size, seed)) for family in HELD_OUT]
    kept = kept or Kept()
    return [_test(candidate, part, family, tasks, progress, kept) for part, family, tasks in parts]


def together(tests: Sequence[Test]) -> list[Test]:
    """The tests of each part as one."""
    return [_sum(part, [test for test in tests if test.part == part]) for part in get_args(Part)]


def _sum(part: Part, tests: Sequence[Test]) -> Test:
    count = sum(test.count for test in tests)
    length = sum(test.length * test.count for test in tests) / count
    seconds = sum(test.seconds * test.count for test in tests) / count
    return Test(part, "all", sum(test.right for test in tests), count, length, seconds, "")


def _gym(family: str, size: int, seed: int) -> list[Task]:
    made = reasoning_gym().create_dataset(family, size=size, seed=seed)

    def judge(entry: Any) -> Callable[[str], bool]:
        return lambda program: is_right(program, made, entry)

    return [Task(entry["question"], judge(entry)) for entry in made]


def _own(family: str, size: int, seed: int) -> Iterator[Task]:
    for pair in asked(family, test=True, size=size, seed=seed):
        wanted = _ran(pair.program)
        yield Task(pair.question, partial(_comes_to, wanted))


def _comes_to(wanted: object, program: str) -> bool:
    return _ran(program) == wanted


def _ran(program: str) -> object:
    """What a program comes to where every stub has a value that depends on its arguments alone."""
    result = Lmulator(settings=Settings(traced=False), person=_something).run(completed(program))
    return result.answer if result.end is End.ANSWERED else (result.end, result.message)


def _something(query: Query) -> Answer | None:
    return Answer(sum(map(ord, str(query.args))) % 97, Source.PERSON) if query.args else None


def _test(candidate: Candidate, part: Part, family: str, tasks: Sequence[Task], progress: Progress, kept: Kept) -> Test:
    def tried(task: Task) -> Mapping[str, Any]:
        start = time.perf_counter()
        program = candidate.write(task.question)
        seconds = time.perf_counter() - start
        return {"program": program, "right": bool(program) and task.judge(program), "seconds": seconds}

    done = []
    for number, task in enumerate(tasks, 1):
        done.append(kept.have((candidate.name, part, family, task.question), partial(tried, task)))
        progress(f"{candidate.name}, {part}: {family}", number, len(tasks))
    wrong = next((index for index, each in enumerate(done) if not each["right"]), None)
    shown = wrong or 0
    asked = " ".join(tasks[shown].question.split())[-160:]
    example = f"# {'right' if wrong is None else 'wrong'}: {asked}\n{done[shown]['program']}"
    length = statistics.mean(len(each["program"]) for each in done)
    seconds = statistics.mean(each["seconds"] for each in done)
    return Test(part, family, sum(each["right"] for each in done), len(done), length, seconds, example)
