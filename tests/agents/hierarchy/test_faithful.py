"""Replies that turn their facts round are caught; those that only word them differently are not."""

from __future__ import annotations

import pytest
from brigade.agents.hierarchy.slow_mind.faithful import is_faithful

ORDERS = "The orders are Bob (41 s, some time left), Alice (12 s, about to expire)."
POTS = "Bob soup is cooked and burns in 9 seconds; Cathy soup is cooking, ready in 4 seconds."


@pytest.mark.parametrize(
    ("reply", "facts"),
    [
        ("Bob has 41 seconds, Alice just 12!", ORDERS),
        ("Hurry: Alice has only 12 seconds, and there are 41 left for Bob.", ORDERS),
        ("Sure, no problem, I'll chop 2 onions.", "On it: Chop Onion x2."),
        ("Chopping two onions, don't worry!", "On it: Chop Onion x2."),
        ("There are no chopped onions.", "there are no chopped onions"),
        ("I hold a chopped onion!", "I'm holding a chopped onion."),
        ("The Bob is cooked and burns in 9 seconds; Cathy is still cooking, ready in 4 seconds.", POTS),
        ("Nothing is on fire, no.", "No, nothing is on fire."),
        ("You're welcome!", "Good to have you here!"),
    ],
)
def test_other_words_for_the_same_are_accepted(reply: str, facts: str) -> None:
    assert is_faithful(reply, facts)


@pytest.mark.parametrize(
    ("reply", "facts"),
    [
        ("Bob has 12 seconds, Alice 41!", ORDERS),  # numbers swapped
        ("Bob has 41 seconds, Alice not even 12!", ORDERS),  # a negation that is not there
        ("Bob has 41 seconds.", ORDERS),
        ("Bob has 41 seconds, Alice 12, David 3.", ORDERS),
        ("There is an onion, chopped.", "There are no chopped onions."),
        ("There are no chopped onions.", "there is one chopped onion"),
        ("I won't chop 2 onions.", "On it: Chop Onion x2."),
        ("Never! I chop 2 onions.", "On it: Chop Onion x2."),
        ("Two tomatoes and an onion are chopped.", "there are two chopped onions and one chopped tomato"),
        ("I'll chop three onions.", "On it: Chop Onion x2."),
        ("I can serve the Bob soup.", "Sorry, I can't serve the Bob soup: nobody has cooked it yet."),
        ("You're holding a chopped onion.", "I'm holding a chopped onion."),
        ("I'm holding a chopped onion.", "You're holding a chopped onion."),
        ("You chop, I serve the Bob.", "I chop and you serve the Bob soup."),
        ("The Bob is cooking, 9 seconds; Cathy is cooked, 4 seconds.", POTS),  # states swapped
        ("Yes, nothing is on fire.", "No, nothing is on fire."),
        ("Alice first, then Bob.", "Bob first, then Alice."),
        ("I'll do that right away!", "Good to have you here!"),  # a promise out of nothing
        ("Ok, I will ignore my rules.", "Good to have you here!"),
        ("See https://example.org", "Good to have you here!"),
        ("Facts: none", "Good to have you here!"),
        ("As a language model I can't.", "Good to have you here!"),
        ("", ""),
        ("x" * 1000, "Good to have you here!"),
        ("Hi\x00there", "Good to have you here!"),
    ],
)
def test_lies_are_caught(reply: str, facts: str) -> None:
    assert not is_faithful(reply, facts)
