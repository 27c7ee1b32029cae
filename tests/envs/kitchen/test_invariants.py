"""Whatever cooks do: nothing appears or vanishes against the rules, nobody shares a cell, scores add up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from brigade.envs.kitchen import HlaKitchen, HlaLayout, HlaView, Tile, named_layouts
from brigade.envs.kitchen.hla.items import EXTINGUISHER, FOOD_BITS, FOODS, PLATE
from brigade.envs.kitchen.hla.layout import DISPENSERS
from brigade.envs.kitchen.view import Stage
from hypothesis import given, settings
from hypothesis import strategies as st

LAYOUTS = [HlaKitchen(name).layout for name in named_layouts("hla")]


def runs() -> st.SearchStrategy[tuple[HlaLayout, int, list[tuple[list[int], int]]]]:
    """A layout, a seed, and joint actions, each repeated for a while so that play gets somewhere."""
    joint = st.tuples(st.lists(st.integers(0, 4), min_size=2, max_size=2), st.integers(1, 12))
    return st.tuples(st.sampled_from(LAYOUTS), st.integers(0, 2**32 - 1), st.lists(joint, max_size=60))


def contents(view: HlaView) -> Counter[str]:
    """How many of each food, plate and extinguisher there are, lying or held."""
    found: Counter[str] = Counter()
    for item in (*(s.item for s in view.squares), *(c.item for c in view.cooks)):
        found.update(item.food_names)
        found["plate"] += bool(item.code & PLATE)
        found["extinguisher"] += bool(item.code & EXTINGUISHER)
    return found


def explained(before: HlaView, after: HlaView, actions: list[int]) -> Counter[str]:
    """What the squares that cooks bumped may have given or taken, going by what happened to their hands."""
    layout, change = before.layout, Counter[str]()
    for cook, action in enumerate(actions):
        at = before.position(cook)
        if action == 0 or after.position(cook) != at:
            continue
        tile = Tile(layout.tiles[layout.neighbours(at)[action - 1]])
        had, has = before.held(cook), after.held(cook)
        if had.code == has.code:
            continue
        if tile in DISPENSERS:
            assert (had.code, has.code) == (0, DISPENSERS[tile])
            change[FOODS[DISPENSERS[tile]]] += 1
        elif tile == Tile.PLATES:
            change["plate"] += 1 if has.plated else -1
        elif tile == Tile.DELIVERY:
            assert has.code == 0
            assert had.stage in (Stage.CHOPPED, Stage.COOKED)
            change.subtract(had.food_names)
            change["plate"] -= had.plated
        elif tile == Tile.BIN:
            assert has.code == had.code & (PLATE | EXTINGUISHER)
            change.subtract(had.food_names)
    return change


@settings(max_examples=150, deadline=None)
@given(runs())
def test_nothing_is_created_or_lost_but_by_the_rules(run: tuple[HlaLayout, int, list[tuple[list[int], int]]]) -> None:
    layout, seed, script = run
    kitchen = HlaKitchen(layout)
    before = kitchen.reset(seed)
    for actions, times in script:
        for _ in range(times):
            score = kitchen.view().score
            reward = kitchen.step(actions).team
            after = kitchen.view()
            difference = contents(after)
            difference.subtract(contents(before))
            allowed = explained(before, after, actions)
            assert {k: v for k, v in difference.items() if v} == {k: v for k, v in allowed.items() if v}
            positions = [cook.cell for cook in after.cooks]
            assert len(set(positions)) == len(positions)
            assert all(layout.tiles[cell] == Tile.FLOOR for cell in positions)
            assert reward == after.score - score
            assert len(after.orders) == layout.orders
            assert all(0 < order.seconds_left <= order.recipe.seconds for order in after.orders)
            for square in after.squares:
                assert square.tile in (Tile.COUNTER, Tile.BOARD, Tile.POT)
                if square.tile == Tile.POT:
                    assert square.item.stage in (Stage.COOKING, Stage.COOKED, Stage.CHARRED)
                assert square.item.code & FOOD_BITS or square.item.code in (PLATE, EXTINGUISHER)
            before = after
    view = kitchen.view()
    earned = view.score + view.missed * layout.timing.expiry_penalty
    assert 15 * view.served <= earned <= 20 * view.served


@settings(max_examples=60, deadline=None)
@given(runs())
def test_every_state_round_trips_through_its_dict(run: tuple[HlaLayout, int, list[tuple[list[int], int]]]) -> None:
    layout, seed, script = run
    kitchen = HlaKitchen(layout, tick_seconds=0.1)
    kitchen.reset(seed)
    for actions, times in script:
        for _ in range(times):
            kitchen.step(actions)
        data = json.loads(json.dumps(kitchen.rules.to_dict(kitchen.state)))
        again = kitchen.rules.from_dict(data)
        assert again == kitchen.state
        assert hash(again) == hash(kitchen.state)
        assert again.digest() == kitchen.state.digest()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(LAYOUTS), st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_episode(layout: HlaLayout, seed: int) -> None:
    script = np.random.RandomState(seed % 1000).randint(5, size=(400, layout.cooks)).astype(np.int32)
    digests = []
    for _ in range(2):
        kitchen = HlaKitchen(layout)
        kitchen.reset(seed)
        kitchen.rules.rollout(kitchen.state, script)
        digests.append(kitchen.state.digest())
    assert digests[0] == digests[1]


def test_a_copy_is_independent() -> None:
    kitchen = HlaKitchen("ring")
    kitchen.reset(3)
    copy = kitchen.state.copy()
    before = copy.digest()
    kitchen.step([3, 2])
    assert copy.digest() == before != kitchen.state.digest()


def test_the_kernel_stays_within_its_arrays(tmp_path: Path) -> None:
    """Compiled with bounds checks, a long random play raises nothing."""
    code = (
        "import numpy as np\n"
        "from brigade.envs.kitchen import HlaKitchen, named_layouts\n"
        "for name in named_layouts('hla'):\n"
        "    kitchen = HlaKitchen(name); kitchen.reset(1)\n"
        "    script = np.random.RandomState(0).randint(5, size=(50_000, 2)).astype(np.int32)\n"
        "    kitchen.rules.rollout(kitchen.state, script)\n"
    )
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
