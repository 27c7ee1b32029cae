"""Agreement with the teacher, and what is wrong with a command about training is said in one line."""

from __future__ import annotations

import pytest
from brigade.agents.cli import app
from brigade.agents.training.fast.agreement import agreement, by_script
from brigade.agents.training.fast.data import Moment
from typer.testing import CliRunner


def moment(label: tuple[float, ...], values: tuple[float, ...], script: str) -> Moment:
    return Moment(0, "ring", 0, 0, 0, "script", "none", "", "ABC"[: len(label)], label, values, script)


def test_agreement_counts_hits_lost_points_and_what_is_allowed() -> None:
    moments = [moment((0.2, 0.8), (1.0, 3.0), "A"), moment((1.0, 0.0), (0.0, 5.0), "B"), moment((1.0,), (0.0,), "A")]
    facts = agreement(moments, by_script)
    assert facts.top1 == pytest.approx(1 / 3)
    assert facts.value_loss == pytest.approx(2 / 3)
    assert facts.followed == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "arguments",
    [["train", "fast", "--stage", "nap"], ["train", "fast", "--stage", "fit", "--out", "nowhere"]],
)
def test_bad_input_is_one_line_and_status_two(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
