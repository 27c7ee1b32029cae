"""Questions are read, answered in the way that is asked for, and compared with what is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from brigade.agents.models import Completion
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.writing import Collection, families_in, program_in
from brigade.agents.reasoning.questions import Question, is_correct, read_questions
from brigade.agents.reasoning.solve import STRATEGIES, Means
from models import Told

SORTING = Question("1", "Sort the following words alphabetically: List: pear apple", "apple pear")
CHOICE = Question("2", "Which is a fruit?\nOptions:\n(A) car\n(B) pear", "(B)")


def means(model: Told, **more: object) -> Means:
    return Means(model, Lmulator(model), **more)  # type: ignore[arg-type]


def test_direct_chooses_among_the_options_and_says_how_sure() -> None:
    solved = STRATEGIES["direct"](means(Told(lambda text: 0.2))).solve(CHOICE)
    assert (solved.answer, solved.confidence, solved.cost.calls) == ("(B)", 0.8, 1)
    free = STRATEGIES["direct"](means(Told(lambda text: '{"answer": "Paris"}'))).solve(
        Question("3", "Capital of France?")
    )
    assert free.answer == "Paris"


def test_code_takes_a_program_of_the_collection_and_tells_its_trace() -> None:
    model = Told(lambda text: None)
    solved = STRATEGIES["code"](means(model)).solve(SORTING)
    assert (solved.answer, solved.strategy, model.asked) == ("apple pear", "code", [])
    assert solved.trace["written_by"] == "collection:word_sorting"


def test_code_lets_the_model_write_where_the_collection_knows_nothing() -> None:
    program = "{}\n# CODE START\ndef size(x: str) -> int: ...\nanswer = size('a') + 1\n# CODE END"
    model = Told(lambda text: program if "Program:" not in text else 4)
    solved = STRATEGIES["code"](means(model)).solve(Question("4", "How big is it?"))
    assert solved.answer is None or solved.answer == "5", solved.message
    assert solved.cost.calls == 2


def test_auto_runs_a_program_without_a_first_pass_and_says_why() -> None:
    model = Told(lambda text: None)
    solved = STRATEGIES["auto"](means(model)).solve(SORTING)
    assert (solved.answer, solved.strategy, model.asked) == ("apple pear", "code", [])
    assert solved.trace["route"]["strategy"] == "code"
    assert solved.trace["route"]["chance"]["code"] > 0.8


def test_auto_looks_up_what_is_known() -> None:
    knowing = Lmulator(None, knowledge=common_knowledge())
    solved = STRATEGIES["auto"](Means(Told(lambda text: None), knowing)).solve(
        Question("5", "How many legs does a spider have?")
    )
    assert (solved.answer, solved.strategy, solved.cost.calls) == ("8", "retrieve", 0)


def test_auto_keeps_the_first_attempt_where_nothing_else_comes_to_an_answer() -> None:
    model = Told(lambda text: "{}7")
    solved = STRATEGIES["auto"](means(model, families=Collection(()))).solve(Question("5", "What?"))
    assert solved.answer == "7"
    assert solved.trace["route"]["strategy"] in ("direct", "decompose")


def test_decompose_splits_what_the_model_is_unsure_of() -> None:
    answers = iter(["{}10", "{}11", "{}12"])
    asked = Question("6", "A shop has 40 pears, sells 12 and buys 3 boxes of 8. How many pears has it?")
    planner = Told(lambda text: "{}", name="planner")
    planner.generate = lambda *_, **__: Completion("calc 40 - 12\ncalc 3 * 8\ncalc #1 + #2", 20, 9, 0.1)  # type: ignore[method-assign]
    solved = STRATEGIES["decompose"](means(Told(lambda text: next(answers)), decomposer=planner)).solve(asked)
    assert (solved.answer, solved.strategy, solved.cost.calls) == ("52", "decompose", 4)
    assert [step["step"] for step in solved.trace["steps"]][:2] == ["attempt", "plan"]


def test_escalate_asks_the_larger_model() -> None:
    larger = Told(lambda text: '{"answer": "Lima"}', name="larger")
    model = Told(lambda text: None)
    solved = STRATEGIES["escalate"](Means(model, Lmulator(model, larger=larger))).solve(
        Question("7", "Capital of Peru?")
    )
    assert (solved.answer, solved.strategy, solved.cost.by_model) == ("Lima", "escalate", {"larger": 1})
    nobody = STRATEGIES["escalate"](means(model)).solve(Question("7", "Capital of Peru?"))
    assert nobody.answer is None
    assert "--larger" in nobody.message


def test_a_folder_of_programs_is_a_collection(tmp_path: Path) -> None:
    (tmp_path / "double.txt").write_text(
        "# match: twice (\\d+)\nimport re\nanswer = 2 * int(re.search(r'\\d+', question)[0])"
    )
    way = STRATEGIES["code"](means(Told(lambda text: None), families=Collection(families_in(tmp_path))))
    assert way.solve(Question("6", "What is twice 21?")).answer == "42"
    (tmp_path / "bad.txt").write_text("answer = 1")
    with pytest.raises(ValueError, match="bad: the first line must be"):
        families_in(tmp_path)


@pytest.mark.parametrize(
    ("said", "gold", "right"),
    [
        ("(B)", "b)", True), ("(B)", "(A)", False), ("3", "3.0", True), ("1,200", "1200", True), ("Yes.", "yes", True),
        ("True", "Yes", True), ("a  b", "a b", True), (None, "x", False), ("$5", "5", True), ("5 apples", "5", False),
    ],
)  # fmt: skip
def test_answers_are_compared_as_a_person_would(said: str | None, gold: str, right: bool) -> None:
    assert is_correct(said, gold) is right


def test_a_program_is_found_in_what_a_model_says() -> None:
    assert program_in("Sure!\n# CODE START\nx = 1\n# CODE END\nBye") == "x = 1"
    assert program_in("```python\nx = 1\n```") == "x = 1"
    assert program_in("x = 1") == "x = 1"


def test_questions_that_are_none_say_where(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    for text, words in (("", "no question"), ("{", "q.jsonl:1: not JSON"), ('{"id": 1}', "q.jsonl:1: question")):
        file.write_text(text)
        with pytest.raises(ValueError, match=words):
            read_questions(file)
    file.write_text('{"question": "a", "answer": 3}\n\n{"id": "x", "question": "b"}\n')
    assert read_questions(file) == [Question("1", "a", "3"), Question("x", "b", None)]
