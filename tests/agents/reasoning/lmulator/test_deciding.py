"""Errors are mended where the program is wrong, filled in where Python has no word for what is meant, else told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from brigade.agents.models import LanguageModel, load_model
from brigade.agents.reasoning.lmulator import End, Lmulator, Query, Settings
from oracle import Oracle


def scripted(tmp_path: Path, *rules: dict[str, str]) -> LanguageModel:
    file = tmp_path / "answers.yaml"
    file.write_text(yaml.safe_dump(list(rules)))
    return load_model(f"script:{file}")


def test_a_method_that_no_value_has_is_asked_as_a_function_of_the_value() -> None:
    oracle = Oracle({"plural": lambda word, upper=False: word.upper() + "S" if upper else f"{word}s"})
    program = "words = ['dog', 'cat']\nanswer = [word.plural() for word in words] + ['x'.plural(upper=True)]"
    assert Lmulator(person=oracle).run(program).answer == ["dogs", "cats", "XS"]
    assert oracle.asked == ["plural('dog')", "plural('cat')", "plural('x', upper=True)"]


def test_what_a_parser_cannot_read_is_asked_with_the_state() -> None:
    seen: list[dict[str, object]] = []

    def dozen(query: Query) -> int:
        seen.append(dict(query.state))
        return 12

    oracle = Oracle(prose={"int(word)": dozen})
    result = Lmulator(person=oracle).run("word = 'a dozen'\nn = int(word)\nanswer = n + 1")
    assert result.answer == 13
    assert seen == [{"word": "a dozen"}]


def test_a_line_that_raises_inside_a_loop_is_asked_where_it_raises_only() -> None:
    oracle = Oracle(prose={"int(": lambda query: {"two": 2}[str(query.state["word"])]})
    program = "total = 0\nfor word in ['1', 'two', '3']:\n    n = int(word)\n    total += n\nanswer = total"
    assert Lmulator(person=oracle).run(program).answer == 6
    assert len(oracle.asked) == 1


@pytest.mark.parametrize(
    "statement",
    ["x += int(word)", "x = [int(word)][0]", "if int(word) > 1: x = 2", "x = x or int(word)", "x: int = int(word)"],
)
def test_every_kind_of_statement_can_be_asked_for(statement: str) -> None:
    oracle = Oracle(prose={"int(word)": lambda query: 2})
    assert Lmulator(person=oracle).run(f"x = 0\nword = 'two'\n{statement}\nanswer = x").answer == 2


@pytest.mark.parametrize("head", ["while float(word) < 3 and n < 2:", "for i in range(int(word)):"])
def test_heads_of_loops_and_returned_values_can_be_asked_for(head: str) -> None:
    value = [1, 2] if head.startswith("for") else True
    oracle = Oracle(prose={"(word)": lambda query: value})
    program = f"def f(word):\n    n = 0\n    {head}\n        n += 1\n        if n == 2:\n            break\n    return n\nanswer = f('two')"
    assert Lmulator(person=oracle).run(program).answer == 2


ARITHMETIC = {
    "answer = total(['a']) / 0": "ZeroDivisionError",
    "answer = [total(['a'])][1]": "IndexError",
    "answer = {'a': total(['a'])}['b']": "KeyError",
    "n = total(['a'])\nassert n == 5": "AssertionError",
    "n = total(['a'])\nanswer = 10.0 ** 10000 * n": "OverflowError",
    "n = total(['a'])\nraise ValueError('no')": "ValueError",
    "x = [1, 2].push(3)\nanswer = x": "AttributeError",
    "x = None\nanswer = x.upper()": "AttributeError",
    "answer = 'a' + 3": "TypeError",
    "import math\nanswer = math.sqrt(-1)": "ValueError",
}


@pytest.mark.parametrize("program", ARITHMETIC, ids=range(len(ARITHMETIC)))
def test_no_answer_is_made_up_over_a_mistake(program: str) -> None:
    oracle = Oracle({"total": lambda things: 1}, prose={"": lambda query: 42})
    result = Lmulator(person=oracle).run(program)
    assert result.end is End.ERROR
    assert ARITHMETIC[program] in result.message
    assert not any("=" in asked for asked in oracle.asked)


def test_a_mistake_is_mended_by_the_model_and_nothing_is_asked_twice(tmp_path: Path) -> None:
    model = scripted(tmp_path, {"when": "IndexError", "say": '{"line": "answer = items[2] + bonus"}'})
    oracle = Oracle({"legs": lambda animal: 4})
    program = "items = [1, 2, 3]\nbonus = legs('dog')\nanswer = items[3] + bonus"
    result = Lmulator(model, person=oracle).run(program)
    assert (result.answer, oracle.asked) == (7, ["legs('dog')"])
    assert result.program.splitlines()[2] == "answer = items[2] + bonus"
    assert [row["event"] for row in result.to_dict()["trace"]].count("repaired") == 1


def test_mending_stops_after_so_many_times(tmp_path: Path) -> None:
    model = scripted(tmp_path, {"when": "Error", "say": '{"line": "answer = 1 / 0.0"}'})
    result = Lmulator(model, settings=Settings(repairs=2)).run("answer = 1 / 0")
    assert result.end is End.ERROR
    assert result.cost["model_calls"] == 2


def test_a_model_that_finds_the_line_right_changes_nothing(tmp_path: Path) -> None:
    model = scripted(tmp_path, {"when": "", "say": '{"line": null}'})
    result = Lmulator(model).run("answer = [][1]")
    assert result.end is End.ERROR
    assert result.program == "answer = [][1]"


def test_the_programs_own_handlers_come_first() -> None:
    program = "try:\n    x = 'a'.feeling()\nexcept AttributeError:\n    x = 'none'\nanswer = x"
    assert Lmulator(person=Oracle({"feeling": lambda word: "joy"})).run(program).answer == "none"


PROSE = {
    "x = the largest of the numbers": 3,
    "set x to the largest of the numbers": 3,
    "x = 0\nx += how many there are": 3,
    "if the numbers are all positive:\n    x = 3": 3,
    "for number in those that are odd:\n    x = number": 3,
    "x = 3\nNow we are nearly done.": 3,
    "x = numbers[2]\nremove the largest from numbers": 3,
    "def f():\n    return the largest of the numbers\nx = f()": 3,
    "x = 0\nwhile there are small ones and x is below 3:\n    x += 1\n    if x == 3:\n        break": 3,
}
MEANT = {
    "largest": lambda query: [1, 2] if "remove" in query.text else 3,
    "how many": lambda query: 3,
    "positive": lambda query: True,
    "odd": lambda query: [1, 3],
    "small": lambda query: True,
}


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("body", PROSE, ids=range(len(PROSE)))
def test_prose_keeps_what_of_it_is_python(body: str, traced: bool) -> None:
    runner = Lmulator(person=Oracle(prose=MEANT), settings=Settings(traced=traced))
    result = runner.run(f"numbers = [1, 2, 3]\n{body}\nanswer = x")
    assert (result.answer, result.message) == (PROSE[body], "")


SLIPS = {
    "if 1 == 1\n    answer = 2": 2,
    "answer = (1 + 2": 3,
    "answer = [1, (2)": [1, 2],
    "answer = 1 + 2)": 3,
    "x = 3\nif x = 3:\n    answer = x": 3,
    "x = 3\nif x = 3\n    answer = x": 3,
    "x = 3\nif x > 5:\n    answer = 1\nelse if x > 2:\n    answer = 2": 2,
    "print 'hi'": "hi",
    "answer = 'a' if 1 && 2 else 'b'": "a",
    "```python\nanswer = 4\n```": 4,
    "for each x in [1, 2]:\n    answer = x": 2,
    "x = 1\n  answer = x": 1,
    "x = 1\nx++\nanswer = x": 2,
    "answer = “quoted”": "quoted",
}


@pytest.mark.parametrize("program", SLIPS, ids=range(len(SLIPS)))
def test_small_slips_are_mended_without_asking_anybody(program: str) -> None:
    result = Lmulator().run(program)
    assert (result.answer, result.message) == (SLIPS[program], "")
