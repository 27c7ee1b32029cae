"""The bench compares agents on the same kitchens and seeds, and judges spoken demands by the record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.cli import app
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.hierarchy.slow_mind.lexicon import read
from brigade.agents.models import LanguageModel
from brigade.agents.training.fast import bench
from brigade.agents.training.fast.agreement import agreement, best_temperature, by_plan, calibration_error
from brigade.agents.training.fast.data import Moment
from brigade.agents.training.fast.demands import DemandCase, demand_case, play_demand
from typer.testing import CliRunner

LATENCY = "fast=0.1,slow=0.5"


def test_every_agent_plays_the_same_kitchens_and_seeds(tmp_path: Path) -> None:
    plan = bench.Plan(("ring", "variation-20000"), ("script", "idle"), seeds=range(2))
    outcome = bench.run(plan, workers=1)
    assert len(outcome.scores("script")) == len(outcome.scores("idle")) == 4
    facts = outcome.to_json()
    overall = {each["agent"]: each for each in facts["summary"] if each["map"] == "all"}
    assert overall["script"]["minus_script"]["mean"] == 0
    assert overall["idle"]["minus_script"]["mean"] == overall["idle"]["mean"] - overall["script"]["mean"] < -10
    outcome.plot(tmp_path / "p.png")
    assert (tmp_path / "p.png").stat().st_size > 3000


def test_held_out_kitchens_are_spelled_out_and_unknown_agents_refused() -> None:
    assert len(bench.Plan(("ring", "held-out"), ("script",)).kitchens) == 5
    with pytest.raises(ValueError, match="unknown agent 'robot'"):
        bench.Plan(("ring",), ("robot",)).check()


@pytest.mark.parametrize("seed", range(8))
def test_what_is_asked_is_understood_as_it_is_meant(seed: int) -> None:
    case = demand_case(("ring", "partition", "quick")[seed % 3], seed)
    (demand,) = read(case.sentence, None).intent.demands
    assert (demand.macro.name, demand.count) == (case.macro, case.count)


def test_a_demand_that_is_met_straight_away_is_judged_exact_and_one_that_is_ignored_is_not(
    embedded: LanguageModel,
) -> None:
    case = DemandCase("ring", 3, "Chop Onion", 2)
    obedient = play_demand(case, "ring", Minds(SlowMind(None), FastMind(embedded)), LATENCY)
    assert (obedient.understood, obedient.exact, obedient.straight) == (True, True, True)
    assert obedient.seconds is not None

    class Deaf(FastMind):
        """Is never told what is wanted."""

        async def choose(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            prior = {macro: score for macro, score in kwargs["prior"].items() if score <= 1}  # type: ignore[attr-defined]
            return await super().choose(*args, **kwargs | {"agenda": None, "prior": prior})  # type: ignore[arg-type]

    deaf = play_demand(case, "ring", Minds(SlowMind(None), Deaf(embedded)), LATENCY)
    assert deaf.understood
    assert not deaf.straight


def moment(label: tuple[float, ...], values: tuple[float, ...], script: str) -> Moment:
    return Moment(0, "ring", 0, 0, 0, "script", "none", "", "ABC"[: len(label)], label, values, script)


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
    [
        ["train", "fast", "--stage", "nap"],
        ["bench", "hla", "--agents", "robot"],
        ["bench", "hla", "--maps", "nowhere"],
        ["train", "fast", "--stage", "fit", "--out", "nowhere"],
    ],
)
def test_bad_input_is_one_line_and_status_two(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_the_bench_command_writes_its_results(tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    command = ["bench", "hla", "--maps", "ring", "--agents", "script,idle", "--seeds", "1", "--workers", "1"]
    result = CliRunner().invoke(app, [*command, "--json", str(file), "--plot", str(tmp_path / "b.png")])
    assert result.exit_code == 0
    assert {each["agent"] for each in json.loads(file.read_text())["episodes"]} == {"script", "idle"}
