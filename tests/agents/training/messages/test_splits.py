"""The three splits: enough phrases, and none of them, nor of their words, in two splits."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import get_args

import pytest
from brigade.agents.hierarchy.executor import MACROS
from brigade.agents.hierarchy.intent import Kind
from brigade.agents.training.messages import SPLITS, Split, compose
from brigade.agents.training.messages.filling import Filling
from brigade.agents.training.messages.phrases import Spec, actions, messages
from brigade.agents.training.messages.replies import compose_replies, reply_phrases
from brigade.agents.training.messages.surface import signature
from brigade.agents.training.messages.vocabulary import vocabulary

SIZES: dict[Split, int] = {"train": 12_000, "validation": 1_500, "test": 1_500}
LEAST: dict[Split, int] = {"train": 500, "validation": 150, "test": 150}
PAIRS = list(combinations(SPLITS, 2))


def phrases_of(split: Split) -> set[str]:
    groups = [*messages(split).groups, *actions(split, "do").groups, *actions(split, "habit").groups]
    return {signature(phrase) for group in groups for phrase in group.say}


def words_of(split: Split) -> dict[str, set[str]]:
    """Every set of synonyms, idioms and manners of a split."""
    file = vocabulary(split).file
    sets = {f"verbs {action}": set(forms) for action, forms in file.verbs.items()}
    sets |= {f"words {name}": set(entries) for name, entries in file.words.items()}
    sets |= {f"nicknames {food}": set(names) for food, names in file.nicknames.items()}
    sets |= {f"{manner} open": set(dress.open) for manner, dress in file.dress.items()}
    sets |= {f"{manner} close": set(dress.close) for manner, dress in file.dress.items()}
    sets |= {
        "one": set(file.one),
        "many": set(file.many),
        "special": {idiom for idioms in file.special.values() for idiom in idioms},
        "times": set(file.times),
        "named": set(file.named),
        "pair": set(file.pair),
        "triple": set(file.triple),
        "texting": {typed for choices in file.texting.values() for typed in choices},
        "phonetic": {typed for choices in file.phonetic.values() for typed in choices},
    }
    return sets


@pytest.mark.parametrize("split", SPLITS)
def test_there_are_enough_phrases_written_by_hand(split: Split) -> None:
    assert len(phrases_of(split)) >= LEAST[split]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_no_phrase_is_in_two_splits(first: Split, second: Split) -> None:
    assert not phrases_of(first) & phrases_of(second)


BARE_MARKS = {"?", "!", "!!", "..."}


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_no_synonym_idiom_or_manner_is_in_two_splits(first: Split, second: Split) -> None:
    theirs = words_of(second)
    for name, entries in words_of(first).items():
        assert not (entries & theirs.get(name, set())) - BARE_MARKS, name


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_no_reply_is_in_two_splits(first: Split, second: Split) -> None:
    def sentences(split: Split) -> set[str]:
        file = reply_phrases(split)
        names = ("once", "standing", "cancel", "stopping", "none", "orders", "kitchen")
        return {line for name in names for line in file.lines(name)}

    assert not sentences(first) & sentences(second)
    said = [{signature(pair.reply) for pair in compose_replies(split, 400)} for split in (first, second)]
    assert not said[0] & said[1]


@pytest.mark.parametrize("seed", [0, 1])
def test_no_message_is_in_two_splits(seed: int) -> None:
    said = {split: {signature(row.message) for row in compose(split, SIZES[split], seed)} for split in SPLITS}
    for first, second in PAIRS:
        shared = said[first] & said[second]
        assert not shared, sorted(shared)[:10]


@pytest.mark.parametrize("split", SPLITS)
def test_every_phrase_can_be_filled_and_leaves_no_slot(split: Split) -> None:
    import random

    for group in messages(split).groups:
        for phrase in group.say:
            filling = Filling(split, random.Random(0))
            text = filling.text(phrase)
            demands = filling.demands(group.demands)
            assert not re.search(r"\{\w+( \w+)?(:\w+)?\}|\[\w*\|", text.replace('{"kind"', "")), phrase
            assert len(demands) >= len([spec for spec in group.demands if isinstance(spec, Spec)])
            assert bool(group.demands) or group.kind not in (Kind.IMPLICIT, Kind.LONG_TERM)


@pytest.mark.parametrize("split", SPLITS)
def test_every_action_can_be_asked_for(split: Split) -> None:
    rows = compose(split, SIZES[split])
    asked = {demand["macro"] for row in rows for demand in row.intent["demands"]}
    assert asked == {macro.name for macro in MACROS}


def test_the_splits_are_named_as_their_type_says() -> None:
    assert get_args(Split) == SPLITS
    assert all(LEAST[a] >= LEAST[b] for a, b in pairwise(SPLITS))
