"""The `.layout` files of overcooked_ai as plain data: a Python dict literal, read without running it.

The published loader evaluates such a file as a program. Here its tokens are checked first, one by one, against the few
that a literal is made of: so nothing can be called, and no nesting or chain of operators gets as far as the parser,
which could overflow its stack. `float("inf")`, which one published layout says, is read as what it means.

Knows nothing of kitchens, but that the rows of a `grid` are stripped.
"""

from __future__ import annotations

import ast
import tokenize
import warnings
from collections.abc import Iterator
from io import StringIO
from typing import Any

from brigade.envs.kitchen.plan import LayoutError, Origin

MAX_TEXT = 200_000
"""Characters of the longest file that is read; the published ones have up to 1,300."""
MAX_NESTING = 12
"""Brackets within brackets; the published files have up to 6."""
MAX_DIGITS = 30
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_BEFORE_VALUES = ("(", "[", "{", ",", ":")
_NAMES = {"None", "True", "False", "float"}
_LAYOUT_TOKENS = {tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER, tokenize.ENCODING}


def read_literal(text: str, source: str) -> tuple[dict[str, Any], Origin]:
    """The dict that a file holds, rows of its grid stripped, and where its keys are.

    Raises:
        LayoutError: with the line, why it is no dict of literals.
    """
    if len(text) > MAX_TEXT:
        raise LayoutError(f"{source}:1: {len(text)} characters are too many for a layout")
    _check_tokens(text, source)
    node = _parse(text, source)
    if not isinstance(node, ast.Dict):
        raise LayoutError(f"{source}:1: a layout is a dict with at least a 'grid', in braces")
    keys: dict[str, int] = {}
    for key in node.keys:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise LayoutError(f"{source}:{getattr(key, 'lineno', 1)}: the keys of a layout are strings")
        keys[key.value] = key.lineno
    try:
        data: dict[str, Any] = ast.literal_eval(node)
    except ValueError:
        raise LayoutError(f"{source}:1: not a Python literal: a sign before something that is no number") from None
    except TypeError as error:  # such as a list as a key
        raise LayoutError(f"{source}:1: not a Python literal: {error}") from None
    rows_from, rows_apart = 1, 1
    if isinstance(grid := data.get("grid"), str):
        data["grid"] = "\n".join(row.strip() for row in grid.split("\n"))
        rows_from, rows_apart = _rows(node, grid.count("\n"))
    return data, Origin(source, keys, rows_from, rows_apart)


def _check_tokens(text: str, source: str) -> None:
    """Refuse everything that a literal is not made of."""
    depth, before = 0, "("
    for line, kind, word in _tokens(text, source):
        if kind in _LAYOUT_TOKENS or (kind == tokenize.OP and word in ",:"):
            fine = True
        elif kind == tokenize.STRING:
            fine = word[0] in "'\""
        elif kind == tokenize.NUMBER:
            fine = len(word) <= MAX_DIGITS
        elif kind == tokenize.NAME:
            fine = word in _NAMES
        elif kind == tokenize.OP and word in _BRACKETS:
            depth += _BRACKETS[word]
            opens = _BRACKETS[word] > 0
            fine = 0 <= depth <= MAX_NESTING and (not opens or before in _BEFORE_VALUES or before == "float")
        else:
            fine = kind == tokenize.OP and word in "+-" and before in _BEFORE_VALUES
        if not fine:
            raise LayoutError(f"{source}:{line}: not part of a layout: {word[:40]!r}")
        if kind not in (tokenize.NL, tokenize.COMMENT):
            before = word


def _tokens(text: str, source: str) -> Iterator[tuple[int, int, str]]:
    """Line, kind and text of each token."""
    line = 1
    try:
        for token in tokenize.generate_tokens(StringIO(text).readline):
            line = token.start[0]
            if token.type not in (tokenize.INDENT, tokenize.DEDENT):  # a file may begin with spaces
                yield line, token.type, token.string
    except tokenize.TokenError as error:
        raise LayoutError(f"{source}:{error.args[1][0]}: not a Python literal: {error.args[0]}") from None
    except SyntaxError as error:
        raise LayoutError(f"{source}:{error.lineno or line}: not a Python literal: {error.msg}") from None


def _parse(text: str, source: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of "\d" in a string
            node = ast.parse(text.strip(" \t\n\r\f"), mode="eval").body
    except SyntaxError as error:
        line = (error.lineno or 1) + _blank_lines(text)
        raise LayoutError(f"{source}:{line}: not a Python literal: {error.msg}") from None
    except ValueError as error:
        raise LayoutError(f"{source}:1: not a Python literal: {error}") from None
    ast.increment_lineno(node, _blank_lines(text))
    literal: ast.expr = _Infinity().visit(node)
    for part in ast.walk(literal):
        if isinstance(part, ast.Call | ast.Name):
            raise LayoutError(f"{source}:{part.lineno}: not part of a layout: the only call is float('inf')")
    return literal


def _blank_lines(text: str) -> int:
    """Lines before the first that holds anything."""
    return text[: len(text) - len(text.lstrip(" \t\n\r\f"))].count("\n")


class _Infinity(ast.NodeTransformer):
    """Puts infinity for the call `float("inf")`."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Replace it if that is what it is."""
        match node:
            case ast.Call(ast.Name("float"), [ast.Constant("inf" | "infinity")], []):
                return ast.copy_location(ast.Constant(float("inf")), node)
        return self.generic_visit(node)


def _rows(node: ast.Dict, breaks: int) -> tuple[int, int]:
    """Line of the grid's first row, and the lines from one row to the next."""
    for key, value in reversed(list(zip(node.keys, node.values, strict=True))):
        if isinstance(key, ast.Constant) and key.value == "grid":
            return value.lineno, 1 if (value.end_lineno or value.lineno) - value.lineno == breaks else 0
    return 1, 1
