"""What is private by its form: found as what it is, whole, and nothing else."""

from __future__ import annotations

import pytest
from brigade.agents.privacy.normal import readings
from brigade.agents.privacy.patterns import RECOGNISERS, PatternDetector, iban, luhn
from brigade.agents.privacy.spans import merged
from hypothesis import given, settings
from hypothesis import strategies as st

DETECTOR = PatternDetector()


def found(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in merged(DETECTOR.find(text))]


SAMPLES = [
        ("write to bob.smith+x@mail.example.co.uk today", "EMAIL", "bob.smith+x@mail.example.co.uk"),
        ("write to bob (at) example (dot) com today", "EMAIL", "bob (at) example (dot) com"),
        ("write to bob at example dot com today", "EMAIL", "bob at example dot com"),
        ("write to bob%40example.com today", "EMAIL", "bob%40example.com"),
        ("mail Ym9iQGV4YW1wbGUuY29t now", "EMAIL", "Ym9iQGV4YW1wbGUuY29t"),
        ("card 4111 1111 1111 1111 ok", "CARD", "4111 1111 1111 1111"),
        ("card 4111\u200b1111-1111.1111 ok", "CARD", "4111\u200b1111-1111.1111"),
        ("amex 378282246310005 ok", "CARD", "378282246310005"),
        ("to DE89 3704 0044 0532 0130 00 please", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("to GB29NWBK60161331926819 please", "IBAN", "GB29NWBK60161331926819"),
        ("number 123-45-6789 there", "SSN", "123-45-6789"),
        ("my social security number is 123456789.", "SSN", "123456789"),
        ("ring +48 601-234-567 now", "PHONE", "+48 601-234-567"),
        ("ring (212) 555-0147 now", "PHONE", "(212) 555-0147"),
        ("at 020 7946 0958 now", "PHONE", "020 7946 0958"),
        ("my phone is 6012345678 now", "PHONE", "6012345678"),
        ("at ２１２-５５５-０１４７ now", "PHONE", "２１２-５５５-０１４７"),
        ("lives at 221B Baker Street since", "ADDRESS", "221B Baker Street"),
        ("lives at 12 rue de la Paix.", "ADDRESS", "12 rue de la Paix"),
        ("wohnt Musterstraße 12 seit", "ADDRESS", "Musterstraße 12"),
        ("send to P.O. Box 4417 there", "ADDRESS", "P.O. Box 4417"),
        ("in Springfield, IL 62704 there", "ADDRESS", "Springfield, IL 62704"),
        ("I was born on 12 March 1984 there", "DATE_OF_BIRTH", "12 March 1984"),
        ("DOB: 03/12/1984", "DATE_OF_BIRTH", "03/12/1984"),
        ("key sk-proj-abcDEF123456ghijkl7890 ok", "SECRET", "sk-proj-abcDEF123456ghijkl7890"),
        ("token ghp_abcdefghijklmnopqrstuvwxyz0123456789 ok", "SECRET", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
        ("id AKIAIOSFODNN7EXAMPLE ok", "SECRET", "AKIAIOSFODNN7EXAMPLE"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln ok", "SECRET", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln"),
        ("the password is hunter2! ok", "SECRET", "hunter2!"),
        ("AIzaSyA-1234567890abcdefghijklmnopqrstu ok", "SECRET", "AIzaSyA-1234567890abcdefghijklmnopqrstu"),
        ("xoxb-123456789012-abcdefGHIJ ok", "SECRET", "xoxb-123456789012-abcdefGHIJ"),
        ("server 192.168.1.14 is", "IP", "192.168.1.14"),
        ("server fe80::1ff:fe23:4567:890a is", "IP", "fe80::1ff:fe23:4567:890a"),
        ("passport no. X1234567 is", "ID", "X1234567"),
        ("account number 12345678 is", "ACCOUNT", "12345678"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "value"), SAMPLES)
def test_it_is_found_as_what_it_is(text: str, kind: str, value: str) -> None:
    assert found(text) == [(kind, value)]


def test_a_private_key_is_found_to_its_end() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----"
    assert found(f"here: {key} ok") == [("SECRET", key)]


@pytest.mark.parametrize(
    "text",
    [
        "In 2019-2020 we sold 1,234,567 units at $12.50, three to four times as many.",
        "On 2024-03-01, version 4.5.6 of chapter 12/11/2020; see pages 100-200.",
        "The number 4111 1111 1111 1112 fails its check.",
        "Write 500 words. Step 1: 2 cups. The password is important; token: string.",
        "Meet me at the dot com boom. I looked at it; it is 10 000 000 times 3.14159265.",
        "localhost is 127.0.0.1; the 5 way deal; turn 3 in the drive way.",
        "def f(x): return x[1:-1]  # 0x1F, 1e-5, 16:45:10",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert found(text) == []


MORE = [
    "SSN: 219099999", "pay https://ann:pa55w0rd@host.example/x", "whsec_abcdefghijklmnop", "glpat-abcdefghijklmnopqrst",
    "ya29.abcdefghijklmnopqrstuv", "xoxb-abcdefghij", "AKIAABCDEFGHIJKL", "-----BEGIN PRIVATE KEY-----\nabc", "npm_" + 30 * "a",
    "AC" + 32 * "a", "key-" + 32 * "b", 32 * "c" + "-us12", "AGE-SECRET-KEY-1" + 50 * "Q", "AccountKey=" + 40 * "a",
    "born: 1984-03-12", "12 March 1984 (birthday)", "ul. Długa 12", "12 bis, rue de la Paix", "7 allée des Tilleuls",
    "p o box 12", "bearer abcdef123456", "pin 4821", "sort code 12-34-567890", "tax id 123-456-78", "AB 12 34 56 C",
    "mac 00:1a:2b:3c:4d:5e", "::ffff:10.1.2.3", "10.1.2.3", "https://www.linkedin.com/in/ann", "555-0147", "call 6012345",
    "(0) 30 123456", "1 (212) 555 0147", "ring 12-34-56-78", "bc1" + 30 * "q1", "Leeds LS2 9JT", "12 old mill road",
    "de89370400440532013000", "bob at example dot com", "bob @ example . com",
]  # fmt: skip


@pytest.mark.parametrize("text", [*(text for text, _, _ in SAMPLES), *MORE])
def test_hints_save_time_and_hide_nothing(text: str) -> None:
    """Each recogniser by itself, without its hint and words, finds no more than all with them."""
    kinds = {span.kind for span in DETECTOR.find(f"Well: {text}")}
    for recogniser in RECOGNISERS:
        for reading in readings(f"Well: {text}"):
            for match in recogniser.form.finditer(reading.text):
                value = match.group("v" if "v" in recogniser.form.groupindex else 0)
                assert recogniser.kind in kinds or not (recogniser.holds is None or recogniser.holds(value))


def test_check_digits() -> None:
    assert luhn("4111 1111 1111 1111")
    assert not luhn("4111 1111 1111 1112")
    assert not luhn("0000 0000 0000 0000")
    assert iban("GB82 WEST 1234 5698 7654 32")
    assert not iban("GB82 WEST 1234 5698 7654 33")


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_looked_at(text: str) -> None:
    for span in DETECTOR.find(text):
        assert 0 <= span.start < span.end <= len(text)
