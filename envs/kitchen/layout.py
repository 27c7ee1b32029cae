"""Layouts by name and from files: YAML that people write by hand, or the `.layout` files of overcooked_ai.

`layouts/` holds the maps that come with Brigade, as examples. A YAML layout has at least a `grid`, in which a digit is
the start of that cook and a space is floor; `rules` says for which rule book it is (hla by default), and with that
which squares and which other keys there are: see `HlaLayoutFile` and `OvercookedLayoutFile`.
"""

from __future__ import annotations

from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from brigade.envs.kitchen.hla.layout import HlaLayoutFile
from brigade.envs.kitchen.overcooked_ai.layout_file import OvercookedLayoutFile
from brigade.envs.kitchen.overcooked_ai.literal import read_literal
from brigade.envs.kitchen.plan import Layout, LayoutError, Origin
from pydantic import ValidationError

LAYOUT_FILES: dict[str, type[HlaLayoutFile] | type[OvercookedLayoutFile]] = {
    "hla": HlaLayoutFile,
    "overcooked_ai": OvercookedLayoutFile,
}
"""What a layout file may hold, by rule book."""
LITERAL_SUFFIX = ".layout"
"""Ending of the layout files of overcooked_ai, which are Python literals."""
INSTALLED = "overcooked:"
"""What a name begins with that stands for a layout in the installed package `overcooked`."""
GENERATED = "generated:"
"""What the names of generated layouts begin with."""
MAX_TEXT = 1_000_000
"""Characters of the longest layout file that is read."""


def named_layouts(rules: str | None = None) -> tuple[str, ...]:
    """Names of the layouts that come with Brigade: those of this rule book, or all."""
    folder = resources.files("brigade.envs.kitchen") / "layouts"
    books = [rules] if rules else list(LAYOUT_FILES)
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for book in books
            for entry in (folder / book).iterdir()
            if entry.name.endswith(".yaml")
        )
    )


def load_layout(name_or_file: str) -> Layout:
    """The layout of this name, or from this file.

    `overcooked:NAME` is one of the installed package `overcooked`; `generated:SEED:DIFFICULTY` is made to order.

    Raises:
        LayoutError: no such layout, or the file does not hold a kitchen that can be cooked in.
    """
    if name_or_file.startswith(INSTALLED):
        return _read(_installed_file(name_or_file.removeprefix(INSTALLED)))
    if name_or_file.startswith(GENERATED):
        from brigade.envs.kitchen.authoring.generate import from_name  # which needs this module

        return from_name(name_or_file)
    folder = resources.files("brigade.envs.kitchen") / "layouts"
    for book in LAYOUT_FILES:
        if name_or_file in named_layouts(book):
            entry = folder / book / f"{name_or_file}.yaml"
            return parse_layout(entry.read_text(encoding="utf-8"), source=f"{name_or_file}.yaml")
    path = Path(name_or_file)
    if not _is_file(path):
        known = ", ".join(named_layouts())
        raise LayoutError(
            f"no map or layout file called {name_or_file!r} (maps: {known}; or {GENERATED}SEED:DIFFICULTY)"
        )
    return _read(path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _read(path: Path) -> Layout:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LayoutError(f"{path}: cannot be read as text: {error}") from None
    return parse_layout(text, source=str(path))


def _installed_file(name: str) -> Path:
    """The layout file of this name in the installed package `overcooked`, found without importing it."""
    try:
        package = find_spec("overcooked")
    except ValueError:  # something that is no package has taken its name
        package = None
    if package is None or not package.submodule_search_locations:
        raise LayoutError(f"{INSTALLED}{name} is a layout of the package overcooked: pip install overcooked")
    folder = Path(package.submodule_search_locations[0]) / "data" / "layouts"
    known = {path.stem: path for path in folder.glob(f"*{LITERAL_SUFFIX}")}
    if name not in known:
        raise LayoutError(f"the package overcooked has no layout {name!r} (it has: {', '.join(sorted(known))})")
    return known[name]


def parse_layout(text: str, source: str = "layout") -> Layout:
    """The layout that this text describes: a Python literal if the source's name ends in `.layout`, else YAML.

    Raises:
        LayoutError: with `source` and the line, what is wrong and what to do.
    """
    if source.endswith(LITERAL_SUFFIX):
        data, origin = read_literal(text, source)
        return _checked(data, OvercookedLayoutFile, origin)
    if len(text) > MAX_TEXT:
        raise LayoutError(f"{source}:1: {len(text)} characters are too many for a layout")
    data, origin = _load_yaml(text, source)
    book = data.get("rules", "hla")
    if not isinstance(book, str) or book not in LAYOUT_FILES:
        known = ", ".join(LAYOUT_FILES)
        raise LayoutError(f"{origin.at('rules')}: unknown rule book {book!r} (known: {known})")
    return _checked(data, LAYOUT_FILES[book], origin)


def _checked(data: dict[str, Any], kind: type[HlaLayoutFile] | type[OvercookedLayoutFile], origin: Origin) -> Layout:
    try:
        file = kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        where = ".".join(map(str, first["loc"])) or "file"
        raise LayoutError(f"{origin.at(key)}: {where}: {first['msg']}") from None
    return file.layout(origin)


def _load_yaml(text: str, source: str) -> tuple[dict[str, Any], Origin]:
    """The data and where its top-level keys are."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise LayoutError(f"{source}:{line}: not YAML: {getattr(error, 'problem', None) or error}") from None
    except (RecursionError, ValueError) as error:
        raise LayoutError(f"{source}:1: not YAML that a layout could be: {error}") from None
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict):
        raise LayoutError(f"{source}:1: a layout is a mapping with at least `grid`")
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    rows = next((value for key, value in node.value if key.value == "grid"), node)
    block = isinstance(rows, yaml.ScalarNode) and rows.style in ("|", ">")
    return data, Origin(source, lines, rows.start_mark.line + 1 + block, rows_apart=int(block))
