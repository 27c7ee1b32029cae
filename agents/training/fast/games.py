"""Recorded games as labelled moments: what a cook did where it had to decide, in the form of the teacher's data.

A game is replayed and each chosen cook's actions are divided into what they achieved (`achieved`). The moment at which
the cook went about it becomes an example, with the whole label on what came of it. Knows no teacher and no files of
examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brigade.agents.hierarchy.executor import Macro, Surroundings, can_begin, legal_macros
from brigade.agents.hierarchy.fast_mind import LETTERS, FastMind
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.partner import Partners
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.sessions.record import Record, RecordError, read_record, replay
from brigade.agents.training.fast.achieved import Stretch, stretches
from brigade.agents.training.fast.data import Moment
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.kernel import STAY
from pydantic import BaseModel, Field, ValidationError

PERSON = "person"
PAUSE_SECONDS = 2.0
"""A cook that did nothing for so long decides anew."""
LONGEST_SECONDS = 30.0
"""What took longer was not aimed at from the start."""


class _Seated(BaseModel):
    kind: str


class _Layout(BaseModel):
    name: str = "kitchen"


class _Header(BaseModel):
    """What is read of a record's header besides what a replay needs."""

    rules: str
    cooks: list[_Seated]
    layout: _Layout
    seed: int = 0
    pace: float = Field(default=2.5, gt=0, le=100)


@dataclass(frozen=True)
class Game:
    """A record, and who cooks in it."""

    file: Path
    record: Record
    kinds: tuple[str, ...]
    """Of each cook."""
    map: str
    seed: int
    pace: float

    def cooks(self, kinds: Sequence[str]) -> tuple[int, ...]:
        """The cooks of these kinds."""
        return tuple(index for index, kind in enumerate(self.kinds) if kind in kinds)


def open_game(file: Path) -> Game:
    """A record, and who cooks in it.

    Raises:
        RecordError: it is none, or of another rule book; one clear line.
    """
    record = read_record(file)
    try:
        header = _Header.model_validate(record.header)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise RecordError(f"{file}:1: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if header.rules != "hla":
        raise RecordError(f"{file}: macro actions belong to the rule book hla, this game is of {header.rules}")
    kinds = tuple(cook.kind.partition(":")[0] for cook in header.cooks)
    return Game(file, record, kinds, header.layout.name, header.seed, header.pace)


def game_moments(game: Game, cooks: Sequence[int], number: int, left_out: Counter[str]) -> list[Moment]:
    """The labelled moments of some cooks of a game, cook by cook.

    Args:
        game: what was recorded.
        cooks: whose moments.
        number: of the game among others.
        left_out: counts what gave no moment, by reason.

    Raises:
        RecordError: it does not replay.
    """
    views = [view for view, _ in replay(game.record) if isinstance(view, HlaView)]
    if len(game.kinds) != views[0].layout.cooks:
        raise RecordError(f"{game.file}:1: {len(game.kinds)} cooks in a kitchen of {views[0].layout.cooks}")
    joints = [entry["actions"] for entry in game.record.entries if entry["type"] == "tick"]
    moments: list[Moment] = []
    for cook in cooks:
        actions = [joint[cook] for joint in joints]
        away = _away(game.record, cook, len(views))
        decided: dict[int, Macro] = {}
        for stretch in stretches(views, actions, cook):
            at, why = _decided(stretch, views, actions, cook, away)
            if at is None:
                left_out[why] += 1
            else:
                decided[at] = stretch.macro
        moments += _described(game, number, cook, views, decided)
    return moments


def _decided(
    stretch: Stretch, views: Sequence[HlaView], actions: Sequence[int], cook: int, away: Sequence[bool]
) -> tuple[int | None, str]:
    """The tick at which a cook went about something: after the last pause before it, once it could begin."""
    first = views[0].tick
    begun, ended = stretch.begun - first, stretch.ended - first
    if any(away[begun : ended + 1]):
        return None, "somebody stood in"
    pause = round(PAUSE_SECONDS / views[0].rules.tick_seconds)
    still = 0
    for index in range(begun, ended):
        still = still + 1 if actions[index] == STAY else 0
        if still >= pause:
            begun = index + 1
    able = (at for at in range(begun, ended) if can_begin(stretch.macro, Surroundings(views[at], cook)).ok)
    at = next(able, None)
    if at is None:
        return None, "it could not begin"
    if (ended - at) * views[0].rules.tick_seconds > LONGEST_SECONDS:
        return None, "it took too long"
    return at, ""


def _described(
    game: Game, number: int, cook: int, views: Sequence[HlaView], decided: Mapping[int, Macro]
) -> Iterator[Moment]:
    """Moments as the Fast Mind would be shown them, with what its partners seem to be at."""
    turns = game.pace * views[0].rules.tick_seconds
    partners, script = Partners(cook, game.pace), ScriptPlanner(cook, game.pace)
    for at, view in enumerate(views):
        if at in decided:
            legal = legal_macros(Surroundings(view, cook))
            plan = script.choose(view)
            label = tuple(float(macro == decided[at]) for macro in legal)
            yield Moment(
                episode=number,
                map=game.map,
                seed=game.seed,
                tick=view.tick,
                cook=cook,
                partner=",".join(kind for other, kind in enumerate(game.kinds) if other != cook),
                demand="none",
                text=FastMind.describe(view, cook, legal, Agenda(), partners=partners.beliefs(view), plan=plan),
                options="".join(LETTERS[macro] for macro in legal),
                label=label,
                values=label,
                plan=LETTERS[plan] if plan is not None else "",
            )
        if int((at + 1) * turns + 1e-9) > int(at * turns + 1e-9):
            partners.watch(view)
            script.watch(view)


def _away(record: Record, cook: int, moments: int) -> list[bool]:
    """For each moment, whether somebody stood in for this cook."""
    away, gone, at = [False] * moments, False, 0
    for entry in record.entries:
        if entry["type"] == "tick":
            at += 1
            away[at] = gone
        elif entry["type"] == "seat" and entry.get("cook") == cook:
            gone = not entry.get("present")
    return away
