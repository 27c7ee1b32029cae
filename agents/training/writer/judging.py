"""How often the writer's program is right: on learned families with new seeds, in other words, on families never seen.

Only what it wrote is judged: what a program asks for is answered rightly, whoever asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator import Answer, End, Lmulator, Query, Settings, Source
from brigade.agents.reasoning.lmulator.asking import Asker, Cost
from brigade.agents.reasoning.lmulator.bench.families import wilson
from brigade.agents.reasoning.lmulator.completing import completed
from brigade.agents.reasoning.lmulator.limits import Allowance
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.writing import TrainedWriter
from brigade.agents.training.writer.asked import WAYS, asked
from brigade.agents.training.writer.data import Progress, is_right, reasoning_gym
from brigade.agents.training.writer.programs import HELD_OUT, MAKERS

Part = Literal["learned", "other words", "held out"]


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


def judged(model: LanguageModel, size: int, seed: int, progress: Progress) -> list[Test]:
    """All tests.

    Args:
        model: the writer.
        size: questions of each family.
        seed: of the questions; below 600 less the size, so that none was learned from.
        progress: told how far it is.

    Raises:
        ValueError: reasoning-gym is not installed.
    """
    parts: list[tuple[Part, str, list[Task]]] = [("learned", family, _gym(family, size, seed)) for family in MAKERS]
    parts += [("other words", family, list(_own(family, size, seed))) for family in WAYS]
    parts += [("held out", family, _gym(family, size, seed)) for family in HELD_OUT]
    return [_test(model, part, family, tasks, progress) for part, family, tasks in parts]


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


def _test(model: LanguageModel, part: Part, family: str, tasks: Sequence[Task], progress: Progress) -> Test:
    right, cost, example = 0, Cost(), ""
    length = 0
    start = time.perf_counter()
    for number, task in enumerate(tasks, 1):
        written = TrainedWriter(Asker(model, Allowance(), cost)).write(task.question, Library())
        program = written.program if written else ""
        is_good = bool(program) and task.judge(program)
        right += is_good
        length += len(program)
        if not example or (not is_good and "# wrong" not in example):
            example = f"# {'right' if is_good else 'wrong'}: {' '.join(task.question.split())[-160:]}\n{program}"
        progress(f"{part}: {family}", number, len(tasks))
    seconds = (time.perf_counter() - start) / len(tasks)
    return Test(part, family, right, len(tasks), length / len(tasks), seconds, example)
