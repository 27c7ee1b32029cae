"""Rules: Horn clauses over facts, with negation and simple arithmetic.

    grandparent(?x, ?z) :- parent(?x, ?y), parent(?y, ?z).
    can_fly(?x) :- bird(?x), not flightless(?x).
    total(?x, ?t) :- price(?x, ?p), count(?x, ?n), ?t = ?p * ?n, ?t >= 10.

`p(?x)` is short for `p(?x, true)`. A clause is read, checked to be safe (every variable is bound by a fact or a sum
before it is used), and a set of clauses is put into strata, so that what is negated is complete before it is asked.
Knows no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from brigade.knowledge.syntax import Scanner, SyntaxFault, Variable, written, written_name
from brigade.knowledge.values import BadValue, Value, check_name, short

Term: TypeAlias = Variable | Value


class RuleError(ValueError):
    """A rule that cannot be used: says which, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A fact with variables in it."""

    predicate: str
    subject: Term
    object: Term

    def __str__(self) -> str:
        inner = _term(self.subject) if self.object is True else f"{_term(self.subject)}, {_term(self.object)}"
        return f"{written_name(self.predicate)}({inner})"

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(term.name for term in (self.subject, self.object) if isinstance(term, Variable))


@dataclass(frozen=True, slots=True)
class Sum:
    """Two expressions and what is between them: + - * / // %."""

    sign: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        return f"({_expression(self.left)} {self.sign} {_expression(self.right)})"


Expression: TypeAlias = Sum | Variable | Value


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two expressions that compare so; `=` gives a variable that has no value yet one."""

    sign: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        return f"{_outer(self.left)} {self.sign} {_outer(self.right)}"


@dataclass(frozen=True, slots=True)
class Negation:
    """That a fact is not there."""

    atom: Atom

    def __str__(self) -> str:
        return f"not {self.atom}"


Literal: TypeAlias = Atom | Negation | Comparison


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule that was read: what follows, and from what, in an order in which it can be checked."""

    name: str
    head: Atom
    body: tuple[Literal, ...]

    def __str__(self) -> str:
        return f"{self.head} :- {', '.join(map(str, self.body))}."

    @property
    def uses(self) -> Iterator[tuple[str, bool]]:
        """The predicates that it asks, and whether negated."""
        for literal in self.body:
            if isinstance(literal, Negation):
                yield literal.atom.predicate, True
            elif isinstance(literal, Atom):
                yield literal.predicate, False


def _term(term: Term) -> str:
    return str(term) if isinstance(term, Variable) else written(term)


def _expression(each: Expression) -> str:
    return str(each) if isinstance(each, Sum | Variable) else written(each)


def _outer(each: Expression) -> str:
    return _expression(each)[1:-1] if isinstance(each, Sum) else _expression(each)


_SIGN = re.compile(r"<=|>=|!=|==|=|<|>")
_ADDITIVE, _MULTIPLICATIVE = re.compile(r"[+-]"), re.compile(r"//|\*|/|%")
DEEPEST = 50
"""Nesting of the deepest expression."""


def read_rule(name: str, text: str) -> Clause:
    """The clause that a text writes, under this name.

    Raises:
        RuleError: it writes none, or one that is not safe.
    """
    try:
        clause = _read(name, Scanner(text))
    except (SyntaxFault, BadValue) as error:
        where = f", column {error.column}" if isinstance(error, SyntaxFault) else ""
        raise RuleError(f"rule {name!r}{where}: {error}") from None
    return Clause(name, clause.head, _ordered(clause))


def _read(name: str, scanner: Scanner) -> Clause:
    head = _atom(scanner)
    body: list[Literal] = []
    scanner.need(":-")
    body.append(_literal(scanner))
    while scanner.take(","):
        body.append(_literal(scanner))
    scanner.take(".")
    if not scanner.done:
        scanner.fail(f"{short(scanner.text[scanner.at :], 30)} comes after the rule")
    return Clause(name, head, tuple(body))


def _atom(scanner: Scanner) -> Atom:
    predicate = check_name(scanner.name("a predicate"), "a predicate")
    scanner.need("(")
    subject = _argument(scanner)
    value: Term = _argument(scanner) if scanner.take(",") else True
    scanner.need(")")
    return Atom(predicate, subject, value)


def _argument(scanner: Scanner) -> Term:
    return scanner.variable() or scanner.value()


def _literal(scanner: Scanner) -> Literal:
    if scanner.word() == "not":
        scanner.take("not")
        return Negation(_atom(scanner))
    if scanner.word() not in (None, "true", "false", "null") or scanner.has("'"):
        here = scanner.at
        scanner.name()
        is_atom = scanner.has("(")
        scanner.at = here
        if is_atom:
            return _atom(scanner)
    left = _sum(scanner, 0)
    sign = scanner.match(_SIGN)
    if sign is None:
        scanner.fail(f"a comparison such as < or = is missing before {short(scanner.text[scanner.at :], 30)}")
    return Comparison(sign.group().replace("==", "="), left, _sum(scanner, 0))


def _sum(scanner: Scanner, depth: int) -> Expression:
    left = _product(scanner, depth)
    while (sign := scanner.match(_ADDITIVE)) is not None:
        left = Sum(sign.group(), left, _product(scanner, depth))
    return left


def _product(scanner: Scanner, depth: int) -> Expression:
    left = _part(scanner, depth)
    while (sign := scanner.match(_MULTIPLICATIVE)) is not None:
        left = Sum(sign.group(), left, _part(scanner, depth))
    return left


def _part(scanner: Scanner, depth: int) -> Expression:
    if depth > DEEPEST:
        scanner.fail(f"an expression that nests deeper than {DEEPEST}")
    if scanner.take("("):
        inner = _sum(scanner, depth + 1)
        scanner.need(")")
        return inner
    return scanner.variable() or scanner.value()


def variables_of(each: Expression | Literal) -> frozenset[str]:
    """The names of the variables in an expression or a literal."""
    match each:
        case Variable(name):
            return frozenset({name})
        case Sum() | Comparison():
            return variables_of(each.left) | variables_of(each.right)
        case Negation(atom):
            return atom.variables
        case Atom():
            return each.variables
    return frozenset()


def _ordered(clause: Clause) -> tuple[Literal, ...]:
    """The body in an order in which every variable has its value when it is needed.

    Raises:
        RuleError: there is none.
    """
    waiting, ordered, bound = list(clause.body), [], set[str]()
    while waiting:
        ready = next((each for each in waiting if _is_ready(each, bound)), None)
        if ready is None:
            unbound = sorted(variables_of(waiting[0]) - bound)
            raise RuleError(f"rule {clause.name!r} is unsafe: nothing gives ?{unbound[0]} in '{waiting[0]}' a value")
        waiting.remove(ready)
        ordered.append(ready)
        bound |= variables_of(ready)
    free = sorted(clause.head.variables - bound)
    if free:
        raise RuleError(f"rule {clause.name!r} is unsafe: nothing gives ?{free[0]} in its head a value")
    return tuple(ordered)


def _is_ready(literal: Literal, bound: set[str]) -> bool:
    if isinstance(literal, Atom) or variables_of(literal) <= bound:
        return True
    return isinstance(literal, Comparison) and assigned(literal, bound) is not None


def assigned(comparison: Comparison, bound: Iterable[str]) -> tuple[str, Expression] | None:
    """The variable that a comparison gives a value, and the value; None if it only compares."""
    known = set(bound)
    if comparison.sign != "=":
        return None
    for one, other in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
        if isinstance(one, Variable) and one.name not in known and variables_of(other) <= known:
            return one.name, other
    return None


def strata(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """The clauses in layers, in each of which what is negated comes from the layers below.

    Raises:
        RuleError: a predicate depends on its own negation; names the rules.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for clause in clauses:
        graph.add_node(clause.head.predicate)
        for predicate, negated in clause.uses:
            worse = negated or graph.get_edge_data(predicate, clause.head.predicate, {}).get("negated", False)
            graph.add_edge(predicate, clause.head.predicate, negated=worse)
    parts = list(nx.strongly_connected_components(graph))
    home = {predicate: number for number, part in enumerate(parts) for predicate in part}
    _refuse_cycles(clauses, home)
    level: dict[int, int] = {}
    for number in nx.topological_sort(nx.condensation(graph, parts)):
        into = [
            (home[one], data["negated"]) for each in parts[number] for one, _, data in graph.in_edges(each, data=True)
        ]
        level[number] = max((level[one] + negated for one, negated in into if one != number), default=0)
    layers: list[list[Clause]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for clause in clauses:
        layers[level[home[clause.head.predicate]]].append(clause)
    return layers


def _refuse_cycles(clauses: Sequence[Clause], home: dict[str, int]) -> None:
    for clause in clauses:
        head = clause.head.predicate
        for predicate, negated in clause.uses:
            if negated and home[predicate] == home[head]:
                others = sorted({each.name for each in clauses if home[each.head.predicate] == home[head]})
                raise RuleError(
                    f"rule {clause.name!r} is cyclic through 'not {predicate}': {predicate} depends on {head} "
                    f"(rules {', '.join(others)})"
                )
