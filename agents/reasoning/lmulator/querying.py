"""From what the sandbox stopped at to a query that somebody can answer."""

from __future__ import annotations

from collections.abc import Mapping

import pydantic_monty as monty
from brigade.agents.reasoning.lmulator.queries import Query, Unanswerable
from brigade.agents.reasoning.lmulator.returns import ANY, BOOL, Returns, Row, Several
from brigade.agents.reasoning.lmulator.rewriting import GAP, Rewritten, shown_name
from brigade.agents.reasoning.lmulator.rewriting.guarding import FILL
from brigade.agents.reasoning.lmulator.rewriting.mending import Wanted
from brigade.agents.reasoning.lmulator.sandbox import Asked
from brigade.agents.reasoning.lmulator.stubs import Library, Stub
from brigade.agents.reasoning.lmulator.values import Plain, is_plain, plain_state


def query_of(asked: Asked, program: Rewritten, library: Library, question: str, longest: int) -> Query | None:
    """The query; None for a name that is the machinery's own.

    Raises:
        Unanswerable: its arguments cannot be put to anybody; says why.
    """
    if asked.name in (GAP, FILL):
        return _of_prose(asked, program, question)
    if asked.name.startswith("__brigade"):
        return None
    name = shown_name(asked.name)
    stub = library.get(name) or library.get(asked.name) or Stub(name, head=name, declared=False)
    if stub.name != name:
        stub = Stub(name, stub.parameters, shown_name(stub.head), stub.returns, declared=False)
    args = tuple(_plain(arg, name) for arg in asked.args)
    kwargs = {key: _plain(value, name) for key, value in asked.kwargs.items()}
    size = sum(len(repr(value)) for value in (*args, *kwargs.values()))
    if size > longest:
        raise Unanswerable(f"{name}: its arguments are {size} characters long, more than the {longest} allowed")
    line = program.line(asked.line)
    return Query(
        kind=asked.kind,
        stub=stub,
        args=args,
        kwargs=kwargs,
        line=line,
        source_line=program.source_line(line),
        question=question,
        program=program.source,
    )


def _plain(value: object, name: str) -> Plain:
    """An argument as it can be put to anybody; an object of the program's own is told by its attributes."""
    if isinstance(value, monty.MontyClassProxy):
        return {"class": value.name} | {key: _plain(each, name) for key, each in value.attributes.items()}
    if isinstance(value, list):
        return [_plain(each, name) for each in value]
    if is_plain(value):
        return value
    what = "a whole number that long" if isinstance(value, int) else f"an argument of type {type(value).__name__}"
    raise Unanswerable(f"{name}: {what} cannot be put to anybody")


def _of_prose(asked: Asked, program: Rewritten, question: str) -> Query | None:
    """The query for a line of prose, or for a statement that raised."""
    number = asked.args[0] if asked.args else None
    state = asked.args[-1] if asked.args and isinstance(asked.args[-1], Mapping) else {}
    common = {"state": plain_state({str(key): value for key, value in state.items()}), "question": question}
    if asked.name == GAP and isinstance(number, int) and number in program.gaps:
        gap = program.gaps[number]
        returns = _wanted(gap.wanted, gap.names)
        return _prose_query("gap", number, gap.text, "", returns, program, common)
    if asked.name == FILL and isinstance(number, int) and number in program.guards:
        guard = program.guards[number]
        returns = Row((ANY,) * len(guard.names)) if len(guard.names) > 1 else ANY
        error = ": ".join(str(each) for each in asked.args[1:3])
        return _prose_query("fill", number, guard.text, error, returns, program, common)
    return None


def _wanted(wanted: Wanted, names: tuple[str, ...]) -> Returns:
    match wanted:
        case Wanted.TRUTH:
            return BOOL
        case Wanted.ITEMS:
            return Several("list", ANY)
    return Row((ANY,) * len(names)) if len(names) > 1 else ANY


def _prose_query(
    kind: str, line: int, text: str, error: str, returns: Returns, program: Rewritten, common: Mapping[str, object]
) -> Query:
    state, question = common["state"], common["question"]
    assert isinstance(state, dict)
    stub = Stub(text, head=text, returns=returns, contextual=True, declared=False)
    return Query(
        kind="gap" if kind == "gap" else "fill",
        stub=stub,
        line=line,
        source_line=program.source_line(line),
        text=text,
        error=error,
        state=state,
        question=str(question),
        program=program.source,
    )
