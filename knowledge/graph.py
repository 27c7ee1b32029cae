"""The knowledge base as a graph: entities, and the facts that join them; around one, between two, and who is central.

A networkx graph is made of the facts around what is asked (or of all, for the central ones), never kept. Only reads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brigade.knowledge import schema
from brigade.knowledge.base import KnowledgeBase
from brigade.knowledge.finding import NOW, in_state
from brigade.knowledge.records import Fact
from brigade.knowledge.rows import to_fact
from brigade.knowledge.values import Entity, Kind
from sqlalchemy import ColumnElement, Connection, select

if TYPE_CHECKING:
    import networkx as nx

AROUND = 40
"""Facts that are followed from one entity, so that one that is in all facts does not fill the picture."""
MOST = 200
"""Facts of a neighbourhood."""
LOOKED_AT = 100_000
"""Entities that the search for a path looks at, at most."""
_ASKED = 300
_SAMPLED = 200
"""Entities from which shortest paths are counted, where there are more; see Central."""


@dataclass(frozen=True, slots=True)
class Central:
    """How central an entity is."""

    name: str
    facts: int
    """Facts that join it to others."""
    rank: float
    """PageRank: the share of time that a reader who follows facts is there."""
    between: float
    """Share of shortest paths that lead through it; estimated from 200 entities where there are more."""


def neighbourhood(base: KnowledgeBase, name: str, *, steps: int = 2, most: int = MOST) -> list[Fact]:
    """The facts within so many steps of an entity, nearest first; its values, too."""
    found: dict[int, Fact] = {}
    seen, edge = {name}, [name]
    with base.database.reading() as connection:
        for _ in range(steps):
            reached: dict[str, None] = {}
            for entity in edge:
                for fact in _touching(connection, [entity], AROUND):
                    found.setdefault(fact.id, fact)
                    reached.update(dict.fromkeys(fact.entities))
                if len(found) >= most:
                    return list(found.values())[:most]
            edge = [each for each in reached if each not in seen]
            seen.update(edge)
    return list(found.values())


def path(base: KnowledgeBase, one: str, other: str) -> list[Fact] | None:
    """The fewest facts that lead from an entity to another, in either direction; None if nothing does.

    Raises:
        ValueError: it is farther than can be looked at.
    """
    came: dict[str, Fact | None] = {one: None}
    waiting = deque([one])
    with base.database.reading() as connection:
        while waiting and other not in came:
            some = [waiting.popleft() for _ in range(min(_ASKED, len(waiting)))]
            for fact in _touching(connection, some):
                ends = fact.entities
                for near, far in ((ends[0], ends[-1]), (ends[-1], ends[0])):
                    if near in came and far not in came:
                        came[far] = fact
                        waiting.append(far)
            if len(came) > LOOKED_AT and other not in came:
                raise ValueError(f"no path from {one!r} to {other!r} among the {LOOKED_AT} entities nearest to {one!r}")
    return _way_back(came, one, other) if other in came else None


def _way_back(came: dict[str, Fact | None], one: str, other: str) -> list[Fact]:
    way: list[Fact] = []
    while other != one:
        fact = came[other]
        assert fact is not None
        way.append(fact)
        other = next(each for each in (fact.entities[0], fact.entities[-1]) if each != other)
    return way[::-1]


def _touching(connection: Connection, names: Sequence[str], most: int | None = None) -> Iterator[Fact]:
    """Facts that have one of these entities as their subject or object."""
    facts = schema.facts
    there = (
        facts.c.subject.in_(names),
        facts.c.object_key.in_(names) & (facts.c.object_kind == Kind.ENTITY.value),
    )
    for condition in there:
        query = select(facts).where(condition, in_state(facts, NOW)).limit(most)
        yield from sorted(map(to_fact, connection.execute(query)), key=lambda each: each.id)


def graph_of(facts: Iterable[Fact]) -> nx.MultiDiGraph[str]:
    """The graph of facts: nodes are entities (and values, which are marked), edges are facts with their predicates."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for fact in facts:
        entity = isinstance(fact.object, Entity)
        value = fact.object.name if isinstance(fact.object, Entity) else f"{fact.subject}: {fact.object}"
        graph.add_node(fact.subject, value=False)
        if entity or value not in graph:
            graph.add_node(value, value=not entity, shown=str(fact.object) if not entity else value)
        graph.add_edge(fact.subject, value, fact=fact.id, predicate=fact.predicate, author=fact.author)
    return graph


def central(base: KnowledgeBase, most: int = 20, predicate: str | None = None) -> list[Central]:
    """The most central entities, by PageRank.

    Args:
        base: the knowledge base.
        most: how many.
        predicate: only facts with this one.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    facts = schema.facts
    query = select(facts.c.subject, facts.c.object).where(
        facts.c.object_kind == Kind.ENTITY.value, in_state(facts, NOW), *_with(predicate)
    )
    counts: dict[str, int] = {}
    with base.database.reading() as connection:
        for subject, value in connection.execute(query):
            graph.add_edge(subject, value)
            for name in {subject, value}:
                counts[name] = counts.get(name, 0) + 1
    if not counts:
        return []
    rank = nx.pagerank(graph)
    sampled = _SAMPLED if len(graph) > _SAMPLED else None
    between = nx.betweenness_centrality(graph.to_undirected(), k=sampled, seed=0) if len(graph) <= 20_000 else {}
    best = sorted(counts, key=lambda name: (-rank[name], name))[:most]
    return [Central(name, counts[name], rank[name], between.get(name, float("nan"))) for name in best]


def _with(predicate: str | None) -> list[ColumnElement[bool]]:
    return [] if predicate is None else [schema.facts.c.predicate == predicate]
