"""The engine of one machine: a pool of processes; one piece at a time needs no other process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult, Pool
from queue import SimpleQueue
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
AHEAD = 2
"""Pieces that wait for each worker, so that none is ever without."""


class LocalEngine:
    """Processes of this machine, started anew: what is loaded here is loaded again in each."""

    def map(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], workers: int
    ) -> Iterator[tuple[int, Result]]:
        """See Engine.map."""
        if workers == 1:
            for number, task in enumerate(tasks):
                yield number, function(task)
            return
        with get_context("spawn").Pool(workers) as pool:
            yield from _pooled(pool, function, enumerate(tasks), AHEAD * workers)


def _pooled(
    pool: Pool, function: Callable[[Task], Result], numbered: Iterator[tuple[int, Task]], limit: int
) -> Iterator[tuple[int, Result]]:
    """`imap_unordered` takes all tasks at once, and tasks may be without end."""
    done: SimpleQueue[int] = SimpleQueue()
    running: dict[int, AsyncResult[Result]] = {}

    def begin(number: int, task: Task) -> None:
        def ended(_: object) -> None:
            done.put(number)

        running[number] = pool.apply_async(function, (task,), callback=ended, error_callback=ended)

    for number, task in islice(numbered, limit):
        begin(number, task)
    while running:
        number = done.get()
        result = running.pop(number).get()
        following = next(numbered, None)
        if following is not None:
            begin(*following)
        yield number, result
