"""The shape of the tree: public names are listed and there, imports have no cycle, and what should be quick is."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FOLDERS = ("agents", "envs", "knowledge")
PACKAGES = sorted(file.parent for folder in FOLDERS for file in (REPOSITORY / folder).rglob("__init__.py"))


def name_of(file: Path) -> str:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(("brigade", *(part for part in parts if part != "__init__")))


MODULES = {name_of(file): file for folder in FOLDERS for file in (REPOSITORY / folder).rglob("*.py")}


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: str(folder.relative_to(REPOSITORY)))
def test_a_package_lists_its_public_names(folder: Path) -> None:
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    own = name_of(folder / "__init__.py")
    imported = [node for node in tree.body if isinstance(node, ast.ImportFrom) and _within(node.module, own)]
    handed_on = {each.asname or each.name for node in imported for each in node.names}
    module_with_parts = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)
    listed = getattr(importlib.import_module(own), "__all__", None)
    for name in listed or ():
        assert hasattr(importlib.import_module(own), name), name
    if handed_on and not module_with_parts:
        assert listed is not None, "hands names on and does not say which are public"
        assert handed_on <= set(listed), handed_on - set(listed)


def _within(module: str | None, package: str) -> bool:
    """Whether a module is one of a package's; the commands of the command line are nobody's to import."""
    return (module or "").startswith(f"{package}.") and package != "brigade.agents.cli"


def imports_of(name: str) -> Iterator[str]:
    """The modules of ours that a module imports when it is imported itself."""
    for node in top_level(ast.parse(MODULES[name].read_text(encoding="utf-8")).body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("brigade."):
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                yield inner if inner in MODULES else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in MODULES)


def top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from top_level(node.body)
        elif not isinstance(node, ast.If):
            yield node


def test_imports_have_no_cycle() -> None:
    graph = {name: set(imports_of(name)) - {name} for name in MODULES}
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name in done:
            return
        for each in sorted(graph.get(name, ())):
            walk(each, (*way, name))
        done.add(name)

    for name in sorted(graph):
        walk(name, ())


def test_every_direct_dependency_is_justified() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {match[0] for each in project["dependencies"] if (match := re.match(r"[\w.-]+", each))}
    page = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    justified = {line.split("`")[1] for line in page.splitlines() if line.startswith("- `") and "`: " in line}
    assert named <= justified, named - justified
    assert len(justified & named) == len(named)


def seconds(*command: str) -> float:
    """The best of three: what else the machine does only ever adds."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.slow
def test_importing_the_agents_takes_no_time() -> None:
    assert seconds("-c", "import brigade.agents") < 0.5


@pytest.mark.slow
def test_help_comes_at_once() -> None:
    assert seconds("-m", "brigade.agents.cli", "--help") < 0.4
