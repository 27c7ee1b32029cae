"""A picture of facts: as SVG that links to more, as a page of its own that needs no network, or as a PNG.

Knows what networkx makes of facts (brigade.knowledge.graph) and no database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from brigade.knowledge.graph import graph_of
from brigade.knowledge.records import INFERENCE, Fact
from brigade.knowledge.text.writing import write_record

if TYPE_CHECKING:
    import networkx as nx

WIDTH, HEIGHT = 960, 640
_EDGE = 70
_LONGEST = 24
_STYLE = (
    "svg{max-width:100%;height:auto;font:12px sans-serif}.told{stroke:#777}.inferred{stroke:#777;stroke-dasharray:5 3}"
    "circle{fill:#2a6f97}circle.value{fill:#999}circle.middle{fill:#c1440e}svg text{fill:#222}"
    "svg text.by{fill:#666;font-size:10px}"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """Where everything of a graph is drawn."""

    graph: nx.MultiDiGraph[str]
    at: dict[str, tuple[float, float]]
    """In picture units, from the upper left."""


def drawn(facts: Sequence[Fact], seed: int = 0) -> Picture:
    """Lay facts out by springs; the same facts always alike."""
    import networkx as nx

    graph = graph_of(facts)
    if not graph:
        return Picture(graph, {})
    places = nx.spring_layout(nx.Graph(graph), seed=seed, iterations=60, k=1.6 / len(graph) ** 0.5)
    low = [min(float(place[axis]) for place in places.values()) for axis in (0, 1)]
    high = [max(float(place[axis]) for place in places.values()) for axis in (0, 1)]

    def scaled(value: float, axis: int, size: int) -> float:
        return _EDGE + (value - low[axis]) / ((high[axis] - low[axis]) or 1) * (size - 2 * _EDGE)

    at = {name: (scaled(float(p[0]), 0, WIDTH), scaled(float(p[1]), 1, HEIGHT)) for name, p in places.items()}
    return Picture(graph, at)


def svg(facts: Sequence[Fact], middle: Sequence[str] = (), link: Callable[[str], str] | None = None) -> str:
    """The facts as SVG: dashed lines were inferred, grey dots are values, what is asked about is red.

    Args:
        facts: to draw.
        middle: the entities that it is about.
        link: the address of the page about an entity.
    """
    picture = drawn(facts)
    parts = [_edge(picture, *edge) for edge in picture.graph.edges(data=True)]
    parts += [_node(picture, name, name in middle, link) for name in picture.graph]
    label = escape(f"{len(facts)} facts about {', '.join(middle)}" if middle else f"{len(facts)} facts")
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _edge(picture: Picture, one: str, other: str, data: dict[str, str]) -> str:
    (x1, y1), (x2, y2) = picture.at[one], picture.at[other]
    kind = "inferred" if data["author"].startswith(INFERENCE) else "told"
    x, y = x1 + 0.55 * (x2 - x1), y1 + 0.55 * (y2 - y1)
    return (
        f'<line class="{kind}" x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"/>'
        f'<text class="by" text-anchor="middle" x="{x:.0f}" y="{y:.0f}">{escape(_short(data["predicate"]))}</text>'
    )


def _node(picture: Picture, name: str, middle: bool, link: Callable[[str], str] | None) -> str:
    x, y = picture.at[name]
    value = picture.graph.nodes[name]["value"]
    kind = "middle" if middle else "value" if value else "entity"
    shown = escape(_short(str(picture.graph.nodes[name].get("shown", name))))
    text = (
        f'<circle class="{kind}" cx="{x:.0f}" cy="{y:.0f}" r="5"/><text x="{x + 8:.0f}" y="{y + 4:.0f}">{shown}</text>'
    )
    return f'<a href="{escape(link(name))}">{text}</a>' if link is not None and not value else text


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def style() -> str:
    """What the SVG looks like, as CSS."""
    return _STYLE


def page(title: str, facts: Sequence[Fact], middle: Sequence[str]) -> str:
    """A page of its own: the picture, and under it the facts as text; it asks nobody for anything."""
    lines = "".join(f"<li><code>{escape(write_record(fact, bare=True))}</code></li>" for fact in facts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}'
        "body{font:15px/1.4 sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}</style>"
        f"<h1>{escape(title)}</h1>{svg(facts, middle)}<p>Dashed: inferred. Grey: values.</p><ol>{lines}</ol></html>\n"
    )


def png(facts: Sequence[Fact], middle: Sequence[str], file: Path) -> None:
    """The same as a PNG.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.figure import Figure

    picture = drawn(facts)
    figure = Figure(figsize=(WIDTH / 80, HEIGHT / 80), layout="constrained")
    axes = figure.add_subplot()
    for one, other, data in picture.graph.edges(data=True):
        (x1, y1), (x2, y2) = picture.at[one], picture.at[other]
        axes.plot([x1, x2], [y1, y2], "--" if data["author"].startswith(INFERENCE) else "-", color="#bbb", zorder=1)
        axes.annotate(_short(data["predicate"]), ((x1 + x2) / 2, (y1 + y2) / 2), fontsize=6, color="#666")
    for name, (x, y) in picture.at.items():
        node = picture.graph.nodes[name]
        axes.scatter(
            [x], [y], s=20, c="#c1440e" if name in middle else "#999" if node["value"] else "#2a6f97", zorder=2
        )
        axes.annotate(_short(str(node.get("shown", name))), (x + 6, y), fontsize=7, parse_math=False)
    axes.invert_yaxis()
    axes.set_axis_off()
    figure.savefig(file, dpi=120)
