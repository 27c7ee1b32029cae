"""Tracing by lines put into the text: what `tracing` does to a tree, for programs that need nothing else.

Writing a tree out again and reading it for its line numbers takes half of a traced run; lines put between the
program's own take a tenth of that. Where two statements share a line it does not work, and the tree is rewritten.
"""

from __future__ import annotations

import ast

from brigade.agents.reasoning.lmulator.rewriting.names import blocks
from brigade.agents.reasoning.lmulator.rewriting.tracing import RETURNED, TELL, Place, entered, parameters, told_of

Lines = list[tuple[str, int]]
"""Lines of text, and the line of the program that each belongs to."""


class _Crowded(Exception):
    """A statement does not begin its line."""


def with_tellings(text: str, tree: ast.Module, modules: frozenset[str]) -> tuple[Lines, list[Place]] | None:
    """The text with a message after each statement that sets something; None where that cannot be done.

    Args:
        text: the program.
        tree: what it parses to; left as it is.
        modules: names of imported modules, which are not told.
    """
    telling = _Telling(text.split("\n"), modules)
    try:
        telling.block(tree.body, "")
    except _Crowded:
        return None
    return telling.written(), telling.places


class _Telling:
    def __init__(self, lines: list[str], modules: frozenset[str]) -> None:
        self._lines = lines
        self._modules = modules
        self._before: dict[int, list[tuple[str, int]]] = {}
        self._after: dict[int, list[tuple[str, int]]] = {}
        self.places: list[Place] = []

    def block(self, body: list[ast.stmt], scope: str) -> None:
        """Every statement of a block."""
        for node in body:
            self._statement(node, scope)

    def written(self) -> Lines:
        """The whole text."""
        found: Lines = []
        for number, line in enumerate(self._lines, 1):
            found += [*self._before.get(number, ()), (line, number), *self._after.get(number, ())]
        return found

    def _statement(self, node: ast.stmt, scope: str) -> None:
        indent = self._indent(node)
        match node:
            case ast.Return(value=ast.expr()):
                start, line = node.lineno - 1, self._lines[node.lineno - 1]
                self._lines[start] = f"{indent}{RETURNED} ={line[len(indent) + len('return') :]}"
                self._tell(node, indent, scope, [RETURNED], ["return"])
                self._after[_end(node)].append((f"{indent}return {RETURNED}", node.lineno))
            case ast.FunctionDef():
                self._enter(node, node.body, node.name, parameters(node))
            case ast.ClassDef():
                self.block([each for each in node.body if isinstance(each, ast.FunctionDef)], scope)
            case _:
                told = told_of(node, self._modules)
                if told is not None:
                    self._tell(node, indent, scope, *told)
                else:
                    self._inside(node, scope)

    def _inside(self, node: ast.stmt, scope: str) -> None:
        """The blocks of a compound statement."""
        firsts = {id(body): names for body, names in entered(node)}
        for body in blocks(node):
            names = firsts.get(id(body))
            if names is None:
                self.block(body, scope)
            else:
                self._enter(node, body, scope, names)

    def _enter(self, node: ast.stmt, body: list[ast.stmt], scope: str, names: list[str]) -> None:
        """A block whose first message tells that it was entered."""
        first = body[0]
        self._before.setdefault(_start(first), []).append(
            (self._message(node, self._indent(first), scope, names, names), node.lineno)
        )
        self.block(body, scope)

    def _tell(self, node: ast.stmt, indent: str, scope: str, names: list[str], shown: list[str]) -> None:
        message = self._message(node, indent, scope, names, shown)
        self._after.setdefault(_end(node), []).append((message, node.lineno))

    def _message(self, node: ast.stmt, indent: str, scope: str, names: list[str], shown: list[str]) -> str:
        self.places.append((node.lineno, scope, tuple(shown)))
        return f"{indent}{TELL}({', '.join([str(len(self.places) - 1), *names])})"

    def _indent(self, node: ast.stmt) -> str:
        before = self._lines[node.lineno - 1][: node.col_offset]
        if before.strip():
            raise _Crowded
        return before


def _start(node: ast.stmt) -> int:
    """The first line of a statement, its decorators included."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return node.lineno


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
