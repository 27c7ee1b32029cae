"""Runs a student's program with values assumed for what it asks: what does it ask, and what would it then answer?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from brigade.agents.reasoning.lmulator import End, Lmulator
from brigade.agents.reasoning.lmulator import Settings as RunSettings
from brigade.agents.reasoning.lmulator.facts import Candidate, Fact
from brigade.agents.reasoning.lmulator.queries import Query
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.reasoning.lmulator.returns import Returns
from brigade.agents.reasoning.lmulator.values import Plain
from brigade.agents.reasoning.lmulator.writing import Written
from brigade.agents.training.student.lessons import Atom

_RUN = RunSettings(traced=False, repairs=0, emulate=False)
Key = tuple[str, tuple[Atom, ...]]
"""What is asked: the function's name and its arguments."""
Default = Callable[[Returns], Atom | None]
"""A value of a type; None where there is none."""


def zero(returns: Returns) -> Atom | None:
    """0 for numbers, nothing for anything else."""
    return {"int": 0, "float": 0.0}.get(str(returns))


def first_value(returns: Returns) -> Atom | None:
    """0 for numbers, the first of few values; nothing for anything else."""
    options = [each for each in returns.options() if isinstance(each, bool | int | float | str)]
    return options[0] if options else zero(returns)


@dataclass(frozen=True)
class Trial:
    """A run under assumptions."""

    answer: Plain
    text: str | None
    """The answer as a person reads it; None if there is none."""
    asked: Mapping[Key, Returns]
    """All that was asked, in order, and of which type it must be."""
    opened: Key | None = None
    """What was asked first of all that is neither known nor assumed; the run ended there."""


@dataclass
class _Assumed:
    """A knowledge base of assumptions."""

    values: Mapping[Key, Atom]
    default: Default | None
    """What to say where nothing is assumed; None: nothing, which ends the run."""
    asked: dict[Key, Returns] = field(default_factory=dict)
    opened: Key | None = None

    def lookup(self, query: Query) -> Fact | None:
        """See lmulator.Knowledge.lookup."""
        if not query.context_free or query.kwargs:
            return None
        args = tuple(arg for arg in query.args if isinstance(arg, bool | int | float | str))
        if len(args) != len(query.args):
            return None
        key = (query.stub.name, args)
        self.asked[key] = query.returns
        if key in self.values:
            return Fact(self.values[key], "assumed")
        value = self.default(query.returns) if self.default is not None else None
        if value is None:
            self.opened = self.opened or key
            return None
        return Fact(value, "assumed")

    def propose(self, candidate: Candidate) -> None:
        """See lmulator.Knowledge.propose; there is no model that could have candidates."""


def run_trial(written: Written, question: str, values: Mapping[Key, Atom], default: Default | None = None) -> Trial:
    """Run a program with these values, and `default` for everything else, as far as it says something.

    The same run is made once; programs have no other input than the question.
    """
    return _run_once(written.program, question, tuple(values.items()), default)


@lru_cache(maxsize=20_000)
def _run_once(program: str, question: str, values: tuple[tuple[Key, Atom], ...], default: Default | None) -> Trial:
    assumed = _Assumed(dict(values), default)
    runner = Lmulator(knowledge=assumed, settings=_RUN)
    result = runner.run(program, question=question, state={"question": question})
    text = answer_text(result.answer) if result.end is End.ANSWERED else None
    return Trial(result.answer if text is not None else None, text, assumed.asked, assumed.opened)
