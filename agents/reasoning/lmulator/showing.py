"""A run in the terminal: every line with what it changed and who produced it, then what the answer rests on."""

from __future__ import annotations

from typing import Any

from brigade.agents.reasoning.lmulator.limits import End
from brigade.agents.reasoning.lmulator.records import Result, answer_text, trace_rows
from brigade.agents.reasoning.lmulator.values import from_data, short
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

COLOURS = {
    "python": "dim", "computed": "blue", "fact": "green", "memo": "cyan", "model": "yellow", "larger model": "magenta",
    "person": "bright_white",
}  # fmt: skip
MOST_ROWS = 400


def show(result: Result, console: Console) -> None:
    """Print a run."""
    parts = [parts_table(result)] if result.parts or result.end is End.ANSWERED else []
    console.print(Group(trace_table(result), *parts, summary(result)))


def trace_table(result: Result) -> RenderableType:
    """The lines and answers in order."""
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for name, justify in (("line", "right"), ("what", "left"), ("now", "left"), ("by", "left")):
        table.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    rows = trace_rows(result)
    for row in rows[:MOST_ROWS]:
        table.add_row(*_cells(row))
    if len(rows) > MOST_ROWS:
        table.add_row("", f"... and {len(rows) - MOST_ROWS} more", "", "")
    return table


def _cells(row: dict[str, Any]) -> tuple[RenderableType, ...]:
    line = str(row["line"]) if row.get("line") else ""
    match row["event"]:
        case "line":
            delta = ", ".join(f"{name} = {value}" for name, value in row["delta"].items())
            by = Text(", ".join(row["by"]), style=COLOURS.get(row["by"][0], ""))
            return line, Text(row.get("source", "").rstrip(), style="bold"), Text(delta), by
        case "answer":
            value = f"{row['asked']} → {short(from_data(row['value']))}"
            return line, Text(f"  {value}", style=COLOURS.get(row["by"], "")), "", Text(_giver(row))
        case "print":
            return "", Text(row["text"].rstrip("\n"), style="italic"), "", "printed"
    return line, Text(row["text"], style="red"), "", row["event"]


def _giver(row: dict[str, Any]) -> str:
    sure = "" if row["confidence"] is None else f", {row['confidence']:.0%} sure"
    return f"{row['by']}{sure}" + (f" ({row['provenance']})" if row["provenance"] else "")


def parts_table(result: Result) -> RenderableType:
    """What the answer rests on besides the program itself."""
    if not result.parts:
        return Text("Everything was computed by the program itself.", style="dim")
    table = Table(title="What it rests on", title_justify="left", show_edge=False, pad_edge=False, header_style="bold")
    for name in ("asked", "value", "by", "sure", "times"):
        table.add_column(name, overflow="fold")
    for part in result.parts:
        sure = "unknown" if part.answer.confidence is None else f"{part.answer.confidence:.0%}"
        by = Text(str(part.answer.source), style=COLOURS.get(str(part.answer.source), ""))
        table.add_row(part.asked, short(part.answer.value), by, sure, str(part.times))
    return table


def summary(result: Result) -> RenderableType:
    """The answer, how sure it is, and what it cost; or why there is none."""
    cost = f"{result.cost.get('model_calls', 0)} model calls, {result.cost.get('tokens', 0)} tokens"
    if result.end is not End.ANSWERED:
        return Text(f"{result.end}: {result.message} ({cost})", style="bold red")
    sure = "unknown" if result.confidence is None else f"{result.confidence:.0%}"
    votes = "; ".join(f"{short(value, 40)}: {share:.0%}" for value, share in result.votes)
    forks = f"; forks: {votes}" if len(result.votes) > 1 else ""
    return Text(f"answer: {answer_text(result.answer)}  (sure: {sure}; {cost}{forks})", style="bold")
