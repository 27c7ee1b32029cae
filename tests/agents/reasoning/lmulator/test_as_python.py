"""A program that asks does what Python does with the same functions: the same answer from the same questions, in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from brigade.agents.reasoning.lmulator import End, Lmulator, Settings
from brigade.agents.reasoning.lmulator.values import short
from meaning import FUNCTIONS, PROGRAMS, STUBS
from oracle import Oracle


def under_python(program: str) -> tuple[object, list[str]]:
    """The answer, or the exception's type, and what was asked, each once."""
    asked: list[str] = []

    def asking(name: str) -> Callable[..., object]:
        def ask(*args: object, **named: object) -> object:
            parts = [*map(short, args), *(f"{key}={short(value)}" for key, value in named.items())]
            call = f"{name}({', '.join(parts)})"
            asked.extend([call] if call not in asked else [])
            return FUNCTIONS[name](*args, **named)

        return ask

    variables: dict[str, object] = {name: asking(name) for name in FUNCTIONS}
    try:
        exec(program, variables)
    except (LookupError, AssertionError, ArithmeticError) as error:
        return type(error).__name__, asked
    return variables["answer"], asked


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_the_answer_and_the_questions_are_those_of_python(program: str, traced: bool) -> None:
    oracle = Oracle(FUNCTIONS)
    result = Lmulator(person=oracle, settings=Settings(traced=traced)).run(STUBS + program)
    answer, asked = under_python(program)
    if result.end is End.ANSWERED:
        assert (result.answer, type(result.answer)) == (answer, type(answer))
    else:
        assert str(answer) in result.message
    assert oracle.asked == asked
