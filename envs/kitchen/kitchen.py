"""One kitchen being cooked in: a rule book, a state, and the clock's tick."""

from __future__ import annotations

from collections.abc import Sequence

from brigade.envs.kitchen.hla import HlaRules
from brigade.envs.kitchen.layout import Layout, load_layout
from brigade.envs.kitchen.recipes import Recipe
from brigade.envs.kitchen.state import KitchenState
from brigade.envs.kitchen.view import KitchenView

RULE_BOOKS = {HlaRules.name: HlaRules}
"""Rule book by name."""


def rule_book(name: str, layout: Layout, tick_seconds: float = 0.1) -> HlaRules:
    """The rules of this name for this layout.

    Raises:
        ValueError: there is no such rule book, or it refuses the layout or the tick.
    """
    try:
        book = RULE_BOOKS[name]
    except KeyError:
        raise ValueError(f"unknown rule book {name!r} (known: {', '.join(RULE_BOOKS)})") from None
    return book(layout, tick_seconds)


class Kitchen:
    """A kitchen with a current state.

    Args:
        layout: a layout, the name of one, or a layout file.
        rules: name of the rule book; the layout's own by default.
        tick_seconds: length of a tick.

    Raises:
        LayoutError: no such layout, or a broken one.
        ValueError: no such rule book, or a tick it refuses.
    """

    def __init__(self, layout: Layout | str, *, rules: str | None = None, tick_seconds: float = 0.1) -> None:
        self.layout = load_layout(layout) if isinstance(layout, str) else layout
        self.rules = rule_book(rules or self.layout.rules, self.layout, tick_seconds)
        self.state: KitchenState = self.rules.initial()

    def reset(self, seed: int = 0, orders: Sequence[str | Recipe] | None = None) -> KitchenView:
        """Start again, with the orders drawn from this seed or given."""
        self.state = self.rules.initial(seed, orders)
        return self.view()

    def step(self, joint_action: Sequence[int]) -> int:
        """Advance by one tick; returns the change of the score.

        Raises:
            ValueError: not one legal action index per cook.
        """
        return self.rules.step(self.state, joint_action)

    def view(self) -> KitchenView:
        """The present moment, immutable."""
        return self.rules.view(self.state)
