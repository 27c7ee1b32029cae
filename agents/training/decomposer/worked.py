"""Plans out of worked solutions: each equation of a solution becomes sub-questions, what it computed a reference.

`12/60 = <<12/60=0.2>>0.2`, then `50 * 0.2` becomes `calc 12 / 60`, `calc 50 * #1`. A plan counts only if carrying it
out gives the known answer, so a misread solution is dropped, never learned from.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from brigade.agents.reasoning.decomposer.computing import Uncomputable, calculate, tidy, written
from brigade.agents.reasoning.decomposer.plans import CONSTANTS, numbers_in, plain_number

_ANNOTATED = re.compile(r"<<([^<>=]+)=([^<>=]+)>>")
_UNITS = re.compile(r"/?\s*[A-Za-z°][\w'-]*(?:/[A-Za-z]\w*)?")
_EXPRESSION = re.compile(r"(?:\(*\s*\d[\d.,]*%?\s*\)*\s*[-+*/]\s*)+\(*\s*\d[\d.,]*%?\s*\)*$")
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
MOST_STEPS = 6


def plan_of(question: str, solution: str, answer: str) -> str | None:
    """A plan that leads to the answer, or None if the solution yields none."""
    writer = _Writer(question)
    for expression, _ in equations(solution):
        if not writer.add(expression):
            return None
    return writer.plan(answer)


def equations(solution: str) -> list[tuple[str, str]]:
    """The equations of a solution that hold, each with its value."""
    annotated = _ANNOTATED.findall(solution)
    pairs = annotated or [pair for line in solution.splitlines() for pair in _in_line(line)]
    found = []
    for left, right in pairs:
        try:
            value = calculate(left)
            if any(sign in tidy(left).lstrip("-") for sign in "+-*/") and _close(value, calculate(right)):
                found.append((tidy(left), value))
        except Uncomputable:
            continue
    return found


def _in_line(line: str) -> list[tuple[str, str]]:
    parts = re.sub(r"[$£€]", "", line).replace("÷", "/").replace("–", "-").split("=")
    pairs = []
    for left, right in pairwise(parts):
        crossed = re.sub(r"(?<=[\d)%\w])\s*[x×]\s*(?=[\d(])", " * ", left)
        bare = _UNITS.sub(" ", crossed)
        tail = _EXPRESSION.search(bare.strip())
        value = re.match(r"\s*(-?\d[\d,]*(?:\.\d+)?)", right)
        if tail and value:
            pairs.append((tail[0], value[1]))
    return pairs


def _close(one: str, other: str) -> bool:
    return abs(float(one) - float(other)) <= 1e-6 * max(1.0, abs(float(other)))


class _Writer:
    """Writes a plan, equation after equation."""

    def __init__(self, question: str) -> None:
        self._known = CONSTANTS | set(numbers_in(question))
        self._lines: list[str] = []
        self._values: list[str] = []
        self._used: set[int] = set()

    def add(self, expression: str) -> bool:
        """Add an equation; False if it uses a number that comes from nowhere."""
        try:
            self._term(ast.parse(expression, mode="eval").body)
        except (SyntaxError, Uncomputable):
            return False
        return True

    def plan(self, answer: str) -> str | None:
        """The plan, if its last line gives the answer and every other line is used."""
        if not self._lines or len(self._lines) > MOST_STEPS:
            return None
        try:
            right = _close(self._values[-1], calculate(answer))
        except Uncomputable:
            return None
        unused = set(range(1, len(self._lines))) - self._used
        return "\n".join(self._lines) if right and not unused else None

    def _term(self, node: ast.expr) -> tuple[str, str]:
        """A term as a plan writes it, and its value; what has to be computed becomes a line first."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_percent(node):
            return self._number(_value_of(node))
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            left, first = self._term(node.left)
            right, second = self._term(node.right)
            return self._line(left, first, _SIGNS[type(node.op)], right, second)
        return self._number(_value_of(node))

    def _line(self, left: str, first: str, sign: str, right: str, second: str) -> tuple[str, str]:
        self._used |= {int(name[1:]) for name in (left, right) if name.startswith("#")}
        value = calculate(f"({first}) {sign} ({second})")
        self._lines.append(f"calc {left} {sign} {right}")
        self._values.append(value)
        return f"#{len(self._lines)}", value

    def _number(self, value: str) -> tuple[str, str]:
        for number in range(len(self._values), 0, -1):
            fresh = number not in self._used
            if _close(self._values[number - 1], value) and (fresh or plain_number(value) not in self._known):
                return f"#{number}", value
        share = plain_number(f"{float(value) * 100:.6f}")
        if plain_number(value) in self._known or ("." in value and share in self._known):
            return value, value
        raise Uncomputable(f"{value} comes from nowhere")


def _is_percent(node: ast.BinOp) -> bool:
    """Whether a division only writes a percentage or a fraction of two numbers that are given."""
    right = node.right
    return isinstance(node.left, ast.Constant) and isinstance(right, ast.Constant) and right.value == 100


def _value_of(node: ast.expr) -> str:
    return calculate(ast.unparse(node))


def split(expression: str) -> str:
    """An expression as one operation a line, in the order in which it is computed.

    Raises:
        Uncomputable: it is no expression.
    """
    lines: list[str] = []

    def term(node: ast.expr) -> str:
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            left, right = term(node.left), term(node.right)
            lines.append(f"calc {left} {_SIGNS[type(node.op)]} {right}")
            return f"#{len(lines)}"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if isinstance(node.operand, ast.Constant):
                return ast.unparse(node)
            lines.append(f"calc 0 - {term(node.operand)}")
            return f"#{len(lines)}"
        if isinstance(node, ast.Constant):
            return written(node.value) if isinstance(node.value, (int, float)) else ""
        raise Uncomputable(ast.unparse(node))

    try:
        term(ast.parse(tidy(expression), mode="eval").body)
    except SyntaxError:
        raise Uncomputable(expression) from None
    return "\n".join(lines)
