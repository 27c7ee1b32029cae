"""Makes a program tell, line by line, which variables it set to what.

It tells by printing, since printing works everywhere, callbacks included, and what was printed before a run was ended
is not lost. Each message starts with a mark that is drawn anew for every run, so that a program cannot forge one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from brigade.agents.reasoning.lmulator.rewriting.guarding import receiver

TELL = "__brigade_tell__"
START, END = "\x02", "\x03"
START_WRITTEN, END_WRITTEN = "\\x02", "\\x03"
LONGEST = 160
"""Characters of a value that are told."""

PRELUDE = f"""
__brigade_left__ = [MOST]
def __brigade_short__(value):
    try:
        if isinstance(value, (list, tuple, set, dict)) and len(value) > 60:
            return '<' + type(value).__name__ + ' of ' + str(len(value)) + '>'
        if isinstance(value, str) and len(value) > {LONGEST}:
            value = value[:{LONGEST - 20}] + '...'
        text = repr(value)
        return text if len(text) <= {LONGEST} else text[:{LONGEST - 3}] + '...'
    except Exception:
        return '<' + type(value).__name__ + '>'
def {TELL}(place, *values):
    if __brigade_left__[0] > 0:
        __brigade_left__[0] = __brigade_left__[0] - 1
        told = [__brigade_short__(value) for value in values]
        print('{START_WRITTEN}MARK' + repr((place, told)), end='{END_WRITTEN}')
"""


Place = tuple[int, str, tuple[str, ...]]
"""What a message is about: the line, the function it is in, the names of the values."""


class Tracing(ast.NodeTransformer):
    """Adds a message after every statement that sets something, and at the start of every block."""

    def __init__(self, modules: frozenset[str] = frozenset()) -> None:
        self._scope = ""
        self._modules = modules
        self.places: list[Place] = []
        """What each message is about, by its number."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """The function's own variables are told under its name."""
        outer, self._scope = self._scope, node.name
        node.body = self._block(node.body, [self._tell(node, _parameters(node))])
        self._scope = outer
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Methods are traced, the class's own body is not."""
        node.body = [self.visit(each) if isinstance(each, ast.FunctionDef) else each for each in node.body]
        return node

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """The whole program."""
        last = node.body.pop() if node.body and isinstance(node.body[-1], ast.Expr) else None  # its value is the answer
        node.body = self._block(node.body) + ([last] if last else [])
        return node

    def _block(self, body: list[ast.stmt], first: Iterable[ast.stmt] = ()) -> list[ast.stmt]:
        new = list(first)
        for statement in body:
            new += self._told(statement)
        return new

    def _told(self, node: ast.stmt) -> list[ast.stmt]:
        """The statement, and what tells of it."""
        if not node.lineno:  # a variable that was given
            return [node]
        match node:
            case ast.Assign(targets=targets):
                return [node, self._tell(node, _names(targets))]
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
                return [node, self._tell(node, _names([target]))]
            case ast.Expr(value=value):
                changed = receiver(value)
                ours = changed.startswith("__brigade") or changed in self._modules
                shown = [changed] if changed and not ours else []
                return [node, self._tell(node, shown)]
            case ast.Return(value=ast.expr() as value):
                name = "__brigade_r__"
                keep = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), node)
                node.value = ast.Name(name, ast.Load())
                ast.fix_missing_locations(keep)
                return [keep, self._tell(node, [name], ["return"]), ast.fix_missing_locations(node)]
            case ast.FunctionDef() | ast.ClassDef():
                visited = self.visit(node)
                return [visited] if isinstance(visited, ast.stmt) else [node]
        self._enter(node)
        return [node]

    def _tell(self, node: ast.stmt, names: list[str], shown: list[str] | None = None) -> ast.stmt:
        self.places.append((node.lineno, self._scope, tuple(shown or names)))
        line, load = node.lineno, ast.Load()
        values = [ast.Name(name, load, lineno=line, col_offset=0) for name in names]
        number = ast.Constant(len(self.places) - 1, lineno=line, col_offset=0)
        call = ast.Call(
            ast.Name(TELL, load, lineno=line, col_offset=0), [number, *values], [], lineno=line, col_offset=0
        )
        return ast.Expr(call, lineno=line, col_offset=0)

    def _enter(self, node: ast.stmt) -> None:
        """Trace the blocks of a compound statement; the first message of a block tells that it was entered."""
        match node:
            case ast.For(target=target):
                node.body = self._block(node.body, [self._tell(node, _names([target]))])
                node.orelse = self._block(node.orelse)
            case ast.While():
                node.body = self._block(node.body, [self._tell(node, [])])
                node.orelse = self._block(node.orelse)
            case ast.If():
                node.body = self._block(node.body, [self._tell(node, [])])
                node.orelse = self._block(node.orelse)
            case ast.With():
                node.body = self._block(node.body)
            case ast.Try():
                node.body, node.orelse = self._block(node.body), self._block(node.orelse)
                node.finalbody = self._block(node.finalbody)
                for handler in node.handlers:
                    handler.body = self._block(handler.body)
            case ast.Match():
                for case in node.cases:
                    case.body = self._block(case.body, [self._tell(node, _captured(case.pattern))])


def _names(targets: Iterable[ast.expr]) -> list[str]:
    """The variables that targets set or change, ours left out."""
    found: list[str] = []
    for target in targets:
        match target:
            case ast.Name(id=name):
                found.append(name)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                found += _names(elements)
            case ast.Starred(value=inner) | ast.Subscript(value=inner) | ast.Attribute(value=inner):
                found += _names([inner])
    return [name for name in dict.fromkeys(found) if not name.startswith("__brigade")]


def _parameters(node: ast.FunctionDef) -> list[str]:
    arguments = node.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [each.arg for each in given if each.arg != "self"]


def _captured(pattern: ast.pattern) -> list[str]:
    if any(isinstance(node, ast.MatchOr) for node in ast.walk(pattern)):
        return []
    return [node.name for node in ast.walk(pattern) if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name]
