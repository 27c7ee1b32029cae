"""The functions that a program may call without defining them, described by typed stubs.

A stub is the head of a Python function with a docstring; its return type holds a model to values of that type. A stub
with a body is computed (kitchen state, dates, units); one without is looked up or asked for. Knows no model.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from brigade.agents.reasoning.lmulator.returns import ANY, Returns, returns_of
from brigade.agents.reasoning.lmulator.values import Plain

Body = Callable[..., Plain]
CONTEXTUAL = "contextual"
"""The decorator of a stub whose answer depends on the question, so that it is not kept for other questions."""


@dataclass(frozen=True, slots=True)
class Stub:
    """A function: how it is called, what it gives back, what it means."""

    name: str
    """May have dots, such as `kitchen.orders`."""
    parameters: tuple[str, ...] = ()
    head: str = ""
    """The head as it is written, such as `is_fruit(thing: str) -> bool`."""
    returns: Returns = ANY
    doc: str = ""
    contextual: bool = False
    """Whether the answer depends on more than the arguments."""
    body: Body | None = None
    declared: bool = True
    """False for a stub made up from how a program uses an undeclared function."""

    def text(self) -> str:
        """The stub as a program's author reads it."""
        doc = f'\n    """{self.doc}"""' if self.doc else " ..."
        return f"def {self.head}:{doc}"


def stub_of(node: ast.FunctionDef) -> Stub:
    """The stub that a function definition describes.

    Raises:
        ValueError: its return type cannot be asked for; says in which line.
    """
    try:
        returns = returns_of(node.returns)
    except ValueError as error:
        raise ValueError(f"line {node.lineno}: {node.name}: {error}") from None
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    decorators = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    arrow = f" -> {returns}" if node.returns else ""
    return Stub(
        name=node.name,
        parameters=tuple(each.arg for each in arguments),
        head=f"{node.name}({ast.unparse(node.args)}){arrow}",
        returns=returns,
        doc=" ".join((ast.get_docstring(node) or "").split()),
        contextual=CONTEXTUAL in decorators,
    )


def is_stub(node: ast.AST) -> bool:
    """Whether a statement is the head of a function without a body: a docstring, `...`, or both."""
    return isinstance(node, ast.FunctionDef) and all(
        isinstance(each, ast.Expr)
        and isinstance(each.value, ast.Constant)
        and (each.value.value is ... or isinstance(each.value.value, str))
        for each in node.body
    )


def read_stubs(text: str) -> tuple[Stub, ...]:
    """The stubs in a text of function heads.

    Raises:
        ValueError: the text is not Python, holds something else, or names a type that cannot be asked for.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ValueError(f"line {error.lineno}: not a stub: {error.msg}") from None
    stubs = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or not is_stub(node):
            raise ValueError(f"line {node.lineno}: not a stub (a function head with a docstring or `...`)")
        stubs.append(stub_of(node))
    return tuple(stubs)


def computed(function: Body, name: str | None = None) -> Stub:
    """A stub with a body: the head and the docstring are the function's own."""
    source = inspect.signature(function)
    head = f"{name or function.__name__}{_bare(source)}"
    node = ast.parse(f"def f{_bare(source)}: ...").body[0]
    assert isinstance(node, ast.FunctionDef)
    doc = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
    parameters = tuple(source.parameters)
    stub = Stub(name or function.__name__, parameters, head, _lenient(node.returns), doc)
    return replace(stub, body=function, contextual=True)


def _lenient(annotation: ast.expr | None) -> Returns:
    try:
        return returns_of(annotation)
    except ValueError:
        return ANY


def _bare(signature: inspect.Signature) -> str:
    """The signature as text; annotations that are text already lose their quotation marks."""
    return str(signature).replace("'", "")


class Library(Mapping[str, Stub]):
    """The stubs that programs may use, by name."""

    def __init__(self, stubs: Iterable[Stub] = ()) -> None:
        self._stubs = {stub.name: stub for stub in stubs}

    def __getitem__(self, name: str) -> Stub:
        return self._stubs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stubs)

    def __len__(self) -> int:
        return len(self._stubs)

    def plus(self, stubs: Iterable[Stub]) -> Library:
        """This library and more; a later stub replaces an earlier one, but never one that is computed."""
        kept = {stub.name for stub in self.values() if stub.body}
        return Library([*self.values(), *(stub for stub in stubs if stub.name not in kept)])

    def text(self) -> str:
        """All stubs, as a program's author reads them."""
        return "\n".join(stub.text() for stub in self.values())
