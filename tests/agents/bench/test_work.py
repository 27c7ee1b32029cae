"""The bench compares agents on the same kitchens and seeds, keeps what is done, and goes on with the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from brigade.agents.bench import figures, report
from brigade.agents.bench.contestants import Reach, contestant, mark
from brigade.agents.bench.demands import KINDS
from brigade.agents.bench.plan import Job, Plan
from brigade.agents.bench.work import RESULTS, Store, rounds, run
from brigade.agents.cli import app
from brigade.agents.models import ModelError
from typer.testing import CliRunner

SMALL = Plan(("ring", "variation-20000"), ("script", "idle"), ("script", "idle"), seeds=range(2))


def scripted(folder: Path) -> str:
    """A model that chooses at random and says little."""
    file = folder / "model.yaml"
    file.write_text('- say: \'{"kind": "none"}\'\n')
    return f"script:{file}"


def test_every_agent_plays_the_same_kitchens_partners_and_seeds(tmp_path: Path) -> None:
    outcome = run(SMALL, workers=2)
    facts = figures.to_json(outcome)
    summary = {(each["agent"], each["map"], each["partner"]): each for each in facts["summary"]}
    script, idle = summary["script", "all", "all"], summary["idle", "all", "all"]
    assert script["n"] == idle["n"] == 8
    assert script["minus_script"]["mean"] == 0
    assert idle["minus_script"]["mean"] == pytest.approx(idle["mean"] - script["mean"], abs=0.01)
    assert idle["minus_script"]["mean"] < -10
    assert summary["script", "ring", "idle"]["n"] == 2
    low, high = script["ci95"]
    assert low <= script["mean"] <= high


def test_a_second_call_goes_on_with_what_is_left_and_does_nothing_twice(tmp_path: Path) -> None:
    plan = replace(SMALL, maps=("ring",), duration=20.0)
    first = run(plan, workers=1, folder=tmp_path)
    file = tmp_path / RESULTS
    lines = file.read_text().splitlines(keepends=True)
    assert len(lines) == 8
    kept = [line.replace('"score":', '"score":1000', 1) for line in lines[:5]]  # such a score only if it is kept
    file.write_text("".join(kept) + lines[5][:40])
    told: list[tuple[int, int]] = []
    second = run(plan, workers=1, folder=tmp_path, on_progress=lambda what, done, of: told.append((done, of)))
    assert told == [(5, 8), (6, 8), (7, 8), (8, 8)]
    assert sum(abs(each["score"]) >= 1000 for each in second.episodes) == 5
    assert len(first.episodes) == len(second.episodes) == 8
    more = run(replace(plan, seeds=range(3)), workers=1, folder=tmp_path)
    assert len(more.episodes) == 12
    assert len(file.read_text().splitlines()) == 12


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / RESULTS).write_text('{"who": "knows"}\n')
    with pytest.raises(ValueError, match=f"{RESULTS}:1: not a result"):
        Store(tmp_path)


def test_other_models_make_other_pieces_of_work() -> None:
    def keys(agent: str, reach: Reach) -> set[str]:
        return {job.key for job in Plan(("ring",), (agent,), seeds=range(1), reach=reach).episodes()}

    assert keys("hla", Reach()) == keys("hla", Reach())
    assert keys("hla", Reach()).isdisjoint(keys("hla", Reach(fast="openai:x")))
    assert keys("script", Reach()) == keys("script", Reach(fast="openai:x"))
    assert mark("embedded")
    assert mark("openai:x") == ""


@pytest.mark.parametrize(
    ("name", "kind", "fast", "slow"),
    [
        ("hla", "hla", "F", "S"),
        ("hla:embedded:fast-mind", "hla", "embedded:fast-mind", "S"),
        ("hla:embedded:fast-mind+embedded:slow-mind", "hla", "embedded:fast-mind", "embedded:slow-mind"),
        ("hla:embedded+lexicon", "hla", "embedded", "lexicon"),
        ("smoa", "smoa", "", "S"),
        ("smoa:openai:big", "smoa", "", "openai:big"),
        ("fmoa", "fmoa", "F", ""),
        ("nea:embedded+lexicon", "nea", "embedded", "lexicon"),
        ("hla-script:embedded:fast-mind+lexicon", "hla-script", "embedded:fast-mind", "lexicon"),
        ("script", "script", "", ""),
        ("planner", "planner", "", ""),
    ],
)
def test_agents_are_named_with_their_models(name: str, kind: str, fast: str, slow: str) -> None:
    found = contestant(name, Reach("F", "S"))
    assert (found.kind, found.fast, found.slow) == (kind, fast, slow)
    assert "lexicon" not in found.models


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(("ring",), ("robot",)), "unknown agent 'robot'"),
        (Plan(("ring",), ("smoa:a+b",)), "unknown agent 'smoa:a"),
        (Plan(("nowhere",), ("script",)), "nowhere"),
        (Plan(("ring",), ("script",), ("robot",)), "unknown partner 'robot'"),
        (Plan(("ring",), ("script",), ("hla",)), "a partner does not think"),
        (Plan(("ring",), ("script",), clocks=("sundial",)), "unknown clock 'sundial'"),
        (Plan(("ring",), ("script",), latency="soon"), "latency 'soon'"),
        (Plan(("ring",), ("script",), demands=3), "none is compared"),
        (Plan(("ring",), ("script",), duration=-1), "duration"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(plan: Plan, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plan.check()


def test_held_out_kitchens_are_spelled_out() -> None:
    assert len(Plan(("ring", "held-out"), ("script",)).kitchens) == 5


def test_demands_go_round_all_kinds_and_kitchens() -> None:
    plan = Plan(("ring", "quick", "partition"), ("script", "hla"), demands=48)
    cases = list(plan.cases())
    assert len({job.seed for job in cases}) == 48
    assert {job.kind for job in cases} == set(KINDS)
    for kind in KINDS:
        assert {job.map for job in cases if job.kind == kind} == {"ring", "quick", "partition"}


def test_on_the_real_clock_thinkers_have_cores_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    plan = Plan(("ring",), ("script", "teacher", "hla:openai:x+lexicon"), clocks=("simulated", "real"), seeds=range(1))
    found = {name: (jobs, processes) for name, jobs, processes in rounds(list(plan.episodes()), 6)}
    who = {name: [job.agent.name for job in jobs if job.agent] for name, (jobs, _) in found.items()}
    assert who["simulated clock"] == ["script", "teacher", "hla:openai:x+lexicon"]
    assert who["real time, scripts"] == ["script"]
    assert who["real time"] == ["teacher", "hla:openai:x+lexicon"]
    assert [processes for _, processes in found.values()] == [6, 24, 3]
    assert [processes for *_, processes in rounds([], 1)] == [1, 4, 1]


def test_agents_that_think_are_measured_on_both_clocks(tmp_path: Path) -> None:
    model = scripted(tmp_path)
    agents = ("script", f"smoa:{model}", f"nea:{model}+lexicon", f"hla:{model}+lexicon")
    plan = Plan(("quick",), agents, seeds=range(1), clocks=("simulated", "real"), duration=4.0)
    outcome = run(plan, workers=1)
    assert len(outcome.episodes) == 8
    rows = {(row["clock"], row["agent"]): row for clock in plan.clocks for row in figures.latencies(outcome, clock)}
    assert rows["simulated", agents[1]]["macro_ms"]["p50"] == 1500
    assert rows["simulated", agents[3]]["macro_ms"]["p50"] == 100
    assert rows["simulated", agents[2]]["macro_ms"] is None
    assert rows["simulated", agents[2]]["atomic_ms"]["p50"] == 100
    assert 0 < rows["real", agents[2]]["atomic_ms"]["p50"] < 100
    assert rows["simulated", "script"]["atomic_ms"]["p50"] < 10


def test_demands_tables_and_plots_come_of_a_whole_run(tmp_path: Path) -> None:
    model = scripted(tmp_path)
    command = [
        "bench", "hla", "--maps", "ring", "--agents", f"script,hla:{model}+lexicon", "--seeds", "1", "--duration", "5",
        "--demands", "8", "--workers", "1", "--out", str(tmp_path / "out"), "--json", str(tmp_path / "b.json"),
    ]  # fmt: skip
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    data = json.loads((tmp_path / "b.json").read_text())
    assert json.loads((tmp_path / "out" / report.SUMMARY).read_text()) == data
    told = {row["kind"]: row for row in data["fulfilment"] if row["agent"] == "told"}
    assert told["doing"]["mean"] == 1
    assert told["doing"]["n"] == 5
    assert "question" not in told
    asked = {each["agent"] for each in data["demands"]}
    assert asked == {"script", "told", f"hla:{model}+lexicon"}
    text = (tmp_path / "out" / report.TABLES).read_text()
    assert all(words in text for words in ("score by map", "minus script", "demands fulfilled", *KINDS))
    for name in ("scores", "latency", "fulfilment"):
        assert (tmp_path / "out" / f"{name}.png").stat().st_size > 3000


@pytest.mark.parametrize(
    "arguments", [["--agents", "robot"], ["--maps", "nowhere"], ["--clock", "sundial"], ["--partners", "robot"]]
)
def test_bad_input_is_one_line_and_status_two(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["bench", "hla", *arguments])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_model_that_cannot_be_had_is_failed_work() -> None:
    with pytest.raises(ModelError):
        run(Plan(("ring",), ("hla:embedded:nobody",), seeds=range(1)), workers=1)
    assert Job("episode", "ring", 0).key
