"""Makes a program tell, line by line, which variables it set to what.

It tells by printing, since printing works everywhere, callbacks included, and what was printed before a run was ended
is not lost. Each message starts with a mark that is drawn anew for every run, so that a program cannot forge one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache

from brigade.agents.reasoning.lmulator.rewriting.guarding import receiver
from brigade.agents.reasoning.lmulator.rewriting.names import blocks
from brigade.agents.reasoning.lmulator.rewriting.preludes import front

TELL, RETURNED = "__brigade_tell__", "__brigade_r__"
START, END, BETWEEN = "\x02", "\x03", "\x1f"
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
        if '\\x03' in text or '\\x1f' in text:
            text = repr(text)
        return text if len(text) <= {LONGEST} else text[:{LONGEST - 3}] + '...'
    except Exception:
        return '<' + type(value).__name__ + '>'
def {TELL}(place, *values):
    if __brigade_left__[0] > 0:
        __brigade_left__[0] = __brigade_left__[0] - 1
        told = str(place)
        for value in values:
            told = told + '\\x1f' + __brigade_short__(value)
        print('\\x02MARK' + told, end='\\x03')
"""


@cache
def prelude(most: int) -> str:
    """The source that goes in front of a traced program; `MARK` stands for the run's mark.

    Args:
        most: messages of one run.
    """
    return front([PRELUDE]).replace("MOST", str(most))


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
        node.body = self._block(node.body, [self._tell(node, parameters(node), parameters(node))])
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
            case ast.Return(value=ast.expr() as value):
                keep = ast.copy_location(ast.Assign([ast.Name(RETURNED, ast.Store())], value), node)
                node.value = ast.Name(RETURNED, ast.Load())
                ast.fix_missing_locations(keep)
                return [keep, self._tell(node, [RETURNED], ["return"]), ast.fix_missing_locations(node)]
            case ast.FunctionDef() | ast.ClassDef():
                visited = self.visit(node)
                return [visited] if isinstance(visited, ast.stmt) else [node]
        told = told_of(node, self._modules)
        if told is not None:
            return [node, self._tell(node, *told)]
        self._enter(node)
        return [node]

    def _tell(self, node: ast.stmt, names: list[str], shown: list[str]) -> ast.stmt:
        self.places.append((node.lineno, self._scope, tuple(shown)))
        line, load = node.lineno, ast.Load()
        values = [ast.Name(name, load, lineno=line, col_offset=0) for name in names]
        number = ast.Constant(len(self.places) - 1, lineno=line, col_offset=0)
        call = ast.Call(
            ast.Name(TELL, load, lineno=line, col_offset=0), [number, *values], [], lineno=line, col_offset=0
        )
        return ast.Expr(call, lineno=line, col_offset=0)

    def _enter(self, node: ast.stmt) -> None:
        """Trace the blocks of a compound statement."""
        firsts = {id(body): names for body, names in entered(node)}
        for body in blocks(node):
            names = firsts.get(id(body))
            body[:] = self._block(body, [] if names is None else [self._tell(node, names, names)])


def told_of(node: ast.stmt, modules: frozenset[str]) -> tuple[list[str], list[str]] | None:
    """The variables that are told after a simple statement, and the names under which; None: nothing is told of it."""
    match node:
        case ast.Assign(targets=targets):
            names = _names(targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
            names = _names([target])
        case ast.Expr(value=value):
            changed = receiver(value)
            names = [] if not changed or changed.startswith("__brigade") or changed in modules else [changed]
        case _:
            return None
    return names, names


def entered(node: ast.stmt) -> list[tuple[list[ast.stmt], list[str]]]:
    """The blocks of a compound statement whose being entered is told, with the variables that are told then."""
    match node:
        case ast.For(target=target):
            return [(node.body, _names([target]))]
        case ast.While() | ast.If():
            return [(node.body, [])]
        case ast.Match():
            return [(case.body, _captured(case.pattern)) for case in node.cases]
    return []


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


def parameters(node: ast.FunctionDef) -> list[str]:
    """The parameters of a function, `self` left out."""
    arguments = node.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [each.arg for each in given if each.arg != "self"]


def _captured(pattern: ast.pattern) -> list[str]:
    if any(isinstance(node, ast.MatchOr) for node in ast.walk(pattern)):
        return []
    return [node.name for node in ast.walk(pattern) if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name]
