"""A million random steps of each rule book, many kitchens at once: no exception, and what must always hold holds."""

from __future__ import annotations

import numpy as np
import pytest
from brigade.envs.kitchen import RULE_BOOKS, Kitchen, KitchenView, Tile, named_layouts
from brigade.envs.kitchen.batch import KitchenBatch

KITCHENS, STEPS = 500, 400


def check(view: KitchenView) -> None:
    """Cooks stand on floor, each on a cell of its own; things lie where things can lie; scores add up."""
    layout = view.layout
    cells = [cook.cell for cook in view.cooks]
    assert len(set(cells)) == len(cells)
    assert all(layout.tiles[cell] == Tile.FLOOR for cell in cells)
    for square in view.squares:
        assert square.tile in (Tile.COUNTER, Tile.BOARD, Tile.POT)
        assert square.item.name
        assert square.left >= 0
        assert square.progress is None or 0 <= square.progress.share <= 1
    assert view.served >= 0
    assert view.missed >= 0
    if layout.rules == "hla":
        assert 15 * view.served <= view.score + 5 * view.missed <= 20 * view.served


@pytest.mark.parametrize("rules", list(RULE_BOOKS))
def test_whatever_cooks_do_for_a_million_steps(rules: str) -> None:
    made = 0
    for number, name in enumerate(named_layouts(rules)[:5]):
        batch = KitchenBatch(name, KITCHENS, horizon=150)
        random = np.random.default_rng(number)
        scores = np.zeros(KITCHENS)
        seen = Kitchen(name)
        batch.reset(seed=number)
        for step in range(STEPS if rules == "overcooked_ai" else STEPS * 5 // 4):
            restart = batch.ended.copy()
            batch.step(random.integers(len(batch.rules.actions), size=(KITCHENS, batch.layout.cooks)), restart)
            scores = np.where(restart, 0, scores + batch.team_rewards)
            made += int(KITCHENS - restart.sum())
            if step % 20 == 0:
                for kitchen in random.integers(KITCHENS, size=3).tolist():
                    state = batch.state(kitchen)
                    view = seen.rules.view(state)
                    check(view)
                    assert view.score == scores[kitchen]
                    again = seen.rules.from_dict(seen.rules.to_dict(state))
                    assert seen.rules.to_dict(again) == seen.rules.to_dict(state)
    assert made > 990_000
