"""What a short program leaves out: the imports and stubs of the functions that it uses, put in front of it.

A small model that writes a program pays for every token, in time and in mistakes; what is the same in each program it
need not write. Knows no model.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

_KIN = """\
from kinship import families, relation
def is_female(name: str) -> bool: ...
def kin(who, whom, told):
    hers, his = relation(who, whom, *families(told))
    return hers if is_female(who) else his"""
_DAYS = ("weekday", "count", "workdays", "nth", "after_new_year")
LINES: Mapping[str, str] = {
    "legs": "def legs(animal: str) -> int: ...",
    "kin": _KIN,
    "isleap": "from calendar import isleap",
    "gcd": "from math import gcd",
    "lcm": "from math import lcm",
    "prod": "from math import prod",
    **{name: f"from days import {name}" for name in _DAYS},
}
"""What makes a function known, by its name."""


def completed(program: str) -> str:
    """The program with what it needs in front; as it is where it does not parse or makes all its names itself."""
    try:
        tree = ast.parse(program)
    except SyntaxError:
        return program
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)} | _defined(tree)
    front = [lines for name, lines in LINES.items() if name in called - made]
    return "\n".join([*front, program])


def _defined(tree: ast.Module) -> set[str]:
    """Names that the program defines or imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name) for alias in node.names}
    return found
