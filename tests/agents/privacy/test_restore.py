"""Values come back in place of their placeholders, however these were mangled and wherever a stream was cut."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from brigade.agents.privacy.restore import MAX_HELD, Restorer, in_json_string, restore
from hypothesis import given, settings
from hypothesis import strategies as st

VALUES = {
    "<PERSON_1>": "Marta",
    "<PERSON_12>": "Piotr",
    "<EMAIL_1>": "m@x.org",
    "<DATE_OF_BIRTH_1>": "12 March",
    "<DETAIL_1>": 'a "quoted"\nline',
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear <PERSON_1>,", "Dear Marta,"),
        ("<PERSON_1><PERSON_12>", "MartaPiotr"),
        ("<PERSON_1>'s and <PERSON_12>", "Marta's and Piotr"),
        ("PERSON_1 wrote", "Marta wrote"),
        ("person_1 wrote, <person_1> too, <Person 1>", "Marta wrote, Marta too, Marta"),
        ("PERSON 1 and PERSON-12.", "Marta and Piotr."),
        ("&lt;PERSON_1&gt; and &lt;EMAIL_1&gt;", "Marta and m@x.org"),
        (r"\u003cPERSON_1\u003e", "Marta"),
        (r"<PERSON\_1> and PERSON\_1", "Marta and Marta"),
        ("[PERSON_1] (PERSON_1) {PERSON_1} **PERSON_1**", "[Marta] (Marta) {Marta} **Marta**"),
        ("[mail](mailto:<EMAIL_1>)", "[mail](mailto:m@x.org)"),
        ("<PERSON_1 and PERSON_12>", "Marta and Piotr"),
        ("<DATE_OF_BIRTH_1>, <date of birth 1>, DATE_OF_BIRTH_1", "12 March, 12 March, 12 March"),
        ("< PERSON_1 >", "Marta"),
        ("＜PERSON_1＞", "Marta"),
    ],
)
def test_mangled_placeholders_are_restored(text: str, expected: str) -> None:
    assert restore(text, VALUES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Person 1 said, and person 2 too",
        "<PERSON_2> is nobody's, and PERSON_123, <PERSON_0>",
        "person_1_name = f(person_12x)",
        "a < b and c > d; <b>bold</b>; &lt;tag&gt;; \\u0041",
        "superperson_1",
        "the person",
        "<PERSON_>",
    ],
)
def test_what_is_no_placeholder_of_this_vault_stays(text: str) -> None:
    assert restore(text, VALUES) == text


def test_what_is_put_back_is_not_looked_at_again() -> None:
    assert restore("<PERSON_1>", {"<PERSON_1>": "<PERSON_2>", "<PERSON_2>": "no"}) == "<PERSON_2>"


def test_values_are_escaped_inside_json() -> None:
    text = restore('{"q": "see <DETAIL_1> and \\u003cPERSON_1\\u003e"}', VALUES, in_json_string)
    assert json.loads(text) == {"q": 'see a "quoted"\nline and Marta'}


TEXT = (
    "Dear <PERSON_1> & PERSON_12, a<b <i>x</i> &lt;EMAIL_1&gt; <DATE_OF_BIRTH_1>. person_1's PERSON 1 <PERSON_99> "
    r"\u003cPERSON_12\u003e PERSON\_1 <PERSON_1"
)


def test_a_stream_cut_anywhere_says_the_same() -> None:
    whole = restore(TEXT, VALUES)
    for cut in range(len(TEXT) + 1):
        restorer = Restorer(VALUES)
        assert restorer.feed(TEXT[:cut]) + restorer.feed(TEXT[cut:]) + restorer.flush() == whole, cut
    restorer = Restorer(VALUES)
    assert "".join(map(restorer.feed, TEXT)) + restorer.flush() == whole


@given(
    st.lists(st.sampled_from([*VALUES, "PERSON_1", "<PERS", "ON_1>", "<", "&lt;", "P", "_1", "1", "2", " ", "x", "\\", "é"])),
    st.lists(st.integers(0, 400)),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_any_stream_cut_anywhere_says_the_same(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    ends = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    restorer = Restorer(VALUES)
    pieces = [restorer.feed(text[a:b]) for a, b in pairwise(ends)]
    assert "".join(pieces) + restorer.flush() == restore(text, VALUES)


def test_little_is_held_back_and_only_where_a_placeholder_may_begin() -> None:
    restorer = Restorer(VALUES)
    given_out = 0
    for at, letter in enumerate(TEXT * 3):
        given_out += len(restorer.feed(letter))
        assert len(restorer._held) <= MAX_HELD, at
    restorer = Restorer(VALUES)
    assert restorer.feed("Hello there, how are you?") == "Hello there, how are you?"
    assert restorer.feed("Hello <") == "Hello "
    assert restorer.feed("b> bold ") == "<b> bold "


def test_a_stream_of_brackets_is_given_out() -> None:
    restorer = Restorer(VALUES)
    out = "".join(restorer.feed("<") for _ in range(500))
    assert len(out) >= 500 - MAX_HELD
    assert out + restorer.flush() == "<" * 500
