"""The engine of one machine does every piece once, in other processes, and never takes more than it can keep busy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest
from brigade.agents.engines import EngineError, engine_named
from pieces import Piece, square


@pytest.mark.parametrize("workers", [1, 2])
def test_every_piece_is_done_once(workers: int) -> None:
    done = dict(engine_named("local").map(square, [Piece(number) for number in range(9)], workers))
    assert {number: result for number, (result, _) in done.items()} == {number: number**2 for number in range(9)}
    assert (os.getpid() in {process for _, process in done.values()}) == (workers == 1)


def test_what_a_piece_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="no square of -1"):
        list(engine_named("local").map(square, [Piece(3), Piece(-1)], 2))


def test_work_may_be_without_end() -> None:
    taken = []

    def pieces() -> Iterator[Piece]:
        for number in count():
            taken.append(number)
            yield Piece(number)

    for done, _ in enumerate(engine_named("local").map(square, pieces(), 2)):
        if done == 5:
            break
    assert len(taken) < 20


def test_an_unknown_engine_is_told_in_words() -> None:
    with pytest.raises(EngineError, match=r"unknown engine 'slurm' \(known: local, ray\)"):
        engine_named("slurm")
