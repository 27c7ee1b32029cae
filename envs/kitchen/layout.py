"""Layouts by name and from files: YAML that people write by hand, or the `.layout` files of overcooked_ai.

`layouts/` holds the maps that come with Brigade, as examples. A YAML layout has at least a `grid`, in which a digit is
the start of that cook and a space is floor; `rules` says for which rule book it is (hla by default), and with that
which squares and which other keys there are: see `HlaLayout` and `OvercookedLayout`.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from brigade.envs.kitchen.hla.layout import HlaLayoutFile
from brigade.envs.kitchen.plan import Layout, LayoutError
from pydantic import ValidationError

LAYOUT_FILES = {"hla": HlaLayoutFile}
"""What a layout file may hold, by rule book."""
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
    """The layout of this name, or from this file, or made to order: `generated:SEED:DIFFICULTY`.

    Raises:
        LayoutError: no such layout, or the file does not hold a kitchen that can be cooked in.
    """
    if name_or_file.startswith(GENERATED):
        from brigade.envs.kitchen.authoring.generate import from_name  # which needs this module

        return from_name(name_or_file)
    folder = resources.files("brigade.envs.kitchen") / "layouts"
    for book in LAYOUT_FILES:
        if name_or_file in named_layouts(book):
            entry = folder / book / f"{name_or_file}.yaml"
            return parse_layout(entry.read_text(encoding="utf-8"), source=f"{name_or_file}.yaml")
    path = Path(name_or_file)
    if not path.is_file():
        known = ", ".join(named_layouts())
        raise LayoutError(
            f"no map or layout file called {name_or_file!r} (maps: {known}; or {GENERATED}SEED:DIFFICULTY)"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LayoutError(f"{path}: cannot be read as text: {error}") from None
    return parse_layout(text, source=str(path))


def parse_layout(text: str, source: str = "layout") -> Layout:
    """The layout that this YAML text describes.

    Raises:
        LayoutError: with `source` and the line, what is wrong and what to do.
    """
    if len(text) > MAX_TEXT:
        raise LayoutError(f"{source}:1: {len(text)} characters are too many for a layout")
    data, lines = _load_yaml(text, source)
    book = data.get("rules", "hla")
    if not isinstance(book, str) or book not in LAYOUT_FILES:
        known = ", ".join(LAYOUT_FILES)
        raise LayoutError(f"{source}:{lines['rules']}: unknown rule book {book!r} (known: {known})")
    try:
        file = LAYOUT_FILES[book].model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        where = ".".join(map(str, first["loc"])) or "file"
        raise LayoutError(f"{source}:{lines.get(key, 1)}: {where}: {first['msg']}") from None
    return file.layout(source, lines)


def _load_yaml(text: str, source: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The data and, for error messages, the line of each top-level key (from 1)."""
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
    return data, {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
