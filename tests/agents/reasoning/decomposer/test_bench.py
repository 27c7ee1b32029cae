"""The contest compares contestants on the same questions, counts what they cost, and reads public files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.reasoning.decomposer.bench.assembling import Names, chosen_families, contestants, team
from brigade.agents.reasoning.decomposer.bench.contest import Contestant, Team, contest
from brigade.agents.reasoning.decomposer.bench.problems import problems_in, problems_of
from brigade.agents.reasoning.decomposer.bench.report import difference, difference_table, plot, tables, to_json
from brigade.agents.reasoning.decomposer.families import EASY, FAMILIES, HELD_OUT
from brigade.agents.training.decomposer.teachers import teach
from models import Told
from planners import Says


def load(name: str) -> Told:
    return Told(lambda text: "{}1", name=name)


def test_a_planner_that_teaches_helps_the_scripted_solver_and_every_cost_is_counted(tmp_path: Path) -> None:
    items = problems_of(["chain_sum", "single_sums"], 20, 0)
    plans = {item.question: teach(item) or "" for item in items if item.family == "chain_sum"}
    scripted = team("scripted:0.7", items, load, tools=True, seed=0)
    taught = Contestant("taught", Says(lambda question: plans.get(question, "")))
    results = contest([scripted], [taught], items, lambda *_: None)
    gain = difference(results, "scripted:0.7", "taught", "direct", "chain_sum")
    assert gain is not None
    assert gain[0] > 0.3
    assert gain[1] > 0
    easy = difference(results, "scripted:0.7", "taught", "direct", "single_sums")
    assert easy is not None
    assert easy[0] >= -0.02
    assert all(row.calls >= 1 for row in results)
    data = to_json(results, [("taught", "direct")])
    assert {row["family"] for row in data["differences"]} == {"all", "chain_sum", "single_sums"}
    assert tables(results, HELD_OUT, "")[0].row_count == 2
    assert difference_table(results, "taught", "direct").row_count == 3
    plot(results, tmp_path / "shares.png")
    assert (tmp_path / "shares.png").stat().st_size > 5000


def test_the_scripted_solver_is_above_ninety_alone_on_single_steps_and_below_half_on_long_ones() -> None:
    items = problems_of(["chain_sum", "single_sums"], 60, 1)
    alone = contest([team("scripted", items, load, tools=True, seed=0)], [], items, lambda *_: None)
    shares = {row["family"]: row["accuracy"] for row in to_json(alone)["shares"]}
    assert shares["single_sums"] > 0.9
    assert shares["chain_sum"] < 0.5


def test_a_model_is_measured_with_and_without_thinking_aloud() -> None:
    items = problems_of(["single_sums"], 2, 0)
    results = contest([team("told", items, load, tools=False, seed=0)], [], items, lambda *_: None)
    assert [row.contestant for row in results] == ["direct", "direct", "chain of thought", "chain of thought"]
    assert results[0].team == "told, no tools"
    assert isinstance(team("told", items, load, tools=True, seed=0), Team)


def test_gsm8k_and_aqua_are_read_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "gsm8k.jsonl"
    file.write_text(json.dumps({"question": "1 + 1?", "answer": "1+1=<<1+1=2>>2\n#### 2"}))
    item = problems_in(file)[0]
    assert (item.family, item.answer, item.score("2"), item.score("3")) == ("gsm8k", "2", True, False)
    aqua = {"question": "How fast?", "options": ["A)32", "B) 6"], "rationale": "", "correct": "B"}
    file.write_text(json.dumps(aqua))
    item = problems_in(file)[0]
    assert item.question == "How fast?\nOptions:\n(A) 32\n(B) 6"
    assert (item.score("(B)"), item.score("B)"), item.score("(A)")) == (True, True, False)
    for text, words in (
        ("", "no question"),
        ("{", "not JSON"),
        ('{"question": "?"}', "no answer"),
        ("[]", "gsm8k.jsonl:1"),
    ):
        file.write_text(text)
        with pytest.raises(ValueError, match=words):
            problems_in(file)


def test_contestants_are_named_on_the_command_line() -> None:
    names = Names("embedded:decomposer", None, "embedded")
    found = contestants(["prompted", "trained", "guide", "search", "best", "always"], names, load)
    assert [each.name for each in found] == ["prompted", "trained", "guide", "search", "best", "always"]
    assert (found[2].habits.mode, found[3].habits.nodes > 0, found[4].habits.plans > 1) == ("guide", True, True)
    for word in ("start", "other"):
        with pytest.raises(ValueError, match="unknown decomposer"):
            contestants([word], names, load)
    assert chosen_families("all") == (*FAMILIES, *EASY)
    with pytest.raises(ValueError, match="unknown family"):
        chosen_families("sums")
    for skill in ("scripted:2", "scripted:x"):
        with pytest.raises(ValueError, match="between 0 and 1"):
            team(skill, [], load, tools=True, seed=0)
