"""The lists of words: what ships is what the command makes, and they tell names from words."""

from __future__ import annotations

import re
from importlib import resources

from brigade.agents.privacy.unfamiliar import UnfamiliarDetector, familiar, known
from brigade.agents.privacy.values import ordinary
from brigade.agents.training.privacy.words import Affix, build


def test_the_lists_that_ship_are_those_that_the_command_makes() -> None:
    folder = resources.files("brigade.agents.privacy")
    for name, words in build().items():
        shipped = folder.joinpath(name).read_text(encoding="utf-8").split()
        # Python's documentation differs a little between its releases, and with it what is known of computing
        assert len(set(shipped) ^ set(words)) <= (0 if name == "ordinary.txt" else 150), name
        if name == "ordinary.txt":
            assert shipped == words


def test_ordinary_words_are_in_order_and_names_are_none() -> None:
    ranks = ordinary()
    assert ranks["the"] < ranks["house"] < ranks["diabetes"]
    assert not ranks.keys() & {"marta", "leeds", "london", "microsoft"}
    assert not known() & {"kowalczyk", "szczecin", "zofia"}


def test_words_and_what_is_derived_of_them_are_familiar() -> None:
    for word in (
        "unbooked",
        "renters",
        "spreadsheets",
        "january",
        "json",
        "reschedule",
        "bookkeeping",
        "neighbour",
        "organisation",
        "pen",
        "autumn",
    ):
        assert familiar(word), word
    for word in ("zielinski", "brandtnet", "northwindx", "osprix"):
        assert not familiar(word), word


def test_an_ordinary_word_with_a_capital_inside_a_sentence_is_a_name() -> None:
    detector = UnfamiliarDetector()
    for text, found in (
        ("We told John that Grace came.", {"John", "Grace"}),
        ("She will mark the grace of it.", set()),
        ("We meet on Monday in January.", set()),
    ):
        assert {text[span.start : span.end] for span in detector.find(text)} == found


def test_an_affix_changes_stems_that_it_fits() -> None:
    plural = Affix("y", "ies", re.compile("[^aeiou]y$"), suffix=True)
    assert plural.applied("city") == "cities"
    assert plural.applied("day") is None
    assert Affix("", "re", re.compile(""), suffix=False).applied("build") == "rebuild"
