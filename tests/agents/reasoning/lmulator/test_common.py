"""Dates and units are computed for programs that name the functions, and nobody is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.cli import app
from brigade.agents.reasoning.lmulator import End, Lmulator
from brigade.agents.reasoning.lmulator.asking import Asker, Cost
from brigade.agents.reasoning.lmulator.common import common_library
from brigade.agents.reasoning.lmulator.limits import Allowance
from brigade.agents.reasoning.lmulator.writing import ModelWriter
from models import Told
from typer.testing import CliRunner


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("convert_units(3, 'miles', 'km')", 4.828032),
        ("convert_units(6, 'feet', 'inches')", 72),
        ("convert_units(90, 'minutes', 'h')", 1.5),
        ("convert_units(2, 'cups', 'tablespoon')", 32),
        ("convert_units(1, 'pound', 'g')", 453.59237),
        ("convert_units(5, 'litres', 'ml')", 5000),
        ("days_between('2024-02-28', '2024-03-01')", 2),
        ("add_days('2023-12-31', 1)", "2024-01-01"),
        ("weekday_of('2000-02-29')", "Tuesday"),
        ("age_on('2000-03-01', '2024-02-29')", 23),
    ],
)
def test_dates_and_units_are_computed(call: str, value: object) -> None:
    result = Lmulator(library=common_library()).run(f"answer = {call}")
    assert result.answer == value
    assert result.cost["model_calls"] == 0


@pytest.mark.parametrize(
    "call", ["convert_units(1, 'mile', 'kg')", "convert_units(1, 'parsec', 'm')", "weekday_of('x')"]
)
def test_what_cannot_be_computed_is_an_error_and_no_guess(call: str) -> None:
    model = Told(lambda text: 1)
    result = Lmulator(model, library=common_library()).run(f"answer = {call}")
    assert result.end is not End.ANSWERED
    assert not any("«convert_units" in asked for asked in model.asked)


def test_a_model_that_writes_is_told_of_them() -> None:
    model = Told(lambda text: '{"answer": 1}')
    ModelWriter(Asker(model, Allowance(), Cost())).write("How far?", common_library())
    assert "def convert_units(amount: float, unit: str, to: str) -> float:" in model.asked[0]


def test_brigade_code_has_them(tmp_path: Path) -> None:
    file = tmp_path / "far.py"
    file.write_text("answer = convert_units(2, 'km', 'm') + days_between('2024-01-01', '2024-01-31')")
    done = CliRunner().invoke(app, ["code", str(file), "--model", "none", "--json", "-"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["answer"] == 2030
