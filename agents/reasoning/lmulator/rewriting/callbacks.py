"""Calls inside callbacks: a program cannot stand still inside `sorted`, `map` or `filter`, so they are written out.

`sorted(words, key=rank)` becomes a call of a function in Python that asks for every key first. Names of undefined
functions that are handed over, such as `rank` here, become lambdas that call them. Methods of types that are handed
over (`map(str.upper, words)`) become lambdas too, since the sandbox has none.
"""

from __future__ import annotations

import ast

from brigade.agents.reasoning.lmulator.rewriting.names import METHODS, TYPES, Names

_PRELUDE = """
def __brigade_sorted__(values, /, *, key=None, reverse=False):
    values = list(values)
    keys = [key(value) for value in values] if key is not None else values
    return [values[i] for i in sorted(range(len(values)), key=lambda i: keys[i], reverse=bool(reverse))]
def __brigade_sort__(values, /, *, key=None, reverse=False):
    values[:] = __brigade_sorted__(values, key=key, reverse=reverse)
def __brigade_extreme__(name, best, values, key, default):
    values = list(values)
    if not values:
        if default:
            return default[0]
        raise ValueError(name + '() iterable argument is empty')
    keys = [key(value) for value in values] if key is not None else values
    return values[best(range(len(values)), key=lambda i: keys[i])]
def __brigade_max__(*values, key=None, **default):
    return __brigade_extreme__('max', max, values if len(values) > 1 else values[0], key, list(default.values()))
def __brigade_min__(*values, key=None, **default):
    return __brigade_extreme__('min', min, values if len(values) > 1 else values[0], key, list(default.values()))
def __brigade_map__(call, /, *many):
    return iter([call(*row) for row in zip(*many)])
def __brigade_filter__(call, values, /):
    return iter([value for value in values if (value if call is None else call(value))])
def __brigade_starmap__(call, rows, /):
    return iter([call(*row) for row in rows])
def __brigade_takewhile__(call, values, /):
    taken = []
    for value in values:
        if not call(value):
            break
        taken.append(value)
    return iter(taken)
def __brigade_dropwhile__(call, values, /):
    kept, dropping = [], True
    for value in values:
        dropping = dropping and bool(call(value))
        if not dropping:
            kept.append(value)
    return iter(kept)
def __brigade_filterfalse__(call, values, /):
    return iter([value for value in values if not (value if call is None else call(value))])
def __brigade_groupby__(values, key=None):
    groups = []
    for value in values:
        this = value if key is None else key(value)
        if groups and groups[-1][0] == this:
            groups[-1][1].append(value)
        else:
            groups.append((this, [value]))
    return iter([(this, iter(group)) for this, group in groups])
def __brigade_any__(condition, call, values):
    for value in values:
        if condition(value) and call(value):
            return True
    return False
def __brigade_all__(condition, call, values):
    for value in values:
        if condition(value) and not call(value):
            return False
    return True
def __brigade_next__(condition, call, values, *default):
    for value in values:
        if condition(value):
            return call(value)
    return next(iter([]), *default)
def __brigade_bound__(value, get, call):
    try:
        return get(value)
    except AttributeError:
        return lambda *rest, **named: call(value, *rest, **named)
"""
PRELUDE: dict[str, str] = {
    line.split("(")[0].removeprefix("def "): f"def {body}"
    for body in _PRELUDE.strip().removeprefix("def ").split("\ndef ")
    for line in [f"def {body}".split("\n")[0]]
}
"""The written-out functions, by name."""
_NEEDS = {
    "__brigade_sort__": ("__brigade_sorted__",),
    "__brigade_max__": ("__brigade_extreme__",),
    "__brigade_min__": ("__brigade_extreme__",),
}
_PLAIN = frozenset({"sorted", "max", "min", "map", "filter"})
_ITERTOOLS = frozenset({"starmap", "takewhile", "dropwhile", "filterfalse", "groupby"})
_HARMLESS = frozenset(
    {"len", "str", "int", "float", "abs", "bool", "ord", "chr", "repr", "list", "set", "tuple", "sum"}
)


class Callbacks(ast.NodeTransformer):
    """Writes out the callbacks of a program; `used` names the functions of the prelude that it then needs."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._called: set[int] = set()
        self.used: set[str] = set()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`sorted(xs, key=f)` and the like, `xs.sort(key=f)`, and `f(g)` with an undefined g."""
        self._called.add(id(node.func))
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        self.generic_visit(node)
        name = self._written_out(node)
        if name is None:
            return node
        self._use(name)
        receiver = [node.func.value] if name == "__brigade_sort__" and isinstance(node.func, ast.Attribute) else []
        call = ast.Call(ast.Name(name, ast.Load()), [*receiver, *node.args], node.keywords)
        return ast.copy_location(call, node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """An undefined function that is not called but kept or handed over becomes a lambda that calls it."""
        return node if id(node) in self._called or not isinstance(node.ctx, ast.Load) else self._handed_over(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """`str.upper` becomes `lambda value, *rest: value.upper(*rest)`; `counts.get` a lambda that calls it."""
        if id(node) in self._called and not self._is_type_method(node):
            return node
        self.generic_visit(node)
        if self._is_type_method(node):
            method = ast.parse(f"lambda value, *rest: value.{node.attr}(*rest)", mode="eval").body
            return _moved(method, node)
        if not isinstance(node.ctx, ast.Load) or node.attr not in METHODS or self._is_module(node.value):
            return node
        self._use("__brigade_bound__")
        get, call = f"lambda value: value.{node.attr}", f"lambda value, *a, **k: value.{node.attr}(*a, **k)"
        bound = ast.parse(f"__brigade_bound__(0, {get}, {call})", mode="eval").body
        assert isinstance(bound, ast.Call)
        _moved(bound, node)
        bound.args[0] = node.value
        return bound

    def _is_module(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._names.modules

    def _is_type_method(self, node: ast.Attribute) -> bool:
        is_type = isinstance(node.value, ast.Name) and node.value.id in TYPES - self._names.bound
        return is_type and isinstance(node.ctx, ast.Load) and node.attr not in ("fromkeys", "maketrans", "fromhex")

    def _use(self, name: str) -> None:
        self.used.add(name)
        self.used.update(_NEEDS.get(name, ()))

    def _written_out(self, node: ast.Call) -> str | None:
        """The function of the prelude that a call must become; None where the callback can ask for nothing."""
        keyed = next((keyword.value for keyword in node.keywords if keyword.arg == "key"), None)
        match node.func:
            case ast.Name(id="sorted" | "max" | "min" as name) if name not in self._names.bound and keyed is not None:
                return f"__brigade_{name}__" if self._may_ask(keyed) else None
            case ast.Name(id="map" | "filter" as name) if name not in self._names.bound and len(node.args) > 1:
                return f"__brigade_{name}__" if self._may_ask(node.args[0]) else None
            case ast.Attribute(attr="sort") if keyed is not None and not node.args:
                return "__brigade_sort__" if self._may_ask(keyed) else None
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _ITERTOOLS and node.args:
                call = keyed or (node.args[1] if name == "groupby" and len(node.args) > 1 else node.args[0])
                return f"__brigade_{name}__" if self._may_ask(call) else None
        return None

    def _may_ask(self, callback: ast.expr) -> bool:
        """Whether a callback may call an undefined function: a lambda or a function that reads a free name."""
        if isinstance(callback, ast.Name):
            return callback.id not in _HARMLESS
        if isinstance(callback, ast.Constant):
            return False
        inside = {each.id for each in ast.walk(callback) if isinstance(each, ast.Name)}
        own = {each.arg for each in ast.walk(callback) if isinstance(each, ast.arg)}
        return bool((inside - own) & (self._names.free | self._names.bound - self._names.modules))

    def _handed_over(self, value: ast.expr) -> ast.expr:
        if isinstance(value, ast.Name) and value.id in self._names.free and self._is_function(value.id):
            return _moved(ast.parse(f"lambda *rest, **named: {value.id}(*rest, **named)", mode="eval").body, value)
        return value

    def _is_function(self, name: str) -> bool:
        """Whether a free name that is kept stands for a function: declared, called elsewhere, or handed to `key`."""
        return name in self._names.called or name in self.functions

    functions: frozenset[str] = frozenset()
    """Free names that are known to be functions although the program may call them nowhere."""


def handed_to_callbacks(tree: ast.AST) -> frozenset[str]:
    """Names that stand where only a function can: a `key`, the first argument of `map`, `filter`, `reduce`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        found.update(k.value.id for k in node.keywords if k.arg == "key" and isinstance(k.value, ast.Name))
        match node:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Name(id=first), *_]) if (
                called in {"map", "filter", "reduce", "partial", *_ITERTOOLS - {"groupby"}}
            ):
                found.add(first)
    return frozenset(found)


def _moved(new: ast.expr, old: ast.expr) -> ast.expr:
    """The expression, all of it at the place of another."""
    for node in ast.walk(new):
        ast.copy_location(node, old)
    return new
