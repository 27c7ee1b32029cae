"""A run as one HTML page that a person can follow: the program, each step with its state, and what the answer rests on.

The page needs nothing else: no script from elsewhere, no network. Everything that came from a program or a model is
escaped, and a content policy forbids scripts that are not the page's own.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from functools import cache
from importlib import resources
from typing import Any

from brigade.agents.reasoning.lmulator.limits import End
from brigade.agents.reasoning.lmulator.records import Result, answer_text, trace_rows
from brigade.agents.reasoning.lmulator.values import from_data, short


@cache
def _file(name: str) -> str:
    return (resources.files("brigade.agents.reasoning.lmulator") / "web" / name).read_text(encoding="utf-8")


def to_page(result: Result, title: str = "A program with gaps") -> str:
    """The page."""
    script = _file("trace.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    steps = [_step(row) for row in trace_rows(result)]
    filled = {
        "{{title}}": html.escape(title),
        "{{policy}}": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'",
        "{{style}}": _file("trace.css"),
        "{{script}}": script,
        "{{question}}": html.escape(result.question),
        "{{verdict}}": html.escape(_verdict(result)),
        "{{state}}": "answered" if result.end is End.ANSWERED else "failed",
        "{{program}}": _program(result.program),
        "{{parts}}": "".join(_part_row(part.to_dict()) for part in result.parts)
        or '<tr><td colspan="5">Everything was computed by the program itself.</td></tr>',
        "{{steps}}": json.dumps(steps).replace("<", "\\u003c"),
    }
    page = _file("trace.html")
    for mark, text in filled.items():
        page = page.replace(mark, text)
    return page


def _verdict(result: Result) -> str:
    if result.end is not End.ANSWERED:
        return f"{result.end}: {result.message}"
    sure = "unknown" if result.confidence is None else f"{result.confidence:.0%}"
    return f"{answer_text(result.answer)} (sure: {sure}; {result.cost.get('model_calls', 0)} model calls)"


def _program(program: str) -> str:
    return "".join(
        f'<li id="l{number}"><code>{html.escape(line) or " "}</code></li>'
        for number, line in enumerate(program.splitlines(), 1)
    )


def _part_row(part: dict[str, Any]) -> str:
    sure = "unknown" if part["confidence"] is None else f"{part['confidence']:.0%}"
    cells = (part["asked"], short(from_data(part["value"])), part["by"], sure, part["provenance"])
    kind = html.escape(part["by"].split()[0])
    return f'<tr class="by-{kind}">' + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells) + "</tr>"


def _step(row: dict[str, Any]) -> dict[str, Any]:
    """One step as the page's script shows it."""
    match row["event"]:
        case "line":
            return {"line": row["line"], "scope": row["scope"], "delta": row["delta"], "by": row["by"], "text": ""}
        case "answer":
            text = f"{row['asked']} → {short(from_data(row['value']))}"
            return {"line": row["line"], "by": [row["by"]], "text": text, "note": row["provenance"]}
        case "print":
            return {"line": 0, "by": ["python"], "text": f"printed: {row['text']}"}
    return {"line": row["line"], "by": [row["event"]], "text": f"{row['event']}: {row['text']}"}
