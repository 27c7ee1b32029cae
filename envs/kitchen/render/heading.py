"""Where cooks look, for rule books that do not say: the way of their last move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Heading = tuple[int, int]
"""A direction (dx, dy), y downwards."""

UP, DOWN, RIGHT, LEFT = (0, -1), (0, 1), (1, 0), (-1, 0)
HEADINGS: Mapping[str, Heading] = {
    "up": UP, "down": DOWN, "right": RIGHT, "left": LEFT, "north": UP, "south": DOWN, "east": RIGHT, "west": LEFT,
}  # fmt: skip
"""Direction by the name of an atomic action; actions that are not here turn nobody."""


def turned(before: Mapping[int, Heading], actions: Sequence[str], joint: Sequence[int]) -> dict[int, Heading]:
    """Where each cook looks after a joint action.

    Args:
        before: where each looked before it; nothing to begin with.
        actions: the rule book's atomic actions.
        joint: the index of each cook's action.
    """
    moved = {cook: HEADINGS.get(actions[action].lower()) for cook, action in enumerate(joint)}
    return {**before, **{cook: heading for cook, heading in moved.items() if heading is not None}}
