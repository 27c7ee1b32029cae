"""The router weighs chances against prices, says why, and never chooses what is not at hand."""

from __future__ import annotations

import pytest
from brigade.agents.reasoning.decomposer.routing import Expected, Price, Router, features_of, load_router, to_text
from brigade.agents.reasoning.questions import Question
from brigade.agents.training.decomposer.routes import compare, fit
from brigade.agents.training.decomposer.trials import Trial, Tried, questions

EXPECTED = {
    "direct": Expected(-3.0, {"margin": 6.0}, 0.0, 0.0),
    "decompose": Expected(1.0, {}, 2.0, 300.0),
    "code": Expected(3.0, {}, 1.0, 0.0),
}
SUM = Question("q", "State the final answer to the following arithmetic problem: 4 - 1 + 7 =")


def features(margin: float) -> dict[str, float]:
    return features_of(SUM, margin, has_program=False, has_fact=False)


def test_a_sure_solver_answers_itself_and_an_unsure_one_is_decomposed() -> None:
    router = Router(EXPECTED)
    assert router.choose(features(1.0), ["direct", "decompose"]).strategy == "direct"
    unsure = router.choose(features(0.2), ["direct", "decompose"])
    assert unsure.strategy == "decompose"
    assert unsure.chances["decompose"] > unsure.chances["direct"]


def test_a_choice_is_explained_and_can_be_written() -> None:
    routed = Router(EXPECTED).choose(features(1.0), ["direct", "decompose"])
    assert routed.reasons == ("margin 1.00 (+6.00)",)
    assert routed.to_dict()["strategy"] == "direct"


def test_a_higher_price_of_calls_turns_the_choice() -> None:
    chosen = [
        Router(EXPECTED, Price(per_call)).choose(features(0.4), list(EXPECTED)).strategy for per_call in (0.01, 0.9)
    ]
    assert chosen == ["code", "direct"]


def test_what_is_not_at_hand_is_not_chosen() -> None:
    assert Router(EXPECTED).choose(features(0.2), ["direct"]).strategy == "direct"
    with pytest.raises(ValueError, match="no strategy to choose from"):
        Router(EXPECTED).choose(features(0.2), ["escalate"])


def test_a_router_survives_being_written() -> None:
    assert load_router(to_text(EXPECTED, {})).expected == EXPECTED
    with pytest.raises(ValueError, match="no router"):
        load_router("{}")


def test_the_features_tell_sums_from_dates_and_words() -> None:
    dates = features_of(Question("", "Which weekday is May 4, 2022?"), 0.5, has_program=True, has_fact=False)
    assert (dates["date"], dates["operators"], dates["program"]) == (1.0, 0.0, 1.0)
    assert features(0.5)["operators"] == pytest.approx(2 / 6)


def test_chances_are_learned_from_outcomes() -> None:
    rows = [Tried({"margin": margin, "noise": 0.5}, margin > 0.5, 1, 10) for margin in (0.1, 0.3, 0.7, 0.9)] * 10
    learned = fit(rows)
    assert learned.chance({"margin": 0.9, "noise": 0.5}) > 0.8
    assert learned.chance({"margin": 0.1, "noise": 0.5}) < 0.2
    assert (learned.calls, learned.tokens) == (1.0, 10.0)


def trial(margin: float, **right: bool) -> Trial:
    tried = {
        name: Tried(features(margin), good, {"direct": 0, "decompose": 2, "code": 1}[name], 10)
        for name, good in right.items()
    }
    return Trial("sums", 3, 30, tried)


def test_the_router_is_compared_with_always_choosing_the_same_on_the_same_questions() -> None:
    rows = [
        trial(1.0, direct=True, decompose=True), trial(1.0, direct=True, decompose=False),
        trial(0.1, direct=False, decompose=True), trial(0.1, direct=False, decompose=False, code=True),
    ]  # fmt: skip
    policies = {policy.name: policy for policy in compare(Router(EXPECTED), rows)}
    assert (policies["always direct"].right, policies["always direct"].calls) == (2, 3.0)
    assert (policies["always decompose"].right, policies["always decompose"].calls) == (2, 5.0)
    assert (policies["router"].right, policies["best afterwards"].right) == (4, 4)
    assert policies["router"].choices == {"direct": 2, "decompose": 1, "code": 1}
    assert policies["router"].calls == (3 + 3 + 5 + 1) / 4  # a likely program saves the first pass
    assert "4 right" in policies["router"].line()


def test_a_way_that_comes_to_no_answer_leaves_the_first_attempt_standing() -> None:
    mute = trial(0.1, direct=True, decompose=False)
    tried = {**mute.tried, "decompose": Tried(features(0.1), False, 2, 10, answered=False)}
    routed = compare(Router(EXPECTED), [Trial("sums", 3, 30, tried)])[0]
    assert (routed.right, routed.choices) == (1, {"direct": 1})


def test_the_router_is_measured_on_other_questions_than_it_is_made_from() -> None:
    train, test = ({each.question.text for each in questions(3, split, 0)} for split in ("train", "test"))
    assert train
    assert not train & test
    assert not {each.question.id for each in questions(3, "train", 0)} & {"products", "decimal_chain_sum"}
    assert {each.question.id for each in questions(3, "test", 0)} >= {"products", "decimal_chain_sum", "facts"}
