"""What an engine is, and the engines by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from brigade.agents.engines.local import LocalEngine

Task = TypeVar("Task")
Result = TypeVar("Result")
ENGINES = ("local", "ray")


class EngineError(ValueError):
    """An engine that cannot be had: says why and what to do."""


class Engine(Protocol):
    """Does pieces of work."""

    def map(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], workers: int
    ) -> Iterator[tuple[int, Result]]:
        """The result of every piece with its number, as it is done.

        Args:
            function: of a module that workers can import.
            tasks: its arguments; no more of them are taken than workers can be kept busy with.
            workers: pieces that are done at once.

        Raises:
            Exception: the first that a piece raises; pieces that are not yet done are given up.
        """


def engine_named(name: str) -> Engine:
    """The engine of this name: `local`, or `ray` for a Ray cluster.

    `ray` joins the cluster at `RAY_ADDRESS` (`auto`: the one on this machine), and starts one here without it.

    Raises:
        EngineError: there is none of this name, or it is not installed.
    """
    if name == "local":
        return LocalEngine()
    if name == "ray":
        try:
            from brigade.agents.engines.on_ray import RayEngine
        except ImportError:
            raise EngineError("--engine ray: Ray is not installed; pip install 'brigade-agents[ray]'") from None
        return RayEngine()
    raise EngineError(f"unknown engine {name!r} (known: {', '.join(ENGINES)})")
