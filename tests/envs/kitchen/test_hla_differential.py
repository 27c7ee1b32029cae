"""The kernel against the slow reference, at every tick of play that gets somewhere."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from brigade.agents.hierarchy.executor import Executor
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaKitchen, HlaLayout, HlaView, Layout, Tile, named_layouts, parse_layout
from reference import ReferenceKitchen

TICK = 0.125

THREE_COOKS = """
recipes: [Alice, David]
orders: 4
timing: {cooking: 2, burning: 2, putting_out: 1.5, regrowth_gap: 0.5, chops: 3}
grid: |
  -T-L-O-P-
  /1     2-
  -  U/U  *
  - -- -- *
  /   3   f
  -BB-U-f--
"""


class Wanderer:
    """Walks straight for a random square, bumps it a few times, and chooses another."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.generator = layout, random.Random(seed)
        self.stations = [cell for cell, tile in enumerate(layout.tiles) if tile != Tile.FLOOR]
        self.weights = [1 if layout.tiles[cell] == Tile.COUNTER else 6 for cell in self.stations]
        self.goal = self.choose()

    def choose(self) -> int:
        return self.generator.choices(self.stations, self.weights)[0]

    def act(self, view: HlaView, cook: int) -> int:
        if self.generator.random() < 0.08:
            self.goal = self.choose()
        if self.generator.random() < 0.25:
            return self.generator.randrange(5)
        (x, y), (gx, gy) = self.layout.xy(view.position(cook)), self.layout.xy(self.goal)
        return 3 if gx > x else 4 if gx < x else 2 if gy > y else 1


class SloppyScript:
    """Follows the script planner, but makes random moves now and then and dozes off for long."""

    def __init__(self, layout: Layout, cook: int, seed: int) -> None:
        self.generator = random.Random(seed)
        self.planner, self.executor = ScriptPlanner(cook), Executor(cook, seed=seed)
        self.dozing = 0

    def act(self, view: HlaView, cook: int) -> int:
        self.planner.watch(view)
        self.executor.observe(view)
        if self.executor.macro is None and (macro := self.planner.choose(view)) is not None:
            self.executor.start(macro, view)
            self.executor.observe(view)
        self.dozing = max(self.dozing - 1, 400 if self.generator.random() < 0.002 else 0)
        if self.dozing:
            return 0
        return self.generator.randrange(5) if self.generator.random() < 0.1 else self.executor.act(view)


def play(layout: HlaLayout, seed: int, ticks: int) -> Counter[str]:
    """Play one episode in both kitchens, compare at every tick, and count what happened."""
    kitchen = HlaKitchen(layout, tick_seconds=TICK)
    orders = [random.Random(seed + i).choice(layout.menu).name for i in range(7)]
    kitchen.reset(orders=orders)
    reference = ReferenceKitchen(layout, TICK, orders)
    assert kitchen.rules.summary(kitchen.state) == reference.summary()
    sloppy = seed % 3 != 0
    cooks = [
        SloppyScript(layout, cook, seed * 10 + cook) if sloppy else Wanderer(layout, seed * 10 + cook)
        for cook in range(layout.cooks)
    ]
    happened: Counter[str] = Counter()
    for tick in range(ticks):
        view = kitchen.view()
        actions = [each.act(view, cook) for cook, each in enumerate(cooks)]
        kitchen.step(actions)
        reference.step(actions)
        expected = reference.summary()
        assert kitchen.rules.summary(kitchen.state) == expected, f"tick {tick}"
        for item in expected["squares"].values():
            happened.update(f"lying {part}" for part in item.split("-"))
        happened.update(f"held {agent['holding']}" for agent in expected["agents"])
    happened["served"] = reference.served
    happened["missed"] = reference.missed
    return happened


@pytest.mark.parametrize("name", [*named_layouts("hla"), "three cooks"])
def test_kernel_and_reference_agree_at_every_tick(name: str) -> None:
    layout = parse_layout(THREE_COOKS, "three.yaml") if name == "three cooks" else HlaKitchen(name).layout
    assert isinstance(layout, HlaLayout)
    happened: Counter[str] = Counter()
    for seed in range(6):
        happened += play(layout, seed, ticks=2500)
    assert happened["served"] >= 20, "hardly anything was served"
    assert happened["missed"] >= 5
    for sight in ("lying Fire", "lying CookedTomato", "lying ChoppingTomato", "lying Plate", "held FireExtinguisher"):
        assert happened[sight], f"never seen: {sight}"
    assert any(sight.startswith("held Charred") for sight in happened)
