"""Measurements go on where they stopped, and several processes share the questions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

import pytest
from brigade.agents.reasoning.decomposer.bench.assembling import team
from brigade.agents.reasoning.decomposer.bench.contest import Contestant, contest
from brigade.agents.reasoning.decomposer.bench.ledger import RESULTS, Ledger
from brigade.agents.reasoning.decomposer.bench.problems import problems_of
from brigade.agents.training.decomposer.teachers import teach
from models import Told
from planners import Says

ITEMS = problems_of(["chain_sum"], 12, 0)


def load(name: str) -> Told:
    return Told(lambda text: "{}1", name=name)


def measure(folder: Path | None, size: int = 12, mark: str = "") -> tuple[Sequence[object], Says]:
    plans = {item.question: teach(item) or "" for item in ITEMS}
    planner = Says(plans.__getitem__)
    scripted = team("scripted:0.7", ITEMS, load, tools=True, seed=0)
    taught = Contestant("taught", planner, mark=mark)
    return contest([scripted], [taught], ITEMS[:size], lambda *_: None, ledger=Ledger(folder)), planner


def measured(folder: Path) -> int:
    """In another process: how many questions it had to plan for."""
    return len(measure(folder)[1].seen)


def test_what_is_measured_is_not_measured_again_and_comes_to_the_same(tmp_path: Path) -> None:
    whole, _ = measure(None)
    _, first = measure(tmp_path, 5)
    again, second = measure(tmp_path)
    assert again == whole
    assert first.seen
    assert len(first.seen) + len(second.seen) == len(measure(None)[1].seen)
    assert not measure(tmp_path)[1].seen


def test_other_weights_are_measured_anew(tmp_path: Path) -> None:
    measure(tmp_path)
    assert measure(tmp_path, mark="other")[1].seen


def test_a_line_that_was_cut_off_is_measured_again(tmp_path: Path) -> None:
    whole, _ = measure(tmp_path)
    file = tmp_path / RESULTS
    file.write_bytes(file.read_bytes()[:-20])
    again, planner = measure(tmp_path)
    assert again == whole
    assert len(planner.seen) <= 1
    assert not measure(tmp_path)[1].seen


def test_another_file_is_told(tmp_path: Path) -> None:
    (tmp_path / RESULTS).write_text('{"question": 1}\n')
    with pytest.raises(ValueError, match="no result of this bench"):
        Ledger(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="questions are shared by POSIX locks")
def test_processes_share_the_questions(tmp_path: Path) -> None:
    alone = len(measure(None)[1].seen)
    with get_context("fork").Pool(2) as pool:
        counts = pool.map(measured, [tmp_path, tmp_path], chunksize=1)
    assert sum(counts) == alone
    assert measure(tmp_path)[0] == measure(None)[0]


def test_what_somebody_else_is_busy_with_cannot_be_claimed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    with ledger.claimed(("a",)) as mine, ledger.claimed(("b",)) as other:
        assert mine
        assert other
        with get_context("fork").Pool(1) as pool:
            assert pool.map(_free, [(tmp_path, "a"), (tmp_path, "c")]) == [False, True]


def _free(asked: tuple[Path, str]) -> bool:
    with Ledger(asked[0]).claimed((asked[1],)) as mine:
        return mine
