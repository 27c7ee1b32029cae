"""Who takes part in the contest, from the words of the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.decomposer.bench.contest import Contestant, Team
from brigade.agents.reasoning.decomposer.families import EASY, FAMILIES, Item
from brigade.agents.reasoning.decomposer.knowing import Common
from brigade.agents.reasoning.decomposer.pipeline import Habits
from brigade.agents.reasoning.decomposer.proposing import ModelProposer
from brigade.agents.reasoning.decomposer.scripted import ScriptedSolver, Skill
from brigade.agents.reasoning.decomposer.solving import ModelSolver, Scripted
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.knowing import common_knowledge

Load = Callable[[str], LanguageModel]
Mark = Callable[[str], str]
"""Changes with the weights behind a model's name."""
WAYS: dict[str, Habits] = {
    "trained": Habits(),
    "once": Habits(redraws=0),
    "always": Habits(sure=2.0),
    "guide": Habits(mode="guide"),
    "best": Habits(plans=4),
    "search": Habits(nodes=9),
}
"""Uses of the trained decomposer: only in doubt, the same with its likeliest plan whatever it is, always, as guidance,
the best of four plans, by tree search."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of models."""

    trained: str
    start: str | None
    """Before policy gradient."""
    untrained: str


def chosen_families(text: str) -> tuple[str, ...]:
    """Names of families; `all` are those of several steps and those of one.

    Raises:
        ValueError: there is no such family.
    """
    if text == "none":
        return ()
    names = (*FAMILIES, *EASY) if text == "all" else tuple(dict.fromkeys(text.split(",")))
    unknown = [name for name in names if name not in FAMILIES and name not in EASY]
    if unknown:
        raise ValueError(f"unknown family {unknown[0]!r} (known: {', '.join([*FAMILIES, *EASY])})")
    return names


def unmarked(name: str) -> str:
    """The mark where nobody needs to tell weights apart."""
    return ""


def contestants(words: Sequence[str], names: Names, load: Load, mark: Mark = unmarked) -> list[Contestant]:
    """The decomposers that are asked for.

    Raises:
        ValueError: there is none of this name.
    """
    found = []
    for word in words:
        way, _, of = word.partition("-")
        habits = WAYS.get("trained" if way == "start" else way, Habits())
        if word == "prompted":
            proposer = ModelProposer(load(names.untrained), trained=False)
            found.append(Contestant(word, proposer, mark=mark(names.untrained)))
        elif (way == "start" or of == "start") and names.start:
            proposer = ModelProposer(load(names.start), trained=True)
            found.append(Contestant(word, proposer, habits, f"{mark(names.start)} {habits}"))
        elif word in WAYS:
            proposer = ModelProposer(load(names.trained))
            found.append(Contestant(word, proposer, habits, f"{mark(names.trained)} {habits}"))
        elif word != "none":
            extra = " (needs --start)" if word == "start" else ""
            raise ValueError(f"unknown decomposer {word!r}{extra} (known: prompted, start, {', '.join(WAYS)}, none)")
    return found


def team(name: str, items: Sequence[Item], load: Load, *, tools: bool, seed: int, mark: Mark = unmarked) -> Team:
    """A solver by name.

    Raises:
        ValueError: a scripted solver's skill is not between 0 and 1.
    """
    kind, _, skill = name.partition(":")
    if kind == "scripted":
        return Team(name, Scripted(_scripted(skill or "0.7", items, seed), name), mark=f"seed {seed}")
    model = load(name)
    lmulator = Lmulator(model, knowledge=common_knowledge()) if tools else None
    return Team(
        name if tools else f"{name}, no tools",
        ModelSolver(model),
        ModelSolver(model, thinking=True),
        lmulator,
        mark(name),
    )


def _scripted(skill: str, items: Sequence[Item], seed: int) -> ScriptedSolver:
    try:
        share = float(skill)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise ValueError(f"scripted:{skill}: its skill must be a number between 0 and 1, such as scripted:0.7")
    key = {item.question: item.answer for item in items}
    return ScriptedSolver(key, Skill(per_step=share), seed=seed + 1, facts=Common())
