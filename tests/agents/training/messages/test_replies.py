"""Replies: true, complete, short and varied."""

from __future__ import annotations

import pytest
from brigade.agents.hierarchy.slow_mind.faithful import is_faithful
from brigade.agents.hierarchy.slow_mind.slow_mind import REPLY_TOKENS
from brigade.agents.models import LanguageModel
from brigade.agents.training.messages import SPLITS, Split
from brigade.agents.training.messages.replies import MOST_LETTERS, ReplyPair, compose_replies


@pytest.fixture(scope="module", params=SPLITS)
def pairs(request: pytest.FixtureRequest) -> list[ReplyPair]:
    split: Split = request.param
    return compose_replies(split, 600)


def test_every_reply_states_its_facts_and_nothing_else(pairs: list[ReplyPair]) -> None:
    for pair in pairs:
        assert is_faithful(pair.reply, pair.facts), pair
        assert pair.message
        assert "{" not in pair.reply


def test_replies_are_varied_and_different(pairs: list[ReplyPair]) -> None:
    assert len(set(pairs)) == len(pairs)
    assert len({pair.reply for pair in pairs}) > 200


def test_replies_are_short_enough_to_be_said(pairs: list[ReplyPair], embedded: LanguageModel) -> None:
    assert max(len(pair.reply) for pair in pairs) <= MOST_LETTERS
    longest = max((pair.reply for pair in pairs), key=len)
    tokenizer = getattr(embedded, "_tokenizer")  # noqa: B009  the real one, as it counts
    assert len(tokenizer.encode(longest).ids) < REPLY_TOKENS


def test_every_sort_of_answer_is_there(pairs: list[ReplyPair]) -> None:
    starts = ("On it:", "From now on:", "All right, I stop", "The orders are", "Good to have you here!")
    for start in starts:
        assert any(pair.facts.startswith(start) for pair in pairs), start
    assert any("on the stove" in pair.facts for pair in pairs)
    assert any("I stop that. On it" in pair.facts for pair in pairs)


def test_replies_are_the_same_for_the_same_seed() -> None:
    assert compose_replies("test", 50, 1) == compose_replies("test", 50, 1)
    assert compose_replies("test", 50, 1) != compose_replies("test", 50, 2)
