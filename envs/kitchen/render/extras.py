"""What is said when a viewer cannot show anything here."""

from __future__ import annotations


class ViewerError(RuntimeError):
    """A kitchen cannot be shown in this way here: says why."""


class MissingExtra(ViewerError):
    """Something optional is not installed: says what to install."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(f"{what} needs {package}: pip install 'brigade-agents[{extra}]'")
