"""The pipeline decomposes only in doubt, answers part by part, and is never the worse for a bad plan."""

from __future__ import annotations

import pytest
from brigade.agents.models import ModelError
from brigade.agents.reasoning.decomposer import Attempt, Decomposer, Habits, Scripted, ScriptedSolver, Skill
from brigade.agents.reasoning.decomposer.knowing import Common
from brigade.agents.reasoning.decomposer.plans import MOST_STEPS, Fault
from brigade.agents.reasoning.lmulator import Lmulator
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.limits import CallsSpent
from brigade.agents.reasoning.questions import Question
from hypothesis import given
from hypothesis import strategies as st
from planners import Says

QUESTION = Question("q", "A shop has 40 pears, sells 12 and buys 3 boxes of 8. How many pears has it?")
PLAN = "calc 40 - 12\ncalc 3 * 8\ncalc #1 + #2"
PARTS = (
    "calc 40 - 12",
    "calc #1 + #2",
    "calc #3 * 8",
    "fact legs of a tiger",
    "date May 4, 2022 + #1 days",
    "ask Why?",
    "#9",
)
UNSURE, SURE = Attempt("28", 0.3), Attempt("28", 0.95)


def solver(**skill: float) -> Scripted:
    return Scripted(ScriptedSolver({QUESTION.text: "52"}, Skill(**skill), facts=Common()))


def always_right() -> Scripted:
    return solver(one_step=1.0, per_step=1.0)


def test_a_sure_solver_is_not_decomposed() -> None:
    planner = Says(lambda _: PLAN)
    cost = Cost()
    outcome = Decomposer(always_right(), planner).solve(QUESTION, cost, SURE)
    assert (outcome.answer, outcome.by, cost.calls) == ("28", "first attempt", 0)
    assert not planner.seen


def test_a_sure_answer_of_the_wrong_kind_is_doubted() -> None:
    planner = Says(lambda _: PLAN)
    assert Decomposer(always_right(), planner).solve(QUESTION, Cost(), Attempt("many", 1.0)).answer == "52"


def test_a_sure_answer_that_only_repeats_a_number_of_the_sum_is_doubted() -> None:
    sums = Question("q", "Calculate 40 - 12 + 24.")
    planner = Says(lambda _: "calc 40 - 12\ncalc #1 + 24")
    assert Decomposer(always_right(), planner).solve(sums, Cost(), Attempt("24", 1.0)).answer == "52"
    assert Decomposer(always_right(), planner).solve(sums, Cost(), Attempt("52", 1.0)).by == "first attempt"


def test_in_doubt_the_decomposer_sees_the_attempt_and_the_parts_make_the_whole() -> None:
    planner = Says(lambda _: PLAN)
    outcome = Decomposer(always_right(), planner).solve(QUESTION, Cost(), UNSURE)
    assert planner.seen[0][:2] == (QUESTION.text, "28")
    assert (outcome.answer, outcome.by) == ("52", "plan")
    kinds = [step["step"] for step in outcome.steps]
    assert kinds == ["attempt", "plan", "sub-question", "sub-question", "sub-question", "verification"]
    assert outcome.steps[4]["asked"] == "calc 28 + 24"


def test_with_tools_programs_compute_and_knowledge_answers() -> None:
    question = Question("q", "How many legs do 3 tigers and 2 spiders have?")
    plan = "fact legs of a tiger\nfact legs of a spider\ncalc 3 * #1\ncalc 2 * #2\ncalc #3 + #4"
    hopeless = solver(one_step=0.0)
    pipeline = Decomposer(hopeless, Says(lambda _: plan), Lmulator(None, knowledge=common_knowledge()))
    outcome = pipeline.solve(question, Cost(), UNSURE)
    assert outcome.answer == "28"
    assert outcome.steps[2]["strategy"] == "retrieve"
    assert outcome.steps[4]["strategy"] == "code"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t\n",
        "I do not know.",
        "calc 40 - 12\n" * 3,
        "calc 40 - 12\ncalc #1 + 8\ncalc #1 + 8",
        "\n".join(f"calc {n} + 40" for n in range(300)),
        "calc 40 - " * 5000,
        "#1 calc #1 + 1",
        f"ask {QUESTION.text.upper()}!",
        "计算 40 - 12",
        "rechne 40 - 12",
        "ask Сколько груш осталось?",
        '{"steps": ["40 - 12"]}',
        "calc #2\ncalc #1",
        f"ask {QUESTION.text}",
        "calc 1 + 1\n" * 40,
        "Bien sûr !",
        "calc 1 / 0",
        "calc 2 +",
        "date soon",
    ],
)
def test_a_degenerate_plan_leaves_the_first_attempt_standing(text: str) -> None:
    lmulator = Lmulator(None)
    for tools in (None, lmulator):
        silent = Scripted(ScriptedSolver({}))
        outcome = Decomposer(silent, Says(lambda _: text), tools).solve(QUESTION, Cost(), Attempt("28", 0.99))
        assert outcome.answer == "28"
        doubtful = Decomposer(silent, Says(lambda _: text), tools, Habits(sure=2.0))
        assert doubtful.solve(QUESTION, Cost(), Attempt("28", 0.95)).answer == "28"


@given(st.text(max_size=400) | st.lists(st.sampled_from(PARTS), max_size=24).map("\n".join))
def test_whatever_a_decomposer_says_there_is_an_answer_within_bounds(text: str) -> None:
    cost = Cost()
    outcome = Decomposer(always_right(), Says(lambda _: text)).solve(QUESTION, cost, UNSURE)
    assert outcome.answer is not None
    assert cost.calls <= 2 + 2 * MOST_STEPS  # two plans at most at each of two depths, and every line answered


@pytest.mark.parametrize("error", [ModelError("the model is gone"), CallsSpent("spent")])
def test_if_drawing_again_fails_what_was_there_counts(error: Exception) -> None:
    class Gone(Says):
        def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
            if begin:
                raise error
            return super().propose(question, attempt, cost, count, begin)

    refused = Decomposer(always_right(), Gone(lambda _: "calc #1")).solve(QUESTION, Cost(), UNSURE)
    assert (refused.answer, refused.by) == ("28", "first attempt")
    poor = Decomposer(always_right(), Gone(lambda _: "calc 40 + 12")).solve(QUESTION, Cost(), Attempt("28", 0.01))
    assert (poor.answer, poor.by) == ("52", "plan")


def test_why_a_plan_was_refused_is_in_the_trace() -> None:
    outcome = Decomposer(always_right(), Says(lambda _: "calc #1")).solve(QUESTION, Cost(), UNSURE)
    assert outcome.why == "no plan can be carried out"
    assert any(str(Fault.CYCLE) in fault for fault in outcome.steps[1]["faults"])


def test_the_first_attempt_stands_if_the_plan_verifies_worse() -> None:
    off_topic = "calc 1 + 1"
    outcome = Decomposer(always_right(), Says(lambda _: off_topic)).solve(QUESTION, Cost(), Attempt("28", 0.7))
    assert (outcome.answer, outcome.by) == ("28", "first attempt")
    assert "the plan is worth" in outcome.why


def test_a_compound_sub_question_is_decomposed_again_but_only_so_deep() -> None:
    def plan(question: str) -> str:
        return "calc 40 - 12 + 3 * 8" if question == QUESTION.text else "calc 3 * 8\ncalc 40 - 12\ncalc #2 + #1"

    planner = Says(plan)
    twice = solver(one_step=1.0, per_step=0.01)
    deep = Decomposer(twice, planner, None, Habits(sure=0.95, depth=2)).solve(QUESTION, Cost(), UNSURE)
    assert deep.answer == "52"
    assert deep.steps[2]["strategy"] == "decompose"
    endless = Says(lambda _: "calc 40 - 12 + 3 * 8")
    Decomposer(twice, endless, None, Habits(sure=0.95, depth=3)).solve(QUESTION, Cost(), UNSURE)
    assert len(endless.seen) == 3


def test_of_several_plans_the_one_that_verifies_best_counts() -> None:
    planner = Says(lambda _: ["calc 40 - 12", PLAN, "calc 3 * 8"])
    outcome = Decomposer(always_right(), planner, None, Habits(plans=3)).solve(QUESTION, Cost(), UNSURE)
    assert outcome.answer == "52"


class Drawing(Says):
    """A decomposer whose likeliest plan is poor, and one of whose draws is not."""

    def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
        super().propose(question, attempt, cost, count, begin)
        return ["calc #2 + 1", "calc 40 - 12\ncalc #1 + 8", PLAN][:count] if begin else [self._say(question)[0]]


@pytest.mark.parametrize("poor", ["calc 40 - #3", "calc 40 - 12", "calc 40 - 12\ncalc 3 * 8"])
def test_if_the_likeliest_plan_has_a_fault_or_leaves_numbers_out_others_are_drawn(poor: str) -> None:
    planner = Drawing(lambda _: [poor])
    outcome = Decomposer(always_right(), planner).solve(QUESTION, Cost(), UNSURE)
    assert (outcome.answer, outcome.by, len(planner.seen)) == ("52", "plan", 2)
    once = Drawing(lambda _: [poor])
    assert Decomposer(always_right(), once, None, Habits(redraws=0)).solve(QUESTION, Cost(), UNSURE).answer != "52"
    assert len(once.seen) == 1


def test_a_flawless_plan_is_not_drawn_again() -> None:
    planner = Drawing(lambda _: [PLAN])
    Decomposer(always_right(), planner).solve(QUESTION, Cost(), UNSURE)
    assert len(planner.seen) == 1


@pytest.mark.parametrize(("again", "by"), [(PLAN, "plan"), ("calc 40 - 12\ncalc 3 * 8\ncalc #1 - #2", "first attempt")])
def test_a_plan_for_a_story_is_believed_as_often_as_it_is_drawn_again(again: str, by: str) -> None:
    class Wavering(Says):
        def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
            super().propose(question, attempt, cost, count, begin)
            return (
                [again.replace("3 * 8", f"3 * {8 - (n if again != PLAN else 0)}") for n in range(count)]
                if begin
                else [PLAN]
            )

    planner = Wavering(lambda _: PLAN)
    planner.draws = True
    outcome = Decomposer(always_right(), planner).solve(QUESTION, Cost(), Attempt("28", 0.5))
    assert (outcome.by, len(planner.seen)) == (by, 2)
    check = next(each for each in outcome.steps[-1]["checks"] if each["name"] == "steadiness")
    assert check["factor"] == (1.0 if by == "plan" else 0.25)


def test_a_plan_for_a_story_that_looks_up_what_it_names_is_not_drawn_again() -> None:
    planner = Says(lambda _: "fact legs of spider\ncalc 3 * #1\nfact legs of dog\ncalc 2 * #3\ncalc #2 + #4")
    planner.draws = True
    question = Question("q", "I keep 3 spiders and 2 dogs. How many legs are there in total?")
    Decomposer(always_right(), planner).solve(question, Cost(), UNSURE)
    assert len(planner.seen) == 1


def test_guidance_shows_the_plan_to_the_solver_and_computes_nothing() -> None:
    outcome = Decomposer(always_right(), Says(lambda _: PLAN), None, Habits(mode="guide")).solve(
        QUESTION, Cost(), UNSURE
    )
    assert [step["step"] for step in outcome.steps] == ["attempt", "plan", "guided", "verification"]
    assert outcome.answer == "52"


def test_an_answer_among_options_is_given_by_its_label() -> None:
    question = Question("q", "What is 40 - 12?\nOptions:\n(A) 12\n(B) 28\n(C) 52")
    outcome = Decomposer(always_right(), Says(lambda _: "calc 40 - 12")).solve(question, Cost(), Attempt("(C)", 0.4))
    assert outcome.answer == "(B)"


def test_a_scripted_solver_errs_more_with_more_steps_and_is_helped_by_a_plan() -> None:
    key = {f"Calculate {n} + 2 - 3 + 5 - 7.": str(n - 3) for n in range(100, 400)}
    scripted = Scripted(ScriptedSolver(key))

    def plan(question: str) -> str:
        number = question.split()[1]
        return f"calc {number} + 2\ncalc #1 - 3\ncalc #2 + 5\ncalc #3 - 7"

    pipeline = Decomposer(scripted, Says(plan))
    alone = sum(scripted.attempt(Question("", text), Cost()).answer == gold for text, gold in key.items())
    split = sum(pipeline.solve(Question("", text), Cost()).answer == gold for text, gold in key.items())
    assert alone < 0.55 * len(key)
    assert split > 0.85 * len(key)
