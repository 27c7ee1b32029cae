"""Which names a program binds, and which functions it calls without defining them.

Scopes are not told apart: a name that is bound anywhere counts as bound. That is only used to decide what is rewritten
before a run; at run time the sandbox itself stops at whatever is undefined.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from brigade.agents.reasoning.lmulator.stubs import is_stub

BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one program."""

    bound: frozenset[str]
    modules: frozenset[str]
    """Of `bound`: those that stand for an imported module."""
    called: frozenset[str]
    """Undefined functions that are called by a plain name."""
    free: frozenset[str]
    """Every name that is read and bound nowhere, builtins left out."""
    odd: bool = True
    """Whether the program has something that the sandbox does not know and that can be rewritten."""


def names_of(tree: ast.AST, modules: frozenset[str] = frozenset(), given: frozenset[str] = frozenset()) -> Names:
    """The names of a program.

    Args:
        tree: the program.
        modules: modules that are put in front of a program that imports them.
        given: names that are bound before it runs.
    """
    bound: set[str] = set(given)
    imported: set[str] = set()
    read: set[str] = set()
    called: set[str] = set()
    functions: set[int] = set()
    consumed: set[int] = set()
    odd = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
            continue
        if isinstance(node, _BINDING):
            bound.update(_bound_by(node))
        if isinstance(node, ast.Import):
            imported.update(_import_name(alias) for alias in node.names)
            odd = odd or any(alias.name in modules for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            odd = odd or node.module in modules
        elif isinstance(node, ast.Call):
            functions.add(id(node.func))
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name:
                called.add(name)
            if name not in STOPPING:
                consumed.update(id(arg) for arg in node.args if isinstance(arg, ast.GeneratorExp))
        elif isinstance(node, ast.GeneratorExp):
            odd = odd or id(node) not in consumed
        elif isinstance(node, ast.Attribute):
            of_type = isinstance(node.value, ast.Name) and node.value.id in TYPES
            odd = odd or of_type or (node.attr in METHODS and id(node) not in functions)
        odd = odd or isinstance(node, _ODD) or is_stub(node)
    free = read - bound - BUILTINS
    return Names(frozenset(bound), frozenset(imported), frozenset(called & free), frozenset(free), odd or bool(free))


STOPPING = frozenset({"any", "all", "next"})
"""Builtins that go through a generator only until they know enough."""
TYPES = frozenset({"str", "list", "dict", "set", "tuple", "int", "float", "bytes"})
"""Types whose methods a program may hand over."""
METHODS = frozenset(n for kind in (str, list, dict, set, tuple) for n in dir(kind) if not n.startswith("_"))
"""Methods of built-in values; the sandbox knows them only where they are called."""
_ODD = (ast.Yield, ast.YieldFrom, ast.Delete)
_BINDING = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arg, ast.ExceptHandler, ast.MatchAs, ast.MatchStar,
    ast.MatchMapping, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal,
)  # fmt: skip


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from map(_import_name, names)
        case ast.Global(names=declared) | ast.Nonlocal(names=declared):
            yield from declared


def _import_name(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def root_and_path(node: ast.expr) -> tuple[str, str] | None:
    """The first name and the whole dotted path of `a.b.c`; None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return node.id, ".".join([node.id, *reversed(parts)])


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement, outermost first, in the order of the text."""
    for statement in body:
        yield statement
        for block in blocks(statement):
            yield from statements(block)


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement, in the order of the text."""
    match statement:
        case ast.Match(cases=cases):
            for case in cases:
                yield case.body
        case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
            yield statement.body
            for handler in handlers:
                yield handler.body
            yield statement.orelse
            yield statement.finalbody
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
            yield statement.body
            yield statement.orelse
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.With() | ast.AsyncWith():
            yield statement.body
