"""The symbolic knowledge base: facts, rules and lessons in SQL that people can read, correct and trust.

Names are imported when they are first used, so that a command's help does not wait for SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brigade.knowledge.base import KnowledgeBase
    from brigade.knowledge.database import KnowledgeError
    from brigade.knowledge.finding import When
    from brigade.knowledge.records import Episode, Fact, Lesson, Predicate, Resolution, Rule, Statistics, Status
    from brigade.knowledge.values import BadValue, Entity, Kind, Value

_HOMES = {
    "base": ("KnowledgeBase",),
    "database": ("KnowledgeError",),
    "finding": ("When",),
    "records": ("Episode", "Fact", "Lesson", "Predicate", "Resolution", "Rule", "Statistics", "Status"),
    "values": ("BadValue", "Entity", "Kind", "Value"),
}

__all__ = [
    "BadValue",
    "Entity",
    "Episode",
    "Fact",
    "Kind",
    "KnowledgeBase",
    "KnowledgeError",
    "Lesson",
    "Predicate",
    "Resolution",
    "Rule",
    "Statistics",
    "Status",
    "Value",
    "When",
]


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"brigade.knowledge.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
