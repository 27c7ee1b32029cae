"""What of a person's facts is found in a text, in whatever disguise, and what is left alone."""

from __future__ import annotations

import time

import pytest
from brigade.agents.privacy import Fact, PrivateSet
from brigade.agents.privacy.spans import merged
from hypothesis import given, settings
from hypothesis import strategies as st
from people import DISGUISES, FACTS, private_set

PRIVATE = private_set()


def found(text: str, private: PrivateSet = PRIVATE) -> list[str]:
    return [text[span.start : span.end] for span in merged(private.find(text))]


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("key", FACTS)
def test_every_fact_is_found_in_every_disguise(key: str, disguise: str) -> None:
    """The whole of it, so that cutting out what is found leaves no word of it."""
    hidden = DISGUISES[disguise](FACTS[key])
    text = f"Please see this: {hidden} and tell me more about it."
    spans = merged(PRIVATE.find(text))
    assert spans, text
    left = text
    for span in reversed(spans):
        left = left[: span.start] + "#" + left[span.end :]
    if disguise in ("plain", "lower", "upper", "zero width", "homoglyphs", "dashes"):
        assert FACTS[key] not in left
        assert not PRIVATE.find(left)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear Marta,", ["Marta"]),
        ("ask Mrs Kowalczyk's office", ["Kowalczyk"]),
        ("user martaKowalczyk99", ["martaKowalczyk"]),
        ("Kowalczik, kowalcyzk", ["Kowalczik", "kowalcyzk"]),
        ("born on March 12th, 1984", ["March 12th, 1984"]),
        ("on 12/03/1984 or 12.3.84", ["12/03/1984", "12.3.84"]),
        ("call 601-234-567", ["601-234-567"]),
        ("is metformin safe?", ["metformin"]),
        ("moving from Leeds", ["Leeds"]),
        ("Osprey is hiring", ["Osprey"]),
    ],
)
def test_parts_inflections_slips_and_other_forms_are_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Write a limerick about the sea, please.",
        "She needs seeds and leads; the market has martyrs and a march.",
        "How do I sort a list of numbers in Python?",
        "What is the capital of Portugal? Explain photosynthesis in 100 words.",
        "Draft an email that declines a meeting politely.",
    ],
)
def test_ordinary_requests_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_runs_of_words_shared_with_a_longer_text_are_found() -> None:
    private = PrivateSet(texts=["The quarterly forecast slipped because the rollout was late, so nobody slept."])
    assert found("Say that the quarterly forecast slipped again", private) == ["the quarterly forecast slipped"]
    assert found("The forecast is quarterly; it was late so often.", private) == []


def test_allowed_terms_may_be_sent() -> None:
    private = PrivateSet([Fact("city", "Leeds"), Fact("name", "Ann Leeds")], allow=["Leeds"])
    assert found("Leeds is a city; so says Ann.", private) == ["Ann"]


def test_values_may_be_added_without_changing_the_set() -> None:
    more = PRIVATE.with_values([("Quillon Barst", "PERSON")])
    assert found("for quillon  barst", more) == ["quillon  barst"]
    assert found("for quillon  barst") == []


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_looked_at(text: str) -> None:
    for span in PRIVATE.find(text + " Marta " + text):
        assert 0 <= span.start < span.end <= 2 * len(text) + 7
    assert PRIVATE.find(text + " Marta " + text)


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["Kowalczyk", "marta.k@northwind.example"]))
@settings(max_examples=200, deadline=None)
def test_a_long_value_is_found_whatever_stands_around_it(before: str, after: str, value: str) -> None:
    text = f"{before} {value} {after}"
    assert any(text[s.start : s.end].strip() for s in PRIVATE.find(text))


def test_time_grows_with_the_text_and_not_with_the_private_set() -> None:
    text = "The quick brown fox went to market with three friends and a dozen apples at noon today. " * 23
    large = PrivateSet([Fact("name", f"Yrsu{n}lo Zutterb{n}arn") for n in range(2000)])

    def seconds(private: PrivateSet) -> float:
        start = time.perf_counter()
        private.find(text)
        return time.perf_counter() - start

    small_time = min(seconds(PRIVATE) for _ in range(5))
    assert min(seconds(large) for _ in range(5)) < 20 * small_time + 0.02
