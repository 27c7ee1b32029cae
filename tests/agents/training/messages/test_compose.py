"""Composed rows: the same for a seed, canonical, balanced, and saying what they are said to mean."""

from __future__ import annotations

import re
import time
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from brigade.agents.hierarchy.intent import Intent, intent_schema
from brigade.agents.sessions.understand import read_questions
from brigade.agents.training.messages import SPLITS, Row, Split, compose, read_rows, write_rows
from brigade.agents.training.messages.compose import SHARES, TRAIN_SHARES
from brigade.agents.training.messages.phrases import Spec, messages
from brigade.agents.training.messages.surface import signature
from brigade.agents.training.messages.vocabulary import vocabulary

SIZES: dict[Split, int] = {"train": 12_000, "validation": 1_500, "test": 1_500}
EVERYWHERE = {
    "count", "correction", "reference", "cancel", "standing", "typo", "indirect", "several", "idiom", "ingredients",
    "orders", "food_chatter", "own", "injection", "foreign", "rude", "texting", "distractor", "bare", "mixed",
}  # fmt: skip
"""What is hard about messages, and must be in every split."""


@pytest.fixture(scope="module", params=SPLITS)
def rows(request: pytest.FixtureRequest) -> list[Row]:
    split: Split = request.param
    return compose(split, SIZES[split])


def test_rows_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    assert compose("validation", 200, 3) == compose("validation", 200, 3)
    assert compose("validation", 200, 3) != compose("validation", 200, 4)


def test_composing_takes_seconds() -> None:
    start = time.perf_counter()
    compose("train", 12_000, 9)
    assert time.perf_counter() - start < 20


def test_every_intent_is_canonical(rows: list[Row]) -> None:
    for row in rows:
        assert Intent.from_dict(row.intent).to_dict() == row.intent
        assert row.previous is None or Intent.from_dict(row.previous).to_dict() == row.previous
        assert set(row.orders) <= {"Alice", "Bob", "Cathy", "David"}
        assert row.message.strip()


def test_every_intent_can_be_said_by_a_constrained_model(rows: list[Row]) -> None:
    properties = intent_schema()["properties"]
    for row in rows:
        assert len(row.intent["demands"]) <= properties["demands"]["maxItems"]
        assert len(row.intent["cancel"]) <= properties["cancel"]["maxItems"]
        assert all((demand["count"] or 1) <= 12 for demand in row.intent["demands"])


def test_no_row_is_there_twice(rows: list[Row]) -> None:
    keys = Counter((signature(row.message), str(row.previous)) for row in rows)
    assert max(keys.values()) == 1


def test_kinds_have_their_shares(rows: list[Row]) -> None:
    kinds = Counter(row.kind for row in rows)
    shares = TRAIN_SHARES if len(rows) == SIZES["train"] else SHARES
    assert sum(shares.values()) == pytest.approx(1)
    for kind, share in shares.items():
        assert kinds[kind] / len(rows) == pytest.approx(share, abs=0.005)


def test_every_phenomenon_is_covered(rows: list[Row]) -> None:
    tags = Counter(tag for row in rows for tag in row.tags)
    assert set(tags) >= EVERYWHERE
    for tag in ("count", "cancel", "standing", "typo", "several"):
        assert tags[tag] / len(rows) > 0.04, tag


def test_tags_tell_the_truth(rows: list[Row]) -> None:
    for row in rows:
        demands = row.intent["demands"]
        assert ("several" in row.tags) == (len(demands) > 1 or "several" in tags_of(row)), row
        assert ("cancel" in row.tags) == bool(row.intent["cancel"])
        assert ("standing" in row.tags) == row.intent["standing"]
        if "reference" in row.tags and row.kind != "none":
            assert row.previous is not None


def tags_of(row: Row) -> set[str]:
    """The tags that its group gives itself."""
    groups = (group for split in SPLITS for group in messages(split).groups if row.template in group.say)
    return {tag for group in groups for tag in group.tags}


NUMBERS = {word: number for number, word in enumerate(vocabulary("train").core.numbers, 1)}


def numbers_in(message: str) -> set[int]:
    """Numbers that a message names in digits or plain words."""
    words = re.findall(r"\d+|[a-z]+", re.sub(r"(\d+)x|x(\d+)", r" \1\2 ", message.lower()))
    return {int(word) if word.isdecimal() else NUMBERS[word] for word in words if word.isdecimal() or word in NUMBERS}


def test_counts_are_those_of_the_message(rows: list[Row]) -> None:
    """Wherever a template asks for a number in plain words or digits, the demand has that number."""
    checked = 0
    for row in rows:
        if "typo" in row.tags or "idiom" in row.tags or "reference" in row.tags or row.kind != "short_term":
            continue
        for demand in row.intent["demands"]:
            if demand["count"] > 1:
                assert demand["count"] in numbers_in(row.message) or "twice" in row.message.lower() or says(row, demand)
                checked += 1
    assert checked > 50


def says(row: Row, demand: dict[str, object]) -> bool:
    """Whether an idiom that the split calls this number is in the message."""
    idioms = [i for split in SPLITS for i in vocabulary(split).file.special.get(int(str(demand["count"])), [])]
    return any(idiom.split("{")[0].strip() in row.message.lower() for idiom in idioms if idiom.split("{")[0].strip())


def test_a_corrected_number_is_not_what_was_said_first() -> None:
    rows = [row for row in compose("train", 12_000) if re.fullmatch(r"\{chop\} \{n\} \{foods\}.*\{m\}", row.template)]
    assert len(rows) > 20
    for row in rows:
        if "typo" not in row.tags:
            first, last = re.findall(rf"\b(?:\d+|{'|'.join(NUMBERS)})\b", row.message.lower())[:2]
            wanted = row.intent["demands"][0]["count"]
            assert str(wanted) in (last, str(NUMBERS.get(last)))
            assert first != last


def test_rows_survive_as_lines_that_the_intent_command_reads(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    written = compose("validation", 50)
    write_rows(written, file)
    assert read_rows(file) == written
    questions = read_questions(None, None, "ring", file)
    assert [question.message for question in questions] == [row.message for row in written]


def test_phrases_that_do_not_suffice_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("brigade.agents.training.messages.compose"), "_TRIES", 0)
    with pytest.raises(ValueError, match="compose fewer"):
        compose("test", 10)


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"message": "hi", "intent": {"kind": "none"}}\n{"message": "hi", "intent": {"kind": "so"}}\n')
    with pytest.raises(ValueError, match=r"rows.jsonl:2: kind"):
        read_rows(file)


@pytest.mark.parametrize("text", ["Chop", "Putout food", "Fly Onion", "Chop food n m", "Serve"])
def test_a_demand_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Fly|demand"):
        Spec.parse(text)
