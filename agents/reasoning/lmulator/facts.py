"""What is known before a model is asked: facts and rules, and the answers of models that may become facts.

`Knowledge` is what a knowledge base offers to programs; `KnownFacts` is one of dictionaries and a file. Knows no model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from brigade.agents.reasoning.lmulator.queries import Query
from brigade.agents.reasoning.lmulator.values import Plain, from_data, key_of, to_data


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that is known, how it is known, and how surely."""

    value: Plain
    provenance: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer of a model that may become a fact."""

    name: str
    args: tuple[Plain, ...]
    value: Plain
    provenance: str
    """Which model said so, asked about which question."""
    confidence: float


class Knowledge(Protocol):
    """A knowledge base as a program sees it."""

    def lookup(self, query: Query) -> Fact | None:
        """The fact that answers a query, or what a rule that matches yields; None if nothing does."""

    def propose(self, candidate: Candidate) -> None:
        """Note an answer worth keeping; whether it becomes a fact is for the knowledge base to say."""


Rule = Callable[[Query], Fact | None]
"""What answers a query from its arguments, or does not match."""


class KnownFacts:
    """Facts and rules in dictionaries.

    Texts are compared without regard to case, articles and outer blanks; a plural finds the fact about its singular
    only where no fact is about the plural itself.

    Args:
        rules: tried in order where no fact matches.
        accept: the confidence from which a candidate becomes a fact at once; above 1: never by itself.
    """

    def __init__(self, rules: Iterable[Rule] = (), accept: float = 2.0) -> None:
        self._facts: dict[tuple[str, str], Fact] = {}
        self._rules = tuple(rules)
        self._accept = accept
        self.candidates: list[Candidate] = []

    def __len__(self) -> int:
        return len(self._facts)

    def add(self, name: str, args: tuple[Plain, ...], fact: Fact) -> None:
        """Know that this function of these arguments has this value; replaces what was known."""
        self._facts[name, _normal_key(args)] = fact

    def lookup(self, query: Query) -> Fact | None:
        """See Knowledge.lookup."""
        if query.kind not in ("call", "name") or query.stub.contextual:
            return None
        args = (*query.args, *(query.kwargs[name] for name in sorted(query.kwargs)))
        for each in (args, tuple(singular(arg) for arg in args)):
            fact = self._facts.get((query.stub.name, _normal_key(each)))
            if fact is not None:
                return fact
        return next((fact for rule in self._rules if (fact := rule(query)) is not None), None)

    def propose(self, candidate: Candidate) -> None:
        """See Knowledge.propose."""
        if candidate.confidence >= self._accept:
            self.add(candidate.name, candidate.args, _fact_of(candidate))
        else:
            self.candidates.append(candidate)

    def accept_candidates(self, least: float = 0.0) -> int:
        """Make facts of the candidates that are at least so sure; how many."""
        chosen = [each for each in self.candidates if each.confidence >= least]
        for each in chosen:
            self.add(each.name, each.args, _fact_of(each))
        self.candidates = [each for each in self.candidates if each.confidence < least]
        return len(chosen)

    def save(self, file: Path) -> None:
        """Write the facts as JSON."""
        rows = [
            {
                "name": name,
                "key": key,
                "value": to_data(f.value),
                "provenance": f.provenance,
                "confidence": f.confidence,
            }
            for (name, key), f in self._facts.items()
        ]
        file.write_text(json.dumps(rows, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> KnownFacts:
        """The facts of a file: JSON objects with `name`, `args` (or `key`), `value`, and what they come from.

        Raises:
            ValueError: a row is no fact; says which.
            OSError: the file cannot be read.
        """
        facts = cls()
        rows = json.loads(file.read_text(encoding="utf-8"))
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            facts._add_row(row, f"{file}: row {number}")
        return facts

    def _add_row(self, row: object, where: str) -> None:
        if not isinstance(row, dict) or "name" not in row or "value" not in row:
            raise ValueError(f"{where}: not a fact (an object with name, args and value)")
        fact = Fact(from_data(row["value"]), str(row.get("provenance", where)), float(row.get("confidence", 1.0)))
        key = row.get("key") or _normal_key(tuple(from_data(arg) for arg in row.get("args", [])))
        self._facts[str(row["name"]), str(key)] = fact


def _fact_of(candidate: Candidate) -> Fact:
    return Fact(candidate.value, candidate.provenance, candidate.confidence)


_ARTICLES = ("a ", "an ", "the ")


def _normal(value: Plain) -> Plain:
    if isinstance(value, str):
        text = " ".join(value.casefold().split())
        return next((text.removeprefix(article) for article in _ARTICLES if text.startswith(article)), text)
    if isinstance(value, list | tuple):
        return [_normal(each) for each in value]
    return value


def _normal_key(args: tuple[Plain, ...]) -> str:
    try:
        return key_of(_normal(args))
    except TypeError:  # an argument that is not plain is about nothing that could be known
        return repr(args)


_ENDINGS: Mapping[str, str] = {"ies": "y", "ches": "ch", "shes": "sh", "sses": "ss", "xes": "x", "oes": "o", "s": ""}


def singular(value: Plain) -> Plain:
    """The singular of an English plural, as far as its ending tells; anything else as it is."""
    if isinstance(value, str) and len(value) > 3:
        for ending, instead in _ENDINGS.items():
            if value.endswith(ending) and not value.endswith("ss"):
                return value.removesuffix(ending) + instead
    return value
