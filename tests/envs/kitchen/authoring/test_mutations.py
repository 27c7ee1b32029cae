"""Layout files that somebody has broken in any way are refused with one line, or analysed; nothing crashes or hangs."""

from __future__ import annotations

import json

from brigade.envs.kitchen import Layout, LayoutError, load_layout, named_layouts, parse_layout
from brigade.envs.kitchen.authoring import analyse, as_yaml, generate
from hypothesis import given, settings
from hypothesis import strategies as st

SIGNS = "-/U*BPTLOf 1234X\t\n#:"
SOURCES = [as_yaml(load_layout(name)) for name in named_layouts("hla")] + [as_yaml(generate(3, 0.5, cooks=3))]

Edit = tuple[int, int, str]
"""Where, how many characters go, and what comes instead; the place wraps around."""
edits = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 3), st.text(st.sampled_from(SIGNS), max_size=3)), max_size=12
)


def edited(text: str, changes: list[Edit]) -> str:
    for where, gone, instead in changes:
        at = where % (len(text) + 1)
        text = text[:at] + instead + text[at + gone :]
    return text


def check(text: str) -> None:
    try:
        layout = parse_layout(text, "my.yaml")
    except LayoutError as error:
        refusal = str(error)
    else:
        return check_analysis(layout, text)
    assert refusal.startswith("my.yaml:")
    assert "\n" not in refusal


def check_analysis(layout: Layout, text: str) -> None:
    analysis = analyse(layout)
    lines = text.count("\n") + 1
    assert all(1 <= finding.line <= lines for finding in analysis.findings)
    assert all("\n" not in finding.text for finding in analysis.findings)
    assert (analysis.error is None) == any(dish.served for dish in analysis.dishes)
    assert all(dish.served for dish in analysis.dishes if dish.alone or dish.in_macro_actions)
    json.dumps(analysis.to_dict(), allow_nan=False)
    assert parse_layout(as_yaml(layout), "again.yaml") == layout


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SOURCES), edits)
def test_edited_files_are_refused_or_analysed(source: str, changes: list[Edit]) -> None:
    check(edited(source, changes))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(SOURCES), st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("-/U*BPTLOf ")), max_size=20)
)
def test_kitchens_with_other_squares_are_refused_or_analysed(source: str, changes: list[tuple[int, str]]) -> None:
    head, grid = source.split("grid: |\n")
    cells = [at for at, sign in enumerate(grid) if sign in "-/U*BPTLOf"]
    for where, sign in changes:
        at = cells[where % len(cells)]
        grid = grid[:at] + sign + grid[at + 1 :]
    check(f"{head}grid: |\n{grid}")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**64), st.floats(0, 1), st.integers(1, 4))
def test_any_seed_difficulty_and_number_of_cooks_makes_a_kitchen(seed: int, difficulty: float, cooks: int) -> None:
    layout = generate(seed, difficulty, cooks=cooks)
    assert analyse(layout).servable
    assert layout.cooks == cooks
