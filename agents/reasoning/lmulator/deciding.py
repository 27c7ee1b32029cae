"""What to do about an error: mend the program, let a model stand in for the statement, or give up.

A model never stands in for arithmetic, for looking something up, or for an assertion: there the program is wrong, and
only a repair may help. It may stand in where Python has no word for what is meant: a method that no value has
(`word.plural()`), a text that a parser of Python cannot read (`int("a dozen")`), and a value of a model that is not
what the statement needs. Source: Chain of Code catches every exception and lets the model simulate the line; the fix
before the simulation is optillm's.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import StrEnum

from brigade.agents.reasoning.lmulator.limits import End
from brigade.agents.reasoning.lmulator.rewriting import Rewritten
from brigade.agents.reasoning.lmulator.rewriting.names import METHODS, statements
from brigade.agents.reasoning.lmulator.sandbox import Broken


class Action(StrEnum):
    """What can be done about an error."""

    REPAIR = "repair"
    """The model writes the statement anew."""
    EMULATE = "emulate"
    """The model gives the value that the statement would have set."""
    METHOD = "method"
    """The method that is missing is asked for as a function."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be done, in order; nothing if the run is over."""

    actions: tuple[Action, ...]
    method: str = ""
    """For METHOD: which."""


GIVE_UP = Decision(())
_REPAIR_ONLY = Decision((Action.REPAIR,))
_OVER = (End.TIME, End.MEMORY, End.DEPTH, End.CALLS, End.OUTPUT, End.CRASHED, End.REFUSED, End.UNANSWERED)
_FOREIGN = METHODS | frozenset(
    re.findall(
        r"\S+",
        """push length size add_all addAll contains indexOf toString toUpperCase toLowerCase substring charAt forEach
        each map filter reduce equals trim has_key iteritems itervalues iterkeys isEmpty put hasOwnProperty unshift
        shift splice slice concat includes appendAll""",
    )
)
"""Methods of other languages, and of Python's own other types: a mistake, never a meaning."""
_PARSERS = re.compile(
    r"invalid literal for int|could not convert string to float|time data|[Ii]nvalid isoformat|unconverted data"
)
_NO_ATTRIBUTE = re.compile(r"^'(\w+)' object has no attribute '(\w+)'")


def decide(broken: Broken, program: Rewritten) -> Decision:
    """What may be done about the error that ended a run."""
    line = program.line(broken.line, broken.outer)
    statement = statement_at(program, line)
    if broken.end in _OVER or statement is None:
        return GIVE_UP
    if broken.end is End.UNSUPPORTED or broken.end is End.SYNTAX:
        return _REPAIR_ONLY
    if broken.error == "AttributeError" and (match := _NO_ATTRIBUTE.match(broken.message)):
        return _missing_method(match[1], match[2], statement, program.names.bound)
    if broken.error == "ValueError" and _PARSERS.search(broken.message):
        return Decision((Action.EMULATE,))
    if broken.error in ("TypeError", "ValueError") and _of_a_model(statement, program):
        return Decision((Action.EMULATE,))
    return _REPAIR_ONLY


def statement_at(program: Rewritten, line: int) -> ast.stmt | None:
    """The innermost statement of the rewritten program that begins in a line."""
    found = [each for each in statements(program.tree.body[:-1]) if each.lineno == line and not _is_ours(each)]
    return found[-1] if found else None


def _is_ours(statement: ast.stmt) -> bool:
    """Whether a statement only tells what another one did."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name.startswith("__brigade_tell")
    return False


def _missing_method(kind: str, method: str, statement: ast.stmt, bound: frozenset[str]) -> Decision:
    is_called = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
        for node in ast.walk(statement)
    )
    if kind == "NoneType" or method.startswith("_") or method in _FOREIGN:
        return _REPAIR_ONLY
    if is_called and not isinstance(statement, ast.Expr) and method not in bound:
        return Decision((Action.METHOD,), method)
    return Decision((Action.REPAIR, Action.EMULATE))


def _of_a_model(statement: ast.stmt, program: Rewritten) -> bool:
    """Whether a statement uses what a model gave: it asks, or reads a variable that was set by asking."""
    asked = program.names.called | {"__brigade_gap__", "__brigade_fill__"}
    given: set[str] = set()
    for each in statements(program.tree.body):
        targets = each.targets if isinstance(each, ast.Assign) else [each.target] if isinstance(each, ast.For) else []
        source = each.value if isinstance(each, ast.Assign) else each.iter if isinstance(each, ast.For) else None
        if source is not None and (_called(source) & asked or _read(source) & given):
            given |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    here = _own_part(statement)
    return bool(_called(here) & asked or _read(here) & given)


def _own_part(statement: ast.stmt) -> ast.AST:
    match statement:
        case ast.If(test=part) | ast.While(test=part) | ast.For(iter=part):
            return part
    return statement


def _called(node: ast.AST) -> set[str]:
    return {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def _read(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
