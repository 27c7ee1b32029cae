"""What is installed is what lies in the tree, under one import root, and imports point one way."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FOLDERS = ("agents", "envs", "knowledge")


def modules() -> list[Path]:
    return [file for folder in FOLDERS for file in sorted((REPOSITORY / folder).rglob("*.py"))]


def packaged() -> dict[str, str]:
    """Folder in the tree -> package name, for every package."""
    return {
        str(file.parent.relative_to(REPOSITORY)): "brigade." + ".".join(file.parent.relative_to(REPOSITORY).parts)
        for file in modules()
    }


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_every_package_is_listed() -> None:
    listed = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(packaged().values())


def test_the_wheel_holds_the_tree(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path),
        str(REPOSITORY),
    ]
    subprocess.run(build, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        shipped = {name.removeprefix("brigade/") for name in wheel.namelist() if name.startswith("brigade/")}
    wanted = {
        str(file.relative_to(REPOSITORY))
        for folder in FOLDERS
        for file in (REPOSITORY / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert shipped == wanted


def test_bare_folder_names_are_never_imported() -> None:
    names = ", ".join(sorted(set(packaged().values())))
    loaded = run(f"import sys, {names}; print([n for n in {FOLDERS!r} if n in sys.modules])")
    assert loaded.strip() == "[]"


def test_environments_import_neither_torch_nor_langgraph() -> None:
    loaded = run(
        "import sys, brigade.envs, brigade.envs.kitchen, brigade.envs.kitchen.render\n"
        "print([n for n in ('torch', 'langgraph', 'langchain', 'transformers', 'ctranslate2') if n in sys.modules])"
    )
    assert loaded.strip() == "[]"


def test_the_command_line_imports_no_heavy_library_for_its_help() -> None:
    loaded = run(
        "import sys, brigade.agents.cli\n"
        "print([n for n in ('torch', 'langgraph', 'numba', 'numpy', 'ctranslate2', 'pydantic') if n in sys.modules])"
    )
    assert loaded.strip() == "[]"


LAYERS = {
    "envs": (),
    "agents.engines": (),
    "knowledge": (),
    "agents.models": (),
    "agents.privacy": ("agents.models",),
    "agents.reasoning": ("knowledge", "agents.models"),
    "agents.hierarchy": ("envs", "agents.models", "agents.reasoning"),
    "agents.assistant": ("agents.models", "agents.privacy"),
    "agents.graph": (
        "envs",
        "knowledge",
        "agents.models",
        "agents.privacy",
        "agents.reasoning",
        "agents.hierarchy",
        "agents.assistant",
    ),
    "agents.sessions": (
        "agents.engines",
        "envs",
        "knowledge",
        "agents.models",
        "agents.privacy",
        "agents.reasoning",
        "agents.hierarchy",
        "agents.assistant",
        "agents.graph",
    ),
    "agents.training": (
        "agents.engines",
        "envs",
        "knowledge",
        "agents.models",
        "agents.privacy",
        "agents.hierarchy",
        "agents.reasoning",
        "agents.assistant",
        "agents.graph",
        "agents.sessions",
    ),
    "agents.bench": (
        "agents.engines",
        "envs",
        "knowledge",
        "agents.models",
        "agents.privacy",
        "agents.hierarchy",
        "agents.assistant",
        "agents.graph",
        "agents.sessions",
        "agents.training",
    ),
}
"""What each part may import besides itself."""


def layer_of(name: str) -> str | None:
    return next((layer for layer in LAYERS if name == layer or name.startswith(layer + ".")), None)


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_imports_point_one_way(file: Path) -> None:
    own = layer_of(".".join(file.relative_to(REPOSITORY).with_suffix("").parts))
    if own is None:
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("brigade."):
            target = layer_of(node.module.removeprefix("brigade."))
            assert target is None or target == own or target in LAYERS[own], f"{own} imports {node.module}"


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_files_and_functions_stay_readable(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 60, node.name
