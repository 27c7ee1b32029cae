"""The arithmetic of understanding: shares, demands and their intervals."""

from __future__ import annotations

from typing import Any

import pytest
from brigade.agents.training.messages import Row
from brigade.agents.training.messages.evaluate import (
    Judged,
    demands_of,
    exact,
    figures,
    kinds,
    precision,
    recall,
    sure_and_right,
)


def intent(*demands: tuple[str, int | None], kind: str = "short_term", cancel: tuple[str, ...] = ()) -> dict[str, Any]:
    wanted = [{"macro": macro, "count": count} for macro, count in demands]
    return {"kind": kind, "demands": wanted, "standing": kind == "long_term", "cancel": list(cancel)}


NOTHING = intent(kind="none")
ONION, TWO_ONIONS, SERVE = ("Chop Onion", 1), ("Chop Onion", 2), ("Serve Bob Soup", 1)


def judged(
    right: dict[str, Any],
    found: dict[str, Any],
    *,
    template: str = "t",
    tags: tuple[str, ...] = (),
    by: str = "lexicon",
    certain: bool = False,
) -> Judged:
    return Judged(Row("m", (), None, right, tags, template), found, by, 0.5, certain)


def value(ratio: object) -> float:
    return float(getattr(ratio, "value"))  # noqa: B009  None has none


def test_only_a_whole_intent_is_exact() -> None:
    right = intent(ONION, SERVE)
    assert judged(right, intent(ONION, SERVE)).exact
    assert not judged(right, intent(SERVE, ONION)).exact
    assert not judged(right, intent(TWO_ONIONS, SERVE)).exact
    assert not judged(right, intent(ONION, SERVE, kind="implicit")).exact
    assert not judged(right, intent(ONION, SERVE, cancel=("*",))).exact


def test_shares_are_of_all_rows() -> None:
    rows = [
        judged(intent(ONION), intent(ONION)),
        judged(intent(ONION), intent(TWO_ONIONS)),
        judged(NOTHING, intent(ONION)),
        judged(NOTHING, NOTHING),
    ]
    assert value(exact(rows)) == 0.5
    assert value(kinds(rows)) == 0.75


def test_demands_count_with_their_number_and_as_often_as_they_are_there() -> None:
    rows = [
        judged(intent(ONION, SERVE), intent(ONION)),  # one of two found, nothing made up
        judged(intent(ONION), intent(TWO_ONIONS)),  # the wrong number is the wrong demand
        judged(NOTHING, intent(SERVE)),
        judged(intent(ONION), intent(ONION, ONION)),
    ]
    assert value(precision(rows)) == pytest.approx(2 / 5)
    assert value(recall(rows)) == pytest.approx(2 / 4)
    assert demands_of(intent(ONION, ONION)) == {ONION: 2}


def test_a_share_of_nothing_is_none() -> None:
    assert exact([]) is None
    assert precision([judged(NOTHING, NOTHING)]) is None
    assert sure_and_right([judged(NOTHING, NOTHING)]) is None


def test_only_certain_readings_of_the_lexicon_are_held_to_be_right() -> None:
    rows = [
        judged(NOTHING, NOTHING, certain=True),
        judged(NOTHING, intent(ONION), certain=True),
        judged(NOTHING, intent(ONION), certain=False),
        judged(NOTHING, intent(ONION), certain=True, by="model"),
    ]
    assert value(sure_and_right(rows)) == 0.5
    assert figures(rows)["lexicon_wrongly_certain"] == 1


def test_rows_of_one_phrase_do_not_narrow_the_interval() -> None:
    few = [judged(NOTHING, NOTHING if i % 2 else intent(ONION), template=f"t{i}") for i in range(10)]
    many = [each for each in few for _ in range(50)]
    narrow = [judged(NOTHING, NOTHING if i % 2 else intent(ONION), template=f"t{i}") for i in range(500)]
    widths = []
    for rows in (few, many, narrow):
        found = exact(rows)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.value <= found.high
        widths.append(found.high - found.low)
    assert widths[0] == pytest.approx(widths[1])
    assert widths[2] < widths[0] / 3


def test_one_phrase_has_no_interval() -> None:
    found = exact([judged(NOTHING, NOTHING), judged(NOTHING, NOTHING)])
    assert found is not None
    assert found.to_dict() == {"value": 1.0, "ci95": None}


def test_figures_tell_kinds_and_tags_apart() -> None:
    rows = [
        judged(intent(ONION), intent(ONION), tags=("typo",), template="a"),
        judged(intent(ONION), NOTHING, tags=("typo", "count"), template="b"),
        judged(NOTHING, NOTHING, by="model", template="c"),
    ]
    data = figures(rows)
    assert data["rows"] == 3
    assert data["kinds"]["short_term"] == {"rows": 2, "exact": {"value": 0.5, "ci95": [0.0, 1.0]}}
    assert data["kinds"]["none"]["exact"]["value"] == 1.0
    assert data["tags"]["typo"]["rows"] == 2
    assert data["tags"]["count"]["exact"]["value"] == 0.0
    assert data["by_lexicon"] == pytest.approx(2 / 3, abs=1e-3)
    assert data["seconds_p50"] == 0.5
