"""What an undeclared function gives back, as far as the program that calls it tells.

`if is_fruit(x)` wants a truth value, `for c in cities_of(x)` a list, `legs(x) * 2` a number. A function that is used in
ways that disagree, or that say nothing, gives back anything.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from brigade.agents.reasoning.lmulator.returns import ANY, BOOL, FLOAT, INT, STR, Either, Returns, Row, Several, Table
from brigade.agents.reasoning.lmulator.stubs import Stub

NUMBER = Either((INT, FLOAT))
_OF_REDUCTION: Mapping[str, tuple[Returns, ...]] = {"sum": (NUMBER,), "any": (BOOL,), "all": (BOOL,)}
_TRUTH = re.compile(r"(is|are|was|has|have|can|does|do|should|would|could|contains|matches|knows)(_|[A-Z])")
_COUNT = re.compile(r"(count|number_of|num|how_many)(_|$)")
_TEXT_METHODS = frozenset(
    [
        "upper",
        "lower",
        "strip",
        "split",
        "title",
        "replace",
        "startswith",
        "endswith",
        "capitalize",
        "casefold",
        "splitlines",
    ]
)
_ARITHMETIC = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def infer_stubs(tree: ast.Module, functions: frozenset[str]) -> tuple[Stub, ...]:
    """A stub for each of these undefined functions, made up from its calls."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    evidence: defaultdict[str, set[Returns]] = defaultdict(set)
    heads: dict[str, ast.Call] = {}
    reads = _reads(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            heads.setdefault(node.func.id, node)
            evidence[node.func.id].update(_evidence(node, parents, reads))
    return tuple(_stub(name, heads[name], evidence[name]) for name in sorted(heads))


def _stub(name: str, call: ast.Call, evidence: set[Returns]) -> Stub:
    returns = _agreed(name, evidence)
    parameters = tuple(_parameter(arg, number) for number, arg in enumerate(call.args))
    parameters += tuple(keyword.arg for keyword in call.keywords if keyword.arg)
    arrow = "" if returns is ANY else f" -> {returns}"
    return Stub(name, parameters, f"{name}({', '.join(parameters)}){arrow}", returns, declared=False)


def _agreed(name: str, evidence: set[Returns]) -> Returns:
    if len(evidence) == 1:
        return evidence.pop()
    if evidence:
        return ANY
    return BOOL if _TRUTH.match(name) else INT if _COUNT.match(name) else ANY


def _parameter(arg: ast.expr, number: int) -> str:
    return arg.id if isinstance(arg, ast.Name) else f"x{number + 1}"


def _reads(tree: ast.Module) -> dict[str, list[ast.Name]]:
    """Where each variable is read."""
    reads: dict[str, list[ast.Name]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            reads.setdefault(node.id, []).append(node)
    return reads


def _evidence(
    call: ast.expr, parents: dict[ast.AST, ast.AST], reads: dict[str, list[ast.Name]], follow: bool = True
) -> Iterator[Returns]:
    """What the place of an expression says of its type; a variable that it is assigned to is followed one step."""
    parent = parents.get(call)
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]) if follow:
            for read in reads.get(name, ()):
                yield from _evidence(read, parents, reads, follow=False)
        case ast.Assign(targets=[ast.Tuple(elts=elements)]):
            yield Row((ANY,) * len(elements))
        case ast.Await():
            yield from _evidence(parent, parents, reads, follow)
        case ast.BoolOp() if _is_test(parent, parents):
            yield BOOL
        case ast.BinOp():
            yield from _of_operator(call, parent)
        case ast.AugAssign(op=op, value=value) if value is call and isinstance(op, (ast.Add, *_ARITHMETIC)):
            yield from _of_sum(parent, parents)
        case ast.AST():
            yield from _of_place(call, parent, parents)


def _of_place(call: ast.expr, parent: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[Returns]:
    if _is_test(call, parents):
        yield BOOL
    match parent:
        case ast.For(iter=it) | ast.comprehension(iter=it) if it is call:
            yield Several("list", ANY)
        case ast.Compare(left=left, ops=ops, comparators=right):
            yield from _of_comparison([left, *right], ops, call)
        case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element) if element is call:
            outer = parents.get(parent)
            if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name):
                yield from _OF_REDUCTION.get(outer.func.id, ())
        case ast.Subscript(value=value, slice=ast.Constant(value=key)) if value is call:
            yield Table(ANY) if isinstance(key, str) else Several("list", ANY)
        case ast.Attribute(attr=attr) if attr in _TEXT_METHODS:
            yield STR
        case ast.Call(func=ast.Name(id="len" | "sorted" | "set" | "list")):
            yield Several("list", ANY)


def _is_test(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether only the truth of an expression counts where it stands."""
    match parents.get(node):
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return test is node
        case ast.comprehension(ifs=ifs):
            return node in ifs
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp() as outer:
            return _is_test(outer, parents)
    return False


def _of_operator(call: ast.expr, operation: ast.BinOp) -> Iterator[Returns]:
    other = operation.right if operation.left is call else operation.left
    if isinstance(other, ast.JoinedStr) or (isinstance(other, ast.Constant) and isinstance(other.value, str)):
        if isinstance(operation.op, ast.Add):
            yield STR
    elif isinstance(operation.op, _ARITHMETIC):
        is_format = isinstance(operation.op, ast.Mod) and operation.right is call
        if not is_format or isinstance(other, ast.Constant):
            yield NUMBER
    elif isinstance(other, ast.Constant) and isinstance(other.value, int | float):
        yield NUMBER


def _of_comparison(sides: list[ast.expr], ops: list[ast.cmpop], call: ast.expr) -> Iterator[Returns]:
    constants = [side.value for side in sides if isinstance(side, ast.Constant)]
    if any(isinstance(op, ast.In | ast.NotIn | ast.Is | ast.IsNot) for op in ops):
        return
    if any(isinstance(value, str) for value in constants):
        yield STR
    elif any(isinstance(value, int | float) and not isinstance(value, bool) for value in constants):
        yield NUMBER
    elif any(isinstance(value, bool) for value in constants):
        yield BOOL


def _of_sum(statement: ast.AugAssign, parents: dict[ast.AST, ast.AST]) -> Iterator[Returns]:
    """`total += f(x)` is a number if `total` starts as one."""
    if not isinstance(statement.op, ast.Add):
        yield NUMBER
        return
    top: ast.AST = statement
    while top in parents:
        top = parents[top]
    for node in ast.walk(top):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int() | float())):
                if isinstance(statement.target, ast.Name) and name == statement.target.id:
                    yield NUMBER
                    return
