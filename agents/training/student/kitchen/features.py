"""What lessons for the kitchen may depend on: numbers that describe a layout and a moment, by name.

They are seen by any cook, and mean the same in every kitchen, so that a lesson carries over to maps that nobody has
learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from brigade.agents.hierarchy.executor import Surroundings
from brigade.agents.hierarchy.executor.surroundings import UNREACHABLE, stations_within, steps_between
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.items import PLATE
from brigade.envs.kitchen.hla.layout import HlaLayout
from brigade.envs.kitchen.view import Stage

Features = Mapping[str, float]


@lru_cache(maxsize=512)
def layout_features(layout: HlaLayout, cook: int) -> Features:
    """What does not change during an episode."""
    reach = layout.reach
    others = [index for index in range(layout.cooks) if index != cook]
    shared = reach[cook].intersection(*(reach[other] for other in others)) if others else reach[cook]
    return {
        "own boards": len(stations_within(layout, cook, (Tile.BOARD,))),
        "own pots": len(stations_within(layout, cook, (Tile.POT,))),
        "own delivery": float(bool(stations_within(layout, cook, (Tile.DELIVERY,)))),
        "own plates": float(bool(stations_within(layout, cook, (Tile.PLATES,)))),
        "share of kitchen within both cooks' reach": len(shared) / max(1, len(reach[cook])),
        "steps from boards to pots": _apart(layout, Tile.BOARD, Tile.POT),
        "steps from plates to pots": _apart(layout, Tile.PLATES, Tile.POT),
        "steps from pots to delivery": _apart(layout, Tile.POT, Tile.DELIVERY),
        "recipes on the menu": len(layout.menu),
        "pace": layout.pace,
    }


@dataclass
class Watcher:
    """Counts what can be seen of the other cooks; call it on every own turn."""

    cook: int
    served: int = 0
    """Plated soups that another cook held and then no longer."""
    fetched: int = 0
    """Foods that another cook took."""
    _held: dict[int, tuple[int, Stage | None, bool]] = field(default_factory=dict)

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        for other in range(view.layout.cooks):
            if other == self.cook:
                continue
            item = view.held(other)
            now = (item.code, item.stage, item.plated)
            before = self._held.get(other, (0, None, False))
            if before[1] is Stage.COOKED and before[2] and not now[0]:
                self.served += 1
            if now[1] is Stage.FRESH and before[0] != now[0]:
                self.fetched += 1
            self._held[other] = now


def moment_features(here: Surroundings, still: frozenset[int], seen: Watcher) -> dict[str, float]:
    """What changes from moment to moment, and what does not."""
    view = here.view
    held = [view.held(other) for other in here.others]
    items = [square.item for square in view.squares]
    seconds = sorted(order.seconds_left for order in view.orders)
    features: dict[str, float] = {
        "hands full": float(bool(here.held.code)),
        "partner stands still": float(bool(still)),
        "partner holds a plate": float(any(item.code == PLATE or item.plated for item in held)),
        "partner holds something": float(any(item.code for item in held)),
        "soups partner brought away": seen.served,
        "foods partner took": seen.fetched,
        "open orders": len(seconds),
        "seconds left of the most urgent order": seconds[0] if seconds else 0.0,
        "seconds left of the episode": view.duration - view.seconds,
        "free pots within reach": len(here.free(Tile.POT)),
        "free boards within reach": len(here.free(Tile.BOARD)),
        "soups cooking": sum(item.stage is Stage.COOKING for item in items),
        "soups cooked, not plated": sum(item.stage is Stage.COOKED and not item.plated for item in items),
        "soups plated": sum(item.stage is Stage.COOKED and item.plated for item in [*items, *held, here.held]),
        "chopped pieces": sum(item.stage is Stage.CHOPPED for item in items),
    }
    return features | dict(layout_features(view.layout, here.cook))


@lru_cache(maxsize=2048)
def _apart(layout: HlaLayout, first: Tile, second: Tile) -> float:
    """Steps from beside the one kind of station to beside the other, at the nearest; 30 if there is no way."""
    steps = steps_between(layout)
    targets = set(layout.cells(second))
    beside = [floor for floor in layout.cells(Tile.FLOOR) if not targets.isdisjoint(layout.neighbours(floor))]
    ways = [int(steps[cell, floor]) for cell in layout.cells(first) for floor in beside]
    return float(min(min(ways, default=UNREACHABLE), 30))
