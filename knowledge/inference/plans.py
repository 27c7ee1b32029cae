"""Rules made ready to run: for each way that a rule can be set off, the order in which its body is matched.

Variables become places in a list, names and values become symbols. A plan begins with what set it off (a new fact for
one of the literals, a head to be proved, or nothing) and goes on with the literal that has most of its places filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from brigade.knowledge.inference.symbols import Symbols
from brigade.knowledge.rules import (
    Atom,
    Clause,
    Comparison,
    Expression,
    Literal,
    Negation,
    Sum,
    Term,
    assigned,
    variables_of,
)
from brigade.knowledge.syntax import Variable
from brigade.knowledge.values import Entity

Place: TypeAlias = tuple[bool, int]
"""Whether it is a variable; the number of its place, or the symbol."""


@dataclass(frozen=True, slots=True)
class Match:
    """Find facts with this predicate."""

    predicate: str
    subject: Place
    object: Place
    number: int
    """Which literal of the body it is."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Go on only if this fact is not there."""

    predicate: str
    subject: Place
    object: Place


@dataclass(frozen=True, slots=True)
class Compare:
    """Go on only if two expressions compare so."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Assign:
    """Give a place the value of an expression."""

    place: int
    value: Expression


Step: TypeAlias = Match | Absent | Compare | Assign


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to set off a rule."""

    rule: int
    head: tuple[str, Place, Place]
    steps: tuple[Step, ...]
    trigger: tuple[str, Place, Place, int]
    """The literal that the fact which sets it off stands for, and its number among the positive ones or -1."""
    places: Mapping[str, int]
    positives: int
    """Positive literals of the body."""


@dataclass(frozen=True, slots=True)
class Plans:
    """Every plan of a rule."""

    clause: Clause
    on_fact: tuple[Plan, ...]
    """One for each positive literal: a fact like it has come."""
    on_absence: tuple[Plan, ...]
    """One for each negated literal: a fact like it is gone."""
    proof: Plan
    """The head is known; is it so?"""
    values: Plan
    """The subject of the head is known; what follows of it?"""


def make_plans(number: int, clause: Clause, symbols: Symbols) -> Plans:
    """The plans of a rule."""
    maker = _Maker(number, clause, symbols)
    positive = [each for each in clause.body if isinstance(each, Atom)]
    negative = [each for each in clause.body if isinstance(each, Negation)]
    return Plans(
        clause,
        tuple(maker.plan(each, each) for each in positive),
        tuple(maker.plan(each.atom, None) for each in negative),
        maker.plan(clause.head, None),
        maker.plan(clause.head, None, subject_only=True),
    )


class _Maker:
    def __init__(self, number: int, clause: Clause, symbols: Symbols) -> None:
        self._number = number
        self._clause = clause
        self._symbols = symbols
        names = dict.fromkeys(name for each in (*clause.body, clause.head) for name in sorted(variables_of(each)))
        self._places = {name: place for place, name in enumerate(names)}
        self._positives = [each for each in clause.body if isinstance(each, Atom)]

    def plan(self, trigger: Atom, done: Atom | None, *, subject_only: bool = False) -> Plan:
        """The plan that begins with an atom that is known, or its subject; `done` is the literal that it settles."""
        waiting = list(self._clause.body)
        if done is not None:
            del waiting[next(number for number, each in enumerate(waiting) if each is done)]
        known = variables_of(trigger.subject) if subject_only else trigger.variables
        steps = self._steps(waiting, set(known))
        number = self._numbered(done) if done is not None else -1
        return Plan(
            self._number,
            self._atom(self._clause.head),
            tuple(steps),
            (*self._atom(trigger), number),
            self._places,
            len(self._positives),
        )

    def _numbered(self, atom: Atom) -> int:
        return next(number for number, each in enumerate(self._positives) if each is atom)

    def _steps(self, waiting: list[Literal], bound: set[str]) -> list[Step]:
        steps: list[Step] = []
        while waiting:
            best = max(range(len(waiting)), key=lambda number: (_readiness(waiting[number], bound), -number))
            literal = waiting.pop(best)
            steps.append(self._step(literal, bound))
            bound |= variables_of(literal)
        return steps

    def _step(self, literal: Literal, bound: set[str]) -> Step:
        match literal:
            case Atom():
                return Match(*self._atom(literal), self._numbered(literal))
            case Negation(atom):
                return Absent(*self._atom(atom))
            case Comparison():
                given = assigned(literal, bound)
                if given is not None:
                    return Assign(self._places[given[0]], given[1])
                return Compare(literal.sign, literal.left, literal.right)

    def _atom(self, atom: Atom) -> tuple[str, Place, Place]:
        return atom.predicate, self._place(atom.subject), self._place(atom.object)

    def _place(self, term: Term) -> Place:
        if isinstance(term, Variable):
            return True, self._places[term.name]
        return False, self._symbols.of(term)


def _readiness(literal: Literal, bound: set[str]) -> int:
    """How soon a literal should come: what only checks first, then what has most of its places filled."""
    free = len(variables_of(literal) - bound)
    if isinstance(literal, Atom):
        return (3, 2, 0)[free]
    if free == 0:
        return 5
    return 4 if isinstance(literal, Comparison) and assigned(literal, bound) is not None else -1


def expression_value(expression: Expression, values: Mapping[str, object]) -> object:
    """The value of an expression.

    Raises:
        ArithmeticError: a division by zero, or a number that is too large.
        TypeError: a sum of what cannot be added.
    """
    if isinstance(expression, Variable):
        return values[expression.name]
    if not isinstance(expression, Sum):
        return expression.name if isinstance(expression, Entity) else expression
    left, right = expression_value(expression.left, values), expression_value(expression.right, values)
    if isinstance(left, str) and isinstance(right, str) and expression.sign == "+":
        return left + right
    if not _is_number(left) or not _is_number(right):
        raise TypeError(f"{left!r} {expression.sign} {right!r}")
    return _calculate(expression.sign, left, right)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_LARGEST = 2**4096


def _calculate(sign: str, left: float, right: float) -> float:
    match sign:
        case "+":
            result = left + right
        case "-":
            result = left - right
        case "*":
            result = left * right
        case "/":
            result = left / right
        case "//":
            result = left // right
        case _:
            result = left % right
    if isinstance(result, int) and abs(result) > _LARGEST:
        raise OverflowError("a number of more than 4096 bits")
    return result


def compares(sign: str, left: object, right: object) -> bool:
    """Whether two values compare so; values that have no order do not, and those of two types differ."""
    if sign in ("=", "!="):
        same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return same is (sign == "=")
    numbers = _is_number(left) and _is_number(right)
    if not numbers and (type(left) is not type(right) or isinstance(left, bool | dict | list | None)):
        return False
    one, other = left, right
    match sign:
        case "<":
            return bool(one < other)  # type: ignore[operator]
        case "<=":
            return bool(one <= other)  # type: ignore[operator]
        case ">":
            return bool(one > other)  # type: ignore[operator]
    return bool(one >= other)  # type: ignore[operator]
