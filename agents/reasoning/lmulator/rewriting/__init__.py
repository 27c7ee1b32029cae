"""From a program as it was written to one that the sandbox can run and that stops at every gap.

Knows no model. The text that is run has other lines than the program; `Rewritten.line` leads back.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from brigade.agents.reasoning.lmulator.rewriting import callbacks, tracing
from brigade.agents.reasoning.lmulator.rewriting.guarding import Guard, Guards
from brigade.agents.reasoning.lmulator.rewriting.inferring import infer_stubs
from brigade.agents.reasoning.lmulator.rewriting.lazy import LazyGenerators
from brigade.agents.reasoning.lmulator.rewriting.mending import GAP, STATE, Gap, Mended, mend
from brigade.agents.reasoning.lmulator.rewriting.names import Names, names_of, statements
from brigade.agents.reasoning.lmulator.rewriting.preludes import front
from brigade.agents.reasoning.lmulator.rewriting.syntax import (
    DOT,
    MODULES,
    Deletions,
    Dotted,
    Generators,
    Imports,
    take_stubs,
)
from brigade.agents.reasoning.lmulator.rewriting.telling import Lines, with_tellings
from brigade.agents.reasoning.lmulator.stubs import Stub

ANSWER = "answer"
MOST_TOLD = 2000
"""Trace messages of one run."""
DEEPEST = 60
"""Brackets within brackets, beyond which a program is not even parsed."""
_CHAINS = re.compile(
    r"(?:[-+~]\s*){60}|(?:\bnot\s+){60}|(?:\.\w+){200}|(?:\blambda\b[^:]{0,9}:\s*){60}|(?:\*\*\s*\w+\s*){60}"
    r"|(?:\belse\s+\w+\s+if\s+\w+\s+){60}|(?:[(\[{][^()\[\]{}]{0,9}[)\]}]){200}"
)
"""Other ways to nest deeply."""
_CALLED_LAST = ("answer", "get_answer", "solution", "solve", "main")

_STATE_PRELUDE = """
def __brigade_plain__(value, depth):
    if isinstance(value, (list, tuple, set)):
        return depth < 6 and len(value) <= 2000 and all([__brigade_plain__(each, depth + 1) for each in value])
    if isinstance(value, dict):
        return __brigade_plain__(list(value), depth) and __brigade_plain__(list(value.values()), depth)
    return value is None or isinstance(value, (bool, int, float, str)) or hasattr(value, 'isoformat')
def __brigade_state__(names):
    return {name: names[name] for name in names if not name.startswith('__') and __brigade_plain__(names[name], 0)}
"""


@dataclass(frozen=True, slots=True)
class Options:
    """How a program is rewritten."""

    traced: bool = False
    mark: str = ""
    """What starts each trace message."""
    guarded: frozenset[int] = frozenset()
    """Lines whose statements hand their work out when they raise."""
    methods: frozenset[str] = frozenset()
    """Methods that values lack and that are asked for as functions."""
    state: tuple[tuple[str, str], ...] = ()
    """Variables that are set before the first line, and their values as Python writes them."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A program that the sandbox can run."""

    source: str
    """As it was written."""
    text: str
    lines: tuple[int, ...]
    """For each line of `text`, the line of `source`; 0 for lines that are ours."""
    stubs: tuple[Stub, ...]
    """Declared in the program, or made up from how it calls undeclared functions."""
    gaps: Mapping[int, Gap] = field(default_factory=dict)
    guards: Mapping[int, Guard] = field(default_factory=dict)
    fixes: tuple[tuple[int, str], ...] = ()
    places: tuple[tracing.Place, ...] = ()
    """What each trace message is about."""
    tree: ast.Module = field(default_factory=lambda: ast.Module([], []))
    names: Names = field(default_factory=lambda: Names(frozenset(), frozenset(), frozenset(), frozenset()))

    def line(self, number: int | None, outer: tuple[int, ...] = ()) -> int:
        """The line of the program for a line of the text that ran; for one of ours, the call that led there."""
        for each in (number, *reversed(outer)):
            if each is not None and 0 < each <= len(self.lines) and self.lines[each - 1]:
                return self.lines[each - 1]
        return 0

    def source_line(self, line: int) -> str:
        """A line as it was written."""
        lines = self.source.splitlines()
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def rewrite(source: str, options: Options) -> Rewritten:
    """The program as the sandbox can run it.

    Raises:
        SyntaxError: it is not Python and cannot be made so, or is nested too deeply; says in which line.
    """
    body = _rewrite(source, options.traced, options.guarded, options.methods, options.state)
    if not options.traced:
        return body
    prelude = tracing.prelude(MOST_TOLD).replace("MARK", options.mark)
    count = prelude.count("\n")
    return Rewritten(
        body.source, prelude + body.text, (0,) * count + body.lines, body.stubs, body.gaps, body.guards, body.fixes,
        body.places, body.tree, body.names,
    )  # fmt: skip


_PARSING = Lock()
"""One thread parses at a time: in CPython 3.11 they share the count of the parser's depth, and one that is switched
away from inside it leaves the other with "AST constructor recursion depth mismatch" (python/cpython#106905)."""


@lru_cache(maxsize=512)
def _rewrite(
    source: str,
    traced: bool,
    guarded: frozenset[int],
    methods: frozenset[str],
    state: tuple[tuple[str, str], ...],
) -> Rewritten:
    _refuse_depth(source)
    try:
        with _PARSING:
            return _transformed(source, traced, guarded, methods, state)
    except (RecursionError, MemoryError):
        raise SyntaxError("the program is nested too deeply", (None, 1, None, None)) from None
    except ValueError as error:  # a null character, or a stub with a type that cannot be asked for
        raise SyntaxError(str(error), (None, 1, None, None)) from None


def _refuse_depth(source: str) -> None:
    depth = deepest = 0
    for character in source:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST or _CHAINS.search(source):
        raise SyntaxError("the program is nested too deeply", (None, 1, None, None))


def _transformed(
    source: str,
    traced: bool,
    guarded: frozenset[int],
    methods: frozenset[str],
    state: tuple[tuple[str, str], ...],
) -> Rewritten:
    mended = mend(source)
    tree = mended.tree
    names = names_of(tree, frozenset(MODULES), frozenset(name for name, _ in state))
    if not (names.odd or guarded or methods or mended.gaps) and ANSWER in names.bound:
        in_place = with_tellings(mended.text, mended.tree, names.modules) if traced else ([], [])
        if in_place is not None:
            return _as_it_is(source, mended, names, state, *in_place)
    _set_state(tree, state)
    declared = take_stubs(tree)
    _set_answer(tree)
    prelude: list[str] = []
    inferred: tuple[Stub, ...] = ()
    if names.odd or methods:
        given = frozenset(stub.name for stub in declared)
        tree, names, inferred, prelude = _in_known_words(tree, methods, given)
    guards = Guards(guarded)
    if guarded:
        tree = _visited(guards, tree)
    tracer = tracing.Tracing(names.modules)
    if traced:
        tree = _visited(tracer, tree)
    if mended.gaps or guards.guards:
        prelude.insert(0, _STATE_PRELUDE)
    before = front(prelude)
    text, lines = _unparsed(ast.fix_missing_locations(tree))
    ours = (0,) * before.count("\n")
    return Rewritten(
        source, before + text, ours + lines, _merged(declared, inferred), mended.gaps, guards.guards, mended.fixes,
        tuple(tracer.places), tree, names,
    )  # fmt: skip


def _as_it_is(
    source: str,
    mended: Mended,
    names: Names,
    state: tuple[tuple[str, str], ...],
    told: Lines,
    places: Sequence[tracing.Place],
) -> Rewritten:
    """A program that needs nothing but to tell what it does, if it is traced, and to end with its answer."""
    _set_answer(mended.tree)
    body = told or [(line, number) for number, line in enumerate(mended.text.split("\n"), 1)]
    text = "".join([*(f"{name} = {value}\n" for name, value in state), *(f"{line}\n" for line, _ in body), ANSWER])
    lines = (*(0,) * len(state), *(number for _, number in body), body[-1][1])
    return Rewritten(source, text, lines, (), fixes=mended.fixes, places=tuple(places), tree=mended.tree, names=names)


def _in_known_words(
    tree: ast.Module, methods: frozenset[str], declared: frozenset[str]
) -> tuple[ast.Module, Names, tuple[Stub, ...], list[str]]:
    """The program in words that the sandbox knows, its names, undeclared functions, and what goes in front."""
    imports = Imports()
    for change in (imports, Generators(), Deletions(tree)):
        tree = _visited(change, tree)
    tree = _visited(Dotted(names_of(tree), methods), tree)
    names = names_of(tree)
    ours = frozenset(name for name in names.called if not name.startswith("__brigade"))
    inferred = infer_stubs(tree, ours) if ours else ()
    stopping = LazyGenerators(names.bound)
    tree = _visited(stopping, tree)
    written_out = callbacks.Callbacks(names)
    written_out.functions = callbacks.handed_to_callbacks(tree) | declared
    tree = _visited(written_out, tree)
    used = sorted(written_out.used | stopping.used, key=list(callbacks.PRELUDE).index)
    return tree, names, inferred, [imports.prelude(), *(callbacks.PRELUDE[name] for name in used)]


def _visited(change: ast.NodeTransformer, tree: ast.Module) -> ast.Module:
    new = change.visit(tree)
    assert isinstance(new, ast.Module)
    return new


def _merged(declared: tuple[Stub, ...], inferred: tuple[Stub, ...]) -> tuple[Stub, ...]:
    known = {stub.name for stub in declared}
    return declared + tuple(stub for stub in inferred if stub.name not in known)


def _set_state(tree: ast.Module, state: tuple[tuple[str, str], ...]) -> None:
    """Set the variables that are given, in a line before the first."""
    for name, value in reversed(state):
        setting = ast.Assign([ast.Name(name, ast.Store())], ast.parse(value, mode="eval").body)
        for node in ast.walk(setting):
            if isinstance(node, ast.stmt | ast.expr):
                node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = 0, 0, 0, 0
        tree.body.insert(0, setting)


def _set_answer(tree: ast.Module) -> None:
    """Make the program end with its answer: the variable, else its last expression, else a call of its function."""
    if not tree.body:
        return
    last = tree.body[-1]
    line = last.end_lineno or last.lineno
    bound = any(isinstance(n, ast.Name) and n.id == ANSWER and isinstance(n.ctx, ast.Store) for n in ast.walk(tree))
    value: ast.expr | None = None
    if not bound and isinstance(last, ast.Expr):
        value = last.value
        tree.body.pop()
    elif not bound and isinstance(last, ast.FunctionDef) and last.name in _CALLED_LAST and not last.args.args:
        value = _at_line(ast.Call(ast.Name(last.name, ast.Load()), [], []), line)
    if value is not None:
        target = ast.Assign([ast.Name(ANSWER, ast.Store())], value)
        tree.body.append(ast.fix_missing_locations(ast.copy_location(target, value)))
    if bound or value is not None:
        tree.body.append(ast.Expr(_at_line(ast.Name(ANSWER, ast.Load()), line), lineno=line, col_offset=0))


def _at_line(value: ast.expr, line: int) -> ast.expr:
    for node in ast.walk(value):
        if isinstance(node, ast.expr):
            node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = line, 0, line, 0
    return value


def _unparsed(tree: ast.Module) -> tuple[str, tuple[int, ...]]:
    """The text of a tree, and for each of its lines the line that the tree's nodes give."""
    text = ast.unparse(tree)
    again = ast.parse(text)
    lines = [0] * (text.count("\n") + 1)
    for new, old in zip(statements(again.body), statements(tree.body), strict=True):
        lines[new.lineno - 1] = old.lineno
    for index in range(1, len(lines)):
        lines[index] = lines[index] or lines[index - 1]
    return text, tuple(lines)


def shown_name(name: str) -> str:
    """The name of an undefined function as the program wrote it."""
    return name.replace(DOT, ".")


__all__ = [
    "ANSWER", "GAP", "MODULES", "STATE", "Gap", "Guard", "Mended", "Options", "Rewritten", "mend", "rewrite",
    "shown_name",
]  # fmt: skip
