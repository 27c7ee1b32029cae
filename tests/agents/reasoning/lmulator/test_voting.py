"""Samples that disagree fork the run; what the forks disagree on goes to the larger model."""

from __future__ import annotations

import pytest
from brigade.agents.reasoning.lmulator import End, Lmulator, Settings, Voting
from models import Told

HEAD = "def legs(animal: str) -> int: ...\ndef tall(animal: str) -> int: ...\n"


def by_style(full: object, plain: object, quiz: object) -> Told:
    """A model that answers by the way in which it is asked."""

    def say(text: str) -> object:
        if "Program:" in text:
            return full
        say.plain = not getattr(say, "plain", False)  # type: ignore[attr-defined]
        return plain if say.plain else quiz  # type: ignore[attr-defined]

    return Told(say)


def test_agreement_is_the_confidence() -> None:
    result = Lmulator(by_style(4, 4, 6), settings=Settings(voting=Voting(3))).run(f"{HEAD}answer = legs('dog')")
    assert result.answer == 4
    assert result.confidence == pytest.approx(2 / 3)
    assert [value for value, _ in result.parts[0].answer.votes] == [4, 6]
    assert [share for _, share in result.parts[0].answer.votes] == pytest.approx([2 / 3, 1 / 3])


def test_a_disagreement_forks_and_the_forks_vote() -> None:
    model = by_style(4, 6, 8)
    result = Lmulator(model, settings=Settings(voting=Voting(3))).run(
        f"{HEAD}answer = 'many' if legs('x') > 5 else 'few'"
    )
    assert result.answer == "many"
    assert dict(result.votes) == {"many": pytest.approx(2 / 3), "few": pytest.approx(1 / 3)}
    assert len(model.asked) == 3


def test_a_disagreement_that_does_not_matter_asks_no_larger_model() -> None:
    larger = Told(lambda text: 4, "larger")
    runner = Lmulator(by_style(4, 6, 8), larger=larger, settings=Settings(voting=Voting(3)))
    result = runner.run(f"{HEAD}answer = legs('x') > 3")
    assert (result.answer, result.confidence, larger.asked) == (True, 1.0, [])


def test_what_the_forks_disagree_on_is_settled_by_the_larger_model() -> None:
    larger = Told(lambda text: 6, "larger")
    runner = Lmulator(by_style(4, 6, 8), larger=larger, settings=Settings(voting=Voting(3)))
    result = runner.run(f"{HEAD}answer = legs('x') * 10")
    assert (result.answer, result.producers(), len(larger.asked)) == (60, {"larger model": 1}, 1)
    assert any(row["event"] == "escalated" for row in result.to_dict()["trace"])


def test_a_fork_goes_on_from_where_it_stands_and_not_from_the_start() -> None:
    model = by_style(4, 6, 8)
    result = Lmulator(model, settings=Settings(voting=Voting(3))).run(
        f"{HEAD}print('once')\nn = legs('x')\nprint(n)\nanswer = n % 2"
    )
    assert (result.answer, result.printed.count("once")) == (0, 1)


def test_forks_are_bounded() -> None:
    model = by_style(1, 2, 3)
    program = f"{HEAD}answer = [legs(str(n)) for n in range(8)]"
    result = Lmulator(model, settings=Settings(voting=Voting(3), worlds=5)).run(program)
    assert result.end is End.ANSWERED
    assert 1 < len(result.votes) <= 5
    assert sum(share for _, share in result.votes) == pytest.approx(1)


def test_contested_answers_are_not_remembered() -> None:
    runner = Lmulator(by_style(4, 6, 8), settings=Settings(voting=Voting(3)))
    runner.run(f"{HEAD}answer = legs('x')")
    assert len(runner.memo) == 0


def test_a_fork_that_fails_loses_its_vote() -> None:
    result = Lmulator(by_style(4, 6, 8), settings=Settings(voting=Voting(3))).run(
        f"{HEAD}answer = 24 // (legs('x') - 4)"
    )
    assert result.end is End.ANSWERED
    assert {value for value, _ in result.votes} == {12, 6}


def test_a_model_that_knows_its_probabilities_needs_one_sample() -> None:
    result = Lmulator(Told(lambda text: 0.75)).run("def ok(x: int) -> bool: ...\nanswer = ok(1)")
    assert (result.answer, result.confidence) == (True, 0.75)


def test_an_answer_that_nothing_is_known_about_has_unknown_confidence() -> None:
    assert Lmulator(Told(lambda text: 3)).run(f"{HEAD}answer = legs('x')").confidence is None


def test_voting_says_what_it_takes() -> None:
    with pytest.raises(ValueError, match="samples must be 1 to 9"):
        Voting(0)


def test_a_single_unsure_answer_is_remembered_as_it_is_so_that_a_second_run_asks_nobody() -> None:
    model = Told(lambda text: 0.55)
    runner = Lmulator(model)
    program = "def is_pet(x: str) -> bool: ...\nanswer = is_pet('wolf')"
    first, second = runner.run(program), runner.run(program)
    assert (first.answer, second.answer, len(model.asked)) == (True, True, 1)
    assert second.producers() == {"memo": 1}
