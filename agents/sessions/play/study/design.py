"""A study as its YAML file describes it, and the way of each participant through it.

title: Two partners
consent: |
  What happens, what is kept, that one may stop at any time.
codes: any                    # what people were given; or a list; or generated
keep_chat: false              # whether what people type is kept; answers to questions always are
tutorial:
  - {title: Your kitchen, text: ...}
practice: {map: ring, partner: idle, duration: 30}
conditions:                   # one block each, under a neutral name
  - {name: Basil, partner: hla}
  - {name: Thyme, partner: script}
games:                        # of every block
  - {map: ring, duration: 60, seed: 1}
order: balanced               # or fixed
after_block:
  - {id: fluent, ask: "We worked fluently together.", kind: scale, of: 7, low: not at all, high: very much}
after_all:
  - {id: best, ask: "With whom would you cook again?", kind: choice, options: [Basil, Thyme]}
thanks: Thank you!

Knows neither participants nor a server.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from brigade.agents.sessions.play.game import MAX_DURATION, MAX_PACE, MIN_DURATION, PERSON, GameSpec
from brigade.agents.sessions.play.shelf import MindShelf
from brigade.envs.kitchen import load_layout
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

MAX_ANSWER = 2000
"""Characters of the longest answer in words."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class StudyError(ValueError):
    """A study file that cannot be run: says which line or field and why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(_Part):
    """Something to read."""

    title: Name
    text: str = Field(min_length=1, max_length=5000)


class Question(_Part):
    """Something to answer."""

    id: Id
    ask: str = Field(min_length=1, max_length=500)
    kind: Literal["scale", "choice", "text", "number"] = "scale"
    of: int = Field(default=7, ge=2, le=11)
    """Points of a scale."""
    low: str = Field(default="", max_length=60)
    high: str = Field(default="", max_length=60)
    options: tuple[Name, ...] = ()
    optional: bool = False

    @model_validator(mode="after")
    def _options(self) -> Question:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice has options, and nothing else has")
        return self

    def check(self, answer: Any) -> Any:
        """The answer, if it is one; None if there is none and need not be.

        Raises:
            ValueError: it is no answer to this question.
        """
        if answer in (None, ""):
            if self.optional:
                return None
            raise ValueError(f"“{self.ask}” needs an answer")
        right = {
            "scale": isinstance(answer, int) and not isinstance(answer, bool) and 1 <= answer <= self.of,
            "choice": answer in self.options,
            "text": isinstance(answer, str) and len(answer) <= MAX_ANSWER,
            "number": isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) < 1e9,
        }
        if not right[self.kind]:
            raise ValueError(f"“{self.ask}”: not an answer to this question")
        return answer


class Game(_Part):
    """A game of a block, or the practice."""

    map: str = "ring"
    duration: float = Field(default=60.0, ge=MIN_DURATION, le=MAX_DURATION)
    seed: int = Field(default=0, ge=0, lt=2**31)
    pace: float | None = Field(default=None, ge=0.2, le=MAX_PACE)


class Practice(Game):
    """A game that does not count."""

    partner: str = "idle"


class Condition(_Part):
    """A partner under a neutral name."""

    name: Name
    partner: str
    slow: str | None = None
    fast: str | None = None


class Study(_Part):
    """A whole study."""

    title: Name
    consent: str = Field(min_length=1, max_length=20_000)
    codes: Literal["any", "generated"] | tuple[Name, ...] = "generated"
    keep_chat: bool = False
    tutorial: tuple[Page, ...] = ()
    practice: Practice | None = None
    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=10)
    games: tuple[Game, ...] = Field(min_length=1, max_length=20)
    order: Literal["balanced", "fixed"] = "balanced"
    after_block: tuple[Question, ...] = ()
    after_all: tuple[Question, ...] = ()
    thanks: str = Field(default="Thank you!", max_length=5000)

    @model_validator(mode="after")
    def _consistent(self) -> Study:
        names = [condition.name for condition in self.conditions]
        if len(set(names)) < len(names):
            raise ValueError("two conditions have the same name")
        for questions in (self.after_block, self.after_all):
            ids = [question.id for question in questions]
            if len(set(ids)) < len(ids):
                raise ValueError("two questions have the same id")
        return self


Kind = Literal["consent", "page", "game", "questions", "thanks"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a participant's way."""

    kind: Kind
    block: int = -1
    """Which block, from 0; -1 outside of blocks."""
    condition: int = -1
    """Index of its condition."""
    number: int = 0
    """Which page, or which game of the block."""
    practice: bool = False


def way(study: Study, participant: int) -> tuple[Stage, ...]:
    """All stages of a participant, counted from 0 in the order in which they came."""
    stages = [Stage("consent"), *(Stage("page", number=number) for number in range(len(study.tutorial)))]
    if study.practice is not None:
        stages.append(Stage("game", practice=True))
    orders = balanced(len(study.conditions)) if study.order == "balanced" else [tuple(range(len(study.conditions)))]
    for block, condition in enumerate(orders[participant % len(orders)]):
        stages += [Stage("game", block, condition, number) for number in range(len(study.games))]
        if study.after_block:
            stages.append(Stage("questions", block, condition))
    if study.after_all:
        stages.append(Stage("questions"))
    return (*stages, Stage("thanks"))


def balanced(count: int) -> list[tuple[int, ...]]:
    """Orders in which every condition comes equally often in every place and, equally often, after every other.

    Source: Williams, "Experimental designs balanced for the estimation of residual effects of treatments" (1949): one
    Latin square for an even number of conditions; for an odd one, a second one that is its mirror image.
    """
    zigzag = [0]
    for step in range(1, count):
        zigzag.append((zigzag[-1] + (step if step % 2 else -step)) % count)
    rows = [tuple((place + shift) % count for place in zigzag) for shift in range(count)]
    return rows if count % 2 == 0 or count == 1 else rows + [row[::-1] for row in rows]


def follow_ons(orders: list[tuple[int, ...]]) -> dict[tuple[int, int], int]:
    """How often each condition comes right after each other."""
    counts: dict[tuple[int, int], int] = {}
    for order in orders:
        for pair in pairwise(order):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def game_of(study: Study, stage: Stage, shelf: MindShelf) -> GameSpec:
    """The game of a stage.

    Raises:
        ValueError: it cannot be played.
    """
    if stage.practice:
        assert study.practice is not None
        game: Game = study.practice
        partner, slow, fast, name = study.practice.partner, None, None, "Practice partner"
    else:
        game, condition = study.games[stage.number], study.conditions[stage.condition]
        partner, slow, fast, name = condition.partner, condition.slow, condition.fast, condition.name
    layout = load_layout(game.map)
    others = layout.cooks - 1
    return GameSpec(
        layout=layout,
        seats=(PERSON, *[partner] * others),
        seed=game.seed,
        duration=game.duration,
        pace=game.pace or float(getattr(layout, "pace", 2.5)),
        away="idle",
        slow=slow or shelf.slow[0],
        fast=fast or shelf.fast[0],
        names=("You", *([name] if others == 1 else [f"{name} {number + 1}" for number in range(others)])),
        keep_chat=study.keep_chat,
        label="practice" if stage.practice else f"block {stage.block + 1}, game {stage.number + 1}",
    )


def check(study: Study, shelf: MindShelf) -> None:
    """Raise ValueError if any game of the study cannot be played."""
    for stage in way(study, 0):
        if stage.kind == "game":
            game_of(study, stage, shelf)


def load_study(file: Path) -> Study:
    """The study in a file.

    Raises:
        StudyError: the file cannot be read, or the study cannot be run.
    """
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Study.model_validate(data)
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{file}: cannot be read: {error}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise StudyError(f"{file}:{line}: not YAML: {error.problem or error}") from None
    except yaml.YAMLError as error:
        raise StudyError(f"{file}: not YAML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "study"
        hint = "; put it in quotes" if first["type"] == "string_type" else ""  # YAML reads no and yes as false and true
        raise StudyError(f"{file}: {where}: {first['msg']}{hint}") from None
