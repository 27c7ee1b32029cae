"""What chooses macro actions without thinking long: planners, searches and scripted habits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from brigade.agents.hierarchy.executor import Executor, Macro
from brigade.envs.kitchen import HlaView


class Policy(Protocol):
    """Chooses macro actions for one cook."""

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """The macro action to start now; None to wait."""


@runtime_checkable
class Revising(Protocol):
    """A policy that may think better of what it has begun."""

    def revise(self, view: HlaView, doing: Executor, avoid: Iterable[Macro] = ()) -> Macro | None:
        """What to start instead of the macro action under way, at once; None to carry on. Asked on every turn."""
