"""A knowledge base answers what programs do not define, and keeps what models say for people to review."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.known_base import BaseKnowledge
from brigade.knowledge import Entity, Fact, KnowledgeBase
from brigade.knowledge.inference.deriving import Inference
from models import Told

PROGRAM = """
total = 0
for animal in ["spider", "Spiders", "the ant"]:
    total += legs(animal)
answer = total
"""


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeBase:
    base = KnowledgeBase(tmp_path / "base.db")
    base.declare("legs", single=True)
    base.add_fact("spider", "legs", 8, source="a zoo's guide")
    return base


def test_facts_and_what_follows_from_them_answer_calls(base: KnowledgeBase) -> None:
    base.add_rule("insects", "legs(?x, 6) :- is_a(?x, insect).")
    base.add_fact("ant", "is_a", Entity("insect"))
    Inference(base).infer()
    result = Lmulator(None, knowledge=BaseKnowledge(base)).run(PROGRAM)
    assert (result.answer, result.cost["model_calls"]) == (22, 0)
    spider = base.find("spider", "legs")[0]
    assert base.statistics(spider).uses == 2


def test_several_values_or_a_doubtful_one_answer_nothing(base: KnowledgeBase) -> None:
    base.add_fact("ant", "eats", "leaves")
    base.add_fact("ant", "eats", "sugar")
    base.add_fact("fly", "legs", 7, confidence=0.2)
    for call in ("eats('ant')", "legs('fly')"):
        assert Lmulator(None, knowledge=BaseKnowledge(base)).run(f"answer = {call}").answer is None


def test_an_answer_of_a_model_waits_for_review_and_then_is_known(base: KnowledgeBase) -> None:
    knowledge = BaseKnowledge(base)
    program = """
def is_pet(x: str) -> bool: ...
def is_near(x: str, y: str) -> bool: ...
answer = [is_pet('cat'), is_near('Leeds', 'York'), is_pet('wolf')]
"""
    model = Told(lambda asked: 0.6 if "wolf" in asked.splitlines()[-1] else 0.95)
    for _ in range(2):
        Lmulator(model, knowledge=knowledge).run(program, question="Which are pets?")
    waiting = [each for each in base.waiting() if isinstance(each, Fact)]
    assert [(each.subject, each.predicate) for each in waiting] == [("cat", "is_pet"), ('"Leeds", "York"', "is_near")]
    assert (waiting[0].author, waiting[0].confidence, "Which are pets?" in waiting[0].source) == ("model", 0.95, True)
    assert base.find("cat") == []
    for each in waiting:
        base.accept(each)
    result = Lmulator(model, knowledge=knowledge).run(program)
    assert (result.answer, result.cost["model_calls"]) == ([True, True, True], 1)  # only the wolf was asked about again


def test_the_command_line_asks_the_base(base: KnowledgeBase, tmp_path: Path) -> None:
    from brigade.agents.cli import app
    from typer.testing import CliRunner

    (tmp_path / "p.py").write_text("answer = legs('spider') * 2")
    words = ["code", str(tmp_path / "p.py"), "--model", "none", "--knowledge", str(tmp_path / "base.db"), "--json", "-"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["answer"] == 16
    both = CliRunner().invoke(app, [*words, "--facts", "x.json"])
    assert (both.exit_code, "give one" in both.stderr) == (2, True)
