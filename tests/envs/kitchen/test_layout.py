"""Layout files: what they say, and what is wrong with broken ones, with the line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from brigade.envs.kitchen import (
    HlaKitchen,
    HlaLayout,
    Layout,
    LayoutError,
    Tile,
    load_layout,
    named_layouts,
    parse_layout,
)
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD = """\
name: tiny
recipes: [Alice]
timing: {cooking: 5}
grid: |
  -LPO-
  /1 2*
  U   -
  -----
"""


def broken(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_four_published_maps_come_along() -> None:
    assert named_layouts("hla") == ("bottleneck", "partition", "quick", "ring")
    ring, quick = HlaKitchen("ring").layout, HlaKitchen("quick").layout
    assert [ring.xy(start) for start in ring.starts] == [(1, 1), (5, 1)]
    assert (ring.orders, quick.orders) == (3, 4)
    assert (ring.pace, quick.pace) == (2.5, 3.5)
    assert {recipe.name for recipe in HlaKitchen("bottleneck").layout.menu} == {"Bob", "Cathy", "David"}


def test_a_layout_of_ones_own_is_read() -> None:
    layout = parse_layout(GOOD)
    assert isinstance(layout, HlaLayout)
    assert (layout.name, layout.width, layout.height, layout.cooks) == ("tiny", 5, 4, 2)
    assert layout.timing.cooking == 5
    assert layout.timing.burning == 25
    assert layout.tiles[layout.cell(0, 1)] == Tile.BOARD


def test_a_layout_survives_as_plain_data() -> None:
    for name in named_layouts():
        layout = load_layout(name)
        assert parse_layout(json.dumps(layout.source_text())) == layout


def test_who_reaches_what_is_told_apart() -> None:
    left, right = load_layout("partition").reach
    layout = load_layout("partition")
    assert layout.cells(Tile.DELIVERY)[0] in right - left
    assert set(layout.cells(Tile.POT)) <= left - right
    assert {layout.xy(cell) for cell in left & right} == {(3, y) for y in range(1, 8)}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (broken("  U   -", "  U  -"), 7, "ragged"),
        (broken("  /1 2*", "  /   *"), 5, "missing start"),
        (broken("  /1 2*", "  /1 3*"), 5, "missing start"),
        (broken("  /1 2*", "  /1 1*"), 6, "twice"),
        (broken("  /1 2*", "  /1?2*"), 6, "unknown square '?'"),
        (broken("  U   -", "  U    "), 7, "border"),
        (broken("  -LPO-", "  -LP--"), 5, "onions"),
        (broken("  -LPO-\n  /1 2*\n  U   -", "  -LPO-\n  /1 2*\n  --- -\n  *U - "), 8, "border"),
        (broken("  U   -", "  -   -"), 5, "pot"),
        (broken("[Alice]", "[Alice, Zoe]"), 2, "unknown recipe 'Zoe'"),
        (broken("cooking: 5", "cooking: -5"), 3, "timing.cooking"),
        (broken("name: tiny", "nmae: tiny"), 1, "nmae"),
        (broken("[Alice]", "[Alice"), 3, "not YAML"),
        ("- a\n- b\n", 1, "mapping"),
        ("name: x\n", 1, "grid"),
        ("", 1, "mapping"),
    ],
)
def test_a_broken_layout_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(LayoutError, match=re.escape(words)) as caught:
        parse_layout(text, "my.yaml")
    assert str(caught.value).startswith(f"my.yaml:{line}: ")
    assert "\n" not in str(caught.value)


def test_a_station_that_nobody_reaches_is_named() -> None:
    text = GOOD.replace("  -----\n", "  -----\n  --U--\n  -----\n")
    with pytest.raises(LayoutError, match=r"my.yaml:9: column 3: no cook can reach this pot"):
        parse_layout(text, "my.yaml")


def test_an_unknown_map_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=", ".join(named_layouts())):
        load_layout("nowhere")
    binary = tmp_path / "noise.yaml"
    binary.write_bytes(bytes(range(256)))
    with pytest.raises(LayoutError, match="cannot be read"):
        load_layout(str(binary))


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200), st.lists(st.sampled_from([*"-/U*BPTLOf 12\n:", "grid: |\n  "]), max_size=80).map("".join)
    )
)
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        layout = parse_layout(text)
    except LayoutError:
        return
    assert isinstance(layout, Layout)
