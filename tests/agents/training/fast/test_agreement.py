"""Agreement with the teacher, and what is wrong with a command about training is said in one line."""

from __future__ import annotations

import pytest
from brigade.agents.cli import app
from brigade.agents.training.fast.agreement import agreement, best_temperature, by_plan, calibration_error
from brigade.agents.training.fast.data import Moment
from typer.testing import CliRunner


def moment(label: tuple[float, ...], values: tuple[float, ...], plan: str) -> Moment:
    return Moment(0, "ring", 0, 0, 0, "script", "none", "", "ABC"[: len(label)], label, values, plan)


def test_agreement_counts_hits_lost_points_and_what_is_allowed() -> None:
    moments = [moment((0.2, 0.8), (1.0, 3.0), "A"), moment((1.0, 0.0), (0.0, 5.0), "B"), moment((1.0,), (0.0,), "A")]
    facts = agreement(moments, by_plan)
    assert facts.top1 == pytest.approx(1 / 3)
    assert facts.value_loss == pytest.approx(2 / 3)
    assert facts.followed == pytest.approx(2 / 3)
    assert facts.calibration_error == pytest.approx(2 / 3)


def test_calibration_compares_confidence_with_how_often_it_is_right() -> None:
    assert calibration_error([0.75] * 4, [1, 1, 1, 0]) == pytest.approx(0)
    assert calibration_error([0.95, 0.55], [0, 1]) == pytest.approx((0.95 + 0.45) / 2)


def test_the_temperature_takes_back_what_a_chooser_is_too_sure_of() -> None:
    right, wrong = moment((0.0, 1.0), (0.0, 5.0), "A"), moment((1.0, 0.0), (5.0, 0.0), "A")
    assert best_temperature([right, right, right, wrong], lambda _: (0.01, 0.99)) > 2
    assert best_temperature([right] * 4, lambda _: (0.4, 0.6)) < 0.5


@pytest.mark.parametrize(
    "arguments",
    [["train", "fast", "--stage", "nap"], ["train", "fast", "--stage", "fit", "--out", "nowhere"]],
)
def test_bad_input_is_one_line_and_status_two(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
