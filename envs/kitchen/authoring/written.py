"""Layouts as the YAML that people edit: a comment on top, a key a line, the grid as a picture."""

from __future__ import annotations

from collections.abc import Iterable

import yaml
from brigade.envs.kitchen.plan import Layout


def as_yaml(layout: Layout, comments: Iterable[str] = ()) -> str:
    """The text of a layout file that `parse_layout` reads back.

    Args:
        layout: the kitchen.
        comments: lines for its head.
    """
    source = layout.source_text()
    lines = [f"# {line}" for comment in comments for line in comment.splitlines()]
    lines += [_key(key, value) for key, value in source.items() if key != "grid" and not _empty(value)]
    grid = [f"  {row}" for row in layout.grid.splitlines()]
    return "\n".join([*lines, "grid: |", *grid]) + "\n"


def _key(key: str, value: object) -> str:
    if isinstance(value, list | dict):
        return f"{key}: {yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=1_000_000).strip()}"
    return yaml.safe_dump({key: value}, default_flow_style=False, width=1_000_000).strip()


def _empty(value: object) -> bool:
    return isinstance(value, list | dict) and not value
