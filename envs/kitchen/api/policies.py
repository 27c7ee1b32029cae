"""Who plays the other cooks: policies for whole kitchens' worth of partners, by name or brought along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from brigade.envs.kitchen.overcooked_ai.view import OvercookedView
from brigade.envs.kitchen.rules import RuleBook
from brigade.envs.kitchen.view import KitchenView


class Policy(Protocol):
    """Chooses the atomic actions of one cook."""

    def reset(self, seed: int) -> None:
        """An episode begins; whatever chance there is comes from this seed."""

    def act(self, view: KitchenView) -> int:
        """The index of the action to make now."""


PolicyMaker = Callable[[RuleBook, int], Policy]
"""Makes the policy of a cook, given the rules and the cook's index: what users bring along."""


class IdlePolicy:
    """Stands still."""

    def __init__(self, rules: RuleBook, cook: int) -> None:
        self._stay = rules.actions.index("stay")

    def reset(self, seed: int) -> None:
        """See Policy.reset."""

    def act(self, view: KitchenView) -> int:
        """See Policy.act."""
        return self._stay


class RandomPolicy:
    """Any action, each as likely as the other."""

    def __init__(self, rules: RuleBook, cook: int) -> None:
        self._actions, self._cook = len(rules.actions), cook
        self.reset(0)

    def reset(self, seed: int) -> None:
        """See Policy.reset."""
        self._generator = np.random.default_rng([seed, self._cook])

    def act(self, view: KitchenView) -> int:
        """See Policy.act."""
        return int(self._generator.integers(self._actions))


class GreedyPolicy:
    """The scripted player of the overcooked_ai rule book."""

    def __init__(self, rules: RuleBook, cook: int) -> None:
        if not isinstance(rules, OvercookedRules):
            raise ValueError(f"the greedy partner plays {OvercookedRules.name} kitchens, not {rules.name}")
        self._player, self._cook, self._seed = GreedyPlayer(rules), cook, 0

    def reset(self, seed: int) -> None:
        """See Policy.reset."""
        self._seed = seed

    def act(self, view: KitchenView) -> int:
        """See Policy.act."""
        assert isinstance(view, OvercookedView)
        return self._player.act(view.state, self._cook, self._seed)


POLICIES: dict[str, PolicyMaker] = {"idle": IdlePolicy, "random": RandomPolicy, "greedy": GreedyPolicy}
"""Policy by name."""


def make_policy(policy: str | PolicyMaker, rules: RuleBook, cook: int) -> Policy:
    """The policy of this name, or of this maker, for a cook.

    Raises:
        ValueError: there is no policy of this name.
    """
    if not isinstance(policy, str):
        return policy(rules, cook)
    if policy not in POLICIES:
        raise ValueError(f"unknown partner {policy!r} (known: {', '.join(POLICIES)}, or a function that makes one)")
    return POLICIES[policy](rules, cook)
