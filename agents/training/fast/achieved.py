"""What a cook achieved, read off the atomic actions: macro actions that nobody announced.

Whenever a cook uses a square, each macro action's procedure is asked what it would do there; where that is what
happened, the Executor's own conditions say how far it has come, and which one is done. Whoever does it need not go
about it as the Executor would: every square that would serve counts. Knows no record, no model and no page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, can_begin, legal_macros
from brigade.agents.hierarchy.executor.errands import DONE, Errand, next_errand
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import Item
from brigade.envs.kitchen.hla.kernel import STAY


@dataclass(frozen=True, slots=True)
class Stretch:
    """A cook at one macro action."""

    macro: Macro
    begun: int
    """Tick of the moment at which the one before was done."""
    ended: int
    """Tick of the moment at which this one was."""


def stretches(views: Sequence[HlaView], actions: Sequence[int], cook: int) -> list[Stretch]:
    """What a cook achieved, in order.

    A mixture that only became part of a larger one counts as the larger one, if that could begin when it did.

    Args:
        views: the moment at the start and after every tick.
        actions: the cook's action at every tick, one fewer.
        cook: which one.
    """
    found: list[Stretch] = []
    for macro, ended in _achieved(views, actions, cook):
        begun = found[-1].ended if found else views[0].tick
        if found and _part_of(found[-1].macro, macro):
            before = found[-1].begun
            if can_begin(macro, Surroundings(views[before - views[0].tick], cook)).ok:
                found.pop()
                begun = before
        found.append(Stretch(macro, begun, ended))
    return found


def _achieved(views: Sequence[HlaView], actions: Sequence[int], cook: int) -> Iterator[tuple[Macro, int]]:
    progress = Progress(cook)
    for action, before, after in zip(actions, views, views[1:], strict=False):
        yield from progress.watch(before, action, after)
    yield from progress.end()


def _part_of(one: Macro, other: Macro) -> bool:
    return one.verb is other.verb is Verb.PREPARE and one.foods != other.foods and not one.foods & ~other.foods


@dataclass
class Progress:
    """How far a cook is with each macro action."""

    cook: int
    _stages: dict[Macro, int] = field(default_factory=dict)
    _nearly: tuple[Macro, int] | None = None
    """One that has done what it was for and has only to tidy up, and since which tick: food that is chopped but still
    on its board, a soup on its plate that only another cook can deliver."""

    def watch(self, before: HlaView, action: int, after: HlaView) -> list[tuple[Macro, int]]:
        """See a tick; returns what is done since, and since which tick."""
        cell = _used(before, action, after, self.cook)
        if cell is None:
            return []
        here = _AtSquare(before, self.cook, cell)
        hand_changed = before.held(self.cook) != after.held(self.cook)
        done: list[tuple[Macro, int]] = []
        possible = legal_macros(Surroundings(before, self.cook))
        for macro in dict.fromkeys((*self._stages, *possible)):
            errand = next_errand(macro, self._stages.get(macro, 0), here)
            if isinstance(errand, Errand) and errand.cell == cell and hand_changed != errand.in_place:
                done += self._advance(macro, errand.then, after.tick)
        return done

    def end(self) -> list[tuple[Macro, int]]:
        """Nothing comes after; returns what was only left to tidy up."""
        nearly, self._nearly = self._nearly, None
        return [nearly] if nearly is not None else []

    def _advance(self, macro: Macro, stage: int, tick: int) -> list[tuple[Macro, int]]:
        if stage == self._stages.get(macro, 0):
            return []
        done = [] if self._nearly is None or self._nearly[0] == macro else [self._nearly]
        self._nearly = None
        self._stages.clear()
        if stage == DONE:
            return [*done, (macro, tick)]
        self._stages[macro] = stage
        self._nearly = macro, tick
        return done


def _used(before: HlaView, action: int, after: HlaView, cook: int) -> int | None:
    """The square that a cook used with effect; None if it did not."""
    if action == STAY:
        return None
    cell = before.layout.neighbours(before.position(cook))[action - 1]
    same = before.held(cook) == after.held(cook) and before.item(cell) == after.item(cell)
    return None if same or before.layout.tiles[cell] == Tile.FLOOR else cell


class _AtSquare(Surroundings):
    """A kitchen in which, of all squares that would serve, the cook chooses the one that it has just used."""

    def __init__(self, view: HlaView, cook: int, cell: int) -> None:
        super().__init__(view, cook)
        self._cell = cell

    def _chosen(self, cells: tuple[int, ...]) -> tuple[int, ...]:
        return (self._cell,) if self._cell in cells else cells

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What lies on the square: what is in hand can only be mixed with that."""
        return (self.view.item(self._cell),)

    @cached_property
    def others(self) -> tuple[int, ...]:
        """Nobody: the cook did use it, whoever stood there."""
        return ()

    def places(self, *codes: int) -> tuple[int, ...]:
        """See Surroundings."""
        return self._chosen(super().places(*codes))

    def stations(self, *kinds: Tile) -> tuple[int, ...]:
        """See Surroundings."""
        return self._chosen(super().stations(*kinds))

    def free(self, *kinds: Tile) -> tuple[int, ...]:
        """See Surroundings."""
        return self._chosen(tuple(c for c in super().stations(*kinds) if not self.view.item(c).code))

    def nearest(self, cells: tuple[int, ...]) -> int | None:
        """See Surroundings."""
        return super().nearest(self._chosen(cells))
