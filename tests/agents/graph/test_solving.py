"""The solver's graph: it chooses a strategy, and answers directly what a strategy could not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from brigade.agents.graph import SolverContext, solver
from brigade.agents.reasoning.choosing import of_message
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.writing import Collection
from brigade.agents.reasoning.questions import Question
from brigade.agents.reasoning.solve import STRATEGIES, Means
from models import Told


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


QUESTIONS = {
    "What is the sum of two and three?": "code",
    "Sort the following words alphabetically: List: pear apple": "code",
    "How many legs does a spider have?": "retrieve",
    "What is the capital of France?": "direct",
    "Which is a fruit?\nOptions:\n(A) car\n(B) pear": "direct",
}


def surely(text: str) -> object:
    """A model that is sure of what it is asked, and writes programs."""
    if "Program:" in text or "sum of" in text:
        return "{}\n# CODE START\nanswer = 5\n# CODE END"
    return 0.99 if "Options" in text else "Paris"


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_graph_and_the_command_choose_alike(question: str) -> None:
    def means() -> Means:
        model = Told(surely)
        return Means(model, Lmulator(model, knowledge=common_knowledge()))

    auto = STRATEGIES["auto"](means()).solve(Question("1", question))
    graph = await solver.ainvoke({"question": question}, context=SolverContext(means=means()))
    assert (graph["chosen"], graph["answer"], graph["model_calls"]) == (auto.strategy, auto.answer, auto.cost.calls)
    assert auto.strategy == QUESTIONS[question]


@pytest.mark.parametrize(
    ("message", "taken"),
    [
        ("Write a note to my landlord, please", "direct"),
        ("How many apples are 3 and 4 apples?", "auto"),
        ("First find her office, then tell me who shares it.", "auto"),
    ],
)
def test_a_message_is_worked_out_only_if_its_words_ask_for_it(message: str, taken: str) -> None:
    assert of_message(message, Collection())[0] == taken
