"""Taught plans lead to the answer, whole solutions become plans, and what is misread is dropped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.reasoning.decomposer import Decomposer, Habits, Scripted, ScriptedSolver, Skill, read_plan
from brigade.agents.reasoning.decomposer.families import HELD_OUT, items_of
from brigade.agents.reasoning.decomposer.knowing import Common
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.questions import Question
from brigade.agents.training.decomposer.data import as_examples, rows
from brigade.agents.training.decomposer.practice import PRACTISED
from brigade.agents.training.decomposer.rewards import _Given
from brigade.agents.training.decomposer.teachers import TEACHERS, teach
from brigade.agents.training.decomposer.worked import plan_of, split


@pytest.mark.parametrize("family", list(TEACHERS))
def test_taught_plans_are_sound_and_lead_to_the_answer(family: str) -> None:
    tireless = Scripted(ScriptedSolver({}, Skill(1.0, 1.0), facts=Common()))
    taught = [(item, plan) for item in items_of(family, 25, "validation") if (plan := teach(item))]
    assert len(taught) >= 12
    right = 0
    for item, plan in taught:
        read = read_plan(plan, item.question)
        assert read.sound
        pipeline = Decomposer(tireless, _Given(plan), None, Habits(sure=2.0, depth=1))
        right += item.score(pipeline.solve(Question("", item.question), Cost()).answer)
    assert right >= 0.9 * len(taught)


def test_nothing_is_taught_or_practised_of_held_out_families() -> None:
    assert not set(HELD_OUT) & (set(TEACHERS) | set(PRACTISED))


def test_splits_share_no_question() -> None:
    train, validation, test = (
        {item.question for item in items_of("chain_sum", 60, split)} for split in ("train", "validation", "test")
    )
    assert not train & validation
    assert not (train | validation) & test


def test_a_worked_solution_becomes_steps_that_use_each_other() -> None:
    solution = "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\nShe sold 48+24 = <<48+24=72>>72 altogether."
    assert plan_of("Natalia sold 48 clips, then half as many.", solution, "72") == "calc 48 / 2\ncalc 48 + #1"
    free = "There are 6*2 = 12 green tiles.\nThere are 23-6-12 = 5 orange tiles."
    assert plan_of("6 white tiles, 2 times as many green, 23 in all.", free, "5") == (
        "calc 6 * 2\ncalc 23 - 6\ncalc #2 - #1"
    )


@pytest.mark.parametrize(
    ("solution", "answer"),
    [
        ("48/2 = <<48/2=24>>24", "25"),
        ("99-3 = <<99-3=96>>96", "96"),
        ("no equation", "7"),
        ("48/2 = <<48/2=23>>23", "23"),
    ],
)
def test_a_solution_that_does_not_lead_to_the_answer_is_dropped(solution: str, answer: str) -> None:
    assert plan_of("Natalia sold 48 clips, then half as many.", solution, answer) is None


def test_an_expression_is_split_in_the_order_of_its_brackets() -> None:
    assert split("( 56 + -33 ) * 2 - -4") == "calc 56 + -33\ncalc #1 * 2\ncalc #2 - -4"


def test_rows_come_from_families_and_files_and_keep_every_tenth_for_validation(tmp_path: Path) -> None:
    problem = "Ann has {n} pears and buys 3. How many has she?"
    lines = [
        {"question": problem.format(n=n), "answer": f"{n}+3=<<{n}+3={n + 3}>>{n + 3}\n#### {n + 3}"}
        for n in range(20, 60)
    ]
    (tmp_path / "gsm8k_train.jsonl").write_text("\n".join(map(json.dumps, lines)))
    human = [
        {"question": f"Is {n} much?", "answer": True, "decomposition": [f"What is {n}?", "Is #1 much?"]}
        for n in range(30)
    ]
    (tmp_path / "strategyqa_dev.json").write_text(json.dumps(human))
    train, validation = (rows(100, split, 0, tmp_path) for split in ("train", "validation"))
    assert {"gsm8k", "strategyqa", *TEACHERS} <= {row.source for row in train}
    assert not {row.question for row in train if row.source == "gsm8k"} & {row.question for row in validation}
    assert all(not read_plan(row.plan, row.question).faults for row in train)
    asked = as_examples(train)[0].messages[-1].content
    assert asked.startswith(train[0].question)
    assert "\nAttempt: " in asked
    (tmp_path / "gsm8k_train.jsonl").write_text('{}\n{"question": 1}\n')
    with pytest.raises(ValueError, match=r"gsm8k_train\.jsonl:2"):
        rows(100, "train", 0, tmp_path)
