"""What chooses macro actions without thinking long: planners, searches and scripted habits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from brigade.agents.hierarchy.executor import Macro
from brigade.envs.kitchen import HlaView


class Policy(Protocol):
    """Chooses macro actions for one cook."""

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """The macro action to start now; None to wait."""
