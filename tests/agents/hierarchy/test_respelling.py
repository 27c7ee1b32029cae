"""How a message is put before a trained model reads it."""

from __future__ import annotations

import pytest
from brigade.agents.hierarchy.slow_mind.respelling import respelt
from brigade.agents.training.messages.compose import compose


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("CHOP THE ONION", "chop the onion"),
        ("smmering the soup, brewng it", "simmering the soup, brewing it"),
        ("some lettus and an onoin now", "some lettuce and an onion now"),
        ("Catjy  is\n next", "cathy is next"),
    ],
)
def test_capitals_white_space_and_slips_are_put_right(typed: str, read: str) -> None:
    assert respelt(typed).replace(" (alice)", "") == read


@pytest.mark.parametrize("typed", ["plz ur thx", "don't", "a scorched skillet", "wörld 你好 42", "zqxjkvw", ""])
def test_short_forms_good_words_and_what_is_no_english_are_left_alone(typed: str) -> None:
    assert respelt(typed) == typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("the lettuce & tomatto soup", "the lettuce & tomato (bob) soup"),
        ("soup of onion, some lettuce along with tomatoes", "soup of onion, some lettuce along with tomatoes (david)"),
        ("onion and tomato, no lettuce and onion", "onion and tomato (cathy), no lettuce and onion (alice)"),
        ("chop onion after onion", "chop onion after onion"),
        ("tomato soup is no soup", "tomato soup is no soup"),
    ],
)
def test_a_list_of_foods_is_followed_by_the_name_of_its_soup(typed: str, read: str) -> None:
    assert respelt(typed) == read


def test_respelling_again_changes_no_spelling() -> None:
    for row in compose("train", 300, seed=5):
        once = respelt(row.message)
        bare = once.replace(" (alice)", "").replace(" (bob)", "").replace(" (cathy)", "").replace(" (david)", "")
        assert respelt(bare) == once
