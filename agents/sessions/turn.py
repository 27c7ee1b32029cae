"""One tick of a session: what was said is heard, every cook acts, the kitchen goes on, and the record says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from brigade.agents.sessions.cooks import Cook, Table
from brigade.envs.kitchen import HlaView, Kitchen, KitchenView


async def take_turn(
    kitchen: Kitchen, view: KitchenView, cooks: Sequence[Cook], table: Table, **facts: Any
) -> list[int]:
    """Play one tick.

    Args:
        kitchen: what is cooked in.
        view: the moment before the tick.
        cooks: who cooks, one per cook of the kitchen.
        table: what they share.
        facts: what else the record should say of this tick.

    Returns:
        The action of each cook.
    """
    said, table.spoken = table.spoken, []
    for speaker, text in said:
        for cook in cooks:
            if cook.index != speaker:
                cook.hear(text)
    # Cooks that read more than any view offers are only seated in HLA kitchens.
    actions = [await cook.act(cast(HlaView, view)) for cook in cooks]
    kitchen.step(actions)
    table.record.write("tick", tick=view.tick + 1, actions=actions, digest=kitchen.state.digest(), **facts)
    return actions
