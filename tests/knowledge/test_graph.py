"""The knowledge base as a graph: what is around an entity, what leads to another, who is central."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from brigade.agents.cli import app as cli
from brigade.knowledge import Entity, Fact, KnowledgeBase, graphview
from brigade.knowledge.graph import central, graph_of, neighbourhood, path
from typer.testing import CliRunner


def town(base: KnowledgeBase) -> None:
    for one, predicate, other in (
        ("Ann", "knows", "Bob"), ("Cy", "knows", "Bob"), ("Cy", "lives_in", "Rome"), ("Di", "lives_in", "Rome"),
        ("Ed", "knows", "Flo"),
    ):  # fmt: skip
        base.add_fact(one, predicate, Entity(other))
    base.add_fact("Ann", "age", 40)
    base.add_fact("Bob", "note", "Rome")  # a text is no entity: nothing is joined by it


def said(facts: list[Fact]) -> list[tuple[str, str, str]]:
    return [(fact.subject, fact.predicate, str(fact.object)) for fact in facts]


def test_what_is_around_an_entity_comes_nearest_first(base: KnowledgeBase) -> None:
    town(base)
    assert said(neighbourhood(base, "Ann", steps=1)) == [("Ann", "knows", "Bob"), ("Ann", "age", "40")]
    two = said(neighbourhood(base, "Ann", steps=2))
    assert set(two[2:]) == {("Cy", "knows", "Bob"), ("Bob", "note", "Rome")}
    assert len(neighbourhood(base, "Ann", steps=3, most=3)) == 3
    assert neighbourhood(base, "nobody") == []


def test_a_path_is_the_shortest_in_either_direction_and_passes_no_text(base: KnowledgeBase) -> None:
    town(base)
    found = path(base, "Ann", "Di")
    assert found is not None
    assert said(found) == [
        ("Ann", "knows", "Bob"), ("Cy", "knows", "Bob"), ("Cy", "lives_in", "Rome"), ("Di", "lives_in", "Rome"),
    ]  # fmt: skip
    assert path(base, "Ann", "Ed") is None
    assert path(base, "Ann", "Ann") == []
    base.retract(found[1])
    assert path(base, "Ann", "Di") is None, "what is believed no more leads nowhere"


def test_who_is_central(base: KnowledgeBase) -> None:
    town(base)
    ranks = central(base)
    assert ranks[0].name in ("Bob", "Rome")
    assert {each.name: each.facts for each in ranks}["Cy"] == 2
    between = {each.name: each.between for each in ranks}
    assert between["Cy"] > between["Di"] == 0
    assert central(base, predicate="lives_in")[0].name == "Rome"
    assert central(base, predicate="nothing") == []


def test_values_are_nodes_of_their_own(lite: KnowledgeBase) -> None:
    lite.add_fact("Ann", "age", 40)
    lite.add_fact("Bob", "age", 40)
    graph = graph_of(lite.find())
    assert len(graph) == 4
    assert sum(data["value"] for _, data in graph.nodes(data=True)) == 2


def test_a_picture_asks_nobody_and_marks_what_was_inferred(lite: KnowledgeBase) -> None:
    lite.add_fact("<script>", "knows", Entity("Bob & Co"))
    lite.add_fact("Bob & Co", "near", Entity("<script>"), author="inference")
    page = graphview.page("<script>", lite.find(), ["<script>"])
    assert "<script>" not in page
    assert "http" not in page
    assert re.findall(r'<line class="(\w+)"', page) == ["told", "inferred"]
    assert page == graphview.page("<script>", lite.find(), ["<script>"]), "the same facts are drawn alike"
    assert "<svg" in graphview.svg([])


def test_the_command_shows_and_draws(lite: KnowledgeBase, tmp_path: Path) -> None:
    town(lite)
    where = ["--base", str(lite.database.url.database)]
    run = CliRunner().invoke
    around = run(cli, ["know", "graph", "Ann", *where, "--plot", str(tmp_path / "ann.html")])
    assert (around.exit_code, "knows('Ann', 'Bob')" in around.output or "knows(Ann, Bob)" in around.output) == (0, True)
    assert "<svg" in (tmp_path / "ann.html").read_text("utf-8")
    assert run(cli, ["know", "graph", "Ann", "Di", *where, "--plot", str(tmp_path / "p.png")]).exit_code == 0
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    assert "Rome" in run(cli, ["know", "graph", *where]).output


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["nobody"], 1, "nothing is known about 'nobody'"),
        (["Ann", "Ed"], 1, "no facts lead from 'Ann' to 'Ed'"),
        (["a", "b", "c"], 2, "3 entities"),
        (["Ann", "--plot", "x.pdf"], 2, ".html or .png"),
    ],
)
def test_what_cannot_be_shown_is_one_line(lite: KnowledgeBase, words: list[str], code: int, line: str) -> None:
    town(lite)
    done = CliRunner().invoke(cli, ["know", "graph", *words, "--base", str(lite.database.url.database)])
    assert done.exit_code == code
    assert line in " ".join(done.output.split())
