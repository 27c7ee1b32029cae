"""The reward is what a plan does for the solver; no form outweighs it, and cheating does not pay."""

from __future__ import annotations

import pytest
from brigade.agents.reasoning.decomposer import Scripted, ScriptedSolver, Skill
from brigade.agents.reasoning.decomposer.pipeline import Outcome
from brigade.agents.reasoning.decomposer.plans import read_plan
from brigade.agents.training.decomposer.gradient import means
from brigade.agents.training.decomposer.rewards import REFUSED, SHAPING, TERMS, WEIGHTS, Judge, Seen

QUESTION = "A shop has 40 pears, sells 12 and buys 3 boxes of 8. How many pears has it?"
GOOD = "calc 40 - 12\ncalc 3 * 8\ncalc #1 + #2"


def right(said: str | None) -> bool:
    return said == "52"


def wrong_alone(**skill: float) -> Scripted:
    """Knows every single step, and never the whole."""
    return Scripted(ScriptedSolver({QUESTION: "52"}, Skill(one_step=1.0, per_step=1e-9, **skill)))


def reward(text: str, without: tuple[str, ...] = ()) -> float:
    return Judge(wrong_alone(), without).judge(QUESTION, text, right).total


def term(name: str, text: str, question: str = QUESTION) -> float:
    outcome = Outcome(None, 0.0, "plan", "", ())
    return TERMS[name](Seen(question, read_plan(text, question), outcome))


def test_a_plan_that_turns_wrong_into_right_earns_one_and_its_form() -> None:
    judged = Judge(wrong_alone()).judge(QUESTION, GOOD, right)
    assert judged.gain == 1.0
    assert judged.total == pytest.approx(1 + SHAPING)


def test_a_plan_that_turns_right_into_wrong_costs_one() -> None:
    good_alone = Scripted(ScriptedSolver({QUESTION: "52"}, Skill(1.0, 1.0)))
    assert Judge(good_alone).judge(QUESTION, "calc 40 - 12", right).gain == -1.0
    assert Judge(good_alone).judge(QUESTION, GOOD, right).gain == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "", "calc 40 - 12\n" * 3, f"ask {QUESTION}", "calc #2\ncalc #1", "\n".join(f"calc {n} * 8" for n in range(40)),
        "40 12 3 8", "ask " + "pears 40 12 3 8 " * 30,
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_carried_out_is_worse_than_none(text: str) -> None:
    assert reward(text) == REFUSED


@pytest.mark.parametrize("text", ["calc 52 + 0", "calc 26 * 2", "calc 40 - 12\ncalc 52 + 0 * #1"])
def test_telling_the_answer_earns_nothing_for_being_right(text: str) -> None:
    judged = Judge(wrong_alone()).judge(QUESTION, text, right)
    assert judged.gain == 0.0
    assert judged.terms["uncomputed"] == 0.0


def test_a_plan_that_fails_is_not_solved_though_the_first_attempt_is_right() -> None:
    good_alone = Scripted(ScriptedSolver({QUESTION: "52"}, Skill(1.0, 1.0)))
    judged = Judge(good_alone).judge(QUESTION, "calc 40 / 0", right)
    assert judged.gain <= 0.0
    assert not judged.solved


def test_copying_the_attempt_earns_nothing() -> None:
    attempt = Judge(wrong_alone()).attempt(QUESTION).answer
    for alone in (wrong_alone(), Scripted(ScriptedSolver({QUESTION: "52"}, Skill(1.0, 1.0)))):
        judged = Judge(alone).judge(QUESTION, f"calc {attempt} + 0", right)
        assert judged.gain <= 0.0
        assert not judged.solved


def test_hiding_the_answer_in_words_or_in_other_kinds_of_sub_question_earns_nothing() -> None:
    for text in (
        "ask Is it fifty-two?",
        "fact 52 of a shop",
        "ask Say 52.",
        "date leap year 52",
        "calc 5 + 47 - 0 * 40",
    ):
        judged = Judge(wrong_alone()).judge(QUESTION, text, right)
        assert judged.gain <= 0.0
        assert not judged.solved


def test_splitting_one_step_into_many_that_change_nothing_earns_no_more() -> None:
    idle = f"{GOOD}\n" + "\n".join(f"calc #{n} + 0" for n in range(3, 15))
    assert reward(idle) < reward(GOOD)


def test_naming_every_number_without_a_use_never_pays_more_than_solving() -> None:
    padded = "calc 40 + 12\ncalc 3 + 8\ncalc 40 + 3\ncalc 12 + 8\ncalc 40 - 8"
    assert reward(padded) < SHAPING
    assert reward(padded) < reward(GOOD) - 1


def test_padding_a_good_plan_with_unused_steps_earns_less() -> None:
    padded = "calc 40 + 3\ncalc 8 + 12\ncalc 40 - 12\ncalc 3 * 8\ncalc #3 + #4"
    assert reward(padded) < reward(GOOD)


def test_shaping_is_bounded_whatever_the_length() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert WEIGHTS.keys() == TERMS.keys()
    for text in (GOOD, "calc 40 - 12", "ask Why?\nask How #1?"):
        assert 0.0 <= Judge(wrong_alone()).judge(QUESTION, text, lambda said: False).total <= SHAPING


def test_each_term_tells_good_from_bad() -> None:
    assert term("coverage", GOOD) == 1.0
    assert term("coverage", "calc 40 - 12") == 0.5
    assert term("coverage", "ask Was Hamlet by Shakespeare?", "Did Shakespeare see Japan?") == 0.5
    assert term("order", GOOD) == 1.0
    assert term("order", "calc 40 - 12\ncalc 3 * 8") == 0.0
    assert term("number", GOOD) == 1.0
    assert term("number", "\n".join(f"calc {n} + 40" for n in range(16))) == 0.5
    assert term("uncomputed", GOOD) == 1.0
    assert term("uncomputed", "calc 28 + 24") == 0.0


def test_consistency_asks_that_sums_go_on_from_numbers() -> None:
    plan = read_plan("ask What are pears?\ncalc #1 + 8", QUESTION)

    def outcome(answer: str) -> Outcome:
        row = {"step": "sub-question", "number": 1, "answer": answer}
        return Outcome(None, 0.0, "plan", "", (row,))

    assert TERMS["consistency"](Seen(QUESTION, plan, outcome("fruit"))) == 0.0
    assert TERMS["consistency"](Seen(QUESTION, plan, outcome("44"))) == 1.0


@pytest.mark.parametrize("name", list(TERMS))
def test_every_term_can_be_left_out(name: str) -> None:
    assert reward(GOOD, (name,)) == pytest.approx(1 + SHAPING * (1 - WEIGHTS[name]))
    with pytest.raises(ValueError, match="unknown reward term"):
        Judge(wrong_alone(), ("style",))


def test_a_step_of_training_is_told_by_its_means() -> None:
    judge = Judge(wrong_alone())
    row = means([judge.judge(QUESTION, GOOD, right), judge.judge(QUESTION, "", right)])
    assert row["reward"] == pytest.approx((1 + SHAPING + REFUSED) / 2)
    assert (row["gain"], row["refused"], row["coverage"]) == (0.5, 0.5, 1.0)
