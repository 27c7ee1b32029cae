"""Syntax and modules that the sandbox does not know, written in what it knows.

Generator functions become functions that return a list's iterator (so an endless one runs into its limit), `del`
becomes `pop`, undefined dotted functions (`kb.lookup(x)`) become plain ones, stubs inside the program are taken out,
and a few modules of the standard library are put in front as source. Everything else the sandbox refuses, with its own
reason.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib import resources

from brigade.agents.reasoning.lmulator.rewriting.names import Names, root_and_path
from brigade.agents.reasoning.lmulator.stubs import Stub, is_stub, stub_of

DOT = "__dot__"
"""Stands for a dot in the name of an undefined function."""
OUT = "__brigade_out__"


def take_stubs(tree: ast.Module) -> tuple[Stub, ...]:
    """The stubs that a program declares itself, taken out of it.

    Raises:
        ValueError: a return type cannot be asked for; says in which line.
    """
    stubs = tuple(stub_of(node) for node in tree.body if isinstance(node, ast.FunctionDef) and is_stub(node))
    tree.body = [node for node in tree.body if not is_stub(node)]
    return stubs


class Generators(ast.NodeTransformer):
    """Generator functions, written as functions that return an iterator over a list."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Collect what is yielded, if all of it is yielded in statements."""
        self.generic_visit(node)
        yields = [each for each in _own(node) if isinstance(each, ast.Yield | ast.YieldFrom)]
        in_statements = {id(each.value) for each in _own(node) if isinstance(each, ast.Expr)}
        if not yields or any(id(each) not in in_statements for each in yields):
            return node
        collected = _Collect()
        node.body = [collected.visit(each) for each in node.body]
        start = ast.Assign([ast.Name(OUT, ast.Store())], ast.List([], ast.Load()))
        node.body = [ast.fix_missing_locations(ast.copy_location(start, node)), *node.body, _return(node)]
        return node


class _Collect(ast.NodeTransformer):
    """`yield x` becomes an append, `return` the end of the list; functions inside are left alone."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        match node.value:
            case ast.Yield(value=value):
                call, argument = "append", value or ast.Constant(None)
            case ast.YieldFrom(value=value):
                call, argument = "extend", value
            case _:
                return node
        method = ast.Attribute(ast.Name(OUT, ast.Load()), call, ast.Load())
        statement = ast.Expr(ast.Call(method, [argument], []))
        return ast.fix_missing_locations(ast.copy_location(statement, node))

    def visit_Return(self, node: ast.Return) -> ast.AST:
        return _return(node)


def _return(at: ast.stmt) -> ast.stmt:
    call = ast.Call(ast.Name("iter", ast.Load()), [ast.Name(OUT, ast.Load())], [])
    return ast.fix_missing_locations(ast.copy_location(ast.Return(call), at))


def _own(function: ast.FunctionDef) -> list[ast.AST]:
    """The nodes of a function, without those of the functions inside it."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(node))
    return found


class Deletions(ast.NodeTransformer):
    """`del d[k]` becomes `d.pop(k)`, `del xs[a:b]` an empty slice; `del x` goes where x is not read again below it."""

    def __init__(self, tree: ast.Module) -> None:
        self._last_read: dict[str, int] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._last_read[node.id] = max(self._last_read.get(node.id, 0), node.lineno)

    def visit_Delete(self, node: ast.Delete) -> ast.AST | list[ast.stmt]:
        """See the class."""
        new = [self._without(target, node) for target in node.targets]
        if any(each is None for each in new):
            return node
        return [ast.fix_missing_locations(ast.copy_location(each, node)) for each in new if each is not None]

    def _without(self, target: ast.expr, node: ast.Delete) -> ast.stmt | None:
        match target:
            case ast.Subscript(value=value, slice=ast.Slice()):
                place = ast.Subscript(value, target.slice, ast.Store())
                return ast.Assign([place], ast.List([], ast.Load()))
            case ast.Subscript(value=value, slice=key):
                return ast.Expr(ast.Call(ast.Attribute(value, "pop", ast.Load()), [key], []))
            case ast.Name(id=name) if self._last_read.get(name, 0) <= node.lineno:
                return ast.Pass()
        return None


class Dotted(ast.NodeTransformer):
    """`kb.lookup(x)` with an undefined `kb` becomes a call of one undefined function with a dot in its name.

    `methods` are those that no value has and that stand for a meaning: `word.plural()` becomes `plural(word)`.
    """

    def __init__(self, names: Names, methods: frozenset[str]) -> None:
        self._names = names
        self._methods = methods

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """See the class."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in self._methods:
            node.args = [node.func.value, *node.args]
            node.func = ast.copy_location(ast.Name(node.func.attr, ast.Load()), node.func)
        return node

    def visit_Await(self, node: ast.Await) -> ast.AST:
        """An undefined function answers at once: there is nothing to wait for."""
        self.generic_visit(node)
        match node.value:
            case ast.Call(func=ast.Name(id=name)) if name in self._names.free or DOT in name:
                return node.value
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """See the class."""
        path = root_and_path(node)
        ours = path is not None and path[0].startswith("__brigade")
        if path is None or ours or path[0] not in self._names.free or not isinstance(node.ctx, ast.Load):
            self.generic_visit(node)
            return node
        name = ast.Name(path[1].replace(".", DOT), ast.Load())
        return ast.copy_location(name, node)


MODULES = ("statistics", "string", "heapq", "operator", "calendar", "textwrap", "kinship", "days")
"""Modules that the sandbox lacks and that are put in front of a program as source: some of the standard library, and
`kinship`, which tells what one person of a family is to another, and `days`, which counts days written in words."""


@cache
def _module_source(name: str) -> ast.Module:
    folder = resources.files("brigade.agents.reasoning.lmulator") / "modules"
    return ast.parse((folder / f"{name}.txt").read_text(encoding="utf-8"))


class Imports(ast.NodeTransformer):
    """Imports of the modules in MODULES; `used` are those that the program needs."""

    def __init__(self) -> None:
        self.used: list[str] = []

    def visit_Import(self, node: ast.Import) -> ast.AST | list[ast.stmt]:
        """`import statistics as s` becomes `s = statistics`."""
        ours = [alias for alias in node.names if alias.name in MODULES]
        if not ours:
            return node
        new: list[ast.stmt] = []
        for alias in ours:
            new.append(self._bind(alias.asname or alias.name, ast.Name(_module(alias.name), ast.Load()), node))
            self._use(alias.name)
        rest = [alias for alias in node.names if alias.name not in MODULES]
        return [*new, *([ast.copy_location(ast.Import(rest), node)] if rest else [])]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.stmt]:
        """`from statistics import mean` becomes `mean = statistics.mean`."""
        if node.module not in MODULES or node.level or any(alias.name == "*" for alias in node.names):
            return node
        self._use(node.module)
        module = ast.Name(_module(node.module), ast.Load())
        return [
            self._bind(alias.asname or alias.name, ast.Attribute(module, alias.name, ast.Load()), node)
            for alias in node.names
        ]

    def prelude(self) -> str:
        """The source of the modules that are used."""
        return "\n".join(_as_object(name) for name in self.used)

    def _use(self, name: str) -> None:
        if name not in self.used:
            self.used.append(name)

    @staticmethod
    def _bind(name: str, value: ast.expr, at: ast.stmt) -> ast.stmt:
        statement = ast.Assign([ast.Name(name, ast.Store())], value)
        return ast.fix_missing_locations(ast.copy_location(statement, at))


def _module(name: str) -> str:
    return f"__brigade_module_{name}__"


@cache
def _as_object(name: str) -> str:
    """A module's source as the making of one object: every name that it defines becomes an attribute."""
    tree = ast.parse(ast.unparse(_module_source(name)))
    defined = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            defined.append(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            defined.append(node.targets[0].id)
    body = ast.unparse(tree).replace("\n", "\n    ")
    attributes = "\n    ".join(f"module.{each} = {each}" for each in defined)
    return (
        f"class __brigade_class_{name}__:\n    pass\n"
        f"def __brigade_make_{name}__():\n    {body}\n    module = __brigade_class_{name}__()\n    {attributes}\n"
        f"    return module\n{_module(name)} = __brigade_make_{name}__()"
    )
