"""The engine of many machines: Ray. The only module that imports it.

Each piece is a Ray task. A task whose worker or node dies is done again elsewhere, up to RETRIES times; one that raises
is not, and what it raised is raised here. Workers keep what a piece loaded (models, kernels) for the pieces after it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import ray
from ray.exceptions import RayTaskError

Task = TypeVar("Task")
Result = TypeVar("Result")
AHEAD = 2
"""Pieces that wait for each worker."""
RETRIES = 5


class RayEngine:
    """A Ray cluster.

    Args:
        address: of the cluster; by default `RAY_ADDRESS`, else one that runs here, else a new one of this machine.
    """

    def __init__(self, address: str | None = None) -> None:
        self._address = address

    def map(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], workers: int
    ) -> Iterator[tuple[int, Result]]:
        """See Engine.map."""
        self._join()
        remote = ray.remote(num_cpus=1, max_retries=RETRIES)(function)
        numbered = enumerate(tasks)
        running: dict[Any, int] = {}
        try:
            for number, task in islice(numbered, AHEAD * workers):
                running[remote.remote(task)] = number
            while running:
                (done, *_), _ = ray.wait(list(running), num_returns=1)
                number = running.pop(done)
                result = _result(done)
                following = next(numbered, None)
                if following is not None:
                    running[remote.remote(following[1])] = following[0]
                yield number, result
        finally:
            for left in running:
                ray.cancel(left, force=False)

    def _join(self) -> None:
        if ray.is_initialized():
            return
        quiet = {"log_to_driver": False, "logging_level": "error", "include_dashboard": False}
        address = self._address or os.environ.get("RAY_ADDRESS")
        if address:
            ray.init(address=address, log_to_driver=False, logging_level="error")
            return
        try:
            ray.init(address="auto", log_to_driver=False, logging_level="error")
        except ConnectionError:
            ray.init(**quiet)


def _result(reference: Any) -> Any:
    try:
        return ray.get(reference)
    except RayTaskError as error:
        if isinstance(error.cause, Exception):
            raise error.cause from None
        raise
