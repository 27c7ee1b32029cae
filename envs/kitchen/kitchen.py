"""One kitchen being cooked in: a rule book, a state, and the clock's tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from brigade.envs.kitchen.hla.layout import HlaLayout
from brigade.envs.kitchen.hla.rules import HlaRules
from brigade.envs.kitchen.hla.view import HlaView
from brigade.envs.kitchen.layout import load_layout
from brigade.envs.kitchen.overcooked_ai.layout import OvercookedLayout
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.plan import Layout
from brigade.envs.kitchen.rules import Rewards, RuleBook
from brigade.envs.kitchen.state import KitchenState
from brigade.envs.kitchen.view import KitchenView


def _hla(layout: Layout, tick_seconds: float) -> RuleBook:
    assert isinstance(layout, HlaLayout)
    return HlaRules(layout, tick_seconds)


def _overcooked(layout: Layout, tick_seconds: float) -> RuleBook:
    assert isinstance(layout, OvercookedLayout)
    return OvercookedRules(layout, tick_seconds)


RULE_BOOKS: dict[str, Callable[[Layout, float], RuleBook]] = {HlaRules.name: _hla, OvercookedRules.name: _overcooked}
"""What makes the rule book of this name for a layout of its kind and a length of tick."""


def rule_book(layout: Layout, name: str | None = None, tick_seconds: float = 0.1) -> RuleBook:
    """The rules for a layout.

    Args:
        layout: the kitchen.
        name: the rule book that is asked for; the layout's own if left out.
        tick_seconds: length of a tick.

    Raises:
        ValueError: there is no such rule book, or it refuses the layout or the tick.
    """
    if name is not None and name not in RULE_BOOKS:
        raise ValueError(f"unknown rule book {name!r} (known: {', '.join(RULE_BOOKS)})")
    if name is not None and name != layout.rules:
        raise ValueError(f"the layout {layout.name!r} is drawn for the rule book {layout.rules!r}, not for {name!r}")
    return RULE_BOOKS[layout.rules](layout, tick_seconds)


class Kitchen:
    """A kitchen with a current state.

    Args:
        layout: a layout, the name of one, or a layout file.
        rules: name of the rule book; the layout's own by default.
        tick_seconds: length of a tick.

    Raises:
        LayoutError: no such layout, or a broken one.
        ValueError: no such rule book, or it refuses the layout or the tick.
    """

    def __init__(self, layout: Layout | str, *, rules: str | None = None, tick_seconds: float = 0.1) -> None:
        self.layout = load_layout(layout) if isinstance(layout, str) else layout
        self.rules = rule_book(self.layout, rules, tick_seconds)
        self.state: KitchenState = self.rules.initial()

    def reset(self, seed: int = 0, orders: Sequence[str] | None = None) -> KitchenView:
        """Start again, with the orders drawn from this seed or given."""
        self.state = self.rules.initial(seed, orders)
        return self.view()

    def step(self, joint_action: Sequence[int]) -> Rewards:
        """Advance by one tick.

        Raises:
            ValueError: not one legal action index per cook.
        """
        return self.rules.step(self.state, joint_action)

    def view(self) -> KitchenView:
        """The present moment, immutable."""
        return self.rules.view(self.state)


class HlaKitchen(Kitchen):
    """A kitchen that goes by the HLA rule book: what macro actions and the minds that choose them are made for.

    Raises:
        LayoutError: no such layout, or a broken one.
        ValueError: a layout for another rule book, or a tick that is too short or long.
    """

    layout: HlaLayout
    rules: HlaRules

    def __init__(self, layout: Layout | str, *, tick_seconds: float = 0.1) -> None:
        super().__init__(layout, rules=HlaRules.name, tick_seconds=tick_seconds)

    def reset(self, seed: int = 0, orders: Sequence[str] | None = None) -> HlaView:
        """See Kitchen.reset."""
        self.state = self.rules.initial(seed, orders)
        return self.view()

    def view(self) -> HlaView:
        """See Kitchen.view."""
        return self.rules.view(self.state)
