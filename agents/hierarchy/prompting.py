"""Prompt files by name: text that lives beside the minds that use it."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def prompt(name: str) -> str:
    """The text of `prompts/NAME.txt`."""
    return (resources.files("brigade.agents.hierarchy") / "prompts" / f"{name}.txt").read_text(encoding="utf-8").strip()
