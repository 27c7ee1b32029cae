"""Families of questions that reasoning-gym makes or a file holds, and what a second run over them still asks.

The questions of reasoning-gym come from seeds, so everybody can make the same ones; an answer counts if it scores 1.
A file is one of BIG-Bench Hard's, `{"examples": [{"input", "target"}]}`; an answer counts if it is the target.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator.lmulator import Settings
from brigade.agents.reasoning.lmulator.memo import Memo
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.variants import VARIANTS, Bench
from brigade.agents.reasoning.lmulator.writing import Writer, Written

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a family."""

    family: str
    question: str
    score: Callable[[str | None], bool]


def wilson(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    share = right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def items_of(family: str, size: int, seed: int) -> list[Item]:
    """The questions of a family: a name of reasoning-gym, or a path that ends with `.json`.

    Raises:
        ValueError: there is no such family, reasoning-gym is not installed, or the file is not as it should be.
        OSError: the file cannot be read.
    """
    if family.endswith(".json"):
        return _of_file(Path(family), size, seed)
    try:
        import reasoning_gym
        from reasoning_gym.factory import DATASETS
    except ImportError:
        raise ValueError("the families need reasoning-gym: pip install reasoning-gym") from None
    if family not in DATASETS:
        raise ValueError(f"reasoning-gym has no family {family!r} (known: {', '.join(sorted(DATASETS))})")
    made = reasoning_gym.create_dataset(family, size=size, seed=seed)

    def scorer(entry: Any) -> Callable[[str | None], bool]:
        return lambda said: bool(made.score_answer(said, entry=entry) == 1.0)

    return [Item(family, entry["question"], scorer(entry)) for entry in made]


def _of_file(file: Path, size: int, seed: int) -> list[Item]:
    """So many questions of a file, drawn by the seed."""
    try:
        rows = [(row["input"], row["target"]) for row in json.loads(file.read_text(encoding="utf-8"))["examples"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f'{file}: not {{"examples": [{{"input", "target"}}]}}: {error!r}') from None

    def scorer(target: str) -> Callable[[str | None], bool]:
        return lambda said: said is not None and _bare(said) == _bare(target)

    drawn = random.Random(seed).sample(rows, min(size, len(rows)))
    return [Item(file.stem, question, scorer(target)) for question, target in drawn]


def _bare(answer: str) -> str:
    """Without what does not matter: case, the brackets of an option, a full stop."""
    return answer.strip().rstrip(".").strip("()").casefold()


def _programs(writer: Writer, family: str, items: Sequence[Item], progress: Progress) -> list[Written | None]:
    made = []
    for number, item in enumerate(items, 1):
        made.append(writer.write(item.question, Library()))
        progress(f"programs: {family}", number, len(items))
    return made


@dataclass(frozen=True, slots=True)
class SecondRun:
    """Model calls of a first and a second run over a family: over the same questions, and over as many others."""

    family: str
    count: int
    first_calls: int
    second_calls: int
    same_answers: bool
    """Whether the second run over the same questions answers as the first."""
    other_calls: int
    """Of a run over other questions of the family, with what the first one left."""
    other_alone: int
    """Of that run without it."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "family": self.family, "n": self.count, "first_calls": self.first_calls,
            "second_calls": self.second_calls, "saved": _saved(self.second_calls, self.first_calls),
            "same_answers": self.same_answers, "other_calls": self.other_calls, "other_alone": self.other_alone,
            "other_saved": _saved(self.other_calls, self.other_alone),
        }  # fmt: skip


def _saved(calls: int, before: int) -> float:
    return 1 - calls / before if before else 0.0


def second_runs(
    families: Sequence[str],
    model: LanguageModel,
    *,
    writer: Writer,
    size: int,
    seed: int,
    settings: Settings,
    progress: Progress,
) -> list[SecondRun]:
    """What a second run asks, with the memo that the first one left.

    Args:
        families: which families.
        model: the model.
        writer: writes the programs, once for each question; its calls are not counted.
        size: questions of each.
        seed: of the questions; the other ones are those of the seed 1,000 further on.
        settings: how programs run.
        progress: told how far it is.
    """
    runs = []
    for family in families:
        own, others = (items_of(family, size, each) for each in (seed, seed + 1000))
        written = [_programs(writer, family, items, progress) for items in (own, others)]

        def run(
            memo: Memo, items: Sequence[Item], programs: Sequence[Written | None], family: str = family
        ) -> tuple[int, list[str | None]]:
            bench = Bench(model, replace(settings, traced=False), None, memo)
            return _pass(bench, items, programs, family, progress)

        memo = Memo()
        first, told = run(memo, own, written[0])
        again, retold = run(memo, own, written[0])
        other, _ = run(memo, others, written[1])
        alone, _ = run(Memo(), others, written[1])
        runs.append(SecondRun(family, size, first, again, told == retold, other, alone))
    return runs


def _pass(
    bench: Bench, items: Sequence[Item], programs: Sequence[Written | None], family: str, progress: Progress
) -> tuple[int, list[str | None]]:
    calls, told = 0, []
    for number, (item, program) in enumerate(zip(items, programs, strict=True), 1):
        said = VARIANTS["interweave"](bench, item.question, program)
        calls += said.cost.calls
        told.append(said.answer)
        progress(f"second run: {family}", number, len(items))
    return calls, told
