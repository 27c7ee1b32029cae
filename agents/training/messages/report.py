"""What `brigade bench commands` shows of its figures: two tables and a plot. Knows nothing but the JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

Figures = Mapping[str, Any]


def tables(data: Figures) -> list[Table]:
    """Each way to understand messages as a whole, and by kind and phenomenon."""
    lines: Sequence[Figures] = data["lines"]
    return [_whole(data, lines), _parts(lines, "kinds", "kind"), _parts(lines, "tags", "phenomenon")]


def _whole(data: Figures, lines: Sequence[Figures]) -> Table:
    shown = Table(title=f"messages of the {data['split']} split, seed {data['seed']}; 95 % intervals over phrases")
    shown.add_column("understood by")
    for name in ("rows", "whole intent", "kind", "demands found", "demands right", "by lexicon", "p50 / p95"):
        shown.add_column(name, justify="right")
    for line in lines:
        shown.add_row(
            line["name"],
            str(line["rows"]),
            _share(line["exact"], interval=True),
            _share(line["kind"]),
            _share(line["demand_recall"]),
            _share(line["demand_precision"]),
            f"{line['by_lexicon']:.0%}",
            f"{1000 * line['seconds_p50']:.0f} / {1000 * line['seconds_p95']:.0f} ms",
        )
    first = lines[0]
    certain = round(first["lexicon_certain"] * first["rows"])
    wrong = first["lexicon_wrongly_certain"]
    shown.caption = f"The lexicon is certain of {certain} of {first['rows']} messages, and wrong in {wrong} of those."
    return shown


def _parts(lines: Sequence[Figures], part: str, title: str) -> Table:
    """The share of whole intents by kind or tag: a row each, a column for each line."""
    shown = Table(title=f"whole intents by {title}")
    shown.add_column(title)
    for line in lines:
        shown.add_column(f"{line['name']} ({line['rows']})", justify="right")
    for name in lines[0][part]:
        found = [line[part].get(name) for line in lines]
        shown.add_row(name, *("-" if each is None else f"{_share(each['exact'])} of {each['rows']}" for each in found))
    return shown


def _share(value: Figures | None, *, interval: bool = False) -> str:
    if value is None:
        return "-"
    if interval and value["ci95"]:
        low, high = value["ci95"]
        return f"{value['value']:.1%} ({low:.1%} to {high:.1%})"
    return f"{value['value']:.1%}"


def plot(data: Figures, file: Path) -> None:
    """The share of whole intents, overall and by kind, a bar for each line, as a PNG."""
    from matplotlib.figure import Figure

    lines: Sequence[Figures] = data["lines"]
    kinds = list(lines[0]["kinds"])
    figure = Figure(figsize=(2.5 + 1.5 * (len(kinds) + 1), 4.2), layout="constrained")
    axes = figure.subplots()
    width = 0.85 / len(lines)
    for number, line in enumerate(lines):
        values = [line["exact"], *((line["kinds"].get(kind) or {}).get("exact") for kind in kinds)]
        at = [i + (number - (len(lines) - 1) / 2) * width for i, value in enumerate(values) if value]
        heights = [value["value"] for value in values if value]
        errors = [_errors(value) for value in values if value]
        label = f"{line['name']} ({line['rows']} rows)"
        axes.bar(at, heights, width * 0.92, yerr=list(zip(*errors, strict=True)), capsize=2, label=label)
    axes.set_xticks(range(len(kinds) + 1), ["all", *kinds])
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("whole intents right (95 % interval)")
    axes.set_title(f"messages of the {data['split']} split", fontsize=10)
    axes.legend(fontsize=8)
    figure.savefig(file, dpi=120)


def _errors(value: Figures) -> tuple[float, float]:
    low, high = value["ci95"] or (value["value"], value["value"])
    return max(value["value"] - low, 0), max(high - value["value"], 0)
