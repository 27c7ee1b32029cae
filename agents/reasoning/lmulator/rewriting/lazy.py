"""Generator expressions that stop early: the sandbox makes a list of each, and would ask for what nobody needs.

`any(is_fruit(x) for x in things)` must stop at the first fruit, and `next(x for x in things if is_fruit(x))` too; they
become calls of functions in Python that go through the things one by one. Elsewhere a generator that is kept, such as
`g = (f(x) for x in things)`, becomes an iterator, so that `next(g)` works; it is still filled at once.
"""

from __future__ import annotations

import ast

from brigade.agents.reasoning.lmulator.rewriting.names import STOPPING


class LazyGenerators(ast.NodeTransformer):
    """Rewrites them; `used` names the functions of the prelude that the program then needs.

    Args:
        bound: names that the program binds; a builtin among them is not the builtin.
    """

    def __init__(self, bound: frozenset[str]) -> None:
        self._bound = bound
        self._consumed: set[int] = set()
        self.used: set[str] = set()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`any`, `all` and `next` of a generator expression; in other calls it is consumed as a whole."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in STOPPING - self._bound and node.args and isinstance(node.args[0], ast.GeneratorExp):
            call = _one_by_one(name, node.args[0], node.args[1:])
            if call is not None:
                self.used.add(f"__brigade_{name}__")
                return self.generic_visit(_moved(call, node))
        self._consumed.update(id(arg) for arg in node.args if name != "next" and isinstance(arg, ast.GeneratorExp))
        return self.generic_visit(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        """One that is kept becomes an iterator."""
        self.generic_visit(node)
        if id(node) in self._consumed:
            return node
        return _moved(ast.Call(ast.Name("iter", ast.Load()), [node], []), node)


def _one_by_one(name: str, generator: ast.GeneratorExp, rest: list[ast.expr]) -> ast.Call | None:
    """The call of our function; None for what only a generator can do."""
    if any(isinstance(node, ast.NamedExpr | ast.Await) for node in ast.walk(generator)):
        return None
    first, *inner = generator.generators
    if first.is_async or (name == "next" and inner):
        return None
    if inner:
        again = _one_by_one(name, ast.GeneratorExp(generator.elt, inner), [])
        if again is None:
            return None
        value: ast.expr = again
    else:
        value = generator.elt
    condition = ast.BoolOp(ast.And(), first.ifs) if len(first.ifs) > 1 else first.ifs[0] if first.ifs else None
    parts = [_function(first.target, each) for each in (condition or ast.Constant(True), value)]
    made = [part for part in parts if part is not None]
    if len(made) < 2:
        return None
    return ast.Call(ast.Name(f"__brigade_{name}__", ast.Load()), [*made, first.iter, *rest], [])


def _function(target: ast.expr, value: ast.expr) -> ast.expr | None:
    """The value as a function of one item; None where the item is unpacked in ways that parameters cannot."""
    match target:
        case ast.Name(id=name):
            return ast.Lambda(_parameters([name]), value)
        case ast.Tuple(elts=elements) if all(isinstance(each, ast.Name) for each in elements):
            unpacked = ast.Lambda(_parameters([each.id for each in elements if isinstance(each, ast.Name)]), value)
            item = ast.Starred(ast.Name("__brigade_i__", ast.Load()), ast.Load())
            return ast.Lambda(_parameters(["__brigade_i__"]), ast.Call(unpacked, [item], []))
    return None


def _parameters(names: list[str]) -> ast.arguments:
    return ast.arguments(
        posonlyargs=[], args=[ast.arg(name) for name in names], kwonlyargs=[], kw_defaults=[], defaults=[]
    )


def _moved(new: ast.Call, old: ast.expr) -> ast.Call:
    """The call, all that is new of it at the place of another."""
    for node in ast.walk(new):
        if isinstance(node, ast.expr | ast.arg) and not hasattr(node, "lineno"):
            ast.copy_location(node, old)
    return new
