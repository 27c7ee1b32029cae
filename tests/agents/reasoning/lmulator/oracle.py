"""Somebody who answers programs from a table of functions, and keeps count of what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from brigade.agents.reasoning.lmulator import Answer, Query, Source

Function = Callable[..., object]


class Oracle:
    """Answers calls from functions, and lines of prose from functions of the query.

    Args:
        functions: by the name of what is asked for.
        prose: by a part of the line that is asked for.
    """

    def __init__(
        self,
        functions: Mapping[str, Function] | None = None,
        prose: Mapping[str, Callable[[Query], object]] | None = None,
    ) -> None:
        self._functions = functions or {}
        self._prose = prose or {}
        self.asked: list[str] = []

    def __call__(self, query: Query) -> Answer | None:
        """What `Lmulator(person=...)` calls."""
        self.asked.append(query.written())
        if query.kind in ("call", "name"):
            function = self._functions.get(query.stub.name)
            return None if function is None else _said(function(*query.args, **query.kwargs))
        for part, function in self._prose.items():
            if part in query.text:
                return _said(function(query))
        return None


def _said(value: object) -> Answer:
    return Answer(value, Source.PERSON, 1.0, "the oracle")
