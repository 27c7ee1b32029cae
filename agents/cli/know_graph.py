"""`brigade know graph`: the knowledge base as a graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from brigade.agents.cli.console import BAD_INPUT, WORK_FAILED, JsonOption, bad_input, fail, write_json
from brigade.agents.cli.know import DEFAULT, BaseOption, as_data, opened, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brigade.knowledge import Fact, KnowledgeBase
    from brigade.knowledge.graph import Central

KINDS = (".html", ".png")


def graph(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="One entity: what is around it. Two: the path between them. None: who is central."),
    ] = None,
    base: BaseOption = DEFAULT,
    steps: Annotated[int, typer.Option(min=1, max=5, help="How far around an entity.")] = 2,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Facts around an entity; central entities.")] = 50,
    predicate: Annotated[str | None, typer.Option(help="Who is central among facts with this one.")] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it: .html (one file, needs no network) or .png.")
    ] = None,
    json_file: JsonOption = None,
) -> None:
    """Entities and the facts that join them: around one, between two, and which are central."""
    asked = list(names or ())
    if len(asked) > 2:
        fail(f"{len(asked)} entities: name one, two, or none", BAD_INPUT)
    if plot is not None and plot.suffix.lower() not in KINDS:
        fail(f"--plot {plot}: it is drawn as {' or '.join(KINDS)}", BAD_INPUT)
    with opened(base) as opened_base:
        if not asked:
            facts = _show_central(opened_base, limit, predicate, json_file)
        else:
            facts = _facts(opened_base, asked, steps, limit)
            for fact in facts:
                stdout(json_file).print(as_data(fact)["text"], markup=False)
            write_json(json_file, {"facts": [as_data(fact) for fact in facts]})
    if plot is not None:
        _draw(facts, asked, plot)


def _facts(base: KnowledgeBase, asked: Sequence[str], steps: int, limit: int) -> list[Fact]:
    from brigade.knowledge.graph import neighbourhood, path

    unknown = [name for name in asked if not base.find(name, limit=1) and not neighbourhood(base, name, steps=1)]
    if unknown:
        fail(f"nothing is known about {unknown[0]!r}", WORK_FAILED)
    if len(asked) == 1:
        return neighbourhood(base, asked[0], steps=steps, most=limit)
    found = path(base, asked[0], asked[1])
    if found is None:
        fail(f"no facts lead from {asked[0]!r} to {asked[1]!r}", WORK_FAILED)
    return found


def _show_central(base: KnowledgeBase, limit: int, predicate: str | None, json_file: str | None) -> list[Fact]:
    """The table; and for a picture the facts around the most central."""
    from dataclasses import asdict

    from brigade.knowledge.graph import central, neighbourhood

    found = central(base, limit, predicate)
    if not found:
        fail("no facts join entities here", WORK_FAILED)
    stdout(json_file).print(_table(found))
    write_json(json_file, {"central": [{**asdict(each), "between": _number(each.between)} for each in found]})
    around = (fact for each in found[:8] for fact in neighbourhood(base, each.name, steps=1, most=12))
    return list({fact.id: fact for fact in around}.values())


def _table(found: Sequence[Central]) -> object:
    from rich.markup import escape
    from rich.table import Table

    table = Table("entity", "facts", "PageRank", "paths through it")
    for each in found:
        between = _number(each.between)
        shown = "-" if between is None else f"{between:.4f}"
        table.add_row(escape(each.name), str(each.facts), f"{each.rank:.5f}", shown)
    return table


def _number(value: float) -> float | None:
    return None if value != value else value  # not measured where there are very many


def _draw(facts: Sequence[Fact], asked: Sequence[str], file: Path) -> None:
    from brigade.knowledge import graphview

    with bad_input():
        if file.suffix.lower() == ".png":
            graphview.png(facts, asked, file)
        else:
            file.write_text(graphview.page(" to ".join(asked) or "The most central", facts, asked), encoding="utf-8")
