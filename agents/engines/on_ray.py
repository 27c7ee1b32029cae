"""The engine of many machines: Ray. The only module that imports it.

Pieces go out in bundles, a Ray task each, of about BUNDLE seconds: one at a time cost 6 ms a piece. A task
whose worker or node dies is done again elsewhere, up to RETRIES times; one that raises is not, and what it raised is
raised here. Workers keep what a piece loaded (models, kernels) for the pieces after it.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import ray
from ray.exceptions import RayTaskError

Task = TypeVar("Task")
Result = TypeVar("Result")
AHEAD = 2
"""Bundles that wait for each worker."""
RETRIES = 5
BUNDLE, MOST = 0.2, 32
"""Seconds and pieces of a bundle."""


class RayEngine:
    """A Ray cluster.

    Args:
        address: of the cluster; by default `RAY_ADDRESS` (`auto`: the one on this machine), else a new one here.
    """

    def __init__(self, address: str | None = None) -> None:
        self._address = address

    def map(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], workers: int
    ) -> Iterator[tuple[int, Result]]:
        """See Engine.map."""
        self._join()
        remote = ray.remote(num_cpus=1, max_retries=RETRIES)(_several)
        act, numbered = ray.put(function), enumerate(tasks)
        running: dict[Any, list[int]] = {}
        size = 1

        def begin() -> None:
            bundle = list(islice(numbered, size))
            if bundle:
                running[remote.remote(act, [task for _, task in bundle])] = [number for number, _ in bundle]

        try:
            for _ in range(AHEAD * workers):
                begin()
            while running:
                (done, *_), _ = ray.wait(list(running), num_returns=1)
                numbers = running.pop(done)
                results, seconds = _result(done)
                size = max(1, min(MOST, int(BUNDLE * len(numbers) / max(seconds, 1e-6))))
                begin()
                yield from zip(numbers, results, strict=True)
        finally:
            for left in running:
                ray.cancel(left, force=False)

    def _join(self) -> None:
        if ray.is_initialized():
            return
        # Without an address none is looked for: Ray would wait a minute for one that is gone.
        address = self._address or os.environ.get("RAY_ADDRESS") or "local"
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)


def _several(function: Callable[[Any], Any], tasks: list[Any]) -> tuple[list[Any], float]:
    """A bundle's results, and how long it took."""
    start = time.perf_counter()
    return [function(task) for task in tasks], time.perf_counter() - start


def _result(reference: Any) -> Any:
    try:
        return ray.get(reference)
    except RayTaskError as error:
        if isinstance(error.cause, Exception):
            raise error.cause from None
        raise
