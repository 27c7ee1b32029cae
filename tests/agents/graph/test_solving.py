"""The solver's graph: it chooses a strategy, and answers directly what a strategy could not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.graph import SolverContext, solver
from brigade.agents.reasoning.choosing import choose_strategy
from brigade.agents.reasoning.lmulator.writing import Collection


def context(folder: Path, *says: str) -> SolverContext:
    file = folder / "says.yaml"
    file.write_text("\n".join(f"- {each}" for each in says))
    return SolverContext(model=f"script:{file}")


async def test_a_program_answers_a_question_that_counts(tmp_path: Path) -> None:
    says = context(tmp_path, 'say: "answer = 2 + 3"')
    done = await solver.ainvoke({"question": "What is the sum of two and three?"}, context=says)
    assert (done["chosen"], done["answer"]) == ("code", "5")
    assert json.loads(json.dumps(done)) == done


async def test_what_no_program_answers_is_answered_directly(tmp_path: Path) -> None:
    says = context(tmp_path, "choose: 'Yes'", 'say: "raise ValueError()"')
    done = await solver.ainvoke({"question": "Is the sum of 2 + 2 four?\nOptions:\n- Yes\n- No"}, context=says)
    assert (done["chosen"], done["answer"]) == ("direct", "Yes")


async def test_a_strategy_that_is_asked_for_is_taken_and_kept(tmp_path: Path) -> None:
    says = context(tmp_path, 'say: "raise ValueError()"')
    done = await solver.ainvoke({"question": "What is it?", "strategy": "code"}, context=says)
    assert (done["chosen"], done["answer"]) == ("code", None)
    with pytest.raises(ValueError, match="unknown strategy 'guess'"):
        await solver.ainvoke({"question": "What is it?", "strategy": "guess"}, context=says)


@pytest.mark.parametrize(
    ("question", "known", "chosen"),
    [
        ("What is the capital of France?", ("direct", "code"), "direct"),
        ("How many apples are 3 and 4 apples?", ("direct", "code"), "code"),
        ("First find her office, then tell me who shares it.", ("direct", "code", "decompose"), "decompose"),
        ("First find her office, then tell me who shares it.", ("direct", "code"), "direct"),
    ],
)
def test_the_words_tell_the_strategy(question: str, known: tuple[str, ...], chosen: str) -> None:
    assert choose_strategy(question, known, Collection())[0] == chosen
