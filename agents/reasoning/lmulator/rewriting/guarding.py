"""Guards: a statement that raised before is made to hand its work out when it raises again.

The statement is tried as it is; only errors that mark a gap in meaning are caught, never those of arithmetic or of
looking something up. What is handed out is the value that the statement would have set, with the variables at hand.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from brigade.agents.reasoning.lmulator.rewriting.mending import STATE

FILL = "__brigade_fill__"
CAUGHT = ("AttributeError", "TypeError", "ValueError", "NotImplementedError")
"""What a guard catches; `agents/reasoning/lmulator/deciding.py` decides which lines get one."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A guarded statement."""

    line: int
    text: str
    names: tuple[str, ...]
    """What it sets, as written; empty for a condition, an iterable or a returned value."""


class Guards(ast.NodeTransformer):
    """Guards the statements that begin in these lines."""

    def __init__(self, lines: frozenset[int]) -> None:
        self._lines = lines
        self.guards: dict[int, Guard] = {}

    def visit(self, node: ast.AST) -> ast.AST | list[ast.stmt]:
        """Guard a statement of the chosen lines; expressions are left alone."""
        if isinstance(node, ast.expr):
            return node
        before = ast.unparse(_head(node)) if isinstance(node, ast.stmt) and node.lineno in self._lines else ""
        visited: ast.AST = self.generic_visit(node)
        if not before or not isinstance(visited, ast.stmt):
            return visited
        return self._guarded(visited, before) or visited

    def _guarded(self, node: ast.stmt, text: str) -> list[ast.stmt] | None:
        match node:
            case ast.Assign(targets=targets):
                return [self._attempt(node, [node], [ast.unparse(each) for each in targets], text)]
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
                return [self._attempt(node, [node], [ast.unparse(target)], text)]
            case ast.Expr(value=value):
                names = receiver(value)
                return [self._attempt(node, [node], [names], text)] if names else None
            case ast.Return(value=ast.expr()):
                return [self._attempt(node, [node], [], text, returns=True)]
            case ast.If(test=test):
                first, name = self._hoisted(node, test, text, "c")
                node.test = name
                return [first, node]
            case ast.For(iter=iterable):
                first, name = self._hoisted(node, iterable, text, "i")
                node.iter = name
                return [first, node]
            case ast.While(test=test, orelse=[]):
                first, name = self._hoisted(node, test, text, "w")
                leave = ast.If(ast.UnaryOp(ast.Not(), name), [ast.Break()], [])
                node.test = ast.Constant(True)
                node.body = [first, *_placed([leave], node), *node.body]
                return [node]
        return None

    def _hoisted(self, node: ast.stmt, value: ast.expr, text: str, kind: str) -> tuple[ast.stmt, ast.expr]:
        """A guarded assignment of an expression to a name of our own, and that name."""
        name = f"__brigade_{kind}{node.lineno}__"
        assign = ast.Assign([ast.Name(name, ast.Store())], value)
        first = self._attempt(node, _placed([assign], node), [name], text)
        self.guards[node.lineno] = Guard(node.lineno, text, ())
        return first, ast.copy_location(ast.Name(name, ast.Load()), node)

    def _attempt(
        self, node: ast.stmt, body: list[ast.stmt], targets: list[str], text: str, *, returns: bool = False
    ) -> ast.stmt:
        self.guards[node.lineno] = Guard(node.lineno, text, tuple(targets))
        error = "__brigade_e__"
        call = f"{FILL}({node.lineno}, type({error}).__name__, str({error}), {STATE})"
        handed = f"return {call}" if returns else f"{' = '.join([*targets, call])}"
        code = f"try:\n    pass\nexcept ({', '.join(CAUGHT)}) as {error}:\n    {handed}"
        attempt = ast.parse(code).body[0]
        assert isinstance(attempt, ast.Try)
        placed = _placed([attempt], node)[0]
        assert isinstance(placed, ast.Try)
        placed.body = body
        return placed


def receiver(value: ast.expr) -> str:
    """The variable that a method call may change, such as `basket` of `basket.sort_by_ripeness()`; else nothing."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Name):
        return value.func.value.id
    return ""


def _head(node: ast.stmt) -> ast.AST:
    """What of a statement is on its first line."""
    match node:
        case ast.If(test=part) | ast.While(test=part) | ast.For(iter=part):
            return part
    return node


def _placed(statements: list[ast.stmt], at: ast.stmt) -> list[ast.stmt]:
    """The statements, all of them at the place of another."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.stmt | ast.expr | ast.excepthandler) and not hasattr(node, "_keep"):
                ast.copy_location(node, at)
    return statements
