"""What the interfaces to one kitchen have in common: looking at it, drawing it, closing its window."""

from __future__ import annotations

import numpy as np
from brigade.envs.kitchen.api.episode import Episode
from brigade.envs.kitchen.rules import RuleBook
from brigade.envs.kitchen.view import KitchenView
from numpy.typing import NDArray


class OneKitchen:
    """A mixin for environments that keep their kitchen in `_episode`."""

    _episode: Episode

    @property
    def rules(self) -> RuleBook:
        """The rule book of the kitchen."""
        return self._episode.kitchen.rules

    def view(self) -> KitchenView:
        """The present moment, for policies that want more than observations."""
        return self._episode.kitchen.view()

    def render(self) -> NDArray[np.uint8] | str | None:
        """The present moment as the render mode wants it; None for `human`, which shows it in a window."""
        return self._episode.render()

    def close(self) -> None:
        """Close the window, if there is one."""
        self._episode.close()
