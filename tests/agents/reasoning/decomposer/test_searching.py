"""Tree search draws further plans from the best node on and comes out with the plan whose lines verify best."""

from __future__ import annotations

from brigade.agents.reasoning.decomposer import Attempt
from brigade.agents.reasoning.decomposer.plans import read_plan
from brigade.agents.reasoning.decomposer.searching import search, step_value
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.questions import Question
from planners import Says

QUESTION = Question("q", "A shop has 40 pears, sells 12 and buys 3 boxes of 8. How many pears has it?")
GOOD = "calc 40 - 12\ncalc 3 * 8\ncalc #1 + #2"


class Going(Says):
    """Draws a poor plan at first, and the rest of a good one when it may go on from the good beginning."""

    def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
        super().propose(question, attempt, cost, count, begin)
        return [GOOD] if begin.startswith("#1 calc 40 - 12\n#2") else ["calc 40 - 12\ncalc #1 + 8", "calc 9 + 99"]


def test_the_step_verifier_prefers_sound_lines_that_use_what_is_given() -> None:
    good, short, wild = (read_plan(text, QUESTION.text) for text in (GOOD, "calc 40 - 12", "calc #9\ncalc #9"))
    assert step_value(good, QUESTION.text) > step_value(short, QUESTION.text) > step_value(wild, QUESTION.text)


def test_search_goes_on_from_the_promising_beginning_and_finds_the_plan() -> None:
    planner = Going(lambda _: "")
    plans = search(planner, QUESTION, Attempt("1", 0.1), Cost(), nodes=12)
    assert str(plans[0]) == GOOD
    assert planner.seen[0][2] == ""
    assert any(begin.startswith("#1 calc 40 - 12\n#2") for _, _, begin in planner.seen)


def test_search_draws_no_more_than_it_may_and_ends_with_a_planner_that_is_mute() -> None:
    mute = Says(lambda _: "")
    plans = search(mute, QUESTION, Attempt(None, 0.0), Cost(), nodes=30)
    assert len(mute.seen) <= 2
    assert not plans[0].sound
    planner = Going(lambda _: "")
    search(planner, QUESTION, Attempt("1", 0.1), Cost(), nodes=9)
    assert len(planner.seen) <= 3
