"""Mends a program whose line failed: the model writes the line anew, or says that it is right as it is."""

from __future__ import annotations

import ast

from brigade.agents.models import Message, ModelError
from brigade.agents.reasoning.lmulator.asking import Asker, json_in, program_around, prompt
from brigade.agents.reasoning.lmulator.rewriting import mend
from brigade.agents.reasoning.lmulator.values import short

_SCHEMA = {
    "type": "object",
    "properties": {"line": {"anyOf": [{"type": "string", "maxLength": 400}, {"type": "null"}]}},
    "required": ["line"],
    "additionalProperties": False,
}
_TOKENS = 200


def repaired(asker: Asker, program: str, line: int, error: str, question: str) -> tuple[str, str] | None:
    """The program with the statement of one line written anew, and the new text; None if the model leaves it as it is.

    Raises:
        CallsSpent: the model may not be asked.
    """
    first, last = _extent(program, line)
    lines = program.splitlines()
    if not 0 < first <= len(lines):
        return None
    old = "\n".join(lines[first - 1 : last])
    asked = [
        Message("system", prompt("repair"), fixed=True),
        Message("user", _request(program, old, line, error, question)),
    ]
    try:
        data = json_in(asker.complete(asked, _SCHEMA, _TOKENS).text)
    except ModelError:
        return None
    new = data.get("line") if isinstance(data, dict) else None
    if not isinstance(new, str) or not new.strip() or new.strip() == old.strip():
        return None
    indent = old[: len(old) - len(old.lstrip())]
    body = [indent + each for each in new.strip("\n").splitlines()]
    changed = "\n".join([*lines[: first - 1], *_same_height(body, last - first + 1), *lines[last:]])
    return (changed, new.strip()) if _is_better(program, changed) else None


def _request(program: str, old: str, line: int, error: str, question: str) -> str:
    parts = [f"Question: «{question}»"] if question else []
    parts += [
        f"Program:\n«{program_around(program, line)}»",
        f"Line {line}: «{old.strip()}»",
        f"Error: «{short(error)}»",
    ]
    return "\n".join(parts)


def _extent(program: str, line: int) -> tuple[int, int]:
    """First and last line of the simple statement that a line belongs to; of a compound one only the head."""
    try:
        tree = mend(program).tree
    except SyntaxError:
        return line, line
    found = (line, line)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            blocks = getattr(node, "body", None)
            end = (blocks[0].lineno - 1) if isinstance(blocks, list) and blocks else (node.end_lineno or node.lineno)
            if node.lineno <= line <= max(end, node.lineno):
                found = (node.lineno, max(end, node.lineno))
    return found


def _same_height(body: list[str], height: int) -> list[str]:
    """As many lines as before where possible, so that line numbers keep their meaning."""
    return body + [""] * max(0, height - len(body))


def _is_better(old: str, new: str) -> bool:
    """Whether the new program has no line more that must be mended or handed out."""
    try:
        after = mend(new)
    except SyntaxError:
        return False
    try:
        before = mend(old)
    except SyntaxError:
        return True
    return len(after.gaps) <= len(before.gaps)
