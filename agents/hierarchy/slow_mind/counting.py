"""Answers demands about quantities and conditions by a program over the kitchen's functions.

"Enough soups for every order that still has half a minute" depends on the orders and on what is there already; no
sentence says how many. A program counts it; only a clause that counting cannot settle is asked of the model. Messages
of other kinds are left to the lexicon and the model (`demands_by_program` gives None).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

from brigade.agents.hierarchy.executor import macro_of
from brigade.agents.hierarchy.intent import MAX_COUNT, Demand, Intent, Kind
from brigade.agents.hierarchy.slow_mind.kitchen_functions import SOUPS, kitchen_library
from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator import End, Limits, Lmulator, Result, Settings
from brigade.agents.reasoning.lmulator.writing import Family, family_of
from brigade.envs.kitchen import HlaView

_SETTINGS = Settings(limits=Limits(seconds=1.0), calls=8, repairs=0, traced=False, style="plain")
LONGEST = 400
"""Characters of a message that a program is given."""


@cache
def families() -> tuple[Family, ...]:
    """The programs, by the kind of message that they read."""
    folder = resources.files("brigade.agents.hierarchy.slow_mind") / "programs"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".txt")), key=lambda each: each.name)
    return tuple(family_of(each.name, each.read_text(encoding="utf-8")) for each in files)


def is_about_quantities(message: str) -> bool:
    """Whether a message is of a kind that a program reads."""
    return _family(message) is not None


def _family(message: str) -> Family | None:
    return next((each for each in families() if each.pattern.search(message[:LONGEST])), None)


def demands_by_program(message: str, view: HlaView, model: LanguageModel | None = None) -> Intent | None:
    """What a message about quantities or conditions asks for, counted; None for others, or if it cannot be counted.

    Args:
        message: what was said.
        view: the kitchen now.
        model: asked about clauses that counting cannot settle; None leaves such messages to others.
    """
    family = _family(message)
    if family is None:
        return None
    result = count(family, message[:LONGEST], view, model)
    if result.end is not End.ANSWERED or not isinstance(result.answer, list):
        return None
    return _intent(result.answer)


def count(family: Family, message: str, view: HlaView, model: LanguageModel | None) -> Result:
    """The run of a family's program over a kitchen."""
    runner = Lmulator(model, library=kitchen_library(view), settings=_SETTINGS)
    return runner.run(family.program, question=message, state={"question": message, "SOUPS": list(SOUPS)})


def _intent(rows: Sequence[object]) -> Intent | None:
    """The intent that a program's answer stands for; None if it is no list of macro actions with counts."""
    demands = []
    for row in rows:
        match row:
            case (str(name), int(number)) if number > 0:
                demands.append(Demand(macro_of(name), min(number, MAX_COUNT)))
            case _:
                return None
    return Intent(Kind.SHORT_TERM if demands else Kind.NONE, tuple(demands))
