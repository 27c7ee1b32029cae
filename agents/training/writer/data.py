"""What the writer learns from: questions and programs that were run and gave the right answer.

reasoning-gym makes question i of a seed from seed + i, so that seeds far apart share none by construction; few words
and few years make some questions recur all the same, so whatever is a test question is left out by its text.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from brigade.agents.reasoning.lmulator import End, Lmulator, Query, Settings
from brigade.agents.reasoning.lmulator.completing import completed
from brigade.agents.reasoning.lmulator.queries import Answer, Source
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.training.writer.asked import WAYS, Pair, asked
from brigade.agents.training.writer.programs import MAKERS

TRAIN_SEED, VALIDATION_SEED = 1_000_000, 500_000
TEST_SEEDS = 600
"""Seeds below are for tests (`brigade bench code --seed`): what they ask is never learned."""
OWN_SHARE = 0.25
"""Share of questions in other words than reasoning-gym's."""
WEIGHTS = {"calendar_arithmetic": 3, "leg_counting": 2, "family_relationships": 2}
"""How often these families are drawn, the others being drawn once: they have longer programs, or more kinds."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """How many, and from where."""

    count: int
    seed: int = 0


def pairs(rows: Rows, *, validation: bool = False) -> list[Pair]:
    """Questions with programs that answer them rightly, of all families, shuffled.

    Raises:
        ValueError: reasoning-gym is not installed.
    """
    own = round(rows.count * OWN_SHARE)
    start = (VALIDATION_SEED if validation else TRAIN_SEED) + 50_000 * rows.seed
    made: list[Pair] = []
    whole = sum(WEIGHTS.get(family, 1) for family in MAKERS)
    for family in MAKERS:
        wanted = (rows.count - own) * WEIGHTS.get(family, 1) // whole
        made += of_family(family, wanted, start)
    for family in WAYS:
        made += asked(family, test=False, size=own // len(WAYS), seed=start)
    random.Random(rows.seed).shuffle(made)
    return made


def of_family(family: str, size: int, start: int) -> list[Pair]:
    """So many questions of a family of reasoning-gym, from this seed on, whose programs are right."""
    gym = reasoning_gym()
    found: list[Pair] = []
    seen = set(kept_for_tests(family))
    entries = gym.create_dataset(family, size=6 * size + 60, seed=start)
    for entry in entries:
        if len(found) == size:
            break
        question = entry["question"]
        program = MAKERS[family](question)
        if program is None or question in seen or not is_right(program, entries, entry):
            continue
        seen.add(question)
        found.append(Pair(family, question, program))
    return found


@cache
def kept_for_tests(family: str) -> frozenset[str]:
    """What tests may ask."""
    return frozenset(entry["question"] for entry in reasoning_gym().create_dataset(family, size=TEST_SEEDS, seed=0))


def is_right(program: str, entries: Any, entry: Any) -> bool:
    """Whether a program gives the labelled answer, whoever is a woman."""
    for women in (True, False):
        result = Lmulator(settings=Settings(traced=False), person=_gold(women)).run(completed(program))
        if result.end is End.ANSWERED and entries.score_answer(answer_text(result.answer), entry=entry) == 1.0:
            return True
        if "kin(" not in program and "is_female" not in program:
            return False
    return False


def _gold(women: bool) -> Callable[[Query], Answer | None]:
    from reasoning_gym.arithmetic.leg_counting import ANIMALS

    def person(query: Query) -> Answer | None:
        value = women if query.stub.name == "is_female" else ANIMALS.get(str(query.args[0])) if query.args else None
        return None if value is None else Answer(value, Source.PERSON)

    return person


def reasoning_gym() -> Any:
    """The library.

    Raises:
        ValueError: it is not installed.
    """
    try:
        import reasoning_gym as gym
    except ImportError:
        raise ValueError("the families need reasoning-gym: pip install reasoning-gym") from None
    return gym
