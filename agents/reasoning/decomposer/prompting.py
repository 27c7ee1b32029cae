"""How a decomposer is asked: the question and the solver's own attempt. Serving and training share it."""

from __future__ import annotations

from functools import cache
from importlib import resources

from brigade.agents.models import Message

QUESTION_CHARACTERS = 1500
ATTEMPT_CHARACTERS = 160


@cache
def prompt(name: str) -> str:
    """The text of `prompts/NAME.txt`."""
    folder = resources.files("brigade.agents.reasoning.decomposer") / "prompts"
    return (folder / f"{name}.txt").read_text(encoding="utf-8").strip()


def trained_turns(question: str, attempt: str | None) -> list[Message]:
    """What the trained decomposer is shown."""
    said = " ".join((attempt or "none").split())[:ATTEMPT_CHARACTERS]
    asked = f"{question.strip()[:QUESTION_CHARACTERS]}\nAttempt: {said}"
    return [Message("system", prompt("trained"), fixed=True), Message("user", asked)]
