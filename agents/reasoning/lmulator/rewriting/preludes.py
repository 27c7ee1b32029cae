"""Source that is put in front of a program, made safe from what the program calls its variables.

A program that says `max = 0` or `print = None` must not break what watches it; so the code in front keeps the builtins
that it uses under names of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache

from brigade.agents.reasoning.lmulator.rewriting.names import BUILTINS


def front(parts: Iterable[str]) -> str:
    """The parts as one text that ends with a line break; nothing if there is none."""
    kept = [_renamed(part) for part in parts if part]
    used = sorted({name for _, names in kept for name in names})
    aliases = "".join(f"{_own(name)} = {name}\n" for name in used)
    return aliases + "".join(f"{text}\n" for text, _ in kept)


def _own(name: str) -> str:
    return f"__brigade_b_{name}__"


@cache
def _renamed(part: str) -> tuple[str, frozenset[str]]:
    """The part with its builtins under other names, and which they are."""
    tree = ast.parse(part)
    renaming = _Renaming()
    text = ast.unparse(renaming.visit(tree))
    return text, frozenset(renaming.used)


class _Renaming(ast.NodeTransformer):
    def __init__(self) -> None:
        self.used: set[str] = set()

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in BUILTINS or not isinstance(node.ctx, ast.Load):
            return node
        self.used.add(node.id)
        return ast.copy_location(ast.Name(_own(node.id), node.ctx), node)
